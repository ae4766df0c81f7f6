/**
 * Job privacy.forget: people asked the CRM to delete them, and the CRM tells us. Each room forgets its part; the skeleton of
 * the log and of the conversations stays. All in one transaction, safe to repeat.
 */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import { forgetParticipant } from "../conversations/forget.ts";
import { forgetInGaps } from "../gaps/forget.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { forgetContact } from "../mirror/forget.ts";
import type { RecordsChanged } from "../mirror/on-import.ts";
import { forgetValues } from "../skills/forget.ts";
import { forgetWritten } from "../writes/forget.ts";

export async function onForget(
  house: House,
  { workspace_id: workspaceId, crm, contact_ids: ids }: JobPayload<"privacy.forget">,
  recordsChanged: RecordsChanged,
): Promise<void> {
  const now = house.clock.now();
  await house.db.withWorkspace(workspaceId, async (tx) => {
    // A delivery names one person, rarely two: each is forgotten by itself.
    for (const contactId of ids) {
      const { emails, deals } = await forgetContact(tx, workspaceId, crm, contactId);
      const conversations = await forgetParticipant(tx, workspaceId, now, { crm, contactId, emails });
      await forgetInGaps(tx, workspaceId, conversations, emails);
      await forgetValues(tx, workspaceId, crm, contactId);
      await forgetWritten(tx, workspaceId, crm, contactId);
      // Texts about their deals may name them: they are written anew.
      if (deals.length > 0) await recordsChanged(tx, workspaceId, crm, { deal: deals });
      const detail = { conversations: conversations.length, deals: deals.length };
      await recordAudit(tx, workspaceId, now, {
        actor: `crm:${crm}`,
        action: "person.forgotten",
        subject: contactId,
        detail,
      });
    }
  });
  house.log.info("privacy.forgotten", { workspaceId, crm, people: ids.length });
}
