/** Runs: a sync, a dry run, an undo, a retry; their progress and what they changed or would change. */
import { z } from "zod";
import { crmType, instant, listOf, mutation, objectType, objectTypeAsked, paging } from "./common.ts";
import { errorCode, skipReason } from "./reasons.ts";

export const runKinds = ["sync", "dry_run", "undo", "retry"] as const;
export const runKind = z.enum(runKinds);
export type RunKind = z.infer<typeof runKind>;

export const runStatuses = [
  "queued",
  "running",
  "paused",
  "cancelling",
  "cancelled",
  "completed",
  "completed_with_errors",
  "failed",
] as const;
export const runStatus = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatus>;

/** How each write names what set it off. */
export const trigger = z
  .string()
  .regex(/^(skill_run:[a-z][a-z0-9-]{0,63}|schedule|manual|test|retry|undo)$/)
  .describe("skill_run:<skill>, schedule, manual, test, retry or undo");
export type Trigger = `skill_run:${string}` | "schedule" | "manual" | "test" | "retry" | "undo";

const counts = z.int().min(0);
const byReason = z.partialRecord(skipReason, counts);
const byError = z.partialRecord(errorCode, counts);

/** Of one mapping, or of all; `done` = written + already_current + skipped + errors. Units: values (record × mapping). */
export const tally = z.object({
  done: counts,
  written: counts.describe("Confirmed by the CRM; in a dry run: would be written"),
  already_current: counts,
  skipped: byReason,
  errors: byError,
});
export type Tally = z.infer<typeof tally>;

export const run = z.object({
  id: z.uuid(),
  kind: runKind,
  trigger,
  status: runStatus,
  status_reason: z.string().nullable().describe("Why it paused or failed, in words"),
  totals: tally.extend({ records: counts.nullable().describe("Records in scope; null until all are counted") }),
  by_mapping: z.array(
    tally.extend({
      mapping_id: z.uuid(),
      crm_type: crmType,
      pandora_field: z.string(),
      crm_object_type: objectType,
      crm_property_name: z.string(),
      crm_property_label: z.string(),
    }),
  ),
  rate_per_s: z.number().nullable().describe("Values a second so far"),
  eta_s: z.number().nullable().describe("Seconds left, estimated; null when unknown or over"),
  crm_calls: counts,
  report: z
    .object({ total: counts, would_change: counts, unchanged: counts, skipped: counts, invalid: counts })
    .optional()
    .describe("Dry runs only"),
  initiated_by: z.string(),
  created_at: instant,
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
});
export type Run = z.infer<typeof run>;
export const runList = listOf(run);

/** Body of sync-all and dry-run; absent members mean all. */
export const runRequest = z.strictObject({
  ...mutation,
  mapping_ids: z.array(z.uuid()).min(1).max(200).optional(),
  object_types: z.array(objectTypeAsked).min(1).max(3).optional(),
});

export const runsQuery = z.strictObject({ ...paging });

export const decisions = ["write", "skip", "error"] as const;

export const changesQuery = z.strictObject({
  ...paging,
  crm: crmType.optional(),
  decision: z.enum(decisions).optional(),
});
export type ChangesQuery = z.infer<typeof changesQuery>;

export const change = z.object({
  id: z.uuid(),
  mapping_id: z.uuid(),
  crm_type: crmType,
  crm_object_type: objectType,
  crm_record_id: z.string(),
  crm_property_name: z.string(),
  record_name: z.string().nullable(),
  record_url: z.string().nullable(),
  decision: z.enum(decisions),
  reason: z.union([skipReason, errorCode]).nullable(),
  reason_text: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type Change = z.infer<typeof change>;
export const changeList = listOf(change);
