/** SQL of runs and their units. Totals are added in the transaction that settles, so that nothing is counted twice. */
import type { RunKind, RunStatus } from "../contract/runs.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

/** What a run is to do; fixed at its start. */
export type RunSpec = {
  mapping_ids: string[];
  /** After skill runs: only what they changed. */
  skill_run_ids?: string[];
  /** The same, of a run that was stored before runs could coalesce. */
  skill_run_id?: string;
  /** Overwrite filled values that Pandora never wrote. */
  adopt?: boolean;
  /** Undo and retry: of this run. */
  source_run_id?: string;
};

/** One unit: up to 200 records of one object in one CRM. */
export type UnitSpec = {
  crm: CrmType;
  object_type: ObjectType;
  record_ids: string[];
  /** Salesforce, many records, no read: written by one bulk job. */
  bulk?: boolean;
  /** Only these record and mapping pairs; absent = all mappings of the run. */
  only?: [string, string][];
  /** Undo: the log rows to take back. */
  log_ids?: string[];
};

export type UnitRow = { key: string; spec: UnitSpec; attempt: number };

export type Counts = {
  done?: number;
  written?: number;
  already_current?: number;
  skipped?: Record<string, number>;
  errors?: Record<string, number>;
};
export type Guard = { filled?: number; replaced?: number; attempted?: number; failed?: number; decided?: number };

export type RunRow = {
  id: string;
  kind: RunKind;
  trigger: string;
  trigger_skill_run_id: string | null;
  status: RunStatus;
  status_reason: string | null;
  pause_kind: "guard" | "connection" | "quota" | null;
  spec: RunSpec;
  open_units: number;
  enumerated: boolean;
  enumerate_cursor: string | null;
  confirmed: boolean;
  records: number;
  totals: Counts & { guard?: Guard };
  by_mapping: Record<string, Counts>;
  crm_calls: number;
  initiated_by: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
};

/** The skill runs whose changes a run writes; null: it writes whatever there is. */
export function changedByRuns(spec: RunSpec): string[] | null {
  return spec.skill_run_ids ?? (spec.skill_run_id ? [spec.skill_run_id] : null);
}

export async function readRun(tx: Tx, workspaceId: string, runId: string, lock = false): Promise<RunRow | null> {
  const [row] = await tx<RunRow[]>`
    select * from sync_runs where workspace_id = ${workspaceId} and id = ${runId} ${lock ? tx`for update` : tx``}`;
  return row ?? null;
}

export async function insertRun(
  tx: Tx,
  workspaceId: string,
  run: Pick<RunRow, "id" | "kind" | "trigger" | "trigger_skill_run_id" | "spec" | "initiated_by" | "created_at">,
): Promise<void> {
  await tx`
    insert into sync_runs (workspace_id, id, kind, trigger, trigger_skill_run_id, status, spec, initiated_by, created_at)
    values (${workspaceId}, ${run.id}, ${run.kind}, ${run.trigger}, ${run.trigger_skill_run_id}, 'queued',
      ${tx.json(run.spec)}, ${run.initiated_by}, ${run.created_at})`;
}

/** Adds units (once: a page enumerated again adds nothing) and says how many are new. */
export async function addUnits(
  tx: Tx,
  workspaceId: string,
  runId: string,
  units: { key: string; spec: UnitSpec; attempt: number; notBefore: Date | null }[],
): Promise<number> {
  if (units.length === 0) return 0;
  const rows = units.map((unit) => ({ ...unit, notBefore: unit.notBefore?.toISOString() ?? null }));
  const added = await tx`
    insert into sync_units (workspace_id, run_id, unit_key, status, spec, attempt, not_before)
    select ${workspaceId}, ${runId}, u.key, 'open', u.spec, u.attempt, u."notBefore"
    from jsonb_to_recordset(${tx.json(rows)}) as u(key text, spec jsonb, attempt int, "notBefore" timestamptz)
    on conflict do nothing returning 1`;
  return added.length;
}

export async function openUnits(tx: Tx, workspaceId: string, runId: string, keys: string[] | null): Promise<UnitRow[]> {
  return tx<UnitRow[]>`
    select unit_key as key, spec, attempt from sync_units
    where workspace_id = ${workspaceId} and run_id = ${runId} and status = 'open'
      ${keys === null ? tx`` : tx`and unit_key in ${tx(keys)}`}
    order by unit_key`;
}

export type RunProgress = {
  units: number;
  records?: number;
  totals?: Counts & { guard?: Guard };
  byMapping?: Record<string, Counts>;
  crmCalls?: number;
};

/**
 * Finishes a unit and counts what it did, in one statement.
 * @returns the run as it is now, or null when the unit was finished before: then nothing of it is counted again
 */
export async function finishUnit(
  tx: Tx,
  workspaceId: string,
  runId: string,
  key: string,
  add: RunProgress,
): Promise<RunRow | null> {
  const [row] = await tx<RunRow[]>`
    with finished as (
      update sync_units set status = 'done', spec = '{}' where workspace_id = ${workspaceId} and run_id = ${runId}
        and unit_key = ${key} and status = 'open' returning 1
    )
    update sync_runs set
      open_units = open_units + ${add.units},
      totals = add_counts(totals, ${tx.json((add.totals ?? {}) as never)}),
      by_mapping = add_counts(by_mapping, ${tx.json((add.byMapping ?? {}) as never)}),
      crm_calls = crm_calls + ${add.crmCalls ?? 0}
    where workspace_id = ${workspaceId} and id = ${runId} and exists (select 1 from finished) returning *`;
  return row ?? null;
}

/** Adds to a run's counters in one statement and answers what it looks like now. */
export async function addProgress(tx: Tx, workspaceId: string, runId: string, add: RunProgress): Promise<RunRow> {
  const [row] = await tx<RunRow[]>`
    update sync_runs set
      open_units = open_units + ${add.units}, records = records + ${add.records ?? 0},
      totals = add_counts(totals, ${tx.json((add.totals ?? {}) as never)}),
      by_mapping = add_counts(by_mapping, ${tx.json((add.byMapping ?? {}) as never)}),
      crm_calls = crm_calls + ${add.crmCalls ?? 0}
    where workspace_id = ${workspaceId} and id = ${runId} returning *`;
  return row!;
}

export async function setRunStatus(
  tx: Tx,
  workspaceId: string,
  runId: string,
  status: RunStatus,
  set: {
    reason?: string | null;
    pauseKind?: RunRow["pause_kind"];
    finishedAt?: Date;
    startedAt?: Date;
    confirmed?: boolean;
  },
): Promise<void> {
  await tx`
    update sync_runs set status = ${status}, status_reason = ${set.reason ?? null}, pause_kind = ${set.pauseKind ?? null},
      finished_at = coalesce(${set.finishedAt ?? null}::timestamptz, finished_at),
      started_at = coalesce(started_at, ${set.startedAt ?? null}::timestamptz),
      confirmed = confirmed or ${set.confirmed ?? false}
    where workspace_id = ${workspaceId} and id = ${runId}`;
}
