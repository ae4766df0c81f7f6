/** Privacy deletion in this room: the log keeps that something was written, by which rule and when, and no longer what. */
import type { Tx } from "../db.ts";

export async function forgetWritten(tx: Tx, workspaceId: string, crm: string, contactId: string): Promise<void> {
  await tx`
    update crm_write_log set raw_value = null, value = null, value_written = null, previous_value = null,
      previous_known = false, expected_value = null, entry = null
    where workspace_id = ${workspaceId} and crm_record_id = ${contactId} and crm_type = ${crm}
      and crm_object_type = 'contact'`;
  await tx`
    delete from run_changes where workspace_id = ${workspaceId} and crm_type = ${crm} and crm_object_type = 'contact'
      and crm_record_id = ${contactId}`;
  await tx`
    delete from crm_write_state where workspace_id = ${workspaceId} and crm = ${crm} and object_type = 'contact'
      and crm_record_id = ${contactId}`;
}
