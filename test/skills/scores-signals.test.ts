/** What is said of an account and around a deal: the most telling first, in two to four sentences. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FitFacts } from "../../backend/skills/account-fit.ts";
import { type AccountFacts, accountScore, enhancedAccountScore } from "../../backend/skills/account-score.ts";
import { accountSignals, type DealView, dealSignals } from "../../backend/skills/signals-text.ts";
import {
  anyAccount,
  anyConversations,
  anyDeal,
  anyFindings,
  anyFit,
  anySettings,
  expectWords,
} from "./scores-setup.ts";

const quiet: AccountFacts = {
  ...{ contacts: 3, seniorContacts: 1, engagedContacts: 1, newContacts30: 0, openDeals: 1, wonDeals: 0, lostDeals: 0 },
  ...{ lastWonDays: null, daysIdle: 10, conversations90: null, daysSinceConversation: null, pendingGaps: 0 },
  ...{ hasOwner: true, industry: null, employees: null },
};

const deal: DealView = {
  deal: {
    ...{ isClosed: false, isWon: false, daysIdle: 1, hasActivity: true, daysToClose: 30, daysInStage: 5 },
    ...{ usualDaysInStage: 20, probability: 1, contacts: 3, closeDatePushes: 0, amountDrops: 0 },
  },
  conversations: { count90: 2, daysSinceLast: 5, sentiment: 0, nextStepAgreed: null, people: 3 },
  findings: [],
  account: null,
};

const fitting: FitFacts = {
  ...{ customers: 20, industry: "software", industryCustomers: 9, industryCommonest: 9 },
  ...{ sizeBand: null, sizeCustomers: null, sizeCommonest: 0 },
};

function signals(change: Partial<AccountFacts>, fit: FitFacts | null = null): string {
  const facts = { ...quiet, ...change };
  return accountSignals(facts, accountScore(facts), fit);
}

function ofDeal(change: Partial<DealView>): string {
  return dealSignals({ ...deal, ...change });
}

test.each<[Partial<AccountFacts>, string]>([
  [{ pendingGaps: 1 }, "1 call has no deal."],
  [{ pendingGaps: 2, newContacts30: 5 }, "2 calls have no deal."],
  [{ newContacts30: 1 }, "1 new contact at the account in the last 30 days."],
  [{ newContacts30: 2, daysIdle: 45 }, "2 new contacts at the account in the last 30 days."],
  [{ daysIdle: 45 }, "Nothing has happened at the account for 45 days."],
  [{ contacts: 0, seniorContacts: 0 }, "No contact is known at the account."],
  [{ seniorContacts: 2 }, "2 of the account's 3 contacts are directors or above."],
  [{}, "1 of the account's 3 contacts is a director or above."],
  [{ contacts: 1, seniorContacts: 1 }, "The only contact at the account is a director or above."],
  [{ wonDeals: 1, lastWonDays: 40 }, "1 deal has been won at the account, the last one 40 days ago."],
])("an account with %j opens with: %s", (change, first) => {
  expect(signals(change).startsWith(first)).toBe(true);
});

test.each<[Partial<AccountFacts>, string]>([
  [{ hasOwner: false }, "Nobody owns the account."],
  [{ contacts: 3, seniorContacts: 0 }, "None of the account's 3 contacts is a director or above."],
  [{ contacts: 1, seniorContacts: 0 }, "The only contact at the account is no director or above."],
  [
    { conversations90: 1, daysSinceConversation: 0 },
    "There was 1 conversation with the account in the last 90 days, the last one today.",
  ],
  [
    { conversations90: 3, daysSinceConversation: null },
    "There were 3 conversations with the account in the last 90 days.",
  ],
  [{ conversations90: 0 }, "There was no conversation with the account in the last 90 days."],
  [{ lostDeals: 1 }, "No deal has been won at the account, and 1 was lost."],
  [{ wonDeals: 2, lastWonDays: null }, "2 deals have been won at the account."],
  [{ openDeals: 0 }, "The account has no open deal."],
  [{ daysIdle: null }, "No activity is recorded at the account."],
  [{ daysIdle: 29 }, "The last activity at the account was 29 days ago."],
])("an account with %j also says: %s", (change, sentence) => {
  expect(signals(change)).toContain(sentence);
});

test("fit is said where it stands out, and not where the industry is rare", () => {
  expect(signals({}, fitting)).toContain("9 of 20 won customers are in its industry, software.");
  expect(signals({}, { ...fitting, industryCustomers: 5 })).toContain("5 of 20");
  expect(signals({}, { ...fitting, industryCustomers: 4 })).not.toContain("industry");
});

test("a factor that is decided tells more than one in the middle", () => {
  // Two open deals give all points; one gives half, and is then no news beside the wins of last year.
  const order = (openDeals: number) => {
    const text = signals({ openDeals, wonDeals: 1, lastWonDays: 500, contacts: 3, seniorContacts: 0 });
    return text.indexOf("open deal") < text.indexOf("been won");
  };
  expect([order(2), order(1)]).toEqual([true, false]);
});

test.each<[Partial<DealView>, string]>([
  [{}, "The last conversation about this deal was 5 days ago, with 3 people of the customer so far."],
  [
    { conversations: { ...deal.conversations!, people: 1, daysSinceLast: 0 } },
    "The last conversation about this deal was today, with 1 person of the customer so far.",
  ],
  [
    { conversations: { ...deal.conversations!, nextStepAgreed: false } },
    "No next step was agreed in the last conversation.",
  ],
  [{ conversations: { ...deal.conversations!, sentiment: -0.25 } }, "The tone of the conversations is negative."],
  [
    { conversations: { ...deal.conversations!, daysSinceLast: null } },
    "There has been no conversation about this deal yet.",
  ],
  [{ conversations: null }, "No company is linked to this deal."],
  [
    {
      findings: [
        { kind: "a", severity: "low", sentence: "X" },
        { kind: "b", severity: "high", sentence: "2 calls have no deal. " },
      ],
    },
    "2 calls have no deal.",
  ],
  [{ deal: { ...deal.deal, isClosed: true } }, "This deal is lost."],
  [{ deal: { ...deal.deal, isClosed: true, isWon: true } }, "This deal is won."],
])("a deal %# opens with its most telling sign", (change, first) => {
  expect(ofDeal(change).startsWith(first)).toBe(true);
});

test("good news of a deal is said too, after what needs doing", () => {
  const text = ofDeal({ conversations: { ...deal.conversations!, sentiment: 0.5, nextStepAgreed: true } });
  expect(text).toContain("A next step was agreed in the last conversation. The tone of the conversations is positive.");
});

test("a deal says what is going on at its account, and each topic once", () => {
  const facts = { ...quiet, conversations90: 3, daysSinceConversation: 5, pendingGaps: 2 };
  const text = ofDeal({ account: { facts, score: accountScore(facts), fit: null } });
  expect(text).toMatch(/^2 calls have no deal\. The last conversation about this deal was 5 days ago/);
  expect(text).not.toContain("conversations with the account");
  expect(text).not.toContain("No company");
});

test("what an open issue says in the account's own words is said once", () => {
  const facts = { ...quiet, pendingGaps: 2 };
  const findings = [{ kind: "calls", severity: "high" as const, sentence: "2 calls have no deal." }];
  const text = ofDeal({ findings, account: { facts, score: accountScore(facts), fit: null } });
  expect(text.split("2 calls have no deal.")).toHaveLength(2);
});

test("all accounts and deals: two to four different sentences, never empty, right in singular and plural", () => {
  fc.assert(
    fc.property(
      fc.record({ deal: anyDeal, conversations: fc.option(anyConversations), findings: anyFindings }),
      fc.option(anyAccount),
      fc.option(anyFit),
      anySettings,
      (view, facts, fit, settings) => {
        const account = facts && { facts, fit, score: enhancedAccountScore(facts, fit, settings) };
        const texts = [
          dealSignals({ ...view, account }),
          ...(account ? [accountSignals(account.facts, account.score, fit)] : []),
        ];
        for (const text of texts) {
          expectWords(text);
          const sentences = text.split(/(?<=\.) (?=[A-Z0-9])/);
          expect(sentences.length).toBeGreaterThanOrEqual(2);
          expect(sentences.length).toBeLessThanOrEqual(4);
          expect(new Set(sentences).size).toBe(sentences.length);
        }
      },
    ),
  );
});
