/** One unit of a run: values, then lease, read, plan, intend, send, settle; counted in the transaction that settles. */
import type { House } from "../connections/house.ts";
import { dropProperties } from "../connections/properties.ts";
import type { Crm, CrmType, ObjectType, Property } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { applyBatch } from "../writes/apply.ts";
import type { Batch, BatchHooks, BatchItem, BatchOutcome, ItemResult } from "../writes/batch.ts";
import { planBatch } from "../writes/dry.ts";
import { undoItems } from "../writes/undo-units.ts";
import { finishIfDone, pauseRun } from "./finish-run.ts";
import { itemsOf } from "./items.ts";
import { markBroken } from "./mappings.ts";
import { unitJobs } from "./on-enumerate.ts";
import { addUnits, changedByRuns, finishUnit, type Guard, type RunRow, type UnitRow } from "./run-store.ts";
import { guardOf, guardTrips, leftOver, tallyOf } from "./tally.ts";
import { type RunMapping, valuesOf } from "./values.ts";

/** What the units of one job share; read once. */
export type RunContext = {
  workspaceId: string;
  /** As the last unit of this job left it. */
  run: RunRow;
  mappings: RunMapping[];
  timeZone: string;
  crm: Crm;
  properties(objectType: ObjectType): Promise<Map<string, Property>>;
};

/** @returns false when the run can't go on now (paused, cancelled, connection gone) */
export async function runUnit(house: House, context: RunContext, unit: UnitRow): Promise<boolean> {
  const { workspaceId, run } = context;
  const { crm: crmType, object_type: objectType } = unit.spec;
  const crm = unit.spec.bulk ? byBulk(context.crm) : context.crm;
  const items = await buildItems(house, context, unit, await context.properties(objectType));
  const batch: Batch = {
    ...{ workspaceId, crm: crmType, objectType, runId: run.id, trigger: run.trigger },
    ...{ skillRunId: run.trigger_skill_run_id, initiatedBy: run.initiated_by, attempt: unit.attempt, items },
  };
  const watch = watchGuard(context, crmType, objectType);
  const settled = (tx: Tx, results: ItemResult[]) => account(tx, house, context, unit, crm, results, watch.counted());
  const engine = { ...house, crm, leaseMs: house.config.leaseMs };
  const outcome =
    run.kind === "dry_run"
      ? await planBatch(engine, batch, settled)
      : await applyBatch(engine, batch, { allow: watch.allow, settled });
  return afterUnit(house, context, unit, outcome, watch.tripped());
}

/** Looks at the decisions before they are sent: a run that would replace too much of what others wrote pauses and asks. */
function watchGuard(context: RunContext, crmType: CrmType, objectType: ObjectType) {
  let counted: Guard = {};
  let tripped: string | null = null;
  const allow: NonNullable<BatchHooks["allow"]> = async (decided) => {
    const { run } = context;
    const guard = guardOf(decided);
    const before = run.totals.guard ?? {};
    const mappings = context.mappings.filter((one) => one.crm === crmType && one.objectType === objectType).length;
    const total = {
      ...before,
      filled: (before.filled ?? 0) + (guard.filled ?? 0),
      replaced: (before.replaced ?? 0) + (guard.replaced ?? 0),
    };
    const records = ((before.decided ?? 0) + decided.length) / Math.max(1, mappings);
    tripped = run.kind === "sync" && !run.confirmed ? guardTrips(total, records) : null;
    if (tripped === null) counted = guard;
    return tripped === null;
  };
  return { allow, counted: () => counted, tripped: () => tripped };
}

/**
 * Counts what was settled and puts off what was not, in the transaction that settles.
 * @returns false when nothing was counted: the unit was stopped, is in other hands, or was counted before
 */
