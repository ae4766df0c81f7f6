/** What the tests of all scores share: facts and settings of every kind, and what must hold for any score. */
import fc from "fast-check";
import { expect } from "vitest";
import type { FitFacts } from "../../backend/skills/account-fit.ts";
import { sizeBands } from "../../backend/skills/account-fit.ts";
import type { AccountFacts } from "../../backend/skills/account-score.ts";
import type { EngagementFacts, EnrichmentFacts } from "../../backend/skills/contact-scores.ts";
import type { DealFacts } from "../../backend/skills/deal-score.ts";
import type { ConversationFacts, OpenFinding } from "../../backend/skills/enhanced-deal-score.ts";
import type { Score } from "../../backend/skills/score.ts";
import { describeScoring, mergeScoring, type ScoringSettings, weightMax } from "../../backend/skills/weights.ts";

/** Whole, in range, explained, and adding up. */
export function expectSound({ score, factors }: Score): void {
  expect(Number.isInteger(score)).toBe(true);
  expect(score).toBeGreaterThanOrEqual(0);
  expect(score).toBeLessThanOrEqual(100);
  expect(factors.reduce((sum, factor) => sum + factor.points, 0)).toBe(score);
  expect(factors.reduce((sum, factor) => sum + factor.max, 0)).toBe(100);
  expect(new Set(factors.map((factor) => factor.key)).size).toBe(factors.length);
  for (const factor of factors) {
    expect(Number.isInteger(factor.points) && Number.isInteger(factor.max)).toBe(true);
    expect(factor.points).toBeGreaterThanOrEqual(0);
    expect(factor.points).toBeLessThanOrEqual(factor.max);
    expect(factor.label).toMatch(/^[A-Z]/);
    expectWords(factor.sentence);
  }
}

/** Sentences as a person writes them. */
export function expectWords(text: string): void {
  expect(text).toMatch(/^[A-Z0-9].*\.$/);
  expect(text).not.toMatch(/NaN|undefined|null|Infinity|\[object|\.\.| {2}| \.|-\d/);
  const plural = /\b1 (?:days|times|deals|calls|contacts|conversations|customers|issues|people|were|are|have)\b/;
  expect(text).not.toMatch(plural);
  expect(text).not.toMatch(
    /\b(?:[02-9]|\d+\d) (?:day|time|deal|call|contact|conversation|customer|issue|was|is|has)\b/,
  );
}

const some = fc.oneof(fc.nat(6), fc.nat(200), fc.constant(1_000_000_000));
const age = fc.oneof(fc.nat(10), fc.nat(2000), fc.constant(1_000_000));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 4 });

export const anyDeal: fc.Arbitrary<DealFacts> = fc.record({
  isClosed: fc.boolean(),
  isWon: fc.boolean(),
  daysIdle: age,
  hasActivity: fc.boolean(),
  daysToClose: maybe(fc.integer({ min: -2000, max: 2000 })),
  daysInStage: maybe(age),
  usualDaysInStage: maybe(fc.nat(400)),
  probability: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  contacts: some,
  closeDatePushes: fc.nat(50),
  amountDrops: fc.nat(50),
});

export const anyOpenDeal = anyDeal.map((deal) => ({ ...deal, isClosed: false }));

export const anyConversations: fc.Arbitrary<ConversationFacts> = fc.record({
  count90: some,
  daysSinceLast: maybe(age),
  sentiment: maybe(fc.integer({ min: -100, max: 100 }).map((hundredths) => hundredths / 100)),
  nextStepAgreed: maybe(fc.boolean()),
  people: some,
});

export const anyFindings: fc.Arbitrary<OpenFinding[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("call_without_deal", "no_amount", "stale", "no_contact"),
    severity: fc.constantFrom("high" as const, "medium" as const, "low" as const),
    sentence: fc.constantFrom(
      "2 calls have no deal.",
      "The amount is missing",
      "",
      "Nobody has touched it for a year.",
    ),
  }),
  { maxLength: 6 },
);

const industries = ["Software", "COMPUTER_SOFTWARE", "Oil & Gas Inc.", "constructor", ""];

export const anyAccount: fc.Arbitrary<AccountFacts> = fc.record({
  contacts: some,
  seniorContacts: some,
  engagedContacts: some,
  newContacts30: some,
  openDeals: some,
  wonDeals: some,
  lostDeals: some,
  lastWonDays: maybe(age),
  daysIdle: maybe(age),
  conversations90: maybe(some),
  daysSinceConversation: maybe(age),
  pendingGaps: some,
  hasOwner: fc.boolean(),
  industry: maybe(fc.constantFrom(...industries)),
  employees: maybe(some),
});

export const anyFit: fc.Arbitrary<FitFacts> = fc.record({
  customers: some,
  industry: maybe(fc.constantFrom("Software", "oil and gas")),
  industryCustomers: maybe(some),
  industryCommonest: some,
  sizeBand: maybe(fc.constantFrom(...sizeBands)),
  sizeCustomers: maybe(some),
  sizeCommonest: some,
});

export const anyEngagement: fc.Arbitrary<EngagementFacts> = fc.record({
  conversations: some,
  conversations90: some,
  daysSinceLast: maybe(age),
  openDeals: some,
});

export const anyEnrichment: fc.Arbitrary<EnrichmentFacts> = fc.record({
  name: fc.boolean(),
  email: fc.constantFrom("work" as const, "free" as const, "none" as const),
  phone: fc.boolean(),
  title: maybe(fc.oneof(fc.constantFrom("CEO", "Head of Sales", "Engineer", " "), fc.string())),
  company: fc.boolean(),
  daysSinceActivity: maybe(age),
});

/** Any that can be saved, and a few that can't but stand in an old row: weights that are all 0 become the defaults. */
export const anySettings: fc.Arbitrary<ScoringSettings> = fc
  .record(
    Object.fromEntries(
      describeScoring().map(({ score, weights, thresholds }) => [
        score,
        fc.record({
          weights: fc.record(
            Object.fromEntries(
              weights.map(({ key }) => [
                key,
                fc.oneof(fc.nat(weightMax), fc.constant(0), fc.double({ min: 0, max: weightMax, noNaN: true })),
              ]),
            ),
          ),
          thresholds: fc.record(
            Object.fromEntries(
              thresholds.map(({ key, min, max }) => [key, fc.integer({ min: Math.ceil(min), max: Math.floor(max) })]),
            ),
          ),
        }),
      ]),
    ),
  )
  .map(mergeScoring);

/** A fact changed for the better, every other one held. */
export type Better<F> = [what: string, better: (facts: F, more: number) => F];

/** With any facts and any settings: a better fact never gives a lower score. */
export function expectMonotone<F>(
  facts: fc.Arbitrary<F>,
  better: (facts: F, more: number) => F,
  scoreOf: (facts: F, settings: ScoringSettings) => Score,
): void {
  fc.assert(
    fc.property(facts, fc.nat(40), anySettings, (base, more, settings) => {
      // Twice, so that a change that makes a missing fact known has happened on both sides.
      const before = better(base, 0);
      const after = better(base, more);
      expect(scoreOf(after, settings).score).toBeGreaterThanOrEqual(scoreOf(before, settings).score);
    }),
  );
}
