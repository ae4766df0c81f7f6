/** How a process of ours ends: cleanly when asked, at once when asked twice, and with a line in the log when it breaks. */
import type { Logger } from "./logger.ts";

/** Milliseconds that requests and jobs under way are given. */
const graceMs = 10_000;

/**
 * Listens for SIGINT and SIGTERM, and for errors that nobody caught: after one of those nothing in memory can be trusted,
 * so the process ends and its supervisor starts it again; leases and intents bring the work back.
 * @returns `by`: what to do before the exit, once there is something to stop
 */
export function endOnSignals(log: Logger): { by(stop: (graceMs: number) => Promise<void>): void } {
  let stop: (graceMs: number) => Promise<void> = async () => {};
  let since: number | null = null;
  const asked = (signal: NodeJS.Signals) => {
    const now = performance.now();
    // A terminal and npm may both pass on one Ctrl-C: only a later one means "now".
    if (since !== null) return now - since > 1_000 ? process.exit(130) : undefined;
    since = now;
    log.info("process.stopping", { signal });
    void stop(graceMs).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGINT", asked);
  process.on("SIGTERM", asked);
  const broken = (error: unknown) => {
    log.error("process.broken", { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  };
  process.on("uncaughtException", broken);
  process.on("unhandledRejection", broken);
  return {
    by(given) {
      stop = given;
    },
  };
}
