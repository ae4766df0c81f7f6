import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newTestApp, read } from "./support.ts";

const { app, house, newWorkspace } = await newTestApp(await newDatabase());
const mappings = "crm-writeback/mappings";

/** Sends bytes as they are. */
async function raw(key: string, method: string, path: string, body: string, headers: Record<string, string>) {
  return read(
    await app.request(`/api/workspaces/me/${path}`, {
      method,
      body,
      headers: { authorization: `Bearer ${key}`, ...headers },
    }),
  );
}

test("a body that can't be read is refused before anything happens", async () => {
  const { keys, call } = await newWorkspace();
  const json = { "content-type": "application/json" };
  const deep = `${'{"a":'.repeat(30)}1${"}".repeat(30)}`;
  const rows: [string, string, Record<string, string>, number, string][] = [
    ["not JSON", "{", json, 400, "malformed_json"],
    ["empty", "", json, 400, "malformed_json"],
    ["an array", "[]", json, 400, "malformed_json"],
    ["a string", '"x"', json, 400, "malformed_json"],
    ["another kind", '{"name":"x"}', { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["no kind", '{"name":"x"}', { "content-type": "" }, 415, "unsupported_media_type"],
    ["a form", "name=x", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported_media_type"],
    ["too deep", deep, json, 400, "too_deep"],
    ["a NUL", '{"name":"a\\u0000b"}', json, 400, "bad_text"],
    ["half a character", '{"name":"a\\ud800b"}', json, 400, "bad_text"],
    ["a NUL in a name", '{"na\\u0000me":"b"}', json, 400, "bad_text"],
    ["too large", `{"name":"${"x".repeat(1_100_000)}"}`, json, 413, "body_too_large"],
    ["too large, said so", "{}", { ...json, "content-length": "2000000" }, 413, "body_too_large"],
    ["a length that is none", "{}", { ...json, "content-length": "many" }, 413, "body_too_large"],
    ["a dangerous name", '{"__proto__":{"role":"admin"}}', json, 422, "invalid_request"],
  ];
  for (const [what, body, headers, status, code] of rows) {
    const answer = await raw(keys.admin, "PATCH", "settings", body, headers);
    expect([what, answer.status, answer.body.code]).toEqual([what, status, code]);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  }
  expect((await call("admin", "GET", "settings")).body.name).toBe("Acme");
});

test("a body without a length is counted while it comes in", async () => {
  const { keys } = await newWorkspace();
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode("x".repeat(300_000)));
    },
  });
  const request = new Request("http://pandora.test/api/workspaces/me/settings", {
    method: "PATCH",
    headers: { authorization: `Bearer ${keys.admin}`, "content-type": "application/json" },
    body: stream,
    duplex: "half",
  } as RequestInit);
  const answer = await read(await app.fetch(request));
  expect([answer.status, answer.body.code]).toEqual([413, "body_too_large"]);
});

test("each malformed field is named, with what would be accepted", async () => {
  const { call, connect } = await newWorkspace();
  await connect("hubspot");
  const draft = { pandora_field: "deal_score", crm_object_type: "deal", crm_property_name: "score" };
  const rows: [object, string, string, string[] | undefined][] = [
    [
      { write_mode: "replace" },
      "write_mode",
      "not_allowed",
      ["overwrite", "never_overwrite", "append", "append_if_changed"],
    ],
    [{ sync_trigger: "hourly" }, "sync_trigger", "not_allowed", ["after_skill_run", "scheduled", "manual"]],
    [{ crm_object_type: "lead" }, "crm_object_type", "not_allowed", ["deal", "company", "contact", "account"]],
    [{ crm_type: "dynamics" }, "crm_type", "not_allowed", ["hubspot", "salesforce"]],
    [{ pandora_field: undefined }, "pandora_field", "required", undefined],
    [{ pandora_field: 7 }, "pandora_field", "invalid_type", undefined],
    [{ append_max_entries: 0 }, "append_max_entries", "too_small", undefined],
    [{ append_max_entries: 1.5 }, "append_max_entries", "invalid_type", undefined],
    [{ write_mod: "append" }, "write_mod", "unknown_field", undefined],
    [{ record_filter: { open: true } }, "record_filter.open", "unknown_field", undefined],
    [{ record_filter: { owners: [] } }, "record_filter.owners", "too_small", undefined],
    [{ write_condition: "x".repeat(400) }, "write_condition", "too_big", undefined],
    [{ request_id: "has spaces" }, "request_id", "invalid_format", undefined],
    [{ request_id: 1 }, "request_id", "invalid_type", undefined],
  ];
  for (const [change, field, code, allowed] of rows) {
    const { status, body } = await call("admin", "POST", mappings, { ...draft, ...change });
    expect([status, body.code]).toEqual([422, "invalid_request"]);
    expect(body.errors).toEqual([{ field, code, message: expect.any(String), ...(allowed ? { allowed } : {}) }]);
  }
  const both = await call("admin", "POST", mappings, { ...draft, write_mode: "x", skip_read: "yes" });
  expect(both.body.errors.map((one: { field: string }) => one.field)).toEqual(["write_mode", "skip_read"]);
  expect((await call("admin", "GET", mappings)).body.items).toEqual([]);
});

