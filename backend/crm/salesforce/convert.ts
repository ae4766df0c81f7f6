/** Salesforce's forms to ours and back. Pure. */
import { CrmError } from "../errors.ts";
import type { MirrorRecord, ObjectType, Outcome, Property, PropertyType } from "../port.ts";
import type { DescribedField, QueriedRow } from "./wire.ts";

/** The Salesforce object behind one of ours. */
export function sobjectOf(objectType: ObjectType): "Opportunity" | "Account" | "Contact" {
  switch (objectType) {
    case "deal":
      return "Opportunity";
    case "company":
      return "Account";
    case "contact":
      return "Contact";
    default:
      return objectType satisfies never;
  }
}

/** What discovery shows of a described field. Writable = updateable and createable and not calculated (DESIGN 3.2). */
export function propertyOf(field: DescribedField): Property {
  const type = propertyType(field);
  const readOnlyReason = whyReadOnly(field);
  const numeric = type === "number" || type === "currency";
  return {
    name: field.name,
    label: field.label,
    type,
    crmFieldType: field.extraTypeInfo ? `${field.type}/${field.extraTypeInfo}` : field.type,
    description: field.inlineHelpText ?? "",
    group: null,
    custom: field.custom,
    writable: readOnlyReason === null,
    readOnlyReason,
    hidden: field.deprecatedAndHidden,
    unique: field.unique,
    lengthMax: !numeric && field.length > 0 ? field.length : null,
    scale: numeric ? (field.type === "int" ? 0 : field.scale) : null,
    precision: numeric ? integerDigits(field) : null,
    options: field.picklistValues.map((option) => ({
      value: option.value,
      label: option.label ?? option.value,
      active: option.active,
    })),
    restricted: field.restrictedPicklist,
  };
}

/** A port value as the JSON that the field's type wants; null clears. */
export function toJson(value: string | null, field: DescribedField): Outcome<string | number | boolean | null> {
  if (value === null) return { ok: true, value: null };
  if (numericTypes.has(field.type)) {
    const number = Number(value);
    if (value.trim() === "" || !Number.isFinite(number)) return refused(field, "needs a number");
    return { ok: true, value: number };
  }
  if (field.type === "boolean") {
    if (value !== "true" && value !== "false") return refused(field, "needs true or false");
    return { ok: true, value: value === "true" };
  }
  return { ok: true, value };
}

/** A value as read, in port form: numbers and booleans as text, times as UTC ISO; blank text is null, as Salesforce stores it. */
export function fromJson(value: unknown, field: DescribedField | undefined): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return JSON.stringify(value);
  return field?.type === "datetime" ? isoTime(value) : value;
}

/** "2026-11-22T10:00:00.000+0000" as "2026-11-22T10:00:00.000Z". */
export function isoTime(value: string): string {
  const at = new Date(value.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(at.getTime()) ? value : at.toISOString();
}

/** True when two ids name the same record, one or both without the three check characters. */
export function sameId(one: string, other: string): boolean {
  return one.slice(0, 15) === other.slice(0, 15);
}

/** The 18-character form, which is safe where letter case is not kept.
 *  Source: "Record Id field type": three characters, one bit per upper-case letter of each five. */
export function id18(id: string): string {
  if (id.length !== 15) return id;
  let suffix = "";
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      const sign = id[block * 5 + index] ?? "";
      if (sign >= "A" && sign <= "Z") bits |= 1 << index;
    }
    suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits];
  }
  return id + suffix;
}

/** A queried row as the mirror keeps it.
 *  @param fieldOf the described field behind an asked-for name (which may lack the namespace the row's column carries) */
export function mirrorRecord(
  objectType: ObjectType,
  row: QueriedRow,
  properties: string[],
  fieldOf: (name: string) => DescribedField | undefined,
  contactRoles: QueriedRow[],
): MirrorRecord {
  const associations: MirrorRecord["associations"] = {};
  if (objectType !== "company" && typeof row["AccountId"] === "string") {
    associations.company = [{ id: row["AccountId"], role: null }];
  }
  if (objectType === "deal") associations.contact = roleContacts(contactRoles);
  return {
    id: String(row["Id"]),
    objectType,
    properties: Object.fromEntries(
      properties.map((name) => [name, fromJson(row[fieldOf(name)?.name ?? name], fieldOf(name))]),
    ),
    updatedAt: isoTime(String(row["SystemModstamp"])),
    createdAt: isoTime(String(row["CreatedDate"])),
    deleted: row["IsDeleted"] === true,
    mergedIds: [],
    associations,
  };
}

/** Where records open: the Lightning host of a My Domain, the host itself elsewhere. Placeholders stay for `recordUrl`. */
export function uiUrlOf(instanceUrl: string): string {
  const url = new URL(instanceUrl);
  const host = url.host.replace(/\.my\.salesforce\.com$/, ".lightning.force.com");
  return `${url.protocol}//${host}/lightning/r/{objectType}/{id}/view`;
}

function roleContacts(rows: QueriedRow[]): { id: string; role: string | null }[] {
  return rows
    .filter((row) => typeof row["ContactId"] === "string")
    .sort((a, b) => Number(b["IsPrimary"] === true) - Number(a["IsPrimary"] === true))
    .map((row) => ({ id: String(row["ContactId"]), role: typeof row["Role"] === "string" ? row["Role"] : null }));
}

function propertyType(field: DescribedField): PropertyType {
  if (field.type === "currency") return "currency";
  if (numericTypes.has(field.type)) return "number";
  if (field.type === "textarea") {
    return field.htmlFormatted || field.extraTypeInfo === "richtextarea" ? "rich_text" : "textarea";
  }
  return byType[field.type] ?? "text";
}

function whyReadOnly(field: DescribedField): string | null {
  if (field.calculated) return "Salesforce calculates this field.";
  if (field.autoNumber) return "Salesforce numbers this field itself.";
  if (compound.has(field.type)) return "Salesforce builds this field from other fields.";
  if (!field.updateable || !field.createable) {
    return "Salesforce, or the connected user's field-level security, does not allow writing to this field.";
  }
  return null;
}

function integerDigits(field: DescribedField): number | null {
  if (field.type === "int") return field.digits > 0 ? field.digits : null;
  return field.precision > 0 ? field.precision - field.scale : null;
}

function refused(field: DescribedField, need: string): Outcome<never> {
  const error = new CrmError("value_refused", `${field.label} ${need}.`, { property: field.name });
  return { ok: false, error };
}

const numericTypes = new Set(["double", "int", "long", "percent", "currency"]);
const compound = new Set(["address", "location", "base64", "anyType", "complexvalue"]);
const byType: Record<string, PropertyType> = {
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  picklist: "enum",
  multipicklist: "multi_enum",
};
