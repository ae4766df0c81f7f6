/** Checks a mapping against the registry, the CRM and its neighbours before it is saved. */
import type { House } from "../connections/house.ts";
import { crmProperties } from "../connections/properties.ts";
import type { Property } from "../crm/port.ts";
import { AppError, type FieldError } from "../errors.ts";
import { findField, listFields } from "../skills/fields.ts";
import { otherMappings } from "./mapping-rows.ts";
import { conflictCodes, type MappingRules, mappingFaults } from "./mapping-rules.ts";
import { timeZoneOf } from "./mapping-schedules.ts";

/**
 * Checks rules that are not saved yet, for the preview too.
 * @returns the property they write
 * @throws AppError as createMapping
 */
export async function checkMapping(
  house: House,
  workspaceId: string,
  rules: MappingRules,
  ownId: string | null,
): Promise<Property> {
  let { properties } = await crmProperties(house, workspaceId, rules.crm_type, rules.crm_object_type);
  // Made in the CRM a minute ago? Ask again before saying that it is not there.
  if (!properties.some((one) => one.name === rules.crm_property_name)) {
    properties = await askAgain(house, workspaceId, rules, properties);
  }
  const known = await house.db.withWorkspace(workspaceId, async (tx) => ({
    others: await otherMappings(tx, workspaceId, ownId),
    timeZone: await timeZoneOf(tx, workspaceId),
  }));
  const faults = mappingFaults(rules, {
    ...known,
    properties,
    field: findField(rules.pandora_field),
    fieldNames: listFields(rules.crm_object_type).map((field) => field.name),
  });
  if (faults.length > 0) throw refusal(faults);
  return properties.find((one) => one.name === rules.crm_property_name) as Property;
}

/** One refusal for all faults: 409 when only what is saved already stands in the way, else 422. */
export function refusal(faults: FieldError[]): AppError {
  const first = faults[0] as FieldError;
  if (faults.every((fault) => conflictCodes.includes(fault.code))) {
    return new AppError(first.code, { status: 409, public: first.message, errors: faults });
  }
  const says = faults.length === 1 ? first.message : `${faults.length} things stand in the way; each is listed.`;
  return new AppError("invalid_mapping", {
    status: 422,
    public: `The mapping can't be saved. ${says}`,
    errors: faults,
  });
}

async function askAgain(house: House, workspaceId: string, rules: MappingRules, kept: Property[]): Promise<Property[]> {
  try {
    return (await crmProperties(house, workspaceId, rules.crm_type, rules.crm_object_type, { refresh: true }))
      .properties;
  } catch (error) {
    house.log.warn("mappings.discovery_failed", { workspaceId, reason: (error as Error).name });
    return kept;
  }
}
