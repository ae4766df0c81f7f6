/** What a portal is set up with: property definitions, groups, owners, pipelines, account details. */
import type { Reply, Router, SimRequest } from "../http.ts";
import { type HsObjectType, type HsProperty, objectNames, objectTypeIds, singular } from "./catalogue.ts";
import { objectRoute } from "./objects.ts";
import { replies } from "./replies.ts";
import { property } from "./standard-properties.ts";
import type { HsOwner, Portal } from "./state.ts";
import { isoTime } from "./values.ts";

/** HubSpot allows ten unique-value properties on an object. */
const uniqueMax = 10;

export function addSettingsRoutes(routes: Router, portal: Portal): void {
  const properties = "/crm/properties/:version/:objectType";
  routes.on(
    "GET",
    properties,
    "other",
    objectRoute((_, type) => ({ status: 200, body: { results: [...portal.properties[type].values()] } })),
  );
  routes.on(
    "POST",
    properties,
    "other",
    objectRoute((request, type) => createProperty(portal, type, request.body)),
  );
  routes.on(
    "GET",
    `${properties}/groups`,
    "other",
    objectRoute((_, type) => ({ status: 200, body: { results: [...portal.groups[type].values()] } })),
  );
  routes.on(
    "POST",
    `${properties}/groups`,
    "other",
    objectRoute((request, type) => createGroup(portal, type, request.body)),
  );
  routes.on(
    "GET",
    `${properties}/:name`,
    "other",
    objectRoute((request, type) => {
      const found = portal.properties[type].get(request.params.name!);
      return found ? { status: 200, body: found } : replies.noObject();
    }),
  );
  routes.on(
    "DELETE",
    `${properties}/:name`,
    "other",
    objectRoute((request, type) => {
      removeProperty(portal, type, request.params.name!);
      return { status: 204 };
    }),
  );
  routes.on(
    "GET",
    "/crm-object-schemas/:version/schemas/:objectType",
    "other",
    objectRoute((_, type) => ({ status: 200, body: shownSchema(portal, type) })),
  );
  routes.on("GET", "/crm/owners/:version", "other", (request) => listOwners(portal, request));
  routes.on("GET", "/crm/owners/:version/:ownerId", "other", ({ params }) => {
    const owner = portal.owners.find((each) => each.id === params.ownerId);
    return owner ? { status: 200, body: shownOwner(owner) } : replies.noObject();
  });
  routes.on("GET", "/crm/pipelines/:version/:objectType", "other", ({ params }) =>
    objectNames[params.objectType!] === "deals"
      ? { status: 200, body: { results: shownPipelines(portal) } }
      : { status: 200, body: { results: [] } },
  );
  routes.on("GET", "/account-info/:version/details", "other", () => ({
    status: 200,
    body: {
      portalId: portal.portalId,
      accountType: "STANDARD",
      timeZone: "US/Eastern",
      companyCurrency: portal.currencies[0],
      additionalCurrencies: portal.currencies.slice(1),
      utcOffset: "-05:00",
      utcOffsetMilliseconds: -18_000_000,
      uiDomain: "app.hubspot.com",
      dataHostingLocation: "na1",
    },
  }));
}

type NewProperty = {
  name?: string;
  label?: string;
  type?: string;
  fieldType?: string;
  groupName?: string;
  description?: string;
  hasUniqueValue?: boolean;
  hidden?: boolean;
  options?: { label: string; value: string; hidden?: boolean; displayOrder?: number; description?: string }[];
};

const fieldTypes: Record<string, string[]> = {
  string: ["text", "textarea", "html", "phonenumber", "file"],
  number: ["number"],
  bool: ["booleancheckbox"],
  enumeration: ["booleancheckbox", "checkbox", "radio", "select"],
  date: ["date"],
  datetime: ["date"],
  phone_number: ["phonenumber"],
};

function createProperty(portal: Portal, type: HsObjectType, body: unknown): Reply {
  const wanted = (body ?? {}) as NewProperty;
  const { name = "", label = "", groupName = "", fieldType = "" } = wanted;
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    return replies.invalid(
      `Property name ${name} is not valid: it must start with a letter and contain only lowercase letters, numbers, and underscores.`,
    );
  }
  if (name.startsWith("hs_")) return replies.invalid('Property names that start with "hs_" are reserved for HubSpot.');
  if (!label) return replies.invalid("Property label must not be blank.");
  if (!fieldTypes[wanted.type ?? ""]?.includes(fieldType)) {
    return replies.invalid(`fieldType ${fieldType} is not valid for a property of type ${wanted.type}`);
  }
  if (portal.properties[type].has(name)) return replies.conflict(`A property named '${name}' already exists.`);
  if (!portal.groups[type].has(groupName)) return replies.invalid(`Property group ${groupName} does not exist.`);
  const options = wanted.options ?? [];
  if (
    wanted.type === "bool" &&
    options
      .map((option) => option.value)
      .sort()
      .join() !== "false,true"
  ) {
    return replies.invalid("Boolean properties must have exactly two options, with values true and false.");
  }
  if (wanted.type === "enumeration" && options.length === 0)
    return replies.invalid("Enumeration properties must have options.");
  if (wanted.hasUniqueValue) {
    const unique = [...portal.properties[type].values()].filter((each) => each.hasUniqueValue && !each.hubspotDefined);
    if (unique.length >= uniqueMax)
      return replies.invalid(`The limit of ${uniqueMax} unique-value properties is reached.`);
  }
  const created = addProperty(portal, type, { ...wanted, name, label, type: wanted.type!, fieldType, groupName });
  return { status: 201, body: created };
}

