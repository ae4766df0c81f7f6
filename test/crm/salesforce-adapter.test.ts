/** What is Salesforce's own in the adapter, beyond the shared contract. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Connected, calls, connectSalesforce } from "./salesforce-setup.ts";

describe("on a simulated org", () => {
  let c: Connected;
  beforeEach(async () => {
    c = await connectSalesforce();
  });
  afterEach(async () => {
    await c.crm.close();
    await c.stop();
  });
  const deals = (count: number, text = "before") =>
    Array.from({ length: count }, (_, i) => c.sim.addRecord("deal", { Name: `Deal ${i}`, NextStep: text }));

  test("1,000 records take ten calls to read and write, and one describe for five minutes", async () => {
    const ids = deals(1_000);
    for (let at = 0; at < ids.length; at += 200) {
      const part = ids.slice(at, at + 200);
      await c.crm.readBatch("deal", part, ["NextStep"]);
      await c.crm.writeBatch(
        "deal",
        part.map((id) => ({ id, properties: { NextStep: "after" } })),
      );
    }
    expect(calls(c.sim)).toBe(11);
    expect(calls(c.sim, "describe")).toBe(1);
  });

  test("more than 200 are refused before anything is sent", async () => {
    const writes = deals(201).map((id) => ({ id, properties: { NextStep: "x" } }));
    await expect(c.crm.writeBatch("deal", writes)).rejects.toMatchObject({ kind: "unexpected" });
    expect(calls(c.sim)).toBe(0);
  });

  test("wire values become the field's JSON and come back in the port's form", async () => {
    const [id = ""] = deals(1);
    const written = {
      Deal_Score__c: "61.26",
      Security_Review__c: "true",
      Reviewed_At__c: "2026-11-22T10:00:00.000Z",
      Contract_Sent_On__c: "2026-11-22",
      Competitors__c: "Contoso;Litware",
    };
    expect(await c.crm.writeBatch("deal", [{ id, properties: written }])).toEqual([{ ok: true, value: { id } }]);
    const [read] = await c.crm.readBatch("deal", [id], Object.keys(written));
    expect(read).toEqual({ ok: true, value: { id, properties: { ...written, Deal_Score__c: "61.3" } } });
  });

  test("a record named by 15 characters is settled under the id it was given by", async () => {
    const [id = ""] = deals(1);
    const short = id.slice(0, 15);
    expect(await c.crm.writeBatch("deal", [{ id: short, properties: { NextStep: "x" } }])).toEqual([
      { ok: true, value: { id: short } },
    ]);
  });

  test("a field removed meanwhile costs only the records that name it", async () => {
    const [a = "", b = ""] = deals(2);
    await c.crm.describeProperties("deal");
    c.clock.advance(1_000);
    c.sim.removeField("deal", "Champion__c");
    const settled = await c.crm.writeBatch("deal", [
      { id: a, properties: { Champion__c: "Ada" } },
      { id: b, properties: { NextStep: "after" } },
    ]);
    expect(settled).toMatchObject([
      { ok: false, error: { kind: "unknown_property", detail: { property: "Champion__c" } } },
      { ok: true },
    ]);
    await expect(c.crm.readBatch("deal", [a], ["Champion__c"])).rejects.toMatchObject({
      kind: "unknown_property",
      detail: { property: "Champion__c" },
    });
  });

  test("a field made a moment ago is found, although the describe is kept for five minutes", async () => {
    const [id = ""] = deals(1);
    await c.crm.describeProperties("deal");
    c.sim.addField("deal", "Fresh__c", "string");
    expect(await c.crm.readBatch("deal", [id], ["Fresh__c"])).toMatchObject([{ ok: true }]);
    expect(await c.crm.writeBatch("deal", [{ id, properties: { Fresh__c: "x" } }])).toMatchObject([{ ok: true }]);
  });

  test.each([1, 2, 3, 4])(
    "an answer of another length settles nothing: positions can't be trusted (seed %i)",
    async (seed) => {
      const ids = deals(6);
      c.sim.faults.set([{ name: "silent_drop", rate: 1, times: 1 }], seed);
      const settled = await c.crm.writeBatch(
        "deal",
        ids.map((id) => ({ id, properties: { NextStep: "after" } })),
      );
      expect(settled.map((each) => (each.ok ? "ok" : each.error.kind))).toEqual(ids.map(() => "no_result"));
    },
  );

  test("a lock refuses one row for now, and the others are written", async () => {
    const [a = "", b = ""] = deals(2);
    c.sim.lockRow(a, 1);
    const writes = [a, b].map((id) => ({ id, properties: { NextStep: "after" } }));
    expect(await c.crm.writeBatch("deal", writes)).toMatchObject([
      { ok: false, error: { kind: "retry_later" } },
      { ok: true },
    ]);
    expect(await c.crm.writeBatch("deal", writes)).toMatchObject([{ ok: true }, { ok: true }]);
  });

  test("a validation rule's own words reach the log", async () => {
    c.sim.addValidationRule({
      object: "deal",
      field: "NextStep",
      message: "Say who does it",
      refuses: (row) => row["NextStep"] === "vague",
    });
    const [id = ""] = deals(1);
    const [settled] = await c.crm.writeBatch("deal", [{ id, properties: { NextStep: "vague" } }]);
    expect(settled).toMatchObject({
      ok: false,
      error: { kind: "value_refused", message: "Say who does it", detail: { property: "NextStep" } },
    });
  });

  test("the describe is asked for again with If-Modified-Since, and a new field is seen", async () => {
    await c.crm.describeProperties("deal");
    c.clock.advance(6 * 60_000);
    await c.crm.describeProperties("deal");
    c.clock.advance(6 * 60_000);
    c.sim.addField("deal", "Fresh__c", "string");
    expect((await c.crm.describeProperties("deal")).some((each) => each.name === "Fresh__c")).toBe(true);
    expect(calls(c.sim, "describe")).toBe(3);
  });

  test("what was used of the day's allowance is known after any call; beyond it the quota is exhausted", async () => {
    expect(c.crm.limits()).toEqual({ dailyUsed: null, dailyMax: null, burstRemaining: null });
    await c.crm.owners();
    expect(c.crm.limits()).toEqual({ dailyUsed: 1, dailyMax: 100_000, burstRemaining: null });
    const small = await connectSalesforce({ dailyLimit: 1 });
    await small.crm.owners();
    await expect(small.crm.owners()).rejects.toMatchObject({ kind: "quota_exhausted" });
    small.clock.advance(25 * 3_600_000);
    // A day later calls go again; the token has run out by then and is renewed on the way.
    expect((await small.crm.owners()).length).toBe(1);
    await small.crm.close();
    await small.stop();
  });

  test("thousands of rows with one time stamp are listed completely, page by page", async () => {
    const ids = deals(4_500);
    const since = c.clock.now().toISOString();
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<typeof c.crm.listChangedSince>> = await c.crm.listChangedSince(
        "deal",
        since,
        ["Name"],
        cursor,
      );
      seen.push(...page.items.map((item) => item.id));
      cursor = page.cursor;
      pages += 1;
    } while (cursor);
    expect(pages).toBe(3);
    expect(seen).toHaveLength(4_500);
    expect(new Set(seen)).toEqual(new Set(ids));
  });

  test("a merge tells the survivor what it absorbed, even one that did not change itself", async () => {
    const [winner = "", loser = ""] = ["Contoso", "Contoso Ltd"].map((Name) => c.sim.addRecord("company", { Name }));
    c.clock.advance(3_600_000);
    const since = c.clock.now().toISOString();
    c.sim.merge("company", winner, loser);
    const page = await c.crm.listChangedSince("company", since, ["Name"], null);
    const byId = new Map(page.items.map((item) => [item.id, item]));
    expect(byId.get(winner)).toMatchObject({ deleted: false, mergedIds: [loser] });
    expect(byId.get(loser)).toMatchObject({ deleted: true });
  });

  test("contact roles come along, the primary first", async () => {
    const [deal = ""] = deals(1);
    const [one = "", two = ""] = ["Ada", "Grace"].map((LastName) => c.sim.addRecord("contact", { LastName }));
    c.sim.addRecord("OpportunityContactRole", { OpportunityId: deal, ContactId: one, Role: "Influencer" });
    c.sim.addRecord("OpportunityContactRole", {
      OpportunityId: deal,
      ContactId: two,
      Role: "Decision Maker",
      IsPrimary: true,
    });
    const page = await c.crm.listAll("deal", ["Name"], null);
    expect(page.items[0]?.associations.contact).toEqual([
      { id: two, role: "Decision Maker" },
      { id: one, role: "Influencer" },
    ]);
  });

  test("a packaged field is found by its plain name", async () => {
    const packaged = await connectSalesforce({ namespace: "pandora" }, "pandora");
    packaged.sim.addField("deal", "pandora__Score__c", "double", { precision: 5, scale: 0 });
    const id = packaged.sim.addRecord("deal", { Name: "Deal" });
    expect(await packaged.crm.writeBatch("deal", [{ id, properties: { Score__c: "61" } }])).toMatchObject([
      { ok: true },
    ]);
    expect(await packaged.crm.readBatch("deal", [id], ["Score__c"])).toMatchObject([
      { value: { properties: { Score__c: "61" } } },
    ]);
    await packaged.crm.close();
    await packaged.stop();
  });

  test("a created field is made visible by a local permission set, made once", async () => {
    const draft = { name: "pandora_risk", label: "Risk", type: "rich_text" as const, description: "" };
    expect(await c.crm.createProperty("deal", draft)).toMatchObject({
      name: "pandora_risk__c",
      type: "rich_text",
      lengthMax: 32_768,
    });
    await c.crm.createProperty("company", { ...draft, type: "enum", options: [{ value: "Low", label: "Low" }] });
    expect(calls(c.sim, "POST /services/data/:version/sobjects/:type")).toBe(2 + 2);
    await expect(c.crm.createProperty("deal", { ...draft, name: "no good!" })).rejects.toMatchObject({
      kind: "value_refused",
    });
  });
});
