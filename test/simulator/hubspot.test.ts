/** The simulated portal is as strict as the real one, over plain HTTP. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { type HubSpotSimulator, startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";

let hub: HubSpotSimulator;
let clock: SteppedClock;
let token: string;
const deals = "/crm/objects/2026-09/deals";

beforeEach(async () => {
  clock = steppedClock();
  hub = await startHubSpotSimulator({ clock, searchLagMs: 5000 });
  token = hub.grant().accessToken;
});
afterEach(() => hub.stop());

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here
type Answer = { status: number; headers: Headers; body: any };
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(hub.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
  };
}
const newDeal = (properties: Record<string, string> = {}) =>
  hub.addRecord("deal", { dealname: "Litware – Pilot", ...properties });
const update = (inputs: object[], version = "2026-09") =>
  call("POST", `/crm/objects/${version}/deals/batch/update`, { inputs });
/** The list that HubSpot puts into the sentence. */
const embedded = (answer: Answer) => JSON.parse(answer.body.message.replace("Property values were not valid: ", ""));

describe("values", () => {
  test.each([
    ["amount", "61.50", "61.5"],
    ["amount", "0012", "12"],
    ["amount", "-0.0", "0"],
    ["amount", "1e3", "1000"],
    ["closedate", "2026-11-22", "2026-11-22T00:00:00Z"],
    ["closedate", "1795305600000", "2026-11-22T00:00:00Z"],
    ["closedate", "2026-11-22T10:00:00.120+02:00", "2026-11-22T08:00:00.120Z"],
    ["deal_notes_html", "<p>a</p><script>x()</script>", "<p>a</p>"],
    ["dealtype", "newbusiness", "newbusiness"],
    ["description", "  kept \r\n as is ", "  kept \r\n as is "],
  ])("%s takes %j and shows %j", async (name, sent, shown) => {
    const id = newDeal();
    const answer = await update([{ id, properties: { [name]: sent } }]);
    expect(answer.body.results[0].properties[name]).toBe(shown);
    expect(hub.record("deal", id)?.properties[name]).toBe(shown);
  });

  test.each([
    ["amount", " 5", "INVALID_LONG"],
    ["amount", "12,50", "INVALID_LONG"],
    ["closedate", "22.11.2026", "INVALID_LONG"],
    ["closedate", "2026-02-30", "INVALID_LONG"],
    ["dealtype", "New Business", "INVALID_OPTION"],
    ["dealstage", "renewal_won", "INVALID_OPTION"],
    ["hubspot_owner_id", "1", "INVALID_OWNER_ID"],
    ["nobody", "1", "PROPERTY_DOESNT_EXIST"],
    ["hs_lastmodifieddate", "1", "READ_ONLY_VALUE"],
    ["num_associated_contacts", "1", "READ_ONLY_VALUE"],
    ["description", "x".repeat(65_537), "PROPERTY_VALUE_TOO_LONG"],
  ])("%s refuses %j with %s, and the whole batch with it", async (name, value, code) => {
    const [good, bad] = [newDeal(), newDeal()];
    const answer = await update([
      { id: good, properties: { dealname: "changed" } },
      { id: bad, properties: { [name]: value } },
    ]);
    expect(answer).toMatchObject({ status: 400, body: { category: "VALIDATION_ERROR" } });
    expect(embedded(answer)).toMatchObject([{ isValid: false, error: code, name }]);
    expect(hub.record("deal", good)?.properties.dealname).toBe("Litware – Pilot");
  });

  test("an admin's rule holds from version 2026-09 on", async () => {
    hub.addRule({
      objectType: "deal",
      property: "dealname",
      message: "Names start with a capital",
      passes: (value) => /^[A-Z]/.test(value),
    });
    const id = newDeal();
    const inputs = [{ id, properties: { dealname: "lower" } }];
    expect((await update(inputs)).status).toBe(400);
    expect((await update(inputs, "2026-03")).status).toBe(200);
  });

  test("a person's rich text comes wrapped by the editor", () => {
    const id = newDeal();
    hub.edit("deal", id, { deal_notes_html: "<p>typed</p>" });
    expect(hub.record("deal", id)?.properties.deal_notes_html).toBe(
      '<div style="" dir="auto" data-top-level="true"><p>typed</p></div>',
    );
  });
});

