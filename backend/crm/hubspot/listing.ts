/** Everything, and everything that changed: what the mirror reads. */
import type { Clock } from "../../clock.ts";
import { CrmError } from "../errors.ts";
import type { MirrorRecord, ObjectType, Page } from "../port.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import {
  linkedTypes,
  listedAssociations,
  mergedIdsProperty,
  modifiedProperty,
  plural,
  readAssociations,
  toMirrorRecord,
} from "./convert.ts";
import { associationBatch, recordPage, type WireRecord } from "./wire.ts";

const listPage = 100;
const searchPage = 200;
/** Search shows a write up to half a minute late, so each look reaches back that far. Source: recorded creates, all visible by 30 s. */
const searchLagMs = 30_000;

/** A page of all living records. The cursor is HubSpot's own: an id, so a page can be read again. */
export async function listAll(
  client: HubSpotClient,
  objectType: ObjectType,
  properties: string[],
  cursor: string | null,
): Promise<Page<MirrorRecord>> {
  const links = linkedTypes[objectType].map((type) => plural[type]);
  const page = await listRecords(client, objectType, properties, cursor, {
    ...(links.length > 0 ? { associations: links.join(",") } : {}),
  });
  // A record with very many links tells only the first of them here.
  const cut = page.results.filter((each) => Object.values(each.associations ?? {}).some((links) => links.paging?.next));
  const full = await readLinks(client, objectType, cut);
  return {
    items: page.results.map((each) =>
      toMirrorRecord(objectType, each, properties, full.get(each.id) ?? listedAssociations(objectType, each)),
    ),
    cursor: page.paging?.next?.after ?? null,
  };
}

type ChangeCursor = { phase: "changed" | "archived"; after: string | null };

/**
 * A page of what changed at or after `since`: first the living ones by search, then the deleted ones.
 *
 * Search ends at 10,000 results, so pages are not counted off: each asks for the ids above the last one seen. Ids
 * never change and a modification date only rises, so nothing slips out of the list while it is read.
 */
export async function listChangedSince(
  client: HubSpotClient,
  clock: Clock,
  objectType: ObjectType,
  since: string,
  properties: string[],
  cursor: string | null,
): Promise<Page<MirrorRecord>> {
  const at = parseCursor(cursor);
  const from = Math.min(Date.parse(since), clock.now().getTime()) - searchLagMs;
  if (Number.isNaN(from)) throw new CrmError("unexpected", "The time to look back to is not a UTC ISO time.");
  return at.phase === "changed"
    ? changedPage(client, objectType, from, properties, at.after)
    : archivedPage(client, objectType, from, properties, at.after);
}

async function changedPage(
  client: HubSpotClient,
  objectType: ObjectType,
  from: number,
  properties: string[],
  afterId: string | null,
): Promise<Page<MirrorRecord>> {
  const filters = [
    { propertyName: modifiedProperty(objectType), operator: "GTE", value: String(from) },
    ...(afterId ? [{ propertyName: "hs_object_id", operator: "GT", value: afterId }] : []),
  ];
  const { data } = await client.call({
    method: "POST",
    path: `/crm/objects/${crmVersion}/${plural[objectType]}/search`,
    body: {
      filterGroups: [{ filters }],
      sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
      properties: [...properties, mergedIdsProperty],
      limit: searchPage,
    },
    answer: recordPage,
    bucket: "search",
    write: false,
  });
  const links = await readLinks(client, objectType, data.results);
  const last = data.results.at(-1)?.id ?? null;
  const next: ChangeCursor =
    data.results.length === searchPage ? { phase: "changed", after: last } : { phase: "archived", after: null };
  return {
    items: data.results.map((each) => toMirrorRecord(objectType, each, properties, links.get(each.id) ?? {})),
    cursor: JSON.stringify(next),
  };
}

/** HubSpot lists deleted records without a date to filter by, and keeps them 90 days. */
async function archivedPage(
  client: HubSpotClient,
  objectType: ObjectType,
  from: number,
  properties: string[],
  after: string | null,
): Promise<Page<MirrorRecord>> {
  const page = await listRecords(client, objectType, properties, after, { archived: "true" });
  const recent = page.results.filter((each) => Date.parse(each.archivedAt ?? each.updatedAt) >= from);
  const next = page.paging?.next?.after;
  return {
    items: recent.map((each) => toMirrorRecord(objectType, { ...each, archived: true }, properties, {})),
    cursor: next ? JSON.stringify({ phase: "archived", after: next } satisfies ChangeCursor) : null,
  };
}

async function listRecords(
  client: HubSpotClient,
  objectType: ObjectType,
  properties: string[],
  after: string | null,
  more: Record<string, string>,
) {
  const { data } = await client.call({
    method: "GET",
    path: `/crm/objects/${crmVersion}/${plural[objectType]}`,
    query: {
      limit: String(listPage),
      properties: [...properties, mergedIdsProperty].join(","),
      ...(after ? { after } : {}),
      ...more,
    },
    answer: recordPage,
    write: false,
  });
  return data;
}

/** One call for each kind of link, for up to 1,000 records. */
async function readLinks(
  client: HubSpotClient,
  objectType: ObjectType,
  records: WireRecord[],
): Promise<Map<string, MirrorRecord["associations"]>> {
  const found = new Map<string, MirrorRecord["associations"]>();
  if (records.length === 0) return found;
  for (const { id } of records) found.set(id, {});
  for (const toType of linkedTypes[objectType]) {
    for (const [id, links] of await readLinksTo(client, objectType, toType, records))
      found.set(id, { ...found.get(id), [toType]: links });
  }
  return found;
}

/** Follows the pages of records with more links than one answer holds. */
async function readLinksTo(client: HubSpotClient, objectType: ObjectType, toType: ObjectType, records: WireRecord[]) {
  const path = `/crm/associations/${crmVersion}/${plural[objectType]}/${plural[toType]}/batch/read`;
  const all = new Map<string, { id: string; role: string | null }[]>();
  let inputs: { id: string; after?: string }[] = records.map(({ id }) => ({ id }));
  while (inputs.length > 0) {
    const { data } = await client.call({
      method: "POST",
      path,
      body: { inputs },
      answer: associationBatch,
      write: false,
    });
    for (const [id, links] of readAssociations(data.results)) all.set(id, [...(all.get(id) ?? []), ...links]);
    inputs = data.results.flatMap(({ from, paging }) =>
      paging?.next ? [{ id: from.id, after: paging.next.after }] : [],
    );
  }
  return all;
}

function parseCursor(cursor: string | null): ChangeCursor {
  return cursor === null ? { phase: "changed", after: null } : (JSON.parse(cursor) as ChangeCursor);
}
