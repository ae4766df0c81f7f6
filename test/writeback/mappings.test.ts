import { expect, test } from "vitest";
import { resolveAlert } from "../../backend/connections/alerts.ts";
import { markBroken } from "../../backend/writeback/mappings.ts";
import { dealProperties, newTestApp, property, type TestWorkspace } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";

const { clock, house, newWorkspace } = await newTestApp(await newDatabase());
const mappings = "crm-writeback/mappings";
const score = { pandora_field: "deal_score", crm_object_type: "deal", crm_property_name: "score" };

async function connected(): Promise<TestWorkspace> {
  const workspace = await newWorkspace();
  await workspace.connect("hubspot");
  return workspace;
}

function schedules(workspace: TestWorkspace) {
  return house.db.outside(async (tx) => {
    const rows = await tx<{ workspace_id: string; key: string; cron: string; time_zone: string; next_at: Date }[]>`
      select * from directory_due('9999-01-01', 10000) where kind = 'writeback.schedule'`;
    return rows.filter((row) => row.workspace_id === workspace.id);
  });
}

test("a saved mapping shows its rules, defaults included, and where it writes", async () => {
  const { call, id } = await connected();
  const made = await call("admin", "POST", mappings, score);
  expect(made).toMatchObject({
    status: 201,
    body: {
      workspace_id: id,
      ...score,
      crm_type: "hubspot",
      crm_property_label: "Score",
      crm_field_type: "number",
      sync_trigger: "after_skill_run",
      schedule: null,
      write_mode: "overwrite",
      append_separator: "\n---\n",
      append_timestamp_format: "prefix",
      append_max_entries: null,
      write_condition: null,
      value_transform: "raw",
      keep_human_edits: false,
      skip_read: false,
      when_empty: "keep",
      record_filter: {},
      status: "active",
      is_active: true,
      deleted_at: null,
      recent_writes: [],
    },
  });
  expect((await call("viewer", "GET", `${mappings}/${made.body.id}`)).body).toEqual(made.body);
  expect((await call("viewer", "GET", mappings)).body).toEqual({ items: [made.body], next_cursor: null });
  expect((await call("viewer", "GET", `${mappings}?objectType=account`)).body.items).toEqual([]);
});

test("ten admins save a writer of the same property at once: one wins, nine are told", async () => {
  const { call } = await connected();
  const answers = await Promise.all(Array.from({ length: 10 }, () => call("admin", "POST", mappings, score)));
  expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
  const lost = answers.filter((answer) => answer.status !== 201).map((answer) => [answer.status, answer.body.code]);
  expect(lost).toEqual(Array(9).fill([409, "property_taken"]));
});

