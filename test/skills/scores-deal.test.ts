/** The two scores of a deal: each factor at its edges, and what must hold for all deals and settings. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type DealFacts, dealScore, nextStep, riskSummary } from "../../backend/skills/deal-score.ts";
import {
  type ConversationFacts,
  type EnhancedDealInput,
  enhancedDealScore,
  gravestFirst,
  type OpenFinding,
} from "../../backend/skills/enhanced-deal-score.ts";
import { mergeScoring, scoringDefaults } from "../../backend/skills/weights.ts";
import {
  anyConversations,
  anyDeal,
  anyFindings,
  anyOpenDeal,
  anySettings,
  type Better,
  expectMonotone,
  expectSound,
  expectWords,
} from "./scores-setup.ts";

const deal: DealFacts = {
  ...{ isClosed: false, isWon: false, daysIdle: 1, hasActivity: true, daysToClose: 30, daysInStage: 5 },
  ...{ usualDaysInStage: 20, probability: 1, contacts: 3, closeDatePushes: 0, amountDrops: 0 },
};
const talks: ConversationFacts = { count90: 4, daysSinceLast: 2, sentiment: 1, nextStepAgreed: true, people: 2 };
const best: EnhancedDealInput = { deal, conversations: talks, findings: [] };
const finding = (severity: OpenFinding["severity"], kind = "k"): OpenFinding => ({ kind, severity, sentence: "So." });
const anyInput = fc.record({ deal: anyDeal, conversations: fc.option(anyConversations), findings: anyFindings });

test.each<[Partial<DealFacts>, string, number, string]>([
  [{ daysIdle: -1 }, "activity", 25, "There was activity today."],
  [{ daysIdle: 0 }, "activity", 25, "There was activity today."],
  [{ daysIdle: 2 }, "activity", 25, "The last activity was 2 days ago."],
  [{ daysIdle: 3 }, "activity", 25, "The last activity was 3 days ago."],
  [{ daysIdle: 4 }, "activity", 24, "The last activity was 4 days ago."],
  [{ daysIdle: 29 }, "activity", 1, "The last activity was 29 days ago."],
  [{ daysIdle: 30 }, "activity", 0, "The last activity was 30 days ago."],
  [{ daysIdle: 31 }, "activity", 0, "The last activity was 31 days ago."],
  [{ daysIdle: 1e6 }, "activity", 0, "The last activity was 1000000 days ago."],
  [{ daysIdle: 0, hasActivity: false }, "activity", 25, "No activity is recorded since the deal was made today."],
  [{ daysIdle: 1, hasActivity: false }, "activity", 25, "No activity is recorded since the deal was made 1 day ago."],
  [{ probability: -0.1 }, "probability", 0, "Its stage stands for a probability of 0 %."],
  [{ probability: 0 }, "probability", 0, "Its stage stands for a probability of 0 %."],
  [{ probability: 0.024 }, "probability", 0, "Its stage stands for a probability of 2 %."],
  [{ probability: 0.025 }, "probability", 1, "Its stage stands for a probability of 3 %."],
  [{ probability: 1.5 }, "probability", 20, "Its stage stands for a probability of 100 %."],
  [{ probability: null }, "probability", 10, "The CRM gives no probability for its stage."],
  [{ daysInStage: -2 }, "time_in_stage", 20, "It has been in this stage for 0 days; 20 days are usual here."],
  [{ daysInStage: 20 }, "time_in_stage", 20, "It has been in this stage for 20 days; 20 days are usual here."],
  [{ daysInStage: 22 }, "time_in_stage", 19, "It has been in this stage for 22 days; 20 days are usual here."],
  [{ daysInStage: 58 }, "time_in_stage", 1, "It has been in this stage for 58 days; 20 days are usual here."],
  [{ daysInStage: 60 }, "time_in_stage", 0, "It has been in this stage for 60 days; 20 days are usual here."],
  [{ daysInStage: 61 }, "time_in_stage", 0, "It has been in this stage for 61 days; 20 days are usual here."],
  [
    { daysInStage: 1, usualDaysInStage: 0 },
    "time_in_stage",
    20,
    "It has been in this stage for 1 day; 1 day is usual here.",
  ],
  [
    { daysInStage: 21, usualDaysInStage: null },
    "time_in_stage",
    20,
    "It has been in this stage for 21 days; 21 days would be common.",
  ],
  [{ daysInStage: null }, "time_in_stage", 10, "It is not known since when it is in this stage."],
  [{ daysToClose: -2000 }, "close_date", 0, "Its close date passed 2000 days ago."],
  [{ daysToClose: -30 }, "close_date", 0, "Its close date passed 30 days ago."],
  [{ daysToClose: -26 }, "close_date", 1, "Its close date passed 26 days ago."],
  [{ daysToClose: -1 }, "close_date", 5, "Its close date passed 1 day ago."],
  [{ daysToClose: 0 }, "close_date", 15, "Its close date is today."],
  [{ daysToClose: 1 }, "close_date", 15, "Its close date is 1 day away."],
  [{ daysToClose: 180 }, "close_date", 15, "Its close date is 180 days away."],
  [{ daysToClose: 181 }, "close_date", 10, "Its close date is 181 days away."],
  [{ daysToClose: null }, "close_date", 5, "It has no close date."],
  [{ contacts: -1 }, "contacts", 0, "No contact is involved."],
  [{ contacts: 0 }, "contacts", 0, "No contact is involved."],
  [{ contacts: 1 }, "contacts", 4, "Only one contact is involved."],
  [{ contacts: 2 }, "contacts", 7, "2 contacts are involved."],
  [{ contacts: 3 }, "contacts", 10, "3 contacts are involved."],
  [{ contacts: 4 }, "contacts", 10, "4 contacts are involved."],
  [{ closeDatePushes: 0 }, "date_pushes", 6, "The close date has not been pushed."],
  [{ closeDatePushes: 1 }, "date_pushes", 4, "The close date was pushed once."],
  [{ closeDatePushes: 3 }, "date_pushes", 0, "The close date was pushed 3 times."],
  [{ closeDatePushes: 4 }, "date_pushes", 0, "The close date was pushed 4 times."],
  [{ amountDrops: -1 }, "amount_drops", 4, "The amount has not been cut."],
  [{ amountDrops: 1 }, "amount_drops", 2, "The amount was cut once."],
  [{ amountDrops: 2 }, "amount_drops", 0, "The amount was cut twice."],
])("a deal with %j: %s gives %i", (change, key, points, sentence) => {
  const factor = dealScore({ ...deal, ...change }).factors.find((each) => each.key === key);
  expect(factor).toMatchObject({ points, sentence });
});

test.each<[Partial<ConversationFacts>, string, number, string]>([
  [{ daysSinceLast: -1 }, "conversation_recency", 11, "The last conversation was today."],
  [{ daysSinceLast: 1 }, "conversation_recency", 11, "The last conversation was 1 day ago."],
  [{ daysSinceLast: 7 }, "conversation_recency", 11, "The last conversation was 7 days ago."],
  [{ daysSinceLast: 10 }, "conversation_recency", 10, "The last conversation was 10 days ago."],
  [{ daysSinceLast: 57 }, "conversation_recency", 1, "The last conversation was 57 days ago."],
  [{ daysSinceLast: 60 }, "conversation_recency", 0, "The last conversation was 60 days ago."],
  [{ daysSinceLast: 61 }, "conversation_recency", 0, "The last conversation was 61 days ago."],
  [{ daysSinceLast: null }, "conversation_recency", 0, "There has been no conversation about it yet."],
  [{ count90: -1 }, "conversation_count", 0, "No conversation in the last 90 days."],
  [{ count90: 0 }, "conversation_count", 0, "No conversation in the last 90 days."],
  [{ count90: 1 }, "conversation_count", 2, "1 conversation in the last 90 days."],
  [{ count90: 3 }, "conversation_count", 5, "3 conversations in the last 90 days."],
  [{ count90: 4 }, "conversation_count", 7, "4 conversations in the last 90 days."],
  [{ count90: 1e9 }, "conversation_count", 7, "1000000000 conversations in the last 90 days."],
  [{ sentiment: -2 }, "sentiment", 0, "The tone of the conversations is negative."],
  [{ sentiment: -0.25 }, "sentiment", 2, "The tone of the conversations is negative."],
  [{ sentiment: -0.24 }, "sentiment", 2, "The tone of the conversations is neutral."],
  [{ sentiment: 0.24 }, "sentiment", 4, "The tone of the conversations is neutral."],
  [{ sentiment: 0.25 }, "sentiment", 4, "The tone of the conversations is positive."],
  [{ sentiment: 1 }, "sentiment", 6, "The tone of the conversations is positive."],
  [{ nextStepAgreed: true }, "next_step", 7, "A next step was agreed in the last conversation."],
  [{ nextStepAgreed: false }, "next_step", 0, "No next step was agreed in the last conversation."],
])("conversations with %j: %s gives %i", (change, key, points, sentence) => {
  const { factors } = enhancedDealScore({ ...best, conversations: { ...talks, ...change } });
  expect(factors.find((each) => each.key === key)).toMatchObject({ points, sentence });
});

test.each<[OpenFinding[], number, string]>([
  [[], 6, "No issue is open."],
  [[finding("low")], 5, "There is 1 open issue."],
  [[finding("medium")], 4, "There is 1 open issue."],
  [[finding("high")], 3, "There is 1 open issue, a grave one."],
  [[finding("high"), finding("medium")], 1, "There are 2 open issues, 1 of them grave."],
  [[finding("high"), finding("high")], 0, "There are 2 open issues, all of them grave."],
  [[finding("high"), finding("high"), finding("low")], 0, "There are 3 open issues, 2 of them grave."],
])("open issues %#: %i points", (findings, points, sentence) => {
  const { factors } = enhancedDealScore({ ...best, findings });
  expect(factors.at(-1)).toMatchObject({ key: "findings", points, sentence });
});

test("a team without conversations loses nothing by it: their weight goes to what is known", () => {
  const without = enhancedDealScore({ ...best, conversations: null });
  expect(without.score).toBe(100);
  const missing = without.factors.filter((each) => each.max === 0);
  expect(missing.map((each) => each.key)).toEqual([
    ...["conversation_recency", "conversation_count", "sentiment", "next_step"],
  ]);
  expect(missing.every((each) => each.sentence === "Not known: no conversations reach Pandora yet.")).toBe(true);
  // 15 of the 69 that are known.
  expect(without.factors[0]).toMatchObject({ key: "activity", max: 22 });
  const unknownTone = enhancedDealScore({
    ...best,
    conversations: { ...talks, sentiment: null, nextStepAgreed: null },
  });
  expect(unknownTone.factors.filter((each) => each.max === 0).map((each) => each.key)).toEqual([
    "sentiment",
    "next_step",
  ]);
  const unknownStage = enhancedDealScore({ ...best, deal: { ...deal, probability: null, daysInStage: null } });
  expect(unknownStage).toMatchObject({ score: 100 });
});

test("with conversations known and none there, the score drops", () => {
  const silent = { count90: 0, daysSinceLast: null, sentiment: null, nextStepAgreed: null, people: 0 };
  const { score } = enhancedDealScore({ ...best, conversations: silent });
  expect(score).toBeLessThan(enhancedDealScore({ ...best, conversations: null }).score);
});

test("a closed deal has its outcome and nothing else, whatever was said", () => {
  const closed = { ...best, deal: { ...deal, isClosed: true }, findings: [finding("high")] };
  expect(enhancedDealScore(closed)).toEqual({
    score: 0,
    factors: [{ key: "outcome", label: "Outcome", points: 0, max: 100, sentence: "The deal is lost." }],
  });
  expect(enhancedDealScore({ ...closed, deal: { ...closed.deal, isWon: true } }).score).toBe(100);
});

test("an admin's weights and limits count, those of the deal score in both scores", () => {
  const settings = mergeScoring({
    deal_score: { weights: { activity: 0, contacts: 90 }, thresholds: { contacts_full: 10, activity_none_days: 5 } },
    enhanced_deal_score: { thresholds: { issues_none: 1 } },
  });
  const { factors } = dealScore({ ...deal, contacts: 1 }, settings);
  expect(factors[0]).toMatchObject({ key: "activity", points: 0, max: 0 });
  expect(factors.find((each) => each.key === "contacts")).toMatchObject({ points: 23, max: 58 });
  const enhanced = enhancedDealScore({ ...best, deal: { ...deal, daysIdle: 5 }, findings: [finding("low")] }, settings);
  expect(enhanced.factors[0]).toMatchObject({ key: "activity", points: 0, max: 15 });
  expect(enhanced.factors.at(-1)).toMatchObject({ key: "findings", points: 0, max: 6 });
  // A factor that does not count is no risk to name.
  const silent = { ...deal, daysIdle: 400, contacts: 10 };
  expect(riskSummary(silent, dealScore(silent, settings))).not.toContain("Main risk");
  expect(nextStep(silent, dealScore(silent, settings))).toMatch(/^Keep the pace/);
});

test("the gravest issue comes first, whatever the order they were read in", () => {
  const ordered = [finding("high", "b"), finding("medium", "c"), finding("low", "a"), finding("low", "d")];
  expect(gravestFirst([...ordered].reverse())).toEqual(ordered);
});

test("all deals and settings: both scores are sound, and their texts are sentences", () => {
  fc.assert(
    fc.property(anyInput, anySettings, (input, settings) => {
      expectSound(dealScore(input.deal, settings));
      expectSound(enhancedDealScore(input, settings));
      expectWords(riskSummary(input.deal, dealScore(input.deal, settings)));
      expectWords(nextStep(input.deal, dealScore(input.deal, settings)));
    }),
  );
});

const betterDeals: Better<DealFacts>[] = [
  ["less silence", (facts, more) => ({ ...facts, daysIdle: facts.daysIdle - more })],
  [
    "a higher probability",
    (facts, more) => ({ ...facts, probability: Math.min(1, (facts.probability ?? 0.3) + more / 40) }),
  ],
  ["a shorter time in the stage", (facts, more) => ({ ...facts, daysInStage: (facts.daysInStage ?? 50) - more })],
  ["a longer usual time", (facts, more) => ({ ...facts, usualDaysInStage: (facts.usualDaysInStage ?? 9) + more })],
  [
    "a close date less overdue",
    (facts, more) => ({ ...facts, daysToClose: Math.min(0, (facts.daysToClose ?? -9) + more) }),
  ],
  [
    "a far close date nearer",
    (facts, more) => ({ ...facts, daysToClose: Math.abs(facts.daysToClose ?? 0) + 40 - more }),
  ],
  ["more contacts", (facts, more) => ({ ...facts, contacts: facts.contacts + more })],
  ["fewer pushes", (facts, more) => ({ ...facts, closeDatePushes: facts.closeDatePushes - more })],
  ["fewer cuts", (facts, more) => ({ ...facts, amountDrops: facts.amountDrops - more })],
];

test.each(betterDeals)("%s never lowers the deal score, with or without conversations", (_, better) => {
  expectMonotone(anyOpenDeal, better, dealScore);
  const input = fc.record({ deal: anyOpenDeal, conversations: fc.option(anyConversations), findings: anyFindings });
  expectMonotone(input, (facts, more) => ({ ...facts, deal: better(facts.deal, more) }), enhancedDealScore);
});

const betterTalks: Better<ConversationFacts>[] = [
  ["a more recent conversation", (facts, more) => ({ ...facts, daysSinceLast: (facts.daysSinceLast ?? 70) - more })],
  [
    "any conversation, where there was none",
    (facts, more) => ({ ...facts, daysSinceLast: more === 0 ? null : 500 - more }),
  ],
  ["more conversations", (facts, more) => ({ ...facts, count90: facts.count90 + more })],
  ["a friendlier tone", (facts, more) => ({ ...facts, sentiment: (facts.sentiment ?? -0.5) + more / 20 })],
  ["an agreed next step", (facts, more) => ({ ...facts, nextStepAgreed: more > 0 })],
];

test.each(betterTalks)("%s never lowers the enhanced score", (_, better) => {
  const input = fc.record({ deal: anyOpenDeal, conversations: anyConversations, findings: anyFindings });
  expectMonotone(
    input,
    (facts, more) => ({ ...facts, conversations: better(facts.conversations, more) }),
    enhancedDealScore,
  );
});

test("an issue less, or a lighter one, never lowers the enhanced score", () => {
  const input = fc.record({ deal: anyOpenDeal, conversations: fc.option(anyConversations), findings: anyFindings });
  expectMonotone(input, (facts, more) => ({ ...facts, findings: facts.findings.slice(more) }), enhancedDealScore);
  const lighter = (facts: EnhancedDealInput, more: number) => ({
    ...facts,
    findings: facts.findings.map((each) => ({ ...each, severity: more > 0 ? ("low" as const) : each.severity })),
  });
  expectMonotone(input, lighter, enhancedDealScore);
});

test("the same facts give the same score", () => {
  expect(enhancedDealScore(structuredClone(best), structuredClone(scoringDefaults))).toEqual(enhancedDealScore(best));
});
