/**
 * Applies a batch of decisions to the CRM: lease -> read -> recover -> decide -> pace -> intend -> send -> settle
 * (DESIGN 3.4). Nothing is written that was not read under the lease, and nothing is sent that was not stored before.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { ErrorCode, SkipReason } from "../contract/reasons.ts";
import type { CrmError } from "../crm/errors.ts";
import type { Crm, CrmType, ObjectType, Property } from "../crm/port.ts";
import type { Db, Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";
import type { Logger } from "../logger.ts";
import { backoffMs, type Decision, type RawValue, skipIsNews, type WriteDecision, type WriteState } from "./planned.ts";
import { type Currents, readCurrents } from "./read.ts";
import { type Recovered, recoverPending } from "./recover.ts";
import { send } from "./send.ts";
import { type Decided, dropIntents, logDecisions, type Settled, settleLog } from "./settle.ts";
import { type Ending, endLeases, keyOf, type Leased, lease, readPending, type Scope, storeIntents } from "./store.ts";

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
  settled?(tx: Tx, results: ItemResult[]): Promise<void>;
};

export type BatchOutcome = {
  results: ItemResult[];
  /** The connection can't be used any more: the caller pauses the workspace's work. Everything is settled. */
  fatal: CrmError | null;
  crmCalls: number;
};

/** After this many tries a busy CRM or a locked row is given up and listed. */
export const triesMax = 12;

export async function applyBatch(engine: Engine, batch: Batch, hooks: BatchHooks = {}): Promise<BatchOutcome> {
  const { db, clock } = engine;
  const scope: Scope = { workspaceId: batch.workspaceId, crm: batch.crm, objectType: batch.objectType };
  const owner = randomUUID();
  const keys = batch.items.map((item) => ({ id: item.id, property: item.property.name }));
  const leasedRows = await db.withWorkspace(batch.workspaceId, (tx) =>
    lease(tx, scope, keys, { owner, leaseMs: engine.leaseMs, now: clock.sqlNow() }),
  );
  const held = new Map(leasedRows.map((row) => [keyOf(row), row]));
  const round = new Round(engine, batch, scope, owner, held);
  try {
    return await round.run(hooks);
  } catch (error) {
    // Nothing was sent by a step that throws before the intents; after them every failure is a value.
    await round.releaseUnsent().catch(() => {});
    throw error;
  }
}

type Work = { item: BatchItem; row: Leased; current: string | null | undefined; decision: Decision };
type Prepared = { work: Work; decision: WriteDecision; logId: string };

/** One round of a batch; its members are what the steps hand on. */
class Round {
  private readonly engine: Engine;
  private readonly batch: Batch;
  private readonly scope: Scope;
  private readonly owner: string;
  private readonly held: Map<string, Leased>;
  private readonly results: ItemResult[] = [];
  private readonly endings: Ending[] = [];
  private readonly settledRows: Settled[] = [];
  private readonly decidedRows: Decided[] = [];
  private readonly dropped: string[] = [];
  private fatal: CrmError | null = null;
  private crmCalls = 0;

  constructor(engine: Engine, batch: Batch, scope: Scope, owner: string, held: Map<string, Leased>) {
    this.engine = engine;
    this.batch = batch;
    this.scope = scope;
    this.owner = owner;
    this.held = held;
  }

  async run(hooks: BatchHooks): Promise<BatchOutcome> {
    const mine = this.splitHeld();
    const currents = await this.read(mine);
    await this.recover(mine, currents);
    const works = this.decide(mine, currents);
    const allowed = hooks.allow ? await hooks.allow(works.map((work) => ({ ...work, state: work.row.state }))) : true;
    if (allowed) await this.sendAll(works);
    else for (const work of works) this.defer(work, "not_allowed", 0);
    await this.settle(hooks);
    return { results: this.results, fatal: this.fatal, crmCalls: this.crmCalls };
  }

