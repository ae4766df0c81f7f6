/**
 * Applies a batch of decisions to the CRM: lease -> read -> recover -> decide -> pace -> intend -> send -> settle
 * (DESIGN 3.4). Nothing is written that was not read under the lease, and nothing is sent that was not stored before.
 */
import { randomUUID } from "node:crypto";
import type { CrmError } from "../crm/errors.ts";
import { timeOrderedId } from "../ids.ts";
import type { Batch, BatchHooks, BatchItem, BatchOutcome, Engine } from "./batch.ts";
import { keyPart, Ledger, type Prepared, triesMax, type Work } from "./ledger.ts";
import { type Currents, readCurrents } from "./read.ts";
import { recoverPending } from "./recover.ts";
import { send } from "./send.ts";
import { type Ending, endLeases, keyOf, type Leased, lease, readPending, type Scope, storeIntents } from "./store.ts";

export async function applyBatch(engine: Engine, batch: Batch, hooks: BatchHooks = {}): Promise<BatchOutcome> {
  const { db, clock } = engine;
  const scope = { workspaceId: batch.workspaceId, crm: batch.crm, objectType: batch.objectType, owner: randomUUID() };
  const places = batch.items.map((item) => ({ id: item.id, property: item.property.name }));
  const keys = [...new Map(places.map((place) => [keyOf(place), place])).values()];
  const rows = await db.withWorkspace(batch.workspaceId, (tx) =>
    lease(tx, scope, keys, { owner: scope.owner, leaseMs: engine.leaseMs, now: clock.sqlNow() }),
  );
  const round = new Round(engine, batch, scope, rows);
  try {
    return await round.run(hooks);
  } catch (error) {
    // Nothing was sent by a step that throws before the intents; after them every failure is a value.
    await round.releaseUnsent().catch(() => {});
    throw error;
  }
}

/** One round of a batch; its members are what the steps hand on. */
class Round {
  private readonly engine: Engine;
  private readonly batch: Batch;
  private readonly scope: Scope & { owner: string };
  /** Rows we hold and have not ended yet, by key. */
  private readonly ours: Map<string, Leased>;
  private readonly ledger: Ledger;
  private fatal: CrmError | null = null;
  private crmCalls = 0;

  constructor(engine: Engine, batch: Batch, scope: Scope & { owner: string }, rows: Leased[]) {
    this.engine = engine;
    this.batch = batch;
    this.scope = scope;
    this.ours = new Map(rows.map((row) => [keyOf(row), row]));
    this.ledger = new Ledger(engine, batch);
  }

  async run(hooks: BatchHooks): Promise<BatchOutcome> {
    const mine = this.leasedItems();
    const currents = await this.read(mine);
    await this.recover(mine, currents);
    const works = this.decide(mine, currents);
    const allowed = hooks.allow ? await hooks.allow(works.map((work) => ({ ...work, state: work.row.state }))) : true;
    if (allowed) await this.carryOut(works);
    else for (const work of works) this.ledger.defer(work, "not_allowed");
    await this.engine.db.withWorkspace(this.batch.workspaceId, async (tx) => {
      await this.ledger.store(tx, this.scope);
      await hooks.settled?.(tx, this.ledger.results);
    });
    return { results: this.ledger.results, fatal: this.fatal, crmCalls: this.crmCalls };
  }

  /** Gives back what was leased and not sent; what may be under way stays leased until it can't be. */
  async releaseUnsent(): Promise<void> {
    const endings = [...this.ours.values()]
      .filter((row) => row.pendingLogId === null)
      // An intent whose commit was not confirmed to us may stand all the same: its mark stays, and recovery looks.
      .map((row): Ending => ({ ...keyPart(row), fence: row.fence, how: "keep_intent", memory: null }));
    await this.engine.db.withWorkspace(this.batch.workspaceId, (tx) => endLeases(tx, this.scope, endings));
  }

  private leasedItems(): { item: BatchItem; row: Leased }[] {
    // One write of a property at a time: the second of a pair (two writes of a run, taken back) waits for the first.
    const taken = new Set<Leased>();
    return this.batch.items.flatMap((item) => {
      const row = this.ours.get(keyOf({ id: item.id, property: item.property.name }));
      if (row && !taken.has(row)) {
        taken.add(row);
        return [{ item, row }];
      }
      this.ledger.held(item);
      return [];
    });
  }

  private async read(mine: { item: BatchItem; row: Leased }[]): Promise<Currents> {
    const wanted = mine.filter(({ item, row }) => item.needsRead || row.pendingLogId !== null);
    const keys = wanted.map(({ row }) => keyPart(row));
    const currents = await readCurrents(this.engine.crm, this.batch.objectType, keys);
    this.crmCalls += currents.calls;
    this.fatal ??= currents.fatal;
    return currents;
  }

