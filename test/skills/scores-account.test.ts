/** The two scores of an account and its fit: each factor at its edges, and what must hold for all accounts and settings. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FitFacts, fitOf, sizeBand, type WonProfile } from "../../backend/skills/account-fit.ts";
import { type AccountFacts, accountScore, enhancedAccountScore } from "../../backend/skills/account-score.ts";
import { mergeScoring } from "../../backend/skills/weights.ts";
import { anyAccount, anyFit, anySettings, type Better, expectMonotone, expectSound } from "./scores-setup.ts";

const account: AccountFacts = {
  ...{ contacts: 4, seniorContacts: 2, engagedContacts: 3, newContacts30: 0, openDeals: 2, wonDeals: 3, lostDeals: 0 },
  ...{ lastWonDays: 40, daysIdle: 2, conversations90: 4, daysSinceConversation: 2, pendingGaps: 0, hasOwner: true },
  ...{ industry: "Software", employees: 120 },
};
const profile: WonProfile = {
  customers: 20,
  industries: { Software: 10, "Real Estate": 4, RETAIL: 1 },
  sizes: { "51-200": 8, "11-50": 4 },
};
const compared = (industry: string | null, employees: number | null) => fitOf(profile, { industry, employees });

const notConnected = "Not known: no conversations reach Pandora yet.";

test.each<[Partial<AccountFacts>, string, number, string]>([
  [{}, "conversations", 20, "4 conversations in the last 90 days; the last one was 2 days ago."],
  [{ conversations90: 5 }, "conversations", 20, "5 conversations in the last 90 days; the last one was 2 days ago."],
  [{ conversations90: 1 }, "conversations", 13, "1 conversation in the last 90 days; the last one was 2 days ago."],
  [
    { daysSinceConversation: 14 },
    "conversations",
    20,
    "4 conversations in the last 90 days; the last one was 14 days ago.",
  ],
  [
    { daysSinceConversation: 18 },
    "conversations",
    19,
    "4 conversations in the last 90 days; the last one was 18 days ago.",
  ],
  [
    { daysSinceConversation: 90 },
    "conversations",
    10,
    "4 conversations in the last 90 days; the last one was 90 days ago.",
  ],
  [
    { conversations90: 0, daysSinceConversation: 91 },
    "conversations",
    0,
    "No conversation in the last 90 days; the last one was 91 days ago.",
  ],
  [{ conversations90: -1, daysSinceConversation: null }, "conversations", 0, "No conversation in the last 90 days."],
  [
    { conversations90: 1, daysSinceConversation: -1 },
    "conversations",
    13,
    "1 conversation in the last 90 days; the last one was today.",
  ],
  [{ conversations90: null, daysSinceConversation: null }, "conversations", 0, notConnected],
  [{ engagedContacts: -1 }, "engaged_contacts", 0, "No contact was active in the last 90 days."],
  [{ engagedContacts: 0 }, "engaged_contacts", 0, "No contact was active in the last 90 days."],
  [{ engagedContacts: 1 }, "engaged_contacts", 5, "1 contact was active in the last 90 days."],
  [{ engagedContacts: 2 }, "engaged_contacts", 10, "2 contacts were active in the last 90 days."],
  [{ engagedContacts: 3 }, "engaged_contacts", 15, "3 contacts were active in the last 90 days."],
  [{ engagedContacts: 4 }, "engaged_contacts", 15, "4 contacts were active in the last 90 days."],
  [{ openDeals: 0 }, "open_deals", 0, "No deal is open."],
  [{ openDeals: 1 }, "open_deals", 10, "1 deal is open."],
  [{ openDeals: 2 }, "open_deals", 20, "2 deals are open."],
  [{ openDeals: 1e9 }, "open_deals", 20, "1000000000 deals are open."],
  [{ wonDeals: 0, lastWonDays: null }, "won_deals", 0, "No deal has been won here yet."],
  [{ wonDeals: 0, lostDeals: 1, lastWonDays: null }, "won_deals", 0, "No deal has been won here; 1 was lost."],
  [{ wonDeals: 0, lostDeals: 2, lastWonDays: 5 }, "won_deals", 0, "No deal has been won here; 2 were lost."],
  [{ wonDeals: 1 }, "won_deals", 13, "1 deal was won; the last win was 40 days ago."],
  [{ wonDeals: 3, lostDeals: 1 }, "won_deals", 19, "3 deals were won and 1 lost; the last win was 40 days ago."],
  [{ lastWonDays: 180 }, "won_deals", 20, "3 deals were won; the last win was 180 days ago."],
  [{ lastWonDays: 235 }, "won_deals", 19, "3 deals were won; the last win was 235 days ago."],
  [{ lastWonDays: 729 }, "won_deals", 10, "3 deals were won; the last win was 729 days ago."],
  [{ lastWonDays: 730 }, "won_deals", 10, "3 deals were won; the last win was 730 days ago."],
  [{ wonDeals: 1, lastWonDays: 731 }, "won_deals", 3, "1 deal was won; the last win was 731 days ago."],
  [{ wonDeals: 1, lastWonDays: null }, "won_deals", 7, "1 deal was won."],
  [{ contacts: 0, seniorContacts: 0 }, "seniority", 0, "No contact is known."],
  [{ contacts: 1, seniorContacts: 0 }, "seniority", 2, "1 contact is known, no director or above."],
  [{ contacts: 1, seniorContacts: 1 }, "seniority", 6, "1 contact is known, a director or above."],
  [{ contacts: 4, seniorContacts: 1 }, "seniority", 11, "4 contacts are known, 1 of them a director or above."],
  [{ contacts: 3, seniorContacts: 2 }, "seniority", 14, "3 contacts are known, 2 of them directors or above."],
  [{ contacts: 5, seniorContacts: 3 }, "seniority", 15, "5 contacts are known, 3 of them directors or above."],
  [{ contacts: 2, seniorContacts: 2 }, "seniority", 12, "2 contacts are known, all of them directors or above."],
  [{ daysIdle: -1 }, "idle", 10, "There was activity today."],
  [{ daysIdle: 1 }, "idle", 10, "Nothing has happened for 1 day."],
  [{ daysIdle: 14 }, "idle", 10, "Nothing has happened for 14 days."],
  [{ daysIdle: 20 }, "idle", 9, "Nothing has happened for 20 days."],
  [{ daysIdle: 119 }, "idle", 0, "Nothing has happened for 119 days."],
  [{ daysIdle: 114 }, "idle", 1, "Nothing has happened for 114 days."],
  [{ daysIdle: 121 }, "idle", 0, "Nothing has happened for 121 days."],
  [{ daysIdle: null }, "idle", 0, "It is not known when anything last happened here."],
])("an account with %j: %s gives %i", (change, key, points, sentence) => {
  const factor = accountScore({ ...account, ...change }).factors.find((each) => each.key === key);
  expect(factor).toMatchObject({ points, sentence });
});

describe("fit", () => {
  test.each<[number | null, string | null]>([
    [null, null],
    [-5, null],
    [0, null],
    [Number.NaN, null],
    [1, "1-10"],
    [10, "1-10"],
    [11, "11-50"],
    [50, "11-50"],
    [51, "51-200"],
    [200, "51-200"],
    [201, "201-1000"],
    [1000, "201-1000"],
    [1001, "1001-5000"],
    [5000, "1001-5000"],
    [5001, "5001+"],
    [3e9, "5001+"],
  ])("%s employees are the band %s", (employees, band) => {
    expect(sizeBand(employees)).toBe(band);
  });

  test.each<[string | null, number, number, string]>([
    ["Software", 10, 10, "10 of 20 won customers are in its industry, Software."],
    ["software ", 10, 10, "10 of 20 won customers are in its industry, software."],
    ["REAL_ESTATE", 4, 10, "4 of 20 won customers are in its industry, real estate."],
    ["Retail", 1, 10, "1 of 20 won customers is in its industry, Retail."],
    ["Space Inc.", 0, 10, "None of 20 won customers is in its industry, Space Inc."],
    ["constructor", 0, 10, "None of 20 won customers is in its industry, constructor."],
    [null, 0, 0, "Its industry is not known."],
    ["  ", 0, 0, "Its industry is not known."],
  ])("industry %s gives %i of %i points", (industry, points, max, sentence) => {
    const { factors } = enhancedAccountScore({ ...account, employees: 120 }, compared(industry, 120));
    const factor = factors.find((each) => each.key === "fit_industry");
    expect(factor).toMatchObject({ points, max, sentence });
  });

  test.each<[number | null, number, number, string]>([
    [120, 8, 8, "8 of 20 won customers are of its size, 51 to 200 people."],
    [12, 4, 8, "4 of 20 won customers are of its size, 11 to 50 people."],
    [9000, 0, 8, "None of 20 won customers is of its size, 5001 or more people."],
    [null, 0, 0, "Its number of employees is not known."],
  ])("%s employees give %i of %i points", (employees, points, max, sentence) => {
    const { factors } = enhancedAccountScore(account, compared("Software", employees));
    expect(factors.find((each) => each.key === "fit_size")).toMatchObject({ points, max, sentence });
  });

  test("with four customers nothing is said, with five it is; an admin may ask for more", () => {
    const few: WonProfile = { customers: 4, industries: { Software: 4 }, sizes: { "51-200": 4 } };
    const judged = enhancedAccountScore(account, fitOf(few, account));
    expect(judged.factors.slice(-2)).toMatchObject([
      { points: 0, max: 0, sentence: "Not known: there are too few won customers to compare with." },
      { points: 0, max: 0, sentence: "Not known: there are too few won customers to compare with." },
    ]);
    const enough: WonProfile = { customers: 5, industries: { Software: 5 }, sizes: { "51-200": 4 } };
    expect(fitOf(enough, account)).toMatchObject({ industryCustomers: 5, sizeCustomers: null });
    expect(fitOf(enough, account, 6)).toMatchObject({ industryCustomers: null });
    expect(fitOf({ customers: 0, industries: {}, sizes: {} }, account)).toMatchObject({ industryCommonest: 0 });
  });

  test("spellings of one industry are counted together", () => {
    const spelled: WonProfile = {
      customers: 9,
      industries: { "Real Estate": 4, REAL_ESTATE: 3, Retail: 2 },
      sizes: {},
    };
    expect(fitOf(spelled, { industry: "real-estate", employees: null })).toMatchObject({
      industryCustomers: 7,
      industryCommonest: 7,
    });
  });

  test("one customer more in its industry or size never lowers the fit", () => {
    fc.assert(
      fc.property(anyAccount, fc.nat(30), fc.nat(30), fc.nat(30), anySettings, (facts, same, other, more, settings) => {
        const known = { ...facts, industry: "Software", employees: 30 };
        const score = (count: number) => {
          const counts = { customers: 90, industries: { Software: count, Retail: other }, sizes: { "11-50": count } };
          return enhancedAccountScore(known, fitOf(counts, known, 0), settings).score;
        };
        expect(score(same + more)).toBeGreaterThanOrEqual(score(same));
      }),
    );
  });
});

test("an account with everything has 100, an empty one 0, in both scores", () => {
  const empty: AccountFacts = {
    ...{
      contacts: 0,
      seniorContacts: 0,
      engagedContacts: 0,
      newContacts30: 0,
      openDeals: 0,
      wonDeals: 0,
      lostDeals: 0,
    },
    ...{ lastWonDays: null, daysIdle: 400, conversations90: 0, daysSinceConversation: null, pendingGaps: 0 },
    ...{ hasOwner: false, industry: "Space", employees: 9000 },
  };
  expect([accountScore(account).score, enhancedAccountScore(account, compared("Software", 120)).score]).toEqual([
    100, 100,
  ]);
  expect([accountScore(empty).score, enhancedAccountScore(empty, fitOf(profile, empty)).score]).toEqual([0, 0]);
});

test("what is not known costs nothing: its weight goes to the others", () => {
  const unknown = { ...account, conversations90: null, daysSinceConversation: null, daysIdle: null };
  expect(accountScore(unknown).score).toBe(100);
  expect(
    accountScore(unknown)
      .factors.filter((each) => each.max === 0)
      .map((each) => each.key),
  ).toEqual(["conversations", "idle"]);
  expect(enhancedAccountScore(unknown, null).score).toBe(100);
});

test("an admin's limits and weights count, the limits in both scores", () => {
  const settings = mergeScoring({
    account_score: { weights: { open_deals: 0 }, thresholds: { idle_full_days: 0, idle_none_days: 2 } },
  });
  const { factors } = accountScore(account, settings);
  expect(factors.find((each) => each.key === "open_deals")).toMatchObject({ points: 0, max: 0 });
  expect(factors.find((each) => each.key === "idle")).toMatchObject({ points: 0 });
  const enhanced = enhancedAccountScore(account, null, settings).factors;
  expect(enhanced.find((each) => each.key === "idle")).toMatchObject({ points: 0 });
  expect(enhanced.find((each) => each.key === "open_deals")!.max).toBeGreaterThan(0);
});

test("all accounts, fits and settings: both scores are sound", () => {
  fc.assert(
    fc.property(anyAccount, fc.option(anyFit), anySettings, (facts, fitting, settings) => {
      expectSound(accountScore(facts, settings));
      expectSound(enhancedAccountScore(facts, fitting, settings));
    }),
  );
});

type Both = { account: AccountFacts; fit: FitFacts | null };
const counts = ["contacts", "seniorContacts", "engagedContacts", "openDeals", "wonDeals"] as const;
const better: Better<AccountFacts>[] = [
  ...counts.map(
    (key): Better<AccountFacts> => [`more ${key}`, (facts, more) => ({ ...facts, [key]: facts[key] + more })],
  ),
  ["more conversations", (facts, more) => ({ ...facts, conversations90: (facts.conversations90 ?? 0) + more })],
  ["fewer lost deals", (facts, more) => ({ ...facts, lostDeals: facts.lostDeals - more })],
  ["a more recent win", (facts, more) => ({ ...facts, lastWonDays: (facts.lastWonDays ?? 700) - 20 * more })],
  ["less idle time", (facts, more) => ({ ...facts, daysIdle: (facts.daysIdle ?? 100) - more })],
  ["a later talk", (facts, more) => ({ ...facts, daysSinceConversation: (facts.daysSinceConversation ?? 80) - more })],
  ["any talk at all", (facts, more) => ({ ...facts, daysSinceConversation: more === 0 ? null : 200 - 5 * more })],
];

test.each(better)("%s never lowers the account's scores", (_, change) => {
  expectMonotone(anyAccount, change, accountScore);
  const both: fc.Arbitrary<Both> = fc.record({ account: anyAccount, fit: fc.option(anyFit) });
  expectMonotone(
    both,
    (facts, more) => ({ ...facts, account: change(facts.account, more) }),
    (facts, settings) => enhancedAccountScore(facts.account, facts.fit, settings),
  );
});
