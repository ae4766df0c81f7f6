/** SQL of job A: which records a run covers, and the values its mappings take, filters applied in one place. */
import type { RecordFilter } from "../contract/mappings.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { RawValue } from "../writes/planned.ts";
import { parseCondition } from "./condition.ts";
import type { PlanRules } from "./plan.ts";
import { parseTransform } from "./transform.ts";

/** A mapping as a run needs it. */
export type RunMapping = PlanRules & {
  crm: CrmType;
  objectType: ObjectType;
  field: string;
  propertyName: string;
  filter: RecordFilter;
  status: "active" | "paused" | "broken";
  trigger: "after_skill_run" | "scheduled" | "manual";
};

export type RecordValue = { id: string; mappingId: string; raw: RawValue; version: number };

export type ValueScope = { workspaceId: string; crm: CrmType; objectType: ObjectType };

/** @param ids null = all mappings that are not deleted */
export async function readRunMappings(tx: Tx, workspaceId: string, ids: string[] | null): Promise<RunMapping[]> {
  const rows = await tx<MappingRow[]>`
    select id, revision, crm_type, crm_object_type, pandora_field, crm_property_name, write_mode, append_separator,
      append_timestamp_format, append_max_entries, write_condition, value_transform, keep_human_edits, skip_read,
      when_empty, record_filter, status, sync_trigger
    from crm_property_mappings
    where workspace_id = ${workspaceId} and deleted_at is null
      ${ids === null ? tx`` : tx`and id in ${tx(ids)}`}
    order by crm_type, crm_object_type, created_at, id`;
  return rows.map(toRunMapping);
}

/** One page of the records that have a value for any of the mappings, in id order. */
export async function pageOfRecords(
  tx: Tx,
  scope: ValueScope,
  mappings: RunMapping[],
  page: { after: string; limit: number; skillRunIds: string[] | null },
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select v.crm_record_id as id
    ${fromValues(tx, scope, mappings)}
      and v.crm_record_id > ${page.after}
      ${page.skillRunIds === null ? tx`` : changedBy(tx, page.skillRunIds)}
    group by v.crm_record_id order by v.crm_record_id limit ${page.limit}`;
  return rows.map((row) => row.id);
}

/** How many records the mappings cover. */
export async function countRecords(
  tx: Tx,
  scope: ValueScope,
  mappings: RunMapping[],
  skillRunIds: string[] | null,
): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(distinct v.crm_record_id)::int as n
    ${fromValues(tx, scope, mappings)}
      ${skillRunIds === null ? tx`` : changedBy(tx, skillRunIds)}`;
  return row?.n ?? 0;
}

/** The values of some records under some mappings; records outside a mapping's filter are left out. */
export async function valuesOf(
  tx: Tx,
  scope: ValueScope,
  mappings: RunMapping[],
  ids: string[],
  skillRunIds: string[] | null,
): Promise<RecordValue[]> {
  const rows = await tx<{ id: string; mapping_id: string; raw: RawValue; version: string }[]>`
    select v.crm_record_id as id, m.id as mapping_id, v.value as raw, v.value_version::text as version
    ${fromValues(tx, scope, mappings)}
      and v.crm_record_id in ${tx(ids)}
      ${skillRunIds === null ? tx`` : tx`and v.run_id in ${tx(skillRunIds)}`}
    order by v.crm_record_id`;
  return rows.map((row) => ({ id: row.id, mappingId: row.mapping_id, raw: row.raw, version: Number(row.version) }));
}

