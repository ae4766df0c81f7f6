/** Makes a custom field through the Tooling API, and lets the connected user see it: a field without field-level security is invisible to the API. */
import { CrmError } from "../errors.ts";
import type { ObjectType, Property, PropertyDraft } from "../port.ts";
import { isKind, type SalesforceClient } from "./client.ts";
import { propertyOf, sobjectOf } from "./convert.ts";
import type { Describes } from "./describe.ts";
import { queryAllRows } from "./listing.ts";
import { createdBody, userInfoBody } from "./wire.ts";

/** Local on purpose: FieldPermissions can't be added to a managed permission set. */
const permissionSet = "Pandora_Fields";

/** Repeatable: a field that an earlier, interrupted attempt made is given its rights and answered.
 *  @throws CrmError already_exists when the user could see such a field before; missing_scope without "Customize Application" */
export async function createCustomField(
  client: SalesforceClient,
  describes: Describes,
  objectType: ObjectType,
  draft: PropertyDraft,
): Promise<Property> {
  const name = fieldName(draft.name);
  const before = await describes.again(objectType);
  if (before.fields.some((field) => field.name.toLowerCase() === name.toLowerCase())) {
    throw new CrmError("already_exists", `Salesforce has a field ${name} already; map that one.`, { property: name });
  }
  await createField(client, objectType, name, draft);
  await grant(client, objectType, name);
  const field = (await describes.again(objectType)).find(name);
  if (!field) {
    const words = `${name} was made, but the connected user can't see it. Give them field-level security, then refresh.`;
    throw new CrmError("missing_scope", words, { property: name, scope: "FieldPermissions" });
  }
  return propertyOf(field);
}

/** "pandora_deal_score" or "Pandora_Deal_Score__c" as the API name. */
function fieldName(name: string): string {
  const base = name.replace(/__c$/i, "");
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*$/.test(base) || base.length > 40) {
    const words = "Salesforce takes letters, digits and single underscores, at most 40, beginning with a letter.";
    throw new CrmError("value_refused", words, { property: name });
  }
  return `${base}__c`;
}

async function createField(
  client: SalesforceClient,
  objectType: ObjectType,
  name: string,
  draft: PropertyDraft,
): Promise<void> {
  const body = { FullName: `${sobjectOf(objectType)}.${name}`, Metadata: metadataOf(draft) };
  try {
    await client.ask({ method: "POST", path: "/tooling/sobjects/CustomField", body }, createdBody);
  } catch (error) {
    // It exists and was not visible: what is missing are the rights, which come next.
    if (!isKind(error, "already_exists")) throw error;
  }
}

async function grant(client: SalesforceClient, objectType: ObjectType, name: string): Promise<void> {
  const sobject = sobjectOf(objectType);
  const setId = await idOf("PermissionSet", { Name: permissionSet }, { Label: "Pandora fields" });
  const field = `${sobject}.${name}`;
  const rights = { PermissionsRead: true, PermissionsEdit: true };
  await idOf("FieldPermissions", { ParentId: setId, SobjectType: sobject, Field: field }, rights);
  const user = await client.ask({ method: "GET", path: "/services/oauth2/userinfo" }, userInfoBody);
  await idOf("PermissionSetAssignment", { PermissionSetId: setId, AssigneeId: user.user_id }, {});

  /** Finds the record by its key, or makes it. */
  async function idOf(type: string, key: Record<string, string>, rest: Record<string, unknown>): Promise<string> {
    const all = Object.entries(key).map(([name, value]) => ({
      field: name,
      op: "=" as const,
      value: { string: value },
    }));
    const [found] = await queryAllRows(client, { select: ["Id"], from: type, where: { all } });
    if (found) return String(found["Id"]);
    const made = await client.ask(
      { method: "POST", path: `/sobjects/${type}`, body: { ...key, ...rest } },
      createdBody,
    );
    return made.id;
  }
}

/** Source: Metadata API Developer Guide, "CustomField". */
function metadataOf(draft: PropertyDraft): Record<string, unknown> {
  const common = {
    label: draft.label,
    inlineHelpText: draft.description.slice(0, 510),
    description: draft.description,
  };
  const scale = draft.scale ?? 0;
  switch (draft.type) {
    case "number":
      return { ...common, type: "Number", precision: 18, scale, unique: draft.unique ?? false };
    case "currency":
      return { ...common, type: "Currency", precision: 18, scale: draft.scale ?? 2 };
    case "text": {
      const unique = draft.unique ? { unique: true, externalId: true, caseSensitive: true } : {};
      return { ...common, type: "Text", length: draft.lengthMax ?? 255, ...unique };
    }
    case "textarea":
      return { ...common, type: "LongTextArea", length: draft.lengthMax ?? 32_768, visibleLines: 5 };
    case "rich_text":
      return { ...common, type: "Html", length: draft.lengthMax ?? 32_768, visibleLines: 10 };
    case "boolean":
      return { ...common, type: "Checkbox", defaultValue: "false" };
    case "date":
      return { ...common, type: "Date" };
    case "datetime":
      return { ...common, type: "DateTime" };
    case "enum":
      return { ...common, type: "Picklist", valueSet: valueSet(draft.options ?? []) };
    default:
      return draft.type satisfies never;
  }
}

function valueSet(options: { value: string; label: string }[]): Record<string, unknown> {
  const value = options.map((option) => ({ fullName: option.value, label: option.label, default: false }));
  return { restricted: true, valueSetDefinition: { sorted: false, value } };
}
