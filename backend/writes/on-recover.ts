/** Looks after writes whose sender died: whatever no batch comes by for is read, settled, sent again or given up here. */
import type { House } from "../connections/house.ts";
import { crmProperties } from "../connections/properties.ts";
import type { CrmType, ObjectType, Property } from "../crm/port.ts";
import { applyBatch } from "./apply.ts";
import type { BatchItem } from "./batch.ts";

const most = 1000;

/** @returns how many intents were looked at */
export async function onRecover(house: House, payload: { workspace_id: string }): Promise<number> {
  const { workspace_id: workspaceId } = payload;
  const now = house.clock.sqlNow();
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ crm: CrmType; object_type: ObjectType; id: string; property: string }[]>`
      select crm, object_type, crm_record_id as id, property from crm_write_state
      where workspace_id = ${workspaceId} and pending_log_id is not null
        and (lease_until is null or lease_until <= coalesce(${now}::timestamptz, now()))
      order by lease_until nulls first limit ${most}`,
  );
  for (const group of Map.groupBy(rows, (row) => `${row.crm}:${row.object_type}`).values()) {
    const { crm: crmType, object_type: objectType } = group[0]!;
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
  if (rows.length > 0) house.log.info("writes.recovered", { rows: rows.length });
  return rows.length;
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
