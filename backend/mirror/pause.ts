/** What a mirror job does when the CRM can't be used for now: it ends quietly, and something else brings it back. */
import type { House } from "../connections/house.ts";
import { isPause } from "../connections/open-crm.ts";
import { CrmError } from "../crm/errors.ts";
import type { CrmType } from "../crm/port.ts";

export type MirrorJob = { kind: "mirror.import" | "mirror.round"; workspaceId: string; crm: CrmType };

/**
 * Runs `work`. A dead connection ends the job (reconnecting begins an import anew, which goes on where this one was); a
 * used-up allowance puts it off. Anything else is thrown, for the job engine to try again.
 */
export async function pausing(house: House, job: MirrorJob, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isDead(error)) {
      house.log.info("mirror.paused", { workspaceId: job.workspaceId, crm: job.crm, kind: job.kind });
      return;
    }
    const afterMs = quietMs(error);
    if (afterMs === null) throw error;
    await again(house, job, new Date(house.clock.now().getTime() + afterMs));
  }
}

/** Another job of the same kind: at `startAfter`, or as soon as this one has ended. */
export async function again(house: House, job: MirrorJob, startAfter?: Date): Promise<void> {
  await house.db.withWorkspace(job.workspaceId, (tx) =>
    house.queue.enqueue(tx, {
      kind: job.kind,
      payload: { workspace_id: job.workspaceId, crm: job.crm },
      key: `${job.workspaceId}:${job.crm}`,
      ...(startAfter ? { startAfter } : {}),
    }),
  );
}

function isDead(error: unknown): boolean {
  if (isPause(error)) return error.code !== "crm_quiet";
  return error instanceof CrmError && error.kind === "reconnect";
}

function quietMs(error: unknown): number | null {
  if (isPause(error)) return (error.retryAfterS ?? 3600) * 1000;
  if (error instanceof CrmError && error.kind === "quota_exhausted") return error.detail.afterMs ?? 3_600_000;
  return null;
}
