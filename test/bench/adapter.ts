/** An adapter on a simulator, without the connections room: its token never runs out. */
import { systemClock } from "../../backend/clock.ts";
import type { Lane } from "../../backend/connections/house.ts";
import { createPace } from "../../backend/crm/pace.ts";
import type { Crm, CrmType } from "../../backend/crm/port.ts";
import type { Db } from "../../backend/db.ts";

export async function openAdapter(
  simulator: { url: string; token: string },
  crm: CrmType,
  place: { db: Db; workspaceId: string; lane: Lane },
): Promise<Crm> {
  const shared = {
    clock: systemClock,
    pace: createPace({ ...place, clock: systemClock, crm }),
    accessToken: async () => simulator.token,
    onTokenRefused: async () => simulator.token,
  };
  // One SDK only: the other one's memory is not this sync's.
  if (crm === "hubspot") {
    const { createHubSpotCrm } = await import("../../backend/crm/hubspot/crm.ts");
    return createHubSpotCrm({ ...shared, apiUrl: simulator.url });
  }
  const { createSalesforceCrm } = await import("../../backend/crm/salesforce/crm.ts");
  return createSalesforceCrm({ ...shared, instanceUrl: simulator.url });
}
