/** SOQL and composite requests of the simulated org. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { type SalesforceSimulator, startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";
import { type Body, talkTo } from "./salesforce-session.ts";

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
const { send, query } = talkTo(() => ({ url: sim.url, token }));

describe("SOQL", () => {
  test("conditions, order, parents, children and a quote that can't escape", async () => {
    const AccountId = sim.addRecord("company", { Name: "O'Hara 100%" });
    const [a = "", b = ""] = [deal({ Name: "A", Amount: 10, AccountId }), deal({ Name: "B", Amount: 30 })];
    const ContactId = sim.addRecord("contact", { LastName: "Doe" });
    sim.addRecord("OpportunityContactRole", { OpportunityId: a, ContactId, IsPrimary: true });
    const found = await query(
      "SELECT Id, Account.Name, (SELECT ContactId FROM OpportunityContactRoles) FROM Opportunity WHERE (Amount >= 10 AND NOT Name LIKE 'Z%') OR Id IN ('" +
        b +
        "') ORDER BY Amount DESC LIMIT 5",
    );
    expect(found.body).toMatchObject({
      totalSize: 2,
      done: true,
      records: [
        { Id: b, Account: null, OpportunityContactRoles: null },
        {
          Id: a,
          Account: { Name: "O'Hara 100%" },
          OpportunityContactRoles: { totalSize: 1, records: [{ ContactId }] },
        },
      ],
    });
    expect((await query("SELECT Id FROM Account WHERE Name LIKE '%o\\'hara 100\\%%'")).body).toMatchObject({
      totalSize: 1,
    });
    expect((await query("SELECT Id FROM Account WHERE Name = 'x' OR Name != '''")).body[0]).toMatchObject({
      errorCode: "MALFORMED_QUERY",
    });
  });

  test.each([
    ["SELECT Id FROM Opportunity WHERE Amount = '10'", "INVALID_FIELD"],
    ["SELECT Id FROM Opportunity WHERE Name = 10", "INVALID_FIELD"],
    ["SELECT Id FROM Opportunity WHERE Description = 'x'", "INVALID_FIELD"],
    ["SELECT Nope FROM Opportunity", "INVALID_FIELD"],
    ["SELECT Id FROM Nope", "INVALID_TYPE"],
    ["SELECT Id FROM Opportunity WHERE", "MALFORMED_QUERY"],
    ["SELECT Id FROM Opportunity LIMIT 1; DROP", "MALFORMED_QUERY"],
    ["UPDATE Opportunity", "MALFORMED_QUERY"],
  ])("%s: %s", async (soql, code) => {
    expect(await query(soql)).toMatchObject({ status: 400, body: [{ errorCode: code }] });
  });

  test("more than 2,000 rows come in pages of a size the server chooses", async () => {
    for (let i = 0; i < 2_500; i += 1) sim.addRecord("company", { Name: `Firm ${i}` });
    const first = (await query("SELECT Id FROM Account ORDER BY Id")).body;
    expect(first).toMatchObject({ totalSize: 2_500, done: false });
    const ids = new Set<unknown>();
    for (let page = first; ; page = (await send("GET", String(page.nextRecordsUrl))).body) {
      for (const row of page.records as Body) ids.add(row.Id);
      if (page.done) break;
    }
    expect(ids.size).toBe(2_500);
  });
});

describe("composite", () => {
  const request = (name: string) => [
    {
      method: "POST",
      url: "/services/data/v68.0/sobjects/Opportunity",
      referenceId: "deal",
      body: { Name: name, StageName: "Prospecting", CloseDate: "2026-12-31" },
    },
    {
      method: "POST",
      url: "/services/data/v68.0/sobjects/Task",
      referenceId: "task",
      body: { Subject: "Call", WhatId: "@{deal.id}" },
    },
  ];

  test("later parts name what earlier ones made; a graph that fails leaves nothing behind", async () => {
    const made = await send("POST", "/composite", { allOrNone: true, compositeRequest: request("One") });
    expect(made.text).not.toContain("unresolved");
    const tasks = (await query("SELECT WhatId FROM Task")).body.records as Body;
    expect(tasks[0]?.WhatId).toBe((((made.body.compositeResponse as Body)[0]?.body ?? {}) as Body).id);
    const failing = [
      ...request("Two"),
      { method: "POST", url: "/services/data/v68.0/sobjects/Contact", referenceId: "contact", body: {} },
    ];
    const graph = await send("POST", "/composite/graph", { graphs: [{ graphId: "1", compositeRequest: failing }] });
    expect(graph.body).toMatchObject({ graphs: [{ isSuccessful: false }] });
    expect((await query("SELECT Id FROM Opportunity WHERE Name = 'Two'")).body).toMatchObject({ totalSize: 0 });
  });

  test("26 parts are one too many", async () => {
    const compositeRequest = Array.from({ length: 26 }, (_, i) => ({
      method: "GET",
      url: "/services/data/v68.0/limits",
      referenceId: `r${i}`,
    }));
    expect((await send("POST", "/composite", { compositeRequest })).status).toBe(400);
  });
});
