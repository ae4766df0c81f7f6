/** Looks after writes whose sender died: whatever no batch comes by for is read, settled, sent again or given up here. */
import { randomUUID } from "node:crypto";
import type { House } from "../connections/house.ts";
import { isPause } from "../connections/open-crm.ts";
import { crmProperties } from "../connections/properties.ts";
import type { CrmType, ObjectType, Property } from "../crm/port.ts";
import { timeOf } from "../ids.ts";
import { applyBatch } from "./apply.ts";
import type { BatchItem } from "./batch.ts";
import { certaintyDeadlineMs } from "./planned.ts";
import { gaveUp } from "./recover.ts";
import { settleLog } from "./settle.ts";
import { type Ending, endLeases, keyOf, lease, readPending, type Scope } from "./store.ts";

const most = 1000;

type Row = { object_type: ObjectType; id: string; property: string; pending_log_id: string };

/**
 * One CRM that can't be reached does not keep the other one's writes waiting.
 * @returns how many intents were looked at
 */
export async function onRecover(house: House, payload: { workspace_id: string }): Promise<number> {
  const { workspace_id: workspaceId } = payload;
  let looked = 0;
  let failure: unknown;
  for (const crm of ["hubspot", "salesforce"] as const) {
    const rows = await pendingRows(house, workspaceId, crm);
    looked += rows.length;
    for (const [objectType, group] of Map.groupBy(rows, (row) => row.object_type)) {
      const scope = { workspaceId, crm, objectType };
      try {
        await recoverGroup(house, scope, group);
      } catch (error) {
        if (isPause(error)) await giveUpOld(house, scope, group);
        else failure ??= error;
      }
    }
  }
  if (looked > 0) house.log.info("writes.recovered", { rows: looked });
  if (failure !== undefined) throw failure;
  return looked;
}

/** Intents whose sender's lease ran out. */
async function pendingRows(house: House, workspaceId: string, crm: CrmType): Promise<Row[]> {
  const now = house.clock.sqlNow();
  return house.db.withWorkspace(
    workspaceId,
    (tx) => tx<Row[]>`
      select object_type, crm_record_id as id, property, pending_log_id from crm_write_state
      where workspace_id = ${workspaceId} and crm = ${crm} and pending_log_id is not null
        and (lease_until is null or lease_until <= coalesce(${now}::timestamptz, now()))
      order by lease_until nulls first limit ${most}`,
  );
}

async function recoverGroup(house: House, scope: Scope, group: Row[]): Promise<void> {
  const { workspaceId, crm: crmType, objectType } = scope;
  const crm = await house.openCrm(workspaceId, crmType, "background");
  const { properties } = await crmProperties(house, workspaceId, crmType, objectType);
  const known = new Map(properties.map((property) => [property.name, property]));
  for (let at = 0; at < group.length; at += crm.shape.readBatchMax) {
    const items = group.slice(at, at + crm.shape.readBatchMax).map((row) => recoveryItem(row, known));
    await applyBatch(
      { ...house, crm, leaseMs: house.config.leaseMs },
      {
        ...{ workspaceId, crm: crmType, objectType, runId: null, trigger: "retry", skillRunId: null },
        ...{ initiatedBy: "recovery", attempt: 0, items },
      },
    );
  }
}

/** The connection is gone, so nobody can read: after a day without certainty the write is listed and its row is free. */
async function giveUpOld(house: House, scope: Scope, group: Row[]): Promise<void> {
  const deadline = house.clock.now().getTime() - certaintyDeadlineMs;
  const keys = group.filter((row) => timeOf(row.pending_log_id).getTime() < deadline);
  if (keys.length === 0) return;
  const { workspaceId } = scope;
  const now = house.clock.sqlNow();
  const mine = { ...scope, owner: randomUUID() };
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const leased = await lease(tx, scope, keys, { owner: mine.owner, leaseMs: house.config.leaseMs, now });
    const logIds = leased.flatMap((row) => row.pendingLogId ?? []);
    const pendings = logIds.length === 0 ? [] : await readPending(tx, scope, logIds);
    const young = pendings.filter(({ pending }) => pending.sentAt.getTime() >= deadline);
    const keep = new Set(young.map(keyOf));
    const old = pendings.filter((row) => !keep.has(keyOf(row)));
    const why = { status: "error", code: "outcome_unknown", message: gaveUp, httpStatus: null } as const;
    await settleLog(
      tx,
      workspaceId,
      now,
      old.map(({ pending }) => ({ logId: pending.logId, ...why })),
    );
    const endings = leased.map((row): Ending => {
      const { id, property, fence } = row;
      return { id, property, fence, how: keep.has(keyOf(row)) ? "keep_intent" : "free", memory: null };
    });
    await endLeases(tx, mine, endings);
  });
}

/** An item that wants nothing of its own: leasing its row is what settles the intent. */
function recoveryItem(row: { id: string; property: string }, known: Map<string, Property>): BatchItem {
  return {
    id: row.id,
    property: known.get(row.property) ?? removedProperty(row.property),
    mappingId: null,
    raw: null,
    version: null,
    needsRead: true,
    separator: null,
    undoes: null,
    decide: () => ({ kind: "skip", reason: "already_current" }),
    after: (_decision, state) => state,
    refused: (_decision, state) => state,
  };
}

/** Stands in for a property that was removed since: the read will say so. */
function removedProperty(name: string): Property {
  return {
    ...{ name, label: name, type: "textarea", crmFieldType: "", description: "", group: null, custom: true },
    ...{
      writable: true,
      readOnlyReason: null,
      hidden: false,
      unique: false,
      lengthMax: null,
      scale: null,
      precision: null,
    },
    ...{ options: [], restricted: false },
  };
}
