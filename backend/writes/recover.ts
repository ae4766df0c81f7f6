/** Finds out what became of writes whose sender died or got no answer: reads the CRM first, then decides (DESIGN 3.4). */
import type { ErrorCode } from "../contract/reasons.ts";
import type { CrmError } from "../crm/errors.ts";
import type { Property } from "../crm/port.ts";
import type { Engine } from "./batch.ts";
import { backoffMs, recoveryOf, type WriteState } from "./planned.ts";
import type { Currents } from "./read.ts";
import { type SendEnd, type Sending, send } from "./send.ts";
import { type Settled, settleLog } from "./settle.ts";
import { closePending, extendIntents, type Key, keyOf, type Leased, type PendingRow, type Scope } from "./store.ts";

export type Recovered =
  /** The old write is closed; go on with this state. */
  | { kind: "resolved"; state: WriteState }
  /** Still not certain: the intent stays. */
  | { kind: "unresolved"; inFlight: boolean; retryAt: Date }
  /** Listed: the record is gone, or a day went by. */
  | { kind: "gave_up"; code: ErrorCode; message: string };

type RowToRecover = { item: { property: Property }; row: Leased };

/**
 * @param rows leased rows with an intent pending, with what the CRM holds in `currents`
 * @returns by key; closed log rows are settled already, and `currents` knows what was sent again
 */
export async function recoverPending(
  engine: Engine,
  scope: Scope & { owner: string },
  rows: RowToRecover[],
  pendings: PendingRow[],
  currents: Currents,
): Promise<{ rows: Map<string, Recovered>; calls: number; fatal: CrmError | null }> {
  const now = engine.clock.now();
  const byKey = new Map(pendings.map((row) => [keyOf(row), row]));
  const results = new Map<string, Recovered>();
  const settled: Settled[] = [];
  const closing: (Key & { fence: number; done: boolean })[] = [];
  const again: { sending: Sending; row: Leased }[] = [];
  for (const { item, row } of rows) {
    const key = keyOf(row);
    const found = byKey.get(key);
    if (!found) {
      // The log row is closed or scrubbed: nothing is pending any more.
      closing.push({ ...row, done: false });
      continue;
    }
    const { pending } = found;
    const read = currents.of(key);
    if (read.kind === "error") {
      settled.push({ logId: pending.logId, status: "error", code: read.code, message: read.message, httpStatus: null });
      results.set(key, { kind: "gave_up", code: read.code, message: read.message });
      continue;
    }
    const current = read.kind === "value" ? read.value : undefined;
    const recovery = recoveryOf(pending, current, item.property, now);
    switch (recovery) {
      case "success":
        settled.push({ logId: pending.logId, status: "success", code: null, message: null, httpStatus: null });
        closing.push({ ...row, done: true });
        break;
      case "send_again":
        again.push({
          row,
          sending: { id: row.id, property: row.property, fence: row.fence, logId: pending.logId, send: pending.send },
        });
        break;
      case "plan_anew":
        settled.push({
          logId: pending.logId,
          status: "error",
          code: "outcome_unknown",
          message: plannedAnew,
          httpStatus: null,
        });
        closing.push({ ...row, done: false });
        break;
      case "give_up":
        settled.push({
          logId: pending.logId,
          status: "error",
          code: "outcome_unknown",
          message: gaveUp,
          httpStatus: null,
        });
        results.set(key, { kind: "gave_up", code: "outcome_unknown", message: gaveUp });
        break;
      case "wait":
        results.set(key, { kind: "unresolved", inFlight: false, retryAt: soon(engine, now) });
        break;
      default:
        recovery satisfies never;
    }
  }
  const sent = await sendAgain(
    engine,
    scope,
    again.map(({ sending }) => sending),
  );
  for (const { row, sending } of again) {
    const end = sent.endOf(keyOf(row));
    const result = resolveAgain(engine, end, sending, settled, now);
    if (result === "done") {
      closing.push({ ...row, done: true });
      currents.put(keyOf(row), sending.send);
    } else
      results.set(
        keyOf(row),
        result === "not_done" ? { kind: "unresolved", inFlight: false, retryAt: soon(engine, now) } : result,
      );
  }
  await engine.db.withWorkspace(scope.workspaceId, async (tx) => {
    await settleLog(tx, scope.workspaceId, engine.clock.sqlNow(), settled);
    const memories = await closePending(tx, scope, closing);
    for (const row of closing) {
      const state = memories.get(keyOf(row));
      // Not ours any more: somebody took the lease over; leave it to them.
      results.set(
        keyOf(row),
        state ? { kind: "resolved", state } : { kind: "unresolved", inFlight: true, retryAt: soon(engine, now) },
      );
    }
  });
  return { rows: results, calls: sent.calls, fatal: sent.fatal };
}

const plannedAnew = "The reply was lost and something else stands there now, so it was planned anew.";
export const gaveUp = "The reply was lost and the CRM could not be read for a day.";

async function sendAgain(engine: Engine, scope: Scope & { owner: string }, sendings: Sending[]) {
  if (sendings.length === 0)
    return { endOf: (): SendEnd => ({ kind: "unknown", inFlight: false }), calls: 0, fatal: null };
  const { crm, clock, db } = engine;
  await crm.reserve(Math.ceil(new Set(sendings.map(({ id }) => id)).size / crm.shape.writeBatchMax));
  const context = { ...scope, now: clock.sqlNow(), leaseMs: crm.shape.requestTimeoutMs + engine.leaseMs };
  const kept = await db.withWorkspace(scope.workspaceId, (tx) => extendIntents(tx, context, sendings));
  return send(
    engine,
    context,
    sendings.filter(({ logId }) => kept.has(logId)),
  );
}

function resolveAgain(
  engine: Engine,
  end: SendEnd,
  sending: Sending,
  settled: Settled[],
  now: Date,
): "done" | "not_done" | Recovered {
  switch (end.kind) {
    case "done":
      settled.push({ logId: sending.logId, status: "success", code: null, message: null, httpStatus: 200 });
      return "done";
    case "refused":
      settled.push({
        logId: sending.logId,
        status: "error",
        code: end.code,
        message: end.message,
        httpStatus: end.httpStatus,
      });
      return { kind: "gave_up", code: end.code, message: end.message };
    case "not_done":
      return "not_done";
    case "unknown":
      return {
        kind: "unresolved",
        inFlight: end.inFlight,
        retryAt: end.inFlight
          ? new Date(now.getTime() + engine.crm.shape.requestTimeoutMs + engine.leaseMs)
          : soon(engine, now),
      };
    default:
      return end satisfies never;
  }
}

function soon(engine: Engine, now: Date): Date {
  return new Date(now.getTime() + backoffMs(1, undefined, (engine.random ?? Math.random)()));
}
