/** Job skill.run. */
import type { House } from "../connections/house.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { runSkill } from "./runtime.ts";

export function onSkillRun(house: House, payload: JobPayload<"skill.run">, signal: AbortSignal): Promise<void> {
  return runSkill(house, payload.workspace_id, payload.skill_run_id, signal);
}

/** The run failed for the last time. */
export async function skillRunGivenUp(house: House, payload: JobPayload<"skill.run">, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : "unknown";
  await house.db.withWorkspace(
    payload.workspace_id,
    (tx) => tx`
      update skill_runs set status = 'failed', error = ${reason}, finished_at = ${house.clock.now()}
      where workspace_id = ${payload.workspace_id} and id = ${payload.skill_run_id} and status <> 'completed'`,
  );
}
