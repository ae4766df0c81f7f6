import { expect, test } from "vitest";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import { newDatabase } from "../support/database.ts";
import { newTestApp, read } from "./support.ts";

const { app, clock, house, newWorkspace } = await newTestApp(await newDatabase());

test("a caller without proof, with an unknown key or in another scheme is refused with 401", async () => {
  const { id, keys } = await newWorkspace();
  const url = `/api/workspaces/${id}/settings`;
  for (const authorization of [undefined, "Bearer nope", "Bearer ", `Basic ${keys.admin}`, keys.admin]) {
    const answer = await read(await app.request(url, { headers: authorization ? { authorization } : {} }));
    expect([authorization, answer.status, answer.body.code]).toEqual([authorization, 401, "unauthorized"]);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  }
});

test("a caller's workspace comes from the key: another one's id is 404, `me` is their own", async () => {
  const mine = await newWorkspace();
  const other = await newWorkspace();
  expect((await mine.call("admin", "GET", `/api/workspaces/${other.id}/settings`)).status).toBe(404);
  expect((await mine.call("admin", "GET", "/api/workspaces/not-an-id/settings")).status).toBe(404);
  expect((await mine.call("admin", "GET", `/api/workspaces/${mine.id.toUpperCase()}/settings`)).status).toBe(200);
  const patched = await mine.call("admin", "PATCH", "/api/workspaces/me/settings", { name: "Mine" });
  expect(patched).toMatchObject({ status: 200, body: { name: "Mine" } });
  expect((await other.call("admin", "GET", "settings")).body.name).toBe("Acme");
});

test("what belongs to another workspace is not there: members, keys and mappings", async () => {
  const mine = await newWorkspace();
  const other = await newWorkspace();
  await other.connect("hubspot");
  const member = await other.call("admin", "POST", "members", { email: "a@b.example", role: "rep" });
  const key = await other.call("admin", "POST", "api-keys", { name: "k", role: "rep" });
  const mapping = await other.call("admin", "POST", "crm-writeback/mappings", {
    pandora_field: "deal_score",
    crm_object_type: "deal",
    crm_property_name: "score",
  });
  expect([member.status, key.status, mapping.status]).toEqual([201, 201, 201]);
  for (const path of [
    `members/${member.body.id}`,
    `api-keys/${key.body.id}`,
    `crm-writeback/mappings/${mapping.body.id}`,
  ]) {
    expect(
      (await mine.call("admin", "PATCH", path, { name: "x", ...(path.includes("mapp") && { name: undefined }) }))
        .status,
    ).toBe(404);
    expect((await mine.call("admin", "DELETE", path)).status).toBe(404);
  }
  expect((await other.call("admin", "GET", "members")).body.items).toHaveLength(1);
  expect((await other.call("admin", "GET", "crm-writeback/mappings")).body.items).toHaveLength(1);
});

test("a viewer and a rep read, and may change nothing of an admin's", async () => {
  const { call, connect } = await newWorkspace();
  await connect("hubspot");
  for (const role of ["rep", "viewer"] as const) {
    expect((await call(role, "GET", "crm-writeback/mappings")).status).toBe(200);
    expect((await call(role, "GET", "members")).body.code).toBe("forbidden");
    const tries: [string, string, unknown][] = [
      ["POST", "crm-writeback/mappings", {}],
      ["POST", "crm-writeback/sync-all", {}],
      ["POST", "crm-writeback/dry-run", {}],
      ["POST", "crm-writeback/crm-properties", {}],
      ["POST", "crm-writeback/preview", {}],
      ["POST", "crm-writeback/templates/deal-health/apply", {}],
      ["PATCH", "settings", { name: "x" }],
      ["POST", "members", {}],
      ["POST", "api-keys", {}],
      ["DELETE", "connections/hubspot", undefined],
    ];
    for (const [method, path, body] of tries) {
      const answer = await call(role, method, path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, "forbidden"]);
    }
  }
});

