/** Tested sets of mappings, applied in one step. */
import { z } from "zod";
import { crmType, mutation, objectType } from "./common.ts";
import { mapping } from "./mappings.ts";

export const template = z.object({
  key: z.string(),
  crm_type: crmType,
  object_type: objectType,
  label: z.string(),
  description: z.string(),
  mappings: z.array(
    z.object({
      pandora_field: z.string(),
      crm_property_name: z.string(),
      crm_property_label: z.string(),
      creates_property: z.boolean().describe("The CRM has no such property yet; applying makes it"),
      already_mapped: z.boolean(),
    }),
  ),
});
export type Template = z.infer<typeof template>;

export const templatesQuery = z.strictObject({ crm: crmType.optional() });

export const templateApply = z.strictObject({ ...mutation, crm: crmType.optional() });

export const templateApplied = z.object({
  key: z.string(),
  created_properties: z.array(z.string()),
  created_mappings: z.array(mapping),
  kept_mappings: z.array(z.uuid()).describe("Mappings that wrote these properties before; left as they are"),
});
export type TemplateApplied = z.infer<typeof templateApplied>;
