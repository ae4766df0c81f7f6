/** What a deal's conversations and findings tell, from the rows that make it. */
import { expect, test } from "vitest";
import { dealFacts } from "../../backend/skills/deal-facts.ts";
import { dealScope } from "../../backend/skills/score-deals.ts";
import { scoringDefaults } from "../../backend/skills/weights.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { planting } from "./planted.ts";

const app = await newTestApp(await newDatabase());

async function planted() {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  const t = planting(app.house, workspace.id);
  return {
    ...t,
    facts: (id: string) =>
      t.inside(async (tx) => {
        const place = { workspaceId: t.workspaceId, crm: t.crm, now: app.clock.now(), runId: "", ids: null };
        const scope = await dealScope(tx, { ...place, scoring: scoringDefaults });
        const rows = await dealFacts(tx, scope, { after: "", limit: 100, ids: null });
        return rows.find((row) => row.crmRecordId === id)!;
      }),
  };
}

test("without any conversation in the workspace, a deal's are unknown; with one anywhere, silence is a fact", async () => {
  const t = await planted();
  await t.deal("d1");
  expect((await t.facts("d1")).conversations).toBeNull();
  await t.call({ companies: [] });
  expect((await t.facts("d1")).conversations).toEqual({
    ...{ count90: 0, daysSinceLast: null, sentiment: null, nextStepAgreed: null, people: 0 },
  });
});

test("count of 90 days, last, tone over recent ones, next step of the last, different people of the customer", async () => {
  const t = await planted();
  await t.deal("d1");
  await t.deal("other");
  await t.call({ deal: "d1", ago: 91, sentiment: -1, nextStep: true, people: ["old@x.test"] });
  await t.call({ deal: "d1", ago: 89, sentiment: 0.4, nextStep: true, people: ["jo@x.test", "al@x.test"] });
  await t.call({ deal: "d1", ago: 20, sentiment: 0.1, nextStep: false, people: ["jo@x.test"] });
  await t.call({ deal: "d1", ago: 40, people: ["jo@x.test"] });
  await t.call({ deal: "d1", ago: -2, sentiment: 1, nextStep: true, people: ["soon@x.test"] });
  await t.call({ deal: "other", ago: 1, sentiment: 1, nextStep: true, people: ["else@x.test"] });
  expect((await t.facts("d1")).conversations).toEqual({
    ...{ count90: 3, daysSinceLast: 20, sentiment: 0.25, nextStepAgreed: false, people: 3 },
  });
  // The last one does not tell: no older one answers for it.
  await t.call({ deal: "d1", ago: 3, people: ["jo@x.test"] });
  expect((await t.facts("d1")).conversations).toMatchObject({ daysSinceLast: 3, nextStepAgreed: null });
});

test("our own people do not count as people of the customer", async () => {
  const t = await planted();
  await t.deal("d1");
  const id = await t.call({ deal: "d1", people: ["jo@x.test", "ann@us.test", "room@us.test"] });
  await t.inside(
    (
      tx,
    ) => tx`update conversation_participants set side = case ordinal when 1 then 'internal' when 2 then 'nobody' else side end
      where conversation_id = ${id}`,
  );
  expect((await t.facts("d1")).conversations).toMatchObject({ people: 1 });
});

test("a closed deal's conversations and findings age no more", async () => {
  const t = await planted();
  await t.deal("d1", { is_closed: true, is_won: true });
  await t.call({ deal: "d1", ago: 3, sentiment: 1, people: ["jo@x.test"] });
  expect(await t.facts("d1")).toMatchObject({
    conversations: { count90: 0, daysSinceLast: null, people: 0 },
    findings: [],
  });
});

test("open findings count against the deal, and stop to when they are mended", async () => {
  const t = await planted();
  await t.owner("o1");
  await t.company("c1", { owner_id: "o1", domain: "c1.test", industry: "Software" });
  const whole = { amount: 100, owner_id: "o1", company_id: "c1", contacts: ["k1", "k2"], close_date: "2026-12-20" };
  await t.deal("d1", whole);
  await t.run("deal-score");
  const score = async () => (await t.values("deal", "d1"))["enhanced_deal_score"]!;
  const before = (await score()).value as number;
  await t.change("deals", "d1", { owner_id: null });
  const audit = await t.run("data-quality-audit");
  expect(audit.report).toMatchObject({ findings: { owner_missing: 1 } });
  expect((await t.facts("d1")).findings).toEqual([
    { kind: "owner_missing", severity: "high", sentence: "The deal has no owner." },
  ]);
  await t.run("deal-score");
  expect((await score()).value).toBeLessThan(before);
  expect((await score()).factors.find(({ key }) => key === "findings")!.sentence).toBe(
    "There is 1 open issue, a grave one.",
  );
  await t.change("deals", "d1", { owner_id: "o1" });
  await t.run("data-quality-audit");
  await t.run("deal-score");
  expect((await score()).value).toBe(before);
});
