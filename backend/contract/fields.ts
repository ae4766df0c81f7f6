/** The registry: what Pandora knows of a record and can write to the CRM. */
import { z } from "zod";
import { objectType, objectTypeAsked, propertyType } from "./common.ts";

export const valueTypes = ["number", "text", "long_text", "datetime"] as const;
export const valueType = z.enum(valueTypes);
export type ValueType = z.infer<typeof valueType>;

export const pandoraField = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  example: z.string().describe("A value as it would stand in the CRM"),
  object_types: z.array(objectType),
  value_type: valueType,
  compatible_types: z.array(propertyType).describe("CRM property types it can be written to"),
  source_skill: z.string(),
});
export type PandoraField = z.infer<typeof pandoraField>;

export const fieldsQuery = z.strictObject({ objectType: objectTypeAsked.optional() });
