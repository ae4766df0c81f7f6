/** Housekeeping of notices, daily: what is old goes, and the look goes on. */
import type { House } from "../connections/house.ts";

const day = 24 * 3_600_000;
/** Longer than the look goes back (look-alerts.ts), so that nothing is told twice. */
const keptDays = 90;

export async function tidyNotices(house: Pick<House, "db" | "clock" | "log">, workspaceId: string): Promise<void> {
  const now = house.clock.now();
  const before = new Date(now.getTime() - keptDays * day);
  const removed = await house.db.withWorkspace(workspaceId, async (tx) => {
    const notices = await tx`
      delete from notices where workspace_id = ${workspaceId} and created_at < ${before} and status <> 'queued' returning 1`;
    // A problem that lasts longer than that was told, and stays told.
    const events = await tx`
      delete from notice_events e where e.workspace_id = ${workspaceId} and e.told_at < ${before}
        and not exists (select from alerts a where a.workspace_id = ${workspaceId} and a.resolved_at is null
          and e.event_key = 'alert:' || a.id || ':open')
      returning 1`;
    // Connected before there were notices: the look is put in place here.
    await tx`
      select directory_put_schedule(${workspaceId}, 'notify.look', '', '*/10 * * * *', 'UTC', ${now})`;
    return { notices: notices.length, events: events.length };
  });
  house.log.info("notify.tidied", { workspaceId, ...removed });
}
