/** Runs and the log of what they wrote. */
import type { Change, Client, ListOf, LogEntry, LogStatus, Once, Run } from "@pandora/hs-shared";

const place = "crm-writeback/runs";

export function startRun(client: Client, kind: "dry_run" | "sync", body: Once & { mapping_ids?: string[] }) {
  return client.send<Run>("POST", kind === "sync" ? "crm-writeback/sync-all" : "crm-writeback/dry-run", body);
}

export function getRun(client: Client, id: string) {
  return client.get<Run>(`${place}/${id}`);
}

export function pageOfRuns(client: Client, cursor?: string) {
  return client.get<ListOf<Run>>(place, { limit: 10, cursor });
}

export type RunAct = "cancel" | "resume" | "undo" | "retry-failed";

export function actOnRun(client: Client, { id, act, ...body }: Once & { id: string; act: RunAct }) {
  return client.send<Run>("POST", `${place}/${id}/${act}`, body);
}

export type Decision = "write" | "skip" | "error";

export function listChanges(client: Client, id: string, asked: { decision?: Decision; cursor?: string }) {
  return client.get<ListOf<Change>>(`${place}/${id}/changes`, { ...asked, limit: 10 });
}

export type LogAsked = { mapping_id?: string; record_id?: string; run_id?: string; status?: LogStatus };

export function listLog(client: Client, asked: LogAsked & { cursor?: string; limit?: number }) {
  return client.get<ListOf<LogEntry>>("crm-writeback/log", { limit: 20, ...asked });
}

export function exportLink(client: Client, body: Once & LogAsked) {
  return client.send<{ url: string; expires_at: string }>("POST", "crm-writeback/log/export-link", body);
}

export function undoWrite(client: Client, { id, ...body }: Once & { id: string }) {
  return client.send<LogEntry>("POST", `crm-writeback/log/${id}/undo`, body);
}