  /** Gives back what was leased and not sent; what may be under way stays leased until it can't be. */
  async releaseUnsent(): Promise<void> {
    const endings = [...this.held.values()]
      .filter((row) => row.pendingLogId === null)
      .map((row): Ending => ({ ...keyPart(row), fence: row.fence, how: "free", memory: null }));
    await this.engine.db.withWorkspace(this.batch.workspaceId, (tx) =>
      endLeases(tx, { ...this.scope, owner: this.owner }, endings),
    );
  }

  private splitHeld(): { item: BatchItem; row: Leased }[] {
    const mine: { item: BatchItem; row: Leased }[] = [];
    for (const item of this.batch.items) {
      const row = this.held.get(keyOf({ id: item.id, property: item.property.name }));
      if (row) mine.push({ item, row });
      else {
        const retryAt = new Date(this.engine.clock.now().getTime() + Math.min(this.engine.leaseMs, 5_000));
        this.results.push({ kind: "deferred", item, current: undefined, why: "held", retryAt });
      }
    }
    return mine;
  }

  private async read(mine: { item: BatchItem; row: Leased }[]): Promise<Currents> {
    const wanted = mine.filter(({ item, row }) => item.needsRead || row.pendingLogId !== null);
    const currents = await readCurrents(
      this.engine.crm,
      this.batch.objectType,
      wanted.map(({ item }) => ({ id: item.id, property: item.property.name })),
    );
    this.crmCalls += currents.calls;
    this.fatal ??= currents.fatal;
    return currents;
  }

  /** Rows whose last sender got no answer: find out what became of their write before deciding anew. */
  private async recover(mine: { item: BatchItem; row: Leased }[], currents: Currents): Promise<void> {
    const withIntent = mine.filter(({ row }) => row.pendingLogId !== null);
    if (withIntent.length === 0) return;
    const pendings = await this.engine.db.withWorkspace(this.batch.workspaceId, (tx) =>
      readPending(
        tx,
        this.scope,
        withIntent.map(({ row }) => row.pendingLogId!),
      ),
    );
    const recovered = await recoverPending(
      this.engine,
      { ...this.scope, owner: this.owner },
      withIntent,
      pendings,
      currents,
    );
    this.crmCalls += recovered.calls;
    this.fatal ??= recovered.fatal;
    for (const { item, row } of withIntent) this.takeOver(item, row, recovered.rows.get(keyOf(row)));
  }

  private takeOver(item: BatchItem, row: Leased, recovered: Recovered | undefined): void {
    if (!recovered || recovered.kind === "unresolved") {
      this.held.delete(keyOf(row));
      const how = recovered?.inFlight ? "hold" : "keep_intent";
      this.endings.push({ ...keyPart(row), fence: row.fence, how, memory: null });
      const retryAt =
        recovered?.retryAt ??
        new Date(this.engine.clock.now().getTime() + backoffMs(this.batch.attempt, undefined, this.random()));
      this.results.push({ kind: "deferred", item, current: undefined, why: "unknown", retryAt });
      return;
    }
    if (recovered.kind === "gave_up") {
      this.held.delete(keyOf(row));
      this.endings.push({ ...keyPart(row), fence: row.fence, how: "free", memory: row.state });
      this.results.push({
        kind: "error",
        item,
        current: undefined,
        code: recovered.code,
        message: recovered.message,
        logId: row.pendingLogId,
      });
      return;
    }
    row.state = recovered.state;
    row.pendingLogId = null;
  }

  private decide(mine: { item: BatchItem; row: Leased }[], currents: Currents): Work[] {
    const works: Work[] = [];
    for (const { item, row } of mine) {
      if (!this.held.has(keyOf(row))) continue;
      const read = currents.of(keyOf(row));
      if (read.kind === "error") {
        this.refuseUnread(item, row, read.code, read.message);
        continue;
      }
      const current = read.kind === "value" ? read.value : undefined;
      const decision = item.decide(current, row.state);
      const work = { item, row, current, decision };
      if (decision.kind === "wait") {
        const afterMs = read.kind === "not_read" ? read.afterMs : undefined;
        this.defer(work, "not_read", afterMs ?? 0);
      } else works.push(work);
    }
    return works;
  }

