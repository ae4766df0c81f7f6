/** Named cases of linking: which company, which deal, through the real database and the sweep. */
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

/** Sets the scene; returns the call that is looked at. */
type Case = [name: string, scene: (w: World) => Promise<string>, expected: Partial<Seen>];

const companyCases: Case[] = [
  [
    "nobody knows the company: a gap of its own, counted by the domain",
    (w) => w.call({ people: ["ann@us.test", "jo@eu.acme.co.uk"] }),
    { status: "pending", companies: [], key: "domain:acme.co.uk", deal: null, rep: "ann@us.test", repOwner: "o1" },
  ],
  [
    "a free-mail attendee is counted by the address",
    (w) => w.call({ people: ["ann@us.test", "jo@gmail.com"] }),
    { status: "pending", companies: [], key: "mail:jo@gmail.com" },
  ],
  [
    "a contact's company goes before the domain of the address",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.company("2");
      await w.contact("9", { email: "jo@acme.com", company: "2" });
      return w.call({});
    },
    { companies: ["2"], methods: ["contact"], contacts: [null, "9"], key: "company:hubspot:2" },
  ],
  [
    "a contact is found by a further address of his",
    async (w) => {
      await w.company("2");
      await w.contact("9", { email: "jo@old.com", others: ["jo@acme.com"], company: "2" });
      return w.call({});
    },
    { companies: ["2"], methods: ["contact"], contacts: [null, "9"] },
  ],
  [
    "a contact without a company leaves it to the domain",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.contact("9", { email: "jo@acme.com" });
      return w.call({});
    },
    { companies: ["1"], methods: ["host"], contacts: [null, "9"] },
  ],
  [
    "a deleted contact is no way to a company",
    async (w) => {
      await w.company("2");
      await w.contact("9", { email: "jo@acme.com", company: "2", gone: true });
      return w.call({});
    },
    { companies: [], contacts: [null, null], key: "domain:acme.com" },
  ],
  [
    "eu.acme.co.uk belongs to acme.co.uk",
    async (w) => {
      await w.company("1", { domain: "acme.co.uk" });
      return w.call({ people: ["ann@us.test", "jo@eu.acme.co.uk"] });
    },
    { companies: ["1"], methods: ["registrable_domain"] },
  ],
  [
    "the exact host goes before the registrable domain",
    async (w) => {
      await w.company("1", { domain: "x.edu" });
      await w.company("2", { domain: "student.x.edu" });
      return w.call({ people: ["ann@us.test", "jo@student.x.edu"] });
    },
    { companies: ["2"], methods: ["host"] },
  ],
  [
    "acmepartners.co.uk is not acme.com, nor acme.co.uk",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.company("2", { domain: "acme.co.uk" });
      return w.call({ people: ["ann@us.test", "jo@acmepartners.co.uk"] });
    },
    { companies: [], key: "domain:acmepartners.co.uk" },
  ],
  [
    "two tenants of github.io are strangers",
    async (w) => {
      await w.company("1", { domain: "a.github.io" });
      return w.call({ people: ["ann@us.test", "jo@b.github.io"] });
    },
    { companies: [], key: "domain:b.github.io" },
  ],
  [
    "a company whose domain says gmail.com owns nobody's mail",
    async (w) => {
      await w.company("1", { domain: "gmail.com" });
      return w.call({ people: ["ann@us.test", "jo@gmail.com"] });
    },
    { companies: [], key: "mail:jo@gmail.com" },
  ],
  [
    "a lesser free mail is its company's when the CRM has that company",
    async (w) => {
      await w.company("1", { domain: "clerk.com" });
      return w.call({ people: ["ann@us.test", "jo@clerk.com"] });
    },
    { companies: ["1"], methods: ["host"] },
  ],
  [
    "a lesser free mail without a company is counted by the address",
    (w) => w.call({ people: ["ann@us.test", "jo@bt.com"] }),
    { companies: [], key: "mail:jo@bt.com" },
  ],
  [
    "an attendee of two companies: both, the busier one first",
    async (w) => {
      await w.company("1", { active: 30 });
      await w.company("2", { active: 3 });
      await w.contact("8", { email: "jo@acme.com", company: "1" });
      await w.contact("9", { email: "jo@acme.com", company: "2" });
      return w.call({});
    },
    { companies: ["2", "1"], key: "company:hubspot:2", external: 1 },
  ],
  [
    "the same call in two companies: most people make the primary one",
    async (w) => {
      await w.company("1", { domain: "acme.com", active: 1 });
      await w.company("2", { domain: "beta.com" });
      return w.call({ people: ["ann@us.test", "jo@acme.com", "kim@beta.com", "lee@beta.com"] });
    },
    { companies: ["2", "1"], external: 3, people: 4 },
  ],
  [
    "two companies with one domain: both, the lowest id first",
    async (w) => {
      await w.company("10", { domain: "acme.com" });
      await w.company("9", { domain: "acme.com" });
      return w.call({});
    },
    { companies: ["9", "10"] },
  ],
  [
    "a merged company is the one it became",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.company("2");
      await w.contact("9", { email: "jo@acme.com", company: "1" });
      const call = await w.call({});
      await w.sweep();
      await w.mergeCompany("1", "2", false);
      return call;
    },
    { companies: ["2"], methods: ["contact"], key: "company:hubspot:2" },
  ],
  [
    "deals that still stand at the merged company count for the one it became",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.company("2", { domain: "acme.com" });
      await w.deal("d", { company: "1" });
      await w.mergeCompany("1", "2", false);
      return w.call({});
    },
    { companies: ["2"], deal: "d", status: null },
  ],
  [
    "a company of the source's naming is linked, though nobody's address leads there",
    async (w) => {
      await w.company("1");
      return w.call({ people: ["ann@us.test", "jo@gmail.com"], names: [{ type: "company", id: "1" }] });
    },
    { companies: ["1"], methods: ["named"] },
  ],
  [
    "a contact of the source's naming leads to his company",
    async (w) => {
      await w.company("1");
      await w.contact("9", { company: "1" });
      return w.call({ people: ["Jo"], scope: "external", names: [{ type: "contact", id: "9", crm: null }] });
    },
    { companies: ["1"], methods: ["contact"], status: "pending" },
  ],
  [
    "the host of the call is its rep, the CRM's owner by the address",
    (w) => w.call({ people: ["ann@us.test", "bob@us.test", "jo@acme.com"], host: "bob@us.test" }),
    { rep: "bob@us.test", repOwner: "o2" },
  ],
  [
    "where the other side invited, the first of ours is the rep",
    (w) => w.call({ people: ["jo@acme.com", "bob@us.test", "ann@us.test"], host: "jo@acme.com" }),
    { rep: "bob@us.test", repOwner: "o2" },
  ],
];

const dealCases: Case[] = [
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

test.each([...companyCases, ...dealCases])("%s", async (_name, scene, expected) => {
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
