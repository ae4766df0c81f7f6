/** Deals of calls that had none: made on request, looked up, taken further. */
import type { House } from "../connections/house.ts";
import { sightOf } from "../connections/visibility.ts";
import type { CreateDealRequest, Creation } from "../contract/creations.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { claimDeal } from "./creation-claim.ts";
import type { CreationRow } from "./creation-row.ts";
import { readCreation, takeLease } from "./creation-store.ts";
import { creationView, isOpen, readAround, refusalOf } from "./creation-view.ts";
import { creationLeaseMs, type DealTold, workCreation } from "./creation-work.ts";
import { seesGap, type Viewer } from "./gap-sight.ts";

/** A person waits: longer than this is told as "in progress", and goes on without them. */
const answerWithinMs = 8_000;

/**
 * Makes the deal, or answers with the one that is there or being made.
 * @param told of a deal that the rule began and this click ends
 * @returns `status` for the door: 201 made, 200 it was there, 202 it goes on by itself
 * @throws AppError as `claimDeal`, and what the CRM or its lists refuse (422), duplicate_suspected (409) with candidates
 */
export async function createDeal(
  house: House,
  viewer: Viewer,
  conversationId: string,
  request: CreateDealRequest,
  told: DealTold,
  options: { answerWithinMs?: number } = {},
): Promise<{ creation: Creation; status: 200 | 201 | 202 }> {
  const claimed = await claimDeal(house, viewer, conversationId, request);
  const existing = claimed.kind === "existing";
  const held = existing ? await takeOver(house, viewer.workspaceId, claimed.row) : claimed;
  if (held) {
    const work = workCreation(house, "waiting", held.lease, held.row, told).catch((error: unknown) => {
      // The job goes on with it; a second click would only meet the same claim.
      house.log.error("gaps.creation_failed", { creationId: held.row.id, reason: String(error).slice(0, 300) });
    });
    await within(work, options.answerWithinMs ?? answerWithinMs);
  }
  return house.db.withWorkspace(viewer.workspaceId, async (tx) => {
    const row = (await readCreation(tx, viewer.workspaceId, claimed.row.id)) ?? claimed.row;
    const around = await readAround(tx, viewer.workspaceId, row, await sightOf(tx, viewer.workspaceId, viewer));
    if (row.state === "failed") throw refusalOf(row, around);
    const status = isOpen(row) ? 202 : existing || row.state !== "done" ? 200 : 201;
    return { creation: creationView(row, around, existing), status };
  });
}

/** @throws AppError not_found (404), also for one of a call that is not in sight */
export async function getCreation(house: Pick<House, "db">, viewer: Viewer, id: string): Promise<Creation> {
  return house.db.withWorkspace(viewer.workspaceId, async (tx) => {
    const row = await seenCreation(tx, viewer, id);
    const around = await readAround(tx, viewer.workspaceId, row, await sightOf(tx, viewer.workspaceId, viewer));
    return creationView(row, around, true);
  });
}

/** @throws AppError not_found (404) */
export async function seenCreation(tx: Tx, viewer: Viewer, id: string): Promise<CreationRow> {
  const { workspaceId } = viewer;
  const sight = await sightOf(tx, workspaceId, viewer);
  const row = await readCreation(tx, workspaceId, id);
  if (!row) throw notFound("deal being made");
  const [seen] = await tx`
    select 1 from conversations c
    where c.workspace_id = ${workspaceId} and c.id = ${row.conversation_id} and ${seesGap(tx, sight)}`;
  if (!seen) throw notFound("deal being made");
  return row;
}

/** Whoever began it may have died: then the one who clicks now goes on. */
async function takeOver(house: House, workspaceId: string, row: CreationRow) {
  if (!isOpen(row)) return null;
  return house.db.withWorkspace(workspaceId, (tx) =>
    takeLease(tx, workspaceId, row.id, creationLeaseMs(house), house.clock.sqlNow()),
  );
}

/** By the wall's clock: it is a person's patience. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
