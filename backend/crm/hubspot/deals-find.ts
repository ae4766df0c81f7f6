/** What is there already: the deal of a key, a company's open deals, the contacts behind addresses. Read, never searched: search lags. */
import type { FoundContact, OpenDeal } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import type { RecordRead } from "../port.ts";
import { batchMax } from "./batch.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { pickProperties } from "./convert.ts";
import { dealFields, keyProperty } from "./deals-wire.ts";
import { associationBatch, recordBatch, type WireRecord } from "./wire.ts";

const shown = [...Object.values(dealFields), keyProperty];

/** Null also where the key property is missing or not unique: no deal can be found by it. */
export async function dealByKey(client: HubSpotClient, key: string): Promise<RecordRead | null> {
  try {
    const [found] = await readRecords(client, "deals", [key], shown, keyProperty);
    return found ? { id: found.id, properties: pickProperties(found, shown) } : null;
  } catch (error) {
    const refused = error instanceof CrmError && error.detail.httpStatus === 400;
    if (refused && /unique|idProperty|does ?n[o']t exist/i.test(error.message)) return null;
    throw error;
  }
}

export async function openDealsOf(client: HubSpotClient, companyId: string): Promise<OpenDeal[]> {
  const ids = await linkedIds(client, "companies", companyId, "deals");
  if (ids.length === 0) return [];
  const deals = await readRecords(client, "deals", newest(ids), [...shown, "hs_is_closed"]);
  return deals.filter((deal) => deal.properties["hs_is_closed"] !== "true").map(toOpenDeal);
}

export async function duplicateCheck(client: HubSpotClient, of: { key: string | null; companyId: string | null }) {
  const [byKey, open] = await Promise.all([
    of.key === null ? null : dealByKey(client, of.key),
    of.companyId === null ? [] : openDealsOf(client, of.companyId),
  ]);
  return { byKey, open };
}

export async function contactsByEmail(client: HubSpotClient, emails: string[]): Promise<FoundContact[]> {
  const asked = [...new Set(emails.map((email) => email.trim().toLowerCase()).filter(Boolean))];
  const found: FoundContact[] = [];
  for (let at = 0; at < asked.length; at += batchMax) {
    const page = asked.slice(at, at + batchMax);
    const contacts = await readRecords(client, "contacts", page, contactProperties, "email");
    for (const email of page) {
      const contact = contacts.find((each) => addressesOf(each).has(email));
      if (contact) found.push({ id: contact.id, email, companyId: companyOf(contact) });
    }
  }
  return found;
}

/** A contact by id with all addresses, as a refused creation names it; null when it is gone. */
export async function addressesOfContact(client: HubSpotClient, id: string): Promise<Set<string> | null> {
  const [contact] = await readRecords(client, "contacts", [id], contactProperties);
  return contact ? addressesOf(contact) : null;
}

/** Ids linked to one record; at most one page, which holds five hundred. */
export async function linkedIds(client: HubSpotClient, from: string, id: string, to: string): Promise<string[]> {
  const { data } = await client.call({
    method: "POST",
    path: `/crm/associations/${crmVersion}/${from}/${to}/batch/read`,
    body: { inputs: [{ id }] },
    answer: associationBatch,
    write: false,
  });
  return data.results.flatMap((each) => each.to.map((link) => link.toObjectId));
}

/** Those of at most a hundred records that are there. @param idProperty read by this unique property instead of the id */
export async function readRecords(
  client: HubSpotClient,
  objects: string,
  ids: string[],
  properties: string[],
  idProperty?: string,
): Promise<WireRecord[]> {
  const { data } = await client.call({
    method: "POST",
    path: `/crm/objects/${crmVersion}/${objects}/batch/read`,
    body: {
      inputs: ids.map((id) => ({ id })),
      properties,
      propertiesWithHistory: [],
      ...(idProperty ? { idProperty } : {}),
    },
    answer: recordBatch,
    write: false,
  });
  return data.results;
}

/** Ids rise with time. */
export function newest(ids: string[]): string[] {
  return [...ids].sort((a, b) => Number(b) - Number(a)).slice(0, batchMax);
}

const contactProperties = ["email", "hs_additional_emails", "associatedcompanyid"];

function addressesOf(contact: WireRecord): Set<string> {
  const all = `${contact.properties["email"] ?? ""};${contact.properties["hs_additional_emails"] ?? ""}`;
  return new Set(all.toLowerCase().split(";").filter(Boolean));
}

function companyOf(contact: WireRecord): string | null {
  return contact.properties["associatedcompanyid"] || null;
}

function toOpenDeal({ id, properties }: WireRecord): OpenDeal {
  const amount = properties[dealFields.amount];
  return {
    id,
    name: properties[dealFields.name] ?? "",
    stageId: properties[dealFields.stage] || null,
    amount: amount ? Number(amount) : null,
    closeDate: properties[dealFields.closeDate]?.slice(0, 10) || null,
    ownerId: properties[dealFields.owner] || null,
  };
}
