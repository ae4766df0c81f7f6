import { expect, test } from "vitest";
import { keyIdOf, reseal, unseal } from "../../backend/connections/vault.ts";
import { startFireflies } from "../support/fireflies-server.ts";
import { gongRule, startGong } from "../support/gong-server.ts";
import { startZoom } from "../support/zoom-server.ts";
import { newConversationsApp } from "./setup.ts";

const [gong, fireflies, zoom] = [await startGong(), await startFireflies(), await startZoom()];
const app = await newConversationsApp({
  gong: gong.url,
  fireflies: fireflies.url,
  zoomApi: zoom.url,
  zoomLogin: zoom.url,
});

const call = (n: number, more: object = {}) => ({
  ...{
    external_id: `c${n}`,
    title: `Call ${n}`,
    started_at: `2026-11-${10 + n}T09:00:00Z`,
    host_email: "ada@ours.test",
  },
  participants: [{ name: "Bob", email: "bob@customer.test" }],
  ...more,
});

test("calls are sent in together; each that can't be read is refused by itself", async () => {
  const workspace = await app.newWorkspace();
  const conversations = [call(1), { title: "nameless" }, "what", call(2, { started_at: "soon" }), call(3)];
  const { status, body } = await workspace.call("admin", "POST", "conversations", { conversations });
  expect([status, body]).toEqual([
    200,
    {
      ...{ created: 2, updated: 0, unchanged: 0 },
      refused: [
        { external_id: null, reason: "It has no external_id." },
        { external_id: null, reason: "It is not a JSON object." },
        { external_id: "c2", reason: expect.stringContaining("started_at") },
      ],
    },
  ]);
  const again = await workspace.call("admin", "POST", "conversations", {
    conversations: [call(1), call(3, { title: "New" })],
  });
  expect(again.body).toEqual({ created: 0, updated: 1, unchanged: 1, refused: [] });
  const { items } = (await workspace.call("admin", "GET", "sources")).body;
  expect(items).toMatchObject([
    { kind: "generic", name: "API", received: 7, refused: 3, hook_url: expect.stringContaining("/generic/") },
  ]);
});

test("two first deliveries at once are one source, so that the same call is one", async () => {
  const workspace = await app.newWorkspace();
  const send = () => workspace.call("admin", "POST", "conversations", { conversations: [call(1)] });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map((one) => one.body.created).sort()).toEqual([0, 0, 1]);
  expect((await workspace.call("admin", "GET", "sources")).body.items).toHaveLength(1);
});

test("only an admin sends in; more than a thousand and a source of another kind are refused", async () => {
  const workspace = await app.newWorkspace();
  for (const role of ["rep", "viewer"] as const) {
    expect((await workspace.call(role, "POST", "conversations", { conversations: [call(1)] })).status).toBe(403);
    expect((await workspace.call(role, "GET", "sources")).status).toBe(403);
  }
  const many = Array.from({ length: 1001 }, () => ({}));
  expect((await workspace.call("admin", "POST", "conversations", { conversations: many })).status).toBe(422);
  expect((await workspace.call("admin", "POST", "conversations", { conversations: [] })).status).toBe(422);
  const source = (await workspace.call("admin", "POST", "sources", { kind: "gong" })).body;
  const asked = { source_id: source.id, conversations: [call(1)] };
  expect((await workspace.call("admin", "POST", "conversations", asked)).status).toBe(404);
});

