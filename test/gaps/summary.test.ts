/** The figures of the gaps: how many, whose, why, what they may be worth, week over week; and records for pickers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { estimatePipeline } from "../../backend/gaps/estimate.ts";
import { gapTotals, highGaps } from "../../backend/gaps/summary.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { gapWorld, list } from "./listed.ts";

const testApp = await newTestApp(await newDatabase());
const everything = { all: true, owners: [], emails: [] };

test("pending gaps are counted by severity, by rep and by likely cause, the most first", async () => {
  const world = await gapWorld(testApp);
  await world.gap({ severity: "high", rep: "rita@us.test", cause: "deal_not_created" });
  await world.gap({ severity: "low", rep: "rita@us.test", cause: "deal_linking_gap" });
  await world.gap({ severity: "high", rep: "sam@us.test", cause: "deal_not_created" });
  await world.gap({ severity: "medium", cause: "unknown" });
  await world.gap({ severity: "high", status: "dismissed", rep: "sam@us.test" });
  const { status, body } = await world.admin("GET", `${list}/summary`);
  expect(status).toBe(200);
  expect([body.pending, body.by_severity]).toEqual([4, { high: 2, medium: 1, low: 1 }]);
  expect(body.by_rep).toEqual([
    { rep: "rita", email: "rita@us.test", pending: 2, high: 1, medium: 0, low: 1 },
    { rep: null, email: null, pending: 1, high: 0, medium: 1, low: 0 },
    { rep: "sam", email: "sam@us.test", pending: 1, high: 1, medium: 0, low: 0 },
  ]);
  expect(
    body.by_cause.map((each: { likely_cause: string; pending: number }) => [each.likely_cause, each.pending]),
  ).toEqual([
    ["deal_not_created", 2],
    ["deal_linking_gap", 1],
    ["unknown", 1],
  ]);
});

test("what was decided this month is counted by the workspace's own calendar, each call once", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1");
  const decided = async (at: string, decision: string, id?: string) => {
    const gap = id ?? (await world.gap());
    await world.within(
      (tx) => tx`
        insert into gap_decisions (workspace_id, id, conversation_id, decision, decided_by, decided_at)
        values (${world.id}, gen_random_uuid(), ${gap}, ${decision}, 'system', ${at})`,
    );
    return gap;
  };
  // November begins in Berlin at 23:00 UTC of 31 October.
  await decided("2026-10-31T22:59:59Z", "dismissed");
  const twice = await decided("2026-10-31T23:00:00Z", "dismissed");
  await decided("2026-11-02T10:00:00Z", "restored", twice);
  await decided("2026-11-03T10:00:00Z", "dismissed", twice);
  await decided("2026-11-04T10:00:00Z", "created");
  await decided("2026-11-05T10:00:00Z", "linked");
  const { body } = await world.admin("GET", `${list}/summary`);
  expect(body.this_month).toEqual({ created: 1, linked: 1, dismissed: 1, since: "2026-10-31T23:00:00.000Z" });
});

test("the estimated pipeline is gaps × the median of last year's new deals, and says so", async () => {
  const world = await gapWorld(testApp);
  await world.gap();
  await world.gap();
  for (const [n, amount] of [100, 1_000, 9_000].entries()) {
    await world.deal(`d-${n}`, { amount, currency: "EUR", createdDaysAgo: 10 + n });
  }
  await world.deal("zero", { amount: 0, currency: "EUR" });
  await world.deal("old", { amount: 1_000_000, currency: "EUR", createdDaysAgo: 400 });
  await world.deal("gone", { amount: 1_000_000, currency: "EUR", deleted: true });
  const { body } = await world.admin("GET", `${list}/summary`);
  expect(body.estimated_pipeline).toEqual({
    by_currency: [{ currency: "EUR", amount: 2_000, median: 1_000, deals: 3, share: 1 }],
  });
  expect(body.estimated_pipeline_text).toBe(
    "About 2,000 EUR: 2 calls without a deal × 1,000 EUR, the median of 3 deals with an amount created in the last year. An estimate, not a forecast.",
  );
});

test("several currencies share the gaps as they share the deals; a deal without one is in the workspace's", async () => {
  const world = await gapWorld(testApp);
  for (let n = 0; n < 4; n += 1) await world.gap();
  for (let n = 0; n < 3; n += 1) await world.deal(`usd-${n}`, { amount: 1_000 });
  await world.deal("eur", { amount: 400, currency: "EUR" });
  const { body } = await world.admin("GET", `${list}/summary`);
  expect(body.estimated_pipeline.by_currency).toEqual([
    { currency: "USD", amount: 3_000, median: 1_000, deals: 3, share: 0.75 },
    { currency: "EUR", amount: 400, median: 400, deals: 1, share: 0.25 },
  ]);
  expect(body.estimated_pipeline_text).toContain("1,000 USD (75 %), 400 EUR (25 %)");
});

test("without deals there is a count and no invented money", async () => {
  const world = await gapWorld(testApp);
  await world.gap();
  const { body } = await world.admin("GET", `${list}/summary`);
  expect(body.estimated_pipeline).toBeNull();
  expect(body.estimated_pipeline_text).toMatch(/^1 call without a deal\. No deal with an amount/);
});

test("no estimate is above gaps × the highest median, whatever the deals", () => {
  const row = fc.record({ currency: fc.constantFrom("EUR", "USD", "CHF"), deals: fc.nat(500), median: fc.nat(1e6) });
  const rows = fc.uniqueArray(row, { selector: ({ currency }) => currency, minLength: 1 });
  fc.assert(
    fc.property(fc.nat(10_000), rows, (pending, given) => {
      const counted = given.filter(({ deals }) => deals > 0);
      const { estimated_pipeline } = estimatePipeline(pending, counted);
      if (counted.length === 0) return estimated_pipeline === null;
      const sum = estimated_pipeline!.by_currency.reduce((all, { amount }) => all + amount, 0);
      const shares = estimated_pipeline!.by_currency.reduce((all, { share }) => all + share, 0);
      const top = pending * Math.max(...counted.map(({ median }) => median));
      return sum <= top + counted.length && Math.abs(shares - 1) < 1e-9;
    }),
    { seed: 7 },
  );
});

test("the trend tells for each week what was found and what became of it, by the workspace's own Mondays", async () => {
  const world = await gapWorld(testApp);
  // Now is Sunday, 22 November, 10:00 in Berlin; the week began on Monday the 16th at 23:00 UTC of the 15th.
  const at = (moment: string) => (world.clock.now().getTime() - Date.parse(moment)) / 3_600_000;
  await world.gap({ ago: at("2026-11-15T23:00:00Z") });
  await world.gap({ ago: at("2026-11-20T10:00:00Z"), status: "dismissed" });
  await world.gap({ ago: at("2026-11-20T10:00:00Z"), status: "created" });
  await world.gap({ ago: at("2026-11-15T22:59:59Z"), status: "linked" });
  await world.gap({ ago: at("2026-11-01T10:00:00Z") });
  await world.gap({ ago: at("2026-11-20T10:00:00Z"), status: null });
  const { body } = await world.admin("GET", `${list}/trend?weeks=3`);
  const none = { created: 0, linked: 0, dismissed: 0 };
  expect(body.weeks).toEqual([
    { week: "2026-11-02", found: 0, ...none, still_open: 0 },
    { week: "2026-11-09", found: 1, ...none, linked: 1, still_open: 0 },
    { week: "2026-11-16", found: 3, ...none, created: 1, dismissed: 1, still_open: 1 },
  ]);
  expect((await world.admin("GET", `${list}/trend`)).body.weeks).toHaveLength(12);
  expect((await world.admin("GET", `${list}/trend?weeks=99`)).status).toBe(400);
});

test("audits get the totals in sight and the newest high ones", async () => {
  const world = await gapWorld(testApp);
  await world.company("c-1", { name: "Acme" });
  await world.gap({ title: "older", severity: "high", companies: ["c-1"], ago: 5, rep: "rita@us.test" });
  await world.gap({ title: "newer", severity: "high", ago: 1 });
  await world.gap({ title: "medium", severity: "medium", ago: 0 });
  const sight = { all: false, owners: [], emails: ["rita@us.test"] };
  const { all, seen, high } = await world.within(async (tx) => ({
    all: await gapTotals(tx, world.id, everything),
    seen: await gapTotals(tx, world.id, sight),
    high: await highGaps(tx, world.id, 2),
  }));
  expect([all.pending, seen.pending]).toEqual([3, 1]);
  expect(high.map(({ title, company_name }) => [title, company_name])).toEqual([
    ["newer", null],
    ["older", "Acme"],
  ]);
});

test("a picker finds records by the beginning of a name, an address or a domain, open deals first", async () => {
  const world = await gapWorld(testApp);
  await world.company("c-1", { name: "ÄCME Corp", domain: "acme.com" });
  await world.company("c-2", { name: "Beta", domain: "beta.io" });
  await world.contact("p-1", { name: "Ann Lee", email: "ann@acme.com" });
  await world.contact("p-2", { name: "Zed", email: "annual@beta.io" });
  await world.deal("d-closed", { name: "Äcme won", company: "c-2", closed: true });
  await world.deal("d-named", { name: "äcme renewal", company: "c-2" });
  await world.deal("d-theirs", { name: "A big one", company: "c-1" });
  await world.deal("d-gone", { name: "Äcme gone", deleted: true });
  const found = async (query: string) =>
    (await world.admin("GET", `crm-search?${query}`)).body.items.map((each: { crm_id: string }) => each.crm_id);
  expect(await found("objectType=deal&q=%C3%84CME")).toEqual(["d-named", "d-theirs", "d-closed"]);
  expect(await found("objectType=account&q=%C3%A4c")).toEqual(["c-1"]);
  expect(await found("objectType=company&q=ACME.c")).toEqual(["c-1"]);
  expect(await found("objectType=contact&q=ann")).toEqual(["p-1", "p-2"]);
  expect(await found("objectType=contact&q=nothing")).toEqual([]);
  expect(await found("objectType=contact&q=ann&crm=salesforce")).toEqual([]);
  const { body } = await world.admin("GET", "crm-search?objectType=deal&q=A%20big");
  expect(body.items).toEqual([
    {
      ...{ crm: "hubspot", object_type: "deal", crm_id: "d-theirs", name: "A big one", detail: "ÄCME Corp" },
      ...{ is_open: true, url: "https://crm.test/0-3/d-theirs" },
    },
  ]);
});

test("a picker shows at most 20", async () => {
  const world = await gapWorld(testApp);
  for (let n = 0; n < 25; n += 1) await world.deal(`d-${n}`, { name: `Deal ${n}` });
  expect((await world.admin("GET", "crm-search?objectType=deal&q=deal")).body.items).toHaveLength(20);
});
