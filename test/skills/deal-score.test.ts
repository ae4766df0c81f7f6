import fc from "fast-check";
import { expect, test } from "vitest";
import { type DealFacts, dealScore, nextStep, riskSummary } from "../../backend/skills/deal-score.ts";

/** A deal with nothing against it. */
const healthy: DealFacts = {
  isClosed: false,
  isWon: false,
  daysIdle: 1,
  hasActivity: true,
  daysToClose: 30,
  daysInStage: 5,
  usualDaysInStage: 20,
  probability: 1,
  contacts: 3,
  closeDatePushes: 0,
  amountDrops: 0,
};

const anyFacts: fc.Arbitrary<DealFacts> = fc.record({
  isClosed: fc.boolean(),
  isWon: fc.boolean(),
  daysIdle: fc.nat(2000),
  hasActivity: fc.boolean(),
  daysToClose: fc.option(fc.integer({ min: -2000, max: 2000 })),
  daysInStage: fc.option(fc.nat(2000)),
  usualDaysInStage: fc.option(fc.nat(400)),
  probability: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  contacts: fc.nat(200),
  closeDatePushes: fc.nat(50),
  amountDrops: fc.nat(50),
});

test.each<[string, Partial<DealFacts>, string, number]>([
  ["touched three days ago", { daysIdle: 3 }, "activity", 25],
  ["silent for a month", { daysIdle: 30 }, "activity", 0],
  ["silent for 16 days", { daysIdle: 16 }, "activity", 13],
  ["an even chance", { probability: 0.5 }, "probability", 10],
  ["no probability", { probability: null }, "probability", 10],
  ["at the usual time in stage", { daysInStage: 20 }, "time_in_stage", 20],
  ["twice the usual time", { daysInStage: 40 }, "time_in_stage", 10],
  ["three times the usual time", { daysInStage: 60 }, "time_in_stage", 0],
  ["no usual time known: three weeks", { daysInStage: 42, usualDaysInStage: null }, "time_in_stage", 10],
  ["a usual time of no days", { daysInStage: 3, usualDaysInStage: 0 }, "time_in_stage", 0],
  ["stage entry unknown", { daysInStage: null }, "time_in_stage", 10],
  ["closing today", { daysToClose: 0 }, "close_date", 15],
  ["closing in a year", { daysToClose: 365 }, "close_date", 10],
  ["no close date", { daysToClose: null }, "close_date", 5],
  ["close date passed yesterday", { daysToClose: -1 }, "close_date", 5],
  ["close date passed a month ago", { daysToClose: -30 }, "close_date", 0],
  ["nobody involved", { contacts: 0 }, "contacts", 0],
  ["one contact", { contacts: 1 }, "contacts", 4],
  ["two contacts", { contacts: 2 }, "contacts", 7],
  ["pushed twice", { closeDatePushes: 2 }, "date_pushes", 2],
  ["pushed nine times", { closeDatePushes: 9 }, "date_pushes", 0],
  ["cut once", { amountDrops: 1 }, "amount_drops", 2],
])("%s", (_, change, key, points) => {
  const { factors } = dealScore({ ...healthy, ...change });
  expect(factors.find((factor) => factor.key === key)?.points).toBe(points);
});

test("the best deal has 100, a lost one 0, a won one 100, whatever else is so", () => {
  expect(dealScore(healthy).score).toBe(100);
  expect(dealScore({ ...healthy, isClosed: true }).score).toBe(0);
  expect(dealScore({ ...healthy, daysIdle: 900, isClosed: true, isWon: true }).score).toBe(100);
});

test("every deal: 0–100, whole, the factors add up to it, and none gives more than it has", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { score, factors } = dealScore(facts);
      expect(Number.isInteger(score)).toBe(true);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
      expect(factors.reduce((sum, factor) => sum + factor.points, 0)).toBe(score);
      expect(factors.reduce((sum, factor) => sum + factor.max, 0)).toBe(100);
      for (const factor of factors) {
        expect(factor.points).toBeGreaterThanOrEqual(0);
        expect(factor.points).toBeLessThanOrEqual(factor.max);
        expect(factor.sentence).toMatch(/^[A-Z0-9].*\.$/);
      }
    }),
  );
});

test.each<[string, (facts: DealFacts, more: number) => DealFacts]>([
  ["longer silence", (facts, more) => ({ ...facts, daysIdle: facts.daysIdle + more })],
  ["a longer time in the stage", (facts, more) => ({ ...facts, daysInStage: (facts.daysInStage ?? 0) + more })],
  [
    "a close date longer passed",
    (facts, more) => ({ ...facts, daysToClose: Math.min(-1, facts.daysToClose ?? -1) - more }),
  ],
  ["more pushes", (facts, more) => ({ ...facts, closeDatePushes: facts.closeDatePushes + more })],
  ["more cuts", (facts, more) => ({ ...facts, amountDrops: facts.amountDrops + more })],
  ["fewer contacts", (facts, more) => ({ ...facts, contacts: Math.max(0, facts.contacts - more) })],
  ["a lower probability", (facts, more) => ({ ...facts, probability: (facts.probability ?? 0.5) / (1 + more) })],
])("%s never raises the score", (_, worsen) => {
  fc.assert(
    fc.property(anyFacts, fc.nat(50), (facts, more) => {
      const base = worsen({ ...facts, isClosed: false }, 0);
      expect(dealScore(worsen(base, more)).score).toBeLessThanOrEqual(dealScore(base).score);
    }),
  );
});

test("the texts name the largest risk and what to do about it", () => {
  const facts = { ...healthy, daysIdle: 34, contacts: 1 };
  const judged = dealScore(facts);
  expect(riskSummary(facts, judged)).toBe(
    "Score 69. Main risks: The last activity was 34 days ago. Only one contact is involved.",
  );
  expect(nextStep(facts, judged)).toBe(
    "Get in touch today: nothing has happened for 34 days. Offer two times for a short call.",
  );
  expect(riskSummary(healthy, dealScore(healthy))).toBe("Score 100: no notable risk. The last activity was 1 day ago.");
  expect(nextStep(healthy, dealScore(healthy))).toMatch(/^Keep the pace/);
  const overdue = { ...healthy, daysToClose: -12 };
  expect(nextStep(overdue, dealScore(overdue))).toMatch(/^The close date has passed/);
  const lost = { ...healthy, isClosed: true };
  expect(riskSummary(lost, dealScore(lost))).toBe("This deal is lost.");
});

test("the texts of every deal are sentences, and say at most three risks", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const judged = dealScore(facts);
      const summary = riskSummary(facts, judged);
      expect(summary).toMatch(/\.$/);
      expect(judged.factors.filter((factor) => summary.includes(factor.sentence)).length).toBeLessThanOrEqual(3);
      expect(nextStep(facts, judged)).toMatch(/^[A-Z].*\.$/);
    }),
  );
});
