/** Cuts a run into units of up to 200 records, a page of 1,000 records a job, so that a run of any size stays small. */
import type { House } from "../connections/house.ts";
import { bulkFrom } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { NewJob } from "../jobs/kinds.ts";
import { unitsOfUndo } from "../writes/undo-units.ts";
import { finishIfDone } from "./finish-run.ts";
import { unitsOfRetry } from "./retry-units.ts";
import {
  addProgress,
  addUnits,
  changedByRuns,
  type RunRow,
  readRun,
  setRunStatus,
  type UnitSpec,
} from "./run-store.ts";
import { countRecords, pageOfRecords, type RunMapping, readRunMappings } from "./values.ts";

/** Records in one unit: one read and one write call in Salesforce, two of each in HubSpot. */
export const unitSize = 200;
/** Units in one job; a job that dies is worked off again from its first open unit. */
export const unitsPerJob = 5;
const pageSize = unitSize * unitsPerJob;
/** Records in one bulk job: Salesforce's own internal batch. */
const bulkPageSize = 10_000;

/** By name, not by place: a group whose mappings are deleted meanwhile does not move the others. */
type Cursor = { group: string; after: string };

export async function onEnumerate(
  house: House,
  payload: { workspace_id: string; run_id: string; cursor: string | null },
): Promise<void> {
  const { workspace_id: workspaceId, run_id: runId } = payload;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const run = await readRun(tx, workspaceId, runId, true);
    // Delivered twice, paused or cancelled: whoever moved the cursor on enqueued what follows.
    if (!run || run.enumerated || run.enumerate_cursor !== payload.cursor) return;
    if (run.status !== "queued" && run.status !== "running") return;
    if (run.status === "queued") {
      await setRunStatus(tx, workspaceId, runId, "running", { startedAt: house.clock.now() });
    }
    if (run.kind === "undo" || run.kind === "retry") {
      const units =
        run.kind === "undo"
          ? await unitsOfUndo(tx, workspaceId, run.spec.source_run_id!)
          : await unitsOfRetry(tx, workspaceId, run.spec);
      await publish(tx, house, workspaceId, runId, units, "all");
      await addProgress(tx, workspaceId, runId, { units: 0, records: distinctRecords(units) });
      await endEnumeration(tx, house, workspaceId, runId);
      return;
    }
    await enumeratePage(tx, house, workspaceId, run, payload.cursor);
  });
}

async function enumeratePage(
  tx: Tx,
  house: House,
  workspaceId: string,
  run: RunRow,
  cursorText: string | null,
): Promise<void> {
  const mappings = await readRunMappings(tx, workspaceId, run.spec.mapping_ids);
  const groups = groupsOf(mappings);
  const asked: Cursor = cursorText === null ? { group: "", after: "" } : (JSON.parse(cursorText) as Cursor);
  const at = groups.findIndex((one) => groupName(one) >= asked.group);
  const group = groups[at];
  if (!group) return endEnumeration(tx, house, workspaceId, run.id);
  const cursor: Cursor = { group: groupName(group), after: groupName(group) === asked.group ? asked.after : "" };
  const { crm, objectType } = group[0]!;
  const scope = { workspaceId, crm, objectType };
  const skillRunIds = changedByRuns(run.spec);
  if (cursorText === null) {
    let records = 0;
    for (const each of groups)
      records += await countRecords(
        tx,
        { workspaceId, crm: each[0]!.crm, objectType: each[0]!.objectType },
        each,
        skillRunIds,
      );
    await addProgress(tx, workspaceId, run.id, { units: 0, records });
  }
  // Bulk writes long after it was asked to: only for mappings that gave up reading first.
  const mayBulk = crm === "salesforce" && group.every((mapping) => mapping.skipRead);
  const limit = mayBulk ? bulkPageSize : pageSize;
  const ids = await pageOfRecords(tx, scope, group, { after: cursor.after, limit, skillRunIds });
  const bulk = mayBulk && ids.length > bulkFrom;
  const units: UnitSpec[] = [];
  for (let at = 0; at < ids.length; at += bulk ? bulkPageSize : unitSize) {
    const record_ids = ids.slice(at, at + (bulk ? bulkPageSize : unitSize));
    units.push({ crm, object_type: objectType, record_ids, ...(bulk ? { bulk: true } : {}) });
  }
  await publish(tx, house, workspaceId, run.id, units, `${cursor.group}:${cursor.after}`);
  const following = groups[at + 1];
  if (ids.length < limit && !following) return endEnumeration(tx, house, workspaceId, run.id);
  const next: Cursor =
    ids.length < limit ? { group: groupName(following!), after: "" } : { group: cursor.group, after: ids.at(-1)! };
  const nextText = JSON.stringify(next);
  await tx`update sync_runs set enumerate_cursor = ${nextText} where workspace_id = ${workspaceId} and id = ${run.id}`;
  await house.queue.enqueue(tx, {
    kind: "run.enumerate",
    payload: { workspace_id: workspaceId, run_id: run.id, cursor: nextText },
  });
}

