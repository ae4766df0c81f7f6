/** Week over week: how many calls of each week had no deal, and what became of them since. */
import type { House } from "../connections/house.ts";
import { sightOf } from "../connections/visibility.ts";
import { type GapStatus, type GapTrend, gapStatuses } from "../contract/gaps.ts";
import { seenGaps } from "./gap-keys.ts";
import type { Viewer } from "./gap-sight.ts";

/** The last `weeks` weeks, this one included, oldest first; a week without calls is there with zeros. */
export async function gapTrend(house: Pick<House, "db" | "clock">, viewer: Viewer, weeks: number): Promise<GapTrend> {
  const { workspaceId } = viewer;
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    const since = tx`and c.started_at >= (select min(monday) from mondays)`;
    const seen = gapStatuses.map(
      (status) =>
        tx`select ${status} as status, started_at from (${seenGaps(tx, workspaceId, { status }, sight, since)}) s`,
    );
    const rows = await tx<Row[]>`
      with mondays as (
        select week::date::text as week, week at time zone w.time_zone as monday,
          (week + interval '7 days') at time zone w.time_zone as next
        from workspaces w cross join lateral generate_series(
          date_trunc('week', ${now}::timestamptz at time zone w.time_zone) - ${weeks - 1}::int * interval '7 days',
          date_trunc('week', ${now}::timestamptz at time zone w.time_zone), interval '7 days') as week
        where w.workspace_id = ${workspaceId}
      ), counted as (
        select date_trunc('week', s.started_at at time zone w.time_zone)::date::text as week, s.status, count(*)::int as n
        from workspaces w, (${seen.reduce((all, each) => tx`${all} union all ${each}`)}) s
        where w.workspace_id = ${workspaceId} group by 1, 2
      )
      select m.week, coalesce(jsonb_object_agg(c.status, c.n) filter (where c.status is not null), '{}') as counts
      from mondays m left join counted c using (week) group by m.week order by m.week`;
    return { weeks: rows.map(toWeek) };
  });
}

type Row = { week: string; counts: Partial<Record<GapStatus, number>> };

/** Pure. */
function toWeek({ week, counts }: Row): GapTrend["weeks"][number] {
  const { created = 0, linked = 0, dismissed = 0, pending = 0 } = counts;
  return { week, found: created + linked + dismissed + pending, created, linked, dismissed, still_open: pending };
}