test("queries: unknown names, unknown values, doubled ones and cursors of somebody else are refused with 400", async () => {
  const { call } = await newWorkspace();
  const rows: [string, string][] = [
    ["members?limit=0", "limit"],
    ["members?limit=201", "limit"],
    ["members?limit=ten", "limit"],
    ["members?limit=1&limit=2", "limit"],
    ["members?cursor=%20", "cursor"],
    ["members?cursor=abc", "cursor"],
    [`members?cursor=${Buffer.from("2026-01-01|x").toString("base64url")}`, "cursor"],
    ["members?page=2", "page"],
    ["alerts?state=closed", "state"],
    ["crm-writeback/fields?objectType=lead", "objectType"],
    ["crm-writeback/crm-properties", "objectType"],
    ["crm-writeback/crm-properties?objectType=deal&all=maybe", "all"],
    ["crm-writeback/log?status=lost", "status"],
    ["crm-writeback/log?mapping_id=7", "mapping_id"],
    ["crm-writeback/log?record_id=1'or'1", "record_id"],
    ["crm-writeback/log/export?cursor=abc", "cursor"],
    ["crm-writeback/log?envelope=yes", "envelope"],
  ];
  for (const [path, field] of rows) {
    const { status, body } = await call("admin", "GET", path);
    expect([path, status, body.errors?.[0]?.field]).toEqual([path, 400, field]);
  }
  expect((await call("admin", "GET", "members?limit=%00")).body.code).toBe("bad_text");
  expect((await call("admin", "GET", "members?limit=%E0%A4%A")).body.code).toBe("bad_text");
});

test("ids in the path that are none, or nobody's, are 404; another method is 405 and says which", async () => {
  const { call } = await newWorkspace();
  const nobody = "00000000-0000-4000-8000-000000000000";
  for (const id of ["7", "x' or 1=1", nobody, "%2e%2e"]) {
    for (const [method, path, body] of [
      ["GET", `crm-writeback/mappings/${id}`, undefined],
      ["PATCH", `crm-writeback/mappings/${id}`, { status: "paused" }],
      ["DELETE", `crm-writeback/mappings/${id}`, undefined],
      ["POST", `crm-writeback/mappings/${id}/adopt`, {}],
      ["POST", `crm-writeback/mappings/${id}/test`, {}],
      ["GET", `crm-writeback/runs/${id}`, undefined],
      ["POST", `crm-writeback/runs/${id}/cancel`, {}],
      ["GET", `crm-writeback/runs/${id}/changes`, undefined],
      ["POST", `crm-writeback/log/${id}/undo`, {}],
      ["PATCH", `members/${id}`, { role: "rep" }],
      ["DELETE", `api-keys/${id}`, undefined],
      ["POST", `crm-writeback/templates/${id}/apply`, {}],
      ["GET", `connections/${id}`, undefined],
    ] as const) {
      const { status, body: answer } = await call("admin", method, path, body);
      expect([method, path, status, answer.code]).toEqual([method, path, 404, "not_found"]);
    }
  }
  expect((await call("admin", "GET", "nowhere")).body.code).toBe("not_found");
  const wrong = await call("admin", "PUT", "settings", {});
  expect([wrong.status, wrong.body.code]).toEqual([405, "method_not_allowed"]);
  expect(wrong.headers.get("allow")).toMatch(/GET.*PATCH/);
});

