/** What a CRM hands to the contract suite, and the suite's small helpers. */

import type { SteppedClock } from "../../backend/clock.ts";
import { CrmError, type CrmErrorKind } from "../../backend/crm/errors.ts";
import type { Crm, MirrorRecord, ObjectType, Outcome, PropertyDraft, RecordWrite } from "../../backend/crm/port.ts";
import type { FaultControl } from "../../backend/simulator/faults.ts";

/** One adapter on its own simulator, in words both CRMs share. */
export type ContractSetup = {
  crm: Crm;
  /** The simulator's clock, and the adapter's. */
  clock: SteppedClock;
  faults: FaultControl;
  /** CRM names of deal properties to try. */
  deal: {
    name: string;
    /** Writable text that takes anything. */
    text: string;
    /** Writable number (not money). */
    number: string;
    date: string;
    /** A restricted list. `option` is one of its values. */
    enum: string;
    option: string;
    /** Never writable, e.g. the modification date. */
    readOnly: string;
  };
  company: { name: string; domain: string };
  /** A number property to create, and the name it has afterwards. */
  draft: PropertyDraft;
  createdName: string;
  /** What a refusal for pace is called: retry_later (HubSpot), quota_exhausted or retry_later (Salesforce). */
  paceRefusal: CrmErrorKind;
  /** A record made by a person; fills what the CRM requires. Returns its id. */
  addRecord(objectType: ObjectType, properties: Record<string, string>): string;
  associate(from: { objectType: ObjectType; id: string }, to: { objectType: ObjectType; id: string }): void;
  /** A person edits in the CRM. */
  edit(objectType: ObjectType, id: string, properties: Record<string, string | null>): void;
  /** A person deletes in the CRM. */
  archive(objectType: ObjectType, id: string): void;
  merge(objectType: ObjectType, winnerId: string, loserId: string): void;
  /** What the CRM holds; null when the record is gone. */
  record(objectType: ObjectType, id: string): { properties: Record<string, string | null> } | null;
  /** Values accepted over the API for one property, oldest first. */
  accepted(objectType: ObjectType, id: string, property: string): (string | null)[];
  /** An id that looks right and never existed. */
  goneId: string;
  /** The customer removes the app. */
  revoke(): void;
  /** How often the adapter asked for a fresh token. */
  refreshes(): number;
  stop(): Promise<void>;
};

/** Deals made by a person, all with the same text. */
export function newDeals(s: ContractSetup, count: number, text = "before"): string[] {
  return Array.from({ length: count }, (_, i) =>
    s.addRecord("deal", { [s.deal.name]: `Fabrikam renewal ${i}`, [s.deal.text]: text }),
  );
}

/** The text a deal holds in the CRM. */
export function heldText(s: ContractSetup, id: string): string | null {
  return s.record("deal", id)?.properties[s.deal.text] ?? null;
}

/** Writes one deal. */
export function one(
  s: ContractSetup,
  id: string,
  properties: RecordWrite["properties"],
): ReturnType<Crm["writeBatch"]> {
  return s.crm.writeBatch("deal", [{ id, properties }]);
}

/** What the write engine does with a refused batch, in small. */
export async function writeBisecting(crm: Crm, writes: RecordWrite[]): Promise<Outcome<{ id: string }>[]> {
  try {
    return await crm.writeBatch("deal", writes);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (error.kind !== "batch_refused") return writes.map(() => ({ ok: false, error }));
    const half = Math.ceil(writes.length / 2);
    return [...(await writeBisecting(crm, writes.slice(0, half))), ...(await writeBisecting(crm, writes.slice(half)))];
  }
}

export async function changedSince(crm: Crm, since: string, properties: string[]): Promise<MirrorRecord[]> {
  const items: MirrorRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Crm["listChangedSince"]>> = await crm.listChangedSince(
      "deal",
      since,
      properties,
      cursor,
    );
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor);
  return items;
}

export function kinds(outcomes: Outcome<unknown>[]): string[] {
  return outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.error.kind));
}

export function errorOf(outcome: Outcome<unknown> | undefined): CrmError {
  if (!outcome || outcome.ok) throw new Error("expected a failed row");
  return outcome.error;
}

export function domainOf(name: string): string {
  return `${name.toLowerCase().replaceAll(" ", "-")}.example`;
}

export function sorted(ids: string[]): string[] {
  return [...ids].sort();
}
