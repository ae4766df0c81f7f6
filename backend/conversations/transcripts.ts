/** What was said, opened for whoever may read it; deleted when its time is over. */
import type { House } from "../connections/house.ts";
import { type KeyRing, unseal } from "../connections/vault.ts";
import type { Tx } from "../db.ts";
import { transcriptPlace } from "./ingest-store.ts";

/** @returns the longest transcript of each conversation that has one, by conversation id */
export async function readTranscripts(
  tx: Tx,
  keys: KeyRing,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx<{ conversation_id: string; text_sealed: string }[]>`
    select distinct on (t.conversation_id) t.conversation_id, t.text_sealed
    from conversation_transcripts t join jsonb_array_elements_text(${tx.json(conversationIds as never)}) as w(id)
      on t.workspace_id = ${workspaceId} and t.conversation_id = w.id::uuid
    order by t.conversation_id, length(t.text_sealed) desc, t.source_id, t.external_id`;
  const place = transcriptPlace(workspaceId);
  return new Map(rows.map((row) => [row.conversation_id, unseal(keys, place, row.text_sealed)]));
}

/** Daily, by the workspace's housekeeping. What was counted in them (signals) stays with the conversation. */
export async function deleteOldTranscripts(
  house: Pick<House, "db" | "clock" | "log">,
  workspaceId: string,
): Promise<void> {
  const now = house.clock.now();
  const gone = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      delete from conversation_transcripts where workspace_id = ${workspaceId} and delete_after <= ${now} returning 1`,
  );
  if (gone.length > 0) house.log.info("conversations.transcripts_deleted", { workspaceId, count: gone.length });
}
