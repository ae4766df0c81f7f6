import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { mappingDraft } from "../../backend/contract/mappings.ts";
import { enqueueDue } from "../../backend/jobs/scheduler.ts";
import { type NewValue, putValues } from "../../backend/skills/store.ts";
import { createMapping, patchMapping } from "../../backend/writeback/mappings.ts";
import { listRuns } from "../../backend/writeback/runs.ts";
import { onRunFinished, onSchedule } from "../../backend/writeback/triggers.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { deals } from "./flows-setup.ts";

const hour = 3_600_000;
async function runs(t: TestHouse) {
  return (await listRuns(t.house, t.workspaceId, { limit: 50 })).items;
}

describe("scheduled", () => {
  test("falls due by the cron in the workspace's zone, writes, and appends equal values", async () => {
    const t = await newTestHouse("hubspot"); // Monday 09:00Z is 10:00 in Berlin
    const draft = mappingDraft.parse({
      ...{ request_id: "schedule-1", pandora_field: "deal_risk_summary", crm_object_type: "deal" },
      ...{ crm_property_name: t.property.long, sync_trigger: "scheduled", schedule: "0 6 * * *" },
      ...{ write_mode: "append", append_timestamp_format: "prefix" },
    });
    const mapping = await createMapping(t.house, t.workspaceId, draft, "ada");
    const [id] = await deals(t, 1, "deal_risk_summary", () => "No reply");
    expect(await enqueueDue(t.house)).toBe(0);
    t.clock.advance(19 * hour); // 05:00 in Berlin
    expect(await enqueueDue(t.house)).toBe(0);
    t.clock.advance(hour);
    expect(await enqueueDue(t.house)).toBe(1);
    await t.drain();
    expect(await runs(t)).toMatchObject([{ trigger: "schedule", status: "completed", totals: { written: 1 } }]);
    expect((await t.log())[0]!.trigger_source).toBe("schedule");
    // The next day: analysed anew with changed facts, the value came out equal.
    await t.setValue(id!, "deal_risk_summary", "No reply", 2);
    t.clock.advance(24 * hour);
    expect(await enqueueDue(t.house)).toBe(1);
    expect(await enqueueDue(t.house)).toBe(0);
    await t.drain();
    expect(t.crm.value(id!, t.property.long)).toBe("[Mar 4, 2031] No reply\n---\n[Mar 5, 2031] No reply");
    // Days missed while nothing ran are made up for once.
    t.clock.advance(5 * 24 * hour);
    expect(await enqueueDue(t.house)).toBe(1);
    await patchMapping(t.house, t.workspaceId, mapping.id, { request_id: "pause-1", status: "paused" }, "ada");
    await t.drain();
    t.clock.advance(24 * hour);
    expect(await enqueueDue(t.house)).toBe(0);
    expect(await runs(t)).toHaveLength(2);
  });
  test("a mapping that is not scheduled any more, paused or not connected starts nothing", async () => {
    const t = await newTestHouse("hubspot");
    const manual = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const paused = await t.addMapping({
      ...{ pandora_field: "next_step_recommendation", crm_property_name: t.property.text },
      ...{ sync_trigger: "scheduled", status: "paused" },
    });
    const scheduled = await t.addMapping({
      ...{ pandora_field: "deal_risk_summary", crm_property_name: t.property.long, sync_trigger: "scheduled" },
    });
    await deals(t, 1, "deal_risk_summary", () => "No reply");
    for (const mapping_id of [manual, paused, randomUUID()])
      await onSchedule(t.house, { workspace_id: t.workspaceId, mapping_id });
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx`update crm_connections set status = 'needs_reconnect' where workspace_id = ${t.workspaceId}`,
    );
    await onSchedule(t.house, { workspace_id: t.workspaceId, mapping_id: scheduled });
    expect(await runs(t)).toEqual([]);
  });
});

