/** Findings over HTTP: filtered, page by page without doubles, and only of records in sight. */
import { expect, test } from "vitest";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import { type Finding, findingList } from "../../backend/contract/findings.ts";
import { planting } from "../skills/planted.ts";
import { newDatabase } from "../support/database.ts";
import { newTestApp, read } from "./support.ts";

const app = await newTestApp(await newDatabase());

/** Ann and Bob share a team; Cid has another one. */
async function planted() {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  const t = planting(app.house, workspace.id);
  for (const [id, name, team] of [
    ["o1", "ann", "t1"],
    ["o2", "bob", "t1"],
    ["o3", "cid", "t2"],
  ] as const) {
    await t.owner(id, { email: `${name}@us.test`, name });
    await t.inside(
      (tx) =>
        tx`update crm_owners set team_ids = array[${team}] where workspace_id = ${t.workspaceId} and owner_id = ${id}`,
    );
  }
  const list = async (query = "", role: "admin" | "rep" | "viewer" = "admin") =>
    findingList.parse((await workspace.call(role, "GET", `findings${query}`)).body);
  return {
    ...t,
    call: workspace.call,
    list,
    sees: (reps_see: string) =>
      t.inside(
        (tx) => tx`update workspaces set settings = ${tx.json({ reps_see })} where workspace_id = ${t.workspaceId}`,
      ),
    /** What somebody with this address sees. */
    seenBy: async (email: string) => {
      const [member] = await t.inside(
        (tx) => tx<{ id: string }[]>`
          insert into members (workspace_id, email, role) values (${t.workspaceId}, ${email}, 'rep')
          on conflict (workspace_id, lower(email)) do update set role = 'rep' returning id`,
      );
      const { key } = await createApiKey(
        app.house,
        t.workspaceId,
        { name: email, role: "rep", member_id: member!.id },
        "test",
      );
      const answer = await read(
        await app.app.request("/api/workspaces/me/findings", { headers: { authorization: `Bearer ${key}` } }),
      );
      return findingList.parse(answer.body).items.map(({ crm_record_id }) => crm_record_id);
    },
  };
}

const whole = { amount: 5, company_id: "c1", contacts: ["k1", "k2"], close_date: "2026-12-20" };
const named = (items: Finding[]) => items.map((each) => `${each.kind} ${each.crm_record_id}`);

test("each names its record, says what is so, and can be opened", async () => {
  const t = await planted();
  await t.company("c1", { owner_id: "o1", domain: "c1.test" });
  await t.deal("d1", { ...whole, owner_id: "o1", amount: null, name: "Big one" });
  await t.run("data-quality-audit");
  const { items } = await t.list();
  expect(items).toEqual([
    {
      ...{ crm: "hubspot", object_type: "deal", crm_record_id: "d1", record_name: "Big one" },
      ...{ record_url: "https://crm.test/0-3/d1", kind: "amount_missing", severity: "medium" },
      ...{ sentence: "The deal has no amount.", skill: "data-quality-audit", found_at: app.clock.now().toISOString() },
    },
    expect.objectContaining({
      object_type: "company",
      kind: "industry_missing",
      severity: "low",
      record_name: "Company c1",
    }),
  ]);
});

test("filters narrow it down; unknown ones are refused", async () => {
  const t = await planted();
  await t.company("c1", { owner_id: "o1" });
  await t.deal("d1", { ...whole, owner_id: null, amount: null });
  await t.deal("d2", { ...whole, owner_id: null });
  await t.run("data-quality-audit");
  expect(named((await t.list("?kind=owner_missing")).items)).toEqual(["owner_missing d1", "owner_missing d2"]);
  expect(named((await t.list("?severity=high")).items)).toEqual(["owner_missing d1", "owner_missing d2"]);
  expect(named((await t.list("?object_type=account")).items)).toEqual(["domain_missing c1", "industry_missing c1"]);
  expect(named((await t.list("?object_type=deal&severity=medium")).items)).toEqual(["amount_missing d1"]);
  for (const query of ["?severity=grave", "?kind=No%20Kind", "?limit=0", "?colour=red"]) {
    expect((await t.call("admin", "GET", `findings${query}`)).status).toBe(400);
  }
});

test("pages hold each finding once, in one order, and a cursor that is none of ours is refused", async () => {
  const t = await planted();
  for (let n = 0; n < 7; n += 1) await t.deal(`d${n}`, { owner_id: n % 2 === 0 ? "o1" : null });
  await t.run("data-quality-audit");
  const all = named((await t.list("?limit=200")).items);
  expect(all.length).toBeGreaterThan(20);
  for (const limit of [1, 3, 10]) {
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof t.list>> = await t.list(
        `?limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(limit);
      paged.push(...named(page.items));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(paged).toEqual(all);
  }
  const forged = Buffer.from("hubspot|a|deal|x' or 1=1").toString("base64url");
  for (const cursor of ["nonsense", forged]) {
    expect(await t.call("admin", "GET", `findings?cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { code: "bad_cursor" },
    });
  }
});

test("somebody sees findings of records in sight: their own, their team's, everybody's, and nobody's", async () => {
  const t = await planted();
  await t.company("c1", { owner_id: "o1", domain: "c.test", industry: "X" });
  await t.deal("anns", { ...whole, amount: null, owner_id: "o1" });
  await t.deal("bobs", { ...whole, amount: null, owner_id: "o2" });
  await t.deal("cids", { ...whole, amount: null, owner_id: "o3" });
  await t.deal("nobodys", { ...whole, owner_id: null });
  await t.run("data-quality-audit");
  expect(await t.seenBy("ann@us.test")).toEqual(["anns", "bobs", "nobodys"]);
  await t.sees("own");
  expect(await t.seenBy("Ann@us.test")).toEqual(["anns", "nobodys"]);
  expect(await t.seenBy("stranger@us.test")).toEqual(["nobodys"]);
  await t.sees("all");
  expect(await t.seenBy("stranger@us.test")).toEqual(["anns", "bobs", "cids", "nobodys"]);
});

test("another workspace's findings are not there", async () => {
  const t = await planted();
  await t.deal("d1");
  await t.run("data-quality-audit");
  const other = await planted();
  expect((await other.list()).items).toEqual([]);
});
