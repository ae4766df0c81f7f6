/** SQL that closes log rows: settled writes, refused ones, and decisions not to write. */
import type { SkipReason } from "../contract/reasons.ts";
import type { Tx } from "../db.ts";
import { timeOf } from "../ids.ts";
import type { RawValue } from "./planned.ts";
import type { Scope } from "./store.ts";

export type Settled = {
  logId: string;
  status: "success" | "error" | "cancelled";
  code: string | null;
  message: string | null;
  httpStatus: number | null;
};

/** Settles pending rows; a row that somebody else settled already stays as it is. Marks what an undo took back. */
export async function settleLog(tx: Tx, workspaceId: string, now: Date | null, settled: Settled[]): Promise<void> {
  const done = settled.filter((row) => row.status === "success");
  if (done.length > 0) await settleSuccess(tx, workspaceId, now, done);
  const failed = settled.filter((row) => row.status !== "success");
  if (failed.length === 0) return;
  const rows = failed.map((row) => ({ ...row, createdAt: timeOf(row.logId).toISOString() }));
  await tx`
    update crm_write_log l set status = r.status, error_code = r.code, error_message = r.message,
      http_status_code = r."httpStatus", settled_at = coalesce(${now}::timestamptz, now())
    from jsonb_to_recordset(${tx.json(rows)}) as r("logId" uuid, "createdAt" timestamptz, status text, code text,
      message text, "httpStatus" int)
    where l.workspace_id = ${workspaceId} and l.created_at = r."createdAt" and l.id = r."logId" and l.status = 'pending'`;
}

/** The usual end: only ids travel. `httpStatus` null: learnt by reading, not by an answer. */
async function settleSuccess(tx: Tx, workspaceId: string, now: Date | null, done: Settled[]): Promise<void> {
  const times = done.map((row) => timeOf(row.logId).getTime());
  const rows = await tx<{ id: string; undoes: string | null }[]>`
    update crm_write_log l set status = 'success', http_status_code = ${done[0]!.httpStatus},
      error_code = null, error_message = null, settled_at = coalesce(${now}::timestamptz, now())
    from jsonb_array_elements_text(${tx.json(done.map((row) => row.logId))}) as r(id)
    where l.workspace_id = ${workspaceId} and l.id = r.id::uuid and l.status = 'pending'
      and l.created_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}
    returning l.id, l.undoes`;
  const undone = rows.flatMap(({ id, undoes }) => (undoes === null ? [] : [{ id, undoes }]));
  if (undone.length === 0) return;
  // The ids tell when their rows were made: without that, the log of all months is looked through.
  const made = undone.map(({ undoes }) => timeOf(undoes).getTime());
  await tx`
    update crm_write_log l set undone_by = r.id
    from jsonb_to_recordset(${tx.json(undone)}) as r(id uuid, undoes uuid)
    where l.workspace_id = ${workspaceId} and l.id = r.undoes
      and l.created_at between ${new Date(Math.min(...made))} and ${new Date(Math.max(...made))}`;
}

/** A definite refusal (429, lock) means nothing was done: the intent goes as if it had not been. */
export async function dropIntents(tx: Tx, workspaceId: string, logIds: string[]): Promise<void> {
  if (logIds.length === 0) return;
  const times = logIds.map((id) => timeOf(id).getTime());
  await tx`
    delete from crm_write_log where workspace_id = ${workspaceId} and id in ${tx(logIds)} and status = 'pending'
      and created_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}`;
}

export type Decided = {
  logId: string;
  id: string;
  property: string;
  mappingId: string | null;
  raw: RawValue;
  current: string | null;
  version: number | null;
  undoes: string | null;
  status: "skipped" | "error";
  reason: SkipReason | null;
  code: string | null;
  message: string | null;
};

/** Logs decisions that led to no call. */
export async function logDecisions(
  tx: Tx,
  context: Scope & {
    runId: string | null;
    trigger: string;
    skillRunId: string | null;
    initiatedBy: string;
    now: Date | null;
  },
  decided: Decided[],
): Promise<void> {
  if (decided.length === 0) return;
  const rows = decided.map((row) => ({ ...row, createdAt: timeOf(row.logId).toISOString() }));
  await tx`
    insert into crm_write_log (id, workspace_id, mapping_id, run_id, crm_type, crm_object_type, crm_record_id,
      crm_property_name, raw_value, previous_value, value_version, status, skip_reason, error_code, error_message,
      trigger_source, trigger_skill_run_id, initiated_by, undoes, created_at, settled_at)
    select r."logId", ${context.workspaceId}, r."mappingId", ${context.runId}, ${context.crm}, ${context.objectType}, r.id,
      r.property, r.raw, r.current, r.version, r.status, r.reason, r.code, r.message,
      ${context.trigger}, ${context.skillRunId}, ${context.initiatedBy}, r.undoes, r."createdAt",
      coalesce(${context.now}::timestamptz, now())
    from jsonb_to_recordset(${tx.json(rows as never)}) as r("logId" uuid, id text, property text, "mappingId" uuid, raw jsonb,
      current text, version bigint, undoes uuid, status text, reason text, code text, message text, "createdAt" timestamptz)`;
}
