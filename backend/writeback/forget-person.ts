/** Privacy deletion: each room forgets its part of a person; the skeleton of the log and of the conversations stays. */
import { recordAudit } from "../connections/audit.ts";
import { forgetParticipant } from "../conversations/forget.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { forgetInGaps } from "../gaps/forget.ts";
import { forgetContact } from "../mirror/forget.ts";
import { forgetValues } from "../skills/forget.ts";
import { forgetWritten } from "../writes/forget.ts";

export type Forgotten = {
  conversations: number;
  /** Deals the person stood in: texts about them may name them. */
  deals: string[];
};

/** A contact of the CRM, with everything known by their addresses. In the caller's transaction; safe to repeat. */
export async function forgetContactPerson(
  tx: Tx,
  workspaceId: string,
  now: Date,
  person: { crm: CrmType; contactId: string },
  by: string,
): Promise<Forgotten> {
  const { crm, contactId } = person;
  const { emails, deals } = await forgetContact(tx, workspaceId, crm, contactId);
  const conversations = await forgetParticipant(tx, workspaceId, now, { crm, contactId, emails });
  await forgetInGaps(tx, workspaceId, conversations, emails);
  await forgetValues(tx, workspaceId, crm, contactId);
  await forgetWritten(tx, workspaceId, crm, contactId);
  const detail = { conversations: conversations.length, deals: deals.length };
  await recordAudit(tx, workspaceId, now, { actor: by, action: "person.forgotten", subject: contactId, detail });
  return { conversations: conversations.length, deals };
}

/** Everybody known by this address, contacts of any CRM and people who are none. */
export async function forgetByEmail(
  tx: Tx,
  workspaceId: string,
  now: Date,
  address: string,
  by: string,
): Promise<Forgotten & { contacts: number }> {
  const email = address.trim().toLowerCase();
  const contacts = await tx<{ crm: CrmType; crm_id: string }[]>`
    select crm, crm_id from contacts
    where workspace_id = ${workspaceId} and (lower(email) = ${email} or ${email} = any (other_emails))`;
  const all: Forgotten & { contacts: number } = { contacts: contacts.length, conversations: 0, deals: [] };
  for (const { crm, crm_id } of contacts) {
    const { conversations, deals } = await forgetContactPerson(tx, workspaceId, now, { crm, contactId: crm_id }, by);
    all.conversations += conversations;
    all.deals.push(...deals);
  }
  const rest = await forgetParticipant(tx, workspaceId, now, { crm: "", contactId: "", emails: [email] });
  await forgetInGaps(tx, workspaceId, rest, [email]);
  return { ...all, conversations: all.conversations + rest.length };
}
