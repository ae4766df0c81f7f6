/** The sweep as a whole: in whatever order things happen, the verdicts are those of a full look; and it stays cheap. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { rejudgeAll } from "../../backend/gaps/touch.ts";
import { newDatabase } from "../support/database.ts";
import { newTestHouse } from "../support/house.ts";
import { newWorld, type Seen, type World } from "./world.ts";

const { db } = await newDatabase();

const people = ["ann@us.test", "jo@acme.com", "kim@eu.acme.com", "lee@beta.com", "max@gmail.com", "-Bob", "+Caller"];
const domains = ["acme.com", "eu.acme.com", "beta.com", "gmail.com"];
const companyIds = ["1", "2", "3"];
const dealIds = ["a", "b", "c", "d"];
const callIds = Array.from({ length: 5 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const days = fc.integer({ min: 0, max: 100 });
const seldom = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);

type Step = { name: string; run(world: World): Promise<unknown> };
const step = <T>(name: string, given: fc.Arbitrary<T>, run: (world: World, given: T) => Promise<unknown>) =>
  given.map((value): Step => ({ name: `${name} ${JSON.stringify(value)}`, run: (world) => run(world, value) }));

const steps = fc.oneof(
  step(
    "call",
    fc.record({
      id: oneOf(...callIds),
      ago: fc.integer({ min: -3, max: 95 }),
      minutes: oneOf(3, 8, 25, null),
      title: oneOf("Weekly", "Intro"),
      people: fc.subarray(people, { minLength: 1 }),
      scope: oneOf("unknown", "external"),
      names: oneOf([], [{ type: "deal" as const, id: "a" }], [{ type: "company" as const, id: "3", crm: null }]),
    }),
    (world, { id, ...given }) => world.call(given as never, id),
  ),
  step(
    "company",
    fc.record({
      id: oneOf(...companyIds),
      domain: oneOf(...domains),
      type: oneOf("PROSPECT", "PROSPECT", "PARTNER"),
      parent: oneOf(undefined, ...companyIds),
      active: days,
      gone: seldom,
    }),
    (world, { id, ...given }) => world.company(id, given),
  ),
  step(
    "contact",
    fc.record({
      id: oneOf("7", "8", "9"),
      email: oneOf("jo@acme.com", "lee@beta.com", "max@gmail.com", "x@y.com"),
      others: oneOf([], ["jo@acme.com"], ["max@gmail.com"]),
      company: oneOf(undefined, ...companyIds),
      gone: seldom,
    }),
    (world, { id, ...given }) => world.contact(id, given),
  ),
  step(
    "deal",
    fc.record({
      id: oneOf(...dealIds),
      company: oneOf(...companyIds),
      opened: days,
      closed: oneOf(undefined, undefined, 1, 20, 60),
      contacts: oneOf([], ["7"], ["8", "9"]),
      gone: seldom,
    }),
    (world, { id, ...given }) => world.deal(id, given),
  ),
  step(
    "lead",
    fc.record({ id: oneOf("L1", "L2"), email: oneOf("jo@acme.com", "max@gmail.com"), gone: seldom }),
    (world, given) => world.lead(given.id, given.email, given),
  ),
  step(
    "merge",
    fc.record({ from: oneOf(...companyIds), to: oneOf(...companyIds), moves: fc.boolean() }),
    async (world, given) => {
      if (given.from !== given.to) await world.mergeCompany(given.from, given.to, given.moves);
    },
  ),
  step("dismiss", oneOf(...callIds), (world, id) => world.decide(id, "dismissed")),
  step("restore", oneOf(...callIds), (world, id) => world.decide(id, null)),
  step("link", fc.record({ id: oneOf(...callIds), deal: oneOf(...dealIds) }), (world, { id, deal }) =>
    world.decide(id, "linked", deal),
  ),
  step("refuse", fc.record({ id: oneOf(...callIds), deal: oneOf(...dealIds) }), (world, { id, deal }) =>
    world.refuse(id, deal),
  ),
  step("settings", oneOf({}, { days_back: 30 }, { ignored_domains: ["beta.com"] }), (world, given) =>
    world.settings(given),
  ),
  step("days pass", fc.integer({ min: 1, max: 40 }), async (world, count) => world.clock.advance(count * 86_400_000)),
);

/** Every call is there from the start; after some steps the sweep looks, and is compared with a full look. */
const histories = fc.record({
  calls: fc.array(fc.subarray(people, { minLength: 1 }), { minLength: callIds.length, maxLength: callIds.length }),
  steps: fc.array(fc.record({ step: steps, look: fc.constantFrom(true, false, false) }), {
    minLength: 8,
    maxLength: 24,
  }),
});

test("after any history, what was judged step by step equals a full look", { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const world = await newWorld(db);
      for (const [n, present] of history.calls.entries())
        await world.call({ people: present, ago: n * 9 }, callIds[n]!);
      for (const { step, look } of [...history.steps, { step: noStep, look: true }]) {
        await step.run(world);
        if (!look) continue;
        await world.sweep();
        const stepwise = verdicts(await world.all());
        await rejudgeAll(world.house, world.workspaceId);
        await world.sweep();
        expect(stepwise).toEqual(verdicts(await world.all()));
      }
    }),
    { seed: 20311122, numRuns: 60 },
  );
});

