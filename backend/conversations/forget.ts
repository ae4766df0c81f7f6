/**
 * Privacy deletion in this room: somebody's name, address and phone number leave the conversations they were in, and so
 * do summary and transcript, which may speak of them. The conversation itself stays: that a call took place with a company.
 */
import type { Tx } from "../db.ts";

/** @param emails lower case
 *  @returns ids of the conversations that were changed */
export async function forgetParticipant(
  tx: Tx,
  workspaceId: string,
  now: Date,
  person: { crm: string; contactId: string; emails: string[] },
): Promise<string[]> {
  const emails = tx.json(person.emails);
  const rows = await tx<{ conversation_id: string }[]>`
    update conversation_participants p set name = null, email = null, phone = null, contact_crm = null, contact_id = null,
      lead_crm = null, lead_id = null
    where p.workspace_id = ${workspaceId}
      and ((p.contact_crm = ${person.crm} and p.contact_id = ${person.contactId})
        or p.email in (select jsonb_array_elements_text(${emails})))
    returning conversation_id`;
  const ids = [...new Set(rows.map((row) => row.conversation_id))];
  if (ids.length === 0) return [];
  const of = tx`(select i::uuid from jsonb_array_elements_text(${tx.json(ids)}) i)`;
  // Told anew by its source, a conversation is joined from these: they must not bring the person back.
  await tx`
    update conversation_tellings t set texts = t.texts - 'summary' - 'transcript',
      host_email = case when host_email in (select jsonb_array_elements_text(${emails})) then null else host_email end,
      telling = case when t.telling -> 'participants' is null then t.telling else jsonb_set(
        case when lower(t.telling ->> 'hostEmail') in (select jsonb_array_elements_text(${emails}))
          then t.telling || '{"hostEmail": null}' else t.telling end, '{participants}', (
        select coalesce(jsonb_agg(
          case when lower(one ->> 'email') in (select jsonb_array_elements_text(${emails}))
            then one || '{"name": null, "email": null, "phone": null}' else one end order by n), '[]')
        from jsonb_array_elements(t.telling -> 'participants') with ordinality as each (one, n))) end
    where t.workspace_id = ${workspaceId} and t.conversation_id in ${of}`;
  await tx`
    delete from conversation_transcripts where workspace_id = ${workspaceId} and conversation_id in ${of}`;
  await tx`
    update conversations c set summary = null, signals = null, updated_at = ${now}, dirty = true,
      host_email = case when c.host_email in (select jsonb_array_elements_text(${emails})) then null else c.host_email end
    where c.workspace_id = ${workspaceId} and c.id in ${of}`;
  return ids;
}
