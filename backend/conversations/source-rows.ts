/** What a source's row remembers of its deliveries: how many, the refused ones with the reason, and what went wrong. */
import { createHash } from "node:crypto";
import type { Tx } from "../db.ts";

export type SourcePlace = { workspaceId: string; sourceId: string; now: Date };

/** An admin reads the last few; the rest would only repeat them. */
const refusalsKept = 200;

/** @param accepted ids that could be read now: what was refused before under them is settled */
export async function putRefusals(
  tx: Tx,
  { workspaceId, sourceId, now }: SourcePlace,
  refused: readonly { external_id: string | null; reason: string }[],
  accepted: readonly string[],
): Promise<void> {
  if (accepted.length > 0) {
    await tx`
      delete from source_refusals s using jsonb_array_elements_text(${tx.json(accepted as never)}) as r(id)
      where s.workspace_id = ${workspaceId} and s.source_id = ${sourceId} and s.external_id = r.id`;
  }
  if (refused.length === 0) return;
  // One row per id: the statement can't touch a row twice. What has no id is told apart by its reason.
  const rows = new Map(refused.map((one) => [one.external_id ?? nameless(one.reason), one.reason]));
  const latest = [...rows].slice(-refusalsKept).map(([external_id, reason]) => ({ external_id, reason }));
  await tx`
    insert into source_refusals (workspace_id, source_id, external_id, reason, refused_at)
    select ${workspaceId}, ${sourceId}, r.external_id, r.reason, ${now}
    from jsonb_to_recordset(${tx.json(latest)}) as r(external_id text, reason text)
    on conflict (workspace_id, source_id, external_id) do update set reason = excluded.reason, refused_at = excluded.refused_at`;
  await tx`
    delete from source_refusals where workspace_id = ${workspaceId} and source_id = ${sourceId} and external_id in (
      select external_id from source_refusals where workspace_id = ${workspaceId} and source_id = ${sourceId}
      order by refused_at desc, external_id offset ${refusalsKept})`;
}

export async function countReceived(
  tx: Tx,
  { workspaceId, sourceId, now }: SourcePlace,
  received: number,
  refused: number,
): Promise<void> {
  if (received === 0) return;
  await tx`
    update sources set received = received + ${received}, refused = refused + ${refused}, last_seen_at = ${now}
    where workspace_id = ${workspaceId} and id = ${sourceId}`;
}

function nameless(reason: string): string {
  return `(no id) ${createHash("sha256").update(reason).digest("hex").slice(0, 12)}`;
}
