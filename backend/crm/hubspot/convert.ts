/** HubSpot's shapes to the port's and back. Pure. */
import type {
  AccountInfo,
  Filter,
  MirrorRecord,
  ObjectType,
  Owner,
  Property,
  PropertyDraft,
  PropertyType,
  Stage,
} from "../port.ts";
import type { accountDetails, WireAssociations, WireOwner, WirePipeline, WireProperty, WireRecord } from "./wire.ts";

/** HubSpot's names of the objects, and their type ids. */
export const plural: Record<ObjectType, string> = { deal: "deals", company: "companies", contact: "contacts" };
export const typeIds: Record<ObjectType, string> = { contact: "0-1", company: "0-2", deal: "0-3" };

/** What the mirror needs to know of links, by object. */
export const linkedTypes: Record<ObjectType, ObjectType[]> = {
  deal: ["company", "contact"],
  contact: ["company"],
  company: [],
};

export const mergedIdsProperty = "hs_merged_object_ids";

/** The modification date has another name on contacts. */
export function modifiedProperty(objectType: ObjectType): string {
  return objectType === "contact" ? "lastmodifieddate" : "hs_lastmodifieddate";
}

/** Text properties hold this many characters. */
const textLengthMax = 65_536;

export function toProperty(wire: WireProperty): Property {
  const type = propertyType(wire);
  const readOnlyReason = readOnlyReasonOf(wire);
  return {
    name: wire.name,
    label: wire.label,
    type,
    crmFieldType: `${wire.type}/${wire.fieldType}`,
    description: wire.description,
    group: wire.groupName || null,
    custom: !wire.hubspotDefined,
    writable: readOnlyReason === null,
    readOnlyReason,
    hidden: wire.hidden,
    unique: wire.hasUniqueValue,
    lengthMax: type === "text" || type === "textarea" || type === "rich_text" ? textLengthMax : null,
    scale: null,
    precision: null,
    options: wire.options.map(({ value, label, hidden }) => ({ value, label, active: !hidden })),
    // Owners and the like come from elsewhere: an empty list there does not mean that nothing is allowed.
    restricted: (type === "enum" || type === "multi_enum" || type === "boolean") && !wire.externalOptions,
  };
}

function propertyType({ type, fieldType, showCurrencySymbol }: WireProperty): PropertyType {
  switch (type) {
    case "number":
      return showCurrencySymbol ? "currency" : "number";
    case "bool":
      return "boolean";
    case "enumeration":
      return fieldType === "booleancheckbox" ? "boolean" : fieldType === "checkbox" ? "multi_enum" : "enum";
    case "date":
    case "datetime":
      return type;
    default:
      return fieldType === "html" ? "rich_text" : fieldType === "textarea" ? "textarea" : "text";
  }
}

function readOnlyReasonOf(wire: WireProperty): string | null {
  if (wire.calculated || wire.fieldType.startsWith("calculation")) return "HubSpot calculates this property.";
  if (wire.modificationMetadata?.readOnlyValue) return "HubSpot sets this property itself.";
  if (wire.fieldType === "file") return "This property holds a file.";
  if (!writableTypes.has(wire.type)) return `Properties of type ${wire.type} can't be written.`;
  return null;
}

const writableTypes = new Set(["string", "number", "bool", "enumeration", "date", "datetime", "phone_number"]);

/** The group all of Pandora's properties stand in. */
export const pandoraGroup = { name: "pandora", label: "Pandora" };

/** A creation body. A currency becomes a number: how it is shown is not part of the creation API. */
export function fromDraft(draft: PropertyDraft): object {
  const [type, fieldType] = draftTypes[draft.type];
  const options = draft.type === "boolean" ? yesNo : (draft.options ?? []);
  return {
    name: draft.name,
    label: draft.label,
    description: draft.description,
    groupName: pandoraGroup.name,
    type,
    fieldType,
    ...(draft.unique ? { hasUniqueValue: true } : {}),
    ...(options.length > 0
      ? { options: options.map((option, displayOrder) => ({ ...option, displayOrder, hidden: false })) }
      : {}),
  };
}

const yesNo = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

const draftTypes: Record<PropertyDraft["type"], [type: string, fieldType: string]> = {
  number: ["number", "number"],
  currency: ["number", "number"],
  text: ["string", "text"],
  textarea: ["string", "textarea"],
  rich_text: ["string", "html"],
  boolean: ["bool", "booleancheckbox"],
  date: ["date", "date"],
  datetime: ["datetime", "date"],
  enum: ["enumeration", "select"],
};

/** What is wrong with a name, in words; null = fine. */
export function nameProblem(name: string): string | null {
  if (/^[a-z][a-z0-9_]{0,99}$/.test(name) && !name.startsWith("hs_")) return null;
  return "A HubSpot property name starts with a letter, holds only lower-case letters, digits and underscores, has at most 100 characters and does not begin with hs_.";
}

/** Exactly the properties asked for; what HubSpot does not tell is null. */
export function pickProperties(wire: WireRecord, properties: string[]): Record<string, string | null> {
  const picked: Record<string, string | null> = {};
  for (const name of properties) {
    const value = Object.hasOwn(wire.properties, name) ? wire.properties[name] : null;
    picked[name] = value === "" || value === undefined ? null : value;
  }
  return picked;
}

