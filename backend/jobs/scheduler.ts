/** Turns what falls due by the clock into jobs: cron rows of the directory, taken by one process each. */
import { Cron } from "croner";
import type { Clock } from "../clock.ts";
import type { Db } from "../db.ts";
import type { Logger } from "../logger.ts";
import type { JobKind, NewJob } from "./kinds.ts";
import type { Queue } from "./queue.ts";

type DueRow = { workspace_id: string; kind: string; key: string; cron: string; time_zone: string };

/**
 * Enqueues everything due and moves it on to its next time, in one transaction; times missed while nothing ran are
 * made up for once, not one by one.
 * @returns how many jobs were enqueued
 */
export async function enqueueDue(deps: { db: Db; queue: Queue; clock: Clock }): Promise<number> {
  const now = deps.clock.now();
  return deps.db.outside(async (tx) => {
    const rows = await tx<DueRow[]>`select * from directory_due(${now}, 200)`;
    const jobs: NewJob[] = [];
    for (const row of rows) {
      const { next, job } = readDue(row, now);
      // A row nobody can read any more must not stop the schedules of all the others.
      if (job) jobs.push(job);
      if (next) {
        await tx`
          select directory_put_schedule(${row.workspace_id}, ${row.kind}, ${row.key}, ${row.cron}, ${row.time_zone}, ${next})`;
      } else await tx`select directory_drop_schedule(${row.workspace_id}, ${row.kind}, ${row.key})`;
    }
    await deps.queue.enqueue(tx, jobs);
    return rows.length;
  });
}

/** Looks every few seconds until stopped. */
export function startScheduler(deps: { db: Db; queue: Queue; clock: Clock; log: Logger; everyMs?: number }): {
  stop(): Promise<void>;
} {
  let running = Promise.resolve();
  const look = () => {
    running = enqueueDue(deps).then(
      () => {},
      (error: unknown) =>
        deps.log.warn("schedule.failed", { reason: error instanceof Error ? error.message : String(error) }),
    );
  };
  const timer = setInterval(look, deps.everyMs ?? 5_000);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Its job and its next time; nulls for a row that makes no sense. */
function readDue(row: DueRow, now: Date): { next: Date | null; job: NewJob | null } {
  try {
    const job = jobOf(row);
    return { job, next: new Cron(row.cron, { timezone: row.time_zone }).nextRun(now) };
  } catch {
    return { job: null, next: null };
  }
}

function jobOf(row: DueRow): NewJob {
  const kind = row.kind as JobKind;
  const workspace_id = row.workspace_id;
  switch (kind) {
    case "writeback.schedule":
      return { kind, payload: { workspace_id, mapping_id: row.key } };
    case "mirror.round":
      return {
        kind,
        payload: { workspace_id, crm: row.key as "hubspot" | "salesforce" },
        key: `${workspace_id}:${row.key}`,
      };
    case "source.pull":
      return { kind, payload: { workspace_id, source_id: row.key }, key: row.key };
    case "connections.hand-over-key":
    case "writes.recover":
    case "gaps.auto-create":
    case "notify.look":
    case "workspace.tidy":
      return { kind, payload: { workspace_id }, key: workspace_id };
    default:
      throw new Error(`Nothing is known of the schedule kind ${row.kind}.`);
  }
}
