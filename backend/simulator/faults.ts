/**
 * Faults on request, by name and seed, shared by both simulators. The same seed and the same calls give the same
 * faults, so that a failing run can be played again.
 */

export type FaultName =
  /** The work is done, the reply is cut off. */
  | "lost_reply"
  /** The connection is reset before anything is done. */
  | "reset"
  /** The answer comes late (`ms`), after the work is done. */
  | "slow"
  /** Too many requests (HubSpot 429, Salesforce 403 REQUEST_LIMIT_EXCEEDED); nothing is done. */
  | "429"
  /** A server error; the work is done in half of the cases (seeded), as in real life. */
  | "500"
  /** One row of the batch is refused, the others are done. */
  | "bad_row"
  /** Success is reported, but some rows are neither done nor mentioned. */
  | "silent_drop"
  /** The access token is refused although it has not run out. */
  | "expired_token";

export type Fault = {
  name: FaultName;
  /** 0–1, chance per matching call. */
  rate: number;
  /** Calls it applies to: all, reads or writes of records. Default "writes". */
  on?: "all" | "reads" | "writes";
  /** Stop after this many hits. */
  times?: number;
  /** For `slow`. */
  ms?: number;
};

export type FaultControl = {
  /** Replaces what is switched on. */
  set(faults: Fault[], seed?: number): void;
  clear(): void;
  /** Drawn once per call, in the order the faults were given; null = behave. */
  draw(kind: "read" | "write" | "other"): (Fault & { roll: number }) | null;
  /** How often each fault struck. */
  hits(): Record<string, number>;
};

export function createFaults(): FaultControl {
  let active: (Fault & { left: number })[] = [];
  let random = mulberry32(1);
  const struck: Record<string, number> = {};
  return {
    set(faults, seed = 1) {
      active = faults.map((fault) => ({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
      random = mulberry32(seed);
    },
    clear() {
      active = [];
    },
    draw(kind) {
      for (const fault of active) {
        const on = fault.on ?? "writes";
        if (on !== "all" && !(on === "writes" && kind === "write") && !(on === "reads" && kind === "read")) continue;
        if (fault.left <= 0 || random() >= fault.rate) continue;
        fault.left -= 1;
        struck[fault.name] = (struck[fault.name] ?? 0) + 1;
        return { ...fault, roll: random() };
      }
      return null;
    },
    hits: () => ({ ...struck }),
  };
}

/** Small seeded generator (public-domain algorithm mulberry32): numbers in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
