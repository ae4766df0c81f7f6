/** The portal in memory: records, links, definitions, and what is computed from them. */
import type { Clock } from "../../clock.ts";
import { mulberry32 } from "../faults.ts";
import { createHistory, type History } from "../history.ts";
import { type Counters, createCounters } from "../http.ts";
import { type HsObjectType, type HsProperty, objectTypeIds } from "./catalogue.ts";
import { isoTime } from "./values.ts";

export type HsRecord = {
  id: string;
  type: HsObjectType;
  /** Stored values; blank ones are absent. Without a prototype: a property may be called anything. */
  values: Record<string, string>;
  createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  mergedIds: string[];
  /** What search still shows, until `indexedAt`; null = not yet there at all. */
  indexed: Record<string, string> | null;
  /** The modification time search still shows. */
  indexedUpdatedAt: number;
  indexedAt: number;
};

export type HsStage = { id: string; label: string; probability: number; isClosed: boolean; isWon: boolean };
export type HsPipeline = { id: string; label: string; stages: HsStage[] };
export type HsOwner = {
  id: string;
  userId: number;
  email: string;
  firstName: string;
  lastName: string;
  team: { id: string; name: string } | null;
  archived: boolean;
};

/** An admin's rule on a property: values that do not pass are refused with its message. */
export type ValidationRule = {
  objectType: HsObjectType;
  property: string;
  message: string;
  passes: (value: string) => boolean;
};

export type AssociationType = { category: "HUBSPOT_DEFINED" | "USER_DEFINED"; typeId: number; label: string | null };

export type Portal = {
  clock: Clock;
  portalId: number;
  random: () => number;
  history: History;
  counters: Counters;
  searchLagMs: number;
  objects: Record<HsObjectType, Map<string, HsRecord>>;
  /** Loser id to winner id. */
  aliases: Record<HsObjectType, Map<string, string>>;
  properties: Record<HsObjectType, Map<string, HsProperty>>;
  groups: Record<HsObjectType, Map<string, { name: string; label: string; displayOrder: number; archived: false }>>;
  rules: ValidationRule[];
  owners: HsOwner[];
  /** Those that a record may be given to: owners who left keep what they have. */
  ownerIds: Set<string>;
  /** Properties that a new record needs. */
  required: Record<HsObjectType, Set<string>>;
  /** Association labels that admins made. */
  labels: { from: HsObjectType; to: HsObjectType; typeId: number; label: string }[];
  /** The company's own first. */
  currencies: string[];
  pipelines: HsPipeline[];
  /** "deals/12" -> "contacts" -> id -> types. */
  links: Map<string, Map<HsObjectType, Map<string, AssociationType[]>>>;
  nextId: number;
};

/** An empty portal; definitions are put in by seed.ts. */
export function createPortal(options: { clock: Clock; portalId: number; seed: number; searchLagMs: number }): Portal {
  return {
    clock: options.clock,
    portalId: options.portalId,
    random: mulberry32(options.seed),
    history: createHistory(),
    counters: createCounters(),
    searchLagMs: options.searchLagMs,
    objects: perType(() => new Map()),
    aliases: perType(() => new Map()),
    properties: perType(() => new Map()),
    groups: perType(() => new Map()),
    rules: [],
    owners: [],
    ownerIds: new Set(),
    required: { ...perType(() => new Set<string>()), notes: new Set(["hs_timestamp"]) },
    labels: [],
    currencies: ["USD"],
    pipelines: [],
    links: new Map(),
    nextId: 20_000_000_001,
  };
}

function perType<T>(make: () => T): Record<HsObjectType, T> {
  const types = Object.keys(objectTypeIds) as HsObjectType[];
  return Object.fromEntries(types.map((type) => [type, make()])) as Record<HsObjectType, T>;
}

/** The living record of an id; a merged id leads to its winner. Undefined when archived or never there. */
export function findRecord(portal: Portal, type: HsObjectType, id: string): HsRecord | undefined {
  const record = portal.objects[type].get(resolveId(portal, type, id));
  return record && record.archivedAt === null ? record : undefined;
}

/** Follows merges. */
export function resolveId(portal: Portal, type: HsObjectType, id: string): string {
  let at = id;
  for (let next = portal.aliases[type].get(at); next !== undefined; next = portal.aliases[type].get(at)) at = next;
  return at;
}

/** By a unique property; contacts also by any of their addresses. */
export function findByProperty(portal: Portal, type: HsObjectType, name: string, value: string): HsRecord | undefined {
  if (name === "hs_object_id") return findRecord(portal, type, value);
  const wanted = name === "email" ? value.trim().toLowerCase() : value;
  for (const record of portal.objects[type].values()) {
    if (record.archivedAt !== null) continue;
    if (record.values[name] === wanted) return record;
    if (name === "email" && record.values.hs_additional_emails?.split(";").includes(wanted)) return record;
  }
  return undefined;
}

