/** A mapping: which Pandora field goes to which CRM property, and under which rules (DESIGN 3.2). */
import { z } from "zod";
import { crmRecordId, crmType, instant, mutation, objectType, objectTypeAsked } from "./common.ts";
import { errorCode, skipReason } from "./reasons.ts";

export const writeModes = ["overwrite", "never_overwrite", "append", "append_if_changed"] as const;
export const writeMode = z.enum(writeModes);
export type WriteMode = z.infer<typeof writeMode>;

export const syncTriggers = ["after_skill_run", "scheduled", "manual"] as const;
export const syncTrigger = z.enum(syncTriggers);
export type SyncTrigger = z.infer<typeof syncTrigger>;

export const timestampFormats = ["prefix", "suffix", "none"] as const;
export const timestampFormat = z.enum(timestampFormats);
export type TimestampFormat = z.infer<typeof timestampFormat>;

export const whenEmpty = z.enum(["keep", "clear"]);
export type WhenEmpty = z.infer<typeof whenEmpty>;

export const mappingStatus = z.enum(["active", "paused", "broken"]);

/** What stands between two entries unless the mapping says otherwise. */
export const defaultSeparator = "\n---\n";

const filterIds = z.array(z.string().min(1).max(100)).min(1).max(100);

/** Limits a mapping to some records; an absent member limits nothing. */
export const recordFilter = z.strictObject({
  open_deals: z.boolean().optional().describe("Deals only: those that are open"),
  pipelines: filterIds.optional().describe("Pipeline ids; deals only"),
  owners: filterIds.optional().describe("CRM owner ids"),
});
export type RecordFilter = z.infer<typeof recordFilter>;

const rules = {
  sync_trigger: syncTrigger,
  schedule: z.string().max(100).nullable().describe("Cron, five parts, in the workspace's time zone; for `scheduled`"),
  write_mode: writeMode,
  append_separator: z.string().min(1).max(50),
  append_timestamp_format: timestampFormat,
  append_max_entries: z.int().min(1).max(1000).nullable(),
  write_condition: z.string().max(300).nullable().describe("score_above:70 and field_is_blank"),
  value_transform: z.string().max(300).describe("round:0 | score_label"),
  keep_human_edits: z.boolean().describe("Overwrite only: keep what someone changed in the CRM"),
  skip_read: z.boolean().describe("Overwrite only: saves calls, gives up undo and conflict checks"),
  when_empty: whenEmpty,
  record_filter: recordFilter,
};

const target = {
  crm_type: crmType,
  pandora_field: z.string().min(1).max(100),
  crm_object_type: objectTypeAsked,
  crm_property_name: z.string().min(1).max(255),
};

/** A mapping to be made; what is left out takes the default. */
export const mappingDraft = z.strictObject({
  ...mutation,
  ...target,
  crm_type: crmType.optional().describe("Needed only when both CRMs are connected"),
  sync_trigger: rules.sync_trigger.default("after_skill_run"),
  schedule: rules.schedule.default(null),
  write_mode: rules.write_mode.default("overwrite"),
  append_separator: rules.append_separator.default(defaultSeparator),
  append_timestamp_format: rules.append_timestamp_format.default("prefix"),
  append_max_entries: rules.append_max_entries.default(null),
  write_condition: rules.write_condition.default(null),
  value_transform: rules.value_transform.default("raw"),
  keep_human_edits: rules.keep_human_edits.default(false),
  skip_read: rules.skip_read.default(false),
  when_empty: rules.when_empty.default("keep"),
  record_filter: rules.record_filter.default({}),
  status: z.enum(["active", "paused"]).default("active"),
  confirm_duplicate: z.boolean().default(false).describe("Yes, a second mapping of this field and object"),
});
export type MappingDraft = z.infer<typeof mappingDraft>;
export type MappingDraftInput = z.input<typeof mappingDraft>;

/** What may be changed. CRM, object and field stay: make another mapping for these. */
export const mappingPatch = z
  .strictObject({
    ...mutation,
    ...rules,
    crm_property_name: target.crm_property_name,
    status: z.enum(["active", "paused"]),
    confirm_duplicate: z.boolean(),
  })
  .partial();
export type MappingPatch = z.infer<typeof mappingPatch>;

export const recentWrite = z.object({
  log_id: z.uuid(),
  crm_record_id: z.string(),
  record_name: z.string().nullable(),
  record_url: z.string().nullable(),
  value_written: z.string().nullable(),
  status: z.enum(["pending", "success", "skipped", "error", "cancelled"]),
  reason_text: z.string().nullable(),
  at: instant,
});

export const mapping = z.object({
  ...rules,
  id: z.uuid(),
  workspace_id: z.uuid(),
  crm_type: crmType,
  pandora_field: z.string(),
  crm_object_type: objectType,
  crm_property_name: z.string(),
  crm_property_label: z.string(),
  crm_field_type: z.string(),
  status: mappingStatus,
  status_reason: z.string().nullable(),
  is_active: z.boolean(),
  deleted_at: instant.nullable(),
  last_synced_at: instant.nullable(),
  last_sync_status: z.string().nullable(),
  last_sync_error: z.string().nullable(),
  created_at: instant,
  updated_at: instant,
  recent_writes: z.array(recentWrite).describe("The last five, newest first"),
});
export type Mapping = z.infer<typeof mapping>;

export const mappingsQuery = z.strictObject({
  crm: crmType.optional(),
  objectType: objectTypeAsked.optional(),
  include_deleted: z.enum(["0", "1"]).optional(),
});

/** Try a mapping on one record; nothing is written unless `write` is true. */
export const testRequest = z.strictObject({
  ...mutation,
  crm_record_id: crmRecordId.nullable().default(null).describe("Absent: a record Pandora has a value for"),
  write: z.boolean().default(false),
});
export type TestRequest = z.infer<typeof testRequest>;

const rawValue = z.union([z.number(), z.string().max(20_000), z.null()]);

/** An unsaved mapping on a real record (`crm_record_id`) or on a sample. */
export const previewRequest = z.strictObject({
  ...mutation,
  mapping: mappingDraft.omit({ request_id: true }),
  crm_record_id: crmRecordId.nullable().default(null),
  sample_value: rawValue.optional().describe("Without a record: Pandora's value; absent, the field's example"),
  sample_current: z.string().max(20_000).nullable().default(null).describe("Without a record: what the CRM holds"),
});
export type PreviewRequest = z.infer<typeof previewRequest>;

/** What a mapping does, or would do, to one record. */
export const tryResult = z.object({
  crm_record_id: z.string().nullable(),
  record_name: z.string().nullable(),
  record_url: z.string().nullable(),
  raw_value: rawValue.describe("Pandora's value"),
  value: z.string().nullable().describe("After the transform, before an append"),
  decision: z.enum(["write", "skip"]),
  reason: z.union([skipReason, errorCode]).nullable(),
  reason_text: z.string().nullable(),
  before: z.string().nullable().describe("What the CRM holds now; null: blank"),
  after: z.string().nullable().describe("What it would hold, or holds since the test wrote"),
  written: z.boolean(),
  log_id: z.uuid().nullable(),
});
export type TryResult = z.infer<typeof tryResult>;
