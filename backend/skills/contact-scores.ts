/** How much a contact takes part in conversations, and how much is known of the contact. Pure: days are given, no clock. */
import { falling, type Part, rising, type Score, scoreOf } from "./score.ts";
import { type Seniority, seniorityOf } from "./seniority.ts";
import { type ScoringSettings, scoringDefaults, type Thresholds, type WeightKey } from "./weights.ts";
import { scoring } from "./weights-table.ts";
import { ago, counted, whole } from "./wording.ts";

export { type Seniority, seniorityOf } from "./seniority.ts";

export type EngagementFacts = {
  conversations: number;
  /** Of these, in the last 90 days. */
  conversations90: number;
  /** Whole days; null: there has been none. */
  daysSinceLast: number | null;
  /** Open deals the contact is part of. */
  openDeals: number;
};

export type EnrichmentFacts = {
  /** Whether a name is known. */
  name: boolean;
  /** `free`: an address at a free mail provider. */
  email: "work" | "free" | "none";
  phone: boolean;
  title: string | null;
  company: boolean;
  /** Whole days; null: nothing is recorded. */
  daysSinceActivity: number | null;
};

type EngagementPart = Part<WeightKey<"contact_engagement_score">>;
type EnrichmentPart = Part<WeightKey<"contact_enrichment_score">>;
type EngagementLimits = Thresholds<"contact_engagement_score">;
type EnrichmentLimits = Thresholds<"contact_enrichment_score">;

/** @returns score = sum of the factors' points, a whole number of 0–100 */
export function contactEngagement(
  facts: EngagementFacts,
  settings: ScoringSettings = scoringDefaults,
): Score<EngagementPart["key"]> {
  const { weights, thresholds } = settings.contact_engagement_score;
  const parts = [
    lastConversation(facts, thresholds),
    recentConversations(facts, thresholds),
    allConversations(facts, thresholds),
    openDeals(facts, thresholds),
  ];
  return scoreOf(parts, weights, { redistribute: false });
}

/** @returns score = sum of the factors' points, a whole number of 0–100; what is unknown gives none, that is its point */
export function contactEnrichment(
  facts: EnrichmentFacts,
  settings: ScoringSettings = scoringDefaults,
): Score<EnrichmentPart["key"]> {
  const { weights, thresholds } = settings.contact_enrichment_score;
  const parts = [
    known("name", facts.name, "The name is known.", "The name is missing."),
    known("role", hasTitle(facts), "There is a job title.", "There is no job title."),
    seniority(facts),
    reachability(facts),
    known("company", facts.company, "The contact belongs to a company.", "The contact belongs to no company."),
    recency(facts, thresholds),
  ];
  return scoreOf(parts, weights, { redistribute: false });
}

function lastConversation({ daysSinceLast: since }: EngagementFacts, limits: EngagementLimits): EngagementPart {
  if (since === null) return engagement("conversation_recency", 0, "There has been no conversation yet.");
  const share = falling(whole(since), limits.conversation_full_days, limits.conversation_none_days);
  return engagement("conversation_recency", share, `The last conversation was ${ago(since)}.`);
}

function recentConversations(facts: EngagementFacts, limits: EngagementLimits): EngagementPart {
  const talks = whole(facts.conversations90);
  const sentence = `${talks === 0 ? "No conversation" : counted(talks, "conversation")} in the last 90 days.`;
  return engagement("conversations_recent", rising(talks, limits.conversations_recent_full), sentence);
}

function allConversations(facts: EngagementFacts, limits: EngagementLimits): EngagementPart {
  const talks = whole(facts.conversations);
  const sentence = `${talks === 0 ? "No conversation" : counted(talks, "conversation")} so far.`;
  return engagement("conversations_all", rising(talks, limits.conversations_all_full), sentence);
}

function openDeals(facts: EngagementFacts, limits: EngagementLimits): EngagementPart {
  const open = whole(facts.openDeals);
  const sentence = `Part of ${open === 0 ? "no open deal" : counted(open, "open deal")}.`;
  return engagement("open_deals", rising(open, limits.open_deals_full), sentence);
}

const seniorityWords: Record<Seniority, string> = {
  c_level: "at the top of the company",
  vp: "a vice president",
  director: "a director or head of",
  manager: "a manager or team lead",
  individual: "a member of a team",
};

function seniority({ title }: EnrichmentFacts): EnrichmentPart {
  const level = seniorityOf(title);
  return level === null
    ? enrichment("seniority", 0, "How senior the contact is can't be told.")
    : enrichment("seniority", 1, `By the job title, the contact is ${seniorityWords[level]}.`);
}

/** A work address is worth most; one at a free mail provider reaches a person, but says nothing of the company. */
function reachability({ email, phone }: EnrichmentFacts): EnrichmentPart {
  const share = { work: 0.6, free: 0.35, none: 0 }[email] + (phone ? 0.4 : 0);
  const mail = { work: "a work e-mail address", free: "a private e-mail address", none: "no e-mail address" }[email];
  const call = phone ? "a phone number" : "no phone number";
  return enrichment("reachability", share, `There is ${mail} and ${call}.`);
}

function recency({ daysSinceActivity: since }: EnrichmentFacts, limits: EnrichmentLimits): EnrichmentPart {
  if (since === null) return enrichment("recency", 0, "No activity is recorded.");
  const sentence = whole(since) === 0 ? "There was activity today." : `The last activity was ${ago(since)}.`;
  return enrichment("recency", falling(whole(since), limits.recency_full_days, limits.recency_none_days), sentence);
}

function known(key: EnrichmentPart["key"], is: boolean, yes: string, no: string): EnrichmentPart {
  return enrichment(key, is ? 1 : 0, is ? yes : no);
}

function hasTitle({ title }: EnrichmentFacts): boolean {
  return /\p{L}/u.test(title ?? "");
}

function engagement(key: EngagementPart["key"], share: number, sentence: string): EngagementPart {
  return { key, label: scoring.contact_engagement_score.weights[key].label, share, sentence };
}

function enrichment(key: EnrichmentPart["key"], share: number, sentence: string): EnrichmentPart {
  return { key, label: scoring.contact_enrichment_score.weights[key].label, share, sentence };
}
