/** Which association types a portal knows between two objects: HubSpot's own, and the labels its admins made. */

import type { Reply, Router } from "../http.ts";
import { type HsObjectType, objectNames } from "./catalogue.ts";
import { replies } from "./replies.ts";
import { type AssociationType, findRecord, type HsRecord, type Portal } from "./state.ts";

export type NewLink = {
  to: { id: string };
  types: { associationCategory: AssociationType["category"]; associationTypeId: number }[];
};

/** What an unlabelled link between two objects is called by number. Source: the association type ids of HubSpot's API. */
const plainTypeIds: Record<string, number> = {
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

const primaryTypeIds: Record<string, number> = {
  "contacts/companies": 1,
  "companies/contacts": 2,
  "deals/companies": 5,
  "companies/deals": 6,
};

/** The number of the plain link from one object to another. */
export function defaultTypeId(from: HsObjectType, to: HsObjectType): number {
  return plainTypeIds[`${from}/${to}`] ?? plainTypeIds[`${to}/${from}`] ?? 0;
}

/** Lists the types from one object to another. */
export function addLabelRoute(routes: Router, portal: Portal): void {
  routes.on("GET", "/crm/associations/:version/:from/:to/labels", "other", ({ params }) => {
    const from = objectNames[params.from ?? ""];
    const to = objectNames[params.to ?? ""];
    if (!from || !to) return replies.invalid(`Unable to infer object type from: ${params.from}, ${params.to}`);
    const primary = primaryTypeIds[`${from}/${to}`];
    const own = portal.labels.filter((each) => each.from === from && each.to === to);
    const results = [
      ...(primary ? [{ category: "HUBSPOT_DEFINED", typeId: primary, label: "Primary" }] : []),
      { category: "HUBSPOT_DEFINED", typeId: defaultTypeId(from, to), label: null },
      ...own.map(({ typeId, label }) => ({ category: "USER_DEFINED", typeId, label })),
    ];
    return { status: 200, body: { results } };
  });
}

/** The label's text; undefined when the portal has no such type between the two. */
export function knownType(
  portal: Portal,
  from: HsObjectType,
  to: HsObjectType,
  given: NewLink["types"][number],
): AssociationType | undefined {
  const { associationCategory: category, associationTypeId: typeId } = given;
  if (category === "HUBSPOT_DEFINED") {
    const fits = typeId === defaultTypeId(from, to) || typeId === primaryTypeIds[`${from}/${to}`];
    return fits ? { category, typeId, label: null } : undefined;
  }
  const label = portal.labels.find((each) => each.from === from && each.to === to && each.typeId === typeId);
  return label && { category, typeId, label: label.label };
}

/** Refuses links of a new record that lead nowhere or are of no known type, as a whole; null = fine. */
export function refuseLinks(portal: Portal, from: HsObjectType, links: NewLink[]): Reply | null {
  const bad = links.find((each) => {
    const target = targetOf(portal, each);
    return !target || each.types.some((type) => !knownType(portal, from, target.type, type));
  });
  if (!bad) return null;
  return replies.invalid("One or more associations are invalid", {
    context: { INVALID_OBJECT_IDS: [`${bad.to.id} is not valid`], objectId: [String(bad.to.id)] },
  });
}

/** Ids are unique over all objects of the portal. */
export function targetOf(portal: Portal, wanted: NewLink): HsRecord | undefined {
  for (const type of Object.keys(portal.objects) as HsObjectType[]) {
    const record = findRecord(portal, type, String(wanted.to.id));
    if (record) return record;
  }
  return undefined;
}
