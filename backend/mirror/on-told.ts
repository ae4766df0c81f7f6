/** Job mirror.told: the CRM says that records were deleted or merged. Safe to repeat, and in any order. */
import type { House } from "../connections/house.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import type { RecordsChanged } from "./on-import.ts";
import { pausing } from "./pause.ts";
import { markDeleted, markMerged } from "./store.ts";

type ToldPayload = JobPayload<"mirror.told">;

export function onTold(house: House, payload: ToldPayload, recordsChanged: RecordsChanged): Promise<void> {
  const { workspace_id: workspaceId, crm } = payload;
  // A dead connection loses nothing: reconnecting imports anew.
  return pausing(house, { kind: "mirror.round", workspaceId, crm }, () => told(house, payload, recordsChanged));
}

async function told(house: House, payload: ToldPayload, recordsChanged: RecordsChanged): Promise<void> {
  const { workspace_id: workspaceId, crm } = payload;
  const gone = await reallyGone(house, payload);
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const place = { workspaceId, crm, now: house.clock.now() };
    for (const objectType of ["company", "contact", "deal"] as const) {
      const merges = payload.told.flatMap((each) =>
        each.kind === "merged" && each.objectType === objectType
          ? each.losers.map((loser) => ({ loser, winner: each.id }))
          : [],
      );
      const merged = await markMerged(tx, place, objectType, merges);
      const deleted = await markDeleted(tx, place, objectType, gone.get(objectType) ?? []);
      await report(tx, workspaceId, crm, objectType, [...merged, ...deleted], recordsChanged);
    }
  });
}

async function report(
  tx: Tx,
  workspaceId: string,
  crm: CrmType,
  objectType: ObjectType,
  ids: string[],
  recordsChanged: RecordsChanged,
): Promise<void> {
  if (ids.length > 0) await recordsChanged(tx, workspaceId, crm, { [objectType]: [...new Set(ids)] });
}

/** Deletions can arrive after the record was restored: only what the CRM no longer has counts. */
async function reallyGone(house: House, payload: ToldPayload): Promise<Map<ObjectType, string[]>> {
  const gone = new Map<ObjectType, string[]>();
  const deleted = payload.told.filter((each) => each.kind === "deleted");
  if (deleted.length === 0) return gone;
  const crm = await house.openCrm(payload.workspace_id, payload.crm, "background");
  for (const [objectType, same] of Map.groupBy(deleted, (each) => each.objectType)) {
    const ids = [...new Set(same.map((each) => each.id))];
    for (let at = 0; at < ids.length; at += crm.shape.readBatchMax) {
      const part = ids.slice(at, at + crm.shape.readBatchMax);
      const read = await crm.readBatch(objectType, part, []);
      const missing = part.filter((_, n) => {
        const outcome = read[n];
        return outcome && !outcome.ok && outcome.error.kind === "record_gone";
      });
      gone.set(objectType, [...(gone.get(objectType) ?? []), ...missing]);
    }
  }
  return gone;
}
