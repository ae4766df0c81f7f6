/** What a batch is, and what becomes of each of its items: the seam between deciding and writing. Types only. */
import type { Clock } from "../clock.ts";
import type { ErrorCode, SkipReason } from "../contract/reasons.ts";
import type { CrmError } from "../crm/errors.ts";
import type { Crm, CrmType, ObjectType, Property } from "../crm/port.ts";
import type { Db, Tx } from "../db.ts";
import type { Logger } from "../logger.ts";
import type { Decision, RawValue, WriteDecision, WriteState } from "./planned.ts";

/** One property of one record to decide about. */
export type BatchItem = {
  id: string;
  property: Property;
  mappingId: string | null;
  raw: RawValue;
  version: number | null;
  /** False under skip_read: decided without knowing what the CRM holds. */
  needsRead: boolean;
  separator: string | null;
  /** The log row this item takes back. */
  undoes: string | null;
  /** @param current undefined = could not be read */
  decide(current: string | null | undefined, state: WriteState): Decision;
  /** What is remembered once the write is done. */
  after(decision: WriteDecision, state: WriteState, now: Date): WriteState;
  /** What is remembered when the CRM refuses the value for good. */
  refused(decision: WriteDecision, state: WriteState, code: string): WriteState;
};

export type Batch = {
  workspaceId: string;
  crm: CrmType;
  objectType: ObjectType;
  runId: string | null;
  /** skill_run:<skill>, schedule, manual, test, retry, undo */
  trigger: string;
  skillRunId: string | null;
  initiatedBy: string;
  /** 0 for the first try; part of backoff and shown in the log. */
  attempt: number;
  items: BatchItem[];
};

export type ItemResult = { item: BatchItem; current: string | null | undefined } & (
  | { kind: "written"; logId: string; decision: WriteDecision }
  | { kind: "skipped"; reason: SkipReason; detail: string | null; logId: string | null }
  | { kind: "error"; code: ErrorCode; message: string; logId: string | null }
  /** Not settled: held by somebody else, not readable, refused for now, or sent without an answer. */
  | { kind: "deferred"; why: "held" | "not_read" | "retry" | "unknown" | "not_allowed"; retryAt: Date }
);

export type Engine = { db: Db; crm: Crm; clock: Clock; log: Logger; leaseMs: number; random?: () => number };

export type BatchHooks = {
  /** Sees the decisions before anything is sent; false = send nothing, release all. */
  allow?(
    decided: { item: BatchItem; current: string | null | undefined; state: WriteState; decision: Decision }[],
  ): Promise<boolean>;
  /** Runs in the transaction that settles, so that counting and settling are one. */
  settled?(tx: Tx, results: ItemResult[]): Promise<unknown>;
};

export type BatchOutcome = {
  results: ItemResult[];
  /** The connection can't be used any more: the caller pauses the workspace's work. Everything is settled. */
  fatal: CrmError | null;
  crmCalls: number;
};
