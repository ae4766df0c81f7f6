/**
 * One pace per CRM account, shared by every process through PostgreSQL: calls are spread evenly instead of sent in
 * bursts and slowed down by 429s. Each bucket is one row that says when its next call may go; a taker moves it on.
 *
 * HubSpot allows 110 requests in any 10 s per account, search apart at 5 a second (developers.hubspot.com, usage
 * guidelines, read 2026-11-22). The background's share is 99, a tenth is kept for people waiting at a screen. Evenly
 * spread calls arrive a little unevenly, so the background aims at 97 in 10 s: 98 % of its share.
 */
import type { Clock } from "../clock.ts";
import type { Db, Tx } from "../db.ts";
import type { CrmType, PaceTaker } from "./port.ts";

export type PaceRule = { bucket: string; everyMs: number; burst: number };

const hubspotBackground: PaceRule = { bucket: "hubspot:calls:background", everyMs: 10_000 / 97, burst: 1 };
/** At most 6 at once and 5 more in any 10 s: 97 + 11 stays under 110, whoever comes first. */
const hubspotWaiting: PaceRule = { bucket: "hubspot:calls:waiting", everyMs: 2_000, burst: 7 };

/**
 * Which buckets a call may go by, in order: all but the last only when there is room at once. A person who has used up
 * what is kept for people queues with the background, which at its busiest is a second or two ahead.
 */
export function paceRules(crm: CrmType, lane: "waiting" | "background", bucket: "calls" | "search"): PaceRule[] {
  if (crm === "salesforce") {
    // No limit per second is published; 25 concurrent long requests are. 20 a second keeps far from it.
    return [{ bucket: `salesforce:${lane}`, everyMs: 50, burst: lane === "waiting" ? 20 : 4 }];
  }
  if (bucket === "search") {
    return lane === "waiting"
      ? [{ bucket: "hubspot:search:waiting", everyMs: 1000, burst: 1 }]
      : [{ bucket: "hubspot:search:background", everyMs: 250, burst: 1 }];
  }
  return lane === "waiting" ? [hubspotWaiting, hubspotBackground] : [hubspotBackground];
}

/** @returns a taker for one workspace's account; resolves when the calls asked for may go */
export function createPace(options: {
  db: Db;
  clock: Clock;
  workspaceId: string;
  crm: CrmType;
  lane: "waiting" | "background";
}): PaceTaker {
  const { db, clock, workspaceId } = options;
  // Slots taken ahead by `reserve` and not used yet.
  let paidAhead = 0;
  const waitForSlot = async (bucket: "calls" | "search", calls: number): Promise<void> => {
    const rules = paceRules(options.crm, options.lane, bucket);
    const waitMs = await db.withWorkspace(workspaceId, async (tx) => {
      for (const rule of rules.slice(0, -1)) {
        const free = calls <= rule.burst && (await take(tx, workspaceId, rule, calls, clock.sqlNow(), true)) !== null;
        if (free) return 0;
      }
      return (await take(tx, workspaceId, rules.at(-1)!, calls, clock.sqlNow(), false)) ?? 0;
    });
    await clock.sleep(Math.max(0, Math.ceil(waitMs)));
  };
  const taker = async (bucket: "calls" | "search", calls: number): Promise<void> => {
    if (bucket === "calls" && paidAhead >= calls) paidAhead -= calls;
    else await waitForSlot(bucket, calls);
  };
  return Object.assign(taker, {
    async reserve(calls: number): Promise<void> {
      await waitForSlot("calls", calls);
      paidAhead += calls;
    },
  });
}

/**
 * Takes slots of a bucket. `next_at` is when the bucket would be empty again; a rest lets up to `burst` calls go at
 * once, never more.
 * @param onlyNow take nothing when it would mean waiting
 * @returns ms to wait, or null when nothing was taken
 */
async function take(
  tx: Tx,
  workspaceId: string,
  rule: PaceRule,
  calls: number,
  at: Date | null,
  onlyNow: boolean,
): Promise<number | null> {
  const rest = (rule.burst * rule.everyMs) / 1000;
  const cost = (calls * rule.everyMs) / 1000;
  const [slot] = await tx<{ wait_ms: number }[]>`
    with clock as (select coalesce(${at}::timestamptz, clock_timestamp()) as now)
    insert into rate_budgets as b (workspace_id, bucket, next_at)
    select ${workspaceId}, ${rule.bucket}, now + make_interval(secs => ${cost - rest}) from clock
    on conflict (workspace_id, bucket) do update
      set next_at = greatest(b.next_at, (select now from clock) - make_interval(secs => ${rest})) + make_interval(secs => ${cost})
      where not ${onlyNow} or greatest(b.next_at, (select now from clock) - make_interval(secs => ${rest}))
        + make_interval(secs => ${cost}) <= (select now from clock)
    returning extract(epoch from next_at - (select now from clock))::double precision * 1000 as wait_ms`;
  return slot ? Number(slot.wait_ms) : null;
}
