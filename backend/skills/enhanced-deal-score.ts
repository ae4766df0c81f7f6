/**
 * The deal score joined with what happened in calls and with open issues. Where an input is missing, its weight goes to
 * the others: a team without recorded calls gets a fair score, and not half of one. Pure: days are given, no clock.
 */
import { type DealFacts, dealParts, outcomeScore } from "./deal-score.ts";
import { falling, type Part, rising, type Score, scoreOf } from "./score.ts";
import { type ScoringSettings, scoringDefaults, type Thresholds, type WeightKey } from "./weights.ts";
import { scoring } from "./weights-table.ts";
import { ago, counted, whole } from "./wording.ts";

export type ConversationFacts = {
  /** Conversations of the last 90 days that belong to the deal. */
  count90: number;
  /** Whole days; null: there has been none yet. */
  daysSinceLast: number | null;
  /** −1 (negative) to 1 (positive) over recent conversations; null: nothing was said that tells. */
  sentiment: number | null;
  /** Of the last conversation; null: it does not tell. */
  nextStepAgreed: boolean | null;
  /** Different people of the customer's side in them. */
  people: number;
};

export type Severity = "high" | "medium" | "low";

export type OpenFinding = { kind: string; severity: Severity; sentence: string };

export type EnhancedDealInput = {
  deal: DealFacts;
  /** null: Pandora has no conversations at all, so that silence says nothing. */
  conversations: ConversationFacts | null;
  findings: OpenFinding[];
};

export type EnhancedDealFactorKey = WeightKey<"enhanced_deal_score"> | "outcome";
type EnhancedPart = Part<WeightKey<"enhanced_deal_score">>;
type Limits = Thresholds<"enhanced_deal_score">;

/** From here on, either way, the tone is called positive or negative. */
export const clearSentiment = 0.25;

/** What an input without any conversation source says. */
export const noConversationsKnown = "Not known: no conversations reach Pandora yet.";

const severityCounts: Record<Severity, number> = { high: 3, medium: 2, low: 1 };

/** @returns score = sum of the factors' points, a whole number of 0–100; a closed deal's is its outcome */
export function enhancedDealScore(
  { deal, conversations, findings }: EnhancedDealInput,
  settings: ScoringSettings = scoringDefaults,
): Score<EnhancedDealFactorKey> {
  if (deal.isClosed) return outcomeScore(deal);
  const { weights, thresholds } = settings.enhanced_deal_score;
  const parts: EnhancedPart[] = [
    ...dealParts(deal, settings.deal_score.thresholds),
    recency(conversations, thresholds),
    count(conversations, thresholds),
    tone(conversations),
    agreedStep(conversations),
    openIssues(findings, thresholds),
  ];
  return scoreOf(parts, weights, { redistribute: true });
}

/** @returns the gravest first; among equals by kind, so that the order never depends on the reader */
export function gravestFirst(findings: readonly OpenFinding[]): OpenFinding[] {
  return [...findings].sort(
    (one, other) => severityCounts[other.severity] - severityCounts[one.severity] || (one.kind < other.kind ? -1 : 1),
  );
}

function recency(facts: ConversationFacts | null, limits: Limits): EnhancedPart {
  if (!facts) return part("conversation_recency", null, noConversationsKnown);
  if (facts.daysSinceLast === null)
    return part("conversation_recency", 0, "There has been no conversation about it yet.");
  const since = whole(facts.daysSinceLast);
  const share = falling(since, limits.conversation_full_days, limits.conversation_none_days);
  return part("conversation_recency", share, `The last conversation was ${ago(since)}.`);
}

function count(facts: ConversationFacts | null, limits: Limits): EnhancedPart {
  if (!facts) return part("conversation_count", null, noConversationsKnown);
  const talks = whole(facts.count90);
  const sentence = `${talks === 0 ? "No conversation" : counted(talks, "conversation")} in the last 90 days.`;
  return part("conversation_count", rising(talks, limits.conversations_full), sentence);
}

function tone(facts: ConversationFacts | null): EnhancedPart {
  if (!facts) return part("sentiment", null, noConversationsKnown);
  if (facts.sentiment === null) return part("sentiment", null, "The tone of the conversations is not known.");
  const word =
    facts.sentiment >= clearSentiment ? "positive" : facts.sentiment <= -clearSentiment ? "negative" : "neutral";
  return part("sentiment", (facts.sentiment + 1) / 2, `The tone of the conversations is ${word}.`);
}

function agreedStep(facts: ConversationFacts | null): EnhancedPart {
  if (!facts) return part("next_step", null, noConversationsKnown);
  if (facts.nextStepAgreed === null) return part("next_step", null, "It is not known whether a next step was agreed.");
  return facts.nextStepAgreed
    ? part("next_step", 1, "A next step was agreed in the last conversation.")
    : part("next_step", 0, "No next step was agreed in the last conversation.");
}

function openIssues(findings: OpenFinding[], { issues_none }: Limits): EnhancedPart {
  const burden = findings.reduce((sum, finding) => sum + severityCounts[finding.severity], 0);
  return part("findings", falling(burden, 0, issues_none), issuesSentence(findings));
}

function issuesSentence(findings: OpenFinding[]): string {
  const high = findings.filter((finding) => finding.severity === "high").length;
  if (findings.length === 0) return "No issue is open.";
  if (findings.length === 1) return `There is 1 open issue${high === 1 ? ", a grave one" : ""}.`;
  const grave = high === 0 ? "" : `, ${high === findings.length ? "all" : high} of them grave`;
  return `There are ${findings.length} open issues${grave}.`;
}

function part(key: EnhancedPart["key"], share: number | null, sentence: string): EnhancedPart {
  return { key, label: scoring.enhanced_deal_score.weights[key].label, share, sentence };
}
