/** Works off units of a run: values, lease, read, plan, intend, send, settle; each unit done once and counted once. */
import type { House } from "../connections/house.ts";
import { isPause } from "../connections/open-crm.ts";
import { crmProperties, dropProperties } from "../connections/properties.ts";
import type { Crm, CrmType, ObjectType, Property } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { applyBatch, type Batch, type BatchItem, type BatchOutcome, type ItemResult } from "../writes/apply.ts";
import { planBatch } from "../writes/dry.ts";
import { undoItems } from "../writes/undo-units.ts";
import { finishIfDone, pauseRun } from "./finish-run.ts";
import { itemsOf } from "./items.ts";
import { markBroken } from "./mappings.ts";
import { unitJobs } from "./on-enumerate.ts";
import { addProgress, addUnits, finishUnit, openUnits, type RunRow, readRun, type UnitRow } from "./run-store.ts";
import { guardOf, guardTrips, leftOver, tallyOf } from "./tally.ts";
import { type RunMapping, readRunMappings, valuesOf } from "./values.ts";

type Payload = { workspace_id: string; run_id: string; unit_keys: string[] };
type RunContext = { workspaceId: string; run: RunRow; mappings: RunMapping[]; timeZone: string };

export async function onRunUnits(house: House, payload: Payload, signal: AbortSignal): Promise<void> {
  const { workspace_id: workspaceId, run_id: runId } = payload;
  const opened = await house.db.withWorkspace(workspaceId, (tx) =>
    openContext(tx, workspaceId, runId, payload.unit_keys),
  );
  if (!opened) return;
  for (const unit of opened.units) {
    if (signal.aborted) throw new Error("stopping; another worker goes on with this run");
    if (!(await runUnit(house, opened.context, unit))) return;
  }
}

async function openContext(tx: Tx, workspaceId: string, runId: string, keys: string[]) {
  const run = await readRun(tx, workspaceId, runId);
  if (!run || run.status !== "running") return null;
  const units = await openUnits(tx, workspaceId, runId, keys);
  if (units.length === 0) return null;
  const mappings = run.spec.mapping_ids.length > 0 ? await readRunMappings(tx, workspaceId, run.spec.mapping_ids) : [];
  const [workspace] = await tx<
    { time_zone: string }[]
  >`select time_zone from workspaces where workspace_id = ${workspaceId}`;
  return { units, context: { workspaceId, run, mappings, timeZone: workspace?.time_zone ?? "UTC" } };
}

/** @returns false when the run can't go on now (paused, cancelled, connection gone) */
async function runUnit(house: House, context: RunContext, unit: UnitRow): Promise<boolean> {
  const { workspaceId, run } = context;
  const { crm: crmType, object_type: objectType } = unit.spec;
  const connection = await openOrPause(house, context, crmType);
  if (!connection) return false;
  const { properties } = connection;
  const crm = unit.spec.bulk ? byBulk(connection.crm) : connection.crm;
  const byName = await properties(objectType);
  const items = await buildItems(house, context, unit, byName);
  let paused: string | null = null;
  const batch: Batch = {
    workspaceId,
    crm: crmType,
    objectType,
    runId: run.id,
    trigger: run.trigger,
    skillRunId: run.trigger_skill_run_id,
    initiatedBy: run.initiated_by,
    attempt: unit.attempt,
    items,
  };
  const engine = { ...house, crm, leaseMs: house.config.leaseMs };
  const hooks = {
    allow: async (decided: Parameters<NonNullable<Parameters<typeof applyBatch>[2]>["allow"] & object>[0]) => {
      const guard = guardOf(decided);
      const now = await house.db.withWorkspace(workspaceId, (tx) => readRun(tx, workspaceId, run.id));
      if (now?.status !== "running") return false;
      const before = now.totals.guard ?? {};
      const perMapping = Math.max(
        1,
        context.mappings.filter((one) => one.crm === crmType && one.objectType === objectType).length,
      );
      const total = {
        ...before,
        filled: (before.filled ?? 0) + guard.filled!,
        replaced: (before.replaced ?? 0) + guard.replaced!,
        decided: (before.decided ?? 0) + guard.decided!,
      };
      const trips = run.kind === "sync" && !now.confirmed ? guardTrips(total, total.decided / perMapping) : null;
      if (trips === null) {
        planned = guard;
        return true;
      }
      paused = trips;
      return false;
    },
    settled: (tx: Tx, results: ItemResult[]) => account(tx, results),
  };
  let planned = {};
  const outcome =
    run.kind === "dry_run" ? await planBatch(engine, batch, hooks.settled) : await applyBatch(engine, batch, hooks);
  return afterUnit(house, context, crmType, objectType, outcome, paused);

  async function account(tx: Tx, results: ItemResult[]): Promise<void> {
    // Stopped before anything was sent: the unit stays open for the resume.
    if (results.some((result) => result.kind === "deferred" && result.why === "not_allowed")) return;
    if (!(await finishUnit(tx, workspaceId, run.id, unit.key))) return;
    const tally = tallyOf(results);
    tally.totals.guard = { ...tally.totals.guard, ...planned };
    const left = leftOver(unit.spec, results);
    let units = -1;
    if (left) {
      const key = `${unit.key}~`;
      units += await addUnits(tx, workspaceId, run.id, [
        { key, spec: left.spec, attempt: unit.attempt + 1, notBefore: left.notBefore },
      ]);
      await house.queue.enqueue(tx, unitJobs(workspaceId, run.id, [{ key, spec: left.spec }], left.notBefore));
    }
    const now = await addProgress(tx, workspaceId, run.id, { units, ...tally, crmCalls: callsOf(crm, unit, results) });
    const trips =
      run.kind === "sync" && !now.confirmed
        ? guardTrips({ attempted: now.totals.guard?.attempted, failed: now.totals.guard?.failed }, 0)
        : null;
    if (trips !== null && now.status === "running" && now.open_units > 0)
      await pauseRun(tx, house, workspaceId, run.id, "guard", trips);
    else await finishIfDone(tx, house, workspaceId, now);
  }
}

