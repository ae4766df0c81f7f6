/** The record card over HTTP: everything about a record in one read, and nothing that the caller may not see. */
import { expect, test } from "vitest";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import { recordCard } from "../../backend/contract/records.ts";
import { abilitiesOf } from "../../backend/contract/session.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { recordCard as readCard } from "../../backend/writeback/record-card.ts";
import { planting } from "../skills/planted.ts";
import { newDatabase } from "../support/database.ts";
import { newTestHouse } from "../support/house.ts";
import { newTestApp, read } from "./support.ts";

const app = await newTestApp(await newDatabase());

async function planted() {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  const t = planting(app.house, workspace.id);
  await t.owner("o1", { email: "ann@us.test", name: "Ann" });
  await t.owner("o2", { email: "bob@us.test", name: "Bob" });
  return {
    ...t,
    ask: (path: string, role: "admin" | "rep" | "viewer" = "admin") => workspace.call(role, "GET", `records/${path}`),
    card: async (path: string, role: "admin" | "rep" | "viewer" = "admin") => {
      const answer = await workspace.call(role, "GET", `records/${path}`);
      expect(answer.status).toBe(200);
      return recordCard.parse(answer.body);
    },
    sees: (reps_see: string) =>
      t.inside(
        (tx) => tx`update workspaces set settings = ${tx.json({ reps_see })} where workspace_id = ${t.workspaceId}`,
      ),
  };
}

test("a deal: scores with their factors, texts, findings, calls without a deal, freshness, owner, link", async () => {
  const t = await planted();
  await t.company("c1", { owner_id: "o1" });
  await t.deal("d1", { company_id: "c1", owner_id: "o1", name: "Big one", close_date: "2026-10-01", amount: null });
  for (const [severity, ago] of [
    [1, 2],
    [3, 9],
    [2, 4],
    [3, 3],
  ] as const) {
    await t.call({
      companies: ["c1"],
      gap_status: "pending",
      severity,
      ago,
      title: `Call ${severity}/${ago}`,
      rep_email: "ann@us.test",
    });
  }
  await t.call({ companies: ["c1"], gap_status: "dismissed", severity: 3 });
  await t.run("data-quality-audit");
  await t.run("account-score");
  await t.run("deal-score");
  const card = await t.card("deal/d1");
  expect(card).toMatchObject({
    ...{ crm: "hubspot", object_type: "deal", crm_record_id: "d1", name: "Big one" },
    ...{ url: "https://crm.test/0-3/d1", owner: { name: "Ann", email: "ann@us.test" }, written: [], values: [] },
    freshness: { analysed_at: app.clock.now().toISOString(), connection: "connected" },
    gaps: { pending: 4, worst: "high" },
  });
  expect(card.scores.map(({ field }) => field)).toEqual(["deal_score", "enhanced_deal_score"]);
  for (const { value, factors, trend } of card.scores) {
    expect(factors.reduce((sum, factor) => sum + factor.points, 0)).toBe(value);
    expect(trend).toEqual([{ at: app.clock.now().toISOString(), value }]);
  }
  expect(card.texts.map(({ field }) => field)).toEqual([
    ...["account_signals_text", "deal_risk_summary", "next_step_recommendation"],
  ]);
  expect(card.findings.map(({ kind, severity }) => `${severity} ${kind}`)).toEqual([
    ...["high close_date_passed", "medium amount_missing", "medium contacts_missing"],
  ]);
  // The three most pressing.
  expect(card.gaps.items.map(({ title }) => title)).toEqual(["Call 3/3", "Call 3/9", "Call 2/4"]);
});

