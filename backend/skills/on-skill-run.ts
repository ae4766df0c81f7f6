/** Job skill.run. */
import type { House } from "../connections/house.ts";
import { AppError } from "../errors.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { runSkill } from "./runtime.ts";

export function onSkillRun(house: House, payload: JobPayload<"skill.run">, signal: AbortSignal): Promise<void> {
  return runSkill(house, payload.workspace_id, payload.skill_run_id, signal);
}

/** The run failed for the last time: in words for people, with its cause in the log. */
export async function skillRunGivenUp(house: House, payload: JobPayload<"skill.run">, error: unknown): Promise<void> {
  const { workspace_id: workspaceId, skill_run_id: skillRunId } = payload;
  house.log.error("skills.failed", {
    workspaceId,
    skillRunId,
    reason: error instanceof Error ? error.name : "unknown",
  });
  const reason =
    error instanceof AppError
      ? error.public
      : "Pandora met a fault of its own and stopped this run. Nothing of it was stored; what stood before still stands.";
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      update skill_runs set status = 'failed', error = ${reason}, finished_at = ${house.clock.now()}
      where workspace_id = ${workspaceId} and id = ${skillRunId} and status <> 'completed'`,
  );
}
