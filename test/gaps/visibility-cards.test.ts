/** The gaps on a record's card: of a deal, a company, a contact; the three most pressing, and whose they are. */
import { expect, test } from "vitest";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { type Caller, gapWorld } from "./listed.ts";

const testApp = await newTestApp(await newDatabase());

async function cards() {
  const world = await gapWorld(testApp);
  const rita = await world.person("rita@us.test", "rep", "east");
  await world.company("c-1");
  await world.company("c-2");
  await world.deal("d-1", { company: "c-1" });
  await world.contact("p-1", { company: "c-1" });
  const people = [{ name: "Ann", contact: "p-1" }];
  await world.gap({ title: "low", severity: "low", companies: ["c-1"], ago: 1, rep: "rita@us.test" });
  await world.gap({ title: "high old", severity: "high", companies: ["c-2", "c-1"], ago: 90 });
  await world.gap({ title: "high new", severity: "high", companies: ["c-1"], ago: 2, rep: "sam@us.test", people });
  await world.gap({ title: "medium", severity: "medium", companies: ["c-1"], ago: 3, rep: "rita@us.test", people });
  await world.gap({ title: "gone", status: "dismissed", severity: "high", companies: ["c-1"], people });
  return { world, rita };
}

const gapsOf = async (call: Caller, record: string) => {
  const { status, body } = await call("GET", `records/${record}`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  const { pending, worst, items } = body.gaps;
  return [pending, worst, items.map((each: { title: string }) => each.title)];
};

test("a company's and a deal's card show all calls with the company, a contact's those they were in", async () => {
  const { world } = await cards();
  const ofCompany = [4, "high", ["high new", "high old", "medium"]];
  expect(await gapsOf(world.admin, "company/c-1")).toEqual(ofCompany);
  expect(await gapsOf(world.admin, "deal/d-1")).toEqual(ofCompany);
  expect(await gapsOf(world.admin, "account/c-2")).toEqual([1, "high", ["high old"]]);
  expect(await gapsOf(world.admin, "contact/p-1")).toEqual([2, "high", ["high new", "medium"]]);
});

test("each line says what a rep needs to choose one", async () => {
  const { world } = await cards();
  const { body } = await world.admin("GET", "records/company/c-1");
  expect(body.gaps.items[0]).toEqual({
    ...{ conversation_id: expect.any(String), title: "high new", started_at: "2026-11-22T07:00:00.000Z" },
    ...{ duration_minutes: 30, severity: "high", severity_reason: "Said by the judge.", rep_name: "sam" },
    likely_cause: "deal_not_created",
  });
});

test("a rep's card shows what they see, and nothing where that is nothing", async () => {
  const { world, rita } = await cards();
  await world.repsSee("own");
  expect(await gapsOf(rita, "company/c-1")).toEqual([2, "medium", ["medium", "low"]]);
  expect(await gapsOf(rita, "company/c-2")).toEqual([0, null, []]);
});