test("a company, also asked for as an account; a contact with counts and dates", async () => {
  const t = await planted();
  await t.company("c1");
  await t.contact("k1", { email: "jo@c1.test" });
  await t.call({ people: ["k1"], ago: 3, gap_status: "pending", severity: 2, rep_email: "ann@us.test" });
  for (const skill of ["account-score", "contact-engagement", "contact-enrichment"] as const) await t.run(skill);
  const company = await t.card("company/c1");
  expect(company).toMatchObject({ object_type: "company", owner: null, gaps: { pending: 0, worst: null, items: [] } });
  expect(company.scores.map(({ field }) => field)).toEqual(["account_score", "enhanced_account_score"]);
  expect(await t.card("account/c1")).toEqual(company);
  const contact = await t.card("contact/k1");
  expect(contact.scores.map(({ field }) => field)).toEqual(["contact_engagement_score", "contact_enrichment_score"]);
  expect(contact.values).toEqual([
    { field: "contact_conversation_count", label: "Conversations", value: 1 },
    { field: "contact_last_conversation_at", label: "Last conversation", value: t.ago(3).toISOString() },
  ]);
  expect(contact.gaps).toMatchObject({ pending: 1, worst: "medium" });
});

test("a record that was never analysed has a card too", async () => {
  const t = await planted();
  await t.deal("d1");
  expect(await t.card("deal/d1")).toMatchObject({
    ...{ scores: [], texts: [], values: [], findings: [], written: [] },
    freshness: { analysed_at: null, mirrored_at: expect.any(String) },
  });
});

test("the trend grows by changed values only, and holds the last twelve", async () => {
  const t = await planted();
  await t.deal("d1", { last_activity_at: t.ago(0), contacts: [] });
  const trend = async () => (await t.card("deal/d1")).scores.find(({ field }) => field === "deal_score")!.trend;
  await t.run("deal-score");
  const first = await trend();
  expect(first).toHaveLength(1);
  // Changed facts, an equal value: beyond three moves of the close date nothing more is lost.
  await t.change("deals", "d1", { close_date_pushes: 3 });
  await t.run("deal-score");
  const second = await trend();
  expect(second).toHaveLength(2);
  await t.change("deals", "d1", { close_date_pushes: 4 });
  app.clock.advance(1_000);
  await t.run("deal-score");
  expect(await trend()).toEqual(second);
  for (let n = 1; n <= 14; n += 1) {
    app.clock.advance(1_000);
    await t.change("deals", "d1", { last_activity_at: t.ago(3 + 1.6 * n) });
    await t.run("deal-score");
  }
  const last = await trend();
  expect(last).toHaveLength(12);
  expect(last.map(({ at }) => at)).toEqual(last.map(({ at }) => at).toSorted());
  expect(last.at(-1)!.at).toBe(app.clock.now().toISOString());
  for (const [n, { value }] of last.entries()) if (n > 0) expect(value).not.toBe(last[n - 1]!.value);
});

