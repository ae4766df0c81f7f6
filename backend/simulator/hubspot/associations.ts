/** Association batches: up to 1,000 records read at once, 2,000 links made. */
import type { Reply, Router, SimRequest } from "../http.ts";
import { type HsObjectType, objectNames } from "./catalogue.ts";
import { addLabelRoute, defaultTypeId, knownType, type NewLink } from "./link-types.ts";
import { batchReply, replies, rowError } from "./replies.ts";
import { type AssociationType, findRecord, link, linksOf, type Portal, resolveId } from "./state.ts";
import { isoTime } from "./values.ts";

type LinkInput = {
  from: { id: string };
  to: { id: string };
  types?: NewLink["types"];
};

export function addAssociationRoutes(routes: Router, portal: Portal): void {
  const path = "/crm/associations/:version/:from/:to/batch";
  addLabelRoute(routes, portal);
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
    const known = (input.types ?? [plain]).map((type) => knownType(portal, from, to, type));
    if (known.some((type) => !type)) {
      errors.push(rowError("VALIDATION_ERROR", "One or more associations are invalid", { toObjectId: [toRecord.id] }));
      continue;
    }
    for (const type of known as AssociationType[]) link(portal, fromRecord, to, toRecord.id, type);
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
