/**
 * How healthy a deal is, 0–100, from what the CRM knows of it. Seven factors add up to the score, so that each point can
 * be explained; texts are written from the same factors. Pure: days are given, no clock.
 */
import { type Factor, falling, type Part, rising, type Score, scoreOf, wholeScore } from "./score.ts";
import { type ScoringSettings, scoringDefaults, type Thresholds, type WeightKey } from "./weights.ts";
import { scoring } from "./weights-table.ts";
import { ago, days, times, whole } from "./wording.ts";

type Limits = Thresholds<"deal_score">;

export type DealFacts = {
  isClosed: boolean;
  isWon: boolean;
  /** Whole days since the last recorded activity; since creation where there was none. */
  daysIdle: number;
  /** False: `daysIdle` counts from creation. */
  hasActivity: boolean;
  /** Whole days until the close date, negative when it has passed; null = no close date. */
  daysToClose: number | null;
  daysInStage: number | null;
  /** Median days that open deals spend in this stage; null = too few to tell. */
  usualDaysInStage: number | null;
  /** 0–1; null = unknown */
  probability: number | null;
  contacts: number;
  /** How often the close date moved later. */
  closeDatePushes: number;
  /** How often the amount went down. */
  amountDrops: number;
};

export type DealFactorKey = WeightKey<"deal_score"> | "outcome";
export type DealScore = Score<DealFactorKey>;
export type DealPart = Part<WeightKey<"deal_score">>;

/** @returns score = sum of the factors' points, a whole number of 0–100; a closed deal's is its outcome */
export function dealScore(facts: DealFacts, settings: ScoringSettings = scoringDefaults): DealScore {
  if (facts.isClosed) return outcomeScore(facts);
  const { weights, thresholds } = settings.deal_score;
  return scoreOf(dealParts(facts, thresholds), weights, { redistribute: false });
}

/** The seven factors of an open deal, as the CRM alone tells them. */
export function dealParts(facts: DealFacts, limits: Limits): DealPart[] {
  return [
    activity(facts, limits),
    probability(facts),
    timeInStage(facts, limits),
    closeDate(facts, limits),
    contacts(facts, limits),
    datePushes(facts, limits),
    amountDrops(facts, limits),
  ];
}

/** A closed deal: nothing but how it ended. */
export function outcomeScore({ isWon }: DealFacts): Score<"outcome"> {
  return wholeScore("outcome", "Outcome", isWon, isWon ? "The deal is won." : "The deal is lost.");
}

/** The weightiest risks in plain words, at most three. */
export function riskSummary(facts: DealFacts, { score, factors }: DealScore): string {
  if (facts.isClosed) return facts.isWon ? "This deal is won." : "This deal is lost.";
  const risks = risksOf(factors);
  if (risks.length === 0) return `Score ${score}: no notable risk. ${factors[0]!.sentence}`;
  const words = risks.length === 1 ? "Main risk" : "Main risks";
  return `Score ${score}. ${words}: ${risks
    .slice(0, 3)
    .map((factor) => factor.sentence)
    .join(" ")}`;
}

/** The action that moves the largest risk. */
export function nextStep(facts: DealFacts, { factors }: DealScore): string {
  if (facts.isClosed) {
    return facts.isWon
      ? "Hand over to customer success and note what convinced the customer."
      : "Note why it was lost, and set a reminder to look again in six months.";
  }
  const largest = risksOf(factors)[0];
  return largest
    ? actionFor(largest.key, facts)
    : "Keep the pace: agree the next meeting before this one is forgotten.";
}

/** Factors that cost a third of their points or more, the costliest first. */
function risksOf<K extends string>(factors: Factor<K>[]): Factor<K>[] {
  const lost = (factor: Factor) => factor.max - factor.points;
  return factors
    .filter((factor) => factor.max > 0 && lost(factor) * 3 >= factor.max)
    .sort((one, other) => lost(other) - lost(one));
}

function activity({ daysIdle, hasActivity }: DealFacts, limits: Limits): DealPart {
  const idle = whole(daysIdle);
  const sentence = hasActivity
    ? idle === 0
      ? "There was activity today."
      : `The last activity was ${ago(idle)}.`
    : `No activity is recorded since the deal was made ${ago(idle)}.`;
  return part("activity", falling(idle, limits.activity_full_days, limits.activity_none_days), sentence);
}

