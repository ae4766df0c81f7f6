/** Salesforce passes the deal suite; below, what only Salesforce does. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CreatePlan } from "../../backend/crm/deal-port.ts";
import { dealContract } from "./deals-contract.ts";
import { type DealSetup, dealDraft, dealsOnSalesforce, noteFor, person } from "./deals-setup.ts";
import { type Connected, connectSalesforce } from "./salesforce-setup.ts";

dealContract("Salesforce", dealsOnSalesforce);

describe("all in one call", () => {
  let s: DealSetup;
  beforeEach(async () => {
    s = await dealsOnSalesforce();
  });
  afterEach(async () => {
    await s.crm.close();
    await s.stop();
  });
  const plan = (more: Partial<CreatePlan> = {}): CreatePlan => ({
    company: { name: "Fabrikam", domain: "fabrikam.example", ownerId: null },
    newContacts: [person("nia@fabrikam.example", { primary: true } as object), person("omar@fabrikam.example")],
    deal: dealDraft(s),
    note: noteFor(""),
    ...more,
  });
  const everything = () => [s.dealIds(), s.contactIds(), s.noteIds()];

  test("company, contacts, deal, roles and note name each other", async () => {
    const kim = s.addContact("kim@litware.example");
    const made = await s.deals.createAll!(
      plan({ deal: dealDraft(s, { contacts: [{ id: kim, role: "Influencer" }] }) }),
    );
    if (!made.ok) throw made.error;
    expect(s.dealAt(made.dealId)).toMatchObject({
      companies: [made.companyId],
      contacts: [...made.contactIds, kim],
      properties: { Name: "Litware – Pilot", Pandora_Conversation_Id__c: "conversation-1" },
    });
    const found = await s.deals.contactsByEmail(["nia@fabrikam.example", "omar@fabrikam.example"]);
    expect(found.map(({ companyId }) => companyId)).toEqual([made.companyId, made.companyId]);
    expect(await s.deals.noteByKey({ dealId: made.dealId, key: "conversation-1" })).toEqual({ id: made.noteId });
  });

  test("what people wrote is never read as a reference", async () => {
    const company = { name: "@{deal.id}", domain: null, ownerId: null };
    const made = await s.deals.createAll!(plan({ company, deal: dealDraft(s, { name: "@{company.id} & Söhne" }) }));
    if (!made.ok) throw made.error;
    expect(s.dealAt(made.dealId)!.properties["Name"]).toBe("@ {company.id} & Söhne");
  });

  test.each([
    ["a rule", "deal", 0, (p: CreatePlan) => s.forbidName(p.deal.properties["Name"]!, "No"), "value_refused"],
    ["a contact", "contact", 1, () => s.addContact("omar@fabrikam.example"), "already_exists"],
  ] as const)("%s that is refused undoes all of it and is named", async (_name, at, index, prepare, kind) => {
    const wanted = plan();
    prepare(wanted);
    const before = everything();
    const made = await s.deals.createAll!(wanted);
    expect(made).toMatchObject({ ok: false, at, index, error: { kind } });
    expect(everything()).toEqual(before);
    expect((await s.crm.find("company", [], ["Name"], 10)).map(({ properties }) => properties["Name"])).toEqual([]);
  });

  test("a contact that is gone, and a role nobody knows, are named by their place", async () => {
    const gone = await s.deals.createAll!(plan({ deal: dealDraft(s, { contacts: [{ id: s.goneId }] }) }));
    expect(gone).toMatchObject({ ok: false, at: "role", index: 2, error: { kind: "value_refused" } });
    expect(everything()).toEqual([[], [], []]);
  });

  test("the second of two at once is told the first one's deal, and leaves nothing behind", async () => {
    const both = await Promise.all([
      s.deals.createAll!(plan({ newContacts: [] })),
      s.deals.createAll!(plan({ newContacts: [] })),
    ]);
    const [won, lost] = both[0]!.ok ? both : [both[1]!, both[0]!];
    const dealId = won!.ok ? won!.dealId : "";
    expect(lost).toMatchObject({
      ok: false,
      at: "deal",
      error: { kind: "already_exists", detail: { existingId: dealId } },
    });
    expect(s.dealIds()).toEqual([dealId]);
  });

  test("after a lost reply the key tells that it was done", async () => {
    await s.deals.duplicateCheck({ key: null, companyId: null });
    s.faults.set([{ name: "lost_reply", rate: 1, on: "writes", times: 1 }]);
    await expect(s.deals.createAll!(plan())).rejects.toMatchObject({ kind: "outcome_unknown" });
    expect(await s.deals.dealByKey("conversation-1")).toMatchObject({ id: s.dealIds()[0] });
  });
});

describe("orgs that differ", () => {
  let org: Connected;
  afterEach(async () => {
    await org.crm.close();
    await org.stop();
  });
  const draft = (more: Record<string, string> = {}, key: string | null = null) => ({
    key,
    companyId: null,
    contacts: [],
    properties: { Name: "Pilot", StageName: "Prospecting", CloseDate: "2026-12-22", RecordTypeId: "default", ...more },
  });

  test("without record types there is one pipeline, and none is sent", async () => {
    org = await connectSalesforce();
    const options = await org.crm.deals.options();
    expect(options).toMatchObject({ defaultPipelineId: "default", firstOpenStageId: "Prospecting" });
    const { id } = await org.crm.deals.createDeal(draft());
    expect(org.sim.record("deal", id)?.properties["RecordTypeId"]).toBeNull();
  });

  test("several currencies are offered, the corporate one first", async () => {
    org = await connectSalesforce({ currencies: ["USD", "EUR"] });
    expect((await org.crm.deals.options()).currencies).toEqual(["USD", "EUR"]);
    const { id } = await org.crm.deals.createDeal(draft({ CurrencyIsoCode: "EUR", Amount: "12.5" }));
    expect(org.sim.record("deal", id)?.properties).toMatchObject({ CurrencyIsoCode: "EUR", Amount: "12.5" });
  });

  test("the note is a task that is done, in the org's own word for it", async () => {
    const taskStatuses = [
      { name: "Offen", closed: false },
      { name: "Erledigt", closed: true },
    ];
    org = await connectSalesforce({ taskStatuses });
    const { id } = await org.crm.deals.createDeal(draft());
    const note = await org.crm.deals.addNote(noteFor(id));
    expect(org.sim.record("Task", note.id)?.properties).toMatchObject({ Status: "Erledigt", IsClosed: "true" });
  });

  test("the package's field is found under its namespace; without it nothing is unique", async () => {
    org = await connectSalesforce();
    org.sim.removeField("deal", "Pandora_Conversation_Id__c");
    org.clock.advance(1_000);
    const state = await org.crm.deals.ensureKey();
    expect(state).toEqual({ unique: false, reason: expect.stringContaining("Install the Pandora package") });
    expect(await org.crm.deals.dealByKey("c")).toBeNull();
    await expect(org.crm.deals.createDeal(draft({}, "c"))).rejects.toMatchObject({ kind: "unknown_property" });
    org.sim.addField("deal", "pandora__Pandora_Conversation_Id__c", "string", { unique: true });
    // An admin who has just installed it need not wait for the kept definition to run out.
    expect(await org.crm.deals.ensureKey()).toEqual({ unique: true, reason: null });
    const { id } = await org.crm.deals.createDeal(draft({}, "c"));
    expect(await org.crm.deals.dealByKey("c")).toMatchObject({ id });
  });

  test("an org that has the field twice: the package's unique one is written, a key is found in either", async () => {
    org = await connectSalesforce();
    const before = await org.crm.deals.createDeal(draft({}, "made before the package"));
    org.clock.advance(1_000);
    org.sim.addField("deal", "pandora_crm__Pandora_Conversation_Id__c", "string", { unique: true });
    org.clock.advance(300_000);
    const after = await org.crm.deals.createDeal(draft({}, "made after it"));
    expect(org.sim.record("deal", after.id)?.properties).toMatchObject({
      pandora_crm__Pandora_Conversation_Id__c: "made after it",
    });
    expect(await org.crm.deals.dealByKey("made before the package")).toMatchObject({ id: before.id });
    expect(await org.crm.deals.dealByKey("made after it")).toMatchObject({ id: after.id });
    await expect(org.crm.deals.createDeal(draft({}, "made after it"))).rejects.toMatchObject({
      kind: "already_exists",
    });
  });

  test("a second field that is not unique is left alone", async () => {
    org = await connectSalesforce();
    org.sim.addField("deal", "other__Pandora_Conversation_Id__c", "string", { unique: false });
    org.clock.advance(300_000);
    expect(await org.crm.deals.ensureKey()).toEqual({ unique: true, reason: null });
    const { id } = await org.crm.deals.createDeal(draft({}, "c"));
    expect(org.sim.record("deal", id)?.properties).toMatchObject({ Pandora_Conversation_Id__c: "c" });
  });

  test("a field that is not unique is told", async () => {
    org = await connectSalesforce();
    org.sim.addField("deal", "Pandora_Conversation_Id__c", "string", { unique: false });
    expect(await org.crm.deals.ensureKey()).toEqual({
      unique: false,
      reason: expect.stringContaining("is not unique"),
    });
  });

  test("a duplicate rule by name warns in vain, one that blocks is told, an address means that contact", async () => {
    org = await connectSalesforce();
    org.sim.addDuplicateRule({ object: "contact", field: "LastName", blocks: false });
    org.sim.addDuplicateRule({ object: "contact", field: "Title", blocks: true });
    const kim = org.sim.addRecord("contact", {
      Email: "kim@x.example",
      FirstName: "Kim",
      LastName: "New",
      Title: "CFO",
    });
    const made = await org.crm.deals.createContacts([
      person("nia@x.example"),
      person("kim@x.example"),
      person("cfo@x.example", { title: "CFO", name: "Cleo Chief" }),
    ]);
    expect(made).toMatchObject([
      { ok: true, value: { existed: false } },
      { ok: true, value: { id: kim, existed: true } },
      { ok: false, error: { kind: "already_exists", detail: { existingId: kim } } },
    ]);
  });

  test("an account that looks like another is refused with the other's id", async () => {
    org = await connectSalesforce();
    org.sim.addDuplicateRule({ object: "company", field: "Name", blocks: false });
    const id = org.sim.addRecord("company", { Name: "Fabrikam" });
    const again = org.crm.deals.createCompany({ name: "Fabrikam", domain: null, ownerId: null });
    await expect(again).rejects.toMatchObject({ kind: "already_exists", detail: { existingId: id } });
  });

  test("the deal of another account is not moved", async () => {
    org = await connectSalesforce();
    const [a, b] = ["A", "B"].map((Name) => org.sim.addRecord("company", { Name }));
    const { id: dealId } = await org.crm.deals.createDeal({ ...draft(), companyId: a! });
    const linked = await org.crm.deals.associate({ dealId, companyId: b!, contacts: [] });
    expect(linked.company).toMatchObject({ ok: false, error: { kind: "value_refused" } });
    expect(org.sim.record("deal", dealId)?.properties["AccountId"]).toBe(a);
  });

  test("a colleague's edit is seen though we wrote after it", async () => {
    org = await connectSalesforce();
    const since = org.clock.now().toISOString();
    const { id } = await org.crm.deals.createDeal(draft());
    org.clock.advance(1_000);
    org.sim.edit("deal", id, { Amount: "500" });
    await org.crm.writeBatch("deal", [{ id, properties: { NextStep: "ours" } }]);
    expect((await org.crm.deals.dealTouchedSince(id, since)).touched).toBe(true);
  });

  test("leads that were not converted are found by address", async () => {
    org = await connectSalesforce();
    const id = org.sim.addRecord("Lead", { Email: "Lea@x.example", FirstName: "Lea", LastName: "Lead" });
    expect(await org.crm.deals.leadsByEmail!(["lea@x.example", "no@x.example"])).toEqual([
      { id, email: "lea@x.example", name: "Lea Lead" },
    ]);
  });
});