describe("after_skill_run", () => {
  /** Stores what a skill run found, as the skills do. */
  async function skillRun(t: TestHouse, found: Omit<NewValue, "factors">[], skill = "deal-score"): Promise<string> {
    const runId = randomUUID();
    const place = {
      workspaceId: t.workspaceId,
      crm: t.crm.type,
      objectType: "deal" as const,
      runId,
      now: t.clock.now(),
    };
    await t.house.db.withWorkspace(t.workspaceId, async (tx) => {
      await tx`
        insert into skill_runs (workspace_id, id, skill, trigger, status, scope, writeback)
        values (${t.workspaceId}, ${runId}, ${skill}, 'manual', 'completed', ${tx.json({ crm: t.crm.type })}, 'waiting')`;
      await putValues(
        tx,
        place,
        found.map((value) => ({ ...value, factors: [] })),
      );
    });
    await onRunFinished(t.house, { workspace_id: t.workspaceId, skill_run_id: runId });
    await t.drain();
    return runId;
  }
  const scored = (id: string, value: number | string, facts: string, field = "deal_score") => ({
    ...{ crm_record_id: id, field, value, facts_hash: facts },
  });

  test("writes only records whose value changed, and names the skill", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
    });
    await t.addMapping({ pandora_field: "deal_risk_summary", crm_property_name: t.property.long });
    const [one, two] = [t.crm.addDeal(), t.crm.addDeal()];
    await skillRun(t, [scored(one, 60, "a"), scored(two, 70, "a"), scored(one, "No reply", "a", "deal_risk_summary")]);
    expect(await runs(t)).toMatchObject([
      { trigger: "skill_run:deal-score", totals: { records: 2, done: 2, written: 2 } },
    ]);
    // Not the manual mapping of another field.
    expect(t.crm.value(one, t.property.long)).toBeNull();
    // Facts changed for both, the value for one.
    const second = await skillRun(t, [scored(one, 60, "b"), scored(two, 75, "b")]);
    expect((await runs(t))[0]).toMatchObject({ totals: { records: 1, done: 1, written: 1 } });
    expect(t.crm.value(two, t.property.number)).toBe("75");
    expect(t.crm.written(one, t.property.number)).toEqual(["60"]);
    const [row] = await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx`select count(*)::int as n from crm_write_log
        where workspace_id = ${t.workspaceId} and trigger_skill_run_id = ${second}`,
    );
    expect(row).toEqual({ n: 1 });
    // Nothing changed at all: no run.
    await skillRun(t, [scored(one, 60, "b"), scored(two, 75, "c")]);
    expect(await runs(t)).toHaveLength(2);
  });
  test("pandora_last_analyzed_at alone writes nothing; beside a changed value it is written too", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{
        pandora_field: "pandora_last_analyzed_at",
        crm_property_name: t.property.text,
        sync_trigger: "after_skill_run",
      },
    });
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
    });
    const id = t.crm.addDeal();
    const first = t.clock.now().toISOString();
    await skillRun(t, [scored(id, 60, "a")]);
    expect(t.crm.value(id, t.property.text)).toBe(first);
    t.clock.advance(86_400_000);
    await skillRun(t, [scored(id, 60, "b")]);
    expect(await runs(t)).toHaveLength(1);
    expect(t.crm.value(id, t.property.text)).toBe(first);
    t.clock.advance(86_400_000);
    const third = t.clock.now().toISOString();
    await skillRun(t, [scored(id, 61, "c")]);
    expect(t.crm.value(id, t.property.text)).toBe(third);
  });
  test("a record whose changed value is not mapped gets no date either", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "pandora_last_analyzed_at", crm_property_name: t.property.text },
      sync_trigger: "after_skill_run",
    });
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
    });
    const [mapped, other] = [t.crm.addDeal(), t.crm.addDeal()];
    const at = t.clock.now().toISOString();
    await skillRun(t, [scored(mapped, 60, "a"), scored(other, "No reply", "a", "deal_risk_summary")]);
    expect((await runs(t))[0]).toMatchObject({ totals: { records: 1, done: 2, written: 2 } });
    expect([t.crm.value(mapped, t.property.text), t.crm.value(other, t.property.text)]).toEqual([at, null]);
  });
  test("only the date is mapped: a changed score writes nothing", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{
        pandora_field: "pandora_last_analyzed_at",
        crm_property_name: t.property.text,
        sync_trigger: "after_skill_run",
      },
    });
    const id = t.crm.addDeal();
    await skillRun(t, [scored(id, 60, "a")]);
    expect(await runs(t)).toEqual([]);
  });
  test("paused mappings and unknown runs start nothing", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
      status: "paused",
    });
    await skillRun(t, [scored(t.crm.addDeal(), 60, "a")]);
    await onRunFinished(t.house, { workspace_id: t.workspaceId, skill_run_id: randomUUID() });
    expect(await runs(t)).toEqual([]);
  });
});
