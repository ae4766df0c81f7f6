/** Companies, contacts, the deal and its links. */
import type { CompanyDraft, ContactDraft, DealContact, DealDraft } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import { splitName } from "../person-name.ts";
import type { Outcome } from "../port.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { addressesOfContact, contactsByEmail } from "./deals-find.ts";
import { keyProperty, type Link, linkBatch, linkTo, linkTypes } from "./deals-wire.ts";
import { classifyRow } from "./errors.ts";
import { record, recordBatch } from "./wire.ts";

const objects = `/crm/objects/${crmVersion}`;

type MadeContact = Outcome<{ id: string; existed: boolean }>;

export async function createCompany(client: HubSpotClient, draft: CompanyDraft): Promise<{ id: string }> {
  const properties = filled({ name: draft.name, domain: draft.domain, hubspot_owner_id: draft.ownerId });
  return create(client, "companies", properties, []);
}

export async function createDeal(client: HubSpotClient, draft: DealDraft): Promise<{ id: string; linked: boolean }> {
  const properties = filled({ ...draft.properties, [keyProperty]: draft.key });
  const links = draft.contacts.map((contact) => linkTo(contact.id, linkTypes.dealToContact, contact.role));
  if (draft.companyId) links.unshift(linkTo(draft.companyId, linkTypes.dealToCompany));
  const { id } = await create(client, "deals", properties, links);
  return { id, linked: true };
}

/** @throws CrmError outcome_unknown and the like: repeating is safe, an address belongs to one contact */
export async function createContacts(client: HubSpotClient, drafts: ContactDraft[]): Promise<MadeContact[]> {
  const byEmail = new Map<string, ContactDraft>();
  // The same address twice in one call would be refused as a conflict with itself.
  for (const draft of drafts) byEmail.set(addressOf(draft), byEmail.get(addressOf(draft)) ?? draft);
  const made = await settleContacts(client, [...byEmail.values()]);
  return drafts.map((draft) => made.get(addressOf(draft)) ?? noResult());
}

export async function associateDeal(
  client: HubSpotClient,
  links: { dealId: string; companyId: string | null; contacts: DealContact[] },
) {
  const { dealId, companyId, contacts } = links;
  const [company, people] = await Promise.all([
    companyId === null ? [] : linkAll(client, "companies", dealId, [linkTo(companyId, linkTypes.dealToCompany)]),
    linkAll(
      client,
      "contacts",
      dealId,
      contacts.map(({ id, role }) => linkTo(id, linkTypes.dealToContact, role)),
    ),
  ]);
  return { company: company[0] ?? null, contacts: people };
}

/** @throws CrmError already_exists when the key is taken */
export async function create(
  client: HubSpotClient,
  type: string,
  properties: Record<string, string>,
  associations: Link[],
): Promise<{ id: string }> {
  const body = { properties, associations };
  const { data } = await client.call({ method: "POST", path: `${objects}/${type}`, body, answer: record, write: true });
  return { id: data.id };
}

/** By address. HubSpot names only the first conflict of a batch and makes none of it, so the rest is sent again. */
async function settleContacts(client: HubSpotClient, drafts: ContactDraft[]): Promise<Map<string, MadeContact>> {
  if (drafts.length === 0) return new Map();
  try {
    return await createBatch(client, drafts);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (error.kind === "already_exists") {
      const known = await whoIsThere(client, drafts, error.detail.existingId);
      if (known.size > 0) {
        const rest = drafts.filter((draft) => !known.has(addressOf(draft)));
        return new Map([...known, ...(await settleContacts(client, rest))]);
      }
    }
    if (drafts.length > 1 && (error.kind === "batch_refused" || error.kind === "already_exists")) {
      const half = Math.ceil(drafts.length / 2);
      const first = await settleContacts(client, drafts.slice(0, half));
      return new Map([...first, ...(await settleContacts(client, drafts.slice(half)))]);
    }
    if (!isRefusal(error)) throw error;
    return new Map(drafts.map((draft) => [addressOf(draft), { ok: false, error }]));
  }
}

