/** Runs as people see them: start, watch, cancel, resume, undo, retry. */
import { randomUUID } from "node:crypto";
import { resolveAlert } from "../connections/alerts.ts";
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import type { ListOf } from "../contract/common.ts";
import type { Run } from "../contract/runs.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { finishIfDone } from "./finish-run.ts";
import { unitJobs } from "./on-enumerate.ts";
import { insertRun, openUnits, type RunRow, type RunSpec, readRun, setRunStatus } from "./run-store.ts";
import { type MappingNames, toRun } from "./run-view.ts";
import { readRunMappings } from "./values.ts";

export type RunStart = {
  kind: "sync" | "dry_run";
  /** null = all active mappings, whatever their trigger. */
  mappingIds: string[] | null;
  objectTypes: ObjectType[] | null;
  trigger: string;
  initiatedBy: string;
  adopt?: boolean;
  /** Only what these skill runs changed. */
  skillRunIds?: string[];
  /** Started though the connection was withdrawn: it pauses, and goes on when somebody reconnects. */
  mayWait?: boolean;
};

/**
 * Stores a run and the job that works it off.
 * @throws AppError not_found, mapping_not_active (409), nothing_to_do (422), not_connected | needs_reconnect (409)
 */
export function startRun(house: House, workspaceId: string, start: RunStart): Promise<Run> {
  return house.db.withWorkspace(workspaceId, (tx) => startRunIn(tx, house, workspaceId, start));
}

/** The same in the caller's transaction; refuses before it writes anything. */
export async function startRunIn(tx: Tx, house: House, workspaceId: string, start: RunStart): Promise<Run> {
  const mappings = await chosenMappings(tx, workspaceId, start);
  await assertConnected(
    tx,
    workspaceId,
    mappings.map(({ crm }) => crm),
    start.mayWait ?? false,
  );
  const spec: RunSpec = { mapping_ids: mappings.map(({ id }) => id) };
  if (start.adopt) spec.adopt = true;
  if (start.skillRunIds) spec.skill_run_ids = start.skillRunIds;
  return storeRun(tx, house, workspaceId, { ...start, spec });
}

/** Takes back everything a run wrote, where it still stands. */
export async function undoRun(house: House, workspaceId: string, runId: string, by: string): Promise<Run> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const source = await readRun(tx, workspaceId, runId);
    if (!source) throw notFound("run");
    if (source.kind === "dry_run")
      throw conflict("nothing_to_undo", "A dry run writes nothing, so there is nothing to undo.");
    if (isLive(source))
      throw conflict("run_not_finished", "This run is not finished. Cancel it or wait, then undo it.");
    return storeRun(tx, house, workspaceId, {
      ...{ kind: "undo", trigger: "undo", initiatedBy: by },
      spec: { mapping_ids: [], source_run_id: runId },
    });
  });
}

/** Tries the failed writes of a run again, those the CRM refused for good included. */
export async function retryFailed(house: House, workspaceId: string, runId: string, by: string): Promise<Run> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const source = await readRun(tx, workspaceId, runId);
    if (!source) throw notFound("run");
    if (isLive(source))
      throw conflict("run_not_finished", "This run is not finished. Cancel it or wait, then retry what failed.");
    const failed = await tx<{ mapping_id: string }[]>`
      select distinct mapping_id from crm_write_log
      where workspace_id = ${workspaceId} and run_id = ${runId} and status = 'error' and mapping_id is not null`;
    const ids = failed.map((row) => row.mapping_id);
    const active =
      ids.length === 0 ? [] : (await readRunMappings(tx, workspaceId, ids)).filter(({ status }) => status === "active");
    if (active.length === 0)
      throw conflict("nothing_to_retry", "No write of this run failed under a mapping that is active.");
    return storeRun(tx, house, workspaceId, {
      ...{ kind: "retry", trigger: "retry", initiatedBy: by },
      spec: { mapping_ids: active.map(({ id }) => id), source_run_id: runId },
    });
  });
}

export async function getRun(house: Pick<House, "db" | "clock">, workspaceId: string, runId: string): Promise<Run> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const row = await readRun(tx, workspaceId, runId);
    if (!row) throw notFound("run");
    return shown(tx, house, workspaceId, row);
  });
}

