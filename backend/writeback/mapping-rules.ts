/**
 * Which mappings can't be saved, and why (DESIGN 3.2): each fault names the field and what would be accepted.
 * Pure; `mappings.ts` hands in what it read.
 */
import { Cron } from "croner";
import type { PandoraField } from "../contract/fields.ts";
import type { MappingDraft } from "../contract/mappings.ts";
import { compatibility, isTextual, type ValueType } from "../crm/compatible.ts";
import type { CrmType, ObjectType, Property } from "../crm/port.ts";
import type { FieldError } from "../errors.ts";
import { needsNumber, parseCondition } from "./condition.ts";
import { parseTransform, type TransformStep, transformFits } from "./transform.ts";

/** A mapping as it would stand after the request. */
export type MappingRules = Omit<MappingDraft, "request_id" | "crm_type"> & { crm_type: CrmType };

/** A live mapping of this workspace, other than the one being saved. */
export type OtherMapping = {
  id: string;
  pandora_field: string;
  crm_type: CrmType;
  crm_object_type: ObjectType;
  crm_property_name: string;
};

export type KnownOfMapping = {
  /** The registry's entry; undefined: there is no such field. */
  field: PandoraField | undefined;
  /** Names of the fields that the object has. */
  fieldNames: string[];
  /** Everything discovered on the object, read-only properties included. */
  properties: Property[];
  others: OtherMapping[];
  /** IANA zone of the workspace, for the schedule. */
  timeZone: string;
};

/** Codes that are conflicts with what is saved already (409) rather than malformed (422). */
export const conflictCodes: readonly string[] = ["property_taken", "duplicate_mapping"];

/** @returns every fault at once, in the order of the editor's fields; empty: it may be saved */
export function mappingFaults(draft: MappingRules, known: KnownOfMapping): FieldError[] {
  const property = known.properties.find((one) => one.name === draft.crm_property_name);
  return [
    ...fieldFaults(draft, known),
    ...propertyFaults(draft, known, property),
    ...transformFaults(draft, known.field, property),
    ...conditionFaults(draft, known.field),
    ...modeFaults(draft, property),
    ...scheduleFaults(draft, known.timeZone),
    ...filterFaults(draft),
    ...mappingConflicts(draft, known.others),
  ];
}

/** The next time a schedule falls due after `now`, or null for a cron that never does or is malformed. */
export function nextDue(cron: string, timeZone: string, now: Date): Date | null {
  // croner takes a sixth part (seconds) and nicknames too; five parts are what the guides promise.
  if (cron.trim().split(/\s+/).length !== 5) return null;
  try {
    return new Cron(cron.trim(), { timezone: timeZone, paused: true }).nextRun(now);
  } catch {
    return null;
  }
}

function fieldFaults(draft: MappingRules, known: KnownOfMapping): FieldError[] {
  const { field } = known;
  if (!field) {
    const message = `Pandora has no field "${draft.pandora_field}".`;
    return [{ field: "pandora_field", code: "unknown_field", message, allowed: known.fieldNames }];
  }
  if (field.object_types.includes(draft.crm_object_type)) return [];
  const message = `"${field.label}" is a value of a ${field.object_types.join(" or ")}, not of a ${draft.crm_object_type}.`;
  return [{ field: "crm_object_type", code: "wrong_object", message, allowed: field.object_types }];
}

function propertyFaults(draft: MappingRules, known: KnownOfMapping, property: Property | undefined): FieldError[] {
  const at = "crm_property_name";
  const valueType = known.field?.value_type;
  if (!property) {
    const message = `The ${draft.crm_object_type} object has no property "${draft.crm_property_name}". Choose one from the list or create it.`;
    return [{ field: at, code: "unknown_property", message, allowed: suggestions(known.properties, valueType) }];
  }
  if (!property.writable) {
    const message = property.readOnlyReason ?? `"${property.label}" is read-only in the CRM.`;
    return [{ field: at, code: "read_only_property", message, allowed: suggestions(known.properties, valueType) }];
  }
  if (property.unique) {
    const message = `"${property.label}" must differ on every record, so Pandora's values would be refused there.`;
    return [{ field: at, code: "unique_property", message, allowed: suggestions(known.properties, valueType) }];
  }
  const fit = valueType ? compatibility(valueType, property) : null;
  if (!fit || fit.ok) return [];
  return [{ field: at, code: "incompatible_type", message: fit.message, allowed: fit.allowed }];
}