async function createBatch(client: HubSpotClient, drafts: ContactDraft[]): Promise<Map<string, MadeContact>> {
  const { status, data } = await client.call({
    method: "POST",
    path: `${objects}/contacts/batch/create`,
    body: { inputs: drafts.map(toInput) },
    answer: recordBatch,
    write: true,
    rows: drafts.length,
  });
  const made = new Map<string, MadeContact>();
  for (const { objectWriteTraceId, id } of data.results) {
    if (objectWriteTraceId) made.set(objectWriteTraceId, { ok: true, value: { id, existed: false } });
  }
  for (const row of data.errors ?? []) {
    const error = classifyRow(row, status);
    const id = error.kind === "already_exists" ? error.detail.existingId : undefined;
    const outcome: MadeContact = id ? { ok: true, value: { id, existed: true } } : { ok: false, error };
    for (const trace of row.context?.objectWriteTraceId ?? []) made.set(trace, outcome);
  }
  return new Map(drafts.map((draft, at) => [addressOf(draft), made.get(traceId(at)) ?? noResult()]));
}

function toInput(draft: ContactDraft, at: number): object {
  const { first, last } = splitName(draft.name);
  return {
    objectWriteTraceId: traceId(at),
    properties: filled({
      email: addressOf(draft),
      firstname: first,
      lastname: last,
      jobtitle: draft.title,
      hubspot_owner_id: draft.ownerId,
    }),
    associations: draft.companyId ? [linkTo(draft.companyId, linkTypes.contactToCompany)] : [],
  };
}

/** Whose addresses are taken; the contact that the refusal names may hold one as a further address. */
async function whoIsThere(
  client: HubSpotClient,
  drafts: ContactDraft[],
  existingId: string | undefined,
): Promise<Map<string, MadeContact>> {
  const found = await contactsByEmail(client, drafts.map(addressOf));
  const known = new Map(found.map(({ email, id }) => [email, existed(id)]));
  if (!existingId || found.some(({ id }) => id === existingId)) return known;
  const [only] = drafts;
  if (drafts.length === 1) return known.set(addressOf(only!), existed(existingId));
  const addresses = await addressesOfContact(client, existingId);
  const owner = drafts.find((draft) => addresses?.has(addressOf(draft)));
  return owner ? known.set(addressOf(owner), existed(existingId)) : known;
}

async function linkAll(
  client: HubSpotClient,
  to: string,
  dealId: string,
  links: Link[],
): Promise<Outcome<{ id: string }>[]> {
  if (links.length === 0) return [];
  try {
    const { status, data } = await client.call({
      method: "POST",
      path: `/crm/associations/${crmVersion}/deals/${to}/batch/create`,
      body: { inputs: links.map((link) => ({ from: { id: dealId }, ...link })) },
      answer: linkBatch,
      write: true,
      rows: links.length,
    });
    const done = new Set(data.results.map((each) => each.toObjectId));
    return links.map(({ to: { id } }) => {
      if (done.has(id)) return { ok: true, value: { id } };
      const error = data.errors?.find((each) => Object.values(each.context ?? {}).some((ids) => ids.includes(id)));
      return error ? { ok: false, error: classifyRow(error, status) } : noResult();
    });
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (error.kind === "batch_refused") {
      const half = Math.ceil(links.length / 2);
      const first = await linkAll(client, to, dealId, links.slice(0, half));
      return [...first, ...(await linkAll(client, to, dealId, links.slice(half)))];
    }
    if (!isRefusal(error)) throw error;
    return links.map(() => ({ ok: false, error }));
  }
}

/** What is wrong with the record itself, so that others may go on. */
function isRefusal({ kind }: CrmError): boolean {
  return kind === "value_refused" || kind === "unknown_property" || kind === "already_exists" || kind === "record_gone";
}

function filled(properties: Record<string, string | null>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) if (value !== null && value !== "") kept[name] = value;
  return kept;
}

function addressOf(draft: ContactDraft): string {
  return draft.email.trim().toLowerCase();
}

function traceId(row: number): string {
  return `row-${row}`;
}

function existed(id: string): MadeContact {
  return { ok: true, value: { id, existed: true } };
}

function noResult(): { ok: false; error: CrmError } {
  return { ok: false, error: new CrmError("no_result", "HubSpot's answer does not mention this record.") };
}
