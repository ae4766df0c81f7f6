/** SQL and items of an undo: which writes of a run can be taken back, and what stood there before them. */
import type { CrmType, ObjectType, Property } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { timeOf } from "../ids.ts";
import type { BatchItem } from "./batch.ts";
import type { RawValue } from "./planned.ts";
import { planUndo, stateAfterUndo, type WrittenBefore } from "./reverse.ts";
import type { Scope } from "./store.ts";

export type UndoUnit = { crm: CrmType; object_type: ObjectType; record_ids: string[]; log_ids: string[] };

const rowsPerUnit = 200;

/** All writes of a run that stand and were not taken back, newest first, in units. */
export async function unitsOfUndo(tx: Tx, workspaceId: string, sourceRunId: string): Promise<UndoUnit[]> {
  const rows = await tx<{ id: string; crm: CrmType; object_type: ObjectType; record_id: string }[]>`
    select id, crm_type as crm, crm_object_type as object_type, crm_record_id as record_id from crm_write_log
    where workspace_id = ${workspaceId} and run_id = ${sourceRunId} and status = 'success' and undone_by is null
      and undoes is null
    order by crm_type, crm_object_type, crm_record_id, created_at desc`;
  const units: UndoUnit[] = [];
  for (const row of rows) {
    const open = units.at(-1);
    const fits = open && open.crm === row.crm && open.object_type === row.object_type;
    // A record's rows stay together, so that all its properties go in one input.
    if (fits && (open.log_ids.length < rowsPerUnit || open.record_ids.at(-1) === row.record_id)) {
      open.log_ids.push(row.id);
      if (open.record_ids.at(-1) !== row.record_id) open.record_ids.push(row.record_id);
    } else units.push({ crm: row.crm, object_type: row.object_type, record_ids: [row.record_id], log_ids: [row.id] });
  }
  return units;
}

/** Items that take log rows back, newest first; rows whose property is gone, or that were taken back meanwhile, are left out. */
export async function undoItems(
  tx: Tx,
  scope: Scope,
  logIds: string[],
  properties: Map<string, Property>,
): Promise<BatchItem[]> {
  if (logIds.length === 0) return [];
  const times = logIds.map((id) => timeOf(id).getTime());
  const rows = await tx<UndoRow[]>`
    select l.id, l.crm_record_id as record_id, l.crm_property_name as property, l.mapping_id, l.raw_value, l.expected_value,
      l.previous_value, l.previous_known, l.entry, l.separator,
      prior.raw_value as prior_raw, prior.expected_value as prior_expected, prior.created_at as prior_at
    from crm_write_log l
    left join lateral (
      select p.raw_value, p.expected_value, p.created_at from crm_write_log p
      where p.workspace_id = l.workspace_id and p.crm_record_id = l.crm_record_id and p.crm_type = l.crm_type
        and p.crm_object_type = l.crm_object_type and p.crm_property_name = l.crm_property_name
        and p.created_at < l.created_at and p.status = 'success' and p.undone_by is null and p.undoes is null
      order by p.created_at desc limit 1
    ) prior on true
    where l.workspace_id = ${scope.workspaceId} and l.id in ${tx(logIds)}
      and l.created_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}
      and l.status = 'success' and l.undone_by is null
    order by l.created_at desc`;
  return rows.flatMap((row) => {
    const property = properties.get(row.property);
    return property ? [undoItem(row, property)] : [];
  });
}

function undoItem(row: UndoRow, property: Property): BatchItem {
  const write: WrittenBefore = {
    logId: row.id,
    raw: row.raw_value,
    expected: row.expected_value,
    previous: row.previous_value,
    previousKnown: row.previous_known,
    entry: row.entry,
    separator: row.separator ?? "",
    prior: row.prior_at === null ? null : { raw: row.prior_raw, expected: row.prior_expected, at: row.prior_at },
  };
  return {
    id: row.record_id,
    property,
    mappingId: row.mapping_id,
    raw: row.raw_value,
    version: null,
    needsRead: true,
    separator: row.separator,
    undoes: row.id,
    decide: (current) => planUndo(write, current, property),
    after: (decision, state) => stateAfterUndo(write, decision, state),
    refused: (_decision, state, code) => ({ ...state, lastDecision: `error:${code}` }),
  };
}

type UndoRow = {
  id: string;
  record_id: string;
  property: string;
  mapping_id: string | null;
  raw_value: RawValue;
  expected_value: string | null;
  previous_value: string | null;
  previous_known: boolean;
  entry: string | null;
  separator: string | null;
  prior_raw: RawValue;
  prior_expected: string | null;
  prior_at: Date | null;
};