test("what is not there, was deleted or is not in sight is not found; a viewer may read what is", async () => {
  const t = await planted();
  await t.deal("anns", { owner_id: "o1" });
  await t.deal("nobodys");
  await t.deal("gone", { deleted_at: t.ago(1) });
  for (const path of ["deal/unknown", "deal/gone", "company/anns", "ticket/anns", "deal/a%20b"]) {
    expect(await t.ask(path)).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
  expect((await t.card("deal/anns")).name).toBe("Deal anns");
  // A key that stands for nobody the CRM knows.
  expect((await t.card("deal/nobodys", "viewer")).name).toBe("Deal nobodys");
  expect((await t.ask("deal/anns", "viewer")).status).toBe(404);
  await t.sees("all");
  expect((await t.card("deal/anns", "viewer")).name).toBe("Deal anns");
  const other = await planted();
  expect((await other.ask("deal/anns")).status).toBe(404);
});

test("a rep's card shows their own calls without a deal, not those of others", async () => {
  const t = await planted();
  await t.company("c1", { owner_id: "o2" });
  await t.deal("d1", { company_id: "c1", owner_id: "o2" });
  await t.call({ companies: ["c1"], gap_status: "pending", severity: 3, rep_email: "ann@us.test" });
  await t.call({ companies: ["c1"], gap_status: "pending", severity: 1, rep_email: "bob@us.test" });
  const bob = { role: "rep" as const, user: { email: "bob@us.test" } };
  const place = { crm: undefined, objectType: "deal" as const, id: "d1" };
  expect((await readCard(app.house, t.workspaceId, place, bob)).gaps).toMatchObject({ pending: 1, worst: "low" });
  const ann = { ...bob, user: { email: "ann@us.test" } };
  await expect(readCard(app.house, t.workspaceId, place, ann)).rejects.toMatchObject({ code: "not_found" });
  expect((await t.card("deal/d1")).gaps).toMatchObject({ pending: 2, worst: "high" });
});

test("the card says what its reader may do, so that nobody is offered a button that refuses", async () => {
  const t = await planted();
  await t.deal("d1");
  for (const role of ["admin", "rep", "viewer"] as const) {
    expect((await t.card("deal/d1", role)).abilities).toEqual(abilitiesOf[role]);
  }
});

test("one statement reads the card, whatever is on it", async () => {
  const t = await planted();
  await t.company("c1");
  await t.deal("d1", { company_id: "c1" });
  for (let n = 0; n < 5; n += 1) await t.call({ companies: ["c1"], gap_status: "pending", severity: 3 });
  await t.run("data-quality-audit");
  await t.run("deal-score");
  const admin = { role: "admin" as const, user: { email: null } };
  const before = app.house.db.statements();
  await readCard(app.house, t.workspaceId, { crm: "hubspot", objectType: "deal", id: "d1" }, admin);
  // Which CRMs are connected, and the card.
  expect(app.house.db.statements() - before).toBe(2);
});

test("with both CRMs connected the request says which one is meant", async () => {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  await workspace.connect("salesforce");
  await planting(app.house, workspace.id, "salesforce").deal("006", { name: "Theirs" });
  expect(await workspace.call("admin", "GET", "records/deal/006")).toMatchObject({
    ...{ status: 422, body: { code: "which_crm", errors: [{ field: "crm" }] } },
  });
  expect(await workspace.call("admin", "GET", "records/deal/006?crm=salesforce")).toMatchObject({
    ...{ status: 200, body: { crm: "salesforce", name: "Theirs" } },
  });
  expect((await workspace.call("admin", "GET", "records/deal/006?crm=hubspot")).status).toBe(404);
});

test("what was written, when, and why the last value was not, in words", async () => {
  const t = await newTestHouse("hubspot");
  const p = planting(t.house, t.workspaceId);
  const server = createApp(t.house, realServices);
  const { key } = await createApiKey(t.house, t.workspaceId, { name: "a", role: "admin" }, "test");
  const written = async () => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await read(await server.request(`/api/workspaces/me/records/deal/${id}`, { headers }));
    return recordCard.parse(answer.body).written;
  };
  const id = t.crm.addDeal({ description: "Ours since May" });
  await p.deal(id, { last_activity_at: p.ago(1) });
  const later = () => t.clock.advance(86_400_000);
  const after = { sync_trigger: "after_skill_run" as const };
  await t.addMapping({
    ...after,
    pandora_field: "deal_score",
    crm_property_name: t.property.number,
    keep_human_edits: true,
  });
  later();
  await t.addMapping({
    ...{ ...after, pandora_field: "deal_risk_summary", crm_property_name: t.property.long },
    write_mode: "never_overwrite",
  });
  const bare = { value: null, written_at: null, last_decision: null, last_decision_text: null };
  expect(await written()).toMatchObject([
    { pandora_field: "deal_score", crm_property_name: t.property.number, ...bare },
    { pandora_field: "deal_risk_summary", ...bare },
  ]);
  const run = async () => {
    await t.drain();
    await p.run("deal-score");
    await t.drain();
  };
  await run();
  const wroteAt = t.clock.now().toISOString();
  const score = String((await p.values("deal", id))["deal_score"]!.value);
  expect(await written()).toMatchObject([
    { value: score, written_at: wroteAt, last_decision: "written", last_decision_text: null },
    {
      value: null,
      written_at: null,
      last_decision: "crm_value_present",
      last_decision_text: expect.stringMatching(/^[A-Z]/),
    },
  ]);
  later();
  t.crm.edit(id, { [t.property.number]: "12" });
  await p.change("deals", id, { last_activity_at: p.ago(20) });
  await run();
  const [kept] = await written();
  expect(kept).toMatchObject({ value: score, written_at: wroteAt, last_decision: "changed_in_crm" });
  expect(kept!.last_decision_text).toBe("Kept: someone changed it in the CRM since Pandora's write of 4 Mar");
});
