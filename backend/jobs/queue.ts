/**
 * The job engine behind one small port. pg-boss keeps the jobs, on a `pg` pool of its own; `enqueue` writes them
 * inside the caller's transaction, so that a job exists exactly when the change that needs it does.
 */
import { type JobWithMetadata, PgBoss } from "pg-boss";
import type { Clock } from "../clock.ts";
import type { Tx } from "../db.ts";
import type { Logger } from "../logger.ts";
import { type Handlers, type JobKind, jobKinds, type NewJob } from "./kinds.ts";

export type Queue = {
  /** Stores jobs in the caller's transaction. */
  enqueue(tx: Tx, jobs: NewJob | NewJob[]): Promise<void>;
  /** Works off jobs until `stop`; each kind has its own slots. */
  work(handlers: Handlers): void;
  /**
   * Runs everything due by `clock`, jobs that these enqueue included, then returns how many ran. For tests:
   * time is stepped, not waited for.
   * @throws the first error of a job that failed, after the others ran
   */
  drain(handlers: Handlers, clock: Clock): Promise<number>;
  /** Jobs waiting or running, by kind. */
  pending(): Promise<Record<string, number>>;
  /** Waits for running jobs (up to `graceMs`), then lets go. */
  stop(graceMs?: number): Promise<void>;
};

export type QueueOptions = {
  url: string;
  log: Logger;
  /** A job whose worker has not been heard of for so long is given to another one, seconds ≥ 10. */
  heartbeatSeconds?: number;
  pollMs?: number;
  /** Looks after schedules of its own schema and dead workers; off in short-lived tools. */
  supervise?: boolean;
};

const retryLimit = 8;