/** Stores units and the jobs that work them off, in one transaction. */
async function publish(
  tx: Tx,
  house: House,
  workspaceId: string,
  runId: string,
  units: UnitSpec[],
  prefix: string,
): Promise<void> {
  const keyed = units.map((spec, index) => ({
    key: `${prefix}#${String(index).padStart(6, "0")}`,
    spec,
    attempt: 0,
    notBefore: null,
  }));
  const added = await addUnits(tx, workspaceId, runId, keyed);
  if (added > 0) await addProgress(tx, workspaceId, runId, { units: added });
  await house.queue.enqueue(
    tx,
    unitJobs(
      workspaceId,
      runId,
      keyed.map(({ key, spec }) => ({ key, spec })),
    ),
  );
}

/**
 * Jobs for units, each of one CRM and object: a job opens one CRM for all its units. Salesforce has at most one writer
 * per object and connection, so its units go in turn.
 */
export function unitJobs(
  workspaceId: string,
  runId: string,
  units: { key: string; spec: UnitSpec }[],
  startAfter?: Date,
): NewJob[] {
  const groups = Map.groupBy(units, ({ spec }) => `${spec.crm}:${spec.object_type}`);
  return [...groups.values()].flatMap((group) => jobsOfGroup(workspaceId, runId, group, startAfter));
}

function jobsOfGroup(
  workspaceId: string,
  runId: string,
  units: { key: string; spec: UnitSpec }[],
  startAfter: Date | undefined,
): NewJob[] {
  const jobs: NewJob[] = [];
  for (let at = 0; at < units.length; at += unitsPerJob) {
    const part = units.slice(at, at + unitsPerJob);
    const { crm, object_type } = part[0]!.spec;
    const common = {
      payload: { workspace_id: workspaceId, run_id: runId, unit_keys: part.map(({ key }) => key) },
      ...(startAfter ? { startAfter } : {}),
    };
    jobs.push(
      crm === "salesforce"
        ? { kind: "run.units-in-turn", key: `${workspaceId}:${crm}:${object_type}`, ...common }
        : { kind: "run.units", ...common },
    );
  }
  return jobs;
}

async function endEnumeration(tx: Tx, house: House, workspaceId: string, runId: string): Promise<void> {
  await tx`update sync_runs set enumerated = true where workspace_id = ${workspaceId} and id = ${runId}`;
  const run = await readRun(tx, workspaceId, runId);
  if (run) await finishIfDone(tx, house, workspaceId, run);
}

/** In order of their names. */
function groupsOf(mappings: RunMapping[]): RunMapping[][] {
  const groups = [...Map.groupBy(mappings, ({ crm, objectType }) => `${crm}:${objectType}`).values()];
  return groups.sort((one, two) => (groupName(one) < groupName(two) ? -1 : 1));
}

function groupName(group: RunMapping[]): string {
  return `${group[0]!.crm}:${group[0]!.objectType}`;
}

function distinctRecords(units: UnitSpec[]): number {
  return new Set(units.flatMap((unit) => unit.record_ids.map((id) => `${unit.crm}:${unit.object_type}:${id}`))).size;
}
