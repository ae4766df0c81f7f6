/** The simulated org refuses what Salesforce refuses, in Salesforce's words. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { generateCompany } from "../../backend/simulator/company.ts";
import { type SalesforceSimulator, startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";
import { talkTo } from "./salesforce-session.ts";

let sim: SalesforceSimulator;
let clock: SteppedClock;
let token: string;

beforeEach(async () => {
  clock = steppedClock();
  sim = await startSalesforceSimulator({ clock });
  token = sim.oauth.grant().accessToken;
});
afterEach(() => sim.stop());

const deal = (values = {}) => sim.addRecord("deal", { Name: "Deal", ...values });
const { send, query, patch, collection } = talkTo(() => ({ url: sim.url, token }));
const opportunity = (id: string, values: Record<string, unknown>) => ({
  attributes: { type: "Opportunity" },
  id,
  ...values,
});

describe("values", () => {
  const refusals: [name: string, values: Record<string, unknown>, status: number, code: string, field?: string][] = [
    ["text beyond its length", { NextStep: "x".repeat(256) }, 400, "STRING_TOO_LONG", "NextStep"],
    [
      "an option that is not there",
      { Deal_Health__c: "Great" },
      400,
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      "Deal_Health__c",
    ],
    [
      "one such option among several",
      { Competitors__c: "Contoso;Nobody" },
      400,
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      "Competitors__c",
    ],
    ["a number with too many digits", { Deal_Score__c: 123_456 }, 400, "NUMBER_OUTSIDE_VALID_RANGE", "Deal_Score__c"],
    ["a read-only field", { IsWon: true }, 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "IsWon"],
    ["a formula", { ExpectedRevenue: 1 }, 400, "INVALID_FIELD_FOR_INSERT_UPDATE", "ExpectedRevenue"],
    ["a required field cleared", { Name: "  " }, 400, "REQUIRED_FIELD_MISSING", "Name"],
    ["a field nobody made", { Nope__c: "x" }, 400, "INVALID_FIELD"],
    ["text for a number", { Deal_Score__c: "many" }, 400, "JSON_PARSER_ERROR"],
    ["a number for text", { NextStep: 5 }, 400, "JSON_PARSER_ERROR"],
    ["no day of any month", { CloseDate: "2026-02-30" }, 400, "JSON_PARSER_ERROR"],
    ["an id that leads nowhere", { AccountId: "0015g00000zzzzzAAA" }, 400, "INVALID_CROSS_REFERENCE_KEY", "AccountId"],
    ["an id that is none", { AccountId: "x" }, 400, "MALFORMED_ID", "AccountId"],
  ];
  test.each(refusals)("%s is refused", async (_name, values, status, code, field) => {
    const id = deal();
    const answer = await patch(id, values);
    expect(answer.status).toBe(status);
    expect(answer.body[0]).toMatchObject({
      errorCode: code,
      message: expect.any(String),
      ...(field ? { fields: [field] } : {}),
    });
    expect(sim.history({ id, objectType: "deal" }).filter((row) => row.by === "api")).toEqual([]);
  });

  test("what is taken is kept in Salesforce's form", async () => {
    const id = deal();
    const sent = {
      NextStep: "  call  ",
      Forecast_Comment__c: "a\nb ",
      Deal_Score__c: 61.25,
      Discount__c: "12.345",
      Reviewed_At__c: "2026-11-22T11:00:00.789+01:00",
      Risk_Summary__c: "<P>it's <BR/>late</P><script>x</script>",
      Champion__c: "",
    };
    expect((await patch(id, sent)).status).toBe(204);
    const { body } = await send("GET", `/sobjects/Opportunity/${id}?fields=${Object.keys(sent).join(",")}`);
    expect(body).toMatchObject({
      NextStep: "call",
      Forecast_Comment__c: "a\r\nb",
      Deal_Score__c: 61.3,
      Discount__c: 12.35,
      Reviewed_At__c: "2026-11-22T10:00:00.000+0000",
      Risk_Summary__c: "<p>it&#39;s <br>late</p>",
      Champion__c: null,
    });
  });

  test("formulas follow: the stage sets closed, won and probability", async () => {
    const id = deal({ Amount: 2_000, StageName: "Prospecting" });
    await patch(id, { StageName: "Closed Won" });
    expect(sim.record("deal", id)?.properties).toMatchObject({
      IsClosed: "true",
      IsWon: "true",
      Probability: "100",
      ExpectedRevenue: "2000",
    });
  });
});

describe("records that are gone, taken or locked", () => {
  test("deleted, never there, and named by 15 characters", async () => {
    const id = deal();
    expect((await patch(id.slice(0, 15), { NextStep: "x" })).status).toBe(204);
    sim.remove("deal", id);
    expect((await patch(id, { NextStep: "x" })).body[0]).toMatchObject({ errorCode: "ENTITY_IS_DELETED" });
    expect((await send("GET", "/sobjects/Opportunity/0065g00000zzzzz")).body[0]).toMatchObject({
      errorCode: "NOT_FOUND",
    });
    expect((await query("SELECT Id FROM Opportunity")).body).toMatchObject({ totalSize: 0 });
    expect((await query("SELECT Id, IsDeleted FROM Opportunity", "queryAll")).body).toMatchObject({
      records: [{ Id: id, IsDeleted: true }],
    });
  });

  test("a unique value and a duplicate rule name the record that has it", async () => {
    const first = deal({ Pandora_Conversation_Id__c: "c-1" });
    const again = await send("POST", "/sobjects/Opportunity", {
      Name: "B",
      StageName: "Prospecting",
      CloseDate: "2026-12-31",
      Pandora_Conversation_Id__c: "c-1",
    });
    expect(again.body[0]).toMatchObject({ errorCode: "DUPLICATE_VALUE", message: expect.stringContaining(first) });
    const ada = sim.addRecord("contact", { LastName: "Lovelace", Email: "ada@contoso.test" });
    const twin = await send("POST", "/sobjects/Contact", { LastName: "L", Email: "ada@contoso.test" });
    expect(twin.body[0]).toMatchObject({ errorCode: "DUPLICATES_DETECTED" });
    expect(twin.text).toContain(ada);
    expect((await send("GET", "/sobjects/Opportunity/Pandora_Conversation_Id__c/c-1")).body).toMatchObject({
      Id: first,
    });
  });

  test("two writers below one account at the same time conflict; one after the other does not", async () => {
    await sim.stop();
    // Both requests are under way before either is answered.
    const waiting: (() => void)[] = [];
    let together = 2;
    const sleep = () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length >= together) for (const go of waiting.splice(0)) go();
      });
    sim = await startSalesforceSimulator({ clock: { ...clock, sleep }, latency: { baseMs: 100, perRecordMs: 0 } });
    token = sim.oauth.grant().accessToken;
    const AccountId = sim.addRecord("company", { Name: "Contoso" });
    const [a = "", b = ""] = [deal({ AccountId }), deal({ AccountId })];
    const two = await Promise.all([a, b].map((id) => patch(id, { NextStep: "x" })));
    const told = two.map((answer) => (answer.status === 204 ? "ok" : answer.body[0]?.errorCode));
    expect(told.sort()).toEqual(["UNABLE_TO_LOCK_ROW", "ok"]);
    clock.advance(100);
    together = 1;
    expect((await patch(b, { NextStep: "y" })).status).toBe(204);
  });

  test("a held row is refused as often as told", async () => {
    const AccountId = sim.addRecord("company", { Name: "Contoso" });
    const id = deal({ AccountId });
    sim.lockRow(AccountId, 1);
    expect((await patch(id, { NextStep: "x" })).body[0]).toMatchObject({ errorCode: "UNABLE_TO_LOCK_ROW" });
    expect((await patch(id, { NextStep: "x" })).status).toBe(204);
  });
});

describe("collections", () => {
  test("rows are settled one by one, in order, inside a 200", async () => {
    const [a = "", b = ""] = [deal(), deal()];
    const answer = await collection("PATCH", [
      opportunity(a, { NextStep: "x" }),
      opportunity(b, { NextStep: "y".repeat(300) }),
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([
      { id: a, success: true, errors: [] },
      { success: false, errors: [expect.objectContaining({ statusCode: "STRING_TOO_LONG", fields: ["NextStep"] })] },
    ]);
  });

  test("all or none takes everything back", async () => {
    const [a = "", b = ""] = [deal(), deal()];
    const answer = await collection(
      "PATCH",
      [opportunity(a, { NextStep: "x" }), opportunity(b, { IsWon: true })],
      true,
    );
    expect(answer.body.map((row) => row.success)).toEqual([false, false]);
    expect(answer.text).toContain("ALL_OR_NONE_OPERATION_ROLLED_BACK");
    expect(sim.record("deal", a)?.properties["NextStep"]).toBeNull();
    expect(sim.history({ id: a, objectType: "deal", property: "NextStep" })).toEqual([]);
  });

  test("at most 200 rows and ten chunks of types", async () => {
    const many = Array.from({ length: 201 }, () => opportunity("0065g0000000001", {}));
    expect((await collection("PATCH", many)).body[0]).toMatchObject({ errorCode: "EXCEEDED_ID_LIMIT" });
    const mixed = Array.from({ length: 11 }, (_, i) => ({
      attributes: { type: i % 2 ? "Account" : "Contact" },
      Name: "x",
      LastName: "x",
    }));
    expect((await collection("POST", mixed)).body[0]).toMatchObject({ errorCode: "INVALID_BATCH_SIZE" });
  });

  test("one unknown field refuses the whole call", async () => {
    const id = deal();
    const answer = await collection("PATCH", [opportunity(id, { NextStep: "x" }), opportunity(id, { Nope__c: 1 })]);
    expect(answer).toMatchObject({
      status: 400,
      body: [{ errorCode: "INVALID_FIELD", message: expect.stringContaining("'Nope__c'") }],
    });
    expect(sim.record("deal", id)?.properties["NextStep"]).toBeNull();
  });

  test("reading by ids answers null where there is nothing", async () => {
    const id = deal({ NextStep: "x" });
    const answer = await send("POST", "/composite/sobjects/Opportunity", {
      ids: ["0065g00000zzzzz", id],
      fields: ["Id", "NextStep"],
    });
    expect(answer.body).toEqual([null, expect.objectContaining({ Id: id, NextStep: "x" })]);
  });
});

describe("access", () => {
  test("every answer tells the allowance, and refuses when it is used up", async () => {
    await sim.stop();
    sim = await startSalesforceSimulator({ clock, dailyLimit: 2 });
    token = sim.oauth.grant().accessToken;
    expect((await send("GET", "/limits")).headers.get("sforce-limit-info")).toBe("api-usage=1/2");
    await send("GET", "/limits");
    const refused = await send("GET", "/limits");
    expect(refused).toMatchObject({ status: 403, body: [{ errorCode: "REQUEST_LIMIT_EXCEEDED" }] });
    expect(refused.headers.get("sforce-limit-info")).toBe("api-usage=2/2");
  });

  test("old versions, unknown tokens and run-out tokens are refused in Salesforce's way", async () => {
    expect((await send("GET", "/services/data/v49.0/limits")).status).toBe(404);
    expect((await send("GET", "/services/data/v50.0/limits")).status).toBe(200);
    clock.advance(3 * 3_600_000);
    expect(await send("GET", "/limits")).toMatchObject({ status: 401, body: [{ errorCode: "INVALID_SESSION_ID" }] });
    token = "nobody's";
    expect((await send("GET", "/limits")).body[0]).toMatchObject({
      message: "This session is not valid for use with the REST API",
    });
  });

  test("a describe that did not change is a 304; a new field without field-level security is in no describe", async () => {
    const first = await send("GET", "/sobjects/Opportunity/describe");
    const since = { "if-modified-since": first.headers.get("last-modified") ?? "" };
    expect((await send("GET", "/sobjects/Opportunity/describe", undefined, since)).status).toBe(304);
    clock.advance(5_000);
    const body = { FullName: "Opportunity.Secret__c", Metadata: { type: "Text", label: "Secret", length: 20 } };
    expect((await send("POST", "/tooling/sobjects/CustomField", body)).status).toBe(201);
    expect((await send("POST", "/tooling/sobjects/CustomField", body)).body[0]).toMatchObject({
      errorCode: "DUPLICATE_DEVELOPER_NAME",
    });
    const second = await send("GET", "/sobjects/Opportunity/describe", undefined, since);
    expect(second.status).toBe(200);
    expect(second.text).not.toContain("Secret__c");
    expect((await patch(deal(), { Secret__c: "x" })).body[0]).toMatchObject({ errorCode: "INVALID_FIELD" });
  });
});

test("the seeded organisation is there: pipelines as record types, stages, people and roles", async () => {
  await sim.stop();
  const company = generateCompany({ seed: 1, now: clock.now(), deals: 50, companies: 20, contacts: 60, owners: 3 });
  sim = await startSalesforceSimulator({ clock, company, currencies: ["EUR", "USD"] });
  token = sim.oauth.grant().accessToken;
  const counted = async (object: string) => (await query(`SELECT Id FROM ${object}`)).body.totalSize;
  expect(await Promise.all(["Opportunity", "Account", "Contact", "User", "RecordType"].map(counted))).toEqual([
    50, 20, 60, 3, 2,
  ]);
  expect((await query("SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true")).body).toMatchObject({
    records: [{ IsoCode: "EUR" }],
  });
  expect((await send("GET", "/sobjects/Opportunity/describe")).text).toContain("CurrencyIsoCode");
  const seeded = company.deals[0]!;
  expect(sim.record("deal", sim.ids.get(seeded.key) ?? "")?.properties["Name"]).toBe(seeded.name);
});
