import { afterEach, beforeEach, expect, test } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { createHubSpotCrm } from "../../backend/crm/hubspot/crm.ts";
import {
  authorizeUrl,
  exchangeCode,
  hubspotScopes,
  missingScopes,
  refreshTokens,
  revoke,
  uninstall,
} from "../../backend/crm/hubspot/oauth.ts";
import { type HubSpotSimulator, startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";

let simulator: HubSpotSimulator;
let clock: SteppedClock;
const redirectUri = "https://pandora.example/oauth/hubspot/callback";
const app = () => ({
  apiUrl: simulator.url,
  appUrl: simulator.url,
  clientId: simulator.clientId,
  clientSecret: simulator.clientSecret,
  redirectUri,
});

beforeEach(async () => {
  clock = steppedClock();
  simulator = await startHubSpotSimulator({ clock });
});
afterEach(() => simulator.stop());

async function consent(): Promise<URL> {
  const answer = await fetch(authorizeUrl(app(), "state & more"), { redirect: "manual" });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get("location")!);
}

test("an install: consent, code, tokens, and the code counts once", async () => {
  const callback = await consent();
  expect(callback.origin + callback.pathname).toBe(redirectUri);
  expect(callback.searchParams.get("state")).toBe("state & more");
  const code = callback.searchParams.get("code")!;
  const given = await exchangeCode(app(), code);
  expect(given).toMatchObject({ portalId: String(simulator.portalId), expiresInS: 1800, scopes: hubspotScopes });
  expect(given.userId).toMatch(/^\d+$/);
  expect(missingScopes(given.scopes)).toEqual([]);
  await expect(exchangeCode(app(), code)).rejects.toMatchObject({ kind: "reconnect" });
});

test("a code taken for another address is refused", async () => {
  const code = (await consent()).searchParams.get("code")!;
  const elsewhere = { ...app(), redirectUri: "https://evil.example/" };
  await expect(exchangeCode(elsewhere, code)).rejects.toMatchObject({ kind: "reconnect" });
});

test("missing scopes are told", () => {
  expect(missingScopes(hubspotScopes.filter((scope) => scope !== "crm.schemas.deals.write"))).toEqual([
    "crm.schemas.deals.write",
  ]);
});

test("an access token ends after half an hour, a refresh gives another", async () => {
  const { accessToken, refreshToken } = await exchangeCode(app(), (await consent()).searchParams.get("code")!);
  let refreshed = 0;
  const crm = createHubSpotCrm({
    apiUrl: simulator.url,
    accessToken: async () => accessToken,
    onTokenRefused: async (refused) => {
      expect(refused).toBe(accessToken);
      refreshed += 1;
      return (await refreshTokens(app(), refreshToken)).accessToken;
    },
    pace: Object.assign(async () => {}, { reserve: async () => {} }),
    clock,
  });
  clock.advance(1_799_000);
  await crm.stages();
  expect(refreshed).toBe(0);
  clock.advance(1000);
  await crm.stages();
  expect(refreshed).toBe(1);
});

test("revoked or uninstalled: reconnect, and no word of the token", async () => {
  const { accessToken, refreshToken } = await exchangeCode(app(), (await consent()).searchParams.get("code")!);
  await revoke(app(), refreshToken);
  await revoke(app(), refreshToken);
  const refused = await refreshTokens(app(), refreshToken).catch((error: unknown) => error as Error);
  expect(refused).toMatchObject({ kind: "reconnect", detail: { crmCode: "BAD_REFRESH_TOKEN" } });
  expect(String((refused as Error).message)).not.toContain(refreshToken);
  await uninstall(app(), accessToken);
  expect(simulator.grantedScopes()).toEqual([]);
  await expect(uninstall(app(), accessToken)).rejects.toMatchObject({ kind: "reconnect" });
});

test("a wrong client secret is our fault, not a reason to ask the customer to reconnect", async () => {
  const { refreshToken } = await exchangeCode(app(), (await consent()).searchParams.get("code")!);
  await expect(refreshTokens({ ...app(), clientSecret: "wrong" }, refreshToken)).rejects.toMatchObject({
    kind: "unexpected",
  });
});

test("a token call that got no answer can be repeated; one that never left is unreachable", async () => {
  const { refreshToken } = await exchangeCode(app(), (await consent()).searchParams.get("code")!);
  simulator.faults.set([{ name: "lost_reply", rate: 1, times: 1, on: "all" }]);
  await expect(refreshTokens(app(), refreshToken)).rejects.toMatchObject({ kind: "retry_later" });
  expect((await refreshTokens(app(), refreshToken)).accessToken).toMatch(/\w/);
  await simulator.stop();
  await expect(refreshTokens(app(), refreshToken)).rejects.toMatchObject({ kind: "unreachable" });
});