test("the index has the last word: two moves to one property at once, one is refused like any other", async () => {
  const { call } = await connected();
  const one = (await call("admin", "POST", mappings, score)).body;
  const second = { ...score, pandora_field: "enhanced_deal_score", crm_property_name: "line" };
  const two = (await call("admin", "POST", mappings, second)).body;
  const move = { crm_property_name: "score_2" };
  const answers = await Promise.all([one, two].map(({ id }) => call("admin", "PATCH", `${mappings}/${id}`, move)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  expect(answers.find((answer) => answer.status === 409)?.body.code).toBe("property_taken");
});

test("changes of one mapping at once: each that was accepted stands, the others are told to look again", async () => {
  const { call } = await connected();
  const { id } = (await call("admin", "POST", mappings, score)).body;
  for (let round = 1; round <= 5; round += 1) {
    const changes = [
      { append_separator: `-${round}-` },
      { append_max_entries: round },
      { value_transform: `round:${round}` },
      { write_condition: `score_above:${round}` },
    ];
    const answers = await Promise.all(changes.map((change) => call("admin", "PATCH", `${mappings}/${id}`, change)));
    const stands = (await call("admin", "GET", `${mappings}/${id}`)).body;
    for (const [n, { status, body }] of answers.entries()) {
      if (status === 200) expect(stands).toMatchObject(changes[n]!);
      else expect([status, body.code]).toEqual([409, "changed_meanwhile"]);
    }
    expect(answers.some((answer) => answer.status === 200)).toBe(true);
  }
});

test("deleting is soft: the history stays, the property is free, the same mapping can be made again", async () => {
  const { call } = await connected();
  const first = (await call("admin", "POST", mappings, score)).body;
  expect((await call("admin", "DELETE", `${mappings}/${first.id}`)).body).toEqual({ deleted: true });
  expect((await call("admin", "DELETE", `${mappings}/${first.id}`)).status).toBe(404);
  expect((await call("admin", "GET", `${mappings}/${first.id}`)).status).toBe(404);
  clock.advance(1);
  const second = await call("admin", "POST", mappings, score);
  expect(second.status).toBe(201);
  const all = (await call("admin", "GET", `${mappings}?include_deleted=1`)).body.items;
  expect(all.map((one: { id: string }) => one.id)).toEqual([first.id, second.body.id]);
  expect(all[0]).toMatchObject({ is_active: false, deleted_at: new Date(clock.now().getTime() - 1).toISOString() });
});

test("a change is checked like a new one; what it does not name stays", async () => {
  const { call } = await connected();
  const { id } = (await call("admin", "POST", mappings, { ...score, keep_human_edits: true })).body;
  const bad = await call("admin", "PATCH", `${mappings}/${id}`, { write_mode: "append" });
  expect(bad.body.errors.map((one: { field: string }) => one.field)).toEqual(["write_mode", "keep_human_edits"]);
  const moved = { write_mode: "append", keep_human_edits: false, crm_property_name: "notes" };
  expect((await call("admin", "PATCH", `${mappings}/${id}`, moved)).body).toMatchObject({
    ...moved,
    crm_property_label: "Notes",
  });
  expect((await call("admin", "PATCH", `${mappings}/${id}`, { pandora_field: "x" })).body.errors[0].code).toBe(
    "unknown_field",
  );
  expect((await call("admin", "PATCH", `${mappings}/${id}`, {})).status).toBe(200);
});

test("a change of the rules raises the revision, so that a refused value is tried again; pausing does not", async () => {
  const { call, id: workspaceId } = await connected();
  const { id } = (await call("admin", "POST", mappings, score)).body;
  const revision = () =>
    house.db.withWorkspace(workspaceId, async (tx) => {
      const [row] = await tx<{ revision: number }[]>`select revision from crm_property_mappings where id = ${id}`;
      return row?.revision;
    });
  await call("admin", "PATCH", `${mappings}/${id}`, { value_transform: "round:1" });
  expect(await revision()).toBe(2);
  await call("admin", "PATCH", `${mappings}/${id}`, { status: "paused" });
  expect(await revision()).toBe(2);
});

test("a schedule is registered in the workspace's zone, follows a change of it, and goes when it is not wanted", async () => {
  const workspace = await connected();
  const { call } = workspace;
  const draft = { ...score, sync_trigger: "scheduled", schedule: "0 6 * * *" };
  const { id } = (await call("admin", "POST", mappings, draft)).body;
  // 6:00 in Berlin in winter is 5:00 UTC; the clock stands at 9:00 UTC.
  expect(await schedules(workspace)).toMatchObject([
    { key: id, cron: "0 6 * * *", time_zone: "Europe/Berlin", next_at: new Date("2026-11-23T05:00:00Z") },
  ]);
  await call("admin", "PATCH", "settings", { time_zone: "America/New_York" });
  expect(await schedules(workspace)).toMatchObject([{ next_at: new Date("2026-11-22T11:00:00Z") }]);
  await call("admin", "PATCH", `${mappings}/${id}`, { status: "paused" });
  expect(await schedules(workspace)).toEqual([]);
  await call("admin", "PATCH", `${mappings}/${id}`, { status: "active" });
  expect(await schedules(workspace)).toHaveLength(1);
  expect((await call("admin", "PATCH", `${mappings}/${id}`, { sync_trigger: "manual" })).body.schedule).toBeNull();
  expect(await schedules(workspace)).toEqual([]);
  await call("admin", "PATCH", `${mappings}/${id}`, { sync_trigger: "scheduled", schedule: "5 * * * *" });
  await call("admin", "DELETE", `${mappings}/${id}`);
  expect(await schedules(workspace)).toEqual([]);
});

test("a property that is gone breaks its mapping, tells once, stops its schedule; a new property mends it", async () => {
  const workspace = await connected();
  const { call, id: workspaceId } = workspace;
  const draft = { ...score, sync_trigger: "scheduled", schedule: "0 6 * * *" };
  const { id } = (await call("admin", "POST", mappings, draft)).body;
  const gone = { crm: "hubspot", objectType: "deal", property: "score", because: "The property was removed." } as const;
  const broke = () => house.db.withWorkspace(workspaceId, (tx) => markBroken(tx, workspaceId, clock.now(), gone));
  expect(await broke()).toEqual([id]);
  expect(await broke()).toEqual([]);
  expect((await call("admin", "GET", `${mappings}/${id}`)).body).toMatchObject({
    status: "broken",
    status_reason: "The property was removed.",
  });
  expect(await schedules(workspace)).toEqual([]);
  const alerts = (await call("viewer", "GET", "alerts")).body.items;
  expect(alerts).toMatchObject([{ kind: "mapping_broken", subject: id, resolved_at: null }]);
  expect((await call("admin", "PATCH", `${mappings}/${id}`, { crm_property_name: "score_2" })).body).toMatchObject({
    status: "active",
    status_reason: null,
  });
  expect(await schedules(workspace)).toHaveLength(1);
  expect((await call("viewer", "GET", "alerts")).body.items).toEqual([]);
  expect((await call("viewer", "GET", "alerts?state=resolved")).body.items).toHaveLength(1);
  const matter = { kind: "mapping_broken", subject: id };
  expect(await house.db.withWorkspace(workspaceId, (tx) => resolveAlert(tx, workspaceId, clock.now(), matter))).toBe(
    false,
  );
});

test("a mapping can be paused while the CRM is out of reach, but not switched on blindly", async () => {
  const { call, id: workspaceId } = await connected();
  const { id } = (await call("admin", "POST", mappings, score)).body;
  clock.advance(5 * 60_000);
  expect((await call("admin", "PATCH", `${mappings}/${id}`, { status: "paused" })).status).toBe(200);
  const answer = await call("admin", "PATCH", `${mappings}/${id}`, { status: "active" });
  expect([answer.status, answer.body.code]).toEqual([409, "needs_reconnect"]);
  const status = await house.db.withWorkspace(workspaceId, (tx) => tx`select status from crm_property_mappings`);
  expect(status).toMatchObject([{ status: "paused" }]);
});

test("the last five writes stand beside a mapping, with the record's name and place", async () => {
  const { call, id: workspaceId } = await connected();
  const { id } = (await call("admin", "POST", mappings, score)).body;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`insert into deals (workspace_id, crm, crm_id, name, synced_at)
      values (${workspaceId}, 'hubspot', '7', 'Big deal', now())`;
    for (let n = 1; n <= 6; n += 1) {
      await tx`
        insert into crm_write_log (id, workspace_id, mapping_id, crm_type, crm_object_type, crm_record_id,
          crm_property_name, value_written, status, skip_reason, trigger_source, initiated_by, created_at)
        values (gen_random_uuid(), ${workspaceId}, ${id}, 'hubspot', 'deal', '7', 'score', ${String(n)},
          ${n === 6 ? "skipped" : "success"}, ${n === 6 ? "crm_value_present" : null}, 'manual', 'test',
          ${new Date(clock.now().getTime() + n * 1000)})`;
    }
  });
  const { recent_writes } = (await call("viewer", "GET", `${mappings}/${id}`)).body;
  expect(recent_writes.map((one: { value_written: string }) => one.value_written)).toEqual(["6", "5", "4", "3", "2"]);
  expect(recent_writes[0]).toMatchObject({
    record_name: "Big deal",
    record_url: "https://crm.test/0-3/7",
    status: "skipped",
    reason_text: "Kept: the CRM property already has a value, and this mapping fills blanks only",
  });
});

