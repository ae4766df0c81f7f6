/** Changing the scores' weights and limits: everything is scored anew. */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import type { ScoringView } from "../contract/skills.ts";
import type { CrmType } from "../crm/port.ts";
import { notFound } from "../errors.ts";
import type { SkillName } from "./catalogue.ts";
import { queueSkillRun } from "./runtime.ts";
import { assertScoring, joinedPatch, shown } from "./scoring.ts";
import { mergeScoring, type ScoringPatch } from "./weights.ts";

/**
 * Stores what differs from the defaults, and has everything scored anew.
 * @throws AppError invalid_scoring (422)
 */
export async function changeScoring(
  house: House,
  workspaceId: string,
  given: unknown,
  by: string,
): Promise<ScoringView> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [row] = await tx<{ scoring: ScoringPatch | null }[]>`
      select settings -> 'scoring' as scoring from workspaces where workspace_id = ${workspaceId} for update`;
    if (!row) throw notFound("workspace");
    const wanted = joinedPatch(row.scoring ?? {}, given);
    assertScoring(wanted);
    await tx`
      update workspaces set settings = settings || ${tx.json({ scoring: wanted } as never)}
      where workspace_id = ${workspaceId}`;
    await recordAudit(tx, workspaceId, house.clock.now(), {
      ...{ actor: by, action: "scoring.changed", subject: workspaceId, detail: { before: row.scoring, after: wanted } },
    });
    const crms = await tx<{ crm: CrmType }[]>`
      select crm from crm_connections where workspace_id = ${workspaceId} and status <> 'disconnected'`;
    for (const { crm } of crms) {
      for (const skill of skillsFor(given)) {
        await queueSkillRun(tx, house, workspaceId, { skill, trigger: "manual", scope: { crm }, initiatedBy: by });
      }
    }
    return shown(mergeScoring(wanted));
  });
}

/** The skills whose scores a change moves; the deal score's limits hold for the one with conversations too. */
function skillsFor(given: unknown): SkillName[] {
  const names = Object.keys((given ?? {}) as object);
  const has = (part: string) => names.some((name) => name.includes(part));
  return [
    ...(has("deal") ? (["deal-score"] as const) : []),
    ...(has("account") ? (["account-score"] as const) : []),
    ...(has("engagement") ? (["contact-engagement"] as const) : []),
    ...(has("enrichment") ? (["contact-enrichment"] as const) : []),
  ];
}