async function account(
  tx: Tx,
  house: House,
  context: RunContext,
  unit: UnitRow,
  crm: Crm,
  results: ItemResult[],
  planned: Guard,
): Promise<boolean> {
  const { workspaceId, run } = context;
  // Stopped before anything was sent: the unit stays open for the resume.
  if (stopped(results)) return false;
  const tally = tallyOf(results);
  tally.totals.guard = { ...tally.totals.guard, ...planned };
  const left = leftOver(unit.spec, results);
  if (left && allHeld(results)) {
    // Somebody is at work on all of it, perhaps on this very unit: it is theirs to count. Look again when they are done.
    await house.queue.enqueue(tx, unitJobs(workspaceId, run.id, [unit], left.notBefore));
    return false;
  }
  const units = left ? 0 : -1;
  const add = { units, ...tally, crmCalls: callsOf(crm, unit, results) };
  const now = await finishUnit(tx, workspaceId, run.id, unit.key, add);
  if (!now) return false;
  context.run = now;
  if (left) {
    const key = `${unit.key}~`;
    const { spec, notBefore } = left;
    await addUnits(tx, workspaceId, run.id, [{ key, spec, attempt: unit.attempt + 1, notBefore }]);
    await house.queue.enqueue(tx, unitJobs(workspaceId, run.id, [{ key, spec }], notBefore));
  }
  const { attempted, failed } = now.totals.guard ?? {};
  const trips = run.kind === "sync" && !now.confirmed ? guardTrips({ attempted, failed }, 0) : null;
  if (trips !== null && now.status === "running" && now.open_units > 0) {
    await pauseRun(tx, house, workspaceId, run.id, "guard", trips);
  } else await finishIfDone(tx, house, workspaceId, now);
  return true;
}

async function afterUnit(
  house: House,
  context: RunContext,
  unit: UnitRow,
  outcome: BatchOutcome,
  tripped: string | null,
): Promise<boolean> {
  const { workspaceId, run } = context;
  const gone = outcome.results.flatMap((result) =>
    result.kind === "error" && result.code === "unknown_property" ? [result.item.property.name] : [],
  );
  if (gone.length > 0 || tripped !== null || outcome.fatal) {
    await house.db.withWorkspace(workspaceId, async (tx) => {
      await breakMappings(tx, house, workspaceId, unit, new Set(gone));
      if (tripped !== null) await pauseRun(tx, house, workspaceId, run.id, "guard", tripped);
      else if (outcome.fatal) await pauseRun(tx, house, workspaceId, run.id, "connection", connectionGone);
    });
  }
  return tripped === null && !outcome.fatal && context.run.status === "running" && !stopped(outcome.results);
}

const connectionGone = "The connection to the CRM was withdrawn. Reconnect it, and this run goes on by itself.";

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
  const mappings = context.mappings.filter(
    (one) =>
      one.crm === crm &&
      one.objectType === objectType &&
      // A mapping that was paused, broken or deleted since is left alone; a dry run may look at a paused one.
      (one.status === "active" || (run.kind === "dry_run" && one.status === "paused")),
  );
  const values = await house.db.withWorkspace(workspaceId, (tx) =>
    valuesOf(tx, scope, mappings, ids, changedByRuns(run.spec)),
  );
  const wanted = only ? new Set(only.map((pair) => pair.join(" "))) : null;
  const chosen = wanted ? values.filter(({ id, mappingId }) => wanted.has(`${id} ${mappingId}`)) : values;
  const plan = {
    ...{ timeZone: context.timeZone, adopt: run.spec.adopt ?? false },
    retryRefused: run.kind === "retry",
  };
  const { items, missing } = itemsOf(chosen, mappings, properties, plan, house.clock);
  if (missing.length > 0) {
    const names = new Set(missing.map(({ propertyName }) => propertyName));
    await house.db.withWorkspace(workspaceId, (tx) => breakMappings(tx, house, workspaceId, unit, names));
  }
  return items;
}

/** A property that is gone in the CRM stops its mappings, and what was discovered is forgotten. */
async function breakMappings(
  tx: Tx,
  house: House,
  workspaceId: string,
  unit: UnitRow,
  properties: Set<string>,
): Promise<void> {
  const { crm, object_type: objectType } = unit.spec;
  for (const property of properties) {
    const because = `The property "${property}" does not exist in the CRM any more. Make it again, or map another one.`;
    await markBroken(tx, workspaceId, house.clock.now(), { crm, objectType, property, because });
  }
  if (properties.size > 0) await dropProperties(tx, workspaceId, crm, objectType);
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

function stopped(results: ItemResult[]): boolean {
  return results.some((result) => result.kind === "deferred" && result.why === "not_allowed");
}

function allHeld(results: ItemResult[]): boolean {
  return results.every((result) => result.kind === "deferred" && result.why === "held");
}

function callsOf(crm: Crm, unit: UnitRow, results: ItemResult[]): number {
  const read = Math.ceil(unit.spec.record_ids.length / crm.shape.readBatchMax);
  const written = new Set(results.filter((result) => result.kind === "written").map(({ item }) => item.id)).size;
  return read + Math.ceil(written / crm.shape.writeBatchMax);
}
