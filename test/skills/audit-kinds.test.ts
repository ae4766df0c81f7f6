/** What the audit calls a fault, at the edges. Pure. */
import { describe, expect, test } from "vitest";
import { adviseOn, patternsOf } from "../../backend/skills/coverage-gaps.ts";
import { companyFindings, contactFindings, dealFindings } from "../../backend/skills/quality-findings.ts";
import type { NewFinding } from "../../backend/skills/store.ts";
import { expectWords } from "./scores-setup.ts";

const kinds = (found: NewFinding[]) => found.map(({ kind, severity }) => `${kind} ${severity}`);

const deal = {
  ...{ crm_id: "d1", has_amount: true, has_company: true, owner_active: true },
  ...{ contacts: 2, days_to_close: 10, age_days: 40 },
};

test.each<[string, Partial<typeof deal> | { owner_active: null } | { days_to_close: null }, string[]]>([
  ["nothing is wrong", {}, []],
  ["nobody owns it", { owner_active: null }, ["owner_missing high"]],
  ["its owner has left", { owner_active: false }, ["owner_inactive high"]],
  ["there is no close date", { days_to_close: null }, ["close_date_missing medium"]],
  ["it closes today", { days_to_close: 0 }, []],
  ["its close date was yesterday", { days_to_close: -1 }, ["close_date_passed medium"]],
  ["its close date passed 13 days ago", { days_to_close: -13 }, ["close_date_passed medium"]],
  ["its close date passed 14 days ago", { days_to_close: -14 }, ["close_date_passed high"]],
  ["the amount is missing", { has_amount: false }, ["amount_missing medium"]],
  ["it hangs on no company", { has_company: false }, ["company_missing medium"]],
  ["nobody is on it", { contacts: 0 }, ["contacts_missing medium"]],
  ["nobody is on it, and it is new", { contacts: 0, age_days: 0 }, ["contacts_missing medium"]],
  ["one person is on it for 13 days", { contacts: 1, age_days: 13 }, []],
  ["one person is on it for 14 days", { contacts: 1, age_days: 14 }, ["single_threaded medium"]],
  ["two people are on it", { contacts: 2, age_days: 400 }, []],
])("a deal: %s", (_, given, expected) => {
  const found = dealFindings({ ...deal, ...given });
  expect(kinds(found)).toEqual(expected);
  for (const each of found) expectWords(each.sentence);
});

test.each<[string, object, string[]]>([
  ["nothing is wrong", {}, []],
  ["nobody owns it", { owner_active: null }, ["owner_missing medium"]],
  ["its owner has left", { owner_active: false }, ["owner_inactive medium"]],
  ["it has no domain", { has_domain: false }, ["domain_missing medium"]],
  ["it has no industry", { has_industry: false }, ["industry_missing low"]],
])("a company: %s", (_, given, expected) => {
  const found = companyFindings({ crm_id: "c1", has_domain: true, has_industry: true, owner_active: true, ...given });
  expect(kinds(found)).toEqual(expected);
  for (const each of found) expectWords(each.sentence);
});

test.each<[string, object, string[]]>([
  ["nothing is wrong", {}, []],
  ["no address", { has_email: false }, ["email_missing medium"]],
  ["no title", { has_title: false }, ["title_missing low"]],
  ["neither", { has_email: false, has_title: false }, ["email_missing medium", "title_missing low"]],
])("a contact: %s", (_, given, expected) => {
  expect(kinds(contactFindings({ crm_id: "k1", has_email: true, has_title: true, ...given }))).toEqual(expected);
});

describe("what to do with a high gap", () => {
  const gap = {
    ...{ conversation_id: "x", title: "Demo", company_name: "Acme", rep_name: "Ann", days_since: 8 },
    ...{ duration_minutes: 30, severity_reason: null, likely_cause: "deal_not_created" },
  };
  test.each([
    ["deal_not_created", 14, "immediate", /^Create the deal for Acme/],
    ["deal_not_created", 15, "this_week", /^Create the deal for Acme/],
    ["unknown", 0, "immediate", /^Create the deal for Acme/],
    ["deal_linking_gap", 2, "this_week", /^Link the call to the open deal of Acme/],
    ["early_stage", 2, "backlog", /next call with Acme/],
    ["disqualified_not_logged", 40, "backlog", /^Dismiss it .* if Acme is no fit/],
  ] as const)("%s after %i days is %s", (likely_cause, days_since, urgency, action) => {
    const advice = adviseOn({ ...gap, likely_cause, days_since });
    expect(advice.urgency).toBe(urgency);
    expect(advice.action).toMatch(action);
  });
  test("without a company it speaks of the prospect", () => {
    expect(adviseOn({ ...gap, company_name: null }).action).toBe(
      "Create the deal for this prospect, and agree the next step.",
    );
  });
});

describe("what gaps have in common", () => {
  const totals = (reps: [string | null, number][], causes: [string, number][]) => ({
    pending: reps.reduce((sum, [, n]) => sum + n, 0),
    by_severity: { high: 0, medium: 0, low: 0 },
    by_rep: reps.map(([rep, pending]) => ({ rep, email: null, pending, high: 0, medium: 0, low: 0 })),
    by_cause: causes.map(([likely_cause, pending]) => ({ likely_cause: likely_cause as "unknown", text: "", pending })),
  });
  test.each<[string, ReturnType<typeof totals>, string[]]>([
    [
      "three are too few",
      totals(
        [
          ["Ann", 2],
          ["Bob", 1],
        ],
        [["early_stage", 3]],
      ),
      [],
    ],
    [
      "half are Ann's",
      totals(
        [
          ["Ann", 2],
          ["Bob", 1],
          ["Cid", 1],
        ],
        [],
      ),
      ["Ann holds 2 of 4 gaps."],
    ],
    [
      "less than half",
      totals(
        [
          ["Ann", 2],
          ["Bob", 2],
          ["Cid", 1],
        ],
        [],
      ),
      [],
    ],
    ["everybody's are Ann's", totals([["Ann", 4]], []), []],
    [
      "half are nobody's",
      totals(
        [
          [null, 2],
          ["Bob", 1],
          ["Cid", 1],
        ],
        [],
      ),
      [],
    ],
    [
      "one cause for most",
      totals(
        [["Ann", 4]],
        [
          ["early_stage", 1],
          ["deal_not_created", 3],
        ],
      ),
      ["3 of 4 gaps: real conversations for which no deal was created."],
    ],
    ["no cause for most", totals([["Ann", 4]], [["unknown", 4]]), []],
  ])("%s", (_, given, expected) => {
    expect(patternsOf(given)).toEqual(expected);
  });
});