async function afterUnit(
  house: House,
  context: RunContext,
  crm: CrmType,
  objectType: ObjectType,
  outcome: BatchOutcome,
  paused: string | null,
): Promise<boolean> {
  const { workspaceId, run } = context;
  const gone = new Set(
    outcome.results.flatMap((result) =>
      result.kind === "error" && result.code === "unknown_property" ? [result.item.property.name] : [],
    ),
  );
  if (gone.size > 0 || paused !== null || outcome.fatal) {
    await house.db.withWorkspace(workspaceId, async (tx) => {
      for (const property of gone) {
        const because = `The property "${property}" does not exist in the CRM any more. Make it again, or map another one.`;
        await markBroken(tx, workspaceId, house.clock.now(), { crm, objectType, property, because });
        await dropProperties(tx, workspaceId, crm, objectType);
      }
      if (paused !== null) await pauseRun(tx, house, workspaceId, run.id, "guard", paused);
      else if (outcome.fatal) await pauseRun(tx, house, workspaceId, run.id, "connection", connectionGone);
    });
  }
  return (
    paused === null &&
    !outcome.fatal &&
    !outcome.results.some((result) => result.kind === "deferred" && result.why === "not_allowed")
  );
}

const connectionGone = "The connection to the CRM was withdrawn. Reconnect it, and this run goes on by itself.";

async function openOrPause(house: House, context: RunContext, crmType: CrmType) {
  const { workspaceId, run } = context;
  try {
    const crm = await house.openCrm(workspaceId, crmType, "background");
    return {
      crm,
      properties: async (objectType: ObjectType) =>
        byName(await crmProperties(house, workspaceId, crmType, objectType)),
    };
  } catch (error) {
    if (!isPause(error)) throw error;
    const quiet = error.code === "crm_quiet";
    await house.db.withWorkspace(workspaceId, async (tx) => {
      await pauseRun(tx, house, workspaceId, run.id, quiet ? "quota" : "connection", error.public);
      if (!quiet) return;
      // The allowance comes back by itself, a reconnect does not: that one tells us.
      const startAfter = new Date(house.clock.now().getTime() + (error.retryAfterS ?? 3600) * 1000);
      await house.queue.enqueue(tx, {
        kind: "runs.resume",
        payload: { workspace_id: workspaceId, crm: crmType },
        startAfter,
      });
    });
    return null;
  }
}

/** The same port, its writes going by a bulk job, which may take the hour Salesforce gives it. */
function byBulk(crm: Crm): Crm {
  const { bulkUpdate } = crm;
  if (!bulkUpdate) return crm;
  return {
    ...crm,
    shape: { ...crm.shape, writeBatchMax: 10_000, requestTimeoutMs: 3_600_000 },
    writeBatch: (objectType, writes) => bulkUpdate(objectType, writes),
  };
}

function byName(found: { properties: Property[] }): Map<string, Property> {
  return new Map(found.properties.map((property) => [property.name, property]));
}

async function buildItems(
  house: House,
  context: RunContext,
  unit: UnitRow,
  properties: Map<string, Property>,
): Promise<BatchItem[]> {
  const { workspaceId, run } = context;
  const { crm, object_type: objectType, record_ids: ids, only, log_ids: logIds } = unit.spec;
  const scope = { workspaceId, crm, objectType };
  if (logIds) return house.db.withWorkspace(workspaceId, (tx) => undoItems(tx, scope, logIds, properties));
  // A mapping that was paused, broken or deleted since is left alone.
  const mappings = context.mappings.filter(
    (one) => one.crm === crm && one.objectType === objectType && one.status === "active",
  );
  const values = await house.db.withWorkspace(workspaceId, (tx) =>
    valuesOf(tx, scope, mappings, ids, run.spec.skill_run_id ?? null),
  );
  const wanted = only ? new Set(only.map((pair) => pair.join(" "))) : null;
  const chosen = wanted ? values.filter(({ id, mappingId }) => wanted.has(`${id} ${mappingId}`)) : values;
  const plan = { timeZone: context.timeZone, adopt: run.spec.adopt ?? false, retryRefused: run.kind === "retry" };
  const { items, missing } = itemsOf(chosen, mappings, properties, plan, house.clock);
  if (missing.length > 0) {
    await house.db.withWorkspace(workspaceId, async (tx) => {
      for (const { propertyName } of missing) {
        const because = `The property "${propertyName}" does not exist in the CRM any more. Make it again, or map another one.`;
        await markBroken(tx, workspaceId, house.clock.now(), { crm, objectType, property: propertyName, because });
      }
    });
  }
  return items;
}

function callsOf(crm: Crm, unit: UnitRow, results: ItemResult[]): number {
  const read = Math.ceil(unit.spec.record_ids.length / crm.shape.readBatchMax);
  const written = new Set(results.filter((result) => result.kind === "written").map(({ item }) => item.id)).size;
  return read + Math.ceil(written / crm.shape.writeBatchMax);
}
