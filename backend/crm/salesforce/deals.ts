/** Making opportunities: the parts put together. */
import type { DealPort } from "../deal-port.ts";
import type { SalesforceClient } from "./client.ts";
import { associateDeal, createCompany, createContacts, createDeal } from "./deals-create.ts";
import {
  contactsByEmail,
  dealByKey,
  dealFields,
  duplicateCheck,
  keyState,
  leadsByEmail,
  openDealsOf,
} from "./deals-find.ts";
import { addTask, type ClosedStatus, taskByKey } from "./deals-notes.ts";
import { dealOptions } from "./deals-options.ts";
import { createUndo } from "./deals-undo.ts";
import type { Describes } from "./describe.ts";
import { createGraph } from "./graph.ts";

export function createDealPort(client: SalesforceClient, describes: Describes): DealPort {
  // Which status of a task means "done" differs from org to org; the duplicate check brings it along.
  const closed: ClosedStatus = { name: null };
  const undo = createUndo(client);
  return {
    fields: dealFields,
    options: () => dealOptions(client, describes),
    ensureKey: () => keyState(describes),
    dealByKey: (key) => dealByKey(client, describes, key),
    openDealsOf: (companyId) => openDealsOf(client, companyId),
    duplicateCheck: (of) => duplicateCheck(client, describes, closed, of),
    contactsByEmail: (emails) => contactsByEmail(client, emails),
    leadsByEmail: (emails) => leadsByEmail(client, emails),
    createCompany: (draft) => createCompany(client, draft),
    createContacts: (drafts) => createContacts(client, drafts),
    createDeal: (draft) => createDeal(client, describes, draft),
    associate: (links) => associateDeal(client, describes, links),
    addNote: (draft) => addTask(client, closed, draft),
    noteByKey: (of) => taskByKey(client, of),
    createAll: (plan) => createGraph(client, describes, closed, plan),
    deleteDeal: undo.deleteDeal,
    dealTouchedSince: undo.dealTouchedSince,
  };
}
