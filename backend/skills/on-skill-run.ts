/** Job skill.run. */
import type { House } from "../connections/house.ts";
import type { Handlers } from "../jobs/kinds.ts";
import { runSkill } from "./runtime.ts";

export function onSkillRun(house: House): Handlers["skill.run"] {
  return {
    run: ({ workspace_id, skill_run_id }) => runSkill(house, workspace_id, skill_run_id),
    async givenUp({ workspace_id, skill_run_id }, error) {
      const reason = error instanceof Error ? error.message : "unknown";
      await house.db.withWorkspace(
        workspace_id,
        (tx) => tx`
          update skill_runs set status = 'failed', error = ${reason}, finished_at = ${house.clock.now()}
          where workspace_id = ${workspace_id} and id = ${skill_run_id} and status <> 'completed'`,
      );
    },
  };
}
