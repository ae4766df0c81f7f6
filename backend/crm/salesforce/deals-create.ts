/** Accounts, contacts, the opportunity and its contact roles, step by step. In one call: graph.ts. */
import type { CompanyDraft, ContactDraft, DealContact, DealDraft } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import { splitName } from "../person-name.ts";
import type { Outcome } from "../port.ts";
import type { SalesforceClient } from "./client.ts";
import { sameId, toJson } from "./convert.ts";
import { contactsByEmail, dealFields, keyField, queryTogether } from "./deals-find.ts";
import { insertOne, insertRows, type NewRow } from "./deals-insert.ts";
import type { Describes } from "./describe.ts";
import { writeRecords } from "./records.ts";
import { isRecordId, type Query } from "./soql.ts";

type MadeContact = Outcome<{ id: string; existed: boolean }>;

export function createCompany(client: SalesforceClient, draft: CompanyDraft): Promise<{ id: string }> {
  return insertOne(client, "Account", companyValues(draft));
}

/** The contacts come by `associate`: a role that is refused must not cost the deal. */
export async function createDeal(client: SalesforceClient, describes: Describes, draft: DealDraft) {
  const { id } = await insertOne(client, "Opportunity", await dealValues(describes, draft));
  return { id, linked: draft.contacts.length === 0 };
}

export async function createContacts(client: SalesforceClient, drafts: ContactDraft[]): Promise<MadeContact[]> {
  const first = new Map<string, ContactDraft>();
  for (const draft of drafts) first.set(addressOf(draft), first.get(addressOf(draft)) ?? draft);
  const distinct = [...first.values()];
  const rows = await insertRows(client, "Contact", distinct.map(contactValues));
  const made = new Map<string, MadeContact>();
  for (const [at, draft] of distinct.entries()) made.set(addressOf(draft), toMade(rows[at]));
  const taken = distinct.filter((draft) => isTaken(made.get(addressOf(draft))));
  if (taken.length > 0) await settleTaken(client, taken, made);
  return drafts.map((draft) => made.get(addressOf(draft)) ?? toMade(undefined));
}

export async function associateDeal(
  client: SalesforceClient,
  describes: Describes,
  links: { dealId: string; companyId: string | null; contacts: DealContact[] },
) {
  const { dealId, companyId, contacts } = links;
  const [deals, roles] = await queryTogether(client, [dealQuery(dealId), rolesQuery(dealId)]);
  const deal = deals?.[0];
  if (!deal) throw gone();
  const there = (roles ?? []).map((row) => ({ id: String(row["ContactId"]), primary: row["IsPrimary"] === true }));
  const missing = contacts.filter(({ id }) => isRecordId(id) && !there.some((role) => sameId(role.id, id)));
  const hasPrimary = there.some((role) => role.primary);
  const inserted = await insertRows(
    client,
    "OpportunityContactRole",
    missing.map((contact) => ({
      OpportunityId: dealId,
      ...roleValues(hasPrimary ? { ...contact, primary: false } : contact),
      ContactId: contact.id,
    })),
  );
  return {
    company: companyId === null ? null : await linkCompany(client, describes, dealId, companyId, deal["AccountId"]),
    contacts: contacts.map(({ id }): Outcome<{ id: string }> => {
      if (!isRecordId(id)) return { ok: false, error: gone() };
      const row = inserted[missing.findIndex((each) => each.id === id)];
      return row && !row.ok ? row : { ok: true, value: { id } };
    }),
  };
}

export function companyValues(draft: CompanyDraft): NewRow {
  return {
    Name: draft.name,
    ...(draft.domain ? { Website: draft.domain } : {}),
    ...(draft.ownerId ? { OwnerId: draft.ownerId } : {}),
  };
}

/** A last name is required: where there is no name, the address stands for it. */
export function contactValues(draft: ContactDraft): NewRow {
  const { first, last } = splitName(draft.name);
  return {
    ...(first ? { FirstName: first.slice(0, 40) } : {}),
    LastName: (last || draft.email.split("@")[0] || draft.email).slice(0, 80),
    Email: addressOf(draft),
    ...(draft.title ? { Title: draft.title.slice(0, 128) } : {}),
    ...(draft.companyId ? { AccountId: draft.companyId } : {}),
    ...(draft.ownerId ? { OwnerId: draft.ownerId } : {}),
  };
}