test("a key is shown once, works at once, and no more after it was revoked", async () => {
  const { call, id } = await newWorkspace();
  const made = await call("admin", "POST", "api-keys", { name: "CI", role: "viewer", request_id: "k-1" });
  expect(made).toMatchObject({ status: 201, body: { name: "CI", role: "viewer", revoked_at: null } });
  const again = await call("admin", "POST", "api-keys", { name: "CI", role: "viewer", request_id: "k-1" });
  expect(again).toMatchObject({ status: 201, body: { id: made.body.id, key: null } });
  const headers = { authorization: `Bearer ${made.body.key}` };
  expect((await app.request("/api/session", { headers })).status).toBe(200);
  const listed = (await call("admin", "GET", "api-keys")).body.items.find(
    (one: { id: string }) => one.id === made.body.id,
  );
  expect(listed).toMatchObject({ prefix: made.body.key.slice(0, 12), last_used_at: clock.now().toISOString() });
  expect(listed).not.toHaveProperty("key");
  const stored = await house.db.withWorkspace(id, (tx) => tx`select response::text as text from request_results`);
  expect(stored.map((row) => row.text).join()).not.toContain(made.body.key);
  expect((await call("admin", "DELETE", `api-keys/${made.body.id}`)).status).toBe(200);
  expect((await app.request("/api/session", { headers })).status).toBe(401);
  expect((await call("admin", "DELETE", `api-keys/${made.body.id}`)).status).toBe(404);
});

test("a member's key has at most the member's role, follows a change of it, and goes with the member", async () => {
  const { call, id } = await newWorkspace();
  const member = (await call("admin", "POST", "members", { email: "Ada@B.example", name: "Ada", role: "rep" })).body;
  expect(member.email).toBe("ada@b.example");
  const { key } = await createApiKey(house, id, { name: "hers", role: "admin", member_id: member.id }, "test");
  const session = async () => read(await app.request("/api/session", { headers: { authorization: `Bearer ${key}` } }));
  expect((await session()).body).toMatchObject({ role: "rep", user: { id: member.id, name: "Ada" }, via: "api_key" });
  await call("admin", "PATCH", `members/${member.id}`, { role: "admin" });
  expect((await session()).body.role).toBe("admin");
  // She is the only admin among the members now: she stays.
  expect((await call("admin", "PATCH", `members/${member.id}`, { role: "rep" })).body.code).toBe("last_admin");
  expect((await call("admin", "DELETE", `members/${member.id}`)).body.code).toBe("last_admin");
  await call("admin", "POST", "members", { email: "second@b.example", role: "admin" });
  expect((await call("admin", "DELETE", `members/${member.id}`)).status).toBe(200);
  expect((await session()).status).toBe(401);
});

test("two admins who demote each other at once: one stays, each time", async () => {
  const { call } = await newWorkspace();
  const ids: string[] = [];
  for (const email of ["one@b.example", "two@b.example"]) {
    ids.push((await call("admin", "POST", "members", { email, role: "admin" })).body.id);
  }
  for (let round = 0; round < 15; round += 1) {
    const answers = await Promise.all(ids.map((one) => call("admin", "PATCH", `members/${one}`, { role: "rep" })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const demoted = answers.findIndex((answer) => answer.status === 200);
    await call("admin", "PATCH", `members/${ids[demoted]}`, { role: "admin" });
  }
});

test("the session says who calls, what is connected and what is left to set up", async () => {
  const { call, connect, id } = await newWorkspace();
  expect((await call("rep", "GET", "/api/session")).body).toMatchObject({
    workspace: { id, name: "Acme", time_zone: "Europe/Berlin", currency: "USD" },
    role: "rep",
    via: "api_key",
    connections: [],
    abilities: ["read", "act_on_gaps"],
  });
  await connect("hubspot");
  const { connections } = (await call("rep", "GET", "/api/session")).body;
  expect(connections).toMatchObject([{ crm: "hubspot", status: "connected", missing_scopes: [] }]);
  expect(connections[0].setup_needed).toEqual(["Map a first field, or apply a template."]);
});