export async function openQueue(options: QueueOptions): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: options.url,
    max: 6,
    supervise: options.supervise ?? true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    schedule: false,
    application_name: "pandora-jobs",
  });
  boss.on("error", (error) => options.log.error("jobs.engine_error", { reason: error.message }));
  await boss.start();
  for (const kind of Object.keys(jobKinds) as JobKind[]) {
    const rules = {
      retryLimit,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds: options.heartbeatSeconds ?? 30,
      // Longer than the hour that Salesforce gives a bulk job.
      expireInSeconds: 7200,
    };
    await boss.createQueue(kind, { policy: policyOf(kind), ...rules });
    await boss.updateQueue(kind, rules);
  }
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const wake = new Map<JobKind, () => void>();
  let lookAgain = () => {};

  return {
    async enqueue(tx, jobs) {
      const list = Array.isArray(jobs) ? jobs : [jobs];
      const byKind = Map.groupBy(list, (job) => job.kind);
      for (const [kind, same] of byKind) {
        const rows = same.map((job) => ({
          data: jobKinds[kind].payload.parse(job.payload) as object,
          ...(job.startAfter ? { startAfter: job.startAfter } : {}),
          ...(job.key ? { singletonKey: job.key } : {}),
          priority: job.priority ?? 0,
          group: { id: job.payload.workspace_id },
        }));
        await boss.insert(kind, rows, { db: inTransaction(tx) });
      }
      // The caller's transaction is about to commit; then another process's next look finds the jobs, and ours sooner.
      setTimeout(() => lookAgain(), 20).unref();
    },
    work(handlers) {
      running.add(watch());
      for (const kind of Object.keys(jobKinds) as JobKind[]) {
        running.add(workKind(kind, handlers));
      }
    },
    async drain(handlers, clock) {
      let ran = 0;
      const failures: unknown[] = [];
      for (;;) {
        let found = 0;
        for (const kind of Object.keys(jobKinds) as JobKind[]) {
          // What the stepped clock calls due is due, whatever the database's own clock says.
          await boss
            .getDb()
            .executeSql(
              "update pgboss.job set start_after = now() where name = $1 and state < 'active' and start_after <= $2",
              [kind, clock.now().toISOString()],
            );
          const jobs = await boss.fetch<object>(kind, { batchSize: 20, includeMetadata: true });
          found += jobs.length;
          for (const job of jobs) {
            const error = await runOne(kind, job, handlers);
            if (error) failures.push(error);
          }
        }
        ran += found;
        if (found === 0) break;
      }
      if (failures.length > 0) throw failures[0];
      return ran;
    },
    async pending() {
      const counts: Record<string, number> = {};
      const { rows } = await boss
        .getDb()
        .executeSql("select name, count(*)::int as n from pgboss.job where state <= 'active' group by name");
      for (const row of rows as { name: string; n: number }[]) counts[row.name] = row.n;
      return counts;
    },
    async stop(graceMs = 15_000) {
      stopping.abort();
      lookAgain();
      for (const alarm of wake.values()) alarm();
      await Promise.race([Promise.allSettled(running), new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      await boss.stop({ graceful: false, close: true });
    },
  };

  async function workKind(kind: JobKind, handlers: Handlers): Promise<void> {
    const slots = jobKinds[kind].slots;
    const busy = new Set<Promise<unknown>>();
    while (!stopping.signal.aborted) {
      let jobs: JobWithMetadata<object>[] = [];
      if (busy.size < slots) {
        try {
          // One workspace may not take all slots of a kind while another one waits.
          jobs = await boss.fetch<object>(kind, {
            batchSize: slots - busy.size,
            includeMetadata: true,
            ...(slots > 1 ? { groupConcurrency: Math.max(1, slots - 1) } : {}),
          });
        } catch (error) {
          options.log.warn("jobs.fetch_failed", { kind, reason: String(error) });
        }
      }
      for (const job of jobs) {
        const done: Promise<unknown> = runOne(kind, job, handlers).finally(() => busy.delete(done));
        busy.add(done);
      }
      if (jobs.length > 0 && busy.size < slots) continue;
      await Promise.race([...busy, nap(kind)]);
    }
    await Promise.allSettled(busy);
  }

  /** Until there may be work of this kind, or we stop. */
  function nap(kind: JobKind): Promise<void> {
    return new Promise((resolve) => wake.set(kind, resolve));
  }

  /** One look for all kinds: an idle process costs one small query each time, not one for every kind. */
  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const { rows } = await boss
          .getDb()
          .executeSql("select distinct name from pgboss.job where state < 'active' and start_after <= now()");
        for (const row of rows as { name: JobKind }[]) wake.get(row.name)?.();
      } catch (error) {
        options.log.warn("jobs.watch_failed", { reason: errorText(error) });
      }
      await new Promise<void>((resolve) => {
        lookAgain = resolve;
        setTimeout(resolve, options.pollMs ?? 500);
      });
    }
  }

  /** Runs one job and reports to the engine; returns the error if it failed. */
  async function runOne(kind: JobKind, job: JobWithMetadata<object>, handlers: Handlers): Promise<unknown> {
    const handler = handlers[kind] as {
      run(p: unknown, s: AbortSignal): Promise<void>;
      givenUp?(p: unknown, e: unknown): Promise<void>;
    };
    const heartbeat = setInterval(
      () => void boss.touch(kind, job.id).catch(() => {}),
      ((options.heartbeatSeconds ?? 30) * 1000) / 3,
    );
    try {
      await handler.run(jobKinds[kind].payload.parse(job.data), stopping.signal);
      await boss.complete(kind, job.id);
      return undefined;
    } catch (error) {
      options.log.error("jobs.failed", { kind, jobId: job.id, attempt: job.retryCount, reason: errorText(error) });
      // Given back at once when we are stopping: another process goes on with it.
      await boss.fail(kind, job.id, { reason: errorText(error) }).catch(() => {});
      if (job.retryCount >= retryLimit) await handler.givenUp?.(job.data, error).catch(() => {});
      return error;
    } finally {
      clearInterval(heartbeat);
    }
  }
}

/** `stately`: at most one waiting and one running job per key, so that a burst coalesces; `singleton`: one running. */
function policyOf(kind: JobKind): "standard" | "stately" | "singleton" {
  const rules = jobKinds[kind];
  if ("inTurn" in rules) return "singleton";
  return "oneAtATime" in rules ? "stately" : "standard";
}

function inTransaction(tx: Tx) {
  return {
    async executeSql(text: string, values?: unknown[]) {
      const result: unknown = await (values?.length ? tx.unsafe(text, values as never[]) : tx.unsafe(text));
      const rows = Array.isArray(result) ? (result.some(Array.isArray) ? result.flat() : [...result]) : [];
      return { rows };
    },
  };
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : String(error).slice(0, 500);
}
