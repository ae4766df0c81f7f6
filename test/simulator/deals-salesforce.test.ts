/** What the simulated org refuses and fills in when an opportunity, its people and its tasks are made. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { type SalesforceSimulator, startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";
import { talkTo } from "./salesforce-session.ts";

let sim: SalesforceSimulator;
let clock: SteppedClock;
let token: string;
const { send, query } = talkTo(() => ({ url: sim.url, token }));
const opportunity = (values = {}) => ({ Name: "Pilot", StageName: "Prospecting", CloseDate: "2026-12-31", ...values });
const create = (type: string, values: object, headers = {}) => send("POST", `/sobjects/${type}`, values, headers);

beforeEach(async () => {
  clock = steppedClock();
  sim = await startSalesforceSimulator({ clock });
  token = sim.oauth.grant().accessToken;
});
afterEach(() => sim.stop());

test("an opportunity, a contact and a lead need an owner who is there; an account does not", async () => {
  const OwnerId = sim.addOwner({ email: "a@x.example", firstName: "A", lastName: "B", active: false });
  for (const [type, values] of [
    ["Opportunity", opportunity()],
    ["Contact", { LastName: "Kim" }],
    ["Lead", { LastName: "Kim", Company: "X" }],
  ] as const) {
    const refused = await create(type, { ...values, OwnerId });
    expect(refused).toMatchObject({ status: 400, body: [{ errorCode: "INACTIVE_OWNER_OR_USER" }] });
  }
  expect((await create("Account", { Name: "X", OwnerId })).status).toBe(201);
});

test("a record type allows its own stages; the first is given when none is named", async () => {
  const usual = sim.addRecordType("New", ["Prospecting", "Closed Won"]);
  const renewal = sim.addRecordType("Renewal", ["Negotiation/Review"]);
  const { body } = await create("Opportunity", opportunity());
  expect(sim.record("deal", String(body.id))?.properties["RecordTypeId"]).toBe(usual);
  const wrong = await create("Opportunity", opportunity({ RecordTypeId: renewal }));
  expect(wrong.body[0]).toMatchObject({
    errorCode: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    fields: ["StageName"],
  });
  const described = (await send("GET", "/sobjects/Opportunity/describe")).body;
  expect(described.recordTypeInfos).toMatchObject([
    { recordTypeId: usual, defaultRecordTypeMapping: true },
    { recordTypeId: renewal, defaultRecordTypeMapping: false },
    { master: true },
  ]);
});

test("a stage that the org does not have is refused", async () => {
  expect((await create("Opportunity", opportunity({ StageName: "Nope" }))).body[0]).toMatchObject({
    fields: ["StageName"],
  });
});

describe("duplicate rules", () => {
  const allow = { "sforce-duplicate-rule-header": "allowSave=true" };

  test("one that warns gives way to the header, one that blocks does not", async () => {
    const id = sim.addRecord("Contact", { LastName: "Kim", Email: "kim@x.example" });
    const twin = { LastName: "Twin", Email: "kim@x.example" };
    const refused = await create("Contact", twin);
    expect(refused.body[0]).toMatchObject({ errorCode: "DUPLICATES_DETECTED", duplicateResult: { allowSave: true } });
    expect(refused.text).toContain(id);
    expect((await create("Contact", twin, allow)).status).toBe(201);
    sim.addDuplicateRule({ object: "company", field: "Name", blocks: true });
    expect((await create("Account", { Name: "X" })).status).toBe(201);
    expect((await create("Account", { Name: "X" }, allow)).body[0]).toMatchObject({
      errorCode: "DUPLICATES_DETECTED",
      duplicateResult: { allowSave: false },
    });
  });

  test("the header holds for collections too", async () => {
    sim.addRecord("Contact", { LastName: "Kim", Email: "kim@x.example" });
    const records = [{ attributes: { type: "Contact" }, LastName: "Twin", Email: "kim@x.example" }];
    const body = { allOrNone: false, records };
    expect((await send("POST", "/composite/sobjects", body)).body).toMatchObject([{ success: false }]);
    expect((await send("POST", "/composite/sobjects", body, allow)).body).toMatchObject([{ success: true }]);
  });
});

describe("tasks and events", () => {
  test("a task takes the org's statuses only, and knows whether it is done, and whose account it is about", async () => {
    const account = sim.addRecord("Account", { Name: "X" });
    const WhatId = sim.addRecord("Opportunity", { AccountId: account });
    const open = await create("Task", { Subject: "Call", WhatId });
    const done = await create("Task", { Subject: "Call", WhatId, Status: "Completed" });
    expect(sim.record("Task", String(open.body.id))?.properties).toMatchObject({
      Status: "Not Started",
      IsClosed: "false",
      TaskSubtype: "Task",
      AccountId: account,
    });
    expect(sim.record("Task", String(done.body.id))?.properties).toMatchObject({
      IsClosed: "true",
      CompletedDateTime: clock.now().toISOString(),
    });
    expect((await create("Task", { Subject: "x", Status: "Erledigt" })).body[0]).toMatchObject({ fields: ["Status"] });
    expect((await query("SELECT ApiName FROM TaskStatus WHERE IsClosed = true")).body.records).toMatchObject([
      { ApiName: "Completed" },
    ]);
  });

  test("what an activity is about must be there", async () => {
    const refused = await create("Task", { Subject: "x", WhatId: "0065g00000zzzzzAAA" });
    expect(refused.body[0]).toMatchObject({ errorCode: "INVALID_CROSS_REFERENCE_KEY", fields: ["WhatId"] });
    const gone = sim.addRecord("deal", { Name: "Gone" });
    sim.remove("deal", gone);
    expect((await create("Task", { WhatId: gone })).body[0]).toMatchObject({ errorCode: "ENTITY_IS_DELETED" });
  });

  test("an event brings those invited", async () => {
    const EventId = sim.addRecord("Event", { Subject: "Demo" });
    const RelationId = sim.addRecord("Contact", { LastName: "Kim" });
    sim.addRecord("EventRelation", { EventId, RelationId, Status: "Accepted" });
    const { body } = await query("SELECT Id, (SELECT RelationId, Status FROM EventRelations) FROM Event");
    expect(body.records).toMatchObject([{ EventRelations: { records: [{ RelationId, Status: "Accepted" }] } }]);
  });
});

test("who made and changed a record is kept, and each new stage, amount or date of an opportunity", async () => {
  const { body } = await create("Opportunity", opportunity());
  const id = String(body.id);
  const mine = sim.record("deal", id)!.properties["CreatedById"];
  sim.edit("deal", id, { Amount: "5" });
  sim.edit("deal", id, { NextStep: "Call" });
  const after = sim.record("deal", id)!.properties;
  expect(after["CreatedById"]).toBe(mine);
  expect(after["LastModifiedById"]).not.toBe(mine);
  const history = await query(`SELECT CreatedById, Amount FROM OpportunityHistory WHERE OpportunityId = '${id}'`);
  expect(history.body.records).toMatchObject([
    { CreatedById: mine, Amount: null },
    { CreatedById: after["LastModifiedById"], Amount: 5 },
  ]);
});

test("a field that became required is described so and demanded", async () => {
  clock.advance(1000);
  sim.addField("deal", "Region__c", "string");
  sim.requireField("deal", "Region__c");
  expect((await create("Opportunity", opportunity())).body[0]).toMatchObject({
    errorCode: "REQUIRED_FIELD_MISSING",
    fields: ["Region__c"],
  });
  expect((await create("Opportunity", opportunity({ Region__c: "North" }))).status).toBe(201);
});
