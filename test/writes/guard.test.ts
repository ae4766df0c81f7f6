import { expect, test } from "vitest";
import { cancelRun, resumeRun } from "../../backend/writeback/runs.ts";
import { newTestHouse } from "../support/house.ts";
import { deals, finish, openAlerts, play } from "../writeback/flows-setup.ts";

test("a run that would replace most of people's values pauses and asks, beyond the first 500 records", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
  await deals(t, 700, "next_step_recommendation", () => "Call Ann", { [t.property.text]: "typed by Ben" });
  const run = await play(t);
  expect(run).toMatchObject({ status: "paused", totals: { records: 700, done: 400, written: 400 }, eta_s: null });
  expect(run.status_reason).toContain("would replace 600 of 600 values that Pandora did not write");
  expect(await openAlerts(t)).toMatchObject([{ kind: "run_paused", subject: run.id, message: run.status_reason }]);
  expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  expect(t.crm.history()).toHaveLength(400);

  const going = await resumeRun(t.house, t.workspaceId, run.id, "ada");
  expect(going).toMatchObject({ status: "running", status_reason: null });
  expect(await finish(t, run.id)).toMatchObject({ status: "completed", totals: { done: 700, written: 700 } });
  expect(await openAlerts(t)).toEqual([]);
  await expect(resumeRun(t.house, t.workspaceId, run.id, "ada")).rejects.toMatchObject({ code: "run_not_paused" });
  await expect(cancelRun(t.house, t.workspaceId, run.id, "ada")).rejects.toMatchObject({ code: "run_finished" });
});

test("cancelled instead, the rest is left as it is", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
  const ids = await deals(t, 700, "next_step_recommendation", () => "Call Ann", { [t.property.text]: "typed by Ben" });
  const run = await play(t);
  expect(await cancelRun(t.house, t.workspaceId, run.id, "ada")).toMatchObject({ status: "cancelling" });
  expect(await finish(t, run.id)).toMatchObject({ status: "cancelled", totals: { done: 400 } });
  expect(ids.filter((id) => t.crm.value(id, t.property.text) === "typed by Ben")).toHaveLength(300);
  await expect(resumeRun(t.house, t.workspaceId, run.id, "ada")).rejects.toMatchObject({ code: "run_not_paused" });
});

test("blank targets never count, nor what is kept", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({
    ...{ pandora_field: "next_step_recommendation", crm_property_name: t.property.text, keep_human_edits: true },
  });
  await deals(t, 550, "next_step_recommendation", () => "Call Ann");
  await deals(t, 100, "next_step_recommendation", () => "Call Ann", { [t.property.text]: "typed by Ben" });
  expect(await play(t)).toMatchObject({
    ...{ status: "completed", totals: { written: 550, skipped: { value_predates_pandora: 100 } } },
  });
});

test("a run whose writes fail pauses and asks, beyond the first 100; resumed, it goes on to the end", async () => {
  const t = await newTestHouse("hubspot");
  const crm = await t.house.openCrm(t.workspaceId, "hubspot", "waiting");
  await crm.createProperty("deal", {
    ...{ name: "pandora_key", label: "Key", type: "text", description: "", unique: true },
  });
  await t.addMapping({ pandora_field: "deal_risk_summary", crm_property_name: "pandora_key" });
  t.crm.addDeal({ pandora_key: "the same" });
  // Two in three are refused: that text again in a unique property.
  await deals(t, 450, "deal_risk_summary", (n) => (n % 3 === 0 ? `key ${n}` : "the same"));
  const run = await play(t);
  expect(run.status).toBe("paused");
  expect(run.status_reason).toMatch(/^\d+ of 200 writes failed so far, more than one in five\./);
  expect(run.totals).toMatchObject({ done: 200, errors: { already_exists: expect.any(Number) } });
  expect(run.totals.written + run.totals.errors["already_exists"]!).toBe(200);
  await resumeRun(t.house, t.workspaceId, run.id, "ada");
  expect(await finish(t, run.id)).toMatchObject({
    ...{ status: "completed_with_errors", totals: { done: 450, written: 150, errors: { already_exists: 300 } } },
  });
});
