/**
 * The ledger of one batch: how each row ends is written down as it becomes known, and stored at once at the end, so
 * that the log, the leases and the counters always tell the same story.
 */
import type { ErrorCode, SkipReason } from "../contract/reasons.ts";
import type { Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";
import type { Batch, BatchItem, Engine, ItemResult } from "./batch.ts";
import { backoffMs, type Decision, skipIsNews, type WriteDecision, type WriteState } from "./planned.ts";
import type { Recovered } from "./recover.ts";
import type { SendEnd } from "./send.ts";
import { type Decided, dropIntents, logDecisions, type Settled, settleLog } from "./settle.ts";
import { type Ending, endLeases, type Key, type Leased, type Scope } from "./store.ts";

export type Work = { item: BatchItem; row: Leased; current: string | null | undefined; decision: Decision };
export type Prepared = { work: Work; decision: WriteDecision; logId: string };

/** After this many tries a busy CRM or a locked row is given up and listed. */
export const triesMax = 12;

export class Ledger {
  readonly results: ItemResult[] = [];
  private readonly engine: Engine;
  private readonly batch: Batch;
  private readonly endings: Ending[] = [];
  private readonly settled: Settled[] = [];
  private readonly decided: Decided[] = [];
  private readonly dropped: string[] = [];

  constructor(engine: Engine, batch: Batch) {
    this.engine = engine;
    this.batch = batch;
  }

  /** Somebody else is writing this row. */
  held(item: BatchItem): void {
    const retryAt = this.inMs(Math.min(this.engine.leaseMs, 5_000));
    this.results.push({ kind: "deferred", item, current: undefined, why: "held", retryAt });
  }

  /** What became of an older write is still not certain: its intent stays. */
  unresolved(item: BatchItem, row: Leased, recovered: Extract<Recovered, { kind: "unresolved" }> | undefined): void {
    this.end(row, recovered?.inFlight ? "hold" : "keep_intent");
    const retryAt = recovered?.retryAt ?? this.later();
    this.results.push({ kind: "deferred", item, current: undefined, why: "unknown", retryAt });
  }

  /** An older write was given up; its log row is closed already. */
  gaveUp(item: BatchItem, row: Leased, { code, message }: Extract<Recovered, { kind: "gave_up" }>): void {
    this.end(row, "free");
    this.results.push({ kind: "error", item, current: undefined, code, message, logId: row.pendingLogId });
  }

  /** Not now: not readable, refused for the moment, or not allowed by the run. */
  defer({ item, row, current }: Work, why: "held" | "not_read" | "retry" | "not_allowed", afterMs?: number): void {
    this.end(row, "free");
    this.results.push({ kind: "deferred", item, current, why, retryAt: this.later(afterMs) });
  }

  skip({ item, row, current }: Work, reason: SkipReason, detail: string | null): void {
    const logId = skipIsNews(reason, row.state.lastDecision) ? timeOrderedId(this.engine.clock.now()) : null;
    if (logId) {
      const why = { reason, code: null, message: detail };
      this.decided.push({ ...this.decision(item, row, logId), ...why, current: current ?? null, status: "skipped" });
    }
    this.end(row, "free", remembering(row.state, `skip:${reason}`));
    this.results.push({ kind: "skipped", item, current, reason, detail, logId });
  }

  /** The record is gone, or the property is: an error without a call, logged when it is news. */
  refusedUnread(item: BatchItem, row: Leased, code: ErrorCode, message: string): void {
    const memory = remembering(row.state, `error:${code}`);
    const logId = memory ? timeOrderedId(this.engine.clock.now()) : null;
    if (logId) {
      const why = { reason: null, code, message };
      this.decided.push({ ...this.decision(item, row, logId), ...why, current: null, status: "error" });
    }
    this.end(row, "free", memory);
    this.results.push({ kind: "error", item, current: undefined, code, message, logId });
  }

  /** How a sent write ended. */
  sent({ work, decision, logId }: Prepared, end: SendEnd): void {
    const { item, row, current } = work;
    switch (end.kind) {
      case "done":
        this.settled.push({ logId, status: "success", code: null, message: null, httpStatus: 200 });
        this.end(row, "done");
        this.results.push({ kind: "written", item, current, logId, decision });
        return;
      case "refused":
        this.failed(work, logId, end.code, end, item.refused(decision, row.state, end.code));
        return;
      case "not_done":
        if (this.batch.attempt + 1 >= triesMax) {
          this.failed(work, logId, "crm_unavailable", end, null);
          return;
        }
        this.dropped.push(logId);
        this.defer(work, "retry", end.afterMs);
        return;
      case "unknown": {
        // A request that was answered without a word on this row is over; one without any answer may be under way.
        this.end(row, end.inFlight ? "hold" : "keep_intent");
        const { crm, leaseMs } = this.engine;
        const retryAt = end.inFlight ? this.inMs(crm.shape.requestTimeoutMs + leaseMs) : this.later();
        this.results.push({ kind: "deferred", item, current, why: "unknown", retryAt });
        return;
      }
      default:
        end satisfies never;
    }
  }

  /** Stores everything in the caller's transaction. */
  async store(tx: Tx, scope: Scope & { owner: string }): Promise<void> {
    const now = this.engine.clock.sqlNow();
    await settleLog(tx, scope.workspaceId, now, this.settled);
    await dropIntents(tx, scope.workspaceId, this.dropped);
    await logDecisions(tx, { ...scope, ...this.batch, now }, this.decided);
    await endLeases(tx, scope, this.endings);
  }

  private failed(
    { item, row, current }: Work,
    logId: string,
    code: ErrorCode,
    { message, httpStatus }: { message: string; httpStatus: number | null },
    memory: WriteState | null,
  ): void {
    this.settled.push({ logId, status: "error", code, message, httpStatus });
    this.end(row, "free", memory);
    this.results.push({ kind: "error", item, current, code, message, logId });
  }

  private decision(item: BatchItem, row: Leased, logId: string) {
    const { mappingId, raw, version, undoes } = item;
    return { logId, ...keyPart(row), mappingId, raw, version, undoes };
  }

  private end(row: Leased, how: Ending["how"], memory: WriteState | null = null): void {
    this.endings.push({ ...keyPart(row), fence: row.fence, how, memory });
  }

  private later(afterMs?: number): Date {
    return this.inMs(backoffMs(this.batch.attempt, afterMs, (this.engine.random ?? Math.random)()));
  }

  private inMs(ms: number): Date {
    return new Date(this.engine.clock.now().getTime() + ms);
  }
}

export function keyPart(row: Leased): Key {
  return { id: row.id, property: row.property };
}

/** The memory with this as its last decision; null when it is the same already and nothing need be stored. */
function remembering(state: WriteState, lastDecision: string): WriteState | null {
  return state.lastDecision === lastDecision ? null : { ...state, lastDecision };
}