describe("batches", () => {
  test("more than 100, or one record twice, is refused", async () => {
    const id = newDeal();
    const inputs = Array.from({ length: 101 }, (_, i) => ({ id: String(i), properties: {} }));
    expect((await update(inputs)).status).toBe(400);
    const twice = await update([
      { id, properties: {} },
      { id, properties: {} },
    ]);
    expect(twice.body.message).toContain("Duplicate IDs found in batch input");
  });

  test("missing records come back as errors beside the results, each with its trace id", async () => {
    const id = newDeal();
    const answer = await update([
      { id, objectWriteTraceId: "a", properties: { dealname: "B" } },
      { id: "123", objectWriteTraceId: "b", properties: { dealname: "B" } },
    ]);
    expect(answer).toMatchObject({
      status: 207,
      body: {
        numErrors: 1,
        results: [{ id, objectWriteTraceId: "a" }],
        errors: [{ category: "OBJECT_NOT_FOUND", context: { ids: ["123"], objectWriteTraceId: ["b"] } }],
      },
    });
  });

  test("answers come in another order than the inputs", async () => {
    const ids = Array.from({ length: 20 }, () => newDeal());
    const answer = await call("POST", `${deals}/batch/read`, {
      inputs: ids.map((id) => ({ id })),
      properties: ["dealname"],
    });
    const got = answer.body.results.map((each: { id: string }) => each.id);
    expect(got).not.toEqual(ids);
    expect(got.sort()).toEqual(ids);
  });

  test("upsert finds by a unique property, and makes what is missing", async () => {
    hub.addProperty("deal", { name: "key", label: "Key", type: "string", fieldType: "text", hasUniqueValue: true });
    const id = newDeal({ key: "k1" });
    const inputs = ["k1", "k2"].map((key) => ({
      id: key,
      idProperty: "key",
      objectWriteTraceId: key,
      properties: { dealname: key },
    }));
    const { body } = await call("POST", `${deals}/batch/upsert`, { inputs });
    const made = Object.fromEntries(
      body.results.map((each: { objectWriteTraceId: string; new: boolean; id: string }) => [
        each.objectWriteTraceId,
        each,
      ]),
    );
    expect(made.k1).toMatchObject({ id, new: false });
    expect(made.k2).toMatchObject({ new: true, properties: { dealname: "k2", key: "k2" } });
  });

  test("silent drop: COMPLETE, with rows neither done nor mentioned", async () => {
    const ids = Array.from({ length: 10 }, () => newDeal());
    hub.faults.set([{ name: "silent_drop", rate: 1, times: 1 }]);
    const answer = await update(ids.map((id) => ({ id, properties: { dealname: "changed" } })));
    expect(answer).toMatchObject({ status: 200, body: { status: "COMPLETE" } });
    const changed = ids.filter((id) => hub.record("deal", id)?.properties.dealname === "changed");
    expect(changed.length).toBeLessThan(10);
    expect(answer.body.results.map((each: { id: string }) => each.id).sort()).toEqual(changed);
  });
});

describe("records", () => {
  test("a unique value belongs to one record; a contact's address too, the secondary ones included", async () => {
    hub.addProperty("deal", { name: "key", label: "Key", type: "string", fieldType: "text", hasUniqueValue: true });
    const id = newDeal({ key: "k1" });
    const again = await call("POST", deals, { properties: { dealname: "B", key: "k1" } });
    expect(again.status).toBe(400);
    expect(again.body.message).toContain(`${id} already has that value`);
    const contact = hub.addRecord("contact", {
      email: "ada@litware.example",
      hs_additional_emails: "a@litware.example",
    });
    const known = await call("POST", "/crm/objects/2026-09/contacts", { properties: { email: "A@Litware.example" } });
    expect(known).toMatchObject({ status: 409, body: { message: `Contact already exists. Existing ID: ${contact}` } });
  });

  test("created with its links, read by a unique property, patched, deleted", async () => {
    const company = hub.addRecord("company", { name: "Litware", domain: "litware.example" });
    const types = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 5 }];
    const made = await call("POST", deals, {
      properties: { dealname: "A", amount: "1" },
      associations: [{ to: { id: company }, types }],
    });
    expect(made).toMatchObject({ status: 201, body: { properties: { dealname: "A" } } });
    const { id } = made.body;
    const links = await call("POST", "/crm/associations/2026-09/deals/companies/batch/read", { inputs: [{ id }] });
    expect(links.body.results[0].to).toMatchObject([
      { toObjectId: Number(company), associationTypes: [{ typeId: 5, label: "Primary" }] },
    ]);
    expect((await call("PATCH", `${deals}/${id}`, { properties: { amount: "" } })).body.properties.amount).toBeNull();
    expect((await call("DELETE", `${deals}/${id}`)).status).toBe(204);
    expect((await call("DELETE", `${deals}/1`)).status).toBe(204);
    expect((await call("GET", `${deals}/${id}`)).status).toBe(404);
    expect((await call("GET", `${deals}?archived=true`)).body.results).toMatchObject([{ id, archived: true }]);
  });

  test("a merged id leads to the winner", async () => {
    const [winner, loser] = [newDeal(), newDeal({ description: "from the loser" })];
    hub.merge("deal", winner, loser);
    const { body } = await call("GET", `${deals}/${loser}?properties=description,hs_merged_object_ids`);
    expect(body).toMatchObject({
      id: winner,
      properties: { description: "from the loser", hs_merged_object_ids: loser },
    });
    expect(hub.record("deal", loser)).toBeNull();
  });

  test("notes want a time", async () => {
    const note = (properties: object) => call("POST", "/crm/objects/2026-09/notes", { properties });
    expect((await note({ hs_note_body: "x" })).status).toBe(400);
    expect((await note({ hs_note_body: "x", hs_timestamp: "2026-11-22T00:00:00Z" })).status).toBe(201);
  });
});

describe("settings", () => {
  const create = (name: string, more: object = {}) =>
    call("POST", "/crm/properties/2026-09/deals", {
      name,
      label: "L",
      type: "string",
      fieldType: "text",
      groupName: "dealinformation",
      ...more,
    });

  test("a property's name, type and group are checked; the eleventh unique one is refused", async () => {
    for (const [name, more] of [
      ["Bad", {}],
      ["hs_x", {}],
      ["a", { groupName: "none" }],
      ["a", { type: "number" }],
      ["a", { type: "enumeration", fieldType: "select" }],
    ] as const) {
      expect((await create(name, more)).status).toBe(400);
    }
    for (let i = 0; i < 10; i += 1) expect((await create(`unique_${i}`, { hasUniqueValue: true })).status).toBe(201);
    expect((await create("unique_10", { hasUniqueValue: true })).status).toBe(400);
    expect((await create("unique_1")).status).toBe(409);
  });

  test("an unknown API version is not there", async () => {
    expect((await call("GET", "/crm/objects/2020-01/deals")).status).toBe(404);
  });
});
