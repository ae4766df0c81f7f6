/**
 * Takes a deal back that was made for a call, while nobody else touched it. The wish is stored first: whoever dies in
 * the middle, the job ends it. Contacts and companies that were made along stay, and are named.
 */
import { recordAudit } from "../connections/audit.ts";
import type { House, Lane } from "../connections/house.ts";
import { isPause } from "../connections/open-crm.ts";
import { sightOf } from "../connections/visibility.ts";
import type { Creation } from "../contract/creations.ts";
import { CrmError } from "../crm/errors.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { timeOrderedId } from "../ids.ts";
import { markDeleted } from "../mirror/store.ts";
import { meaningOf, pauseMs } from "./creation-next.ts";
import type { CreationRow } from "./creation-row.ts";
import { endWork, type Lease, putUndo, readCreation } from "./creation-store.ts";
import { creationView, readAround } from "./creation-view.ts";
import { creationLeaseMs, enqueueWork } from "./creation-work.ts";
import { seenCreation } from "./creations.ts";
import type { Viewer } from "./gap-sight.ts";
import { recordsTouched } from "./touch.ts";

/**
 * @returns with `status: "undone"`, or as it stands while the CRM can't be reached: then a job ends it
 * @throws AppError not_found (404) | not_made, being_created, other_deal, deal_touched, undo_in_progress (409)
 */
export async function undoCreation(house: House, viewer: Viewer, id: string): Promise<Creation> {
  const { workspaceId } = viewer;
  const begun = await house.db.withWorkspace(workspaceId, (tx) => beginUndo(tx, house, viewer, id));
  if (begun) await workUndo(house, "waiting", begun.lease, begun.row);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const row = (await readCreation(tx, workspaceId, id))!;
    const around = await readAround(tx, workspaceId, row, await sightOf(tx, workspaceId, viewer));
    return creationView(row, around, true);
  });
}

/**
 * Looks whether the deal is untouched, deletes it, and opens the call again.
 * @throws AppError deal_touched (409): the wish is taken back
 */
export async function workUndo(house: House, lane: Lane, lease: Lease, row: CreationRow): Promise<void> {
  try {
    const crm = await house.openCrm(lease.workspaceId, row.crm, lane);
    const touched = await touchedBy(house, lease.workspaceId, row, () =>
      crm.deals.dealTouchedSince(row.deal_id!, row.created_at.toISOString()),
    );
    if (touched) {
      await withdraw(house, lease, row);
      throw touched;
    }
    await crm.deals.deleteDeal(row.deal_id!);
    await house.db.withWorkspace(lease.workspaceId, (tx) => finishUndo(tx, house, lease, row));
  } catch (error) {
    if (error instanceof AppError && error.code === "deal_touched") throw error;
    if (isPause(error) && lane === "waiting") {
      await withdraw(house, lease, row);
      throw error;
    }
    if (error instanceof CrmError && meaningOf(error).kind === "refused") {
      await withdraw(house, lease, row);
      throw error;
    }
    // Whether it is gone by now is read next time.
    await putOff(house, lease, row, error instanceof CrmError ? error.detail.afterMs : undefined);
    if (!(error instanceof CrmError) && !isPause(error)) throw error;
  }
}

/** @returns null where it was undone already. */
async function beginUndo(tx: Tx, house: House, viewer: Viewer, id: string) {
  const { workspaceId, actor } = viewer;
  const seen = await seenCreation(tx, viewer, id);
  const [call] = await tx<{ deal_crm: string | null; deal_id: string | null; gap_status: string | null }[]>`
    select deal_crm, deal_id, gap_status from conversations
    where workspace_id = ${workspaceId} and id = ${seen.conversation_id} for update`;
  const row = (await readCreation(tx, workspaceId, id))!;
  const refusal = mayUndo(row, call);
  if (refusal === "undone") return null;
  if (refusal) throw new AppError(refusal.code, { status: 409, public: refusal.says });
  const [other] = await tx<{ title: string }[]>`
    select title from conversations
    where workspace_id = ${workspaceId} and deal_crm = ${row.crm} and deal_id = ${row.deal_id}
      and id <> ${row.conversation_id} and (gap_status in ('linked', 'created') or link_method = 'person') limit 1`;
  if (other) throw isTouched("somebody put another call on it");
  const now = house.clock.now();
  const leaseMs = creationLeaseMs(house);
  const lease = await putUndo(
    tx,
    workspaceId,
    row,
    { by: actor, at: now.toISOString() },
    leaseMs,
    house.clock.sqlNow(),
  );
  await enqueueWork(tx, house, workspaceId, id, new Date(now.getTime() + leaseMs + 1_000));
  return { lease, row: (await readCreation(tx, workspaceId, id))! };
}