/** Stores checked values; "" clears. @param by null: given from the start, no history */
export function writeValues(
  portal: Portal,
  record: HsRecord,
  values: Record<string, string>,
  by: "api" | "person" | null,
  now = portal.clock.now().getTime(),
): void {
  markUnindexed(portal, record, now);
  const stageBefore = record.values.dealstage;
  const at = new Date(now).toISOString();
  for (const [property, value] of Object.entries(values)) {
    if (value === "") delete record.values[property];
    else record.values[property] = value;
    if (by === null) continue;
    const kept = value === "" ? null : value;
    portal.history.push({ objectType: record.type, id: record.id, property, value: kept, at, by });
  }
  if (by !== null && record.values.dealstage !== stageBefore)
    record.values.hs_date_entered_current_stage = isoTime(now);
  record.updatedAt = now;
}

/** Makes a record from checked values. */
export function insertRecord(
  portal: Portal,
  type: HsObjectType,
  values: Record<string, string>,
  by: "api" | "person" | null,
  at = portal.clock.now().getTime(),
): HsRecord {
  const record: HsRecord = {
    id: String(portal.nextId++),
    type,
    values: Object.create(null),
    createdAt: at,
    updatedAt: at,
    archivedAt: null,
    mergedIds: [],
    indexed: null,
    indexedUpdatedAt: at,
    indexedAt: 0,
  };
  portal.objects[type].set(record.id, record);
  writeValues(portal, record, values, by, at);
  record.indexed = null;
  return record;
}

function markUnindexed(portal: Portal, record: HsRecord, now: number): void {
  if (portal.searchLagMs <= 0) return;
  if (record.indexedAt <= now) {
    record.indexed = { ...record.values };
    record.indexedUpdatedAt = record.updatedAt;
  }
  record.indexedAt = now + Math.ceil(portal.random() * portal.searchLagMs);
}

export function archiveRecord(portal: Portal, record: HsRecord): void {
  record.archivedAt = portal.clock.now().getTime();
}

/** The loser's id leads to the winner from now on; blank values of the winner are filled from the loser. */
export function mergeRecords(portal: Portal, type: HsObjectType, winnerId: string, loserId: string): void {
  const winner = portal.objects[type].get(winnerId);
  const loser = portal.objects[type].get(loserId);
  if (!winner || !loser) throw new Error(`merge: no such ${type}: ${winnerId} or ${loserId}`);
  const filled = Object.entries(loser.values).filter(([name]) => !(name in winner.values));
  writeValues(portal, winner, Object.fromEntries(filled), "person");
  winner.mergedIds.push(loserId, ...loser.mergedIds);
  for (const [toType, ids] of portal.links.get(`${type}/${loserId}`) ?? []) {
    for (const [toId, types] of ids) for (const each of types) link(portal, winner, toType, toId, each);
  }
  portal.objects[type].delete(loserId);
  portal.aliases[type].set(loserId, winnerId);
}

/** Links both ways; a label counts for the direction it was given in. */
export function link(
  portal: Portal,
  from: { type: HsObjectType; id: string },
  toType: HsObjectType,
  toId: string,
  type: AssociationType,
): void {
  addLink(portal, from.type, from.id, toType, toId, type);
  const inverse = inverseTypeIds[type.typeId] ?? type.typeId;
  addLink(portal, toType, toId, from.type, from.id, { ...type, typeId: inverse });
}

/** contact-company, deal-company, deal-contact and their primaries; notes, calls and meetings keep one id. */
const inverseTypeIds: Record<number, number> = {
  279: 280,
  280: 279,
  1: 2,
  2: 1,
  341: 342,
  342: 341,
  5: 6,
  6: 5,
  3: 4,
  4: 3,
};

function addLink(
  portal: Portal,
  fromType: HsObjectType,
  fromId: string,
  toType: HsObjectType,
  toId: string,
  type: AssociationType,
): void {
  const key = `${fromType}/${fromId}`;
  const byType = portal.links.get(key) ?? new Map<HsObjectType, Map<string, AssociationType[]>>();
  portal.links.set(key, byType);
  const ids = byType.get(toType) ?? new Map<string, AssociationType[]>();
  byType.set(toType, ids);
  const types = ids.get(toId) ?? [];
  if (!types.some((each) => each.typeId === type.typeId && each.category === type.category)) types.push(type);
  ids.set(toId, types);
}

/** Living records linked to one. */
export function linksOf(
  portal: Portal,
  type: HsObjectType,
  id: string,
  toType: HsObjectType,
): [string, AssociationType[]][] {
  const ids = portal.links.get(`${type}/${resolveId(portal, type, id)}`)?.get(toType);
  return ids ? [...ids].filter(([toId]) => findRecord(portal, toType, toId)?.id === toId) : [];
}
