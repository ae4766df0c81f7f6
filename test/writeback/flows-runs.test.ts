import { describe, expect, test } from "vitest";
import { run as runSchema } from "../../backend/contract/runs.ts";
import { onRunUnits } from "../../backend/writeback/on-units.ts";
import { cancelRun, getRun, listRuns } from "../../backend/writeback/runs.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { deals, finish, mirror, play, setValues, start } from "./flows-setup.ts";

async function unitKeys(t: TestHouse, runId: string): Promise<string[]> {
  const rows = await t.house.db.withWorkspace(
    t.workspaceId,
    (tx) => tx<{ key: string }[]>`
      select unit_key as key from sync_units where workspace_id = ${t.workspaceId} and run_id = ${runId} order by 1`,
  );
  return rows.map((row) => row.key);
}

describe("progress", () => {
  test("done and total, by mapping, with the rate and the time left, while it goes on", async () => {
    const t = await newTestHouse("hubspot");
    const score = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const step = await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
    const ids = await deals(t, 450, "deal_score", (n) => n % 100);
    await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Ann"])));
    const { id } = await start(t);
    expect(await getRun(t.house, t.workspaceId, id)).toMatchObject({
      ...{ status: "queued", totals: { records: null, done: 0 }, rate_per_s: null, eta_s: null, started_at: null },
    });
    await t.handlers["run.enumerate"].run(
      { workspace_id: t.workspaceId, run_id: id, cursor: null },
      new AbortController().signal,
    );
    const [first] = await unitKeys(t, id);
    await onRunUnits(
      t.house,
      { workspace_id: t.workspaceId, run_id: id, unit_keys: [first!] },
      new AbortController().signal,
    );
    const going = await getRun(t.house, t.workspaceId, id);
    expect(runSchema.parse(going)).toEqual(going);
    expect(going).toMatchObject({ status: "running", totals: { records: 450, done: 400, written: 400 }, crm_calls: 4 });
    expect(going.rate_per_s).toBeGreaterThan(0);
    expect(going.eta_s).toBe(Math.round(500 / going.rate_per_s!));
    const done = await finish(t, id);
    expect(done).toMatchObject({ status: "completed", totals: { done: 900, written: 900 }, eta_s: null });
    expect(done.by_mapping.map((one) => [one.mapping_id, one.done, one.written]).sort()).toEqual(
      [
        [score, 450, 450],
        [step, 450, 450],
      ].sort(),
    );
    expect(done.finished_at).not.toBeNull();
  });

  test("a unit delivered twice counts once", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 250, "deal_score", (n) => n % 100);
    const { id } = await start(t);
    const enumerate = { workspace_id: t.workspaceId, run_id: id, cursor: null };
    const { signal } = new AbortController();
    await t.handlers["run.enumerate"].run(enumerate, signal);
    await t.handlers["run.enumerate"].run(enumerate, signal);
    const keys = await unitKeys(t, id);
    expect(keys).toHaveLength(2);
    const payload = { workspace_id: t.workspaceId, run_id: id, unit_keys: keys };
    await Promise.all([onRunUnits(t.house, payload, signal), onRunUnits(t.house, payload, signal)]);
    await onRunUnits(t.house, payload, signal);
    expect(await finish(t, id)).toMatchObject({
      status: "completed",
      totals: { records: 250, done: 250, written: 250 },
    });
    expect(t.crm.history()).toHaveLength(250);
    expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  });

  test("runs are listed newest first, page by page", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 1, "deal_score", () => 60);
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      made.unshift((await play(t, { kind: n % 2 ? "dry_run" : "sync" })).id);
      t.clock.advance(n === 2 ? 0 : 1_000);
    }
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRuns(t.house, t.workspaceId, { limit: 2, ...(cursor ? { cursor } : {}) });
      listed.push(...page.items.map((run) => run.id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(listed.toSorted()).toEqual(made.toSorted());
    expect(listed[0]).toBe(made[0]);
    expect(listed.at(-1)).toBe(made.at(-1));
  });
});

describe("what a run covers", () => {
  test("a mapping's record filter: open deals, pipelines, owners; a deal without a known stage is open", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = async (set: object, property: string, field: string) =>
      t.addMapping({ pandora_field: field, crm_property_name: property, record_filter: set });
    await mapping({ open_deals: true }, t.property.number, "deal_score");
    await mapping({ pipelines: ["p1"], owners: ["o1", "o2"] }, t.property.text, "next_step_recommendation");
    const ids = await deals(t, 5, "deal_score", () => 60);
    await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Ann"])));
    const [open, closed, unknown, gone, other] = ids as [string, string, string, string, string];
    await mirror(t, [open, gone], { is_closed: false, pipeline_id: "p1", owner_id: "o2" });
    await mirror(t, [closed], { is_closed: true, pipeline_id: "p1", owner_id: "o1" });
    await mirror(t, [other], { is_closed: false, pipeline_id: "p1", owner_id: "o3" });
    await mirror(t, [gone], { deleted_at: t.clock.now() });
    const run = await play(t);
    expect(run.totals).toMatchObject({ records: 4, done: 5, written: 5 });
    const has = (property: string) => ids.filter((id) => t.crm.value(id, property) !== null).sort();
    expect(has(t.property.number)).toEqual([open, unknown, other].sort());
    expect(has(t.property.text)).toEqual([open, closed].sort());
  });
  test("chosen mappings and objects only; nothing to do is said so", async () => {
    const t = await newTestHouse("hubspot");
    const score = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await t.setValue(id!, "next_step_recommendation", "Call Ann");
    expect((await play(t, { mappingIds: [score] })).totals.written).toBe(1);
    expect(t.crm.value(id!, t.property.text)).toBeNull();
    await expect(start(t, { objectTypes: ["company"] })).rejects.toMatchObject({ code: "nothing_to_do", status: 422 });
    await expect(start(t, { mappingIds: ["00000000-0000-4000-8000-000000000000"] })).rejects.toMatchObject({
      ...{ code: "not_found", status: 404 },
    });
  });
  test("a mapping paused while its run waits is left alone", async () => {
    const t = await newTestHouse("hubspot");
    const score = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    const run = await start(t);
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) =>
        tx`update crm_property_mappings set status = 'paused' where workspace_id = ${t.workspaceId} and id = ${score}`,
    );
    expect(await finish(t, run.id)).toMatchObject({ status: "completed", totals: { done: 0 } });
    expect(t.crm.value(id!, t.property.number)).toBeNull();
  });
  test("values that could go nowhere are skipped by name and logged once", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_risk_summary", crm_property_name: t.property.number });
    await deals(t, 1, "deal_risk_summary", () => "high");
    for (let time = 0; time < 2; time += 1) expect((await play(t)).totals.skipped).toEqual({ does_not_fit: 1 });
    expect(await t.log()).toHaveLength(1);
    expect(t.crm.calls("/batch/update")).toBe(0);
  });
});

test("a run cancelled before it began writes nothing", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
  await deals(t, 3, "deal_score", () => 60);
  const { id } = await start(t);
  await cancelRun(t.house, t.workspaceId, id, "ada");
  expect(await finish(t, id)).toMatchObject({ status: "cancelled", totals: { done: 0 } });
  expect(t.crm.history()).toEqual([]);
  await expect(cancelRun(t.house, t.workspaceId, id, "ada")).rejects.toMatchObject({ code: "run_finished" });
});
