import type { Tx } from "../db.ts";
import type { SkillPlan, SkillRunResult } from "./work.ts";

export async function coverPipeline(_tx: Tx, _plan: SkillPlan): Promise<SkillRunResult> {
  return { records: 0, changed: 0, report: {} };
}
