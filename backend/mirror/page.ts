/** Stores one page of a listing, its cursor with it: whatever happens between two pages, nothing is lost or done twice. */
import type { CrmType, MirrorRecord, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { toCompany, toContact, toDeal } from "./convert.ts";
import type { DealColumn } from "./properties.ts";
import { markDeleted, markMerged, type Place, putCompanies, putContacts, putDealContacts, putDeals } from "./store.ts";

/** @returns ids of deals whose facts changed, and how many living records the page held */
export async function storePage(
  tx: Tx,
  place: Place,
  objectType: ObjectType,
  items: MirrorRecord[],
  own: ReadonlySet<DealColumn>,
): Promise<{ changedDeals: string[]; living: number }> {
  // A record can stand twice on a page when it changed while it was listed: the last one stands.
  const latest = [...new Map(items.map((item) => [item.id, item])).values()];
  const living = latest.filter((item) => !item.deleted);
  const changedDeals = await putLiving(tx, place, objectType, living, own);
  await markDeleted(
    tx,
    place,
    objectType,
    latest.filter((item) => item.deleted).map((item) => item.id),
  );
  await markMerged(
    tx,
    place,
    objectType,
    living.flatMap((item) => item.mergedIds.map((loser) => ({ loser, winner: item.id }))),
  );
  return { changedDeals, living: living.length };
}

async function putLiving(
  tx: Tx,
  place: Place,
  objectType: ObjectType,
  living: MirrorRecord[],
  own: ReadonlySet<DealColumn>,
): Promise<string[]> {
  const { crm } = place;
  switch (objectType) {
    case "company":
      await putCompanies(tx, place, living.map(convertWith(crm, toCompany)));
      return [];
    case "contact":
      await putContacts(tx, place, living.map(convertWith(crm, toContact)));
      return [];
    case "deal": {
      const rows = living.map(convertWith(crm, toDeal));
      const changed = await putDeals(tx, place, rows, own);
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
