/** How much a workspace may ask: 500 requests a minute, 20 heavy ones; counted in PostgreSQL, so replicas share it. */
import type { MiddlewareHandler } from "hono";
import type { House } from "../connections/house.ts";
import { AppError } from "../errors.ts";
import type { Env } from "./door.ts";

const perMinute = { api: 500, api_heavy: 20 } as const;

/**
 * Takes one request from the workspace's budget. The whole budget may be used at once; it refills evenly.
 * @param bucket `api_heavy` for syncs, dry runs, exports, imports
 * @throws AppError too_many_requests (429) with Retry-After
 */
export function limit(house: House, bucket: keyof typeof perMinute): MiddlewareHandler<Env> {
  return async (c, next) => {
    const waitMs = await take(house, c.get("caller").workspaceId, bucket);
    if (waitMs > 0) {
      const kind = bucket === "api_heavy" ? "syncs, dry runs and exports" : "requests";
      throw new AppError("too_many_requests", {
        status: 429,
        public: `This workspace may send ${perMinute[bucket]} ${kind} a minute. Wait a little.`,
        retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)),
      });
    }
    await next();
  };
}

/** @returns 0 when taken, else ms until the next one is free */
async function take(house: House, workspaceId: string, bucket: keyof typeof perMinute): Promise<number> {
  const eachMs = 60_000 / perMinute[bucket];
  const aheadMs = 60_000 - eachMs;
  const now = house.clock.sqlNow();
  // One statement decides and counts: `next_at` runs ahead of the clock by 1/n of a minute per request, and a request
  // is refused where it would be more than a minute ahead.
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ taken: boolean; wait_ms: number }[]>`
      with clock as (select coalesce(${now}::timestamptz, clock_timestamp()) as at),
      taken as (
        insert into rate_budgets as b (workspace_id, bucket, next_at)
        select ${workspaceId}, ${bucket}, at + ${eachMs} * interval '1 millisecond' from clock
        on conflict (workspace_id, bucket) do update
          set next_at = greatest(b.next_at, (select at from clock)) + ${eachMs} * interval '1 millisecond'
          where b.next_at <= (select at from clock) + ${aheadMs} * interval '1 millisecond'
        returning true)
      select exists (select 1 from taken) as taken,
        coalesce(extract(epoch from (select next_at from rate_budgets
            where workspace_id = ${workspaceId} and bucket = ${bucket}) - (select at from clock)) * 1000
          - ${aheadMs}, 0)::float8 as wait_ms`,
  );
  return !row || row.taken ? 0 : Math.max(1, row.wait_ms);
}
