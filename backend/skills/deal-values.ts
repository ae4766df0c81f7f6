/** What is stored of a deal: its values from its facts. Pure. */
import type { Config } from "../config.ts";
import type { DealFactsRow } from "./deal-facts.ts";
import { dealScore, nextStep, riskSummary } from "./deal-score.ts";
import { enhancedDealScore } from "./enhanced-deal-score.ts";
import { type NarrationItem, narrationKey } from "./narrate.ts";
import { type AccountView, dealSignals } from "./signals-text.ts";
import type { KeptTexts } from "./skill-plan.ts";
import { factsHash, type NewValue } from "./store.ts";
import type { ScoringSettings } from "./weights.ts";

/** A deal's facts, with what was said of it lately where a model may read it. */
export type DealToSay = DealFactsRow & { excerpts: string[] };

/** @param texts what a model wrote, by narration key; the rules' text stands where it wrote nothing */
export function dealValues(
  deal: DealToSay,
  { scoring, config, texts }: { scoring: ScoringSettings; config: Pick<Config, "llm">; texts: KeptTexts },
): NewValue[] {
  const plain = dealScore(deal.deal, scoring);
  const enhanced = enhancedDealScore(deal, scoring);
  const item = dealItem(deal, scoring);
  const key = dealTextHash(deal, item, scoring, config);
  const said = texts.get(key) ?? item.rules;
  const record = { crm_record_id: deal.crmRecordId };
  return [
    {
      ...{ ...record, field: "deal_score", value: plain.score, factors: plain.factors },
      facts_hash: factsHash(deal.deal, scoring.deal_score),
    },
    {
      ...{ ...record, field: "enhanced_deal_score", value: enhanced.score, factors: enhanced.factors },
      facts_hash: factsHash(
        [deal.deal, deal.conversations, deal.findings],
        scoring.deal_score,
        scoring.enhanced_deal_score,
      ),
    },
    // The factors behind the texts are the score's: once is enough.
    ...["deal_risk_summary", "next_step_recommendation"].map((field) => ({
      ...{ ...record, field, value: said[textOf[field]!]!, factors: [], facts_hash: key },
    })),
    // With a company, account-score says it: the account is most of what there is to say.
    ...(deal.companyId === null && !deal.deal.isClosed ? [dealSignalsValue(deal, null, [])] : []),
  ];
}

/** What is said on a deal of its account and its own conversations. */
export function dealSignalsValue(deal: DealFactsRow, account: AccountView | null, of: unknown[]): NewValue {
  return {
    ...{ crm_record_id: deal.crmRecordId, field: "account_signals_text", value: dealSignals({ ...deal, account }) },
    factors: [],
    facts_hash: factsHash(deal.deal, deal.conversations, deal.findings, account?.facts ?? null, ...of),
  };
}

/** What a model is shown of a deal. */
export function dealItem(deal: DealToSay, scoring: ScoringSettings): NarrationItem {
  const { deal: facts, conversations, findings } = deal;
  const plain = dealScore(facts, scoring);
  const enhanced = enhancedDealScore(deal, scoring);
  return {
    kind: "deal",
    facts: {
      ...facts,
      ...(conversations ? { conversations } : {}),
      findings: findings.map(({ sentence }) => sentence),
      score: plain.score,
      factors: enhanced.factors.map(({ key, sentence }) => ({ key, sentence })),
    },
    excerpts: deal.excerpts,
    rules: { risk_summary: riskSummary(facts, plain), next_step: nextStep(facts, plain) },
  };
}

/** Of what a deal's text was written from. */
export function dealTextHash(
  deal: DealToSay,
  item: NarrationItem,
  scoring: ScoringSettings,
  config: Pick<Config, "llm">,
): string {
  // A closed deal has nothing left to weigh: its text is a fact.
  return config.llm && !deal.deal.isClosed ? narrationKey(config, item) : factsHash(deal.deal, scoring.deal_score);
}

const textOf: Record<string, string> = { deal_risk_summary: "risk_summary", next_step_recommendation: "next_step" };