/** Adds a custom property, no questions asked: what an admin does in the settings. */
export function addProperty(
  portal: Portal,
  type: HsObjectType,
  wanted: NewProperty & { name: string; label: string; type: string; fieldType: string; rule?: never },
): HsProperty {
  const at = isoTime(portal.clock.now().getTime());
  const created: HsProperty = {
    ...property(
      wanted.name,
      wanted.label,
      `${wanted.type}/${wanted.fieldType}`,
      wanted.hasUniqueValue ? ["unique"] : [],
    ),
    description: wanted.description ?? "",
    groupName: wanted.groupName ?? `${type}information`,
    hidden: wanted.hidden ?? false,
    hubspotDefined: false,
    options: (wanted.options ?? []).map((option, i) => ({
      label: option.label,
      value: option.value,
      hidden: option.hidden ?? false,
      displayOrder: option.displayOrder ?? i,
      description: option.description ?? "",
    })),
    createdAt: at,
    updatedAt: at,
    modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyOptions: false, readOnlyValue: false },
  };
  portal.properties[type].set(created.name, created);
  return created;
}

/** An admin deletes a property; its values are gone with it. */
export function removeProperty(portal: Portal, type: HsObjectType, name: string): void {
  portal.properties[type].delete(name);
}

function createGroup(portal: Portal, type: HsObjectType, body: unknown): Reply {
  const { name = "", label = "" } = (body ?? {}) as { name?: string; label?: string };
  if (!/^[a-z][a-z0-9_]*$/.test(name) || !label)
    return replies.invalid("A property group needs a name in lower case and a label.");
  if (portal.groups[type].has(name)) return replies.conflict(`A property group named '${name}' already exists.`);
  const group = { name, label, displayOrder: -1, archived: false as const };
  portal.groups[type].set(name, group);
  return { status: 201, body: group };
}

/** Of an object's definition, what a new record needs. */
function shownSchema(portal: Portal, type: HsObjectType): object {
  const name = singular[type];
  const requiredProperties = [...portal.required[type]];
  return { id: objectTypeIds[type], objectTypeId: objectTypeIds[type], name, requiredProperties };
}

function listOwners(portal: Portal, { query, path }: SimRequest): Reply {
  const limit = Math.min(500, Number(query.get("limit") ?? "100"));
  const after = Number(query.get("after") ?? "0");
  const archived = query.get("archived") === "true";
  const email = query.get("email");
  const all = portal.owners.filter((each) => each.archived === archived && (!email || each.email === email));
  const next = after + limit < all.length ? String(after + limit) : null;
  return {
    status: 200,
    body: {
      results: all.slice(after, after + limit).map(shownOwner),
      ...(next ? { paging: { next: { after: next, link: `${path}?after=${next}` } } } : {}),
    },
  };
}

function shownOwner(owner: HsOwner): object {
  return {
    id: owner.id,
    email: owner.email,
    type: "PERSON",
    firstName: owner.firstName,
    lastName: owner.lastName,
    // A person who left keeps the owner but not the user.
    ...(owner.archived ? {} : { userId: owner.userId }),
    userIdIncludingInactive: owner.userId,
    teams: owner.team ? [{ ...owner.team, primary: true }] : [],
    createdAt: "2024-01-01T00:00:00Z",
    updatedAt: "2024-01-01T00:00:00Z",
    archived: owner.archived,
  };
}

function shownPipelines(portal: Portal): object[] {
  const times = { createdAt: "2024-01-01T00:00:00Z", updatedAt: "2024-01-01T00:00:00Z", archived: false };
  return portal.pipelines.map((pipeline, displayOrder) => ({
    id: pipeline.id,
    label: pipeline.label,
    displayOrder,
    ...times,
    stages: pipeline.stages.map((stage, order) => ({
      id: stage.id,
      label: stage.label,
      displayOrder: order,
      metadata: { isClosed: String(stage.isClosed), probability: String(stage.probability) },
      writePermissions: "CRM_PERMISSIONS_ENFORCEMENT",
      ...times,
    })),
  }));
}