export function mergedIdsOf(wire: WireRecord): string[] {
  return (wire.properties[mergedIdsProperty] ?? "").split(";").filter(Boolean);
}

export function toMirrorRecord(
  objectType: ObjectType,
  wire: WireRecord,
  properties: string[],
  associations: MirrorRecord["associations"],
): MirrorRecord {
  return {
    id: wire.id,
    objectType,
    properties: pickProperties(wire, properties),
    updatedAt: utc(wire.archivedAt ?? wire.updatedAt),
    createdAt: utc(wire.createdAt),
    deleted: wire.archived,
    mergedIds: mergedIdsOf(wire),
    associations,
  };
}

/** Links that a listing carries: one entry for each type of a link, the primary one without "_unlabeled". */
export function listedAssociations(objectType: ObjectType, wire: WireRecord): MirrorRecord["associations"] {
  const found: MirrorRecord["associations"] = {};
  for (const toType of linkedTypes[objectType]) {
    const plain = `${objectType}_to_${toType}`;
    const entries = (wire.associations?.[plural[toType]]?.results ?? []).map(({ id, type }) => ({
      id,
      primary: toType === "company" && type === plain,
      role: type === plain || type === `${plain}_unlabeled` ? null : type.replaceAll("_", " "),
    }));
    found[toType] = ranked(entries);
  }
  return found;
}

/** Links as the association endpoint tells them, by the record they start from. */
export function readAssociations(results: WireAssociations): Map<string, { id: string; role: string | null }[]> {
  return new Map(
    results.map(({ from, to }) => [
      from.id,
      ranked(
        to.flatMap(({ toObjectId, associationTypes }) =>
          associationTypes.map(({ typeId, label }) => ({
            id: toObjectId,
            primary: primaryTypeIds.has(typeId),
            role: label && !primaryTypeIds.has(typeId) ? label.toLowerCase() : null,
          })),
        ),
      ),
    ]),
  );
}

/** contact to company 1 (back 2), deal to company 5 (back 6). */
const primaryTypeIds = new Set([1, 2, 5, 6]);

/** One entry a record, the primary first, with its role if it has one. */
function ranked(
  entries: { id: string; primary: boolean; role: string | null }[],
): { id: string; role: string | null }[] {
  const byId = new Map<string, { primary: boolean; role: string | null }>();
  for (const { id, primary, role } of entries) {
    const known = byId.get(id);
    byId.set(id, { primary: primary || (known?.primary ?? false), role: known?.role ?? role });
  }
  const all = [...byId].map(([id, each]) => ({ id, ...each }));
  const first = all.filter((each) => each.primary);
  const rest = all.filter((each) => !each.primary);
  return [...first, ...rest].map(({ id, role }) => ({ id, role }));
}

export function toOwner(wire: WireOwner): Owner {
  const user = wire.userId ?? wire.userIdIncludingInactive;
  const name = [wire.firstName, wire.lastName].filter(Boolean).join(" ");
  return {
    id: wire.id,
    email: wire.email?.toLowerCase() || null,
    name: name || wire.email || `Owner ${wire.id}`,
    active: !wire.archived,
    userId: user === null || user === undefined ? null : String(user),
    teamIds: (wire.teams ?? []).map((team) => team.id),
  };
}

/** Living stages, in the order of the board. */
export function toStages(pipelines: WirePipeline[]): Stage[] {
  const living = pipelines.filter((each) => !each.archived).sort((a, b) => a.displayOrder - b.displayOrder);
  return living.flatMap((pipeline) =>
    pipeline.stages
      .filter((stage) => !stage.archived)
      .sort((a, b) => a.displayOrder - b.displayOrder)
      .map((stage) => {
        const given = stage.metadata.probability;
        const probability = given === undefined || given === "" ? null : Number(given);
        const isClosed = stage.metadata.isClosed === "true";
        return {
          pipelineId: pipeline.id,
          pipelineLabel: pipeline.label,
          stageId: stage.id,
          stageLabel: stage.label,
          sortOrder: stage.displayOrder,
          isClosed,
          // HubSpot has no such flag: won is closed with certainty.
          isWon: isClosed && probability === 1,
          probability,
        };
      }),
  );
}

export function toAccount(wire: ReturnType<typeof accountDetails.parse>, userId: string): AccountInfo {
  return {
    accountId: wire.portalId,
    // The API tells no name of the account.
    name: `HubSpot ${wire.portalId}`,
    timeZone: wire.timeZone,
    currency: wire.companyCurrency,
    multiCurrency: wire.additionalCurrencies.length > 0,
    uiUrl: `https://${wire.uiDomain}/contacts/${wire.portalId}/record/{objectType}/{id}`,
    userId,
  };
}

/** Search filters, all of which must hold. */
export function toSearchFilters(filters: Filter[]): object[] {
  return filters.map((filter) => {
    switch (filter.op) {
      case "eq":
        return { propertyName: filter.property, operator: "EQ", value: filter.value };
      case "in": {
        // Text is compared in lower case, options as they are written: both spellings are sent.
        const values = [...new Set(filter.values.flatMap((value) => [value, value.toLowerCase()]))];
        return { propertyName: filter.property, operator: "IN", values };
      }
      case "contains":
        return { propertyName: filter.property, operator: "CONTAINS_TOKEN", value: `*${filter.value}*` };
      default:
        return filter satisfies never;
    }
  });
}

function utc(time: string): string {
  return new Date(time).toISOString();
}