function transformFaults(
  draft: MappingRules,
  field: PandoraField | undefined,
  property: Property | undefined,
): FieldError[] {
  const at = "value_transform";
  const parsed = parseTransform(draft.value_transform);
  if (!parsed.ok) return [{ field: at, code: "bad_transform", message: parsed.message, allowed: parsed.allowed }];
  if (!field) return [];
  const unfit = transformFits(parsed.steps, field.value_type);
  if (unfit) return [{ field: at, code: "transform_does_not_fit", message: unfit, allowed: ["raw"] }];
  if (!property || !compatibility(field.value_type, property).ok) return [];
  const result = typeAfter(parsed.steps, field.value_type);
  // A date without its time goes into dates and text; anything else follows the type it became.
  const fits = result === "date" ? property.type !== "datetime" : compatibility(result, property).ok;
  if (fits) return [];
  const message = `After "${draft.value_transform}" the value is ${result === "date" ? "a date without time" : "text"}, which "${property.label}" (${property.type}) can't take.`;
  return [{ field: at, code: "transform_does_not_fit", message, allowed: ["raw"] }];
}

function conditionFaults(draft: MappingRules, field: PandoraField | undefined): FieldError[] {
  const at = "write_condition";
  const parsed = parseCondition(draft.write_condition);
  if (!parsed.ok) return [{ field: at, code: "bad_condition", message: parsed.message, allowed: parsed.allowed }];
  if (field && field.value_type !== "number" && needsNumber(parsed.conditions)) {
    const message = `"${field.label}" is not a number, so a score condition would never be met.`;
    return [{ field: at, code: "condition_does_not_fit", message, allowed: ["field_is_blank"] }];
  }
  if (draft.skip_read && parsed.conditions.some((one) => one.kind === "field_is_blank")) {
    const message = "field_is_blank needs to read the CRM first: switch skip_read off or leave this condition out.";
    return [{ field: at, code: "needs_read", message }];
  }
  return [];
}

function modeFaults(draft: MappingRules, property: Property | undefined): FieldError[] {
  const faults: FieldError[] = [];
  const appends = draft.write_mode === "append" || draft.write_mode === "append_if_changed";
  const overwrites = draft.write_mode === "overwrite";
  if (appends && property && !isTextual(property.type)) {
    const message = `"${property.label}" is a ${property.type} property: only text can be appended to.`;
    faults.push({ field: "write_mode", code: "append_needs_text", message, allowed: ["overwrite", "never_overwrite"] });
  }
  if (draft.keep_human_edits && !overwrites) {
    faults.push(
      only("keep_human_edits", "keep_human_edits belongs to overwrite; the other modes never replace anything."),
    );
  }
  if (draft.skip_read && !overwrites) {
    faults.push(only("skip_read", "skip_read works with overwrite only; the other modes must read first."));
  }
  if (draft.when_empty === "clear" && !overwrites) {
    const message = "Clearing when Pandora has no value works with overwrite only.";
    faults.push({ field: "when_empty", code: "overwrite_only", message, allowed: ["keep"] });
  }
  if (draft.skip_read && draft.keep_human_edits) {
    faults.push(needsRead("keep_human_edits", "Keeping what people changed needs to read the CRM first", ["false"]));
  }
  if (draft.skip_read && draft.when_empty === "clear") {
    faults.push(needsRead("when_empty", "Clearing only what is Pandora's needs to read the CRM first", ["keep"]));
  }
  return faults;
}

