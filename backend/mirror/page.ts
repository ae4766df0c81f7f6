/** Stores one page of a listing, its cursor with it: whatever happens between two pages, nothing is lost or done twice. */
import type { CrmType, MirrorRecord, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { toCompany, toContact, toDeal } from "./convert.ts";
import type { OwnColumns } from "./properties.ts";
import { markDeleted, markMerged, type Place, putCompanies, putContacts, putDealContacts, putDeals } from "./store.ts";

/** @returns ids of records whose facts changed (deleted and merged ones included), and how many living ones it held */
export async function storePage(
  tx: Tx,
  place: Place,
  objectType: ObjectType,
  items: MirrorRecord[],
  own: OwnColumns,
): Promise<{ changed: string[]; living: number }> {
  // A record can stand twice on a page when it changed while it was listed: the last one stands.
  const latest = [...new Map(items.map((item) => [item.id, item])).values()];
  const living = latest.filter((item) => !item.deleted);
  const changed = await putLiving(tx, place, objectType, living, own);
  const gone = await markDeleted(
    tx,
    place,
    objectType,
    latest.filter((item) => item.deleted).map((item) => item.id),
  );
  const merges = living.flatMap((item) => item.mergedIds.map((loser) => ({ loser, winner: item.id })));
  const merged = await markMerged(tx, place, objectType, merges);
  return { changed: [...new Set([...changed, ...gone, ...merged])], living: living.length };
}

async function putLiving(
  tx: Tx,
  place: Place,
  objectType: ObjectType,
  living: MirrorRecord[],
  own: OwnColumns,
): Promise<string[]> {
  const { crm } = place;
  switch (objectType) {
    case "company":
      return putCompanies(tx, place, living.map(convertWith(crm, toCompany)), own.company);
    case "contact":
      return putContacts(tx, place, living.map(convertWith(crm, toContact)), own.contact);
    case "deal": {
      const rows = living.map(convertWith(crm, toDeal));
      const changed = await putDeals(tx, place, rows, own.deal);
      const relinked = await putDealContacts(tx, place, rows);
      return [...new Set([...changed, ...relinked])];
    }
    default:
      return objectType satisfies never;
  }
}

function convertWith<Row>(crm: CrmType, convert: (crm: CrmType, record: MirrorRecord) => Row) {
  return (record: MirrorRecord): Row => convert(crm, record);
}
