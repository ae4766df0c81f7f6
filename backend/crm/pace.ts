/**
 * One pace per CRM account, shared by every process through PostgreSQL: calls are spread evenly instead of sent in
 * bursts and slowed down by 429s. Each bucket is one row that says when its next call may go; a taker moves it on.
 *
 * HubSpot allows 110 requests in any 10 s per account, search apart at 5 a second (developers.hubspot.com, usage
 * guidelines, read 2026-11-22). The background's share is 99, a tenth is kept for people waiting at a screen. Evenly
 * spread calls arrive a little unevenly, so the background aims at 97 in 10 s: 98 % of its share.
 */
import type { Clock } from "../clock.ts";
import type { Db } from "../db.ts";
import type { CrmType, PaceTaker } from "./port.ts";

export type PaceRule = { bucket: string; everyMs: number; burst: number };

/** Which row is taken, how far apart its calls are, and how many may go at once after a rest. */
export function paceRule(crm: CrmType, lane: "waiting" | "background", bucket: "calls" | "search"): PaceRule {
  if (crm === "salesforce") {
    // No limit per second is published; 25 concurrent long requests are. 20 a second keeps far from it.
    return { bucket: `salesforce:${lane}`, everyMs: 50, burst: lane === "waiting" ? 20 : 4 };
  }
  if (bucket === "search") {
    return lane === "waiting"
      ? { bucket: "hubspot:search:waiting", everyMs: 1000, burst: 1 }
      : { bucket: "hubspot:search:background", everyMs: 250, burst: 1 };
  }
  return lane === "waiting"
    ? { bucket: "hubspot:calls:waiting", everyMs: 1000, burst: 10 }
    : { bucket: "hubspot:calls:background", everyMs: 10_000 / 97, burst: 1 };
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
    const rule = paceRule(options.crm, options.lane, bucket);
    const at = clock.sqlNow();
    const [slot] = await db.withWorkspace(workspaceId, (tx) => {
      // `next_at` is when the bucket would be empty again; a rest lets up to `burst` calls go at once, never more.
      return tx<{ wait_ms: number }[]>`
        insert into rate_budgets as b (workspace_id, bucket, next_at)
        values (${workspaceId}, ${rule.bucket},
          coalesce(${at}::timestamptz, clock_timestamp()) + make_interval(secs => ${((calls - rule.burst) * rule.everyMs) / 1000}))
        on conflict (workspace_id, bucket) do update set next_at =
          greatest(b.next_at, coalesce(${at}::timestamptz, clock_timestamp()) - make_interval(secs => ${(rule.burst * rule.everyMs) / 1000}))
            + make_interval(secs => ${(calls * rule.everyMs) / 1000})
        returning extract(epoch from next_at - coalesce(${at}::timestamptz, clock_timestamp()))::double precision * 1000 as wait_ms`;
    });
    await clock.sleep(Math.max(0, Math.ceil(Number(slot?.wait_ms ?? 0))));
  };
  const take = async (bucket: "calls" | "search", calls: number): Promise<void> => {
    if (bucket === "calls" && paidAhead >= calls) paidAhead -= calls;
    else await waitForSlot(bucket, calls);
  };
  return Object.assign(take, {
    async reserve(calls: number): Promise<void> {
      await waitForSlot("calls", calls);
      paidAhead += calls;
    },
  });
}