/** Newest first. */
export async function listRuns(
  house: Pick<House, "db" | "clock">,
  workspaceId: string,
  query: { limit: number; cursor?: string },
): Promise<ListOf<Run>> {
  const after = readCursor(query.cursor);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const rows = await tx<RunRow[]>`
      select * from sync_runs where workspace_id = ${workspaceId}
        ${after ? tx`and (date_trunc('milliseconds', created_at), id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', created_at) desc, id desc limit ${query.limit + 1}`;
    const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
    const names = await mappingNames(tx, workspaceId, items);
    return { items: items.map((row) => toRun(row, names, house.clock.now())), next_cursor };
  });
}

/** Stops a run; what is in flight is settled first, then it is called cancelled. */
export async function cancelRun(house: House, workspaceId: string, runId: string, _by: string): Promise<Run> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const row = await readRun(tx, workspaceId, runId, true);
    if (!row) throw notFound("run");
    if (!isLive(row)) throw conflict("run_finished", "This run is finished already. Undo it to take its writes back.");
    if (row.status !== "cancelling") {
      await setRunStatus(tx, workspaceId, runId, "cancelling", {});
      await house.queue.enqueue(tx, {
        kind: "run.cancel",
        payload: { workspace_id: workspaceId, run_id: runId },
        priority: 10,
      });
    }
    return shown(tx, house, workspaceId, (await readRun(tx, workspaceId, runId))!);
  });
}

/** Lets a paused run go on; whoever resumes one that asked has seen the warning. */
export async function resumeRun(house: House, workspaceId: string, runId: string, _by: string): Promise<Run> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const row = await readRun(tx, workspaceId, runId, true);
    if (!row) throw notFound("run");
    if (row.status !== "paused") throw conflict("run_not_paused", "Only a paused run can be resumed.");
    await resume(tx, house, workspaceId, row);
    return shown(tx, house, workspaceId, (await readRun(tx, workspaceId, runId))!);
  });
}

/** Job: a connection works again, so the runs that waited for it go on. */
export async function onConnectionBack(house: House, payload: { workspace_id: string }): Promise<void> {
  const { workspace_id: workspaceId } = payload;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const rows = await tx<RunRow[]>`
      select * from sync_runs where workspace_id = ${workspaceId} and status = 'paused'
        and pause_kind in ('connection', 'quota') for update`;
    for (const row of rows) await resume(tx, house, workspaceId, row);
  });
}

/** Job: a run was cancelled; wait until nothing of it is in flight. */
export async function onCancel(house: House, payload: { workspace_id: string; run_id: string }): Promise<void> {
  const { workspace_id: workspaceId, run_id: runId } = payload;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const [pending] = await tx<{ n: number }[]>`
      select count(*)::int as n from crm_write_log
      where workspace_id = ${workspaceId} and run_id = ${runId} and status = 'pending'`;
    if (pending!.n === 0) {
      await resolveAlert(tx, workspaceId, house.clock.now(), { kind: "run_paused", subject: runId });
      await tx`
        update sync_runs set status = 'cancelled', finished_at = ${house.clock.now()}
        where workspace_id = ${workspaceId} and id = ${runId} and status = 'cancelling'`;
      return;
    }
    // Recovery settles what nobody is working on any more; look again soon.
    const again = new Date(house.clock.now().getTime() + 5_000);
    await house.queue.enqueue(tx, [
      { kind: "writes.recover", payload: { workspace_id: workspaceId }, key: workspaceId },
      { kind: "run.cancel", payload, startAfter: again },
    ]);
  });
}

async function resume(tx: Tx, house: House, workspaceId: string, row: RunRow): Promise<void> {
  await setRunStatus(tx, workspaceId, row.id, "running", { confirmed: row.pause_kind === "guard" });
  const units = await openUnits(tx, workspaceId, row.id, null);
  await house.queue.enqueue(tx, unitJobs(workspaceId, row.id, units));
  // The last writes of a paused run may have settled meanwhile: no unit is left to end it.
  if (row.enumerated) await finishIfDone(tx, house, workspaceId, { ...row, status: "running" });
  else {
    await house.queue.enqueue(tx, {
      kind: "run.enumerate",
      payload: { workspace_id: workspaceId, run_id: row.id, cursor: row.enumerate_cursor },
    });
  }
}

