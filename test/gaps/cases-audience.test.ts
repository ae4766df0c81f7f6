/** Named cases of who took part: colleagues, prospects, machines and those left out, through the real database and the sweep. */
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { type CallIn, newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

type Case = [name: string, scene: CallIn | ((w: World) => Promise<string>), expected: Partial<Seen>];

const cases: Case[] = [
  [
    "only colleagues: no gap, and the reason says so",
    { people: ["ann@us.test", "bob@us.test"] },
    {
      status: null,
      audience: "internal",
      audienceReason: "Everyone with an address is from your own company.",
      key: null,
      external: 0,
    },
  ],
  [
    "only colleagues under an internal title: the reason says both",
    { title: "Weekly Standup", people: ["ann@us.test", "bob@eu.us.test"] },
    {
      audience: "internal",
      audienceReason: "Everyone with an address is from your own company. The title says so too.",
    },
  ],
  ["an internal title alone decides nothing", { title: "Internal 1:1" }, { audience: "external", status: "pending" }],
  [
    "an internal title without any address: unknown, no gap",
    { title: "Internal standup", people: ["Jo", "Ann"] },
    { audience: "unknown", status: null },
  ],
  [
    "nobody's address is known, the source says external: a gap",
    { people: ["Jo", "Ann"], scope: "external" },
    { audience: "external", status: "pending", key: null, siblings: 1 },
  ],
  [
    "nobody's address is known, one is external to the source: a gap",
    { people: ["-Ann", "+Jo"] },
    { audience: "external", status: "pending", external: 1 },
  ],
  ["nobody at all: unknown", { people: [] }, { audience: "unknown", status: null }],
  [
    "the source says internal, an address says otherwise: the address decides",
    { scope: "internal", people: ["ann@us.test", "-jo@acme.com"] },
    { audience: "external", status: "pending" },
  ],
  [
    "the source says external, all addresses are ours: they decide",
    { scope: "external", people: ["ann@us.test", "bob@us.test"] },
    { audience: "internal", status: null },
  ],
  [
    "a caller known by number only, external to the source, makes it external",
    { people: ["ann@us.test", "+Caller"] },
    { audience: "external", status: "pending", external: 1, people: 2 },
  ],
  [
    "note-takers, rooms and robots are no one",
    {
      people: [
        "ann@us.test",
        "fred@fireflies.ai",
        "c_188@resource.calendar.google.com",
        "noreply@acme.com",
        "Fathom Notetaker <x@fathom.video>",
        "Otter.ai",
      ],
    },
    {
      audience: "internal",
      people: 1,
      external: 0,
      sides: ["internal", "nobody", "nobody", "nobody", "nobody", "nobody"],
    },
  ],
  [
    "only note-takers: unknown, no gap",
    { people: ["fred@fireflies.ai", "notes@otter.ai"] },
    { audience: "unknown", people: 0 },
  ],
  [
    "somebody who works at a note-taker's maker is a prospect",
    { people: ["ann@us.test", "Jane Doe <jane@otter.ai>"] },
    { audience: "external", status: "pending" },
  ],
  [
    "free mail is nobody's: a private address is external",
    { people: ["ann@us.test", "bob@gmail.com"] },
    { audience: "external", status: "pending" },
  ],
  [
    "the same person twice counts once",
    { people: ["ann@us.test", "jo@acme.com", "Jo <jo@acme.com>"] },
    { people: 2, external: 1, severity: "low" },
  ],
  [
    "people of an ignored domain only: no gap, with that reason",
    async (w) => {
      await w.settings({ ignored_domains: ["agency.com"] });
      return w.call({ people: ["ann@us.test", "jo@eu.agency.com"] });
    },
    {
      status: null,
      audience: "external",
      audienceReason: "Everyone from outside belongs to a domain or a type of company that your settings leave out.",
      external: 0,
      companies: [],
      key: null,
    },
  ],
  [
    "a partner company's people only: no gap",
    async (w) => {
      await w.company("1", { domain: "acme.com", type: "Channel Partner / Reseller" });
      return w.call({});
    },
    { status: null, audience: "external", external: 0 },
  ],
  [
    "a recruiter, known by a contact only: no gap",
    async (w) => {
      await w.company("1", { type: "RECRUITER" });
      await w.contact("9", { email: "jo@gmail.com", company: "1" });
      return w.call({ people: ["ann@us.test", "jo@gmail.com"] });
    },
    { status: null, audience: "external", external: 0 },
  ],
  [
    "a partner and a prospect: a gap of the prospect's company",
    async (w) => {
      await w.company("1", { domain: "partner.com", type: "PARTNER" });
      await w.company("2", { domain: "acme.com", type: "PROSPECT" });
      return w.call({ people: ["ann@us.test", "a@partner.com", "b@partner.com", "jo@acme.com"] });
    },
    { status: "pending", external: 1, companies: ["2"] },
  ],
  [
    "configured domains take the place of the owners'",
    async (w) => {
      await w.settings({ internal_domains: ["house.com"] });
      return w.call({ people: ["ann@house.com", "carl@us.test"] });
    },
    { audience: "external", sides: ["internal", "external"], status: "pending" },
  ],
  [
    "an address that a recorder knows as a colleague's is one of ours",
    async (w) => {
      await w.inside(
        (tx) => tx`
        insert into sources (workspace_id, kind, name, settings, created_at, updated_at) values (${w.workspaceId}, 'gong',
          'Gong', ${tx.json({ own_addresses: ["Ann@ann-sells.com"] })}, ${w.clock.now()}, ${w.clock.now()})`,
      );
      return w.call({ people: ["ann@ann-sells.com", "bob@us.test"] });
    },
    { audience: "internal" },
  ],
];

test.each(cases)("%s", async (_name, scene, expected) => {
  const world = await newWorld(db);
  const call = typeof scene === "function" ? await scene(world) : await world.call(scene);
  expect(await world.seen(call)).toMatchObject({ ...expected, dirty: false });
});

test("without owners the domain of whoever connected the CRM is ours", async () => {
  const world = await newWorld(db, { owners: {} });
  await world.inside(
    (tx) => tx`
    insert into members (workspace_id, email, role, hubspot_user_id) values (${world.workspaceId}, 'eve@house.com', 'admin', 'u1')`,
  );
  expect(await world.seen(await world.call({ people: ["zoe@house.com"] }))).toMatchObject({ audience: "internal" });
});

test("owners with free mail are ours themselves, and their free mail is nobody's", async () => {
  const world = await newWorld(db, { owners: { o1: "ann@gmail.com" } });
  const [ours, theirs] = [
    await world.call({ people: ["ann@gmail.com"] }),
    await world.call({ people: ["jo@gmail.com"] }),
  ];
  expect(await world.seen(ours)).toMatchObject({ audience: "internal" });
  expect(await world.seen(theirs)).toMatchObject({ audience: "external" });
});
