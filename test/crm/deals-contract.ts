/** What making a deal must do in every CRM, over real HTTP against its simulator. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CrmError } from "../../backend/crm/errors.ts";
import { kinds } from "./contract-setup.ts";
import { dealFaults } from "./deals-faults.ts";
import { type DealSetup, dealDraft, noteFor, person } from "./deals-setup.ts";

/** @param setup called before each test */
export function dealContract(name: string, setup: () => Promise<DealSetup>): void {
  dealFaults(name, setup);
  describe(`making deals: ${name}`, () => {
    let s: DealSetup;
    beforeEach(async () => {
      s = await setup();
    });
    afterEach(async () => {
      await s.crm.close();
      await s.stop();
    });
    const refusal = async (work: Promise<unknown>): Promise<CrmError> => {
      const error = await work.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error instanceof CrmError) return error;
      throw new Error(`expected a CrmError, got ${String(error)}`);
    };

    test("the form is told pipelines, owners who are there, currencies, roles and what is required", async () => {
      const left = s.addOwner(false);
      s.clock.advance(1_000);
      const required = s.requireText();
      // Field definitions are kept five minutes, and Salesforce dates them by the second.
      s.clock.advance(6 * 60_000);
      const options = await s.deals.options();
      expect(options.pipelines.length).toBeGreaterThan(1);
      expect(options.defaultPipelineId).toBe(s.pipeline);
      const pipeline = options.pipelines.find(({ id }) => id === s.pipeline)!;
      expect(options.firstOpenStageId).toBe(s.stages.open);
      expect(pipeline.stages.map(({ id }) => id)).not.toContain(s.stages.foreign);
      expect(pipeline.stages.find(({ id }) => id === s.stages.closed)).toMatchObject({ isClosed: true, isWon: true });
      expect(options.owners.length).toBeGreaterThan(0);
      expect(options.owners.map(({ id }) => id)).not.toContain(left);
      expect(options.currencies).toEqual([expect.stringMatching(/^[A-Z]{3}$/)]);
      expect(options.roles.length).toBeGreaterThan(0);
      expect(options.required).toEqual([{ name: required, label: expect.any(String), type: "text", options: [] }]);
    });

    test("a deal is found by its key at once, with the company and the contacts", async () => {
      const companyId = s.addCompany("Litware");
      const [kim, lee] = [s.addContact("kim@litware.example"), s.addContact("lee@litware.example")];
      const { roles } = await s.deals.options();
      const contacts = [{ id: kim, role: roles[0]!.value, primary: true }, { id: lee }];
      const { id, linked } = await s.deals.createDeal(dealDraft(s, { companyId, contacts }));
      if (!linked) await s.deals.associate({ dealId: id, companyId, contacts });
      const found = await s.deals.dealByKey("conversation-1");
      expect(found).toMatchObject({ id, properties: { [s.deals.fields.name]: "Litware – Pilot" } });
      expect(s.dealAt(id)).toMatchObject({ companies: [companyId], contacts: [kim, lee] });
      expect(Number(s.dealAt(id)!.properties[s.deals.fields.amount])).toBe(0);
      expect(await s.deals.dealByKey("conversation-2")).toBeNull();
      expect(await s.deals.dealByKey("CONVERSATION-1")).toBeNull();
    });

    test("a second deal of one conversation is refused and names the first", async () => {
      const { id } = await s.deals.createDeal(dealDraft(s));
      const error = await refusal(s.deals.createDeal(dealDraft(s, { name: "Another name" })));
      expect(error).toMatchObject({ kind: "already_exists", detail: { existingId: id } });
      expect(s.dealIds()).toEqual([id]);
      expect(s.dealAt(id)!.properties[s.deals.fields.name]).toBe("Litware – Pilot");
    });

    test("asking for the key again changes nothing", async () => {
      expect(await s.deals.ensureKey()).toEqual({ unique: true, reason: null });
      expect(await s.deals.ensureKey()).toEqual({ unique: true, reason: null });
    });

    test("an admin's rule is refused in the admin's words", async () => {
      s.forbidName("Test", "Deals are named after the customer");
      const error = await refusal(s.deals.createDeal(dealDraft(s, { name: "Test" })));
      expect(error).toMatchObject({ kind: "value_refused", detail: { property: s.deals.fields.name } });
      expect(error.message).toContain("Deals are named after the customer");
      expect(s.dealIds()).toEqual([]);
    });

    test("a stage of another pipeline, an owner who left, a missing field, a wrong option: each is named", async () => {
      const { fields } = s.deals;
      const left = s.addOwner(false);
      const stage = await refusal(
        s.deals.createDeal(dealDraft(s, { properties: { [fields.stage]: s.stages.foreign } })),
      );
      expect(stage).toMatchObject({ kind: "value_refused", detail: { property: fields.stage } });
      const owner = await refusal(s.deals.createDeal(dealDraft(s, { properties: { [fields.owner]: left } })));
      expect(owner).toMatchObject({ kind: "value_refused", detail: { property: fields.owner } });
      const option = await refusal(s.deals.createDeal(dealDraft(s, { properties: { [s.list]: "no such option" } })));
      expect(option).toMatchObject({ kind: "value_refused", detail: { property: s.list } });
      const unknown = await refusal(s.deals.createDeal(dealDraft(s, { properties: { nobody_made_this: "x" } })));
      expect(unknown).toMatchObject({ kind: "unknown_property", detail: { property: "nobody_made_this" } });
      const required = s.requireText();
      const missing = await refusal(s.deals.createDeal(dealDraft(s)));
      expect(missing).toMatchObject({ kind: "value_refused", detail: { property: required } });
      expect(s.dealIds()).toEqual([]);
      const { id } = await s.deals.createDeal(dealDraft(s, { properties: { [required]: "North" } }));
      expect(s.dealIds()).toEqual([id]);
    });

    test("the duplicate check sees the key and the company's open deals, closed ones not", async () => {
      const [companyId, other] = [s.addCompany("Litware"), s.addCompany("Contoso")];
      const open = s.addDeal({ name: "Open one", companyId, stage: s.stages.open });
      s.addDeal({ name: "Won one", companyId, stage: s.stages.closed });
      s.addDeal({ name: "Elsewhere", companyId: other, stage: s.stages.open });
      const made = await s.deals.createDeal(dealDraft(s));
      s.calls();
      const check = await s.deals.duplicateCheck({ key: "conversation-1", companyId });
      expect(s.calls()).toBeLessThanOrEqual(s.crm.shape.crm === "hubspot" ? 3 : 2);
      expect(check.byKey?.id).toBe(made.id);
      const expected = { id: open, name: "Open one", stageId: s.stages.open, amount: 5000, closeDate: "2026-12-31" };
      expect(check.open).toEqual([{ ...expected, ownerId: check.open[0]?.ownerId }]);
      expect(await s.deals.openDealsOf(companyId)).toEqual(check.open);
      expect(await s.deals.duplicateCheck({ key: null, companyId: null })).toEqual({ byKey: null, open: [] });
      expect(await s.deals.openDealsOf(s.addCompany("Empty"))).toEqual([]);
    });

    test("contacts are found by their addresses in one call, letter case aside", async () => {
      const companyId = s.addCompany("Litware");
      const kim = s.addContact("kim@litware.example", companyId);
      s.calls();
      const asked = ["KIM@Litware.example", "nobody@litware.example", "o'hara+x@litware.example"];
      expect(await s.deals.contactsByEmail(asked)).toEqual([{ id: kim, email: "kim@litware.example", companyId }]);
      expect(s.calls()).toBe(1);
      expect(await s.deals.contactsByEmail([])).toEqual([]);
    });

    test("new contacts are made, known ones linked and left as they are, a bad one fails alone", async () => {
      const companyId = s.addCompany("Litware");
      const kim = s.addContact("kim@litware.example");
      const made = await s.deals.createContacts([
        person("nia@litware.example", { companyId }),
        person("Kim@litware.example", { name: "Somebody Else", title: "CEO" }),
        person("not an address"),
        person("NIA@litware.example"),
        person("solo@litware.example", { name: "" }),
      ]);
      expect(kinds(made)).toEqual(["ok", "ok", "value_refused", "ok", "ok"]);
      expect(made[0]).toMatchObject({ value: { existed: false } });
      expect(made[1]).toEqual({ ok: true, value: { id: kim, existed: true } });
      expect(made[3]).toEqual(made[0]);
      expect(s.contact(kim)).toEqual({ name: "Kim Known", title: null });
      const nia = made[0]!.ok ? made[0]!.value.id : "";
      expect(s.contact(nia)).toEqual({ name: "Nia New", title: "CTO" });
      expect(await s.deals.contactsByEmail(["nia@litware.example"])).toMatchObject([{ id: nia, companyId }]);
      expect(s.contactIds()).toHaveLength(3);
    });

    test("linking may be repeated, and a contact that is gone fails alone", async () => {
      const companyId = s.addCompany("Litware");
      const { id: dealId } = await s.deals.createDeal(dealDraft(s));
      const [kim, lee] = [s.addContact("kim@litware.example"), s.addContact("lee@litware.example")];
      s.archiveContact(lee);
      const links = { dealId, companyId, contacts: [{ id: kim, primary: true }, { id: lee }, { id: s.goneId }] };
      for (let time = 0; time < 2; time += 1) {
        const linked = await s.deals.associate(links);
        expect(linked.company).toEqual({ ok: true, value: { id: companyId } });
        expect(linked.contacts.map(({ ok }) => ok)).toEqual([true, false, false]);
      }
      expect(s.dealAt(dealId)).toMatchObject({ companies: [companyId], contacts: [kim] });
      const none = await s.deals.associate({ dealId, companyId: null, contacts: [] });
      expect(none).toEqual({ company: null, contacts: [] });
    });

    test("a note keeps every sign, and is found by its key only", async () => {
      const { id: dealId } = await s.deals.createDeal(dealDraft(s));
      const body = "<script>alert(1)</script> & 5 < 6\nsecond line @{deal.id}";
      const { id } = await s.deals.addNote(noteFor(dealId, { title: `A "title" & <b>`, body, key: "c:1" }));
      expect(s.noteAt(id)).not.toMatch(s.crm.shape.crm === "hubspot" ? /<script/ : /&lt;/);
      expect(s.noteAt(id)).toContain("second line");
      expect(s.noteAt(id)).toContain(s.crm.shape.crm === "hubspot" ? "&lt;b&gt;" : "<b>");
      expect(await s.deals.noteByKey({ dealId, key: "c:1" })).toEqual({ id });
      for (const key of ["c:11", "c:", "C:1"]) expect(await s.deals.noteByKey({ dealId, key })).toBeNull();
      const { id: other } = await s.deals.createDeal(dealDraft(s, { key: "conversation-2" }));
      expect(await s.deals.noteByKey({ dealId: other, key: "c:1" })).toBeNull();
    });

    test("a note of any length is cut to what the CRM takes, its reference kept", async () => {
      const { id: dealId } = await s.deals.createDeal(dealDraft(s));
      const { id } = await s.deals.addNote(noteFor(dealId, { body: "&😀".repeat(60_000), title: "t".repeat(2_000) }));
      expect(await s.deals.noteByKey({ dealId, key: "conversation-1" })).toEqual({ id });
    });

    test("a deal is taken back, and taking it back again is no failure", async () => {
      const { id } = await s.deals.createDeal(dealDraft(s));
      await s.deals.deleteDeal(id);
      await s.deals.deleteDeal(id);
      expect(s.dealIds()).toEqual([]);
      expect(await s.deals.dealByKey("conversation-1")).toBeNull();
      await expect(s.deals.dealTouchedSince(id, s.clock.now().toISOString())).rejects.toMatchObject({
        kind: "record_gone",
      });
    });

    test("what we did ourselves touches nothing; a colleague's edit does, and tells whose it is", async () => {
      const since = s.clock.now().toISOString();
      const companyId = s.addCompany("Litware");
      const { id } = await s.deals.createDeal(dealDraft(s, { companyId }));
      await s.deals.addNote(noteFor(id));
      await s.crm.writeBatch("deal", [{ id, properties: { [s.deals.fields.amount]: "7" } }]);
      expect(await s.deals.dealTouchedSince(id, since)).toEqual({ touched: false, by: null });
      s.clock.advance(1_000);
      const by = s.rename(id, "Litware – Rollout");
      expect(await s.deals.dealTouchedSince(id, since)).toEqual({ touched: true, by });
    });

    test("a colleague's edit counts after we wrote again, and so does a note of theirs", async () => {
      const since = s.clock.now().toISOString();
      const { id } = await s.deals.createDeal(dealDraft(s));
      const { id: other } = await s.deals.createDeal(dealDraft(s, { key: "conversation-2" }));
      s.noteByPerson(id);
      expect((await s.deals.dealTouchedSince(id, since)).touched).toBe(true);
      expect((await s.deals.dealTouchedSince(other, since)).touched).toBe(false);
    });

    test("a company is made with its domain and owner", async () => {
      const ownerId = s.addOwner(true);
      const { id } = await s.deals.createCompany({ name: "Fabrikam", domain: "fabrikam.example", ownerId });
      const [read] = await s.crm.readBatch("company", [id], [s.crm.shape.crm === "hubspot" ? "name" : "Name"]);
      expect(read).toMatchObject({ ok: true, value: { id } });
      expect(Object.values(read!.ok ? read!.value.properties : {})).toEqual(["Fabrikam"]);
    });

    test("the clean path with two new contacts and one known costs few calls", async () => {
      const companyId = s.addCompany("Litware");
      const kim = s.addContact("kim@litware.example", companyId);
      await s.deals.duplicateCheck({ key: "conversation-1", companyId });
      s.calls();
      const known = await s.deals.contactsByEmail(["kim@litware.example", "a@litware.example", "b@litware.example"]);
      const drafts = [person("a@litware.example", { companyId }), person("b@litware.example", { companyId })];
      const contacts = known.map(({ id }) => ({ id }));
      const note = noteFor("");
      let dealId: string;
      if (s.deals.createAll) {
        const newContacts = drafts.map((draft, at) => ({ ...draft, companyId: null, primary: at === 0 }));
        const deal = dealDraft(s, { companyId, contacts });
        const all = await s.deals.createAll({ company: null, newContacts, deal, note });
        if (!all.ok) throw all.error;
        dealId = all.dealId;
        expect(s.calls()).toBe(2);
      } else {
        const made = await s.deals.createContacts(drafts);
        for (const each of made) if (each.ok) contacts.push({ id: each.value.id });
        const deal = await s.deals.createDeal(dealDraft(s, { companyId, contacts }));
        dealId = deal.id;
        const contactIds = contacts.map(({ id }) => id);
        await s.deals.addNote({ ...note, dealId, companyId, contactIds });
        expect(s.calls()).toBe(4);
      }
      expect(s.dealAt(dealId)).toMatchObject({ companies: [companyId] });
      expect(s.dealAt(dealId)!.contacts).toHaveLength(3);
      expect(s.dealAt(dealId)!.contacts).toContain(kim);
      expect(await s.deals.noteByKey({ dealId, key: "conversation-1" })).not.toBeNull();
    });
  });
}
