/** Job privacy.forget: people asked the CRM to delete them, and the CRM tells us. All in one transaction, safe to repeat. */
import type { House } from "../connections/house.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import type { RecordsChanged } from "../mirror/on-import.ts";
import { forgetContactPerson } from "./forget-person.ts";

export async function onForget(
  house: House,
  { workspace_id: workspaceId, crm, contact_ids: ids }: JobPayload<"privacy.forget">,
  recordsChanged: RecordsChanged,
): Promise<void> {
  const now = house.clock.now();
  await house.db.withWorkspace(workspaceId, async (tx) => {
    // A delivery names one person, rarely two: each is forgotten by itself.
    for (const contactId of ids) {
      const { deals } = await forgetContactPerson(tx, workspaceId, now, { crm, contactId }, `crm:${crm}`);
      // Texts about their deals may name them: they are written anew.
      if (deals.length > 0) await recordsChanged(tx, workspaceId, crm, { deal: deals });
    }
  });
  house.log.info("privacy.forgotten", { workspaceId, crm, people: ids.length });
}
