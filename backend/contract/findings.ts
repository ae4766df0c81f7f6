/** Findings of the audits: each names its record, so that it can be opened. */
import { z } from "zod";
import { crmType, cursor, instant, listOf, objectType, objectTypeAsked } from "./common.ts";

export const finding = z.object({
  crm: crmType,
  object_type: objectType,
  crm_record_id: z.string(),
  record_name: z.string().nullable(),
  record_url: z.string().nullable(),
  kind: z.string(),
  severity: z.enum(["high", "medium", "low"]),
  sentence: z.string().describe("What is so, in words"),
  skill: z.string(),
  found_at: instant,
});
export type Finding = z.infer<typeof finding>;
export const findingList = listOf(finding);

export const findingsQuery = z.strictObject({
  kind: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional(),
  severity: z.enum(["high", "medium", "low"]).optional(),
  object_type: objectTypeAsked.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: cursor.optional(),
});
export type FindingsQuery = z.infer<typeof findingsQuery>;
