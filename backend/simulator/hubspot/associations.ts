/** Association batches: up to 1,000 records read at once, 2,000 links made. */
import type { Reply, Router, SimRequest } from "../http.ts";
import { type HsObjectType, objectNames } from "./catalogue.ts";
import { batchReply, replies, rowError } from "./replies.ts";
import { type AssociationType, findRecord, link, linksOf, type Portal, resolveId } from "./state.ts";
import { isoTime } from "./values.ts";

type LinkInput = {
  from: { id: string };
  to: { id: string };
  types?: { associationCategory: AssociationType["category"]; associationTypeId: number }[];
};

/** What an unlabelled link between two objects is called by number. Source: the association type ids of HubSpot's API. */
const defaultTypeIds: Record<string, number> = {
  "contacts/companies": 279,
  "companies/contacts": 280,
  "deals/companies": 341,
  "companies/deals": 342,
  "deals/contacts": 3,
  "contacts/deals": 4,
  "notes/contacts": 202,
  "notes/companies": 190,
  "notes/deals": 214,
  "calls/contacts": 194,
  "calls/companies": 182,
  "calls/deals": 206,
  "meetings/contacts": 200,
  "meetings/companies": 188,
  "meetings/deals": 212,
  "tasks/deals": 216,
};

export function addAssociationRoutes(routes: Router, portal: Portal): void {
  const path = "/crm/associations/:version/:from/:to/batch";
  routes.on(
    "POST",
    `${path}/read`,
    "read",
    typed((request, from, to) => read(portal, request, from, to)),
  );
  routes.on(
    "POST",
    `${path}/create`,
    "write",
    typed((request, from, to) => create(portal, request, from, to)),
  );
  routes.on(
    "POST",
    `${path}/archive`,
    "write",
    typed((request, from, to) => archive(portal, request, from, to)),
  );
  routes.on(
    "POST",
    `${path}/associate/default`,
    "write",
    typed((request, from, to) => create(portal, request, from, to)),
  );
}

/** The number of the plain link from one object to another. */
export function defaultTypeId(from: HsObjectType, to: HsObjectType): number {
  return defaultTypeIds[`${from}/${to}`] ?? defaultTypeIds[`${to}/${from}`] ?? 0;
}

function typed(handler: (request: SimRequest, from: HsObjectType, to: HsObjectType) => Reply) {
  return (request: SimRequest): Reply => {
    const from = objectNames[request.params.from ?? ""];
    const to = objectNames[request.params.to ?? ""];
    if (!from || !to)
      return replies.invalid(`Unable to infer object type from: ${request.params.from}, ${request.params.to}`);
    return handler(request, from, to);
  };
}

function read(portal: Portal, request: SimRequest, from: HsObjectType, to: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: { id: string }[] };
  if (inputs.length > 1000) return replies.invalid("The maximum number of inputs supported in a batch request is 1000");
  const results: object[] = [];
  const errors: object[] = [];
  for (const { id } of inputs) {
    const links = linksOf(portal, from, String(id), to);
    if (links.length === 0) {
      const message = `No ${to} is associated with ${from} ${id}.`;
      const more = { subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND" };
      errors.push(rowError("OBJECT_NOT_FOUND", message, { fromObjectId: [String(id)] }, more));
      continue;
    }
    results.push({
      from: { id: resolveId(portal, from, String(id)) },
      to: links.map(([toId, types]) => ({
        toObjectId: Number(toId),
        associationTypes: types.map(({ category, typeId, label }) => ({
          category,
          typeId,
          label: label ?? (typeId === 5 || typeId === 1 ? "Primary" : null),
        })),
      })),
    });
  }
  return batchReply(results, errors, isoTime(portal.clock.now().getTime()));
}

function create(portal: Portal, request: SimRequest, from: HsObjectType, to: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: LinkInput[] };
  if (inputs.length > 2000) return replies.invalid("The maximum number of inputs supported in a batch request is 2000");
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputs) {
    const fromRecord = findRecord(portal, from, String(input.from.id));
    const toRecord = findRecord(portal, to, String(input.to.id));
    if (!fromRecord || !toRecord) {
      const context = { fromObjectId: [String(input.from.id)], toObjectId: [String(input.to.id)] };
      errors.push(rowError("OBJECT_NOT_FOUND", "One of the records to associate does not exist.", context));
      continue;
    }
    const plain = { associationCategory: "HUBSPOT_DEFINED" as const, associationTypeId: defaultTypeId(from, to) };
    for (const type of input.types ?? [plain]) {
      const known = { category: type.associationCategory, typeId: type.associationTypeId, label: null };
      link(portal, fromRecord, to, toRecord.id, known);
    }
    portal.counters.recordsWritten += 1;
    results.push({ fromObjectId: fromRecord.id, toObjectId: toRecord.id, labels: [] });
  }
  return batchReply(results, errors, isoTime(portal.clock.now().getTime()), 201);
}

function archive(portal: Portal, request: SimRequest, from: HsObjectType, to: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: { from: { id: string }; to: { id: string }[] }[] };
  if (inputs.length > 100) return replies.invalid("The maximum number of inputs supported in a batch request is 100");
  for (const input of inputs) {
    for (const { id } of input.to) {
      portal.links.get(`${from}/${input.from.id}`)?.get(to)?.delete(String(id));
      portal.links.get(`${to}/${id}`)?.get(from)?.delete(String(input.from.id));
    }
  }
  return { status: 204 };
}
