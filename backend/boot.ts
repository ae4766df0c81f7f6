/**
 * Puts the parts together and starts them in order: door, database, queue, app, workers; `stop` goes the other way, the
 * database last. Used by main.ts, the demo and the tests, so that all of them run the same thing.
 */
import { openDatabase } from "./boot-database.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { House } from "./connections/house.ts";
import { createOpenCrm } from "./connections/open-crm.ts";
import { assertTenantSafe, openDb } from "./db.ts";
import { createHandlers } from "./handlers.ts";
import { createApp } from "./http/app.ts";
import { createMetrics } from "./http/metrics.ts";
import { operationDoors } from "./http/operations.ts";
import { type Answers, serveApp } from "./http/server.ts";
import { realServices } from "./http/services.ts";
import type { Handlers } from "./jobs/kinds.ts";
import { openQueue } from "./jobs/queue.ts";
import { startScheduler } from "./jobs/scheduler.ts";
import { createLogger, type Logger } from "./logger.ts";
import { migrate } from "./migrate.ts";

export type Pandora = {
  house: House;
  handlers: Handlers;
  /** Where it listens. */
  port: number;
  /** Connects as the application's role. */
  databaseUrl: string;
  /** Takes no more work, ends what is under way (at most `graceMs`), closes everything. Calling it again waits for the first. */
  stop(graceMs?: number): Promise<void>;
};

export type BootOptions = {
  clock?: Clock;
  log?: Logger;
  /** Address to listen on; all of them when absent. */
  host?: string;
  /** Server flags of the embedded database. */
  databaseFlags?: string[];
  /** Runs once the port is ours and before the database opens: the demo clears its folder. */
  beforeDatabase?: () => Promise<void>;
  /** Stands before the app: the demo adds its page. */
  front?: (app: Answers) => Answers;
};

/**
 * Starts what `config.role` asks for: `http` answers requests, `worker` works jobs off and answers only /health, /ready and
 * /metrics, `all` does both.
 * @throws Error when the port is taken, the database can't be reached, or its role would see every tenant; nothing stays open
 */
export async function boot(config: Config, options: BootOptions = {}): Promise<Pandora> {
  const log = options.log ?? createLogger(config.logLevel);
  const clock = options.clock ?? systemClock;
  const open: Parts = {};
  let closing: Promise<void> | null = null;
  const stop = (graceMs = 10_000) => {
    closing ??= close(open, graceMs);
    return closing;
  };
  try {
    // The port first: it is what usually goes wrong, and a probe learns at once that we are alive but not ready.
    const door = createDoor();
    const server = await serveApp(door, config.port, options.host);
    open.server = server;
    await options.beforeDatabase?.();
    const database = await openDatabase(config, options.databaseFlags ?? []);
    open.database = database;
    const applied = await migrate(database.url);
    if (applied.length > 0) log.info("boot.migrated", { applied });
    const db = openDb(database.url);
    open.db = db;
    await assertTenantSafe(db);
    const openCrm = createOpenCrm({ db, clock, log, config });
    open.crm = openCrm;
    const works = config.role !== "http";
    const { heartbeatSeconds } = config;
    const queue = await openQueue({ url: database.url, log, heartbeatSeconds, supervise: works });
    open.queue = queue;
    const house: House = { db, queue, clock, log, config, openCrm };
    const handlers = createHandlers(house);
    const app = config.role === "worker" ? operationDoors(house, createMetrics()) : createApp(house, realServices);
    if (works) {
      open.scheduler = startScheduler(house);
      queue.work(handlers);
    }
    door.open(options.front ? options.front(app) : app);
    log.info("boot.ready", { role: config.role, port: server.port });
    return { house, handlers, port: server.port, databaseUrl: database.url, stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

type Parts = {
  server?: { stop(graceMs: number): Promise<void> };
  scheduler?: { stop(): Promise<void> };
  queue?: { stop(graceMs: number): Promise<void> };
  crm?: { close(): Promise<void> };
  db?: { close(): Promise<void> };
  database?: { release(): Promise<void> };
};

/** Nothing new comes in while what is under way ends; then what that needed is closed. One failure keeps nothing open. */
async function close(open: Parts, graceMs: number): Promise<void> {
  await Promise.allSettled([open.server?.stop(graceMs), open.scheduler?.stop(), open.queue?.stop(graceMs)]);
  await Promise.allSettled([open.crm?.close(), open.db?.close()]);
  await open.database?.release();
}

/** Answers `503` until there is something to answer with; a liveness probe is content from the start. */
function createDoor(): Answers & { open(app: Answers): void } {
  let behind: Answers | null = null;
  return {
    fetch(request) {
      if (behind) return behind.fetch(request);
      if (new URL(request.url).pathname === "/health") return Response.json({ ok: true });
      return Response.json(
        { ok: false, reason: "Pandora is starting." },
        { status: 503, headers: { "retry-after": "2" } },
      );
    },
    open(app) {
      behind = app;
    },
  };
}
