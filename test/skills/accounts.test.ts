/** The facts of companies, each from the rows that make it; what is stored of them and said on their deals. */
import { expect, test } from "vitest";
import { readOwnColumns } from "../../backend/mirror/store.ts";
import { accountFacts, wonProfile } from "../../backend/skills/account-facts.ts";
import { hasConversations } from "../../backend/skills/deal-facts.ts";
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
    facts: (id = "c1") =>
      t.inside(async (tx) => {
        const place = { workspaceId: t.workspaceId, crm: t.crm, now: app.clock.now() };
        const own = (await readOwnColumns(tx, t.workspaceId, t.crm)).company;
        const scope = { ...place, own, hasConversations: await hasConversations(tx, t.workspaceId) };
        const rows = await accountFacts(tx, scope, { after: "", limit: 100, ids: null });
        return rows.find((row) => row.crmRecordId === id)?.facts;
      }),
  };
}

test("a company of which nothing is known", async () => {
  const t = await planted();
  await t.company("c1");
  expect(await t.facts()).toEqual({
    ...{
      contacts: 0,
      seniorContacts: 0,
      engagedContacts: 0,
      newContacts30: 0,
      openDeals: 0,
      wonDeals: 0,
      lostDeals: 0,
    },
    ...{ lastWonDays: null, daysIdle: null, conversations90: null, daysSinceConversation: null, pendingGaps: 0 },
    ...{ hasOwner: false, industry: null, employees: null },
  });
});

test("contacts: seniority by title, active and new ones by day, deleted ones and other companies' not at all", async () => {
  const t = await planted();
  await t.company("c1");
  await t.company("c2");
  await t.contact("k1", { company_id: "c1", job_title: "Chief Financial Officer", last_activity_at: t.ago(89) });
  await t.contact("k2", { company_id: "c1", job_title: "VP Sales", last_activity_at: t.ago(91) });
  await t.contact("k3", { company_id: "c1", job_title: "Director of IT", crm_created_at: t.ago(29) });
  await t.contact("k4", { company_id: "c1", job_title: "IT Manager", crm_created_at: t.ago(31) });
  await t.contact("k5", { company_id: "c1" });
  // The same title twice counts twice.
  await t.contact("k6", { company_id: "c1", job_title: "VP Sales", last_activity_at: t.ago(1) });
  await t.contact("gone", { company_id: "c1", job_title: "CEO", last_activity_at: t.ago(0), deleted_at: t.ago(0) });
  await t.contact("other", {
    company_id: "c2",
    job_title: "CEO",
    last_activity_at: t.ago(0),
    crm_created_at: t.ago(1),
  });
  expect(await t.facts()).toMatchObject({
    ...{ contacts: 6, seniorContacts: 4, engagedContacts: 2, newContacts30: 1, daysIdle: 1 },
  });
});

test("deals: open, won and lost; an unknown stage counts as open, a deleted deal not at all", async () => {
  const t = await planted();
  await t.company("c1", { last_activity_at: t.ago(50) });
  await t.deal("open", { company_id: "c1" });
  await t.deal("unknown", { company_id: "c1", is_closed: null, is_won: null });
  await t.deal("won", { company_id: "c1", is_closed: true, is_won: true, closed_at: t.ago(200) });
  await t.deal("won2", {
    company_id: "c1",
    is_closed: true,
    is_won: true,
    closed_at: t.ago(70),
    last_activity_at: t.ago(30),
  });
  await t.deal("lost", { company_id: "c1", is_closed: true, is_won: false, closed_at: t.ago(10) });
  await t.deal("gone", { company_id: "c1", is_closed: true, is_won: true, closed_at: t.ago(1), deleted_at: t.ago(1) });
  expect(await t.facts()).toMatchObject({
    ...{ openDeals: 2, wonDeals: 2, lostDeals: 1, lastWonDays: 70, daysIdle: 30 },
  });
});

test("conversations: of 90 days, the last one, pending gaps; not those ahead or of other companies", async () => {
  const t = await planted();
  await t.company("c1", { last_activity_at: t.ago(400) });
  await t.company("c2");
  await t.call({ companies: ["c2"], ago: 1, gap_status: "pending" });
  expect(await t.facts()).toMatchObject({
    conversations90: 0,
    daysSinceConversation: null,
    daysIdle: 400,
    pendingGaps: 0,
  });
  await t.call({ companies: ["c1"], ago: 89, gap_status: "pending" });
  await t.call({ companies: ["c1"], ago: 91, gap_status: "dismissed" });
  await t.call({ companies: ["c2", "c1"], ago: 12, gap_status: "pending" });
  await t.call({ companies: ["c1"], ago: -1, gap_status: "pending" });
  expect(await t.facts()).toMatchObject({
    conversations90: 2,
    daysSinceConversation: 12,
    daysIdle: 12,
    pendingGaps: 2,
  });
});

