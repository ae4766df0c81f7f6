/** The audit over a mirror: what it finds, what it forgets once mended, how complete the fields are, which calls have no deal. */
import { expect, test } from "vitest";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { planting } from "./planted.ts";

const app = await newTestApp(await newDatabase());

async function planted() {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  const t = planting(app.house, workspace.id);
  await t.owner("o1");
  await t.owner("left", { active: false });
  return { ...t, kinds: async (id?: string) => (await t.findings(id)).map(({ kind }) => kind) };
}

const whole = { owner_id: "o1", amount: 100, company_id: "c1", close_date: "2026-12-20", contacts: ["k1", "k2"] };
const firm = { owner_id: "o1", domain: "c1.test", industry: "Software" };
const person = { email: "jo@c1.test", job_title: "VP Sales" };

test("each kind is found in the rows it stands in", async () => {
  const t = await planted();
  await t.company("c1", firm);
  await t.contact("k1", person);
  await t.contact("k2", person);
  await t.deal("fine", whole);
  await t.deal("nobodys", { ...whole, owner_id: null });
  await t.deal("lefts", { ...whole, owner_id: "left" });
  await t.deal("strangers", { ...whole, owner_id: "not mirrored" });
  await t.deal("dateless", { ...whole, close_date: null });
  await t.deal("today", { ...whole, close_date: "2026-11-22" });
  await t.deal("late", { ...whole, close_date: "2026-11-21" });
  await t.deal("worthless", { ...whole, amount: null });
  await t.deal("free", { ...whole, amount: 0 });
  await t.deal("homeless", { ...whole, company_id: null });
  await t.deal("lonely", { ...whole, contacts: [] });
  await t.deal("single", { ...whole, contacts: ["k1"], crm_created_at: t.ago(14) });
  await t.deal("single_new", { ...whole, contacts: ["k1"], crm_created_at: t.ago(13) });
  await t.deal("closed", { is_closed: true });
  await t.deal("gone", { deleted_at: t.ago(1) });
  await t.run("data-quality-audit");
  expect((await t.findings()).map((each) => `${each.crm_record_id}: ${each.kind}`)).toEqual([
    "dateless: close_date_missing",
    "homeless: company_missing",
    "late: close_date_passed",
    "lefts: owner_inactive",
    "lonely: contacts_missing",
    "nobodys: owner_missing",
    "single: single_threaded",
    "strangers: owner_missing",
    "worthless: amount_missing",
  ]);
});

test("companies and contacts matter where a deal is open", async () => {
  const t = await planted();
  for (const id of ["c1", "c2", "c3"]) await t.company(id);
  for (const id of ["k1", "k2", "k3"]) await t.contact(id);
  await t.deal("d1", { ...whole, contacts: ["k1"] });
  await t.deal("d2", { ...whole, company_id: "c2", contacts: ["k2"], is_closed: true });
  await t.run("data-quality-audit");
  const found = (await t.findings()).filter((each) => each.object_type !== "deal");
  expect(found.map((each) => `${each.crm_record_id}: ${each.kind}`)).toEqual([
    ...["c1: domain_missing", "c1: industry_missing", "c1: owner_missing"],
    ...["k1: email_missing", "k1: title_missing"],
  ]);
});

test("a finding keeps its first day while it stands, grows graver, and goes when it is mended", async () => {
  const t = await planted();
  await t.company("c1", firm);
  await t.contact("k1", person);
  await t.contact("k2", person);
  await t.deal("d1", { ...whole, amount: null, close_date: "2026-11-21" });
  const firstDay = app.clock.now();
  expect((await t.run("data-quality-audit")).report).toMatchObject({
    findings: { amount_missing: 1, close_date_passed: 1 },
  });
  app.clock.advance(20 * 86_400_000);
  await t.change("deals", "d1", { amount: 5 });
  const again = await t.run("data-quality-audit");
  expect(again).toMatchObject({ records: 4, changed: 0, writeback: null });
  expect(again.report).toMatchObject({ findings: { close_date_passed: 1 } });
  expect(await t.findings()).toMatchObject([{ kind: "close_date_passed", severity: "high", found_at: firstDay }]);
  await t.change("deals", "d1", { is_closed: true, is_won: true });
  await t.run("data-quality-audit");
  expect(await t.findings()).toEqual([]);
  // Found anew, it is new.
  await t.change("deals", "d1", { is_closed: false });
  await t.run("data-quality-audit");
  expect(await t.findings()).toMatchObject([{ kind: "close_date_passed", found_at: app.clock.now() }]);
  app.clock.set(firstDay);
});

test("another CRM's findings stay", async () => {
  const t = await planted();
  const other = planting(app.house, t.workspaceId, "salesforce");
  await other.deal("s1");
  await t.deal("d1");
  await other.run("data-quality-audit");
  const before = await t.kinds("s1");
  expect(before).toContain("owner_missing");
  await t.run("data-quality-audit");
  expect(await t.kinds("s1")).toEqual(before);
});