test("the list goes by pages, newest first, and by filters", async () => {
  const workspace = await app.newWorkspace();
  const { id } = workspace;
  const conversations = [1, 2, 3, 4, 5].map((n) =>
    call(n, n === 3 ? { participants: [{ name: "Eve 100%", email: "eve@other.test" }] } : {}),
  );
  await workspace.call("admin", "POST", "conversations", { conversations });
  await app.house.db.withWorkspace(id, async (tx) => {
    await tx`update conversations set audience = 'internal' where title = 'Call 1'`;
    await tx`update conversations set audience = 'external', deal_crm = 'hubspot', deal_id = 'd1' where title = 'Call 2'`;
    await tx`update conversations set gap_status = 'pending', company_crm = 'hubspot', company_id = 'co1' where title = 'Call 3'`;
    await tx`
      insert into companies (workspace_id, crm, crm_id, name, synced_at) values (${id}, 'hubspot', 'co1', 'Customer', now())`;
    await tx`
      insert into conversation_companies (workspace_id, conversation_id, crm, company_id, participants, method, confidence, is_primary)
      select ${id}, id, 'hubspot', 'co1', 1, 'host', 1, true from conversations where title = 'Call 3'`;
  });
  const titles = async (query: string) =>
    (await workspace.call("admin", "GET", `conversations?${query}`)).body.items.map((one: { title: string }) =>
      one.title.slice(5),
    );
  const pages: string[] = [];
  let cursor: string | null = "";
  do {
    const { body } = await workspace.call("admin", "GET", `conversations?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
    pages.push(body.items.map((one: { title: string }) => one.title.slice(5)).join(""));
    cursor = body.next_cursor;
  } while (cursor);
  expect(pages).toEqual(["54", "32", "1"]);
  expect(await titles("linked=1")).toEqual(["2"]);
  expect(await titles("linked=0")).toEqual(["5", "4", "3", "1"]);
  expect(await titles("internal=1")).toEqual(["1"]);
  expect(await titles("internal=0")).toEqual(["5", "4", "3", "2"]);
  expect(await titles("gap=pending")).toEqual(["3"]);
  expect(await titles("company=co1")).toEqual(["3"]);
  expect(await titles("q=call 4")).toEqual(["4"]);
  expect(await titles("q=EVE@other")).toEqual(["3"]);
  expect(await titles(`q=${encodeURIComponent("100%")}`)).toEqual(["3"]);
  expect(await titles(`q=${encodeURIComponent("%")}`)).toEqual(["3"]);
  expect((await workspace.call("admin", "GET", "conversations?gap=pending")).body.items).toMatchObject([
    {
      ...{
        source: "generic",
        gap_status: "pending",
        company: { crm_type: "hubspot", crm_id: "co1", name: "Customer" },
        deal: null,
      },
      participants: [{ name: "Eve 100%", email: "eve@other.test", affiliation: "unknown" }],
    },
  ]);
  expect((await workspace.call("admin", "GET", "conversations?cursor=abc")).body.code).toBe("bad_cursor");
});

test("a rep sees what the setting grants, an admin all, another workspace nothing", async () => {
  const workspace = await app.newWorkspace();
  const other = await app.newWorkspace();
  await workspace.call("admin", "POST", "conversations", { conversations: [call(1)] });
  const seen = async (role: "rep" | "admin") => (await workspace.call(role, "GET", "conversations")).body.items.length;
  expect([await seen("admin"), await seen("rep")]).toEqual([1, 0]);
  await workspace.call("admin", "PATCH", "settings", { reps_see: "all" });
  expect(await seen("rep")).toBe(1);
  expect((await other.call("admin", "GET", "conversations")).body.items).toEqual([]);
});

test("a source's secrets go in and never come out; the one we made is shown once", async () => {
  const workspace = await app.newWorkspace();
  const made = await workspace.call("admin", "POST", "sources", { kind: "generic", request_id: "r-1" });
  expect(made.status).toBe(201);
  expect(made.body.hook_secret).toMatch(/^[\w-]{43}$/);
  expect(made.body.hook_url).toMatch(/^http:\/\/pandora\.test\/webhooks\/conversations\/generic\/[0-9a-f]{32}$/);
  const again = await workspace.call("admin", "POST", "sources", { kind: "generic", request_id: "r-1" });
  expect(again.body).toMatchObject({ id: made.body.id, hook_secret: null });
  const secrets = { access_key: "my-access-key", access_key_secret: "my-secret", public_key: gongRule().publicKey };
  const gongSource = await workspace.call("admin", "POST", "sources", { kind: "gong", name: "Our Gong", secrets });
  expect(gongSource.body).toMatchObject({
    name: "Our Gong",
    secrets_set: ["access_key", "access_key_secret", "public_key"],
  });
  const all = JSON.stringify((await workspace.call("admin", "GET", "sources")).body);
  const stored = await app.house.db.withWorkspace(workspace.id, (tx) => tx`select * from sources`);
  const traces = await app.house.db.withWorkspace(workspace.id, (tx) => tx`select * from audit_events`);
  for (const secret of ["my-access-key", "my-secret", made.body.hook_secret]) {
    for (const place of [all, JSON.stringify(stored), JSON.stringify(traces)]) expect(place).not.toContain(secret);
  }
});

test.each([
  ["a secret Gong does not know", { kind: "gong", secrets: { api_key: "x" } }, "secrets.api_key"],
  ["half a key", { kind: "gong", secrets: { access_key: "x" } }, "secrets.access_key_secret"],
  ["no public key", { kind: "gong", secrets: { public_key: "abc" } }, "secrets.public_key"],
  ["Fireflies without a key", { kind: "fireflies" }, "secrets.api_key"],
  ["Zoom without its token", { kind: "zoom" }, "secrets.hook_secret"],
  ["half of Zoom's app", { kind: "zoom", secrets: { hook_secret: "x", client_id: "y" } }, "secrets.client_secret"],
  [
    "an address for Fireflies",
    { kind: "fireflies", secrets: { api_key: "x" }, settings: { base_url: "https://x.test" } },
    "settings.base_url",
  ],
])("%s is refused, the field named", async (_, draft, field) => {
  const workspace = await app.newWorkspace();
  const { status, body } = await workspace.call("admin", "POST", "sources", draft);
  expect([status, body.code]).toEqual([422, "invalid_source"]);
  expect(body.errors.map((one: { field: string }) => one.field)).toContain(field);
});

test("gong's address is Gong's own, whatever an admin enters", async () => {
  const plain = await newConversationsApp();
  const workspace = await plain.newWorkspace();
  const create = (base_url: string) =>
    workspace.call("admin", "POST", "sources", { kind: "gong", settings: { base_url } });
  for (const elsewhere of [
    "https://api.gong.io.evil.test",
    "http://us-1.api.gong.io",
    "https://evil.test",
    "https://us-1.api.gong.io:8443",
    "https://x@api.gong.io",
    "file:///etc",
    "x",
  ]) {
    expect([elsewhere, (await create(elsewhere)).status]).toEqual([elsewhere, 422]);
  }
  for (const own of ["https://us-12345.api.gong.io", "https://api.gong.io/v2/"])
    expect((await create(own)).status).toBe(201);
});

test("the CRM's own calls are one source, made with one click, once, and only when connected", async () => {
  const workspace = await app.newWorkspace();
  const create = () => workspace.call("admin", "POST", "sources", { kind: "hubspot" });
  expect((await create()).body).toMatchObject({ status: 409, code: "not_connected" });
  await workspace.connect("hubspot");
  const answers = await Promise.all([create(), create()]);
  expect(answers.map((one) => one.status).sort()).toEqual([201, 409]);
  expect(answers.find((one) => one.status === 201)!.body).toMatchObject({
    name: "HubSpot",
    hook_url: null,
    secrets_set: [],
  });
});

test("a source is renamed, its secrets are replaced and removed, and it is gone when it is deleted", async () => {
  const workspace = await app.newWorkspace();
  const { body: made } = await workspace.call("admin", "POST", "sources", {
    kind: "zoom",
    secrets: { hook_secret: "one" },
  });
  const patch = (body: object) => workspace.call("admin", "PATCH", `sources/${made.id}`, body);
  const keys = { account_id: "acc", client_id: "client", client_secret: "secret-of-zoom" };
  expect((await patch({ name: "Zoom of sales", secrets: keys })).body).toMatchObject({
    ...{ name: "Zoom of sales", secrets_set: ["account_id", "client_id", "client_secret", "hook_secret"] },
  });
  const without = await patch({ secrets: { account_id: null, client_id: null, client_secret: null } });
  expect(without.body.secrets_set).toEqual(["hook_secret"]);
  expect((await patch({ secrets: { hook_secret: null } })).status).toBe(422);
  const generic = (await workspace.call("admin", "POST", "sources", { kind: "generic" })).body;
  expect(
    (await workspace.call("admin", "PATCH", `sources/${generic.id}`, { secrets: { hook_secret: null } })).status,
  ).toBe(422);
  const other = await app.newWorkspace();
  expect((await other.call("admin", "PATCH", `sources/${made.id}`, { name: "x" })).status).toBe(404);
  expect((await workspace.call("admin", "DELETE", `sources/${made.id}`)).body).toEqual({ deleted: true });
  for (const method of ["GET", "DELETE"])
    expect((await workspace.call("admin", method, `sources/${made.id}`)).status).toBe(404);
});

test("a test of a source says in words whether it works", async () => {
  const workspace = await app.newWorkspace();
  const told = async (draft: object) => {
    const { body } = await workspace.call("admin", "POST", "sources", draft);
    return (await workspace.call("admin", "POST", `sources/${body.id}/test`, {})).body;
  };
  const zoomKeys = { hook_secret: "x", account_id: "acc", client_id: "client" };
  const gongKeys = { access_key: "access", access_key_secret: "secret-of-gong" };
  expect(await told({ kind: "generic" })).toEqual({
    ok: true,
    message: "It waits for deliveries. Nothing has come in yet.",
  });
  expect(await told({ kind: "gong", secrets: gongKeys })).toMatchObject({
    ok: true,
    message: expect.stringContaining("Gong answers"),
  });
  expect(await told({ kind: "gong", secrets: { ...gongKeys, access_key: "x" } })).toMatchObject({
    ...{ ok: false, message: expect.stringContaining("the access key is wrong or lacks that permission") },
  });
  expect(await told({ kind: "gong" })).toMatchObject({
    ok: true,
    message: expect.stringContaining("waits for Gong's webhook"),
  });
  expect(await told({ kind: "fireflies", secrets: { api_key: "key-of-fireflies" } })).toMatchObject({ ok: true });
  expect(await told({ kind: "fireflies", secrets: { api_key: "x" } })).toMatchObject({ ok: false });
  expect(await told({ kind: "zoom", secrets: { hook_secret: "x" } })).toMatchObject({
    ok: true,
    message: expect.stringContaining("who took part"),
  });
  expect(await told({ kind: "zoom", secrets: { ...zoomKeys, client_secret: "secret-of-zoom" } })).toMatchObject({
    ok: true,
  });
  expect(await told({ kind: "zoom", secrets: { ...zoomKeys, client_secret: "x" } })).toMatchObject({ ok: false });
  await workspace.connect("hubspot");
  expect(await told({ kind: "hubspot" })).toEqual({ ok: false, message: "Reconnect the CRM." });
});

test("re-sealing moves the secrets of sources and the transcripts to the first key", async () => {
  const workspace = await app.newWorkspace();
  await workspace.call("admin", "POST", "conversations", { conversations: [call(1, { transcript: "Bob: hello" })] });
  const [old] = app.house.config.keys;
  const fresh = { id: "k2", key: Buffer.alloc(32, 9) };
  // The directory of workspaces is what an operator's command goes by.
  await app.house.db.outside((tx) => tx`select directory_add_workspace(${workspace.id}, 'Acme')`);
  expect((await reseal(app.house.db, [fresh, old!])).resealed).toBe(2);
  expect((await reseal(app.house.db, [fresh, old!])).resealed).toBe(0);
  const [row] = await app.house.db.withWorkspace(
    workspace.id,
    (tx) => tx<{ secrets: string; transcript: string }[]>`
      select s.secrets_sealed as secrets, t.text_sealed as transcript from sources s, conversation_transcripts t`,
  );
  expect([keyIdOf(row!.secrets), keyIdOf(row!.transcript)]).toEqual(["k2", "k2"]);
  const place = { workspaceId: workspace.id, crm: "conversation", column: "transcript" };
  expect(unseal([fresh], place, row!.transcript)).toBe("Bob: hello");
});
