/** Housekeeping of a workspace, daily: what was kept for a while only. */
import type { House } from "./house.ts";

const day = 24 * 3600 * 1000;

export async function tidyWorkspace(house: Pick<House, "db" | "clock" | "log">, workspaceId: string): Promise<void> {
  const now = house.clock.now().getTime();
  const removed = await house.db.withWorkspace(workspaceId, async (tx) => {
    const answers = await tx`
      delete from request_results where workspace_id = ${workspaceId} and created_at < ${new Date(now - day)} returning 1`;
    // What a dry run would have done is stale after a month; units of finished runs serve nobody.
    const changes = await tx`
      delete from run_changes c using sync_runs r
      where c.workspace_id = ${workspaceId} and r.workspace_id = c.workspace_id and r.id = c.run_id
        and r.created_at < ${new Date(now - 30 * day)} returning 1`;
    const units = await tx`
      delete from sync_units u using sync_runs r
      where u.workspace_id = ${workspaceId} and r.workspace_id = u.workspace_id and r.id = u.run_id
        and r.finished_at < ${new Date(now - day)} returning 1`;
    // A model's text is paid for once; after a month its facts are others.
    const texts = await tx`
      delete from narrations where workspace_id = ${workspaceId} and created_at < ${new Date(now - 30 * day)} returning 1`;
    const transcripts = await tx`
      delete from conversation_transcripts where workspace_id = ${workspaceId} and delete_after <= ${new Date(now)} returning 1`;
    // Runs that changed something stay as long as the log that names them.
    const runs = await tx`
      delete from skill_runs where workspace_id = ${workspaceId} and changed = 0 and status in ('completed', 'failed')
        and created_at < ${new Date(now - 30 * day)} returning 1`;
    await tx`
      delete from salesforce_assertions where workspace_id = ${workspaceId} and expires_at < ${new Date(now)}`;
    await tx`delete from salesforce_keys where workspace_id = ${workspaceId} and good_until < ${new Date(now - day)}`;
    await tx`select ensure_log_partitions(${new Date(now)}, 3)`;
    return {
      ...{ answers: answers.length, changes: changes.length, units: units.length },
      ...{ texts: texts.length, transcripts: transcripts.length, skill_runs: runs.length },
    };
  });
  house.log.info("workspace.tidied", { workspaceId, ...removed });
}
