/** Job gaps.create-deal: goes on with a deal whose maker died or was put off. Done already: nothing. */
import type { House } from "../connections/house.ts";
import { CrmError } from "../crm/errors.ts";
import { AppError } from "../errors.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import type { CreationRow } from "./creation-row.ts";
import { forgottenCreations, type Lease, readCreation, takeLease } from "./creation-store.ts";
import { creationLeaseMs, type DealTold, enqueueWork, workCreation } from "./creation-work.ts";
import { workUndo } from "./undo-creation.ts";

export async function onCreateDeal(
  house: House,
  { workspace_id: workspaceId, creation_id: id }: JobPayload<"gaps.create-deal">,
  told: DealTold,
): Promise<void> {
  const { db, clock } = house;
  const taken = await db.withWorkspace(workspaceId, async (tx) => {
    const lease = await takeLease(tx, workspaceId, id, creationLeaseMs(house), clock.sqlNow());
    if (lease) return lease;
    const row = await readCreation(tx, workspaceId, id);
    // Somebody works at it: looked after when they should be done. What waits has a job of its own.
    if (row?.lease_until && row.held)
      await enqueueWork(tx, house, workspaceId, id, new Date(row.lease_until.getTime() + 1_000));
    return null;
  });
  if (!taken) return;
  if (taken.row.steps.undo) await endUndo(house, taken.lease, taken.row);
  else await workCreation(house, "background", taken.lease, taken.row, told);
}

/** Puts jobs in place for what nobody works at though somebody should: a job was lost, or the connection was away. */
export async function lookAfterCreations(house: House, workspaceId: string): Promise<void> {
  const { db, clock } = house;
  await db.withWorkspace(workspaceId, async (tx) => {
    const ids = await forgottenCreations(tx, workspaceId, clock.sqlNow(), forgottenAfterMs);
    const jobs = ids.map((creation_id) => ({
      ...{ kind: "gaps.create-deal" as const, payload: { workspace_id: workspaceId, creation_id }, priority: 10 },
    }));
    if (jobs.length > 0) await house.queue.enqueue(tx, jobs);
  });
}

/** A job's worker is missed after half a minute, and tried again soon. */
const forgottenAfterMs = 3 * 60_000;

async function endUndo(house: House, lease: Lease, row: CreationRow): Promise<void> {
  try {
    await workUndo(house, "background", lease, row);
  } catch (error) {
    // Somebody worked on the deal meanwhile, or the CRM does not let us: it stays, as the creation shows.
    if (error instanceof AppError || error instanceof CrmError) return;
    throw error;
  }
}
