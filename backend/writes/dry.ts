/** A dry run: the same reading and deciding as a sync, without leases and without writing. */
import type { Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";
import type { Batch, BatchOutcome, Engine, ItemResult } from "./batch.ts";
import { backoffMs, freshState } from "./planned.ts";
import { readCurrents } from "./read.ts";
import { keyOf, readStates } from "./store.ts";

/** What a decision would put there; null when nothing would change. */
type Change = {
  id: string;
  mappingId: string;
  recordId: string;
  property: string;
  decision: string;
  reason: string | null;
  before: string | null;
  after: string | null;
};

/** @param settled counts; false = somebody else counted this batch already, so nothing of it is stored a second time */
export async function planBatch(
  engine: Engine,
  batch: Batch,
  settled: (tx: Tx, results: ItemResult[]) => Promise<boolean>,
): Promise<BatchOutcome> {
  const scope = { workspaceId: batch.workspaceId, crm: batch.crm, objectType: batch.objectType };
  const ids = [...new Set(batch.items.map((item) => item.id))];
  const states =
    ids.length === 0 ? new Map() : await engine.db.withWorkspace(batch.workspaceId, (tx) => readStates(tx, scope, ids));
  const currents = await readCurrents(
    engine.crm,
    batch.objectType,
    batch.items.filter((item) => item.needsRead).map((item) => ({ id: item.id, property: item.property.name })),
  );
  const now = engine.clock.now();
  const retryAt = new Date(now.getTime() + backoffMs(batch.attempt, undefined, 1));
  const changes: Change[] = [];
  const results = batch.items.map((item): ItemResult => {
    const key = keyOf({ id: item.id, property: item.property.name });
    const read = currents.of(key);
    const logId = timeOrderedId(now);
    const change = { id: logId, mappingId: item.mappingId ?? "", recordId: item.id, property: item.property.name };
    if (item.needsRead && read.kind === "error") {
      changes.push({ ...change, decision: "error", reason: read.code, before: null, after: null });
      return { kind: "error", item, current: undefined, code: read.code, message: read.message, logId: null };
    }
    const current = read.kind === "value" ? read.value : undefined;
    const decision = item.decide(current, states.get(key) ?? freshState);
    if (decision.kind === "wait") return { kind: "deferred", item, current, why: "not_read", retryAt };
    if (decision.kind === "skip") {
      if (decision.reason !== "already_current") {
        changes.push({
          ...change,
          decision: "skip",
          reason: decision.reason,
          before: current ?? null,
          after: current ?? null,
        });
      }
      return { kind: "skipped", item, current, reason: decision.reason, detail: decision.detail ?? null, logId: null };
    }
    changes.push({ ...change, decision: "write", reason: null, before: current ?? null, after: decision.send });
    return { kind: "written", item, current, logId, decision };
  });
  await engine.db.withWorkspace(batch.workspaceId, async (tx) => {
    if (await settled(tx, results)) await storeChanges(tx, batch, changes);
  });
  return { results, fatal: currents.fatal, crmCalls: currents.calls };
}

async function storeChanges(tx: Tx, batch: Batch, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx`
    insert into run_changes (workspace_id, run_id, id, mapping_id, crm_type, crm_object_type, crm_record_id,
      crm_property_name, decision, reason, before, after)
    select ${batch.workspaceId}, ${batch.runId}, c.id, c."mappingId", ${batch.crm}, ${batch.objectType}, c."recordId",
      c.property, c.decision, c.reason, c.before, c.after
    from jsonb_to_recordset(${tx.json(changes)}) as c(id uuid, "mappingId" uuid, "recordId" text, property text,
      decision text, reason text, before text, after text)`;
}
