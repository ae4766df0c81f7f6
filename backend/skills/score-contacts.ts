/** Skills contact-engagement and contact-enrichment: the facts of contacts page by page, their scores, stored. */
import type { Tx } from "../db.ts";
import { readOwnColumns } from "../mirror/store.ts";
import { type ContactFactsRow, contactFacts } from "./contact-facts.ts";
import { contactEngagement, contactEnrichment } from "./contact-scores.ts";
import { pageSize, type SkillPlan, type SkillRunResult } from "./skill-plan.ts";
import { factsHash, type NewValue, putValues } from "./store.ts";
import type { ScoringSettings } from "./weights.ts";

export function engageContacts(tx: Tx, plan: SkillPlan): Promise<SkillRunResult> {
  return eachContact(tx, plan, engagementValues);
}

export function enrichContacts(tx: Tx, plan: SkillPlan): Promise<SkillRunResult> {
  return eachContact(tx, plan, enrichmentValues);
}

async function eachContact(
  tx: Tx,
  plan: SkillPlan,
  valuesOf: (contact: ContactFactsRow, scoring: ScoringSettings) => NewValue[],
): Promise<SkillRunResult> {
  const { workspaceId, crm, now, runId, scoring } = plan;
  const own = await readOwnColumns(tx, workspaceId, crm);
  const totals = { records: 0, changed: 0, report: {} };
  let after = "";
  for (;;) {
    const page = await contactFacts(
      tx,
      { workspaceId, crm, now, own: own.contact },
      { after, limit: pageSize, ids: plan.ids },
    );
    totals.records += page.length;
    totals.changed += await putValues(
      tx,
      { workspaceId, crm, objectType: "contact", runId, now },
      page.flatMap((contact) => valuesOf(contact, scoring)),
    );
    if (page.length < pageSize) return totals;
    after = page.at(-1)!.crmRecordId;
  }
}

function engagementValues(
  { crmRecordId, engagement, lastConversationAt }: ContactFactsRow,
  scoring: ScoringSettings,
): NewValue[] {
  const judged = contactEngagement(engagement, scoring);
  const record = { crm_record_id: crmRecordId };
  return [
    {
      ...{ ...record, field: "contact_engagement_score", value: judged.score, factors: judged.factors },
      facts_hash: factsHash(engagement, scoring.contact_engagement_score),
    },
    {
      ...{ ...record, field: "contact_conversation_count", value: engagement.conversations, factors: [] },
      facts_hash: factsHash(engagement.conversations),
    },
    {
      ...{ ...record, field: "contact_last_conversation_at", value: lastConversationAt, factors: [] },
      facts_hash: factsHash(lastConversationAt),
    },
  ];
}

function enrichmentValues({ crmRecordId, enrichment }: ContactFactsRow, scoring: ScoringSettings): NewValue[] {
  const judged = contactEnrichment(enrichment, scoring);
  return [
    {
      ...{
        crm_record_id: crmRecordId,
        field: "contact_enrichment_score",
        value: judged.score,
        factors: judged.factors,
      },
      facts_hash: factsHash(enrichment, scoring.contact_enrichment_score),
    },
  ];
}
