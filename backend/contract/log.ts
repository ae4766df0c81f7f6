/** The write log: each write and each changed decision, with its reason. */
import { z } from "zod";
import { crmRecordId, crmType, instant, listOf, mutation, objectType, objectTypeAsked, paging } from "./common.ts";
import { errorCode, skipReason } from "./reasons.ts";
import { trigger } from "./runs.ts";

export const logStatuses = ["pending", "success", "skipped", "error", "cancelled"] as const;
export const logStatus = z.enum(logStatuses);
export type LogStatus = z.infer<typeof logStatus>;

export const logEntry = z.object({
  id: z.uuid(),
  workspace_id: z.uuid(),
  mapping_id: z.uuid().nullable(),
  run_id: z.uuid().nullable(),
  crm_type: crmType,
  crm_object_type: objectType,
  crm_record_id: z.string(),
  crm_property_name: z.string(),
  pandora_field: z.string().nullable(),
  record_name: z.string().nullable(),
  raw_value: z.union([z.number(), z.string(), z.null()]),
  value: z.string().nullable().describe("Transformed, before an append"),
  value_written: z.string().nullable().describe("The text sent; null clears"),
  previous_value: z.string().nullable(),
  expected_value: z.string().nullable(),
  value_version: z.number().nullable(),
  sent_at: instant.nullable(),
  status: logStatus,
  skip_reason: skipReason.nullable(),
  error_code: errorCode.nullable(),
  error_message: z.string().nullable().describe("The CRM's own words"),
  http_status_code: z.int().nullable(),
  trigger_source: trigger,
  trigger_skill_run_id: z.uuid().nullable(),
  initiated_by: z.string(),
  attempts: z.int(),
  undone_by: z.uuid().nullable().describe("The entry that took this one back"),
  undoes: z.uuid().nullable().describe("The entry this one takes back"),
  created_at: instant,
  settled_at: instant.nullable(),
  reason_text: z.string().nullable(),
  can_undo: z.boolean(),
  record_url: z.string().nullable(),
});
export type LogEntry = z.infer<typeof logEntry>;
export const logList = listOf(logEntry);

const logFilters = {
  crm: crmType.optional(),
  mapping_id: z.uuid().optional(),
  record_id: crmRecordId.optional(),
  run_id: z.uuid().optional(),
  status: logStatus.optional(),
  object_type: objectTypeAsked.optional(),
};

export const logQuery = z.strictObject({ ...logFilters, ...paging });
export type LogQuery = z.infer<typeof logQuery>;

export const logExportQuery = z.strictObject({ ...logFilters });
export type LogExportQuery = z.infer<typeof logExportQuery>;

/** Body of export-link: the same filters. For a page that can't save files, like one inside a CRM. */
export const exportLinkRequest = z.strictObject({ ...mutation, ...logFilters });

export const exportLink = z.object({
  url: z.url().describe("Opened in a browser it downloads the CSV: once, until it runs out. Treat it like a password"),
  expires_at: instant,
});
export type ExportLink = z.infer<typeof exportLink>;

/** Answer of an undo: the entry that takes the write back, or a skipped one that says why nothing was taken back. */
export const undoResult = logEntry;
