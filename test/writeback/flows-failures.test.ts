import { describe, expect, test } from "vitest";
import { getRun, retryFailed } from "../../backend/writeback/runs.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { allChanges, deals, finish, openAlerts, play, setValues } from "./flows-setup.ts";

async function retry(t: TestHouse, runId: string) {
  const started = await retryFailed(t.house, t.workspaceId, runId, "ada");
  return finish(t, started.id);
}

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, () => {
    test("one bad row in a batch of 100: the other 99 are written; retried once its rule is lifted", async () => {
      const t = await newTestHouse(type);
      await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
      const ids = await deals(t, 100, "deal_score", (n) => n + 1);
      t.crm.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
      const run = await play(t);
      expect(run).toMatchObject({
        ...{ status: "completed_with_errors", totals: { done: 100, written: 99, errors: { value_refused: 1 } } },
      });
      const blank = ids.filter((id) => t.crm.value(id, t.property.number) === null);
      expect(await allChanges(t, run.id, "error")).toMatchObject([
        { crm_record_id: blank[0], reason: "value_refused" },
      ]);

      // Not by itself: a refused call counts against us.
      const before = t.crm.history().length;
      expect((await play(t)).totals).toMatchObject({ already_current: 99, skipped: { refused_before: 1 } });
      expect(t.crm.history()).toHaveLength(before);

      const again = await retry(t, run.id);
      expect(again).toMatchObject({
        ...{ kind: "retry", trigger: "retry", status: "completed", totals: { records: 1, done: 1, written: 1 } },
      });
      expect(ids.map((id) => t.crm.value(id, t.property.number))).toEqual(ids.map((_, n) => String(n + 1)));
      expect((await t.log()).at(-1)).toMatchObject({ trigger_source: "retry", status: "success" });
    });

    test("a property removed in the CRM breaks its mapping, tells once, and the others go on", async () => {
      const t = await newTestHouse(type);
      const score = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
      await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
      const ids = await deals(t, 3, "deal_score", (n) => 60 + n);
      await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Ann"])));
      await play(t);
      // What was discovered still lists it.
      t.crm.removeProperty(t.property.number);
      await setValues(t, "deal_score", new Map(ids.map((id) => [id, 99])), 2);
      await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Bob"])), 2);
      const run = await play(t);
      expect(run).toMatchObject({
        ...{ status: "completed_with_errors", totals: { done: 6, written: 3, errors: { unknown_property: 3 } } },
      });
      expect(ids.map((id) => t.crm.value(id, t.property.text))).toEqual(["Call Bob", "Call Bob", "Call Bob"]);
      expect(await openAlerts(t)).toMatchObject([
        {
          kind: "mapping_broken",
          subject: score,
          message: expect.stringContaining("does not exist in the CRM any more"),
        },
      ]);
      expect(await statusOf(t, score)).toBe("broken");
      await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Cy"])), 3);
      expect(await play(t)).toMatchObject({ status: "completed", totals: { done: 3, written: 3 } });
      await expect(play(t, { mappingIds: [score] })).rejects.toMatchObject({ code: "mapping_not_active" });
      expect(await openAlerts(t)).toHaveLength(1);
    });
  });
}

test("a property that is missing already when a run begins breaks its mapping before any call", async () => {
  const t = await newTestHouse("hubspot");
  const score = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
  await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
  const ids = await deals(t, 2, "deal_score", () => 60);
  await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Ann"])));
  t.crm.removeProperty(t.property.number);
  expect(await play(t)).toMatchObject({ status: "completed", totals: { done: 2, written: 2, errors: {} } });
  expect(await statusOf(t, score)).toBe("broken");
  expect(await openAlerts(t)).toMatchObject([{ kind: "mapping_broken", subject: score }]);
});

test("a record that is gone is an error of its own, and no failed write", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
  const [gone, here] = await deals(t, 2, "deal_score", () => 60);
  t.crm.archive(gone!);
  const run = await play(t);
  expect(run.totals).toMatchObject({ done: 2, written: 1, errors: { record_gone: 1 } });
  expect(t.crm.value(here!, t.property.number)).toBe("60");
  // Logged once, counted each time.
  await play(t);
  expect((await t.log()).filter((row) => row.error_code === "record_gone")).toHaveLength(1);
});

describe("refused before", () => {
  test("another value is sent, the refused one is not", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    t.crm.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
    await play(t);
    await t.setValue(id!, "deal_score", 61, 2);
    expect((await play(t)).totals.written).toBe(1);
    await t.setValue(id!, "deal_score", 60, 3);
    expect((await play(t)).totals.written).toBe(1);
  });
  test("a changed mapping tries it again", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 1, "deal_score", () => 60);
    t.crm.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
    await play(t);
    expect((await play(t)).totals.skipped).toEqual({ refused_before: 1 });
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) =>
        tx`update crm_property_mappings set revision = revision + 1 where workspace_id = ${t.workspaceId} and id = ${mapping}`,
    );
    expect((await play(t)).totals.written).toBe(1);
  });
});

describe("retrying", () => {
  test("only what failed, and only under mappings that are active", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 3, "deal_score", () => 60);
    const good = await play(t);
    await expect(retry(t, good.id)).rejects.toMatchObject({ code: "nothing_to_retry", status: 409 });
    await deals(t, 1, "deal_score", () => 60);
    t.crm.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
    const bad = await play(t);
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) =>
        tx`update crm_property_mappings set status = 'paused' where workspace_id = ${t.workspaceId} and id = ${mapping}`,
    );
    await expect(retry(t, bad.id)).rejects.toMatchObject({ code: "nothing_to_retry" });
    await expect(retry(t, "00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({ code: "not_found" });
  });
  test("a busy CRM is tried again by itself, and given up after twelve tries", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    t.crm.faults.set([{ name: "429", rate: 1, times: 3 }]);
    expect(await play(t)).toMatchObject({ status: "completed", totals: { done: 1, written: 1 } });
    expect((await t.log()).map((row) => row.status)).toEqual(["success"]);
    await t.setValue(id!, "deal_score", 61, 2);
    t.crm.faults.set([{ name: "429", rate: 1 }]);
    const { id: runId } = await play(t);
    const run = await finish(t, runId, 60);
    expect(run).toMatchObject({ status: "completed_with_errors", totals: { done: 1, errors: { crm_unavailable: 1 } } });
    expect((await t.log()).at(-1)).toMatchObject({ status: "error", error_code: "crm_unavailable", attempts: 12 });
    t.crm.faults.clear();
    expect((await retry(t, runId)).totals.written).toBe(1);
    expect((await getRun(t.house, t.workspaceId, runId)).status).toBe("completed_with_errors");
  });
});

async function statusOf(t: TestHouse, mappingId: string): Promise<string> {
  const [row] = await t.house.db.withWorkspace(
    t.workspaceId,
    (tx) => tx<{ status: string }[]>`
      select status from crm_property_mappings where workspace_id = ${t.workspaceId} and id = ${mappingId}`,
  );
  return row!.status;
}
