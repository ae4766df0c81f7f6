/** Units that try the failed writes of a run again. */
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { RunSpec, UnitSpec } from "./run-store.ts";

const recordsPerUnit = 200;

/** Each record and mapping pair whose last word in that run is an error. */
export async function unitsOfRetry(tx: Tx, workspaceId: string, spec: RunSpec): Promise<UnitSpec[]> {
  const rows = await tx<{ crm: CrmType; object_type: ObjectType; record_id: string; mapping_id: string }[]>`
    select distinct l.crm_type as crm, l.crm_object_type as object_type, l.crm_record_id as record_id, l.mapping_id
    from crm_write_log l
    where l.workspace_id = ${workspaceId} and l.run_id = ${spec.source_run_id!} and l.status = 'error'
      and l.mapping_id in ${tx(spec.mapping_ids)}
    order by 1, 2, 3, 4`;
  const units: UnitSpec[] = [];
  for (const row of rows) {
    const open = units.at(-1);
    const fits = open && open.crm === row.crm && open.object_type === row.object_type;
    const known = fits && open.record_ids.at(-1) === row.record_id;
    if (fits && (known || open.record_ids.length < recordsPerUnit)) {
      if (!known) open.record_ids.push(row.record_id);
      open.only!.push([row.record_id, row.mapping_id]);
    } else {
      units.push({
        crm: row.crm,
        object_type: row.object_type,
        record_ids: [row.record_id],
        only: [[row.record_id, row.mapping_id]],
      });
    }
  }
  return units;
}
