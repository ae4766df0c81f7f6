/**
 * Pages of gaps, their figures and the gaps of a record card over a million conversations: 200 different questions of
 * each kind, the time of one statement each. Prints which indexes the plans walk.
 */
import { steppedClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import type { Sight } from "../../backend/connections/visibility.ts";
import { type GapsQuery, gapsQuery } from "../../backend/contract/gaps.ts";
import type { Tx } from "../../backend/db.ts";
import type { Viewer } from "../../backend/gaps/gap-sight.ts";
import { listGaps } from "../../backend/gaps/list.ts";
import { recordGaps } from "../../backend/gaps/record-gaps.ts";
import { searchRecords } from "../../backend/gaps/search-deals.ts";
import { gapSummary } from "../../backend/gaps/summary.ts";
import { gapTrend } from "../../backend/gaps/trend.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { createLogger } from "../../backend/logger.ts";
import { mulberry32 } from "../../backend/simulator/faults.ts";
import { hubSpotRequest } from "../support/callers.ts";
import { type GapsWorld, largest, reps, startGapsWorld } from "./gaps-world.ts";
import type { Figure } from "./run.ts";

const p99MaxMs = 50;
const everything: Sight = { all: true, owners: [], emails: [] };

type Question = { what: string; ask(n: number): Promise<unknown>; statementsMax?: number };

export async function gapsBench(small: boolean): Promise<Figure[]> {
  const world = await startGapsWorld(small);
  try {
    const figures: Figure[] = [];
    for (const question of questionsOf(world)) figures.push(...(await measure(world, question, small ? 12 : 200)));
    return figures;
  } finally {
    await world.database.stop();
  }
}

function questionsOf(world: GapsWorld): Question[] {
  const { db } = world.database;
  const { workspaceId, size } = world;
  const house = { db, clock: steppedClock(new Date()) } as unknown as House;
  const random = mulberry32(11);
  const some = (max: number) => Math.floor(random() * max);
  const admin: Viewer = { workspaceId, role: "admin", user: { name: "Ada", email: null }, actor: "system" };
  const rep = (n: number): Viewer => ({ ...admin, role: "rep", user: { name: "", email: `rep${n % reps}@us.test` } });
  const query = (more: object): GapsQuery => gapsQuery.parse({ limit: "50", ...more });
  const cursors: (string | undefined)[] = [];
  const turned = async (viewer: Viewer, n: number, more: object) => {
    // Every other page goes on where an earlier one ended.
    const cursor = n % 2 === 1 ? cursors.at(-1) : undefined;
    const { next_cursor } = await listGaps(house, viewer, query({ ...more, ...(cursor ? { cursor } : {}) }));
    if (next_cursor !== null) cursors.push(next_cursor);
  };
  const sorts = ["severity", "newest", "longest"] as const;
  const words = ["acme", "quarterly", "in", "demolab", "zeta view", "re", "p4711", "rep17", "kilo", "intro acme c77"];
  const filters = (n: number): object[] => [
    { severity: "high" },
    { likely_cause: "early_stage", severity: "low" },
    { rep: `rep${some(reps)}@us.test` },
    { company: `c${some(size.companies)}` },
    { company: largest },
    { company: "none", sort: sorts[n % 3] },
    { likely_cause: "disqualified_not_logged" },
    { object_type: "contact", crm_record_id: `p${some(size.contacts)}` },
    { object_type: "deal", crm_record_id: `d${some(size.deals)}` },
    { from: new Date(Date.now() - 86_400_000 * some(300)).toISOString(), sort: "newest" },
    { status: "dismissed", sort: "newest" },
  ];
  const filtered = (n: number) => filters(n)[n % filters(n).length]!;
  const card = (n: number, sight: Sight) => {
    const objectType = (["company", "contact", "deal"] as const)[n % 3]!;
    const max = { company: size.companies, contact: size.contacts, deal: size.deals }[objectType];
    const id = n % 12 === 0 ? largest : `${objectType === "contact" ? "p" : objectType[0]}${some(max)}`;
    const place = { workspaceId, crm: "hubspot", objectType, id } as const;
    return db.withWorkspace(workspaceId, async (tx) => await tx`select ${recordGaps(tx, place, sight)} as gaps`);
  };
  const own = (n: number): Sight => ({
    all: false,
    owners: [{ crm: "hubspot", id: `o${n}` }],
    emails: [`rep${n}@us.test`],
  });
  return [
    { what: "list, an admin, page by page", ask: (n) => turned(admin, n, { sort: sorts[Math.floor(n / 20) % 3] }) },
    { what: "list, a rep's team, page by page", ask: (n) => turned(rep(some(reps)), 0, { sort: sorts[n % 3] }) },
    { what: "list, an admin, filtered", ask: (n) => listGaps(house, admin, query(filtered(n))) },
    { what: "list, a rep's team, filtered", ask: (n) => listGaps(house, rep(n), query(filtered(n))) },
    { what: "search, an admin", ask: (n) => listGaps(house, admin, query({ q: words[n % words.length] })) },
    { what: "search, a rep's team", ask: (n) => listGaps(house, rep(n), query({ q: words[n % words.length] })) },
    { what: "summary, an admin", ask: () => gapSummary(house, admin) },
    { what: "summary, a rep's team", ask: (n) => gapSummary(house, rep(n)) },
    { what: "trend, 12 weeks, a rep's team", ask: (n) => gapTrend(house, rep(n), 12) },
    { what: "gaps of a record card", ask: (n) => card(n, n % 2 ? everything : own(some(reps))) },
    { what: "record card, a signed request from HubSpot", ask: signedCards(world), statementsMax: 12 },
    {
      what: "picker",
      ask: (n) => {
        const objectType = (["deal", "company", "contact"] as const)[n % 3]!;
        return searchRecords(house, n % 2 ? admin : rep(n), { objectType, q: words[n % words.length]! });
      },
    },
  ];
}

/**
 * The whole way of a card's one request, the socket aside: signature, member, rate limit, card. Everybody asks for records of
 * their own portal; a rep in every other request.
 */
function signedCards({ database: { db }, workspaceId, size }: GapsWorld): Question["ask"] {
  const random = mulberry32(12);
  const clock = steppedClock(new Date());
  const secret = "bench-secret";
  const publicUrl = "https://pandora.bench";
  const config = readConfig({
    PANDORA_KEYS: `b:${Buffer.alloc(32, 3).toString("base64")}`,
    PUBLIC_URL: publicUrl,
    ...{ HUBSPOT_CLIENT_ID: "bench", HUBSPOT_CLIENT_SECRET: secret },
  });
  const house = { db, clock, config, log: createLogger("silent") } as unknown as House;
  const app = createApp(house, realServices);
  return async (n) => {
    // Past the workspace's 500 requests a minute.
    clock.advance(1_000);
    const objectType = (["company", "contact", "deal"] as const)[n % 3]!;
    const max = { company: size.companies, contact: size.contacts, deal: size.deals }[objectType];
    const id =
      n % 12 === 0 ? largest : `${objectType === "contact" ? "p" : objectType[0]}${Math.floor(random() * max)}`;
    const who = n % 2 ? `rep${n % reps}@us.test` : "admin@us.test";
    const { path, init } = hubSpotRequest({
      ...{ publicUrl, secret, at: clock.now(), path: `/api/workspaces/me/records/${objectType}/${id}?envelope=1` },
      user: { portalId: workspaceId, userId: who, userEmail: who },
    });
    const answer = await app.request(path, init);
    const { ok, status } = (await answer.json()) as { ok: boolean; status: number };
    // What a rep may not see is not there.
    if (!ok && !(n % 2 && status === 404)) throw new Error(`the card of ${objectType} ${id} answered ${status}`);
  };
}

async function measure(world: GapsWorld, { what, ask, statementsMax = 2 }: Question, times: number): Promise<Figure[]> {
  const { db } = world.database;
  // The first ones fill the caches and the statements' plans, as a running server has them.
  for (let n = 0; n < Math.min(12, times); n += 1) await ask(n);
  const before = db.statements();
  const took: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    await ask(n);
    took.push(performance.now() - started);
  }
  const statements = (db.statements() - before) / times;
  took.sort((one, other) => one - other);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))]!;
  const [median, p99] = [at(0.5), at(0.99)];
  process.stderr.write(
    `  ${what}: p50 ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; ${await indexesOf(world, ask)}\n`,
  );
  return [
    {
      what: `gaps: ${what}: p50 / p99, ms`,
      ...{ figure: `${median.toFixed(1)} / ${p99.toFixed(1)}`, target: `p99 <= ${p99MaxMs}`, ok: p99 <= p99MaxMs },
    },
    {
      what: `gaps: ${what}: statements (a rep's sight is one)`,
      ...{ figure: statements.toFixed(1), target: `<= ${statementsMax}`, ok: statements <= statementsMax },
    },
  ];
}

/** What the plans of one question walk, from the statistics of the tables' own indexes. */
async function indexesOf({ database, workspaceId }: GapsWorld, ask: Question["ask"]): Promise<string> {
  const before = await scans(database.db, workspaceId);
  await ask(0);
  const after = await scans(database.db, workspaceId);
  const used = [...after].filter(([name, n]) => n > (before.get(name) ?? 0)).map(([name]) => name);
  return used.join(", ");
}

async function scans(db: GapsWorld["database"]["db"], workspaceId: string): Promise<Map<string, number>> {
  const rows = await db.withWorkspace(workspaceId, async (tx: Tx) => {
    await tx`select pg_stat_force_next_flush()`;
    await tx`select pg_stat_clear_snapshot()`;
    return tx<{ name: string; n: number }[]>`
      select indexrelname as name, idx_scan::int as n from pg_stat_user_indexes where schemaname = 'public'
      union all
      select 'the whole of ' || relname, seq_scan::int from pg_stat_user_tables
      where schemaname = 'public' and n_live_tup > 1000 order by 1`;
  });
  return new Map(rows.map(({ name, n }) => [name, n]));
}
