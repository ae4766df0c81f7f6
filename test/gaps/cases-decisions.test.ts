/** Named cases of what people decide, and of time passing. Through the database and the sweep. */
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

/** The call is judged first; then something changes. */
type Case = [
  name: string,
  scene: (w: World) => Promise<string>,
  before: Partial<Seen>,
  change: (w: World, call: string) => Promise<unknown>,
  after: Partial<Seen>,
];

const acme = async (w: World) => {
  await w.company("1", { domain: "acme.com" });
  return w.call({});
};
const acmeWithDeal = async (w: World) => {
  await w.company("1", { domain: "acme.com" });
  await w.deal("d", { company: "1" });
  return w.call({});
};
const open = { status: "pending", deal: null } as const;
const linked = { status: null, deal: "d" } as const;

const cases: Case[] = [
  [
    "a person's link is kept, though the linker would link another",
    acmeWithDeal,
    linked,
    async (w, call) => {
      await w.deal("x", { company: "2" });
      await w.decide(call, "linked", "x");
      await w.deal("d", { company: "1", closes: 3 });
    },
    { status: "linked", deal: "x", method: "person" },
  ],
  [
    "a deal that a person took off is kept off, and a new one is linked",
    acmeWithDeal,
    linked,
    async (w, call) => {
      await w.refuse(call, "d");
      expect(await w.seen(call)).toMatchObject({ ...open, offered: [], cause: "deal_linking_gap" });
      await w.deal("e", { company: "1", opened: 0 });
    },
    { status: null, deal: "e" },
  ],
  [
    "a deleted deal opens the gap it had closed, under a new key",
    acme,
    open,
    async (w, call) => {
      await w.deal("d", { company: "1" });
      await w.decide(call, "created", "d");
      expect(await w.seen(call)).toMatchObject({ status: "created", deal: "d", generation: 0 });
      await w.deal("d", { company: "1", gone: true });
      await w.sweep();
      expect(await w.decisions()).toEqual([{ decision: "reopened", reason: "deal_deleted", deal_id: "d" }]);
    },
    { ...open, generation: 1, severity: "low" },
  ],
  [
    "a linked deal that was merged is the one it became",
    acme,
    open,
    async (w, call) => {
      await w.deal("d", { company: "1" });
      await w.deal("e", { company: "1" });
      await w.decide(call, "linked", "d");
      await w.sweep();
      await w.inside(
        (tx) => tx`update deals set merged_into = 'e' where workspace_id = ${w.workspaceId} and crm_id = 'd'`,
      );
      await w.deal("d", { company: "1", gone: true });
    },
    { status: "linked", deal: "e", generation: 0 },
  ],
  [
    "a link to a deal that the mirror does not know yet is kept",
    acme,
    open,
    (w, call) => w.decide(call, "linked", "brand-new"),
    { status: "linked", deal: "brand-new", generation: 0 },
  ],
  [
    "a dismissed gap stays dismissed whatever changes",
    acme,
    open,
    async (w, call) => {
      await w.decide(call, "dismissed");
      await w.company("1", { domain: "acme.com", active: 1 });
      await w.clock.advance(100 * 86_400_000);
    },
    { status: "dismissed", severity: "low" },
  ],
  [
    "a restored gap is judged as it stands now",
    acme,
    open,
    async (w, call) => {
      await w.decide(call, "dismissed");
      await w.sweep();
      await w.deal("d", { company: "1" });
      await w.decide(call, null);
    },
    linked,
  ],
];

test.each(cases)("%s", async (_name, scene, before, change, after) => {
  const world = await newWorld(db);
  const call = await scene(world);
  expect(await world.seen(call)).toMatchObject(before);
  await change(world, call);
  expect(await world.seen(call)).toMatchObject({ ...after, dirty: false });
});

test("a new call with a company whose gap was dismissed shows again", async () => {
  const world = await newWorld(db);
  const old = await acme(world);
  await world.sweep();
  await world.decide(old, "dismissed");
  const call = await world.call({ ago: 0 });
  expect(await world.seen(call)).toMatchObject({ status: "pending", severity: "high", siblings: 2 });
  expect((await world.all()).get(old)).toMatchObject({ status: "dismissed" });
});

test("a new deal takes all open gaps of its company off the list", async () => {
  const world = await newWorld(db);
  const calls = [await acme(world), await world.call({ ago: 3 }), await world.call({ ago: 1 })];
  await world.sweep();
  await world.deal("d", { company: "1", opened: 0 });
  await world.sweep();
  const after = await world.all();
  expect(calls.map((call) => after.get(call)!.deal)).toEqual(["d", "d", "d"]);
});

test("time alone changes a verdict at its moment, and not before", async () => {
  const world = await newWorld(db);
  const call = await world.call({ ago: 6.5, title: "Intro", minutes: 25 });
  const after = async (days: number) => {
    world.clock.advance(days * 86_400_000);
    return world.seen(call);
  };
  expect(await after(0)).toMatchObject({ severity: "medium", judgeAt: world.at(-0.5) });
  expect(await after(0.4)).toMatchObject({ severity: "medium" });
  expect(await after(0.1)).toMatchObject({ severity: "high", cause: "deal_not_created", judgeAt: world.at(-24) });
  expect(await after(24)).toMatchObject({ severity: "high", cause: "disqualified_not_logged", judgeAt: world.at(-59) });
  expect(await after(59)).toMatchObject({ status: null, severity: null, judgeAt: null });
});

test("when the older of two calls leaves the window, the younger one is alone again", async () => {
  const world = await newWorld(db);
  await world.call({ ago: 80, minutes: 8 });
  const young = await world.call({ ago: 20, minutes: 8 });
  expect(await world.seen(young)).toMatchObject({ severity: "high", siblings: 2 });
  world.clock.advance(10 * 86_400_000);
  expect(await world.seen(young)).toMatchObject({ severity: "low", siblings: 1 });
});

test("a meeting in the calendar becomes a gap when it has begun, and its company's second conversation", async () => {
  const world = await newWorld(db);
  const old = await world.call({ ago: 20, minutes: 8 });
  const ahead = await world.call({ ago: -2, minutes: 8 });
  expect(await world.seen(old)).toMatchObject({ severity: "low", siblings: 1 });
  world.clock.advance(2 * 86_400_000);
  expect(await world.seen(ahead)).toMatchObject({ status: "pending" });
  expect(await world.seen(old)).toMatchObject({ severity: "high", siblings: 2 });
});
