import type { Client } from "../client.ts";
import type { ListOf, ObjectType, RecordCard, Run, Session } from "../dto.ts";

/** Everything a record card shows, in one read. */
export function recordCard(client: Client, objectType: ObjectType, id: string) {
  return client.get<RecordCard>(`records/${objectType}/${id}`, { crm: "hubspot" });
}

/** Who sits at the screen, and what they may do. */
export function session(client: Client) {
  return client.get<Session>("session");
}

export function listRuns(client: Client, limit: number) {
  return client.get<ListOf<Run>>("crm-writeback/runs", { limit });
}

export function getRun(client: Client, runId: string) {
  return client.get<Run>(`crm-writeback/runs/${runId}`);
}
