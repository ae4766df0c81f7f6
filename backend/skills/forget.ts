/** Privacy deletion in this room: what was computed for a contact, and texts kept for later, which may name them. */
import type { Tx } from "../db.ts";

export async function forgetValues(tx: Tx, workspaceId: string, crm: string, contactId: string): Promise<void> {
  for (const table of ["record_values", "findings"]) {
    await tx`
      delete from ${tx(table)} where workspace_id = ${workspaceId} and crm = ${crm} and object_type = 'contact'
        and crm_record_id = ${contactId}`;
  }
  // Kept only to spare paying for a text twice, under a hash that tells nothing of whom it speaks.
  await tx`delete from narrations where workspace_id = ${workspaceId}`;
}
