/** Mappings as they stand in the database, and as they are shown: one query with their last five writes. */
import { recordLink } from "../connections/record-link.ts";
import type { CrmType, ObjectType } from "../contract/common.ts";
import type { Mapping } from "../contract/mappings.ts";
import { reasonText } from "../contract/reasons.ts";
import type { Tx } from "../db.ts";
import type { OtherMapping } from "./mapping-rules.ts";

/** A row of crm_property_mappings. */
export type MappingRow = Omit<
  Mapping,
  "deleted_at" | "last_synced_at" | "created_at" | "updated_at" | "recent_writes"
> & {
  revision: number;
  deleted_at: Date | null;
  last_synced_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

/** Live mappings, oldest first; `ids` narrows to some, `withDeleted` adds those that were deleted. */
export async function readMappings(
  tx: Tx,
  workspaceId: string,
  options: { ids?: string[]; crm?: CrmType; objectType?: ObjectType; withDeleted?: boolean } = {},
): Promise<Mapping[]> {
  if (options.ids?.length === 0) return [];
  const rows = await tx<MappingRow[]>`
    select * from crm_property_mappings
    where workspace_id = ${workspaceId}
      ${options.ids ? tx`and id in ${tx(options.ids)}` : tx``}
      ${options.crm ? tx`and crm_type = ${options.crm}` : tx``}
      ${options.objectType ? tx`and crm_object_type = ${options.objectType}` : tx``}
      ${options.withDeleted ? tx`` : tx`and deleted_at is null`}
    order by created_at, crm_object_type, crm_property_label, id`;
  const writes = await recentWrites(tx, workspaceId, rows);
  return rows.map((row) => toMapping(row, writes.get(row.id) ?? []));
}

/** One row, locked for the caller's transaction; null when it is not there, deleted or another workspace's. */
export async function lockMapping(tx: Tx, workspaceId: string, id: string): Promise<MappingRow | null> {
  const [row] = await tx<MappingRow[]>`
    select * from crm_property_mappings
    where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null for update`;
  return row ?? null;
}

/** The live mappings that a new or changed one must not clash with. */
export async function otherMappings(tx: Tx, workspaceId: string, exceptId: string | null): Promise<OtherMapping[]> {
  return tx<OtherMapping[]>`
    select id, pandora_field, crm_type, crm_object_type, crm_property_name from crm_property_mappings
    where workspace_id = ${workspaceId} and deleted_at is null and id is distinct from ${exceptId}::uuid
    order by created_at, id`;
}

export function toMapping(row: MappingRow, recent: Mapping["recent_writes"]): Mapping {
  return {
    id: row.id,
    workspace_id: row.workspace_id,
    crm_type: row.crm_type,
    pandora_field: row.pandora_field,
    crm_object_type: row.crm_object_type,
    crm_property_name: row.crm_property_name,
    crm_property_label: row.crm_property_label,
    crm_field_type: row.crm_field_type,
    sync_trigger: row.sync_trigger,
    schedule: row.schedule,
    write_mode: row.write_mode,
    append_separator: row.append_separator,
    append_timestamp_format: row.append_timestamp_format,
    append_max_entries: row.append_max_entries,
    write_condition: row.write_condition,
    value_transform: row.value_transform,
    keep_human_edits: row.keep_human_edits,
    skip_read: row.skip_read,
    when_empty: row.when_empty,
    record_filter: row.record_filter,
    status: row.status,
    status_reason: row.status_reason,
    is_active: row.is_active,
    last_sync_status: row.last_sync_status,
    last_sync_error: row.last_sync_error,
    deleted_at: row.deleted_at?.toISOString() ?? null,
    last_synced_at: row.last_synced_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    recent_writes: recent,
  };
}

type RecentRow = {
  mapping_id: string;
  crm_type: CrmType;
  crm_object_type: ObjectType;
  ui_url: string | null;
  log_id: string;
  crm_record_id: string;
  record_name: string | null;
  value_written: string | null;
  status: Mapping["recent_writes"][number]["status"];
  code: string | null;
  at: Date;
};

async function recentWrites(tx: Tx, workspaceId: string, rows: MappingRow[]) {
  const found = new Map<string, Mapping["recent_writes"]>();
  if (rows.length === 0) return found;
  // Five index reads per mapping by a lateral join; a window function would read the whole log of each.
  const writes = await tx<RecentRow[]>`
    select m.id as mapping_id, m.crm_type, m.crm_object_type, c.ui_url, l.id as log_id, l.crm_record_id,
      coalesce(d.name, co.name, nullif(ct.name, '')) as record_name, l.value_written, l.status,
      coalesce(l.error_code, l.skip_reason) as code, l.created_at as at
    from crm_property_mappings m
    cross join lateral (
      select * from crm_write_log w where w.workspace_id = m.workspace_id and w.mapping_id = m.id
      order by w.created_at desc limit 5) l
    left join crm_connections c on c.workspace_id = m.workspace_id and c.crm = m.crm_type
    left join deals d on m.crm_object_type = 'deal'
      and d.workspace_id = m.workspace_id and d.crm = m.crm_type and d.crm_id = l.crm_record_id
    left join companies co on m.crm_object_type = 'company'
      and co.workspace_id = m.workspace_id and co.crm = m.crm_type and co.crm_id = l.crm_record_id
    left join contacts ct on m.crm_object_type = 'contact'
      and ct.workspace_id = m.workspace_id and ct.crm = m.crm_type and ct.crm_id = l.crm_record_id
    where m.workspace_id = ${workspaceId} and m.id in ${tx(rows.map((row) => row.id))}
    order by l.created_at desc, l.id desc`;
  for (const write of writes) {
    const list = found.get(write.mapping_id) ?? [];
    list.push({
      log_id: write.log_id,
      crm_record_id: write.crm_record_id,
      record_name: write.record_name,
      record_url: recordLink(write.ui_url, write.crm_type, write.crm_object_type, write.crm_record_id),
      value_written: write.value_written,
      status: write.status,
      reason_text: write.code ? reasonText(write.code) : null,
      at: write.at.toISOString(),
    });
    found.set(write.mapping_id, list);
  }
  return found;
}