/** Names of records, for lists people read. */
export async function recordNames(tx: Tx, scope: ValueScope, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx<{ id: string; name: string }[]>`
    select crm_id as id, name from ${tx(mirrorTable(scope.objectType))}
    where workspace_id = ${scope.workspaceId} and crm = ${scope.crm} and crm_id in ${tx(ids)}`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** From mappings to the values they take: the mapping's record filter and deleted records are dealt with here only. */
function fromValues(tx: Tx, scope: ValueScope, mappings: RunMapping[]) {
  const given = mappings.map(({ id, field, filter }) => ({
    id,
    field,
    open_deals: filter.open_deals ?? false,
    pipelines: filter.pipelines ?? null,
    owners: filter.owners ?? null,
  }));
  return tx`
    from jsonb_to_recordset(${tx.json(given)})
      as m(id uuid, field text, open_deals boolean, pipelines jsonb, owners jsonb)
    join record_values v on v.workspace_id = ${scope.workspaceId} and v.crm = ${scope.crm}
      and v.object_type = ${scope.objectType} and v.field = m.field
    left join ${tx(mirrorTable(scope.objectType))} r on r.workspace_id = v.workspace_id and r.crm = v.crm
      and r.crm_id = v.crm_record_id
    where r.deleted_at is null
      and (not m.open_deals or ${openDealOf(tx, scope.objectType)})
      and (m.owners is null or m.owners ? r.owner_id)
      ${scope.objectType === "deal" ? tx`and (m.pipelines is null or m.pipelines ? r.pipeline_id)` : tx``}`;
}

function openDealOf(tx: Tx, objectType: ObjectType) {
  switch (objectType) {
    case "deal":
      return tx`r.is_closed is not true`;
    case "company":
      return tx`exists (select 1 from deals d where d.workspace_id = v.workspace_id and d.crm = v.crm
        and d.company_id = v.crm_record_id and d.deleted_at is null and d.is_closed is not true)`;
    case "contact":
      return tx`exists (select 1 from deal_contacts c join deals d on d.workspace_id = c.workspace_id and d.crm = c.crm
        and d.crm_id = c.deal_id where c.workspace_id = v.workspace_id and c.crm = v.crm
        and c.contact_id = v.crm_record_id and d.deleted_at is null and d.is_closed is not true)`;
    default:
      return objectType satisfies never;
  }
}

/** Values these skill runs changed; the analysis date alone causes no write. */
function changedBy(tx: Tx, skillRunIds: string[]) {
  return tx`and v.run_id in ${tx(skillRunIds)} and v.field <> 'pandora_last_analyzed_at'`;
}

export function mirrorTable(objectType: ObjectType): "deals" | "companies" | "contacts" {
  return objectType === "deal" ? "deals" : objectType === "company" ? "companies" : "contacts";
}

type MappingRow = {
  id: string;
  revision: number;
  crm_type: CrmType;
  crm_object_type: ObjectType;
  pandora_field: string;
  crm_property_name: string;
  write_mode: PlanRules["writeMode"];
  append_separator: string;
  append_timestamp_format: PlanRules["timestampFormat"];
  append_max_entries: number | null;
  write_condition: string | null;
  value_transform: string;
  keep_human_edits: boolean;
  skip_read: boolean;
  when_empty: "keep" | "clear";
  record_filter: RecordFilter;
  status: RunMapping["status"];
  sync_trigger: RunMapping["trigger"];
};

function toRunMapping(row: MappingRow): RunMapping {
  return {
    ...parsedRules(row),
    crm: row.crm_type,
    objectType: row.crm_object_type,
    field: row.pandora_field,
    propertyName: row.crm_property_name,
    filter: row.record_filter,
    status: row.status,
    trigger: row.sync_trigger,
  };
}

/** Rules as they are saved (or drafted), parsed once. @throws Error on text that validation would have refused */
export function parsedRules(
  row: Omit<
    MappingRow,
    "crm_type" | "crm_object_type" | "pandora_field" | "crm_property_name" | "record_filter" | "status" | "sync_trigger"
  >,
): PlanRules {
  const conditions = parseCondition(row.write_condition);
  const transform = parseTransform(row.value_transform);
  if (!conditions.ok) throw new Error(conditions.message);
  if (!transform.ok) throw new Error(transform.message);
  return {
    id: row.id,
    revision: row.revision,
    writeMode: row.write_mode,
    separator: row.append_separator,
    timestampFormat: row.append_timestamp_format,
    maxEntries: row.append_max_entries,
    conditions: conditions.conditions,
    steps: transform.steps,
    keepHumanEdits: row.keep_human_edits,
    skipRead: row.skip_read,
    whenEmpty: row.when_empty,
  };
}
