/** Named cases of linking: which deal accounts for a call, through the real database and the sweep. */
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

/** Sets the scene; returns the call that is looked at. */
type Case = [name: string, scene: (w: World) => Promise<string>, expected: Partial<Seen>];

const cases: Case[] = [
  [
    "the only open deal of the company accounts for the call",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.deal("d", { company: "1" });
      return w.call({});
    },
    { status: null, deal: "d", method: "host", confidence: 0.85, offered: [] },
  ],
  [
    "a deal with an unknown stage counts as open",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.deal("d", { company: "1", stageUnknown: true });
      return w.call({});
    },
    { status: null, deal: "d" },
  ],
  ...(
    [
      [9, "d"],
      [11, "d"],
      [24, "d"],
      [25, null],
    ] as const
  ).map(
    ([closed, deal]): Case => [
      `a call 10 days ago, the deal closed ${closed} days ago: ${deal ? "linked" : "a gap"}`,
      async (w) => {
        await w.company("1", { domain: "acme.com" });
        await w.deal("d", { company: "1", closed });
        return w.call({ ago: 10 });
      },
      { deal, status: deal ? null : "pending" },
    ],
  ),
  ...(
    [
      [29, "d"],
      [30, "d"],
      [31, null],
    ] as const
  ).map(
    ([after, deal]): Case => [
      `a deal opened ${after} days after the call: ${deal ? "linked" : "a gap"}`,
      async (w) => {
        await w.company("1", { domain: "acme.com" });
        await w.deal("d", { company: "1", opened: 40 - after });
        return w.call({ ago: 40 });
      },
      { deal, status: deal ? null : "pending" },
    ],
  ),
  [
    "a deal opened in time and lost since accounts for the call",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.deal("d", { company: "1", opened: 30, closed: 1 });
      return w.call({ ago: 40 });
    },
    { deal: "d", status: null },
  ],
  [
    "two open deals are offered, never guessed, each with its reason",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.contact("9", { email: "jo@acme.com", name: "Jo Miller", company: "1" });
      await w.deal("a", { company: "1", closes: 9 });
      await w.deal("b", { company: "1", owner: "o1", closes: -60 });
      await w.deal("c", { company: "1", contacts: ["9"], closes: -90 });
      return w.call({ ago: 10 });
    },
    {
      status: "pending",
      deal: null,
      offered: ["c", "b", "a"],
      reasons: [
        "Jo Miller is on this deal; closes 100 days after the call",
        "Owned by Owner o1, whose call it was; closes 70 days after the call",
        "Closes 1 day after the call",
      ],
      severity: "medium",
      cause: "deal_linking_gap",
    },
  ],
  [
    "of two alike the one with the nearer close date comes first, then the more recent",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.deal("a", { company: "1", closes: -50, active: 2 });
      await w.deal("b", { company: "1", closes: -5 });
      await w.deal("c", { company: "1", closes: -50, active: 1 });
      return w.call({});
    },
    { offered: ["b", "c", "a"] },
  ],
  [
    "one deal at each of two companies: several, so offered",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.company("2", { domain: "beta.com" });
      await w.deal("a", { company: "1" });
      await w.deal("b", { company: "2" });
      return w.call({ people: ["ann@us.test", "jo@acme.com", "kim@beta.com"] });
    },
    { deal: null, offered: ["a", "b"], status: "pending" },
  ],
  [
    "the same call in two companies is linked once when one of them has the deal",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.company("2", { domain: "beta.com" });
      await w.deal("b", { company: "2" });
      return w.call({ people: ["ann@us.test", "jo@acme.com", "kim@beta.com"] });
    },
    { deal: "b", companies: ["1", "2"], status: null },
  ],
  [
    "a deal on the parent company only is offered, not linked",
    async (w) => {
      await w.company("1", { domain: "acme.com", parent: "7" });
      await w.company("7");
      await w.deal("p", { company: "7", closes: 10 });
      return w.call({ ago: 10, people: ["ann@us.test", "jo@acme.com"], minutes: 8 });
    },
    {
      status: "pending",
      deal: null,
      offered: ["p"],
      reasons: ["At the parent company Company 7; closes on the day of the call"],
      severity: "medium",
      cause: "deal_linking_gap",
    },
  ],
  [
    "a closed deal on the parent accounts for nothing new",
    async (w) => {
      await w.company("1", { domain: "acme.com", parent: "7" });
      await w.company("7");
      await w.deal("p", { company: "7", closed: 90 });
      return w.call({ ago: 10, minutes: 8 });
    },
    { offered: [], severity: "low", cause: "deal_not_created" },
  ],
  [
    "a deal that the source names is linked, whatever its dates",
    async (w) => {
      await w.deal("d", { closed: 300 });
      await w.company("1", { domain: "acme.com" });
      await w.deal("x", { company: "1" });
      return w.call({ names: [{ type: "deal", id: "d" }] });
    },
    { deal: "d", method: "named", confidence: 1, status: null },
  ],
  [
    "a named deal brings its company along",
    async (w) => {
      await w.company("1");
      await w.deal("d", { company: "1" });
      return w.call({ people: ["Jo"], names: [{ type: "deal", id: "d", crm: null }] });
    },
    { deal: "d", companies: ["1"], audience: "unknown", status: null },
  ],
  [
    "a named deal that the mirror does not have is no deal",
    (w) => w.call({ names: [{ type: "deal", id: "nowhere" }] }),
    { deal: null, status: "pending" },
  ],
  [
    "a named deal that turns up later is linked then",
    async (w) => {
      const call = await w.call({ names: [{ type: "deal", id: "d" }] });
      await w.sweep();
      await w.deal("d", { opened: 200 });
      return call;
    },
    { deal: "d", method: "named", status: null },
  ],
  [
    "a deleted deal accounts for nothing",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.deal("d", { company: "1", gone: true });
      return w.call({});
    },
    { deal: null, status: "pending", offered: [], cause: "deal_not_created" },
  ],
  [
    "of two named deals the one of that time is meant",
    async (w) => {
      await w.deal("a", { closed: 300 });
      await w.deal("b", {});
      return w.call({
        names: [
          { type: "deal", id: "a" },
          { type: "deal", id: "b" },
        ],
      });
    },
    { deal: "b", method: "named" },
  ],
];

test.each(cases)("%s", async (_name, scene, expected) => {
  const world = await newWorld(db);
  const call = await scene(world);
  expect(await world.seen(call)).toMatchObject({ ...expected, dirty: false });
});

test("a workspace with both CRMs holds its deals twice: the primary company's CRM answers", async () => {
  const world = await newWorld(db, { crms: ["hubspot", "salesforce"] });
  await world.company("1", { domain: "acme.com", crm: "hubspot", active: 1 });
  await world.company("001", { domain: "acme.com", crm: "salesforce", active: 9 });
  await world.deal("h", { company: "1", crm: "hubspot" });
  await world.deal("006", { company: "001", crm: "salesforce" });
  const call = await world.call({});
  expect(await world.seen(call)).toMatchObject({ deal: "h", companies: ["1", "001"], status: null });
  await world.deal("h", { company: "1", crm: "hubspot", gone: true });
  expect(await world.seen(call)).toMatchObject({ deal: "006", status: null });
});
