/** Time as a dependency: the server reads the wall, tests step it. */
import { setTimeout as wait } from "node:timers/promises";

export type Clock = {
  /** UTC now. */
  now(): Date;
  /** Resolves after `ms`; rejects with AbortError when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * The time to hand to SQL: null in production, where the database's own clock rules (processes may disagree
   * about the time, the database does not); the stepped time in tests. SQL says `coalesce($1, clock_timestamp())`.
   */
  sqlNow(): Date | null;
};

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    if (ms > 0) await wait(ms, undefined, signal ? { signal } : undefined);
  },
  sqlNow: () => null,
};

/** A clock that moves only when told to; `sleep` moves it, so nothing waits for real. */
export type SteppedClock = Clock & { advance(ms: number): void; set(at: Date): void };

/** @param start first reading, UTC */
export function steppedClock(start = new Date("2026-11-22T09:00:00Z")): SteppedClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    sleep: async (ms) => {
      at += Math.max(0, ms);
      // Yield to the event loop so that concurrent work interleaves as it would when really waiting.
      await new Promise((resolve) => setImmediate(resolve));
    },
    sqlNow: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
    set: (to) => {
      at = to.getTime();
    },
  };
}