const noStep: Step = { name: "nothing", run: async () => {} };

test("looking again changes nothing and reads one page", async () => {
  const world = await newWorld(db);
  await world.company("1", { domain: "acme.com" });
  for (let n = 0; n < 5; n += 1) await world.call({ ago: n + 1 });
  await world.sweep();
  const before = db.statements();
  await world.sweep();
  // What it rests on, whether it changed, and a page with nothing on it, each under the lock.
  expect(db.statements() - before).toBeLessThanOrEqual(8);
});

test("a page costs the same number of statements, however many calls are on it", async () => {
  const count = async (calls: number) => {
    const world = await newWorld(db);
    await world.company("1", { domain: "acme.com" });
    await world.deal("d", { company: "1", closed: 300 });
    await world.contact("9", { email: "jo@acme.com", company: "1" });
    for (let n = 0; n < calls; n += 1) await world.call({ ago: n + 1, people: [`p${n}@acme.com`, "jo@acme.com"] });
    const before = db.statements();
    await world.sweep();
    return db.statements() - before;
  };
  expect(await count(40)).toBe(await count(4));
});

test("a third conversation of a company leaves the first two alone", async () => {
  const world = await newWorld(db);
  await world.call({ ago: 20 });
  await world.call({ ago: 10 });
  await world.sweep();
  await world.call({ ago: 5 });
  world.clock.advance(1);
  await world.sweep();
  const rows = await world.inside(
    (tx) =>
      tx`select judged_at from conversations where workspace_id = ${world.workspaceId} and judged_at = ${world.clock.now()}`,
  );
  expect(rows).toHaveLength(1);
});

test("more than a job's pages are gone on with in the next job", async () => {
  const world = await newWorld(db);
  await world.inside(
    (tx) => tx`
    insert into conversations (workspace_id, id, source, started_at, facts_hash, created_at, updated_at)
    select ${world.workspaceId}, gen_random_uuid(), 'generic', ${world.at(3)}, '', ${world.at(3)}, ${world.at(3)}
    from generate_series(1, 10_001)`,
  );
  await world.sweep();
  const left = () =>
    world.inside((tx) => tx`select 1 from conversations where workspace_id = ${world.workspaceId} and dirty`);
  expect(await left()).toHaveLength(1);
  expect(world.enqueued).toEqual(["gaps.sweep"]);
  await world.sweep();
  expect(await left()).toHaveLength(0);
});

test("a conversation that somebody is changing is left for the next sweep", async () => {
  const world = await newWorld(db);
  const [held, free] = [await world.call({}), await world.call({})];
  await world.inside(async (tx) => {
    await tx`select 1 from conversations where workspace_id = ${world.workspaceId} and id = ${held} for update`;
    await world.sweep();
  });
  const after = await world.all();
  expect([after.get(held)!.dirty, after.get(free)!.dirty]).toEqual([true, false]);
  expect(await world.seen(held)).toMatchObject({ status: "pending", dirty: false });
});

test("what the mirror hears of a deal reaches the list through the queue", async () => {
  const { house, workspaceId, crm, handlers, drain } = await newTestHouse("hubspot");
  const { clock } = house;
  const ago = new Date(clock.now().getTime() - 10 * 86_400_000);
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      insert into conversations (workspace_id, id, source, started_at, facts_hash, named_records, created_at, updated_at)
      values (${workspaceId}, ${callIds[0]!}, 'generic', ${ago}, '', '[]', ${ago}, ${ago})`;
    await tx`insert into conversation_participants (workspace_id, conversation_id, ordinal, email)
      values (${workspaceId}, ${callIds[0]!}, 0, 'jo@acme.com')`;
  });
  const status = async () => {
    const [row] = await house.db.withWorkspace(
      workspaceId,
      (tx) => tx`select gap_status, deal_id from conversations where workspace_id = ${workspaceId}`,
    );
    return row;
  };
  await rejudgeAll(house, workspaceId);
  await drain();
  expect(await status()).toEqual({ gap_status: "pending", deal_id: null });
  const deal = crm.addDeal();
  await house.db.withWorkspace(
    workspaceId,
    (tx) =>
      tx`update conversations set dirty = false, named_records = ${tx.json([
        { crm: "hubspot", object_type: "deal", id: deal },
      ])} where workspace_id = ${workspaceId}`,
  );
  await handlers["mirror.import"].run({ workspace_id: workspaceId, crm: "hubspot" }, new AbortController().signal);
  await drain();
  expect(await status()).toEqual({ gap_status: null, deal_id: deal });
});

/** All but the moment of the next look, which may come sooner than it must. */
function verdicts(seen: Map<string, Seen>) {
  return [...seen].map(([id, { judgeAt: _next, ...verdict }]) => ({ id, ...verdict }));
}
