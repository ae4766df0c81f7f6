/** Privacy deletion in this room: the contact's row goes, with its place in deals. */
import type { Tx } from "../db.ts";

/** @returns the addresses it was known by, lower case, and the deals it stood in */
export async function forgetContact(
  tx: Tx,
  workspaceId: string,
  crm: string,
  contactId: string,
): Promise<{ emails: string[]; deals: string[] }> {
  const rows = await tx<{ emails: string[] }[]>`
    delete from contacts where workspace_id = ${workspaceId} and crm = ${crm} and crm_id = ${contactId}
    returning to_jsonb(array(select distinct lower(e)
      from unnest(email || other_emails || coalesce(was_emails, '{}')) e where e is not null)) as emails`;
  const deals = await tx<{ deal_id: string }[]>`
    delete from deal_contacts where workspace_id = ${workspaceId} and crm = ${crm} and contact_id = ${contactId}
    returning deal_id`;
  return { emails: rows[0]?.emails ?? [], deals: deals.map((row) => row.deal_id) };
}
