/** SQL of record values: what skills found, one row per record and field. */
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { Factor } from "./deal-score.ts";

export type NewValue = {
  crm_record_id: string;
  field: string;
  value: number | string | null;
  factors: Factor[];
  /** Of the facts behind it: the same hash again leaves the row as it is. */
  facts_hash: string;
};

export type ValuePlace = { workspaceId: string; crm: CrmType; objectType: ObjectType; runId: string; now: Date };

/** Changes whenever the record was analysed anew, and so would make every analysis a change. */
const stamp = "pandora_last_analyzed_at";

/**
 * Stores values whose facts changed: their version rises even where the value came out equal. `run_id` names the run that
 * last *changed* the value, so `run_id = run` finds what that run has to write; the time stamp alone is no such change.
 * @returns how many records have changed values
 */
export async function putValues(tx: Tx, place: ValuePlace, values: NewValue[]): Promise<number> {
  if (values.length === 0) return 0;
  const { workspaceId, crm, objectType, runId, now } = place;
  const [row] = await tx<{ records: number }[]>`
    with given as materialized (
      select g.*, v.field is null as is_new, v.value is distinct from g.value as differs
      from jsonb_to_recordset(${tx.json(values as never)})
        as g(crm_record_id text, field text, value jsonb, factors jsonb, facts_hash text)
      left join record_values v on v.workspace_id = ${workspaceId} and v.crm = ${crm} and v.object_type = ${objectType}
        and v.crm_record_id = g.crm_record_id and v.field = g.field
      where v.facts_hash is distinct from g.facts_hash
    ), marked as (
      select g.*, (g.is_new or g.differs) and bool_or((g.is_new or g.differs) and g.field <> ${stamp})
        over (partition by g.crm_record_id) as counts
      from given g
    ), written as (
      insert into record_values as v (workspace_id, crm, object_type, crm_record_id, field, value, facts_hash, factors,
        computed_at, run_id)
      select ${workspaceId}, ${crm}, ${objectType}, m.crm_record_id, m.field, m.value, m.facts_hash, m.factors, ${now},
        case when m.counts then ${runId}::uuid end
      from marked m
      on conflict (workspace_id, crm, object_type, crm_record_id, field) do update set value = excluded.value,
        value_version = v.value_version + 1, facts_hash = excluded.facts_hash, factors = excluded.factors,
        computed_at = excluded.computed_at, run_id = coalesce(excluded.run_id, v.run_id)
      returning v.crm_record_id, v.run_id
    )
    select count(distinct crm_record_id)::int as records from written where run_id = ${runId}::uuid`;
  return row?.records ?? 0;
}
