/** What the simulated portal refuses when a deal, its people and its links are made. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { steppedClock } from "../../backend/clock.ts";
import { type HubSpotSimulator, startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";

let hub: HubSpotSimulator;
let token: string;
const clock = steppedClock();
const objects = "/crm/objects/2026-09";

beforeEach(async () => {
  hub = await startHubSpotSimulator({ clock, currencies: ["EUR", "USD"] });
  token = hub.grant().accessToken;
});
afterEach(() => hub.stop());

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(hub.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}
const link = (id: string, associationTypeId: number, associationCategory = "HUBSPOT_DEFINED") => ({
  to: { id },
  types: [{ associationCategory, associationTypeId }],
});
const create = (type: string, properties: object, associations: object[] = []) =>
  call("POST", `${objects}/${type}`, { properties, associations });

describe("links of a new record", () => {
  test("are taken of the right type, and refused of another or to nobody", async () => {
    const contact = hub.addRecord("contact", { email: "kim@x.example" });
    const label = hub.addLabel("deals", "contacts", "Champion");
    expect((await create("deals", { dealname: "A" }, [link(contact, 3)])).status).toBe(201);
    expect((await create("deals", { dealname: "B" }, [link(contact, label, "USER_DEFINED")])).status).toBe(201);
    const wrong = [link(contact, 341), link(contact, 4), link(contact, 999, "USER_DEFINED"), link("42", 3)];
    for (const each of wrong) {
      const refused = await create("deals", { dealname: "C" }, [each]);
      expect(refused).toMatchObject({ status: 400, body: { message: "One or more associations are invalid" } });
    }
    expect(hub.ids("deal")).toHaveLength(2);
  });

  test("one bad link refuses a whole batch of new records", async () => {
    const company = hub.addRecord("company", { name: "X" });
    const inputs = [
      { properties: { email: "a@x.example" }, associations: [link(company, 279)] },
      { properties: { email: "b@x.example" }, associations: [link(company, 3)] },
    ];
    expect((await call("POST", `${objects}/contacts/batch/create`, { inputs })).status).toBe(400);
    expect(hub.ids("contact")).toEqual([]);
  });

  test("made later, they fail one by one", async () => {
    const deal = hub.addRecord("deal", { dealname: "A" });
    const contact = hub.addRecord("contact", { email: "kim@x.example" });
    const inputs = [link(contact, 341), link(contact, 3), link("42", 3)].map((each) => ({
      from: { id: deal },
      ...each,
    }));
    const answer = await call("POST", "/crm/associations/2026-09/deals/contacts/batch/create", { inputs });
    expect(answer).toMatchObject({ status: 207, body: { numErrors: 2, results: [{ toObjectId: contact }] } });
    expect(hub.record("deal", deal)?.associations.contacts).toEqual([contact]);
  });

  test("their types are listed, the portal's own labels among them", async () => {
    const typeId = hub.addLabel("deals", "contacts", "Champion");
    const { body } = await call("GET", "/crm/associations/2026-09/deals/contacts/labels");
    expect(body.results).toEqual([
      { category: "HUBSPOT_DEFINED", typeId: 3, label: null },
      { category: "USER_DEFINED", typeId, label: "Champion" },
    ]);
    const companies = await call("GET", "/crm/associations/2026-09/deals/companies/labels");
    expect(companies.body.results).toContainEqual({ category: "HUBSPOT_DEFINED", typeId: 5, label: "Primary" });
  });
});

test("a required property is told by the definition and demanded of new records only", async () => {
  const old = hub.addRecord("deal", { dealname: "Old" });
  hub.requireField("deal", "dealtype");
  const schema = await call("GET", "/crm-object-schemas/2026-09/schemas/deals");
  expect(schema.body.requiredProperties).toEqual(["dealtype"]);
  const refused = await create("deals", { dealname: "New" });
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ code: "MISSING_REQUIRED_PROPERTY", context: { properties: ["dealtype"] } }] },
  });
  expect((await create("deals", { dealname: "New", dealtype: "newbusiness" })).status).toBe(201);
  expect((await call("PATCH", `${objects}/deals/${old}`, { properties: { dealname: "Older" } })).status).toBe(200);
});

test("nothing can be given to an owner who left; what they have stays", async () => {
  const left = hub.addOwner({ email: "a@x.example", firstName: "A", lastName: "B", active: false });
  const here = hub.addOwner({ email: "c@x.example", firstName: "C", lastName: "D", active: true });
  const refused = await create("deals", { dealname: "A", hubspot_owner_id: left });
  expect(refused.body.errors[0]).toMatchObject({ code: "INVALID_OWNER_ID" });
  expect((await create("deals", { dealname: "A", hubspot_owner_id: here })).status).toBe(201);
  const listed = await call("GET", "/crm/owners/2026-09?archived=true");
  expect(listed.body.results).toMatchObject([{ id: left, archived: true }]);
});

test("records are read by a unique property only", async () => {
  const read = (type: string, idProperty: string, id: string) =>
    call("POST", `${objects}/${type}/batch/read`, { inputs: [{ id }], properties: ["email"], idProperty });
  const id = hub.addRecord("contact", { email: "kim@x.example", hs_additional_emails: "k@old.example" });
  expect((await read("contacts", "email", "k@old.example")).body.results).toMatchObject([{ id }]);
  expect((await read("contacts", "firstname", "Kim")).status).toBe(400);
  expect((await read("deals", "nobody", "1")).status).toBe(400);
});

test("a batch that conflicts with itself makes nothing", async () => {
  const inputs = ["kim@x.example", "KIM@x.example"].map((email) => ({ properties: { email } }));
  expect((await call("POST", `${objects}/contacts/batch/create`, { inputs })).status).toBe(409);
  expect(hub.ids("contact")).toEqual([]);
});

test("a property's history names the app and the person, newest first", async () => {
  const { body } = await create("deals", { dealname: "A" });
  clock.advance(1000);
  hub.edit("deal", body.id, { dealname: "B" });
  const read = await call("GET", `${objects}/deals/${body.id}?propertiesWithHistory=dealname,nobody`);
  expect(read.body.propertiesWithHistory).toMatchObject({
    dealname: [
      { value: "B", sourceType: "CRM_UI", updatedByUserId: expect.any(Number) },
      { value: "A", sourceType: "INTEGRATION" },
    ],
  });
  expect(Object.keys(read.body.propertiesWithHistory)).toEqual(["dealname"]);
});

test("a contact tells its primary company, and the account its currencies", async () => {
  const [contact, company] = [
    hub.addRecord("contact", { email: "a@x.example" }),
    hub.addRecord("company", { name: "X" }),
  ];
  hub.associate("contact", contact, "company", company);
  expect(hub.record("contact", contact)?.properties.associatedcompanyid).toBe(company);
  const account = await call("GET", "/account-info/2026-09/details");
  expect(account.body).toMatchObject({ companyCurrency: "EUR", additionalCurrencies: ["USD"] });
});
