/** One Salesforce adapter on its own simulated org. */
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { createSalesforceCrm, type SalesforceCrm } from "../../backend/crm/salesforce/crm.ts";
import { refreshTokens } from "../../backend/crm/salesforce/oauth.ts";
import {
  type SalesforceSimulator,
  type SalesforceSimulatorOptions,
  startSalesforceSimulator,
} from "../../backend/simulator/salesforce/simulator.ts";

export type Connected = {
  sim: SalesforceSimulator;
  crm: SalesforceCrm;
  clock: SteppedClock;
  refreshes(): number;
  stop(): Promise<void>;
};

/** Signed in, its tokens kept as the connections room keeps them: both replaced at each refresh. */
export async function connectSalesforce(
  options: Partial<SalesforceSimulatorOptions> = {},
  namespace?: string,
): Promise<Connected> {
  const clock = steppedClock();
  const sim = await startSalesforceSimulator({ clock, ...options });
  let tokens: { accessToken: string; refreshToken: string | null } = sim.oauth.grant();
  let refreshes = 0;
  let refreshing: Promise<string> | null = null;
  const refresh = async () => {
    refreshes += 1;
    const app = { clientId: sim.clientId, clientSecret: sim.clientSecret, loginUrl: sim.url, redirectUri: "" };
    tokens = await refreshTokens(app, tokens.refreshToken ?? "");
    return tokens.accessToken;
  };
  const crm = createSalesforceCrm({
    instanceUrl: sim.url,
    clock,
    pace: Object.assign(async () => {}, { reserve: async () => {} }),
    accessToken: async () => tokens.accessToken,
    // One refresh for all calls that were refused together: a refresh token used twice ends the connection.
    onTokenRefused: async (refused) => {
      if (refused !== tokens.accessToken) return tokens.accessToken;
      refreshing ??= refresh().finally(() => {
        refreshing = null;
      });
      return refreshing;
    },
    ...(namespace ? { namespace } : {}),
  });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= sim.stop();
    return stopped;
  };
  return { sim, crm, clock, refreshes: () => refreshes, stop };
}

/** How many calls the simulator got whose "METHOD /path" contains `part`. */
export function calls(sim: SalesforceSimulator, part = ""): number {
  return Object.entries(sim.stats().calls).reduce((sum, [name, count]) => sum + (name.includes(part) ? count : 0), 0);
}