test("what Pandora writes itself is no fact", async () => {
  const t = await planted();
  await t.company("c1", { industry: "Software", employees: 40 });
  expect(await t.facts()).toMatchObject({ industry: "Software", employees: 40, hasOwner: false });
  await t.mapping("account_score", "company", "numberofemployees");
  await t.mapping("account_signals_text", "company", "industry");
  expect(await t.facts()).toMatchObject({ industry: null, employees: null });
  await t.change("companies", "c1", { owner_id: "o1" });
  expect(await t.facts()).toMatchObject({ hasOwner: true });
});

test("customers are companies with a won deal, by industry and size", async () => {
  const t = await planted();
  const won = { is_closed: true, is_won: true };
  for (const [id, industry, employees] of [
    ["a", "Software", 5],
    ["b", "Software", 40],
    ["c", null, 50],
    ["d", "Retail", null],
  ] as const) {
    await t.company(id, { industry, employees });
    await t.deal(`${id}1`, { company_id: id, ...won });
    await t.deal(`${id}2`, { company_id: id, ...won });
  }
  await t.company("lost", { industry: "Retail", employees: 5 });
  await t.deal("l", { company_id: "lost", is_closed: true });
  await t.company("gone", { industry: "Retail", employees: 5, deleted_at: t.ago(1) });
  await t.deal("g", { company_id: "gone", ...won });
  const profile = await t.inside((tx) => wonProfile(tx, { workspaceId: t.workspaceId, crm: t.crm }));
  expect(profile).toEqual({
    customers: 4,
    industries: { Software: 2, Retail: 1 },
    sizes: { "1-10": 1, "11-50": 2 },
  });
});

test("a run stores both scores and the signals, on the company and on its open deals", async () => {
  const t = await planted();
  await t.company("c1", { owner_id: "o1", last_activity_at: t.ago(3) });
  await t.company("c2", { last_activity_at: t.ago(300) });
  await t.deal("open", { company_id: "c1", contacts: ["k1"] });
  await t.deal("closed", { company_id: "c1", is_closed: true, is_won: true, closed_at: t.ago(5) });
  await t.deal("alone");
  await t.contact("k1", {
    company_id: "c1",
    job_title: "VP Sales",
    last_activity_at: t.ago(3),
    crm_created_at: t.ago(9),
  });
  const run = await t.run("account-score");
  // Two companies and an open deal of one of them.
  expect(run).toMatchObject({ status: "completed", records: 3, changed: 3, writeback: "waiting" });
  const company = await t.values("company", "c1");
  expect(Object.keys(company).sort()).toEqual([
    ...["account_score", "account_signals_text", "enhanced_account_score", "pandora_last_analyzed_at"],
  ]);
  for (const field of ["account_score", "enhanced_account_score"]) {
    const { value, factors } = company[field]!;
    expect(factors.reduce((sum, factor) => sum + factor.points, 0)).toBe(value);
  }
  expect(company["account_signals_text"]!.value).toMatch(/1 new contact/);
  expect((await t.values("deal", "open"))["account_signals_text"]!.value).toMatch(/1 new contact/);
  expect(await t.values("deal", "closed")).toEqual({});
  // Said by deal-score: there is no account to say it.
  expect(await t.values("deal", "alone")).toEqual({});
  await t.run("deal-score");
  expect((await t.values("deal", "alone"))["account_signals_text"]!.value).toContain(
    "No company is linked to this deal.",
  );
  expect((await t.values("deal", "closed"))["account_signals_text"]).toBeUndefined();
});

test("a deal that moves to another company says what is going on there", async () => {
  const t = await planted();
  await t.company("c1", { last_activity_at: t.ago(3) });
  await t.company("c2", { last_activity_at: t.ago(300) });
  await t.deal("d1", { company_id: "c1" });
  await t.run("account-score");
  const said = async () => (await t.values("deal", "d1"))["account_signals_text"]!.value;
  const before = await said();
  await t.change("deals", "d1", { company_id: "c2" });
  await t.run("account-score", ["c1", "c2"]);
  expect(await said()).not.toBe(before);
  expect(await said()).toContain("300 days");
  await t.change("deals", "d1", { company_id: null });
  await t.run("deal-score", ["d1"]);
  expect(await said()).toContain("No company is linked");
});
