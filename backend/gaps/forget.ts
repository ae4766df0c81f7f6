/** Privacy deletion in this room: the words a gap is found by, and what was typed when its deal was made. */
import type { Tx } from "../db.ts";

/** @param conversationIds whose participants were changed a moment ago */
export async function forgetInGaps(
  tx: Tx,
  workspaceId: string,
  conversationIds: string[],
  emails: string[],
): Promise<void> {
  await tx`
    select refresh_gap_words(array(select i::uuid from jsonb_array_elements_text(${tx.json(conversationIds)}) i))`;
  // A conversation without a company stands under its address or domain.
  await tx`
    update conversations set company_key = null
    where workspace_id = ${workspaceId} and company_key in (select jsonb_array_elements_text(${tx.json(emails)}))`;
  await tx`
    delete from leads where workspace_id = ${workspaceId} and email in (select jsonb_array_elements_text(${tx.json(emails)}))`;
  // Done ones only: one under way still needs to know whom it makes.
  await tx`
    update deal_creations set request = jsonb_set(request, '{create}', '[]') - 'roles'
    where workspace_id = ${workspaceId} and state in ('done', 'failed', 'undone') and exists (
      select 1 from jsonb_array_elements(request -> 'create') one
      where lower(one ->> 'email') in (select jsonb_array_elements_text(${tx.json(emails)})))`;
}
