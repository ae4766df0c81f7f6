/** Pipeline coverage: what stands behind a rep's thin pipeline, by rule and through the database. */
import { describe, expect, test } from "vitest";
import { coverRep, type RepCoverage, type RepFacts } from "../../backend/skills/rep-coverage.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { planting } from "./planted.ts";
import { expectWords } from "./scores-setup.ts";

const rep: RepFacts = {
  ...{ owner_id: "o1", rep_name: "Ann", rep_email: "ann@us.test", currency: "EUR" },
  // 100 are won in a usual quarter.
  ...{ open_amount: 500, open_deals: 5, won_amount: 400, pending_gaps: 0, shadow_amount: 0 },
};

test.each<[string, Partial<RepFacts>, string, number | null]>([
  ["five quarters in the pipeline", {}, "covered", 5],
  ["just above twice", { open_amount: 206, pending_gaps: 9, shadow_amount: 900 }, "covered", 2.1],
  [
    "twice, many calls without a deal",
    { open_amount: 200, pending_gaps: 3, shadow_amount: 90 },
    "active_not_logging",
    2,
  ],
  ["twice, few calls without a deal", { open_amount: 200, pending_gaps: 2, shadow_amount: 60 }, "thin_pipeline", 2],
  ["nothing in the pipeline", { open_amount: 0, open_deals: 0 }, "thin_pipeline", 0],
  ["nothing won, something open", { won_amount: 0 }, "no_history", null],
  [
    "nothing won, something open, many calls",
    { won_amount: 0, pending_gaps: 9, shadow_amount: null },
    "no_history",
    null,
  ],
  ["nothing at all", { won_amount: 0, open_amount: 0, open_deals: 0 }, "no_history", null],
  [
    "nothing won, nothing open, many calls",
    { won_amount: 0, open_amount: 0, open_deals: 0, pending_gaps: 3, shadow_amount: 90 },
    "active_not_logging",
    null,
  ],
])("%s", (_, given, cause, coverage) => {
  const covered = coverRep({ ...rep, ...given });
  expect(covered).toMatchObject({ root_cause: cause, coverage });
  expectWords(covered.sentence);
});

test("coverage with the shadow pipeline: the calls without a deal, as if each had one", () => {
  expect(coverRep({ ...rep, pending_gaps: 2, shadow_amount: 100 })).toMatchObject({ coverage_with_shadow: 6 });
  expect(coverRep({ ...rep, pending_gaps: 2, shadow_amount: null })).toMatchObject({ coverage_with_shadow: 5 });
});

describe("through the database", async () => {
  const app = await newTestApp(await newDatabase());
  async function planted() {
    const workspace = await app.newWorkspace();
    await workspace.connect("hubspot");
    const t = planting(app.house, workspace.id);
    await t.inside((tx) => tx`update workspaces set currency = 'EUR' where workspace_id = ${workspace.id}`);
    const reps = async () => {
      const { report } = await t.run("pipeline-coverage");
      return { reps: report["reps"] as RepCoverage[], causes: report["root_causes"] };
    };
    return { ...t, reps };
  }
  const gap = (rep: string | null) => ({ gap_status: "pending", severity: 1, rep_email: rep });

  test("open, won in four quarters, calls without a deal and what these may be worth, by rep", async () => {
    const t = await planted();
    await t.owner("o1", { email: "Ann@us.test", name: "Ann" });
    await t.owner("o2", { email: "bob@us.test", name: "Bob" });
    const won = { is_closed: true, is_won: true, currency: "EUR", crm_created_at: t.ago(500) };
    await t.deal("a", { ...won, owner_id: "o1", amount: 400, closed_at: t.ago(30) });
    await t.deal("b", { ...won, owner_id: "o1", amount: 9_000, closed_at: t.ago(366) });
    await t.deal("c", { owner_id: "o1", amount: 150, currency: "EUR" });
    await t.deal("d", { owner_id: "o1", amount: 50, is_closed: null, currency: null });
    await t.deal("e", { owner_id: "o2", amount: 70, currency: "EUR" });
    await t.deal("lost", {
      owner_id: "o2",
      is_closed: true,
      amount: 5_000,
      currency: "EUR",
      closed_at: t.ago(3),
      crm_created_at: t.ago(500),
    });
    await t.deal("gone", { owner_id: "o1", amount: 5_000, deleted_at: t.ago(1), currency: "EUR" });
    for (let n = 0; n < 3; n += 1) await t.call(gap("ann@us.test"));
    await t.call({ ...gap(null), rep_owner_crm: "hubspot", rep_owner_id: "o2" });
    await t.call({ ...gap("ann@us.test"), gap_status: "dismissed" });
    const { reps, causes } = await t.reps();
    // Made in the last year: 150, 50 and 70.
    expect(reps).toMatchObject([
      {
        ...{ owner_id: "o1", rep_name: "Ann", currency: "EUR", open_amount: 200, open_deals: 2, won_amount: 400 },
        ...{
          pending_gaps: 3,
          shadow_amount: 210,
          coverage: 2,
          coverage_with_shadow: 4.1,
          root_cause: "active_not_logging",
        },
      },
      {
        ...{ owner_id: "o2", rep_name: "Bob", open_amount: 70, won_amount: 0, pending_gaps: 1, shadow_amount: 70 },
        ...{ coverage: null, root_cause: "no_history" },
      },
    ]);
    expect(causes).toEqual({ active_not_logging: 1, no_history: 1 });
  });

  test("currencies are not added up, and a call is counted once for a rep", async () => {
    const t = await planted();
    await t.owner("o1", { email: "ann@us.test" });
    await t.deal("a", { owner_id: "o1", amount: 100, currency: "EUR" });
    await t.deal("b", { owner_id: "o1", amount: 900, currency: "USD" });
    // Told by two sources: once with the owner, once with the address.
    await t.call({ ...gap("ann@us.test"), rep_owner_crm: "hubspot", rep_owner_id: "o1" });
    const { reps } = await t.reps();
    expect(reps.map((each) => [each.currency, each.open_amount, each.pending_gaps, each.shadow_amount])).toEqual([
      ["EUR", 100, 1, 100],
      ["USD", 900, 1, 900],
    ]);
  });

  test("a rep who only calls is there, and so is nobody", async () => {
    const t = await planted();
    await t.call(gap("cid@us.test"));
    await t.call({ ...gap("cid@us.test"), rep_name: "Cid" });
    await t.call(gap("dan@us.test"));
    await t.call(gap(null));
    // A name without an address is nobody yet; an owner of the other CRM is none of this one's.
    await t.call({ ...gap(null), rep_name: "Some name" });
    await t.call({ ...gap(null), rep_owner_crm: "salesforce", rep_owner_id: "005" });
    await t.deal("a", { amount: 50, currency: "EUR" });
    const { reps } = await t.reps();
    expect(reps.map((each) => [each.rep_name, each.rep_email, each.pending_gaps, each.open_deals])).toEqual([
      ["Cid", "cid@us.test", 2, 0],
      ["Nobody", null, 2, 1],
      ["dan@us.test", "dan@us.test", 1, 0],
    ]);
  });

  test("no deal was ever made: a count, and no invented money", async () => {
    const t = await planted();
    await t.call(gap("cid@us.test"));
    expect((await t.reps()).reps).toMatchObject([{ pending_gaps: 1, shadow_amount: null, coverage_with_shadow: null }]);
  });
});
