/** Writes nobody may lose, count twice or wait for without end: what a second look at the engine found. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CrmError } from "../../backend/crm/errors.ts";
import { AppError } from "../../backend/errors.ts";
import { timeOrderedId } from "../../backend/ids.ts";
import { pauseRun } from "../../backend/writeback/finish-run.ts";
import { onEnumerate } from "../../backend/writeback/on-enumerate.ts";
import { cancelRun, getRun } from "../../backend/writeback/runs.ts";
import { onRunFinished } from "../../backend/writeback/triggers.ts";
import { onRecover } from "../../backend/writes/on-recover.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { allChanges, deals, finish, openAlerts, start } from "../writeback/flows-setup.ts";
import { batchesOn } from "./batch.ts";

const day = 24 * 3600 * 1000;

async function lostReply(t: TestHouse): Promise<string> {
  const b = await batchesOn(t);
  const id = t.crm.addDeal();
  t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
  await b.apply(b.batch("append", t.property.long, { [id]: "first" }));
  return id;
}

function withdrawn(t: TestHouse, dead: "hubspot" | "salesforce") {
  const { openCrm } = t.house;
  t.house.openCrm = async (workspace, crm, lane) => {
    if (crm === dead) throw new AppError("needs_reconnect", { status: 409, public: "Reconnect it first." });
    return openCrm(workspace, crm, lane);
  };
}

describe("recovery", () => {
  test("a dead connection does not keep the other CRM's writes from being settled", async () => {
    const t = await newTestHouse("salesforce");
    await lostReply(t);
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx`
        insert into crm_write_state (workspace_id, crm, object_type, crm_record_id, property, pending_log_id)
        values (${t.workspaceId}, 'hubspot', 'deal', '7', 'hs_next_step', ${timeOrderedId(t.clock.now())})`,
    );
    withdrawn(t, "hubspot");
    t.clock.advance(200_000);
    await onRecover(t.house, { workspace_id: t.workspaceId });
    expect(await t.log()).toMatchObject([{ status: "success" }]);
    expect(await t.states()).toEqual({ leased: 0, pending: 1 });
  });

  test("a write whose connection stays dead for a day is listed as unknown, and its row is free", async () => {
    const t = await newTestHouse("hubspot");
    await lostReply(t);
    withdrawn(t, "hubspot");
    t.clock.advance(day - 60_000);
    await onRecover(t.house, { workspace_id: t.workspaceId });
    expect(await t.log()).toMatchObject([{ status: "pending" }]);
    t.clock.advance(120_000);
    await onRecover(t.house, { workspace_id: t.workspaceId });
    expect(await t.log()).toMatchObject([{ status: "error", error_code: "outcome_unknown" }]);
    expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  });

  test("an intent that was stored though its commit was not confirmed is found and settled", async () => {
    const t = await newTestHouse("hubspot");
    const b = await batchesOn(t);
    const id = t.crm.addDeal();
    let lost = false;
    const db = {
      ...b.engine.db,
      withWorkspace: (async (workspaceId: string, work: never) => {
        const result = await b.engine.db.withWorkspace(workspaceId, work);
        if (!lost && (await t.states()).pending > 0) {
          lost = true;
          throw new Error("the connection to the database was lost");
        }
        return result;
      }) as typeof b.engine.db.withWorkspace,
    };
    const batch = b.batch("append", t.property.long, { [id]: "first" });
    await expect(b.apply(batch, { ...b.engine, db })).rejects.toThrow("was lost");
    t.clock.advance(200_000);
    await onRecover(t.house, { workspace_id: t.workspaceId });
    expect(await t.log()).toMatchObject([{ status: "success" }]);
    expect(t.crm.written(id, t.property.long)).toEqual(["first"]);
    expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  });
});

describe("runs", () => {
  test("objects are not left out when the mappings of another object are deleted while the run is cut into units", async () => {
    const t = await newTestHouse("hubspot");
    const gone = await t.addMapping({
      ...{ pandora_field: "account_score", crm_property_name: "about_us", crm_object_type: "company" },
    });
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const ids = await deals(t, 3, "deal_score", (n) => 60 + n);
    const { id } = await start(t);
    await onEnumerate(t.house, { workspace_id: t.workspaceId, run_id: id, cursor: null });
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx`update crm_property_mappings set deleted_at = now(), is_active = false where id = ${gone}`,
    );
    expect(await finish(t, id)).toMatchObject({ status: "completed", totals: { written: 3 } });
    expect(ids.map((deal) => t.crm.value(deal, t.property.number))).toEqual(["60", "61", "62"]);
  });

  test("a record the CRM refuses to let us read is listed after twelve tries, and the run ends", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 2, "deal_score", () => 61);
    const crm = await t.house.openCrm(t.workspaceId, "hubspot", "background");
    const read = crm.readBatch;
    crm.readBatch = async (...given) => {
      const [first, ...rest] = await read(...given);
      return first ? [{ ok: false, error: new CrmError("unexpected", "The record is locked.") }, ...rest] : [];
    };
    const { id } = await start(t);
    // The second record is read and written at once; alone, the first one never is. Twelve tries, drawn out to ten
    // minutes each at the longest, are over well within forty rounds of three.
    expect(await finish(t, id, 40)).toMatchObject({
      ...{ status: "completed_with_errors", totals: { done: 2, written: 1, errors: { unexpected: 1 } } },
    });
    expect((await t.log()).map((row) => [row.status, row.error_code])).toContainEqual(["error", "unexpected"]);
  });

  test("a unit of a dry run that is delivered twice at once shows each change once", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 3, "deal_score", (n) => 60 + n);
    const { id } = await start(t, { kind: "dry_run" });
    await onEnumerate(t.house, { workspace_id: t.workspaceId, run_id: id, cursor: null });
    const units = await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx<{ unit_key: string }[]>`select unit_key from sync_units where run_id = ${id}`,
    );
    const payload = { workspace_id: t.workspaceId, run_id: id, unit_keys: units.map((unit) => unit.unit_key) };
    const crm = await t.house.openCrm(t.workspaceId, "hubspot", "background");
    const read = crm.readBatch;
    crm.readBatch = async (...given) => {
      crm.readBatch = read;
      await t.handlers["run.units"].run(payload, new AbortController().signal);
      return read(...given);
    };
    await t.handlers["run.units"].run(payload, new AbortController().signal);
    expect(await getRun(t.house, t.workspaceId, id)).toMatchObject({ status: "completed", totals: { done: 3 } });
    expect(await allChanges(t, id)).toHaveLength(3);
  });

  test("what a skill changed while the connection was withdrawn is written after the reconnect", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
    });
    const ids = await deals(t, 2, "deal_score", (n) => 60 + n);
    const skillRun = randomUUID();
    await t.house.db.withWorkspace(t.workspaceId, async (tx) => {
      await tx`
        insert into skill_runs (workspace_id, id, skill, status, trigger, created_at, scope, writeback)
        values (${t.workspaceId}, ${skillRun}, 'deal-score', 'completed', 'manual', ${t.clock.now()},
          ${tx.json({ crm: t.crm.type })}, 'waiting')`;
      await tx`update record_values set run_id = ${skillRun} where workspace_id = ${t.workspaceId}`;
      await tx`update crm_connections set status = 'needs_reconnect' where workspace_id = ${t.workspaceId}`;
    });
    const { openCrm } = t.house;
    withdrawn(t, "hubspot");
    await onRunFinished(t.house, { workspace_id: t.workspaceId, skill_run_id: skillRun });
    await t.drain();
    expect(t.crm.history()).toEqual([]);

    t.house.openCrm = openCrm;
    await t.house.db.withWorkspace(t.workspaceId, async (tx) => {
      await tx`update crm_connections set status = 'connected' where workspace_id = ${t.workspaceId}`;
      const payload = { workspace_id: t.workspaceId, crm: "hubspot" as const };
      await t.house.queue.enqueue(tx, { kind: "runs.resume", payload });
    });
    await t.drain();
    expect(ids.map((id) => t.crm.value(id, t.property.number))).toEqual(["60", "61"]);
  });

  test("cancelling a run that paused to ask closes its alert", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 1, "deal_score", () => 61);
    const { id } = await start(t);
    await onEnumerate(t.house, { workspace_id: t.workspaceId, run_id: id, cursor: null });
    await t.house.db.withWorkspace(t.workspaceId, (tx) => pauseRun(tx, t.house, t.workspaceId, id, "guard", "Look."));
    expect(await openAlerts(t)).toMatchObject([{ kind: "run_paused", subject: id }]);
    await cancelRun(t.house, t.workspaceId, id, "ada");
    expect(await finish(t, id)).toMatchObject({ status: "cancelled" });
    expect(await openAlerts(t)).toEqual([]);
  });
});
