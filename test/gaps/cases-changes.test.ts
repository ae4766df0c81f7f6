/** Named cases of records that change after a call was judged. Through the database and the sweep. */
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
const acmeWithTwo = async (w: World) => {
  await w.deal("e", { company: "1" });
  return acmeWithDeal(w);
};
const open = { status: "pending", deal: null } as const;
const linked = { status: null, deal: "d" } as const;

const cases: Case[] = [
  [
    "a participant added later makes an internal call external",
    (w) => w.call({ people: ["ann@us.test", "bob@us.test"] }),
    { audience: "internal", status: null },
    (w, call) => w.call({ people: ["ann@us.test", "bob@us.test", "jo@acme.com"] }, call),
    { audience: "external", status: "pending" },
  ],
  [
    "a participant taken off again: internal, with no company left",
    acme,
    { ...open, companies: ["1"] },
    (w, call) => w.call({ people: ["ann@us.test"] }, call),
    { audience: "internal", status: null, companies: [], key: null, severity: null, cause: null },
  ],
  [
    "a deal that a rep made after the list was shown",
    acme,
    open,
    (w) => w.deal("d", { company: "1", opened: 0 }),
    linked,
  ],
  [
    "a second deal makes it ambiguous",
    acmeWithDeal,
    linked,
    (w) => w.deal("e", { company: "1" }),
    { ...open, offered: ["d", "e"] },
  ],
  [
    "one of two deals is deleted: the other is it",
    acmeWithTwo,
    { offered: ["d", "e"] },
    (w) => w.deal("e", { gone: true }),
    linked,
  ],
  [
    "the deal moves to another company",
    acmeWithDeal,
    linked,
    (w) => w.deal("d", { company: "2" }),
    { ...open, cause: "deal_not_created" },
  ],
  [
    "an old deal that accounted for nothing moves away: the company never had one",
    async (w) => {
      await w.company("1", { domain: "acme.com" });
      await w.deal("d", { company: "1", closed: 300 });
      return w.call({ people: ["ann@us.test", "jo@acme.com", "kim@acme.com"] });
    },
    { severity: "low" },
    (w) => w.deal("d", { company: "2", closed: 300 }),
    { severity: "high" },
  ],
  ["the deal is deleted", acmeWithDeal, linked, (w) => w.deal("d", { company: "1", gone: true }), open],
  [
    "the deal's date of closing turns out to lie before the call",
    acmeWithDeal,
    linked,
    (w) => w.deal("d", { company: "1", closed: 60 }),
    open,
  ],
  [
    "the company turns up in the CRM",
    (w) => w.call({}),
    { key: "domain:acme.com" },
    (w) => w.company("1", { domain: "acme.com" }),
    { companies: ["1"], key: "company:hubspot:1" },
  ],
  [
    "the company's domain is corrected away",
    acme,
    { companies: ["1"] },
    (w) => w.company("1", { domain: "acme.org" }),
    { companies: [], key: "domain:acme.com" },
  ],
  [
    "the company becomes a partner",
    acme,
    open,
    (w) => w.company("1", { domain: "acme.com", type: "PARTNER" }),
    { status: null, companies: [] },
  ],
  [
    "a partner known by its contact becomes a prospect",
    async (w) => {
      await w.company("1", { type: "PARTNER" });
      await w.contact("9", { email: "jo@gmail.com", company: "1" });
      return w.call({ people: ["ann@us.test", "jo@gmail.com"] });
    },
    { status: null },
    (w) => w.company("1", { type: "PROSPECT" }),
    { ...open, companies: ["1"] },
  ],
  [
    "a partner that changes its domain as it becomes a prospect leaves nothing behind",
    async (w) => {
      await w.company("1", { domain: "acme.com", type: "PARTNER" });
      return w.call({});
    },
    { status: null },
    (w) => w.company("1", { domain: "acme.org", type: "PROSPECT" }),
    { ...open, companies: [] },
  ],
  [
    "the company is deleted",
    acme,
    { companies: ["1"] },
    (w) => w.company("1", { domain: "acme.com", gone: true }),
    { companies: [] },
  ],
  [
    "the companies of a call are merged, deals and all",
    async (w) => {
      await w.company("2");
      await w.deal("d", { company: "2" });
      return acme(w);
    },
    { ...open, companies: ["1"] },
    (w) => w.mergeCompany("1", "2"),
    { ...linked, companies: ["2"], key: "company:hubspot:2" },
  ],
  [
    "a contact's company is merged into the one with the deal",
    async (w) => {
      await w.company("1");
      await w.company("2");
      await w.deal("d", { company: "2" });
      await w.contact("9", { email: "jo@acme.com", company: "1" });
      return w.call({});
    },
    { ...open, companies: ["1"] },
    (w) => w.mergeCompany("1", "2"),
    { ...linked, companies: ["2"] },
  ],
  [
    "a parent is set, and its deal is offered",
    async (w) => {
      await w.company("7");
      await w.deal("p", { company: "7" });
      return acme(w);
    },
    { ...open, offered: [] },
    (w) => w.company("1", { domain: "acme.com", parent: "7" }),
    { ...open, offered: ["p"] },
  ],
  [
    "the parent gets a deal",
    async (w) => {
      await w.company("7");
      await w.company("1", { domain: "acme.com", parent: "7" });
      return w.call({});
    },
    { ...open, offered: [] },
    (w) => w.deal("p", { company: "7" }),
    { ...open, offered: ["p"] },
  ],
  [
    "a contact appears with the attendee's address",
    acme,
    { contacts: [null, null] },
    (w) => w.contact("9", { email: "jo@acme.com", company: "1" }),
    { contacts: [null, "9"], methods: ["contact"] },
  ],
  [
    "a contact changes his address: the call is no longer his",
    async (w) => {
      await w.company("2");
      await w.contact("8", { email: "jo@acme.com", company: "2", active: 1 });
      await w.contact("9", { email: "jo@acme.com", company: "3" });
      await w.company("3");
      return w.call({});
    },
    { companies: ["2", "3"], contacts: [null, "8"] },
    (w) => w.contact("9", { email: "jo@beta.com", company: "3" }),
    { companies: ["2"], contacts: [null, "8"] },
  ],
  [
    "a contact gets the address as a further one",
    acme,
    { contacts: [null, null] },
    (w) => w.contact("9", { email: "x@y.com", others: ["jo@acme.com"] }),
    { contacts: [null, "9"] },
  ],
  [
    "a lead appears",
    (w) => w.call({ title: "Intro" }),
    { severity: "high" },
    (w) => w.lead("L1", "jo@acme.com"),
    { severity: "medium", leads: [null, "L1"] },
  ],
  [
    "a lead is converted",
    async (w) => {
      await w.lead("L1", "jo@acme.com");
      return w.call({ title: "Intro" });
    },
    { severity: "medium" },
    (w) => w.lead("L1", "jo@acme.com", { converted: true }),
    { severity: "high", leads: [null, null] },
  ],
  [
    "owners with another domain join: their calls are internal",
    acme,
    open,
    (w) =>
      w.inside(
        (tx) => tx`
      insert into crm_owners (workspace_id, crm, owner_id, email, name, active, synced_at)
      values (${w.workspaceId}, 'hubspot', 'o9', 'zoe@acme.com', 'Zoe', true, ${w.clock.now()})`,
      ),
    { audience: "internal", status: null },
  ],
  [
    "days back shrink in the settings",
    acme,
    open,
    (w) => w.settings({ days_back: 5 }),
    { status: null, severity: null },
  ],
];

test.each(cases)("%s", async (_name, scene, before, change, after) => {
  const world = await newWorld(db);
  const call = await scene(world);
  expect(await world.seen(call)).toMatchObject(before);
  await change(world, call);
  expect(await world.seen(call)).toMatchObject({ ...after, dirty: false });
});
