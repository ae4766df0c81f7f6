import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { runAdmin, usage } from "../../backend/admin.ts";
import { steppedClock } from "../../backend/clock.ts";
import { findApiKey } from "../../backend/connections/api-keys.ts";
import { newDatabase } from "../support/database.ts";

const { db } = await newDatabase();
const clock = steppedClock();
const keys = [{ id: "k9", key: randomBytes(32) }];

async function admin(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runAdmin(args, { db, keys, print: (line) => out.push(line), complain: (line) => err.push(line) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

let workspace = "";
let key = "";
beforeAll(async () => {
  const made = await admin("create-workspace", "Acme", "--admin", "ada@acme.test");
  expect(made.code).toBe(0);
  workspace = /workspace (\S+)/.exec(made.out)![1]!;
  key = /api key\s+(\S+)/.exec(made.out)![1]!;
});

test("a workspace is made with its admin and a key that works", async () => {
  expect(await findApiKey({ db, clock }, key)).toMatchObject({ workspaceId: workspace, role: "admin" });
  const members = await db.withWorkspace(workspace, (tx) => tx`select email, role, role_source from members`);
  expect(members).toEqual([{ email: "ada@acme.test", role: "admin", role_source: "install" }]);
  expect((await admin("list-workspaces")).out).toContain(`${workspace}  `);
});

test("keys are made, listed without their secret, and revoked", async () => {
  const made = await admin("create-key", workspace, "--name", "Report", "--role", "rep");
  const secret = /api key\s+(\S+)/.exec(made.out)![1]!;
  const id = /key id\s+(\S+)/.exec(made.out)![1]!;
  expect(await findApiKey({ db, clock }, secret)).toMatchObject({ role: "rep" });
  expect((await admin("revoke-key", workspace, id)).code).toBe(0);
  expect(await findApiKey({ db, clock }, secret)).toBeNull();
  const listed = (await admin("list-keys", workspace)).out;
  expect(listed).toMatch(new RegExp(`${id} {2}rep {2}revoked {2}Report`));
  expect(listed).not.toContain(secret);
});

test("reseal says what it did", async () => {
  expect((await admin("reseal")).out).toMatch(/^0 tokens sealed anew in \d+ workspaces, with key "k9"\.$/);
});

test("deleting takes everything along, and only with --yes", async () => {
  const made = await admin("create-workspace", "Gone", "--admin", "eve@gone.test");
  const id = /workspace (\S+)/.exec(made.out)![1]!;
  const secret = /api key\s+(\S+)/.exec(made.out)![1]!;
  expect(await admin("delete-workspace", id)).toMatchObject({ code: 2, err: expect.stringContaining("add --yes") });
  expect((await admin("delete-workspace", id, "--yes")).code).toBe(0);
  expect(await findApiKey({ db, clock }, secret)).toBeNull();
  expect((await admin("list-workspaces")).out).not.toContain(id);
  expect(await db.withWorkspace(id, (tx) => tx`select 1 from members`)).toEqual([]);
});

test.each([
  [[], "no command was given"],
  [["fly"], '"fly" is not a command'],
  [["create-workspace", "Acme"], "needs --admin"],
  [["create-workspace", "--admin", "ada@acme.test"], "takes one name"],
  [["create-workspace", "Acme", "--admin", "ada"], "needs --admin with an e-mail"],
  [["create-key", "acme", "--name", "x"], '"acme" is no id'],
  [["create-key", "00000000-0000-4000-8000-000000000000"], "needs --name"],
  [["create-key", "00000000-0000-4000-8000-000000000000", "--name", "x", "--role", "king"], "admin, rep, viewer"],
  [["revoke-key", "00000000-0000-4000-8000-000000000000"], "takes 2 ids"],
  [["list-workspaces", "--all"], "Unknown option '--all'"],
  [["create-workspace", "Acme", "--admin"], "'--admin <value>' argument missing"],
  [["create-workspace", "  ", "--admin", "ada@acme.test"], "1 to 200 characters"],
  [["create-workspace", "x".repeat(201), "--admin", "ada@acme.test"], "1 to 200 characters"],
  [["create-workspace", "Acme", "--admin", "<a@b>.test"], "needs --admin with an e-mail"],
  [["create-key", "00000000-0000-4000-8000-000000000000", "--name", "x".repeat(101)], "1 to 100 characters"],
  [["constructor"], '"constructor" is not a command'],
])("not understood: %j", async (args, words) => {
  const answer = await admin(...args);
  expect(answer.code).toBe(2);
  expect(answer.err).toContain(words);
  expect(answer.err).toContain(usage);
});

test("what is not there is told in one line", async () => {
  const nobody = "00000000-0000-4000-8000-000000000000";
  expect(await admin("create-key", nobody, "--name", "x")).toMatchObject({
    code: 1,
    err: `There is no workspace ${nobody}.`,
  });
  expect((await admin("revoke-key", workspace, nobody)).code).toBe(1);
  expect(await admin("delete-workspace", nobody, "--yes")).toMatchObject({
    code: 1,
    err: `There is no workspace ${nobody}.`,
  });
});