  /** Rows whose last sender got no answer: find out what became of their write before deciding anew. */
  private async recover(mine: { item: BatchItem; row: Leased }[], currents: Currents): Promise<void> {
    const withIntent = mine.filter(({ row }) => row.pendingLogId !== null);
    if (withIntent.length === 0) return;
    const logIds = withIntent.map(({ row }) => row.pendingLogId!);
    const pendings = await this.engine.db.withWorkspace(this.batch.workspaceId, (tx) =>
      readPending(tx, this.scope, logIds),
    );
    const recovered = await recoverPending(this.engine, this.scope, withIntent, pendings, currents);
    this.crmCalls += recovered.calls;
    this.fatal ??= recovered.fatal;
    for (const { item, row } of withIntent) {
      const result = recovered.rows.get(keyOf(row));
      if (result?.kind === "resolved") {
        row.state = result.state;
        row.pendingLogId = null;
        continue;
      }
      this.ours.delete(keyOf(row));
      if (result?.kind === "gave_up") this.ledger.gaveUp(item, row, result);
      else this.ledger.unresolved(item, row, result);
    }
  }

  private decide(mine: { item: BatchItem; row: Leased }[], currents: Currents): Work[] {
    const works: Work[] = [];
    for (const { item, row } of mine) {
      if (!this.ours.has(keyOf(row))) continue;
      const read = currents.of(keyOf(row));
      if (read.kind === "error") {
        this.ledger.refusedUnread(item, row, read.code, read.message);
        continue;
      }
      const current = read.kind === "value" ? read.value : undefined;
      const decision = item.decide(current, row.state);
      const work = { item, row, current, decision };
      const refused = read.kind === "not_read" && this.batch.attempt + 1 >= triesMax ? read.refused : null;
      if (decision.kind !== "wait") works.push(work);
      // Asked often enough: it is listed, and the run it belongs to can end.
      else if (refused !== null) this.ledger.refusedUnread(item, row, "unexpected", refused);
      else this.ledger.defer(work, "not_read", read.kind === "not_read" ? read.afterMs : undefined);
    }
    return works;
  }

  private async carryOut(works: Work[]): Promise<void> {
    const prepared: Prepared[] = [];
    const now = this.engine.clock.now();
    for (const work of works) {
      const { decision } = work;
      if (decision.kind === "skip") this.ledger.skip(work, decision.reason, decision.detail ?? null);
      else if (decision.kind === "write" && this.fatal) this.ledger.defer(work, "retry");
      else if (decision.kind === "write") {
        prepared.push({ work, decision, logId: timeOrderedId(now) });
      }
    }
    if (prepared.length > 0) await this.sendAll(prepared);
  }

  private async sendAll(prepared: Prepared[]): Promise<void> {
    const { crm, db, clock } = this.engine;
    const records = new Set(prepared.map(({ work }) => work.item.id)).size;
    // The slots first, the intent then: between intent and sending nothing may wait for long.
    await crm.reserve(Math.ceil(records / crm.shape.writeBatchMax));
    const context = {
      ...this.scope,
      ...{ runId: this.batch.runId, trigger: this.batch.trigger, skillRunId: this.batch.skillRunId },
      ...{ initiatedBy: this.batch.initiatedBy, attempt: this.batch.attempt + 1, now: clock.sqlNow() },
      leaseMs: crm.shape.requestTimeoutMs + this.engine.leaseMs,
    };
    const now = clock.now();
    const stored = await db.withWorkspace(this.batch.workspaceId, (tx) =>
      storeIntents(
        tx,
        context,
        prepared.map((one) => intentOf(one, now)),
      ),
    );
    const goesOn = stored.size === prepared.length || (await this.runGoesOn());
    const ready = prepared.filter(({ work, logId }) => {
      if (stored.has(logId)) work.row.pendingLogId = logId;
      // Either the run was stopped, or this row's lease ran out meanwhile: then it is tried again.
      else this.ledger.defer(work, goesOn ? "held" : "not_allowed");
      return stored.has(logId);
    });
    const sendings = ready.map(({ work, decision, logId }) => ({
      ...{ ...keyPart(work.row), fence: work.row.fence },
      ...{ logId, send: decision.send },
    }));
    const sent = await send(this.engine, context, sendings);
    this.crmCalls += sent.calls;
    this.fatal ??= sent.fatal;
    for (const one of ready) this.ledger.sent(one, sent.endOf(keyOf(one.work.row)));
  }

  private async runGoesOn(): Promise<boolean> {
    const { runId, workspaceId } = this.batch;
    if (runId === null) return true;
    const [row] = await this.engine.db.withWorkspace(
      workspaceId,
      (tx) => tx`select status from sync_runs where workspace_id = ${workspaceId} and id = ${runId}`,
    );
    return row?.status === "running";
  }
}

/** Written out: this runs once for every value, and spreading literals costs more than it saves. */
function intentOf({ work, decision, logId }: Prepared, now: Date): Parameters<typeof storeIntents>[2][number] {
  const { item, row, current } = work;
  return {
    id: row.id,
    property: row.property,
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