type Call = { deal_crm: string | null; deal_id: string | null; gap_status: string | null };

function mayUndo(row: CreationRow, call: Call | undefined): null | "undone" | { code: string; says: string } {
  if (row.state === "undone") return "undone";
  if (row.state === "claimed" || row.state === "sent") {
    return { code: "being_created", says: "The deal is being made at this moment. Wait until it is there." };
  }
  if (row.state !== "done" || row.deal_id === null)
    return { code: "not_made", says: "No deal was made: nothing is to be undone." };
  if (row.lease_until !== null) return { code: "undo_in_progress", says: "The deal is being taken back already." };
  if (call?.gap_status !== "created" || call.deal_crm !== row.crm || call.deal_id !== row.deal_id) {
    return {
      code: "other_deal",
      says: "The call does not belong to this deal any more. Delete the deal in the CRM if nobody needs it.",
    };
  }
  return null;
}

/** The refusal, where somebody worked on the deal; null: nobody did, or it is gone. */
async function touchedBy(
  house: House,
  workspaceId: string,
  row: CreationRow,
  ask: () => Promise<{ touched: boolean; by: string | null }>,
): Promise<AppError | null> {
  try {
    const { touched, by } = await ask();
    if (!touched) return null;
    const [owner] = await house.db.withWorkspace(
      workspaceId,
      (tx) => tx<{ name: string }[]>`
        select name from crm_owners
        where workspace_id = ${workspaceId} and crm = ${row.crm} and user_id = ${by} and name <> '' limit 1`,
    );
    return isTouched(`${owner?.name ?? "somebody"} worked on it in the CRM`);
  } catch (error) {
    if (error instanceof CrmError && error.kind === "record_gone") return null;
    throw error;
  }
}

function isTouched(why: string): AppError {
  const says = `The deal can't be taken back: ${why} since it was made. Delete it in the CRM if nobody needs it.`;
  return new AppError("deal_touched", { status: 409, public: says });
}

async function withdraw(house: House, lease: Lease, row: CreationRow): Promise<void> {
  const { undo: _undo, ...steps } = row.steps;
  await house.db.withWorkspace(lease.workspaceId, (tx) => endWork(tx, lease, { steps }, null, house.clock.sqlNow()));
}

async function putOff(house: House, lease: Lease, row: CreationRow, afterMs: number | undefined): Promise<void> {
  const waitMs = pauseMs(row.attempts, afterMs, (house.random ?? Math.random)());
  await house.db.withWorkspace(lease.workspaceId, async (tx) => {
    await endWork(tx, lease, {}, waitMs, house.clock.sqlNow());
    await enqueueWork(tx, house, lease.workspaceId, row.id, new Date(house.clock.now().getTime() + waitMs));
  });
}

async function finishUndo(tx: Tx, house: House, lease: Lease, row: CreationRow): Promise<void> {
  const { workspaceId } = lease;
  const now = house.clock.now();
  const by = row.steps.undo!.by;
  await markDeleted(tx, { workspaceId, crm: row.crm, now }, "deal", [row.deal_id!]);
  // Before the conversation is held, as in creation-finish.ts.
  await recordsTouched(tx, house, workspaceId, row.crm, { deals: [row.deal_id!] });
  // A sweep that heard of the deletion first has opened it already.
  const opened = await tx`
    update conversations set deal_crm = null, deal_id = null, link_method = null, link_confidence = null,
      linked_by = null, linked_at = null, gap_status = 'pending', dirty = true, generation = generation + 1
    where workspace_id = ${workspaceId} and id = ${row.conversation_id} and deal_crm = ${row.crm}
      and deal_id = ${row.deal_id} returning 1`;
  if (!(await endWork(tx, lease, { state: "undone" }, null, house.clock.sqlNow()))) return;
  if (opened.length === 0) return;
  await tx`
    insert into gap_decisions (workspace_id, id, conversation_id, decision, reason, crm, deal_id, decided_by, decided_at)
    values (${workspaceId}, ${timeOrderedId(now)}, ${row.conversation_id}, 'reopened', 'undone', ${row.crm}, ${row.deal_id},
      ${by}, ${now})`;
  await recordAudit(tx, workspaceId, now, {
    ...{ actor: by, action: "deal_creation.undone", subject: row.id },
    detail: { conversation_id: row.conversation_id, crm: row.crm, deal_id: row.deal_id },
  });
}
