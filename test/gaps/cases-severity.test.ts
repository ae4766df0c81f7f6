/** Named cases of how pressing a gap is, and why probably, through the real database and the sweep. */
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { type CallIn, newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

type Case = [name: string, scene: CallIn | ((w: World) => Promise<string>), expected: Partial<Seen>];

const day = (ago: number, more: CallIn = {}): CallIn => ({ ago, minutes: 8, ...more });
/** The company has deals, none of which accounts for the call. */
const withDeals =
  (call: CallIn, ...deals: { opened?: number; closed?: number }[]) =>
  async (w: World) => {
    await w.company("1", { domain: "acme.com" });
    for (const [n, deal] of deals.entries()) await w.deal(`d${n}`, { company: "1", ...deal });
    return w.call(call);
  };
const under = (settings: object, call: CallIn) => async (w: World) => {
  await w.settings(settings);
  return w.call(call);
};
const long = { closed: 300 };
const two = ["ann@us.test", "jo@acme.com", "kim@acme.com"];

const cases: Case[] = [
  ["an intro call of 6 days: medium, still fresh", day(6, { title: "Intro: Acme" }), { severity: "medium" }],
  ["an intro call of 7 days: high", day(7, { title: "Intro: Acme" }), { severity: "high" }],
  ["title words are whole words: Introvert is no intro", day(7, { title: "Introvert club" }), { severity: "low" }],
  ["title words in capitals count", day(9, { title: "PRODUCT evaluation" }), { severity: "high" }],
  [
    "the words are a setting",
    under({ intro_words: ["erstgespräch"] }, day(9, { title: "Erstgespräch Acme" })),
    { severity: "high" },
  ],
  ["an intro call though old deals were lost: high", withDeals(day(9, { title: "Demo" }), long), { severity: "high" }],
  [
    "an intro call with an open deal that came too late for it: medium",
    withDeals(day(60, { title: "Demo" }), { opened: 5 }),
    { severity: "medium", cause: "deal_linking_gap" },
  ],
  [
    "two people from outside for 11 minutes, no deal ever: high",
    day(8, { people: two, minutes: 11 }),
    {
      severity: "high",
      severityReason: "2 people from outside for more than 10 minutes, and the company has never had a deal.",
    },
  ],
  ["two people for 10 minutes: low", day(8, { people: two, minutes: 10 }), { severity: "low" }],
  [
    "two people, the length unknown: low",
    day(8, { people: two, minutes: null }),
    { severity: "low", cause: "unknown" },
  ],
  ["one person for an hour: low", day(8, { minutes: 60 }), { severity: "low" }],
  [
    "two people for an hour, a deal lost long ago: low",
    withDeals(day(8, { people: two, minutes: 60 }), long),
    { severity: "low", severityReason: "The company's deals are all closed." },
  ],
  ["fresh, whatever else: medium", day(1), { severity: "medium", severityReason: "Less than 7 days old." }],
  ["4 minutes, two people: an early contact", day(8, { minutes: 4 }), { cause: "early_stage" }],
  ["5 minutes, two people: the deal was not made", day(8, { minutes: 5 }), { cause: "deal_not_created" }],
  ["4 minutes, three people: unknown", day(8, { minutes: 4, people: two }), { cause: "unknown" }],
  ["30 days, 21 minutes: the deal was not made", day(30, { minutes: 21 }), { cause: "deal_not_created" }],
  ["31 days, 21 minutes: disqualified without a note", day(31, { minutes: 21 }), { cause: "disqualified_not_logged" }],
  ["31 days, 20 minutes: unknown", day(31, { minutes: 20 }), { cause: "unknown" }],
  ["89 days: still in the window", day(89), { status: "pending" }],
  ["90 days: out of it", day(90), { status: null, severity: null, cause: null }],
  ["a meeting of tomorrow is no conversation yet", day(-1), { status: null }],
  ["days back are a setting", under({ days_back: 20 }, day(25)), { status: null }],
  [
    "two calls with a company, no deal ever: high",
    async (w) => {
      await w.call(day(20));
      return w.call(day(10));
    },
    {
      severity: "high",
      siblings: 2,
      severityReason: "Two or more conversations in the last 90 days, and the company has never had a deal.",
    },
  ],
  [
    "the first of two calls is judged again when the second comes",
    async (w) => {
      const first = await w.call(day(20));
      await w.sweep();
      await w.call(day(10, { people: ["ann@us.test", "kim@eu.acme.com"] }));
      return first;
    },
    { severity: "high", siblings: 2 },
  ],
  [
    "two strangers with free mail are not one company",
    async (w) => {
      await w.call(day(20, { people: ["ann@us.test", "jo@gmail.com"] }));
      return w.call(day(10, { people: ["ann@us.test", "kim@gmail.com"] }));
    },
    { severity: "low", siblings: 1 },
  ],
  [
    "the same person with free mail, twice: high",
    async (w) => {
      await w.call(day(20, { people: ["ann@us.test", "jo@gmail.com"] }));
      return w.call(day(10, { people: ["ann@us.test", "jo@gmail.com"] }));
    },
    { severity: "high", siblings: 2 },
  ],
  [
    "a call out of the window is no second one",
    async (w) => {
      await w.call(day(95));
      return w.call(day(10));
    },
    { severity: "low", siblings: 1 },
  ],
  [
    "a lead is shown as one, and makes it medium at most",
    async (w) => {
      await w.lead("L1", "jo@acme.com");
      return w.call(day(9, { title: "Intro" }));
    },
    {
      severity: "medium",
      leads: [null, "L1"],
      severityReason:
        "Only leads took part. An intro or demo call, 7 days old or more, and the company has no open deal.",
    },
  ],
  [
    "a lead beside somebody else does not cap it",
    async (w) => {
      await w.lead("L1", "jo@acme.com");
      return w.call(day(9, { title: "Intro", people: two }));
    },
    { severity: "high", leads: [null, "L1", null] },
  ],
  [
    "a converted lead is none",
    async (w) => {
      await w.lead("L1", "jo@acme.com", { converted: true });
      return w.call(day(9, { title: "Intro" }));
    },
    { severity: "high", leads: [null, null] },
  ],
  [
    "a lead who is a contact too is a contact",
    async (w) => {
      await w.lead("L1", "jo@acme.com");
      await w.contact("9", { email: "jo@acme.com" });
      return w.call(day(9, { title: "Intro" }));
    },
    { severity: "high", leads: [null, null], contacts: [null, "9"] },
  ],
];

test.each(cases)("%s", async (_name, scene, expected) => {
  const world = await newWorld(db);
  const call = typeof scene === "function" ? await scene(world) : await world.call(scene);
  expect(await world.seen(call)).toMatchObject({ ...expected, dirty: false });
});