function probability({ probability: share }: DealFacts): DealPart {
  if (share === null) return part("probability", null, "The CRM gives no probability for its stage.");
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return part("probability", share, `Its stage stands for a probability of ${percent} %.`);
}

function timeInStage(facts: DealFacts, limits: Limits): DealPart {
  if (facts.daysInStage === null) {
    return part("time_in_stage", null, "It is not known since when it is in this stage.");
  }
  const inStage = whole(facts.daysInStage);
  const isMeasured = facts.usualDaysInStage !== null;
  const usual = Math.max(1, whole(facts.usualDaysInStage ?? limits.stage_fallback_days));
  const verb = usual === 1 ? "is" : "are";
  const compared = isMeasured ? `${days(usual)} ${verb} usual here` : `${days(usual)} would be common`;
  const share = falling(inStage / usual, limits.stage_full_times, limits.stage_none_times);
  return part("time_in_stage", share, `It has been in this stage for ${days(inStage)}; ${compared}.`);
}

function closeDate({ daysToClose }: DealFacts, limits: Limits): DealPart {
  if (daysToClose === null) return part("close_date", 1 / 3, "It has no close date.");
  if (daysToClose < 0) {
    // A passed date is worse than none, and worse the longer it stands.
    const share = falling(-daysToClose, 0, limits.overdue_none_days) / 3;
    return part("close_date", share, `Its close date passed ${ago(-daysToClose)}.`);
  }
  const sentence = daysToClose === 0 ? "Its close date is today." : `Its close date is ${days(daysToClose)} away.`;
  return part("close_date", daysToClose > limits.close_far_days ? 2 / 3 : 1, sentence);
}

function contacts(facts: DealFacts, { contacts_full }: Limits): DealPart {
  const count = whole(facts.contacts);
  const sentence =
    count === 0
      ? "No contact is involved."
      : count === 1
        ? "Only one contact is involved."
        : `${count} contacts are involved.`;
  // The first person counts most: without one there is nobody to talk to.
  const share = count === 0 ? 0 : 0.4 + 0.6 * (count >= contacts_full ? 1 : rising(count - 1, contacts_full - 1));
  return part("contacts", share, sentence);
}

function datePushes(facts: DealFacts, { pushes_none }: Limits): DealPart {
  const count = whole(facts.closeDatePushes);
  const sentence = count === 0 ? "The close date has not been pushed." : `The close date was pushed ${times(count)}.`;
  return part("date_pushes", falling(count, 0, pushes_none), sentence);
}

function amountDrops(facts: DealFacts, { drops_none }: Limits): DealPart {
  const count = whole(facts.amountDrops);
  const sentence = count === 0 ? "The amount has not been cut." : `The amount was cut ${times(count)}.`;
  return part("amount_drops", falling(count, 0, drops_none), sentence);
}

function part(key: DealPart["key"], share: number | null, sentence: string): DealPart {
  return { key, label: scoring.deal_score.weights[key].label, share, sentence };
}

function actionFor(key: DealFactorKey, facts: DealFacts): string {
  switch (key) {
    case "activity":
      return `Get in touch today: ${facts.hasActivity ? `nothing has happened for ${days(facts.daysIdle)}` : "nothing has been recorded yet"}. Offer two times for a short call.`;
    case "probability":
      return "Confirm need, budget and who decides, then move the deal to the stage it has really reached.";
    case "time_in_stage":
      return "Agree with the customer what is missing to leave this stage, and put a date to it.";
    case "close_date":
      return facts.daysToClose === null
        ? "Ask the customer when they want to decide, and set the close date."
        : facts.daysToClose < 0
          ? "The close date has passed: ask the customer for the new one, or close the deal."
          : "Ask what would let the customer decide sooner, and agree the steps until then.";
    case "contacts":
      return facts.contacts === 0
        ? "Add the people you talk to as contacts of the deal."
        : "Bring in a second person on the customer's side, best the one who decides.";
    case "date_pushes":
      return "Write a short plan to the close date with the customer, so that it holds this time.";
    case "amount_drops":
      return "Go back to the value: what is the problem worth to the customer, before talking about price again.";
    case "outcome":
      return "Nothing is left to do.";
    default:
      return key satisfies never;
  }
}
