/**
 * The CRM's lists for a new deal and the state of the key property, kept five minutes per connection for all processes.
 * Asking costs HubSpot six calls (with required fields eight), Salesforce seven and one per record type.
 */
import { raiseAlert, resolveAlert } from "../connections/alerts.ts";
import type { House } from "../connections/house.ts";
import type { DealOptions, KeyState } from "../crm/deal-port.ts";
import type { Crm, CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

const keptMs = 5 * 60_000;
/** Beside what discovery keeps: a disconnect, or a new grant, drops all of it together. */
const place = "deal_form";

export type DealLists = { options: DealOptions; key: KeyState; isFresh: boolean };

/** @param anew ask the CRM, whatever is kept. @throws CrmError */
export async function dealLists(
  house: Pick<House, "db" | "clock">,
  workspaceId: string,
  crm: Crm,
  anew = false,
): Promise<DealLists> {
  const now = house.clock.now();
  const { crm: type } = crm.shape;
  if (!anew) {
    const kept = await house.db.withWorkspace(workspaceId, async (tx) => {
      const [row] = await tx<{ properties: Omit<DealLists, "isFresh"> }[]>`
        select properties from crm_properties where workspace_id = ${workspaceId} and crm = ${type}
          and object_type = ${place} and fetched_at > ${new Date(now.getTime() - keptMs)}`;
      return row?.properties;
    });
    if (kept) return { ...kept, isFresh: false };
  }
  // Outside of any transaction: the CRM may take seconds.
  const [options, key] = [await crm.deals.options(), await crm.deals.ensureKey()];
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      insert into crm_properties (workspace_id, crm, object_type, properties, fetched_at)
      values (${workspaceId}, ${type}, ${place}, ${tx.json({ options, key } as never)}, ${now})
      on conflict (workspace_id, crm, object_type)
      do update set properties = excluded.properties, fetched_at = excluded.fetched_at`;
    await tellKey(tx, workspaceId, now, type, key);
  });
  return { options, key, isFresh: true };
}

/** Without a unique key a deal whose reply was lost can't be found again: an admin should know, once. */
async function tellKey(tx: Tx, workspaceId: string, now: Date, crm: CrmType, key: KeyState): Promise<void> {
  const matter = { kind: "deal_key_missing", subject: crm };
  if (key.unique) await resolveAlert(tx, workspaceId, now, matter);
  else {
    const consequence = "Until then, a deal whose making the CRM does not confirm has to be looked for by hand.";
    await raiseAlert(tx, workspaceId, now, { ...matter, message: `${key.reason ?? ""} ${consequence}`.trim() });
  }
}

/** The CRM no longer has what we thought it had. */
export async function dropDealLists(house: Pick<House, "db">, workspaceId: string, crm: Crm): Promise<void> {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      delete from crm_properties
      where workspace_id = ${workspaceId} and crm = ${crm.shape.crm} and object_type = ${place}`,
  );
}