  private async sendAll(works: Work[]): Promise<void> {
    const prepared: Prepared[] = [];
    for (const work of works) {
      if (work.decision.kind === "skip") this.skip(work, work.decision.reason, work.decision.detail ?? null);
      else if (work.decision.kind === "write") {
        prepared.push({ work, decision: work.decision, logId: timeOrderedId(this.engine.clock.now()) });
      }
    }
    if (prepared.length === 0) return;
    if (this.fatal) {
      for (const { work } of prepared) this.defer(work, "retry", 0);
      return;
    }
    const { crm, db, clock } = this.engine;
    const records = new Set(prepared.map(({ work }) => work.item.id)).size;
    // The slots first, the intent then: between intent and sending nothing may wait for long.
    await crm.reserve(Math.ceil(records / crm.shape.writeBatchMax));
    const context = {
      ...this.scope,
      owner: this.owner,
      runId: this.batch.runId,
      trigger: this.batch.trigger,
      skillRunId: this.batch.skillRunId,
      initiatedBy: this.batch.initiatedBy,
      attempt: this.batch.attempt + 1,
      now: clock.sqlNow(),
      leaseMs: crm.shape.requestTimeoutMs + this.engine.leaseMs,
    };
    const now = clock.now();
    const allowed = await db.withWorkspace(this.batch.workspaceId, (tx) =>
      storeIntents(
        tx,
        context,
        prepared.map((one) => intentOf(one, now)),
      ),
    );
    const ready = prepared.filter(({ logId }) => allowed.has(logId));
    for (const { work, logId } of prepared) if (!allowed.has(logId)) this.defer(work, "not_allowed", 0);
    for (const { work, logId } of ready) work.row.pendingLogId = logId;
    const sent = await send(
      this.engine,
      context,
      ready.map(({ work, decision, logId }) => ({
        ...keyPart(work.row),
        fence: work.row.fence,
        logId,
        send: decision.send,
      })),
    );
    this.crmCalls += sent.calls;
    this.fatal ??= sent.fatal;
    for (const one of ready) this.conclude(one, sent.endOf(keyOf(one.work.row)));
  }

  private conclude(
    { work, decision, logId }: Prepared,
    end: ReturnType<Awaited<ReturnType<typeof send>>["endOf"]>,
  ): void {
    const { item, row, current } = work;
    const key = { ...keyPart(row), fence: row.fence };
    const now = this.engine.clock.now().getTime();
    switch (end.kind) {
      case "done":
        this.settledRows.push({ logId, status: "success", code: null, message: null, httpStatus: 200 });
        this.endings.push({ ...key, how: "done", memory: null });
        this.results.push({ kind: "written", item, current, logId, decision });
        return;
      case "refused":
        this.settledRows.push({
          logId,
          status: "error",
          code: end.code,
          message: end.message,
          httpStatus: end.httpStatus,
        });
        this.endings.push({ ...key, how: "free", memory: item.refused(decision, row.state, end.code) });
        this.results.push({ kind: "error", item, current, code: end.code, message: end.message, logId });
        return;
      case "not_done":
        if (this.batch.attempt + 1 >= triesMax) {
          this.settledRows.push({
            logId,
            status: "error",
            code: "crm_unavailable",
            message: end.message,
            httpStatus: end.httpStatus,
          });
          this.endings.push({ ...key, how: "free", memory: null });
          this.results.push({ kind: "error", item, current, code: "crm_unavailable", message: end.message, logId });
          return;
        }
        this.dropped.push(logId);
        this.endings.push({ ...key, how: "free", memory: null });
        this.results.push({
          ...{ kind: "deferred", item, current, why: "retry" },
          retryAt: new Date(now + backoffMs(this.batch.attempt, end.afterMs, this.random())),
        });
        return;
      case "unknown":
        // A request that was answered without a word on this row is over; one without any answer may still be under way.
        this.endings.push({ ...key, how: end.inFlight ? "hold" : "keep_intent", memory: null });
        this.results.push({
          ...{ kind: "deferred", item, current, why: "unknown" },
          retryAt: new Date(
            now +
              (end.inFlight
                ? this.engine.crm.shape.requestTimeoutMs + this.engine.leaseMs
                : backoffMs(this.batch.attempt, undefined, this.random())),
          ),
        });
        return;
      default:
        end satisfies never;
    }
  }

