/** Job, every ten minutes: what changed that people should hear of, put into the outbox in one transaction. */
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import { lookAtAlerts } from "./look-alerts.ts";
import { lookAtDigest } from "./look-digest.ts";
import { lookAtGaps } from "./look-gaps.ts";
import { lookAtSyncs } from "./look-syncs.ts";
import { putNotices } from "./outbox.ts";
import { readPeople } from "./people.ts";

export async function onLook(house: House, payload: { workspace_id: string }): Promise<void> {
  const { workspace_id: workspaceId } = payload;
  const now = house.clock.now();
  const told = await house.db.withWorkspace(workspaceId, async (tx) => {
    const workspace = await lockWorkspace(tx, workspaceId);
    // Deleted since the job was made.
    if (!workspace) return 0;
    const people = await readPeople(tx, workspaceId);
    const drafts = [
      ...(await lookAtAlerts(tx, workspaceId, people, now)),
      ...(await lookAtGaps(tx, workspaceId, people, now)),
      ...(await lookAtDigest(tx, workspace, people, now)),
      ...(await lookAtSyncs(tx, workspace, people, now)),
    ];
    return putNotices(tx, house, workspaceId, drafts);
  });
  if (told > 0) house.log.info("notify.told", { workspaceId, notices: told });
}

/** One look at a time, whoever looks: what one told, the next one sees. */
async function lockWorkspace(tx: Tx, workspaceId: string) {
  const [row] = await tx<{ time_zone: string; created_at: Date }[]>`
    select time_zone, created_at from workspaces where workspace_id = ${workspaceId} for no key update`;
  return row && { id: workspaceId, timeZone: row.time_zone, createdAt: row.created_at };
}