/** @throws CrmError unknown_property, value_refused: nothing was sent */
export async function dealValues(describes: Describes, draft: DealDraft): Promise<NewRow> {
  const given = Object.entries(draft.properties).filter(([, value]) => value !== null && value !== "");
  // "default" stands for an org without record types.
  const wanted = given.filter(([name, value]) => name !== dealFields.pipeline || isRecordId(value ?? ""));
  const fields = await describes.named(
    "deal",
    wanted.map(([name]) => name),
  );
  const row: NewRow = {};
  for (const [at, [, value]] of wanted.entries()) {
    const field = fields[at]!;
    const json = toJson(value, field);
    if (!json.ok) throw json.error;
    row[field.name] = json.value;
  }
  if (draft.companyId) row["AccountId"] = draft.companyId;
  if (draft.key !== null) {
    const field = await keyField(describes);
    if (!field) throw new CrmError("unknown_property", "Salesforce has no field for the conversation's key.");
    row[field.name] = draft.key;
  }
  return row;
}

export function roleValues(contact: Pick<DealContact, "role" | "primary">): NewRow {
  return { ...(contact.role ? { Role: contact.role } : {}), IsPrimary: contact.primary === true };
}

/**
 * A duplicate rule refused them: by the address, then that contact is meant; by a name alike, then somebody else is
 * meant and the warning is passed over, as a person at the form would.
 */
async function settleTaken(client: SalesforceClient, taken: ContactDraft[], made: Map<string, MadeContact>) {
  const found = await contactsByEmail(client, taken.map(addressOf));
  for (const { email, id } of found) {
    if (isTaken(made.get(email))) made.set(email, { ok: true, value: { id, existed: true } });
  }
  const others = taken.filter((draft) => isTaken(made.get(addressOf(draft))));
  const rows = await insertRows(client, "Contact", others.map(contactValues), true);
  for (const [at, draft] of others.entries()) made.set(addressOf(draft), toMade(rows[at]));
}

async function linkCompany(
  client: SalesforceClient,
  describes: Describes,
  dealId: string,
  companyId: string,
  current: unknown,
): Promise<Outcome<{ id: string }>> {
  if (typeof current === "string") {
    if (sameId(current, companyId)) return { ok: true, value: { id: companyId } };
    const error = new CrmError("value_refused", "The opportunity belongs to another account.", {
      property: "AccountId",
    });
    return { ok: false, error };
  }
  const write = { id: dealId, properties: { AccountId: companyId } };
  const [row] = await writeRecords(client, describes, "deal", [write]);
  return row?.ok ? { ok: true, value: { id: companyId } } : (row ?? { ok: false, error: gone() });
}

function dealQuery(dealId: string): Query {
  const where = { field: "Id", op: "=" as const, value: { id: dealId } };
  return { select: ["Id", "AccountId"], from: "Opportunity", where };
}

function rolesQuery(dealId: string): Query {
  const where = { field: "OpportunityId", op: "=" as const, value: { id: dealId } };
  return { select: ["ContactId", "IsPrimary"], from: "OpportunityContactRole", where };
}

function toMade(row: Outcome<{ id: string }> | undefined): MadeContact {
  if (row?.ok) return { ok: true, value: { id: row.value.id, existed: false } };
  return row ?? { ok: false, error: new CrmError("no_result", "Salesforce's answer does not cover this contact.") };
}

function isTaken(outcome: MadeContact | undefined): boolean {
  return outcome !== undefined && !outcome.ok && outcome.error.kind === "already_exists";
}

function addressOf(draft: ContactDraft): string {
  return draft.email.trim().toLowerCase();
}

function gone(): CrmError {
  return new CrmError("record_gone", "The record no longer exists, or the connected user may not see it.");
}
