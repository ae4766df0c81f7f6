/**
 * How healthy a deal is, 0–100, from what the CRM knows of it. Seven factors add up to the score, so that each point can
 * be explained; texts are written from the same factors. Pure: days are given, no clock.
 */

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

export type FactorKey =
  | "activity"
  | "probability"
  | "time_in_stage"
  | "close_date"
  | "contacts"
  | "date_pushes"
  | "amount_drops"
  | "outcome";

export type Factor = {
  key: FactorKey;
  label: string;
  points: number;
  /** Points this factor can give. */
  max: number;
  /** What is so, in words a rep understands. */
  sentence: string;
};

export type DealScore = { score: number; factors: Factor[] };

/** A stage without its own measure: three weeks, a common length of a stage in B2B sales. */
const usualFallbackDays = 21;

/** @returns score = sum of the factors' points, a whole number of 0–100 */
export function dealScore(facts: DealFacts): DealScore {
  const factors = facts.isClosed ? [outcome(facts)] : openFactors(facts);
  return { score: factors.reduce((sum, factor) => sum + factor.points, 0), factors };
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

function openFactors(facts: DealFacts): Factor[] {
  return [
    activity(facts),
    probability(facts),
    timeInStage(facts),
    closeDate(facts),
    contacts(facts),
    datePushes(facts),
    amountDrops(facts),
  ];
}

/** Factors that cost a third of their points or more, the costliest first. */
function risksOf(factors: Factor[]): Factor[] {
  const lost = (factor: Factor) => factor.max - factor.points;
  return factors.filter((factor) => lost(factor) * 3 >= factor.max).sort((one, other) => lost(other) - lost(one));
}

function activity({ daysIdle, hasActivity }: DealFacts): Factor {
  const sentence = hasActivity
    ? daysIdle === 0
      ? "There was activity today."
      : `The last activity was ${days(daysIdle)} ago.`
    : `No activity is recorded since the deal was made ${days(daysIdle)} ago.`;
  return factor("activity", "Recent activity", 25, falling(daysIdle, 3, 30), sentence);
}

function probability(facts: DealFacts): Factor {
  const share = facts.probability;
  const sentence =
    share === null
      ? "The CRM gives no probability for its stage."
      : `Its stage stands for a probability of ${Math.round(share * 100)} %.`;
  return factor("probability", "Stage probability", 20, share ?? 0.5, sentence);
}

function timeInStage({ daysInStage, usualDaysInStage }: DealFacts): Factor {
  if (daysInStage === null) {
    return factor("time_in_stage", "Time in stage", 20, 0.5, "It is not known since when it is in this stage.");
  }
  const usual = Math.max(1, usualDaysInStage ?? usualFallbackDays);
  const compared =
    usualDaysInStage === null ? `${days(usualFallbackDays)} would be common` : `${days(usual)} are usual here`;
  const sentence = `It has been in this stage for ${days(daysInStage)}; ${compared}.`;
  return factor("time_in_stage", "Time in stage", 20, falling(daysInStage / usual, 1, 3), sentence);
}

function closeDate({ daysToClose }: DealFacts): Factor {
  const label = "Close date";
  if (daysToClose === null) return factor("close_date", label, 15, 1 / 3, "It has no close date.");
  if (daysToClose < 0) {
    // A passed date is worse than none, and worse the longer it stands.
    return factor(
      "close_date",
      label,
      15,
      falling(-daysToClose, 0, 30) / 3,
      `Its close date passed ${days(-daysToClose)} ago.`,
    );
  }
  const sentence = daysToClose === 0 ? "Its close date is today." : `Its close date is ${days(daysToClose)} away.`;
  return factor("close_date", label, 15, daysToClose > 180 ? 2 / 3 : 1, sentence);
}

function contacts({ contacts: count }: DealFacts): Factor {
  const sentence =
    count === 0
      ? "No contact is involved."
      : count === 1
        ? "Only one contact is involved."
        : `${count} contacts are involved.`;
  return factor("contacts", "Contacts involved", 10, [0, 0.4, 0.7][count] ?? 1, sentence);
}

function datePushes({ closeDatePushes: count }: DealFacts): Factor {
  const sentence = count === 0 ? "The close date has not been pushed." : `The close date was pushed ${times(count)}.`;
  return factor("date_pushes", "Close date pushes", 6, falling(count, 0, 3), sentence);
}

function amountDrops({ amountDrops: count }: DealFacts): Factor {
  const sentence = count === 0 ? "The amount has not been cut." : `The amount was cut ${times(count)}.`;
  return factor("amount_drops", "Amount cuts", 4, falling(count, 0, 2), sentence);
}

function outcome({ isWon }: DealFacts): Factor {
  const sentence = isWon ? "The deal is won." : "The deal is lost.";
  return factor("outcome", "Outcome", 100, isWon ? 1 : 0, sentence);
}

function actionFor(key: FactorKey, facts: DealFacts): string {
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

/** 1 up to `full`, 0 from `none` on, straight in between. */
function falling(value: number, full: number, none: number): number {
  return Math.min(1, Math.max(0, (none - value) / (none - full)));
}

function factor(key: FactorKey, label: string, max: number, share: number, sentence: string): Factor {
  return { key, label, points: Math.round(max * share), max, sentence };
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}
