/** Everything a record card shows, in one read. */
import { z } from "zod";
import { crmRecordId, crmType, instant, objectType, objectTypeAsked } from "./common.ts";
import { errorCode, skipReason } from "./reasons.ts";
import { ability } from "./session.ts";

export const factor = z.object({
  key: z.string(),
  label: z.string(),
  points: z.number(),
  max: z.number().describe("Points this factor can give; 0: it does not count here"),
  sentence: z.string().describe("What is so, in words"),
});

export const gapOnCard = z.object({
  conversation_id: z.uuid(),
  title: z.string(),
  started_at: instant,
  duration_minutes: z.number().nullable(),
  severity: z.enum(["high", "medium", "low"]),
  severity_reason: z.string().nullable(),
  likely_cause: z.string().nullable(),
  rep_name: z.string().nullable(),
});

export const recordCard = z.object({
  crm: crmType,
  object_type: objectType,
  crm_record_id: z.string(),
  name: z.string(),
  url: z.string().nullable(),
  owner: z.object({ name: z.string(), email: z.string().nullable() }).nullable(),
  scores: z.array(
    z.object({
      field: z.string(),
      label: z.string(),
      value: z.number(),
      factors: z.array(factor),
      trend: z.array(z.object({ at: instant, value: z.number() })).describe("Up to twelve changes, oldest first"),
      computed_at: instant,
    }),
  ),
  texts: z.array(z.object({ field: z.string(), label: z.string(), value: z.string(), computed_at: instant })),
  values: z
    .array(z.object({ field: z.string(), label: z.string(), value: z.union([z.string(), z.number(), z.null()]) }))
    .describe("What is neither a score nor a text: counts and dates"),
  findings: z.array(
    z.object({
      kind: z.string(),
      severity: z.enum(["high", "medium", "low"]),
      sentence: z.string(),
      found_at: instant,
    }),
  ),
  written: z
    .array(
      z.object({
        mapping_id: z.uuid(),
        pandora_field: z.string(),
        crm_property_name: z.string(),
        crm_property_label: z.string(),
        value: z.string().nullable().describe("What Pandora wrote last; null: nothing yet, or it was cleared"),
        written_at: instant.nullable(),
        last_decision: z.union([z.literal("written"), skipReason, errorCode]).nullable(),
        last_decision_text: z.string().nullable(),
      }),
    )
    .describe("One entry for each mapping of this object"),
  freshness: z.object({
    analysed_at: instant.nullable().describe("When it was last analysed with changed facts"),
    mirrored_at: instant.describe("When its data was last read from the CRM"),
    connection: z.enum(["connected", "needs_reconnect", "disconnected"]),
  }),
  gaps: z.object({
    pending: z.int().min(0),
    worst: z.enum(["high", "medium", "low"]).nullable(),
    items: z.array(gapOnCard).describe("The three highest"),
  }),
  abilities: z.array(ability).describe("What the caller may do, so that a card needs no second read"),
});
export type RecordCard = z.infer<typeof recordCard>;

export const recordPath = z.object({ objectType: objectTypeAsked, crmRecordId });
export const recordQuery = z.strictObject({ crm: crmType.optional().describe("Needed when both CRMs are connected") });
