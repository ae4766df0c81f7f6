/** HubSpot passes the deal suite; below, what only HubSpot does. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { foreignChange } from "../../backend/crm/hubspot/deals-undo.ts";
import { dealContract } from "./deals-contract.ts";
import { dealDraft, dealsOnHubSpot, person } from "./deals-setup.ts";
import { type HubSpotSetup, setupHubSpot } from "./hubspot-setup.ts";

dealContract("HubSpot", dealsOnHubSpot);

describe("the key property", () => {
  let s: HubSpotSetup;
  afterEach(async () => {
    await s.crm.close();
    await s.stop();
  });
  const textProperty = { type: "string", fieldType: "text" };

  test("is made once, unique, in Pandora's group", async () => {
    s = await setupHubSpot();
    expect(await s.crm.deals.dealByKey("c")).toBeNull();
    const both = await Promise.all([s.crm.deals.ensureKey(), s.crm.deals.ensureKey()]);
    expect(both).toEqual([
      { unique: true, reason: null },
      { unique: true, reason: null },
    ]);
    const made = (await s.crm.describeProperties("deal")).find((each) => each.name === "pandora_conversation_id");
    expect(made).toMatchObject({ unique: true, group: "pandora", writable: true });
  });

  test("can't be had beyond HubSpot's ten unique properties", async () => {
    s = await setupHubSpot();
    for (let n = 0; n < 10; n += 1) {
      s.simulator.addProperty("deal", { name: `u${n}`, label: `U${n}`, hasUniqueValue: true, ...textProperty });
    }
    const state = await s.crm.deals.ensureKey();
    expect(state).toEqual({ unique: false, reason: expect.stringContaining("limit of 10 unique") });
  });

  test("can't be had without the scope", async () => {
    s = await setupHubSpot({
      scopes: ["oauth", "crm.objects.deals.read", "crm.objects.deals.write", "crm.objects.contacts.read"],
    });
    const state = await s.crm.deals.ensureKey();
    expect(state).toEqual({ unique: false, reason: expect.stringContaining("Connect HubSpot again") });
  });

  test("that somebody made without unique values is told, and no deal is sought by it", async () => {
    s = await setupHubSpot();
    s.simulator.addProperty("deal", { name: "pandora_conversation_id", label: "x", ...textProperty });
    expect(await s.crm.deals.ensureKey()).toEqual({ unique: false, reason: expect.stringContaining("Delete it") });
    expect(await s.crm.deals.dealByKey("c")).toBeNull();
  });
});

describe("contacts and companies", () => {
  let s: Awaited<ReturnType<typeof dealsOnHubSpot>>;
  beforeEach(async () => {
    s = await dealsOnHubSpot();
  });
  afterEach(async () => {
    await s.crm.close();
    await s.stop();
  });

  test("new contacts cost one call, however many", async () => {
    const drafts = Array.from({ length: 12 }, (_, n) => person(`p${n}@litware.example`));
    s.calls();
    expect((await s.deals.createContacts(drafts)).every((each) => each.ok && !each.value.existed)).toBe(true);
    expect(s.calls()).toBe(1);
    expect((await s.deals.createContacts(drafts)).every((each) => each.ok && each.value.existed)).toBe(true);
    expect(s.contactIds()).toHaveLength(12);
  });

  test("more addresses than a call takes are found", async () => {
    const ids = Array.from({ length: 130 }, (_, n) => s.addContact(`p${n}@litware.example`));
    s.calls();
    const found = await s.deals.contactsByEmail(ids.map((_, n) => `p${n}@litware.example`));
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(s.calls()).toBe(2);
  });

  test("a batch whose rows are not mentioned claims nothing", async () => {
    s.faults.set([{ name: "silent_drop", rate: 1, on: "writes", times: 1 }]);
    const made = await s.deals.createContacts([person("a@b.example"), person("c@d.example")]);
    expect(made.map((each) => (each.ok ? "ok" : each.error.kind)).sort()).toEqual(["no_result", "ok"]);
  });

  test("one bad contact id costs the links, told per contact, and not the deal", async () => {
    const [companyId, kim] = [s.addCompany("Litware"), s.addContact("kim@litware.example")];
    const contacts = [{ id: kim }, { id: s.goneId }];
    await expect(s.deals.createDeal(dealDraft(s, { companyId, contacts }))).rejects.toMatchObject({
      kind: "value_refused",
    });
    expect(s.dealIds()).toEqual([]);
    const { id: dealId } = await s.deals.createDeal(dealDraft(s, { companyId }));
    const linked = await s.deals.associate({ dealId, companyId, contacts });
    expect(linked.contacts.map(({ ok }) => ok)).toEqual([true, false]);
  });
});

test("a secondary address is the same contact, also where a new one would be made", async () => {
  const s = await setupHubSpot();
  const id = s.simulator.addRecord("contact", {
    email: "kim@litware.example",
    hs_additional_emails: "kim@old.example;k@x.example",
  });
  expect(await s.crm.deals.contactsByEmail(["kim@old.example"])).toMatchObject([{ id, email: "kim@old.example" }]);
  const made = await s.crm.deals.createContacts([person("new@litware.example"), person("k@x.example")]);
  expect(made).toMatchObject([{ value: { existed: false } }, { value: { id, existed: true } }]);
  await s.stop();
});

test("an account with several currencies offers them, its own first", async () => {
  const s = await setupHubSpot({ currencies: ["EUR", "USD"] });
  expect((await s.crm.deals.options()).currencies).toEqual(["EUR", "USD"]);
  await s.stop();
});

test("without the right to read the definition nothing is known to be required", async () => {
  const read = ["contacts", "companies", "deals", "owners"].map((each) => `crm.objects.${each}.read`);
  const s = await setupHubSpot({ scopes: ["oauth", ...read] });
  s.simulator.requireField("deal", "dealtype");
  expect((await s.crm.deals.options()).required).toEqual([]);
  await s.stop();
});

describe("whose change it was", () => {
  const at = (sourceType: string, more: object = {}, timestamp = "2026-11-22T10:00:00Z") => ({
    sourceType,
    timestamp,
    ...more,
  });
  const first = at("INTEGRATION", { sourceId: "1" }, "2026-11-22T09:00:00Z");
  test.each([
    ["ours", at("INTEGRATION", { sourceId: "1" }), null],
    ["another app", at("INTEGRATION", { sourceId: "2" }), { by: null }],
    ["a person", at("CRM_UI", { updatedByUserId: 7 }), { by: "7" }],
    ["a person, named by the source only", at("CRM_UI", { sourceId: "userId:8" }), { by: "8" }],
    ["an import", at("IMPORT"), { by: null }],
    ["a workflow that answers to the creation", at("AUTOMATION_PLATFORM"), null],
    ["HubSpot's own sums", at("CALCULATED"), null],
    ["a person, before", at("CRM_UI", { updatedByUserId: 7 }, "2026-11-22T08:00:00Z"), null],
  ])("%s", (_name, entry, expected) => {
    const history = { dealname: [first], amount: [entry] };
    expect(foreignChange(history, "2026-11-22T09:00:00Z")).toEqual(expected);
  });
});
