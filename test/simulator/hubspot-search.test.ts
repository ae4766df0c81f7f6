/** Search lags behind writes, and ends at its caps. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { type HubSpotSimulator, startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";

let hub: HubSpotSimulator;
let clock: SteppedClock;
let token: string;

beforeEach(async () => {
  clock = steppedClock();
  hub = await startHubSpotSimulator({ clock, searchLagMs: 5000 });
  token = hub.grant().accessToken;
});
afterEach(() => hub.stop());

type Found = {
  total: number;
  category?: string;
  policyName?: string;
  results: { properties: Record<string, string> }[];
};
async function search(wanted: object): Promise<{ status: number; headers: Headers; body: Found }> {
  const answer = await fetch(`${hub.url}/crm/objects/2026-09/deals/search`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(wanted),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Found };
}
const newDeal = (properties: Record<string, string> = {}) =>
  hub.addRecord("deal", { dealname: "Litware – Pilot", ...properties });

describe("search", () => {
  const by = (propertyName: string, operator: string, more: object = {}) => ({
    filterGroups: [{ filters: [{ propertyName, operator, ...more }] }],
  });

  test("lags behind writes, a new record is not there and an old value still is", async () => {
    const old = newDeal({ amount: "1" });
    clock.advance(5000);
    hub.edit("deal", old, { amount: "2" });
    newDeal({ amount: "2" });
    expect((await search(by("amount", "EQ", { value: "2" }))).body.total).toBe(0);
    expect((await search(by("amount", "EQ", { value: "1" }))).body.total).toBe(1);
    clock.advance(5000);
    expect((await search(by("amount", "EQ", { value: "2" }))).body.total).toBe(2);
  });

  test.each([
    [by("amount", "GT", { value: "10" }), ["C"]],
    [by("amount", "GTE", { value: "10" }), ["B", "C"]],
    [by("amount", "LT", { value: "10" }), ["A"]],
    [by("amount", "BETWEEN", { value: "9", highValue: "10" }), ["A", "B"]],
    [by("amount", "NOT_HAS_PROPERTY"), ["D"]],
    [by("dealname", "IN", { values: ["a", "d"] }), ["A", "D"]],
    [by("dealname", "IN", { values: ["A"] }), []],
    [by("dealname", "NEQ", { value: "A" }), ["B", "C", "D"]],
    [by("description", "CONTAINS_TOKEN", { value: "renew*" }), ["B"]],
    [by("description", "CONTAINS_TOKEN", { value: "renew" }), []],
  ])("%j finds %j", async (body, names) => {
    for (const [name, amount, description] of [
      ["A", "9"],
      ["B", "10", "Big renewal soon"],
      ["C", "100"],
      ["D"],
    ] as const) {
      newDeal({ dealname: name, ...(amount ? { amount } : {}), ...(description ? { description } : {}) });
    }
    clock.advance(5000);
    const found = await search({
      ...body,
      properties: ["dealname"],
      sorts: [{ propertyName: "dealname", direction: "ASCENDING" }],
    });
    expect(found.body.results.map((each) => each.properties.dealname)).toEqual(names);
  });

  test("its caps: 200 a page, 10,000 in all, five groups of six filters, one sort", async () => {
    const filter = { propertyName: "amount", operator: "HAS_PROPERTY" };
    const refused = [
      { limit: 201 },
      { limit: 200, after: "9900" },
      { filterGroups: Array(6).fill({ filters: [filter] }) },
      { filterGroups: [{ filters: Array(7).fill(filter) }] },
      { sorts: ["amount", "dealname"] },
    ];
    for (const body of refused) {
      expect((await search(body)).status).toBe(400);
      clock.advance(1000);
    }
  });

  test("five a second, and the refusal carries neither policy nor rate headers", async () => {
    for (let i = 0; i < 5; i += 1) expect((await search({})).status).toBe(200);
    const refused = await search({});
    expect(refused).toMatchObject({ status: 429, body: { category: "RATE_LIMITS" } });
    expect(refused.body.policyName).toBeUndefined();
    expect(refused.headers.get("x-hubspot-ratelimit-max")).toBeNull();
    clock.advance(1000);
    expect((await search({})).status).toBe(200);
  });
});
