/** Discovery: the CRM's properties, cached 5 minutes per connection and object, and making a new one. */
import type { CrmType, ObjectType } from "../contract/common.ts";
import type { CrmProperty, CrmPropertyDraft, CrmPropertyList } from "../contract/crm-properties.ts";
import type { Property } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { recordAudit } from "./audit.ts";
import type { House } from "./house.ts";
import { whichCrm } from "./which-crm.ts";

const keptMs = 5 * 60_000;

/**
 * All properties of an object, the read-only ones included; at most 5 minutes old.
 * @throws AppError not_connected | needs_reconnect, CrmError when the CRM can't be asked
 */
export async function crmProperties(
  house: House,
  workspaceId: string,
  crm: CrmType,
  objectType: ObjectType,
  options: { refresh?: boolean } = {},
): Promise<{ properties: Property[]; fetchedAt: Date }> {
  if (!options.refresh) {
    const kept = await readKept(house, workspaceId, crm, objectType);
    if (kept) return kept;
  }
  // Outside of any transaction: the CRM may take seconds.
  const connection = await house.openCrm(workspaceId, crm, "waiting");
  const properties = await connection.describeProperties(objectType);
  const fetchedAt = house.clock.now();
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into crm_properties (workspace_id, crm, object_type, properties, fetched_at)
      values (${workspaceId}, ${crm}, ${objectType}, ${tx.json(properties as never)}, ${fetchedAt})
      on conflict (workspace_id, crm, object_type)
      do update set properties = excluded.properties, fetched_at = excluded.fetched_at`,
  );
  return { properties, fetchedAt };
}

/** Forgets what was discovered: at disconnect, and when the CRM reports an unknown property. */
export async function dropProperties(
  tx: Tx,
  workspaceId: string,
  crm: CrmType,
  objectType: ObjectType | null = null,
): Promise<void> {
  await tx`
    delete from crm_properties where workspace_id = ${workspaceId} and crm = ${crm}
      and (${objectType}::text is null or object_type = ${objectType}::text)`;
}

/** What an editor offers: what can be written, custom properties first, then by label. */
export async function listCrmProperties(
  house: House,
  workspaceId: string,
  query: { crm?: CrmType; objectType: ObjectType; all: boolean; refresh: boolean },
): Promise<CrmPropertyList> {
  const crm = await whichCrm(house, workspaceId, query.crm);
  const { properties, fetchedAt } = await crmProperties(house, workspaceId, crm, query.objectType, query);
  const writers = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ id: string; name: string }[]>`
      select id, crm_property_name as name from crm_property_mappings
      where workspace_id = ${workspaceId} and crm_type = ${crm} and crm_object_type = ${query.objectType}
        and deleted_at is null`,
  );
  const mappedBy = new Map(writers.map((writer) => [writer.name, writer.id]));
  const items = offered(properties, crm, query.all).map((one) => toShape(one, mappedBy.get(one.name) ?? null));
  return { items, next_cursor: null, fetched_at: fetchedAt.toISOString() };
}

/**
 * Makes a property in the CRM, and forgets what was discovered so that it is offered at once.
 * @throws AppError property_exists (409), CrmError as the CRM refuses
 */
export async function createCrmProperty(
  house: House,
  workspaceId: string,
  draft: CrmPropertyDraft,
  by: string,
): Promise<CrmProperty> {
  const crm = await whichCrm(house, workspaceId, draft.crm);
  refuseWhatCrmCantTake(crm, draft);
  const connection = await house.openCrm(workspaceId, crm, "waiting");
  const made = await connection.createProperty(draft.object_type, {
    name: draft.name,
    label: draft.label,
    type: draft.type,
    description: draft.description,
    ...(draft.options ? { options: draft.options } : {}),
    ...(draft.length_max === undefined ? {} : { lengthMax: draft.length_max }),
    ...(draft.scale === undefined ? {} : { scale: draft.scale }),
    ...(draft.unique === undefined ? {} : { unique: draft.unique }),
  });
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await dropProperties(tx, workspaceId, crm, draft.object_type);
    await recordAudit(tx, workspaceId, house.clock.now(), {
      actor: by,
      action: "crm_property.created",
      subject: made.name,
      detail: { crm, object_type: draft.object_type, type: draft.type },
    });
  });
  return toShape(made, null);
}

/** Pure: which properties an editor offers, in which order. */
export function offered(properties: Property[], crm: CrmType, all: boolean): Property[] {
  return properties
    .filter((one) => one.writable && !one.hidden && (all || crm !== "hubspot" || !isHubspotInternal(one.name)))
    .sort((one, two) => Number(two.custom) - Number(one.custom) || one.label.localeCompare(two.label, "en"));
}

function isHubspotInternal(name: string): boolean {
  return name.startsWith("hs_") && name !== "hs_next_step";
}

function refuseWhatCrmCantTake(crm: CrmType, draft: CrmPropertyDraft): void {
  if (draft.type === "enum" && !draft.options) {
    throw refusal("options", "required", "an enum property needs its options");
  }
  if (crm === "hubspot" && !/^[a-z][a-z0-9_]*$/.test(draft.name)) {
    throw refusal("name", "bad_name", "HubSpot's property names are lower case letters, digits and _");
  }
  if (crm === "hubspot" && draft.name.startsWith("hs_")) {
    throw refusal("name", "bad_name", "names beginning with hs_ are HubSpot's own");
  }
  const bare = draft.name.replace(/__c$/i, "");
  if (crm === "salesforce" && (bare.length > 40 || bare.includes("__") || bare.endsWith("_"))) {
    throw refusal("name", "bad_name", "Salesforce takes at most 40 characters, no __ and no _ at the end");
  }
}

function refusal(field: string, code: string, message: string): AppError {
  return new AppError("invalid_request", {
    status: 422,
    public: `The property can't be made: ${message}.`,
    errors: [{ field, code, message }],
  });
}

async function readKept(house: House, workspaceId: string, crm: CrmType, objectType: ObjectType) {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ properties: Property[]; fetched_at: Date }[]>`
      select properties, fetched_at from crm_properties
      where workspace_id = ${workspaceId} and crm = ${crm} and object_type = ${objectType}`,
  );
  if (!row || row.fetched_at.getTime() + keptMs <= house.clock.now().getTime()) return null;
  return { properties: row.properties, fetchedAt: row.fetched_at };
}

function toShape(property: Property, mappedBy: string | null): CrmProperty {
  return {
    name: property.name,
    label: property.label,
    type: property.type,
    crm_field_type: property.crmFieldType,
    description: property.description,
    group: property.group,
    custom: property.custom,
    unique: property.unique,
    length_max: property.lengthMax,
    scale: property.scale,
    options: property.options.filter((one) => one.active).map(({ value, label }) => ({ value, label })),
    mapped_by: mappedBy,
  };
}
