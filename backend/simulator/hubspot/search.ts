/** CRM search: filters, sorts and its caps. It lags behind writes: a record is seen as it was until it is indexed. */
import type { Reply, Router, SimRequest } from "../http.ts";
import { type HsObjectType, type HsProperty, modifiedProperty } from "./catalogue.ts";
import { objectRoute } from "./objects.ts";
import { replies } from "./replies.ts";
import { shownRecord, shownValue } from "./shown.ts";
import type { HsRecord, Portal } from "./state.ts";
import { isoTime, timeOf } from "./values.ts";

type Filter = { propertyName: string; operator: string; value?: string; highValue?: string; values?: string[] };
type SearchBody = {
  filterGroups?: { filters: Filter[] }[];
  sorts?: (string | { propertyName: string; direction?: "ASCENDING" | "DESCENDING" })[];
  properties?: string[];
  query?: string;
  limit?: number;
  after?: string | number;
};

const limitMax = 200;
const resultsMax = 10_000;

export function addSearchRoute(routes: Router, portal: Portal): void {
  const path = "/crm/objects/:version/:objectType/search";
  routes.on(
    "POST",
    path,
    "read",
    objectRoute((request, type) => search(portal, request, type)),
  );
}

function search(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const body = (request.body ?? {}) as SearchBody;
  const refused = refuseSearch(portal, type, body);
  if (refused) return refused;
  const limit = body.limit ?? 10;
  const after = Number(body.after ?? 0);
  const groups = body.filterGroups ?? [];
  const view = createView(portal, type);
  const hits: HsRecord[] = [];
  for (const record of portal.objects[type].values()) {
    if (record.archivedAt !== null || !view.isThere(record)) continue;
    if (groups.length > 0 && !groups.some((group) => group.filters.every((filter) => matches(view, record, filter))))
      continue;
    if (body.query && !asText(record).includes(body.query.toLowerCase())) continue;
    hits.push(record);
  }
  sort(view, hits, body.sorts?.[0]);
  const page = hits.slice(after, after + limit);
  portal.counters.recordsRead += page.length;
  const next = after + limit < hits.length ? String(after + limit) : null;
  return {
    status: 200,
    records: page.length,
    body: {
      total: hits.length,
      results: page.map((record) => shownRecord(portal, record, body.properties ?? null)),
      ...(next ? { paging: { next: { after: next } } } : {}),
    },
  };
}

function refuseSearch(portal: Portal, type: HsObjectType, body: SearchBody): Reply | null {
  const groups = body.filterGroups ?? [];
  if ((body.limit ?? 10) > limitMax) return replies.invalid(`limit must not be greater than ${limitMax}`);
  if (Number(body.after ?? 0) + (body.limit ?? 10) > resultsMax) {
    return replies.invalid(`There was a problem with the request: paging beyond ${resultsMax} results is not possible`);
  }
  if (groups.length > 5) return replies.invalid("There are too many filterGroups: the maximum is 5");
  if (groups.some((group) => group.filters.length > 6)) {
    return replies.invalid("There are too many filters in a filterGroup: the maximum is 6");
  }
  if ((body.sorts ?? []).length > 1) return replies.invalid("Only one sort is supported");
  for (const filter of groups.flatMap((group) => group.filters)) {
    const property = portal.properties[type].get(filter.propertyName);
    if (!property) {
      return replies.invalid(`There was a problem with the request: property ${filter.propertyName} does not exist`);
    }
    if (!operators.has(filter.operator)) return replies.invalid(`${filter.operator} is not a valid operator`);
  }
  return null;
}

const operators = new Set(
  "EQ NEQ LT LTE GT GTE BETWEEN IN NOT_IN HAS_PROPERTY NOT_HAS_PROPERTY CONTAINS_TOKEN NOT_CONTAINS_TOKEN".split(" "),
);

type View = {
  isThere(record: HsRecord): boolean;
  value(record: HsRecord, name: string): string | null;
  property(name: string): HsProperty | undefined;
};

/** The portal as search knows it now. */
function createView(portal: Portal, type: HsObjectType): View {
  const now = portal.clock.now().getTime();
  const modified = modifiedProperty(type);
  const isOld = (record: HsRecord) => record.indexedAt > now;
  return {
    isThere: (record) => !isOld(record) || record.indexed !== null,
    value(record, name) {
      if (!isOld(record) || record.indexed === null) return shownValue(portal, record, name);
      if (name === modified) return isoTime(record.indexedUpdatedAt);
      return record.indexed[name] ?? (name in record.values ? null : shownValue(portal, record, name));
    },
    property: (name) => portal.properties[type].get(name),
  };
}

function matches(view: View, record: HsRecord, filter: Filter): boolean {
  const held = view.value(record, filter.propertyName);
  const property = view.property(filter.propertyName)!;
  if (filter.operator === "HAS_PROPERTY") return held !== null;
  if (filter.operator === "NOT_HAS_PROPERTY") return held === null;
  if (filter.operator === "NEQ") return held === null || compare(property, held, filter.value ?? "") !== 0;
  // Lists of text are compared with the lower-cased value: callers must send lower case, as HubSpot demands.
  const forList = property.type === "string" ? (held ?? "").toLowerCase() : held;
  if (filter.operator === "NOT_IN") return held === null || !(filter.values ?? []).includes(forList ?? "");
  if (filter.operator === "NOT_CONTAINS_TOKEN") return held === null || !hasToken(held, filter.value ?? "");
  if (held === null) return false;
  switch (filter.operator) {
    case "EQ":
      return compare(property, held, filter.value ?? "") === 0;
    case "LT":
      return compare(property, held, filter.value ?? "") < 0;
    case "LTE":
      return compare(property, held, filter.value ?? "") <= 0;
    case "GT":
      return compare(property, held, filter.value ?? "") > 0;
    case "GTE":
      return compare(property, held, filter.value ?? "") >= 0;
    case "BETWEEN":
      return compare(property, held, filter.value ?? "") >= 0 && compare(property, held, filter.highValue ?? "") <= 0;
    case "IN":
      return (filter.values ?? []).includes(forList ?? "");
    default:
      return hasToken(held, filter.value ?? "");
  }
}

function compare(property: HsProperty, held: string, wanted: string): number {
  if (property.type === "number") return Number(held) - Number(wanted);
  if (property.type === "date" || property.type === "datetime") return (timeOf(held) ?? 0) - (timeOf(wanted) ?? 0);
  const [a, b] = property.type === "string" ? [held.toLowerCase(), wanted.toLowerCase()] : [held, wanted];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whole words, letter case aside; `*` stands for any letters within a word. */
function hasToken(held: string, wanted: string): boolean {
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}*]+/u)
      .filter(Boolean);
  const there = words(held);
  return words(wanted).every((word) => {
    const pattern = new RegExp(`^${word.split("*").join(".*")}$`, "u");
    return there.some((each) => pattern.test(each));
  });
}

function asText(record: HsRecord): string {
  return Object.values(record.values).join(" ").toLowerCase();
}

function sort(view: View, hits: HsRecord[], by: NonNullable<SearchBody["sorts"]>[number] | undefined): void {
  if (!by) return;
  const name = typeof by === "string" ? by.replace(/^-/, "") : by.propertyName;
  const down = typeof by === "string" ? by.startsWith("-") : by.direction === "DESCENDING";
  const property = view.property(name);
  if (!property) return;
  const keyed = hits.map((record) => ({ record, value: view.value(record, name) ?? "" }));
  keyed.sort((a, b) => (down ? -1 : 1) * compare(property, a.value, b.value));
  for (const [i, { record }] of keyed.entries()) hits[i] = record;
}