test("what it finds new or mended is scored anew, deal and company; what stays is not", async () => {
  const t = await planted();
  await t.company("c1", firm);
  await t.contact("k1", person);
  await t.contact("k2", person);
  await t.deal("d1", { ...whole, amount: null });
  await t.deal("d2", whole);
  const followers = () =>
    t.inside(
      (tx) => tx<{ skill: string; ids: string[] }[]>`
        select skill, scope -> 'record_ids' as ids from skill_runs
        where workspace_id = ${t.workspaceId} and trigger = 'findings' and status = 'queued' order by skill`,
    );
  const forget = () => t.inside((tx) => tx`delete from skill_runs where trigger = 'findings'`);
  await t.run("data-quality-audit");
  expect(await followers()).toEqual([
    { skill: "account-score", ids: ["c1"] },
    { skill: "deal-score", ids: ["d1"] },
  ]);
  await forget();
  await t.run("data-quality-audit");
  expect(await followers()).toEqual([]);
  await t.change("deals", "d1", { amount: 7 });
  await t.run("data-quality-audit");
  expect(await followers()).toMatchObject([{ skill: "account-score" }, { skill: "deal-score", ids: ["d1"] }]);
});

test("how complete the fields are, by object", async () => {
  const t = await planted();
  await t.company("c1", { ...firm, employees: 5 });
  await t.company("c2", { industry: "Retail" });
  await t.contact("k1", { ...person, company_id: "c1" });
  await t.contact("k2", { phone: "1" });
  await t.contact("gone", { ...person, deleted_at: t.ago(1) });
  await t.deal("d1", whole);
  await t.deal("d2", { amount: 0 });
  await t.deal("closed", { ...whole, is_closed: true });
  const { report } = await t.run("data-quality-audit");
  const rows = report["completeness"] as { object_type: string; field: string; filled: number; of: number }[];
  expect(rows.map((row) => `${row.object_type} ${row.field} ${row.filled}/${row.of}`)).toEqual([
    ...["deal amount 2/2", "deal close_date 1/2", "deal owner 1/2", "deal company 1/2"],
    ...["company domain 1/2", "company industry 2/2", "company employees 1/2", "company owner 1/2"],
    ...["contact email 1/2", "contact title 1/2", "contact phone 1/2", "contact company 1/2"],
  ]);
});

test("conversation coverage gaps: totals, patterns, and an action with its urgency for each high one", async () => {
  const t = await planted();
  await t.company("c1", firm);
  const ann = { gap_status: "pending", rep_email: "ann@us.test", rep_name: "Ann" };
  const bob = { gap_status: "pending", rep_email: "bob@us.test", rep_name: "Bob" };
  const fresh = await t.call({
    ...ann,
    ago: 8,
    severity: 3,
    likely_cause: "deal_not_created",
    company_crm: "hubspot",
    company_id: "c1",
    title: "Demo",
  });
  const old = await t.call({ ...ann, ago: 40, severity: 3, likely_cause: "disqualified_not_logged", title: "Intro" });
  await t.call({ ...ann, ago: 3, severity: 2, likely_cause: "deal_not_created" });
  await t.call({ ...bob, ago: 3, severity: 1, likely_cause: "deal_not_created" });
  await t.call({ ...bob, gap_status: "dismissed", severity: 3 });
  await t.call({ rep_email: "bob@us.test" });
  const { report } = await t.run("data-quality-audit");
  expect(report["coverage_gaps"]).toMatchObject({
    pending: 4,
    by_severity: { high: 2, medium: 1, low: 1 },
    by_rep: [
      { rep: "Ann", email: "ann@us.test", pending: 3, high: 2, medium: 1, low: 0 },
      { rep: "Bob", email: "bob@us.test", pending: 1, high: 0, medium: 0, low: 1 },
    ],
    patterns: ["Ann holds 3 of 4 gaps.", "3 of 4 gaps: real conversations for which no deal was created."],
    high: [
      {
        ...{ conversation_id: fresh, title: "Demo", company_name: "Company c1", rep_name: "Ann", days_since: 8 },
        ...{ action: "Create the deal for Company c1, and agree the next step.", urgency: "immediate" },
      },
      { conversation_id: old, title: "Intro", company_name: null, days_since: 40, urgency: "backlog" },
    ],
  });
});

test("a mirror without anything, and one larger than a page", async () => {
  const t = await planted();
  expect((await t.run("data-quality-audit")).report).toMatchObject({
    findings: {},
    coverage_gaps: { pending: 0, patterns: [], high: [] },
  });
  await t.inside(
    (tx) => tx`
      insert into deals (workspace_id, crm, crm_id, name, is_closed, owner_id, company_id, close_date, crm_created_at, synced_at)
      select ${t.workspaceId}, 'hubspot', 'd' || n, '', false, 'o1', 'c1', '2026-12-20', ${t.ago(1)}, ${t.ago(0)}
      from generate_series(1, 2100) n`,
  );
  const before = app.house.db.statements();
  const run = await t.run("data-quality-audit");
  expect(run.records).toBe(2_100);
  expect(run.report).toMatchObject({ findings: { amount_missing: 2_100, contacts_missing: 2_100 } });
  expect(app.house.db.statements() - before).toBeLessThan(36);
  expect(new Set(await t.kinds())).toEqual(new Set(["amount_missing", "contacts_missing"]));
});
