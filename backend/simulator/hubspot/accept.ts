/** Decides whether the properties of one record may be written. Pure: nothing is stored here. */
import type { Reply } from "../http.ts";
import type { HsObjectType } from "./catalogue.ts";
import { replies } from "./replies.ts";
import { findByProperty, type HsRecord, type Portal } from "./state.ts";
import { checkValue, type ValueError } from "./values.ts";

export type Accepted = { values: Record<string, string>; errors: ValueError[]; conflict: Reply | null };

/**
 * @param record the record to be changed; null for a new one
 * @param enforceRules admin rules hold for API versions from 2026-09 on
 * @returns checked values, with every error found; `conflict` when a unique value belongs to another record
 */
export function acceptProperties(
  portal: Portal,
  type: HsObjectType,
  properties: Record<string, unknown>,
  record: HsRecord | null,
  enforceRules: boolean,
): Accepted {
  const accepted: Accepted = { values: Object.create(null), errors: [], conflict: null };
  const fail = (name: string, error: string, message: string) =>
    accepted.errors.push({
      isValid: false,
      message,
      error,
      name,
      localizedErrorMessage: message,
      portalId: portal.portalId,
    });
  for (const [name, given] of Object.entries(properties)) {
    const property = portal.properties[type].get(name);
    if (!property) {
      fail(name, "PROPERTY_DOESNT_EXIST", `Property "${name}" does not exist`);
      continue;
    }
    if (property.modificationMetadata.readOnlyValue) {
      fail(name, "READ_ONLY_VALUE", `"${name}" is a read only property; its value cannot be set.`);
      continue;
    }
    const checked = checkValue(property, given === null || given === undefined ? "" : String(given), portal.ownerIds);
    if (!checked.ok) {
      fail(name, checked.code, checked.message);
      continue;
    }
    const rule = enforceRules
      ? portal.rules.find((each) => each.objectType === type && each.property === name && !each.passes(checked.value))
      : undefined;
    if (rule) {
      fail(name, "PROPERTY_VALIDATION_RULE_FAILED", rule.message);
      continue;
    }
    accepted.values[name] = checked.value;
    if (property.hasUniqueValue && checked.value !== "") {
      accepted.conflict ??= conflictOf(portal, type, name, checked.value, record);
    }
  }
  checkStage(portal, type, accepted.values, record, fail);
  return accepted;
}

/** Deals made without a pipeline go into the first one. */
export function withDefaults(type: HsObjectType, values: Record<string, string>): Record<string, string> {
  return type === "deals" && !values.pipeline ? { ...values, pipeline: "default" } : values;
}

function conflictOf(
  portal: Portal,
  type: HsObjectType,
  name: string,
  value: string,
  record: HsRecord | null,
): Reply | null {
  const holder = findByProperty(portal, type, name, value);
  if (!holder || holder === record) return null;
  if (name === "email") return replies.conflict(`Contact already exists. Existing ID: ${holder.id}`);
  const coordinates = `PropertyValueCoordinates{portalId=${portal.portalId}, objectTypeId=${type}, propertyName=${name}, value=${value}}`;
  const message = `Cannot set ${coordinates} on ${record?.id ?? "new object"}. ${holder.id} already has that value.`;
  return replies.invalid(message, {
    errors: [{ message, code: "CONFLICTING_UNIQUE_VALUE", context: { propertyName: [name] } }],
  });
}

function checkStage(
  portal: Portal,
  type: HsObjectType,
  values: Record<string, string>,
  record: HsRecord | null,
  fail: (name: string, error: string, message: string) => void,
): void {
  if (type !== "deals" || (values.dealstage === undefined && values.pipeline === undefined)) return;
  const stage = values.dealstage ?? record?.values.dealstage;
  const pipelineId = values.pipeline ?? record?.values.pipeline ?? "default";
  const pipeline = portal.pipelines.find((each) => each.id === pipelineId);
  if (!stage || !pipeline || pipeline.stages.some((each) => each.id === stage)) return;
  fail(
    "dealstage",
    "INVALID_OPTION",
    `${stage} was not one of the allowed options: the stages of pipeline ${pipelineId}`,
  );
}
