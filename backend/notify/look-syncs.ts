/** What scheduled syncs did since the last report: one report a day, where there is something to say. */
import type { RunStatus } from "../contract/runs.ts";
import type { Tx } from "../db.ts";
import { claimEvents, type Draft } from "./outbox.ts";
import { type Person, wants } from "./people.ts";
import { count } from "./words.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** A run that is committed a moment after its `finished_at` belongs to the next report, not to none. */
const marginMs = minute;
/** Syncs of one hour are told together; for one that goes on and on nobody waits longer. */
const patienceMs = 120 * minute;

export type RunRow = {
  status: RunStatus;
  finished_at: Date;
  totals: { written?: number; already_current?: number; skipped?: Counts; errors?: Counts };
};
type Counts = Record<string, number>;

export type SyncReport = {
  runs: number;
  written: number;
  already_current: number;
  skipped: Counts;
  errors: Counts;
  /** Runs that did not come to their end. */
  cancelled: number;
  failed: number;
  /** ISO; of the first and the last run's end */
  from: string;
  to: string;
};

/** Sums runs up. @returns null when there is nothing to say: all is as it was, and nothing went wrong */
export function reportOf(rows: readonly RunRow[]): SyncReport | null {
  const ends = rows.map(({ finished_at }) => finished_at.toISOString()).sort();
  const report: SyncReport = {
    runs: rows.length,
    written: sum(rows.map(({ totals }) => totals.written ?? 0)),
    already_current: sum(rows.map(({ totals }) => totals.already_current ?? 0)),
    skipped: added(rows.map(({ totals }) => totals.skipped ?? {})),
    errors: added(rows.map(({ totals }) => totals.errors ?? {})),
    cancelled: rows.filter(({ status }) => status === "cancelled").length,
    failed: rows.filter(({ status }) => status === "failed").length,
    from: ends[0] ?? "",
    to: ends.at(-1) ?? "",
  };
  const wrong = sum(Object.values(report.errors)) + report.cancelled + report.failed;
  return report.written + wrong > 0 ? report : null;
}

export async function lookAtSyncs(
  tx: Tx,
  workspace: { id: string; timeZone: string },
  people: readonly Person[],
  now: Date,
): Promise<Draft[]> {
  const key = `sync_report:${new Intl.DateTimeFormat("en-CA", { timeZone: workspace.timeZone, dateStyle: "short" }).format(now)}`;
  const until = new Date(now.getTime() - marginMs);
  const rows = await tx<(RunRow & { live: boolean })[]>`
    with last as (
      select max(told_at) as at from notice_events where workspace_id = ${workspace.id} and event_key like 'sync\\_report:%'
    )
    select r.status, r.finished_at, r.totals,
      exists (select from sync_runs l where l.workspace_id = ${workspace.id} and l.trigger = 'schedule'
        and l.status in ('queued', 'running')) as live
    from last, sync_runs r
    where r.workspace_id = ${workspace.id} and r.kind = 'sync' and r.trigger = 'schedule'
      and r.created_at > ${new Date(now.getTime() - 9 * day)}
      and r.finished_at > greatest(last.at - ${marginMs} * interval '1 millisecond', ${new Date(now.getTime() - 7 * day)})
      and r.finished_at <= ${until}
    order by r.created_at desc limit 1000`;
  const report = reportOf(rows);
  if (!report) return [];
  if (rows[0]!.live && now.getTime() - new Date(report.from).getTime() < patienceMs) return [];
  const mine = await claimEvents(tx, workspace.id, now, [key]);
  if (!mine.has(key)) return [];
  return people.filter(wants("sync_report")).map(({ id }) => ({
    ...{ memberId: id, kind: "sync_report" as const, key, title: titleOf(report) },
    detail: report,
  }));
}

function titleOf(report: SyncReport): string {
  const errors = sum(Object.values(report.errors));
  const wrote = `Scheduled syncs wrote ${count(report.written, "value")}`;
  if (errors > 0) return `${wrote}; ${count(errors, "value")} failed`;
  const stopped = report.cancelled + report.failed;
  return stopped > 0 ? `${wrote}; ${count(stopped, "sync")} did not finish` : wrote;
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, n) => all + n, 0);
}

function added(all: Counts[]): Counts {
  const total: Counts = {};
  for (const [name, n] of all.flatMap(Object.entries) as [string, number][]) total[name] = (total[name] ?? 0) + n;
  return total;
}
