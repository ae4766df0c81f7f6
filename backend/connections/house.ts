/** What the rooms are handed by main: no globals, no singletons. Types only. */
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Crm, CrmType } from "../crm/port.ts";
import type { Db } from "../db.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Logger } from "../logger.ts";

/** `waiting`: a person sits at a screen; `background`: everything else (crm/pace.ts keeps a tenth for people). */
export type Lane = "waiting" | "background";

/**
 * Opens the workspace's connection to a CRM.
 * @throws AppError not_connected (409) | needs_reconnect (409)
 */
export type OpenCrm = (workspaceId: string, crm: CrmType, lane: Lane) => Promise<Crm>;

export type House = {
  db: Db;
  queue: Queue;
  clock: Clock;
  log: Logger;
  config: Config;
  openCrm: OpenCrm;
  /** Numbers in [0, 1) for the jitter of retries; absent: Math.random. Tests hand in a seeded one. */
  random?: () => number;
};
