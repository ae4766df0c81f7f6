/** Single records: list, get, create, patch, delete. */
import type { Handler, Reply, Router, SimRequest } from "../http.ts";
import { acceptProperties, withDefaults } from "./accept.ts";
import { type HsObjectType, objectNames, singular } from "./catalogue.ts";
import { knownType, type NewLink, refuseLinks, targetOf } from "./link-types.ts";
import { replies } from "./replies.ts";
import { refuseMissing } from "./required.ts";
import { historyOf, shownRecord } from "./shown.ts";
import {
  archiveRecord,
  findByProperty,
  findRecord,
  type HsRecord,
  insertRecord,
  link,
  linksOf,
  type Portal,
  writeValues,
} from "./state.ts";

/** Adds the routes under /crm/objects that are not batches. */
export function addObjectRoutes(routes: Router, portal: Portal): void {
  const path = "/crm/objects/:version/:objectType";
  routes.on(
    "GET",
    path,
    "read",
    objectRoute((request, type) => list(portal, request, type)),
  );
  routes.on(
    "POST",
    path,
    "write",
    objectRoute((request, type) => create(portal, request, type)),
  );
  routes.on(
    "GET",
    `${path}/:objectId`,
    "read",
    objectRoute((request, type) => get(portal, request, type)),
  );
  routes.on(
    "PATCH",
    `${path}/:objectId`,
    "write",
    objectRoute((request, type) => patch(portal, request, type)),
  );
  routes.on(
    "DELETE",
    `${path}/:objectId`,
    "write",
    objectRoute((request, type) => {
      const record = findRecord(portal, type, request.params.objectId!);
      // An id that never existed answers 204 too.
      if (record) archiveRecord(portal, record);
      return { status: 204, records: 1 };
    }),
  );
}

/** Resolves the object type of a path, and its API version. */
export function objectRoute(handler: (request: SimRequest, type: HsObjectType) => Reply): Handler {
  return (request) => {
    const type = objectNames[request.params.objectType ?? ""];
    if (!type) return replies.invalid(`Unable to infer object type from: ${request.params.objectType}`);
    return handler(request, type);
  };
}

function list(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const limit = Number(request.query.get("limit") ?? "10");
  if (!(limit >= 1 && limit <= 100)) return replies.invalid("limit must be between 1 and 100");
  const archived = request.query.get("archived") === "true";
  const after = Number(request.query.get("after") ?? "0");
  const wanted = names(request, "properties");
  const page: HsRecord[] = [];
  // Ids rise in the order of the map, so a page starts after the last id seen, whatever was deleted since.
  for (const record of portal.objects[type].values()) {
    if (Number(record.id) < after || (record.archivedAt !== null) !== archived) continue;
    page.push(record);
    if (page.length > limit) break;
  }
  const next = page.length > limit ? page.pop() : undefined;
  portal.counters.recordsRead += page.length;
  return {
    status: 200,
    records: page.length,
    body: {
      results: page.map((record) => shownRecord(portal, record, wanted, associationsOf(portal, request, record))),
      ...(next ? { paging: { next: { after: next.id, link: `${request.path}?after=${next.id}` } } } : {}),
    },
  };
}

function get(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const id = request.params.objectId!;
  const idProperty = request.query.get("idProperty");
  const archived = request.query.get("archived") === "true";
  const record = archived
    ? portal.objects[type].get(id)
    : idProperty
      ? findByProperty(portal, type, idProperty, id)
      : findRecord(portal, type, id);
  if (!record || (record.archivedAt !== null) !== archived) return replies.noObject();
  portal.counters.recordsRead += 1;
  const more = {
    ...associationsOf(portal, request, record),
    ...historyOf(portal, record, names(request, "propertiesWithHistory")),
  };
  const body = shownRecord(portal, record, names(request, "properties"), more);
  return { status: 200, records: 1, body };
}

function create(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const body = request.body as { properties?: Record<string, unknown>; associations?: NewLink[] };
  const properties = body?.properties ?? {};
  const accepted = acceptProperties(portal, type, properties, null, request.params.version !== "2026-03");
  if (accepted.errors.length > 0) return replies.invalidValues(accepted.errors);
  if (accepted.conflict) return accepted.conflict;
  const refused = refuseMissing(portal, type, accepted.values) ?? refuseLinks(portal, type, body?.associations ?? []);
  if (refused) return refused;
  const record = insertRecord(portal, type, withDefaults(type, accepted.values), "api");
  linkNew(portal, record, body?.associations ?? []);
  portal.counters.recordsWritten += 1;
  return { status: 201, records: 1, body: shownRecord(portal, record, Object.keys(properties)) };
}

function patch(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const idProperty = request.query.get("idProperty");
  const id = request.params.objectId!;
  const record = idProperty ? findByProperty(portal, type, idProperty, id) : findRecord(portal, type, id);
  if (!record) return replies.noObject();
  const properties = (request.body as { properties?: Record<string, unknown> })?.properties ?? {};
  const accepted = acceptProperties(portal, type, properties, record, request.params.version !== "2026-03");
  if (accepted.errors.length > 0) return replies.invalidValues(accepted.errors);
  if (accepted.conflict) return accepted.conflict;
  if (request.fault?.name === "bad_row") return replies.invalid("Property values were not valid: []");
  if (request.fault?.name !== "silent_drop") {
    writeValues(portal, record, accepted.values, "api");
    portal.counters.recordsWritten += 1;
  }
  return { status: 200, records: 1, body: shownRecord(portal, record, Object.keys(properties)) };
}

/** Links a new record as its creator asked. */
export function linkNew(portal: Portal, record: HsRecord, links: NewLink[]): void {
  for (const each of links) {
    const target = targetOf(portal, each);
    if (!target) continue;
    for (const given of each.types) {
      const type = knownType(portal, record.type, target.type, given);
      if (type) link(portal, record, target.type, target.id, type);
    }
  }
}

const primaryTypeIds = new Set([1, 2, 5, 6]);

/** A linked record stands once for each type of the link, the labelled ones under their own name. */
function associationsOf(portal: Portal, request: SimRequest, record: HsRecord): object {
  const asked = names(request, "associations");
  if (asked.length === 0) return {};
  const associations: Record<string, object> = {};
  for (const name of asked) {
    const toType = objectNames[name];
    if (!toType) continue;
    const base = `${singular[record.type]}_to_${singular[toType]}`;
    const withPrimary = base.includes("company") && !base.includes("note");
    const results = linksOf(portal, record.type, record.id, toType).flatMap(([id, types]) =>
      types.map((type) => ({
        id,
        type:
          type.category === "USER_DEFINED"
            ? (type.label ?? base).toLowerCase().replaceAll(" ", "_")
            : withPrimary && !primaryTypeIds.has(type.typeId)
              ? `${base}_unlabeled`
              : base,
      })),
    );
    if (results.length > 0) associations[toType] = { results };
  }
  return Object.keys(associations).length > 0 ? { associations } : {};
}

function names(request: SimRequest, parameter: string): string[] {
  return request.query
    .getAll(parameter)
    .flatMap((each) => each.split(","))
    .filter(Boolean);
}
