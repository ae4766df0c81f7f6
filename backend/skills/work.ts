/** Which function works a skill off. */
import type { Tx } from "../db.ts";
import type { SkillName } from "./catalogue.ts";
import { auditDataQuality } from "./data-quality-audit.ts";
import { coverPipeline } from "./pipeline-coverage.ts";
import { scoreAccounts } from "./score-accounts.ts";
import { engageContacts, enrichContacts } from "./score-contacts.ts";
import { scoreDeals } from "./score-deals.ts";
import type { SkillRunResult, SkillWork } from "./skill-plan.ts";

/**
 * Works a skill off in the run's transaction. One at a time for a CRM: two runs that store the same records' values in
 * different orders would stop each other half way.
 */
export async function work(tx: Tx, skill: SkillName, plan: SkillWork): Promise<SkillRunResult> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`skills:${plan.workspaceId}:${plan.crm}`}, 0))`;
  switch (skill) {
    case "deal-score":
      return scoreDeals(tx, plan);
    case "account-score":
      return scoreAccounts(tx, plan);
    case "contact-engagement":
      return engageContacts(tx, plan);
    case "contact-enrichment":
      return enrichContacts(tx, plan);
    case "data-quality-audit":
      return auditDataQuality(tx, plan);
    case "pipeline-coverage":
      return coverPipeline(tx, plan);
    default:
      return skill satisfies never;
  }
}
