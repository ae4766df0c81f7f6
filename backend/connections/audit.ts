/** Who changed what an admin can change. The write log is apart (writes/). */
import { randomUUID } from "node:crypto";
import type { Tx } from "../db.ts";

export type AuditEvent = {
  /** Who: `api_key:<id>`, `member:<id>`, `system`. */
  actor: string;
  /** What was done: `mapping.created`, `api_key.revoked`. */
  action: string;
  /** To what: its id. */
  subject: string;
  /** What it was and became; never a secret, never a record's value. */
  detail?: Record<string, unknown>;
};

/** Stored in the transaction of the change itself, so that there is no change without its trace. */
export async function recordAudit(tx: Tx, workspaceId: string, at: Date, event: AuditEvent): Promise<void> {
  await tx`
    insert into audit_events (workspace_id, id, at, actor, action, subject, detail)
    values (${workspaceId}, ${randomUUID()}, ${at}, ${event.actor}, ${event.action}, ${event.subject},
      ${tx.json((event.detail ?? {}) as never)})`;
}
