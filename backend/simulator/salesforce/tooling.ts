/** Custom fields through the Tooling API, and who may see them. */
import type { Reply } from "../http.ts";
import { type FieldType, field } from "./field.ts";
import { ApiError, makeFieldId, type Org, objectNamed, tableOf } from "./org.ts";

/** POST tooling/sobjects/CustomField. The field exists afterwards, and nobody sees it. */
export function createCustomField(org: Org, body: unknown): Reply {
  const { FullName, Metadata } = body as { FullName?: string; Metadata?: Record<string, unknown> };
  const [objectName = "", name = ""] = (FullName ?? "").split(".");
  const object = objectNamed(org, objectName);
  if (!/^[A-Za-z]\w*__c$/.test(name) || !Metadata) {
    throw new ApiError(400, "FIELD_INTEGRITY_EXCEPTION", "Field name must begin with a letter and end with __c", [
      "DeveloperName",
    ]);
  }
  if (object.fields.has(name.toLowerCase())) {
    const words = `There is already a field named ${name.replace(/__c$/, "")} on ${objectName}.`;
    throw new ApiError(400, "DUPLICATE_DEVELOPER_NAME", words, ["DeveloperName"]);
  }
  const type = types[String(Metadata.type)];
  if (!type)
    throw new ApiError(400, "INVALID_TYPE", `Cannot specify: ${String(Metadata.type)} for Custom Field`, ["type"]);
  if (type === "picklist" && !Metadata.valueSet)
    throw new ApiError(400, "FIELD_INTEGRITY_EXCEPTION", "Must specify either a value set or a value set name", [
      "valueSet",
    ]);
  object.fields.set(
    name.toLowerCase(),
    field(name, type, {
      label: String(Metadata.label),
      helpText: Metadata.inlineHelpText ? String(Metadata.inlineHelpText) : null,
      ...(Metadata.length ? { length: Number(Metadata.length) } : {}),
      ...(Metadata.precision ? { precision: Number(Metadata.precision), scale: Number(Metadata.scale ?? 0) } : {}),
      unique: Metadata.unique === true,
      filterable: type !== "richtext" && Metadata.type !== "LongTextArea",
      options: optionsOf(Metadata.valueSet),
      restricted: (Metadata.valueSet as { restricted?: boolean } | undefined)?.restricted === true,
      visible: false,
    }),
  );
  object.describedAt = org.clock.now().getTime();
  // Existing rows read as unset.
  for (const row of tableOf(org, object.name).values()) row[name] = type === "boolean" ? false : null;
  return { status: 201, body: { id: makeFieldId(org), success: true, errors: [], warnings: [], infos: [] } };
}

/** After a change of permission sets: a field is seen when the user's sets allow it. */
export function applyFieldSecurity(org: Org): void {
  const mine = new Set(
    [...tableOf(org, "PermissionSetAssignment").values()]
      .filter((row) => row["AssigneeId"] === org.userId && row["IsDeleted"] !== true)
      .map((row) => row["PermissionSetId"]),
  );
  for (const row of tableOf(org, "FieldPermissions").values()) {
    if (!mine.has(row["ParentId"] ?? null) || row["IsDeleted"] === true || row["PermissionsRead"] !== true) continue;
    const [objectName = "", name = ""] = String(row["Field"]).split(".");
    const object = org.objects.get(objectName);
    const found = object?.fields.get(name.toLowerCase());
    if (!object || !found || found.visible) continue;
    found.visible = true;
    found.writable = row["PermissionsEdit"] === true;
    object.describedAt = org.clock.now().getTime();
  }
}

function optionsOf(valueSet: unknown): string[] {
  const set = valueSet as { valueSetDefinition?: { value?: { fullName: string }[] } } | undefined;
  return set?.valueSetDefinition?.value?.map((option) => option.fullName) ?? [];
}

const types: Record<string, FieldType> = {
  Number: "double",
  Currency: "currency",
  Percent: "percent",
  Text: "string",
  LongTextArea: "textarea",
  TextArea: "textarea",
  Html: "richtext",
  Checkbox: "boolean",
  Date: "date",
  DateTime: "datetime",
  Picklist: "picklist",
};