test("settings and members refuse what makes no sense", async () => {
  const { call } = await newWorkspace();
  for (const [patch, field] of [
    [{ time_zone: "Mars/Olympus" }, "time_zone"],
    [{ time_zone: "+02:00" }, "time_zone"],
    [{ currency: "euro" }, "currency"],
    [{ reps_see: "some" }, "reps_see"],
    [{ name: "   " }, "name"],
    [{ gaps: { internal_domains: ["acme.test", "gmail.com"] } }, "gaps.internal_domains.1"],
  ] as const) {
    const { status, body } = await call("admin", "PATCH", "settings", patch);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  }
  expect((await call("admin", "POST", "members", { email: "nobody", role: "rep" })).body.errors[0].field).toBe("email");
  expect((await call("admin", "POST", "members", { email: "a@b.example", role: "rep" })).status).toBe(201);
  const twice = await call("admin", "POST", "members", { email: "A@B.example", role: "admin" });
  expect([twice.status, twice.body.code]).toEqual([409, "member_exists"]);
});

test("nothing random makes the server answer 500", async () => {
  const { call, connect } = await newWorkspace();
  await connect("hubspot");
  const values = [
    null,
    0,
    -1,
    1e308,
    "",
    " ",
    "💥",
    "a".repeat(5000),
    [],
    {},
    true,
    "{{7*7}}",
    "'; drop table deals;--",
  ];
  const names = [
    "pandora_field",
    "crm_property_name",
    "write_condition",
    "value_transform",
    "schedule",
    "append_separator",
  ];
  const draft = { pandora_field: "deal_score", crm_object_type: "deal", crm_property_name: "score" };
  for (const name of names) {
    for (const value of values) {
      const { status } = await call("admin", "POST", mappings, { ...draft, [name]: value, status: "nonsense" });
      expect([name, value, status]).toEqual([name, value, 422]);
      const patched = await call("admin", "POST", mappings, { ...draft, sync_trigger: "scheduled", [name]: value });
      expect([name, value, patched.status < 500]).toEqual([name, value, true]);
      for (const one of (await call("admin", "GET", mappings)).body.items)
        await call("admin", "DELETE", `${mappings}/${one.id}`);
    }
  }
}, 120_000);

test("the envelope answers 200 with the real status inside, for answers and refusals", async () => {
  const { call } = await newWorkspace();
  const good = await call("admin", "GET", "settings?envelope=1");
  expect(good).toMatchObject({ status: 200, body: { ok: true, status: 200, data: { name: "Acme" } } });
  const made = await call("admin", "POST", "members?envelope=1", { email: "a@b.example", role: "rep" });
  expect(made).toMatchObject({ status: 200, body: { ok: true, status: 201, data: { role: "rep" } } });
  const bad = await call("admin", "PATCH", "settings?envelope=1", { currency: "x" });
  expect(bad).toMatchObject({ status: 200, body: { ok: false, status: 422, problem: { code: "invalid_request" } } });
  const lost = await call(null, "GET", "settings?envelope=1");
  expect(lost).toMatchObject({ status: 200, body: { ok: false, status: 401, problem: { code: "unauthorized" } } });
  expect(good.headers.get("content-type")).toContain("application/json");
});

test("a fault of ours says nothing of its cause, and the log has its instance", async () => {
  const { call, id } = await newWorkspace();
  const told: object[] = [];
  const { error } = house.log;
  house.log.error = (_event, fields) => told.push(fields ?? {});
  await house.db.withWorkspace(id, (tx) => tx`alter table alerts rename to alerts_gone`);
  const answer = await call("admin", "GET", "alerts");
  await house.db.withWorkspace(id, (tx) => tx`alter table alerts_gone rename to alerts`);
  house.log.error = error;
  expect([answer.status, answer.body.code]).toEqual([500, "internal_error"]);
  expect(JSON.stringify(answer.body)).not.toContain("alerts");
  expect(told).toMatchObject([{ instance: answer.body.instance }]);
});
