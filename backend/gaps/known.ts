/** What the mirror knows that linking needs, as read for one page of conversations (facts.ts). Types, and small lookups. */
import type { CrmType } from "../crm/port.ts";

/** A record in either CRM: `hubspot:123`. */
export type RecordKey = `${CrmType}:${string}`;

export function keyOf(crm: CrmType, id: string): RecordKey {
  return `${crm}:${id}`;
}

export type KnownContact = {
  crm: CrmType;
  id: string;
  name: string;
  companyId: string | null;
  /** The address asked for is its first one, not a further one. */
  byFirstEmail: boolean;
  lastActivityAt: Date | null;
};

export type KnownCompany = {
  crm: CrmType;
  id: string;
  name: string;
  domain: string | null;
  type: string | null;
  parentId: string | null;
  mergedInto: string | null;
  deleted: boolean;
  lastActivityAt: Date | null;
};

export type KnownDeal = {
  crm: CrmType;
  id: string;
  companyId: string | null;
  /** null: its stage is unknown, which counts as open. */
  isClosed: boolean | null;
  createdAt: Date | null;
  closedAt: Date | null;
  /** Expected or past close, UTC midnight. */
  closeDate: Date | null;
  ownerId: string | null;
  lastActivityAt: Date | null;
  mergedInto: string | null;
  deleted: boolean;
};

export type KnownOwner = { crm: CrmType; id: string; email: string; name: string; active: boolean };

export type Known = {
  /** Living contacts by address; all addresses of a contact lead to it. */
  contacts: ReadonlyMap<string, readonly KnownContact[]>;
  /** Living contacts that a source named. */
  namedContacts: ReadonlyMap<RecordKey, KnownContact>;
  /** Whatever may be needed, merged and deleted ones too. */
  companies: ReadonlyMap<RecordKey, KnownCompany>;
  /** Living companies by their domain as the CRM holds it, and by those of companies merged into them. */
  companiesByDomain: ReadonlyMap<string, readonly KnownCompany[]>;
  deals: ReadonlyMap<RecordKey, KnownDeal>;
  /** Living deals that may be eligible, by the company they stand at now. */
  dealsOf: ReadonlyMap<RecordKey, readonly KnownDeal[]>;
  /** Contacts of these deals. */
  roles: ReadonlyMap<RecordKey, ReadonlySet<string>>;
  /** Live leads by address. */
  leads: ReadonlyMap<string, { crm: CrmType; id: string }>;
  /** By address, the active ones first. */
  owners: ReadonlyMap<string, readonly KnownOwner[]>;
};

/** The living record that a merged one became; null when it is gone or was never mirrored. */
export function survivorOf<T extends { crm: CrmType; mergedInto: string | null; deleted: boolean }>(
  records: ReadonlyMap<RecordKey, T>,
  crm: CrmType,
  id: string,
): T | null {
  let found = records.get(keyOf(crm, id));
  // A circle of merges is no record's history, but must not hang us.
  for (let steps = 0; found?.mergedInto && steps < 20; steps += 1) found = records.get(keyOf(crm, found.mergedInto));
  return found && !found.deleted ? found : null;
}

/** Ids in one stable order: numbers by size, the rest by text. */
export function byId(one: { crm: string; id: string }, other: { crm: string; id: string }): number {
  if (one.crm !== other.crm) return one.crm < other.crm ? -1 : 1;
  if (one.id.length !== other.id.length) return one.id.length - other.id.length;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

export function timeOf(at: Date | null): number {
  return at?.getTime() ?? 0;
}
