/** Gap or not, how pressing, and why probably. Pure; first match wins everywhere. */
import { type GapSettings, holdsWord } from "./gap-settings.ts";

export type Audience = "internal" | "external" | "unknown";

export type GapFacts = {
  audience: Audience;
  /** Everyone from outside is of an ignored domain or company type. */
  onlyIgnored: boolean;
  /** Everyone from outside with an address is a live lead and no contact. */
  onlyLeads: boolean;
  /** A deal accounts for it. */
  linked: boolean;
  title: string;
  callType: string | null;
  startedAt: Date;
  /** null: unknown, which is neither short nor long. */
  durationMinutes: number | null;
  /** Prospects: people from outside without the ignored ones. */
  externalPeople: number;
  /** Everyone but rooms and bots. */
  people: number;
  /** Deals at the companies of the call. */
  openDeals: number;
  deals: number;
  /** Open deals elsewhere that may account for it: at a parent company. */
  openDealsNearby: number;
  /** Conversations in the window with the same company, this one included; 2 stands for more. */
  siblings: number;
  /** Start of the second newest of them. */
  secondNewestAt: Date | null;
};

export type LikelyCause =
  | "deal_linking_gap"
  | "early_stage"
  | "disqualified_not_logged"
  | "deal_not_created"
  | "unknown";

/** 3 high, 2 medium, 1 low */
export type Severity = 1 | 2 | 3;

export type Verdict = {
  gap: boolean;
  reason: "gap" | "internal" | "audience_unknown" | "only_ignored_people" | "deal_linked" | "not_yet" | "too_old";
  severity: Severity | null;
  /** For a rep to read; says nothing that changes from day to day. */
  severityReason: string | null;
  likelyCause: LikelyCause | null;
  /** From then on time alone may change this; null: never. */
  validUntil: Date | null;
};

/** @param now UTC */
export function classify(facts: GapFacts, settings: GapSettings, now: Date): Verdict {
  const reason = reasonOf(facts, settings, now);
  if (reason !== "gap") {
    const moments = reason === "internal" ? [] : windowOf(facts, settings);
    const none = { severity: null, severityReason: null, likelyCause: null };
    return { gap: false, reason, ...none, validUntil: nextOf(moments, now) };
  }
  const days = wholeDays(facts.startedAt, now);
  const [severity, severityReason] = cappedForLeads(severityOf(facts, settings, days), facts);
  const likelyCause = causeOf(facts, settings, days);
  return {
    gap: true,
    reason,
    severity,
    severityReason,
    likelyCause,
    validUntil: nextOf(gapMoments(facts, settings), now),
  };
}

/** Since the call began; a day is 24 hours. */
export function wholeDays(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / dayMs);
}

const dayMs = 86_400_000;

function reasonOf(facts: GapFacts, settings: GapSettings, now: Date): Verdict["reason"] {
  if (facts.audience === "internal") return "internal";
  if (facts.linked) return "deal_linked";
  if (facts.audience === "unknown") return "audience_unknown";
  if (facts.onlyIgnored) return "only_ignored_people";
  // A meeting that stands in the calendar has not been a conversation yet.
  if (facts.startedAt > now) return "not_yet";
  return later(facts.startedAt, settings.days_back) > now ? "gap" : "too_old";
}

function severityOf(facts: GapFacts, settings: GapSettings, days: number): [Severity, string] {
  const { aging_days, group_minutes, group_people, days_back } = settings;
  const isIntro = holdsWord(`${facts.title} | ${facts.callType ?? ""}`, settings.intro_words);
  if (isIntro && days >= aging_days && facts.openDeals === 0) {
    return [3, `An intro or demo call, ${aging_days} days old or more, and the company has no open deal.`];
  }
  if (facts.deals === 0 && facts.siblings >= 2) {
    return [3, `Two or more conversations in the last ${days_back} days, and the company has never had a deal.`];
  }
  if (facts.deals === 0 && facts.externalPeople >= group_people && (facts.durationMinutes ?? 0) > group_minutes) {
    const met = `${facts.externalPeople} people from outside for more than ${group_minutes} minutes`;
    return [3, `${met}, and the company has never had a deal.`];
  }
  if (facts.openDeals > 0) return [2, "The company has open deals, and none of them is linked to this call."];
  if (facts.openDealsNearby > 0) return [2, "The company's parent has open deals that may be about this call."];
  if (days < aging_days) return [2, `Less than ${aging_days} days old.`];
  if (facts.deals > 0) return [1, "The company's deals are all closed."];
  return [1, "One conversation so far, short or with few people from outside."];
}

/** A lead is nobody's customer yet: someone else may be qualifying it. */
function cappedForLeads([severity, reason]: [Severity, string], facts: GapFacts): [Severity, string] {
  return severity === 3 && facts.onlyLeads ? [2, `Only leads took part. ${reason}`] : [severity, reason];
}

function causeOf(facts: GapFacts, settings: GapSettings, days: number): LikelyCause {
  const { short_minutes, long_minutes, few_people, stale_days } = settings;
  const minutes = facts.durationMinutes;
  if (facts.openDeals + facts.openDealsNearby > 0) return "deal_linking_gap";
  if (minutes === null) return "unknown";
  if (minutes < short_minutes && facts.people <= few_people) return "early_stage";
  if (days > stale_days && minutes > long_minutes) return "disqualified_not_logged";
  if (minutes >= short_minutes && days <= stale_days) return "deal_not_created";
  return "unknown";
}

function gapMoments(facts: GapFacts, settings: GapSettings): Date[] {
  return [
    later(facts.startedAt, settings.aging_days),
    later(facts.startedAt, settings.stale_days + 1),
    ...windowOf(facts, settings),
    // With it the company's second conversation leaves the window.
    ...(facts.siblings >= 2 && facts.secondNewestAt ? [later(facts.secondNewestAt, settings.days_back)] : []),
  ];
}

/** When it enters and leaves the window; others of its company are counted by it even where it is no gap itself. */
function windowOf(facts: GapFacts, settings: GapSettings): Date[] {
  return [facts.startedAt, later(facts.startedAt, settings.days_back)];
}

function nextOf(moments: Date[], now: Date): Date | null {
  const ahead = moments.filter((moment) => moment > now);
  return ahead.sort((one, other) => one.getTime() - other.getTime())[0] ?? null;
}

function later(from: Date, days: number): Date {
  return new Date(from.getTime() + days * dayMs);
}
