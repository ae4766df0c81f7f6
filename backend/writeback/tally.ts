/** Counting what a unit did, for the run's progress and for its guard. Pure. */
import type { ItemResult } from "../writes/batch.ts";
import { type Decision, isForeign, type WriteState } from "../writes/planned.ts";
import type { Counts, Guard, UnitSpec } from "./run-store.ts";

export type UnitTally = { totals: Counts & { guard: Guard }; byMapping: Record<string, Counts>; settled: number };

/** Counts settled results; deferred ones are counted by the unit that settles them. */
export function tallyOf(results: ItemResult[]): UnitTally {
  const totals: Counts & { guard: Guard } = { guard: {} };
  const byMapping: Record<string, Counts> = {};
  let settled = 0;
  for (const result of results) {
    if (result.kind === "deferred") continue;
    settled += 1;
    const own = byMapping[result.item.mappingId ?? ""] ?? {};
    if (result.item.mappingId !== null) byMapping[result.item.mappingId] = own;
    for (const counts of [totals, own]) count(counts, result);
    if (result.kind === "written") totals.guard.attempted = (totals.guard.attempted ?? 0) + 1;
    if (result.kind === "error" && isFailedWrite(result.code)) {
      totals.guard.attempted = (totals.guard.attempted ?? 0) + 1;
      totals.guard.failed = (totals.guard.failed ?? 0) + 1;
    }
  }
  return { totals, byMapping, settled };
}

/** What the guard wants to know of decisions not carried out yet. */
export function guardOf(
  decided: {
    item: { property: Parameters<typeof isForeign>[2] };
    current: string | null | undefined;
    state: WriteState;
    decision: Decision;
  }[],
): Guard {
  const guard = { decided: decided.length, filled: 0, replaced: 0 };
  for (const { item, current, state, decision } of decided) {
    if (current === undefined || !isForeign(current, state, item.property)) continue;
    guard.filled += 1;
    if (decision.kind === "write" && decision.replaces === "foreign") guard.replaced += 1;
  }
  return guard;
}

/** Beyond these many records or writes a rate means something. */
export const guardFrom = { records: 500, writes: 100 };

/**
 * Why a run should pause and ask, or null.
 * @param guard counters of the whole run
 * @param records records planned so far
 */
export function guardTrips(guard: Guard, records: number): string | null {
  const { filled = 0, replaced = 0, attempted = 0, failed = 0 } = guard;
  if (records > guardFrom.records && replaced > filled / 2) {
    return `This run would replace ${replaced} of ${filled} values that Pandora did not write. Look at a dry run, then resume or cancel it.`;
  }
  if (attempted > guardFrom.writes && failed > attempted / 5) {
    return `${failed} of ${attempted} writes failed so far, more than one in five. Look at the log, then resume or cancel it.`;
  }
  return null;
}

/** What is left of a unit: the same records, only the pairs that were deferred. */
export function leftOver(spec: UnitSpec, results: ItemResult[]): { spec: UnitSpec; notBefore: Date } | null {
  const deferred = results.filter((result) => result.kind === "deferred");
  if (deferred.length === 0) return null;
  const notBefore = new Date(Math.max(...deferred.map((result) => result.retryAt.getTime())));
  const ids = [...new Set(deferred.map(({ item }) => item.id))];
  const left: UnitSpec = { crm: spec.crm, object_type: spec.object_type, record_ids: ids };
  if (spec.log_ids) left.log_ids = deferred.flatMap(({ item }) => (item.undoes === null ? [] : [item.undoes]));
  else left.only = deferred.map(({ item }): [string, string] => [item.id, item.mappingId ?? ""]);
  return { spec: left, notBefore };
}

function count(counts: Counts, result: Exclude<ItemResult, { kind: "deferred" }>): void {
  counts.done = (counts.done ?? 0) + 1;
  if (result.kind === "written") counts.written = (counts.written ?? 0) + 1;
  else if (result.kind === "error") counts.errors = bump(counts.errors, result.code);
  else if (result.reason === "already_current") counts.already_current = (counts.already_current ?? 0) + 1;
  else counts.skipped = bump(counts.skipped, result.reason);
}

function bump(counts: Record<string, number> | undefined, key: string): Record<string, number> {
  return { ...counts, [key]: (counts?.[key] ?? 0) + 1 };
}

/** A record that is gone is no failed write: nothing was refused. */
function isFailedWrite(code: string): boolean {
  return code !== "record_gone";
}
