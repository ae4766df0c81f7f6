/** The facts of contacts, each from the rows that make it, and what is stored of them. */
import { expect, test } from "vitest";
import { readOwnColumns } from "../../backend/mirror/store.ts";
import { contactFacts } from "../../backend/skills/contact-facts.ts";
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
    facts: (id = "k1") =>
      t.inside(async (tx) => {
        const own = (await readOwnColumns(tx, t.workspaceId, t.crm)).contact;
        const scope = { workspaceId: t.workspaceId, crm: t.crm, now: app.clock.now(), own };
        const rows = await contactFacts(tx, scope, { after: "", limit: 100, ids: null });
        return rows.find((row) => row.crmRecordId === id)!;
      }),
  };
}

const rich = { name: "Jo Blue", email: "jo@blue.example", phone: "+49 1", job_title: "VP Sales", company_id: "c1" };

test("a contact of whom nothing is known", async () => {
  const t = await planted();
  await t.contact("k1", { name: "" });
  expect(await t.facts()).toEqual({
    crmRecordId: "k1",
    engagement: { conversations: 0, conversations90: 0, daysSinceLast: null, openDeals: 0 },
    enrichment: { name: false, email: "none", phone: false, title: null, company: false, daysSinceActivity: null },
    lastConversationAt: null,
  });
});

test("what is known: name, role, how to reach them, company, and when anything last happened", async () => {
  const t = await planted();
  await t.contact("k1", { ...rich, last_activity_at: t.ago(30) });
  const all = { name: true, email: "work", phone: true, title: "VP Sales", company: true };
  expect((await t.facts()).enrichment).toEqual({ ...all, daysSinceActivity: 30 });
  await t.call({ ago: 7, people: ["k1"] });
  expect((await t.facts()).enrichment.daysSinceActivity).toBe(7);
});

test.each([
  ["jo@gmail.com", "free"],
  ["jo@t-online.de", "free"],
  ["jo@blue.example", "work"],
  ["jo@eu.blue.co.uk", "work"],
  ["no address", "none"],
  [null, "none"],
] as const)("an address like %s is %s", async (email, kind) => {
  const t = await planted();
  await t.contact("k1", { email });
  expect((await t.facts()).enrichment.email).toBe(kind);
});

test("conversations are counted once each, those ahead not at all; open deals are those the contact is on", async () => {
  const t = await planted();
  await t.contact("k1");
  await t.contact("k2");
  await t.deal("open", { contacts: ["k1", "k2"] });
  await t.deal("unknown", { contacts: ["k1"], is_closed: null });
  await t.deal("won", { contacts: ["k1"], is_closed: true, is_won: true });
  await t.deal("gone", { contacts: ["k1"], deleted_at: t.ago(1) });
  // Somebody who dialled in twice stands in it twice.
  await t.call({ ago: 89, people: ["k1", "k1"] });
  await t.call({ ago: 91, people: ["k1"] });
  await t.call({ ago: -1, people: ["k1"] });
  await t.call({ ago: 2, people: ["k2"] });
  expect(await t.facts()).toMatchObject({
    engagement: { conversations: 2, conversations90: 1, daysSinceLast: 89, openDeals: 2 },
    lastConversationAt: t.ago(89).toISOString(),
  });
});

test("what Pandora writes itself is no fact", async () => {
  const t = await planted();
  await t.contact("k1", rich);
  await t.mapping("contact_enrichment_score", "contact", "jobtitle");
  await t.mapping("contact_engagement_score", "contact", "phone");
  await t.mapping("contact_conversation_count", "contact", "lastname");
  await t.mapping("contact_last_conversation_at", "contact", "email");
  expect((await t.facts()).enrichment).toMatchObject({
    ...{ name: false, email: "none", phone: false, title: null, company: true },
  });
});

test("runs store score, count and date of engagement, and completeness beside them", async () => {
  const t = await planted();
  await t.contact("k1", { ...rich, last_activity_at: t.ago(3) });
  await t.contact("k2");
  await t.deal("d1", { contacts: ["k1"] });
  await t.call({ ago: 3, people: ["k1"] });
  expect(await t.run("contact-engagement")).toMatchObject({ status: "completed", records: 2, changed: 2 });
  const first = await t.values("contact", "k1");
  expect(first["contact_conversation_count"]).toMatchObject({ value: 1, history: [{ value: 1 }] });
  expect(first["contact_last_conversation_at"]).toMatchObject({ value: t.ago(3).toISOString(), history: [] });
  const { value, factors } = first["contact_engagement_score"]!;
  expect(factors.reduce((sum, factor) => sum + factor.points, 0)).toBe(value);
  expect((await t.values("contact", "k2"))["contact_last_conversation_at"]!.value).toBeNull();
  expect(await t.run("contact-enrichment", ["k1"])).toMatchObject({ records: 1, changed: 1 });
  expect((await t.values("contact", "k1"))["contact_enrichment_score"]!.value).toBe(100);
  expect((await t.values("contact", "k2"))["contact_enrichment_score"]).toBeUndefined();
});