async function chosenMappings(tx: Tx, workspaceId: string, start: RunStart) {
  const found = await readRunMappings(tx, workspaceId, start.mappingIds);
  if (start.mappingIds !== null) {
    const known = new Set(found.map(({ id }) => id));
    if (start.mappingIds.some((id) => !known.has(id))) throw notFound("mapping");
    // A dry run may look at paused mappings: that is what it is for.
    const idle = found.find(({ status }) => status === "broken" || (status === "paused" && start.kind === "sync"));
    if (idle)
      throw conflict(
        "mapping_not_active",
        `The mapping of ${idle.field} is ${idle.status}. Switch it on first, or choose others.`,
      );
  }
  const chosen = found.filter(
    (mapping) =>
      (start.mappingIds !== null || mapping.status === "active") &&
      (start.objectTypes === null || start.objectTypes.includes(mapping.objectType)),
  );
  if (chosen.length === 0) {
    throw new AppError("nothing_to_do", {
      status: 422,
      public: "There is no active mapping to run. Make one, or switch one on.",
    });
  }
  return chosen;
}

async function assertConnected(tx: Tx, workspaceId: string, crms: string[], mayWait: boolean): Promise<void> {
  const rows = await tx<{ crm: string; status: string }[]>`
    select crm, status from crm_connections where workspace_id = ${workspaceId} and crm in ${tx([...new Set(crms)])}`;
  for (const crm of new Set(crms)) {
    const status = rows.find((row) => row.crm === crm)?.status ?? "disconnected";
    if (status === "connected" || (mayWait && status === "needs_reconnect")) continue;
    throw status === "needs_reconnect"
      ? conflict("needs_reconnect", `The connection to ${crm} was withdrawn. Reconnect it first.`)
      : conflict("not_connected", `This workspace is not connected to ${crm}. Connect it first.`);
  }
}

async function storeRun(
  tx: Tx,
  house: House,
  workspaceId: string,
  run: { kind: RunRow["kind"]; trigger: string; initiatedBy: string; spec: RunSpec; skillRunIds?: string[] },
): Promise<Run> {
  const id = randomUUID();
  await insertRun(tx, workspaceId, {
    ...{ id, kind: run.kind, trigger: run.trigger, spec: run.spec, initiated_by: run.initiatedBy },
    trigger_skill_run_id: run.skillRunIds?.at(-1) ?? null,
    created_at: house.clock.now(),
  });
  await house.queue.enqueue(tx, {
    kind: "run.enumerate",
    payload: { workspace_id: workspaceId, run_id: id, cursor: null },
  });
  return shown(tx, house, workspaceId, (await readRun(tx, workspaceId, id))!);
}

async function shown(tx: Tx, house: Pick<House, "clock">, workspaceId: string, row: RunRow): Promise<Run> {
  return toRun(row, await mappingNames(tx, workspaceId, [row]), house.clock.now());
}

async function mappingNames(tx: Tx, workspaceId: string, rows: RunRow[]): Promise<MappingNames> {
  const ids = [...new Set(rows.flatMap((row) => Object.keys(row.by_mapping)))];
  if (ids.length === 0) return new Map();
  const found = await tx<
    {
      id: string;
      crm_type: CrmType;
      pandora_field: string;
      crm_object_type: ObjectType;
      crm_property_name: string;
      crm_property_label: string;
    }[]
  >`
    select id, crm_type, pandora_field, crm_object_type, crm_property_name, crm_property_label
    from crm_property_mappings
    where workspace_id = ${workspaceId} and id in ${tx(ids)}`;
  return new Map(found.map((row) => [row.id, row]));
}

function isLive(row: RunRow): boolean {
  return ["queued", "running", "paused", "cancelling"].includes(row.status);
}

function conflict(code: string, words: string): AppError {
  return new AppError(code, { status: 409, public: words });
}