test("discovery offers what can be written: custom first, then by label, HubSpot's own only when asked", async () => {
  const { call } = await connected();
  const names = async (query: string) =>
    (await call("viewer", "GET", `crm-writeback/crm-properties?objectType=deal${query}`)).body.items.map(
      (one: { name: string }) => one.name,
    );
  const custom = ["code", "due", "flag", "line", "moment", "notes", "rich", "score", "score_2", "tags", "tier"];
  expect(await names("")).toEqual([...custom, "dealname", "hs_next_step", "hubspot_owner_id"]);
  expect(await names("&all=1")).toEqual([...custom, "dealname", "hs_next_step", "hubspot_owner_id", "hs_priority"]);
  const made = (await call("admin", "POST", mappings, score)).body;
  const { items } = (await call("viewer", "GET", "crm-writeback/crm-properties?objectType=deal")).body;
  expect(items.find((one: { name: string }) => one.name === "score").mapped_by).toBe(made.id);
});

test("what was discovered is kept five minutes, then the CRM is asked again", async () => {
  const { call } = await connected();
  const path = "crm-writeback/crm-properties?objectType=deal";
  clock.advance(5 * 60_000 - 1);
  expect((await call("viewer", "GET", path)).status).toBe(200);
  expect((await call("viewer", "GET", `${path}&refresh=1`)).body.code).toBe("needs_reconnect");
  clock.advance(1);
  expect((await call("viewer", "GET", path)).body.code).toBe("needs_reconnect");
});

