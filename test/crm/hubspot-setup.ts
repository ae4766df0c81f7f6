/** A portal and the adapter on it, as the contract and the adapter's own tests want them. */
import { steppedClock } from "../../backend/clock.ts";
import { createHubSpotCrm } from "../../backend/crm/hubspot/crm.ts";
import { refreshTokens } from "../../backend/crm/hubspot/oauth.ts";
import {
  type HubSpotSimulator,
  type HubSpotSimulatorOptions,
  startHubSpotSimulator,
} from "../../backend/simulator/hubspot/start.ts";
import type { ContractSetup } from "./contract.ts";

export type HubSpotSetup = ContractSetup & { simulator: HubSpotSimulator };

/** @param options.requestTimeoutMs real time: only for tests whose server never answers */
export async function setupHubSpot(
  options: Partial<HubSpotSimulatorOptions> & { requestTimeoutMs?: number; scopes?: string[] } = {},
): Promise<HubSpotSetup> {
  const clock = steppedClock();
  const { requestTimeoutMs, scopes, ...rest } = options;
  const simulator = await startHubSpotSimulator({ clock, seed: 7, searchLagMs: 20_000, ...rest });
  const { url, clientId, clientSecret } = simulator;
  let grant = simulator.grant(scopes);
  let refreshes = 0;
  const crm = createHubSpotCrm({
    apiUrl: url,
    accessToken: async () => grant.accessToken,
    onTokenRefused: async () => {
      refreshes += 1;
      const fresh = await refreshTokens({ apiUrl: url, clientId, clientSecret }, grant.refreshToken);
      grant = { accessToken: fresh.accessToken, refreshToken: fresh.refreshToken };
      return grant.accessToken;
    },
    pace: Object.assign(async () => {}, { reserve: async () => {} }),
    clock,
    requestTimeoutMs,
  });
  let stopped = false;
  return {
    crm,
    clock,
    simulator,
    faults: simulator.faults,
    deal: {
      name: "dealname",
      text: "hs_next_step",
      number: "pandora_rank",
      date: "closedate",
      enum: "dealtype",
      option: "newbusiness",
      readOnly: "hs_lastmodifieddate",
    },
    company: { name: "name", domain: "domain" },
    draft: { name: "pandora_deal_score", label: "Deal score", type: "number", description: "0 to 100, by Pandora" },
    createdName: "pandora_deal_score",
    paceRefusal: "retry_later",
    addRecord: simulator.addRecord,
    associate: (from, to) => simulator.associate(from.objectType, from.id, to.objectType, to.id),
    edit: simulator.edit,
    archive: simulator.archive,
    merge: simulator.merge,
    record: simulator.record,
    accepted: (objectType, id, property) =>
      simulator
        .history({ objectType, id, property })
        .filter((row) => row.by === "api")
        .map((row) => row.value),
    goneId: "99999999999",
    revoke: simulator.revoke,
    refreshes: () => refreshes,
    stop: async () => {
      if (!stopped) await simulator.stop();
      stopped = true;
    },
  };
}
