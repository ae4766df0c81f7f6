/** The end of a run, however it comes: done, cancelled, paused, failed. Always in the caller's transaction. */
import { raiseAlert, resolveAlert } from "../connections/alerts.ts";
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import { type RunRow, setRunStatus } from "./run-store.ts";

/** Completes a run whose last unit is done; anything else is left as it is. */
export async function finishIfDone(
  tx: Tx,
  house: Pick<House, "clock">,
  workspaceId: string,
  run: RunRow,
): Promise<void> {
  if (!run.enumerated || run.open_units > 0 || run.status !== "running") return;
  const failed = Object.values(run.totals.errors ?? {}).some((n) => n > 0);
  const now = house.clock.now();
  await setRunStatus(tx, workspaceId, run.id, failed ? "completed_with_errors" : "completed", { finishedAt: now });
  await resolveAlert(tx, workspaceId, now, { kind: "run_paused", subject: run.id });
  if (run.kind !== "sync" && run.kind !== "retry") return;
  // Each mapping shows how its own last sync went.
  const results = Object.entries(run.by_mapping).map(([id, counts]) => ({
    id,
    status: Object.keys(counts.errors ?? {}).length > 0 ? "completed_with_errors" : "completed",
    error: Object.keys(counts.errors ?? {})[0] ?? null,
  }));
  if (results.length === 0) return;
  await tx`
    update crm_property_mappings m set last_synced_at = ${now}, last_sync_status = r.status, last_sync_error = r.error
    from jsonb_to_recordset(${tx.json(results)}) as r(id uuid, status text, error text)
    where m.workspace_id = ${workspaceId} and m.id = r.id`;
}

/** Pauses a run that runs: its units stay open, and resuming works them off. One that was cancelled stays cancelled. */
export async function pauseRun(
  tx: Tx,
  house: Pick<House, "clock">,
  workspaceId: string,
  runId: string,
  pauseKind: "guard" | "connection" | "quota",
  reason: string,
): Promise<void> {
  const paused = await tx`
    update sync_runs set status = 'paused', status_reason = ${reason}, pause_kind = ${pauseKind}
    where workspace_id = ${workspaceId} and id = ${runId} and status = 'running' returning 1`;
  if (paused.length > 0 && pauseKind === "guard") {
    await raiseAlert(tx, workspaceId, house.clock.now(), { kind: "run_paused", subject: runId, message: reason });
  }
}

/** A job of the run failed for the last time. */
export async function failRun(house: House, workspaceId: string, runId: string, error: unknown): Promise<void> {
  house.log.error("writeback.run_failed", { runId, reason: error instanceof Error ? error.message : String(error) });
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const reason =
      "Pandora met a fault of its own and stopped this run. What was written stays written and is in the log.";
    const rows = await tx`
      update sync_runs set status = 'failed', status_reason = ${reason}, finished_at = ${house.clock.now()}
      where workspace_id = ${workspaceId} and id = ${runId} and status in ('queued', 'running', 'paused') returning 1`;
    if (rows.length > 0) {
      await raiseAlert(tx, workspaceId, house.clock.now(), { kind: "run_failed", subject: runId, message: reason });
    }
  });
}