test("with both CRMs connected a request says which; with none it is told to connect", async () => {
  const both = await connected();
  await both.connect("salesforce", { deal: [property("Score__c", "number"), ...dealProperties] });
  const unsaid = await both.call("admin", "POST", mappings, score);
  expect([unsaid.status, unsaid.body.errors[0]]).toMatchObject([
    422,
    { field: "crm_type", allowed: ["hubspot", "salesforce"] },
  ]);
  for (const crm_type of ["hubspot", "salesforce"]) {
    // The same property name in two CRMs is two properties, and the same field twice is no duplicate.
    expect((await both.call("admin", "POST", mappings, { ...score, crm_type })).status).toBe(201);
  }
  const hidden = await both.call("viewer", "GET", "crm-writeback/crm-properties?objectType=deal&crm=salesforce");
  expect(hidden.body.items.map((one: { name: string }) => one.name)).toContain("Score__c");
  const none = await newWorkspace();
  expect((await none.call("admin", "POST", mappings, score)).body.code).toBe("not_connected");
  const asked = await none.call("viewer", "GET", "crm-writeback/crm-properties?objectType=deal&crm=hubspot");
  expect([asked.status, asked.body.code]).toEqual([409, "not_connected"]);
});

test("who made, changed and deleted a mapping stands in the audit trail", async () => {
  const { call, id: workspaceId } = await connected();
  const { id } = (await call("admin", "POST", mappings, score)).body;
  await call("admin", "PATCH", `${mappings}/${id}`, { status: "paused" });
  await call("admin", "DELETE", `${mappings}/${id}`);
  const events = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ action: string; actor: string }[]>`select action, actor from audit_events where subject = ${id}`,
  );
  expect(events.map((event) => event.action).sort()).toEqual(["mapping.changed", "mapping.created", "mapping.deleted"]);
  expect(events.every((event) => /^api_key:[0-9a-f-]{36}$/.test(event.actor))).toBe(true);
});
