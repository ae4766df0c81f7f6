/** The CRM's properties: what can be written, and making a new one. */
import { z } from "zod";
import { crmType, instant, mutation, objectTypeAsked, propertyType, queryFlag } from "./common.ts";

export const crmProperty = z.object({
  name: z.string(),
  label: z.string(),
  type: propertyType,
  crm_field_type: z.string().describe("The CRM's own name of the type"),
  description: z.string(),
  group: z.string().nullable(),
  custom: z.boolean(),
  unique: z.boolean(),
  length_max: z.number().int().nullable().describe("Characters; null: no limit"),
  scale: z.number().int().nullable().describe("Decimals kept; null: as sent"),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  mapped_by: z.uuid().nullable().describe("The mapping that writes it already"),
});
export type CrmProperty = z.infer<typeof crmProperty>;

export const crmPropertiesQuery = z.strictObject({
  crm: crmType.optional().describe("Needed only when both CRMs are connected"),
  objectType: objectTypeAsked,
  all: queryFlag.default(false).describe("Also HubSpot's own hs_* properties that can be written"),
  refresh: queryFlag.default(false).describe("Ask the CRM now; otherwise at most 5 minutes old"),
});

export const crmPropertyList = z.object({
  items: z.array(crmProperty),
  next_cursor: z.null(),
  fetched_at: instant,
});
export type CrmPropertyList = z.infer<typeof crmPropertyList>;

export const crmPropertyDraft = z.strictObject({
  ...mutation,
  crm: crmType.optional(),
  object_type: objectTypeAsked,
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, "must begin with a letter, then letters, digits and _, at most 100")
    .describe("HubSpot: lower case. Salesforce: `__c` is added when missing"),
  label: z.string().trim().min(1).max(100),
  type: propertyType.exclude(["multi_enum"]),
  description: z.string().max(1000).default(""),
  options: z
    .array(z.strictObject({ value: z.string().min(1).max(255), label: z.string().min(1).max(255) }))
    .min(1)
    .max(200)
    .refine((options) => new Set(options.map((one) => one.value)).size === options.length, {
      message: "must differ from each other in their values",
    })
    .optional()
    .describe("For enum"),
  length_max: z.int().min(1).max(131_072).optional().describe("For text; Salesforce only"),
  scale: z.int().min(0).max(17).optional().describe("Decimals, for number and currency"),
  unique: z.boolean().optional(),
});
export type CrmPropertyDraft = z.infer<typeof crmPropertyDraft>;
