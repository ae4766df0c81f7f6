/** Runs that end, whatever happens on the way: each of these once hung, came back to life or went to the wrong CRM. */
import { describe, expect, test } from "vitest";
import { pauseRun } from "../../backend/writeback/finish-run.ts";
import { unitJobs } from "../../backend/writeback/on-enumerate.ts";
import { cancelRun, getRun, resumeRun } from "../../backend/writeback/runs.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { deals, finish, openAlerts, start } from "../writeback/flows-setup.ts";

/** A house with three deals and one mapping, and the CRM as runs see it. */
async function threeDeals() {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
  const ids = await deals(t, 3, "deal_score", (n) => 60 + n);
  return { t, ids, crm: await t.house.openCrm(t.workspaceId, "hubspot", "background") };
}

function pause(t: TestHouse, runId: string, kind: "guard" | "connection") {
  return t.house.db.withWorkspace(t.workspaceId, (tx) => pauseRun(tx, t.house, t.workspaceId, runId, kind, "Look."));
}

describe("a run that is stopped", () => {
  test("a cancelled run stays cancelled when its connection fails in the same moment", async () => {
    const { t, crm } = await threeDeals();
    const { id } = await start(t);
    const read = crm.readBatch;
    crm.readBatch = async (...given) => {
      await cancelRun(t.house, t.workspaceId, id, "ada");
      await pause(t, id, "connection");
      return read(...given);
    };
    await t.drain();
    expect(await finish(t, id)).toMatchObject({ status: "cancelled" });
    expect(t.crm.history()).toEqual([]);
    expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  });

  test("a run paused while its last writes were under way ends when it is resumed", async () => {
    const { t, ids, crm } = await threeDeals();
    const { id } = await start(t);
    const write = crm.writeBatch;
    crm.writeBatch = async (...given) => {
      await pause(t, id, "guard");
      return write(...given);
    };
    await t.drain();
    expect(await getRun(t.house, t.workspaceId, id)).toMatchObject({ status: "paused", totals: { written: 3 } });
    await resumeRun(t.house, t.workspaceId, id, "ada");
    expect(await finish(t, id)).toMatchObject({ status: "completed", totals: { done: 3, written: 3 } });
    expect(ids.map((deal) => t.crm.written(deal, t.property.number))).toEqual([["60"], ["61"], ["62"]]);
    expect(await openAlerts(t)).toEqual([]);
  });
});

test("a job never holds units of two CRMs or objects, which it would all send to the first one's", () => {
  const specs = [
    { crm: "hubspot", object_type: "company" },
    { crm: "hubspot", object_type: "deal" },
    { crm: "salesforce", object_type: "deal" },
  ] as const;
  const units = specs.map((spec, n) => ({ key: `u${n}`, spec: { ...spec, record_ids: ["1"] } }));
  const workspaceId = "5f0f9a52-7b5e-4a53-8f0e-0f6f1f1d2c3b";
  const jobs = unitJobs(workspaceId, workspaceId, units);
  expect(jobs.map(({ kind, payload }) => [kind, (payload as { unit_keys: string[] }).unit_keys])).toEqual([
    ["run.units", ["u0"]],
    ["run.units", ["u1"]],
    ["run.units-in-turn", ["u2"]],
  ]);
});
