/** The audit's section "Conversation coverage gaps": what to do with each high gap and how soon, and what they share. Pure. */
import type { GapTotals } from "../contract/gaps.ts";
import { counted } from "./wording.ts";

export type GapFact = {
  conversation_id: string;
  title: string;
  company_name: string | null;
  rep_name: string | null;
  days_since: number;
  duration_minutes: number | null;
  severity_reason: string | null;
  likely_cause: string | null;
};

export type Urgency = "immediate" | "this_week" | "backlog";
export type GapAdvice = GapFact & { action: string; urgency: Urgency };

/** A call this fresh is still remembered on both sides. */
const freshDays = 14;

/** What to do with a high gap, and how soon. */
export function adviseOn(gap: GapFact): GapAdvice {
  const who = gap.company_name ?? "this prospect";
  switch (gap.likely_cause) {
    case "deal_linking_gap":
      return { ...gap, action: `Link the call to the open deal of ${who}.`, urgency: "this_week" };
    case "disqualified_not_logged":
      return {
        ...gap,
        action: `Dismiss it with the reason if ${who} is no fit; else create the deal.`,
        urgency: "backlog",
      };
    case "early_stage":
      return { ...gap, action: `Book the next call with ${who}, or dismiss it.`, urgency: "backlog" };
    default:
      return {
        ...gap,
        action: `Create the deal for ${who}, and agree the next step.`,
        urgency: gap.days_since <= freshDays ? "immediate" : "this_week",
      };
  }
}

/** One rep holds at least this share of all gaps: a habit, not an accident. */
const concentrated = 0.5;
/** Fewer gaps show no pattern. */
const patternFrom = 4;

/** What the gaps have in common, in words; empty when nothing stands out. */
export function patternsOf({ pending: all, by_rep, by_cause }: GapTotals): string[] {
  if (all < patternFrom) return [];
  const patterns: string[] = [];
  for (const rep of by_rep) {
    if (by_rep.length > 1 && rep.rep !== null && rep.pending >= all * concentrated) {
      patterns.push(`${rep.rep} holds ${rep.pending} of ${counted(all, "gap")}.`);
    }
  }
  const commonest = by_cause.toSorted((one, other) => other.pending - one.pending)[0];
  const words = causeWords[commonest?.likely_cause ?? ""];
  if (commonest && words && commonest.pending >= all * concentrated) {
    patterns.push(`${commonest.pending} of ${counted(all, "gap")}: ${words}.`);
  }
  return patterns;
}

const causeWords: Record<string, string> = {
  deal_linking_gap: "a deal is open, but the call is linked to none",
  early_stage: "short first contacts that may come to nothing",
  disqualified_not_logged: "old calls whose outcome nobody wrote down",
  deal_not_created: "real conversations for which no deal was created",
};
