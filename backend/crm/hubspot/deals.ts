/** Making deals in HubSpot: the parts put together, and the key that makes a deal unique. */
import type { DealPort, KeyState } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import type { Crm, Property } from "../port.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { toProperty } from "./convert.ts";
import { associateDeal, createCompany, createContacts, createDeal } from "./deals-create.ts";
import { contactsByEmail, dealByKey, duplicateCheck, openDealsOf } from "./deals-find.ts";
import { addNote, noteByKey } from "./deals-notes.ts";
import { dealOptions } from "./deals-options.ts";
import { dealTouchedSince, deleteDeal } from "./deals-undo.ts";
import { dealFields, keyProperty } from "./deals-wire.ts";
import { property } from "./wire.ts";

/** @param createProperty of the same adapter */
export function createDealPort(client: HubSpotClient, createProperty: Crm["createProperty"]): DealPort {
  return {
    fields: dealFields,
    options: () => dealOptions(client),
    ensureKey: () => ensureKey(client, createProperty),
    dealByKey: (key) => dealByKey(client, key),
    openDealsOf: (companyId) => openDealsOf(client, companyId),
    duplicateCheck: (of) => duplicateCheck(client, of),
    contactsByEmail: (emails) => contactsByEmail(client, emails),
    createCompany: (draft) => createCompany(client, draft),
    createContacts: (drafts) => createContacts(client, drafts),
    createDeal: (draft) => createDeal(client, draft),
    associate: (links) => associateDeal(client, links),
    addNote: (draft) => addNote(client, draft),
    noteByKey: (of) => noteByKey(client, of),
    deleteDeal: (id) => deleteDeal(client, id),
    dealTouchedSince: (id, since) => dealTouchedSince(client, id, since),
  };
}

const draft = {
  name: keyProperty,
  label: "Pandora conversation",
  type: "text" as const,
  description: "Set by Pandora on deals made from a conversation, so that none is made twice.",
  unique: true,
};

async function ensureKey(client: HubSpotClient, createProperty: Crm["createProperty"]): Promise<KeyState> {
  const before = await readKeyProperty(client);
  if (before) return stateOf(before);
  try {
    return stateOf(await createProperty("deal", draft));
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    switch (error.kind) {
      case "already_exists": {
        // Two people clicked at once, or the reply to an earlier attempt was lost; archived names stay taken as well.
        const there = await readKeyProperty(client);
        return there ? stateOf(there) : refused(error.message);
      }
      case "missing_scope":
        return refused("the connection may not create deal properties. Connect HubSpot again and grant it");
      case "value_refused":
        return refused(error.message);
      default:
        throw error;
    }
  }
}

async function readKeyProperty(client: HubSpotClient): Promise<Property | null> {
  try {
    const path = `/crm/properties/${crmVersion}/deals/${keyProperty}`;
    const { data } = await client.call({ method: "GET", path, answer: property, write: false });
    return toProperty(data);
  } catch (error) {
    if (error instanceof CrmError && error.kind === "record_gone") return null;
    throw error;
  }
}

function stateOf({ unique, writable }: Property): KeyState {
  if (unique && writable) return { unique: true, reason: null };
  // Uniqueness can be set only when a property is made.
  return {
    unique: false,
    reason: `The deal property ${keyProperty} exists, but not with unique values. Delete it in HubSpot; Pandora makes it anew.`,
  };
}

function refused(why: string): KeyState {
  return {
    unique: false,
    reason: `HubSpot did not let Pandora make the unique deal property ${keyProperty}: ${why.replace(/\.$/, "")}.`,
  };
}
