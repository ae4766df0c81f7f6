/** Named cases of linking: which companies a call was with, and whose it was, through the real database and the sweep. */
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

/** Sets the scene; returns the call that is looked at. */
type Case = [name: string, scene: (w: World) => Promise<string>, expected: Partial<Seen>];

const cases: Case[] = [
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

test.each(cases)("%s", async (_name, scene, expected) => {
  const world = await newWorld(db);
  const call = await scene(world);
  expect(await world.seen(call)).toMatchObject({ ...expected, dirty: false });
});