function scheduleFaults(draft: MappingRules, timeZone: string): FieldError[] {
  const at = "schedule";
  if (draft.sync_trigger !== "scheduled") {
    if (draft.schedule === null) return [];
    const message = `A schedule belongs to the trigger "scheduled", and this mapping's is "${draft.sync_trigger}".`;
    return [{ field: at, code: "schedule_not_used", message, allowed: ["null"] }];
  }
  const allowed = ["0 6 * * *", "0 */4 * * *", "30 7 * * 1-5"];
  if (draft.schedule === null || draft.schedule.trim() === "") {
    return [{ field: at, code: "required", message: "Say when, as a cron line of five parts.", allowed }];
  }
  if (nextDue(draft.schedule, timeZone, new Date(0))) return [];
  const message = `"${draft.schedule}" is not a cron line of five parts (minute hour day month weekday), or never falls due.`;
  return [{ field: at, code: "bad_schedule", message, allowed }];
}

function filterFaults(draft: MappingRules): FieldError[] {
  if (draft.crm_object_type === "deal") return [];
  return (["open_deals", "pipelines"] as const)
    .filter((member) => draft.record_filter[member] !== undefined && draft.record_filter[member] !== false)
    .map((member) => ({
      field: `record_filter.${member}`,
      code: "deals_only",
      message: `${member} limits deals, and this mapping is of a ${draft.crm_object_type}.`,
      allowed: ["owners"],
    }));
}

/** What is saved already and stands in the way: the property's writer, or an unconfirmed twin. */
export function mappingConflicts(draft: MappingRules, others: OtherMapping[]): FieldError[] {
  const same = others.filter((one) => one.crm_type === draft.crm_type && one.crm_object_type === draft.crm_object_type);
  const writer = same.find((one) => one.crm_property_name === draft.crm_property_name);
  if (writer) return [propertyTaken(draft.crm_property_name, writer)];
  const twin = same.find((one) => one.pandora_field === draft.pandora_field);
  if (!twin || draft.confirm_duplicate) return [];
  const message = `"${draft.pandora_field}" is mapped to "${twin.crm_property_name}" already (mapping ${twin.id}). Send confirm_duplicate: true to map it a second time.`;
  return [{ field: "confirm_duplicate", code: "duplicate_mapping", message, allowed: ["true"] }];
}

/** One property, one writer. */
export function propertyTaken(name: string, writer: { id: string; pandora_field: string } | null): FieldError {
  const who = writer ? `mapping ${writer.id} (${writer.pandora_field})` : "another mapping";
  const message = `"${name}" is written by ${who} already. Choose another property, or delete that mapping first.`;
  return { field: "crm_property_name", code: "property_taken", message };
}

/** What a value is once its transform is through; `round` and `raw` leave it as it was. */
function typeAfter(steps: TransformStep[], start: ValueType): ValueType | "date" {
  let type: ValueType | "date" = start;
  for (const step of steps) {
    if (step.kind === "truncate" || step.kind === "uppercase") type = type === "long_text" ? "long_text" : "text";
    if (step.kind === "score_label") type = "text";
    if (step.kind === "date_only") type = "date";
  }
  return type;
}

function suggestions(properties: Property[], valueType: ValueType | undefined): string[] {
  return properties
    .filter((one) => one.writable && !one.hidden && !one.unique && (!valueType || compatibility(valueType, one).ok))
    .sort((one, two) => Number(two.custom) - Number(one.custom) || one.label.localeCompare(two.label, "en"))
    .slice(0, 20)
    .map((one) => one.name);
}

function only(field: string, message: string): FieldError {
  return { field, code: "overwrite_only", message, allowed: ["false"] };
}

function needsRead(field: string, message: string, allowed: string[]): FieldError {
  return { field, code: "needs_read", message: `${message}: not together with skip_read.`, allowed };
}