  private skip(work: Work, reason: SkipReason, detail: string | null): void {
    const { item, row, current } = work;
    const news = skipIsNews(reason, row.state.lastDecision);
    const logId = news ? timeOrderedId(this.engine.clock.now()) : null;
    if (logId) {
      this.decidedRows.push({
        ...{
          logId,
          ...keyPart(row),
          mappingId: item.mappingId,
          raw: item.raw,
          current: current ?? null,
          version: item.version,
        },
        ...{ undoes: item.undoes, status: "skipped", reason, code: null, message: detail },
      });
    }
    const memory = news ? { ...row.state, lastDecision: `skip:${reason}` } : null;
    this.endings.push({ ...keyPart(row), fence: row.fence, how: "free", memory });
    this.results.push({ kind: "skipped", item, current, reason, detail, logId });
  }

  /** The record is gone, or the property is: an error without a call. */
  private refuseUnread(item: BatchItem, row: Leased, code: ErrorCode, message: string): void {
    const news = row.state.lastDecision !== `error:${code}`;
    const logId = news ? timeOrderedId(this.engine.clock.now()) : null;
    if (logId) {
      this.decidedRows.push({
        ...{ logId, ...keyPart(row), mappingId: item.mappingId, raw: item.raw, current: null, version: item.version },
        ...{ undoes: item.undoes, status: "error", reason: null, code, message },
      });
    }
    const memory = news ? { ...row.state, lastDecision: `error:${code}` } : null;
    this.endings.push({ ...keyPart(row), fence: row.fence, how: "free", memory });
    this.results.push({ kind: "error", item, current: undefined, code, message, logId });
  }

  private defer(work: Work, why: "not_read" | "retry" | "not_allowed", afterMs: number): void {
    this.endings.push({ ...keyPart(work.row), fence: work.row.fence, how: "free", memory: null });
    const retryAt = new Date(this.engine.clock.now().getTime() + backoffMs(this.batch.attempt, afterMs, this.random()));
    this.results.push({ kind: "deferred", item: work.item, current: work.current, why, retryAt });
  }

  private async settle(hooks: BatchHooks): Promise<void> {
    const { db, clock } = this.engine;
    const now = clock.sqlNow();
    await db.withWorkspace(this.batch.workspaceId, async (tx) => {
      await settleLog(tx, this.batch.workspaceId, now, this.settledRows);
      await dropIntents(tx, this.batch.workspaceId, this.dropped);
      await logDecisions(tx, { ...this.scope, ...this.batch, now }, this.decidedRows);
      await endLeases(tx, { ...this.scope, owner: this.owner }, this.endings);
      await hooks.settled?.(tx, this.results);
    });
  }

  private random(): number {
    return (this.engine.random ?? Math.random)();
  }
}

function keyPart(row: Leased): { id: string; property: string } {
  return { id: row.id, property: row.property };
}

function intentOf({ work, decision, logId }: Prepared, now: Date): Parameters<typeof storeIntents>[2][number] {
  const { item, row, current } = work;
  return {
    ...keyPart(row),
    fence: row.fence,
    logId,
    mappingId: item.mappingId,
    raw: item.raw,
    value: decision.value,
    send: decision.send,
    previous: current ?? null,
    previousKnown: current !== undefined,
    entry: decision.entry,
    separator: item.separator,
    version: item.version,
    undoes: item.undoes,
    after: item.after(decision, row.state, now),
  };
}
