import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { steppedClock } from "../../backend/clock.ts";
import {
  allowedLoginHost,
  authorizeUrl,
  exchangeCode,
  type OAuthApp,
  refreshTokens,
  revokeToken,
  userInfo,
} from "../../backend/crm/salesforce/oauth.ts";
import { type SalesforceSimulator, startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";

describe("signing in", () => {
  const clock = steppedClock();
  let sim: SalesforceSimulator;
  let app: OAuthApp;
  const verifier = randomBytes(32).toString("base64url");
  beforeEach(async () => {
    sim = await startSalesforceSimulator({ clock });
    const { clientId, clientSecret, url } = sim;
    app = { clientId, clientSecret, loginUrl: url, redirectUri: "https://pandora.test/oauth/salesforce/callback" };
  });
  afterEach(() => sim.stop());

  /** What the admin's browser brings back. */
  const callback = async (url: string) => {
    const response = await fetch(url, { redirect: "manual" });
    return new URL(response.headers.get("location") ?? "about:blank").searchParams;
  };
  const code = async () => (await callback(authorizeUrl(app, "state-1", verifier))).get("code") ?? "";

  test("the state comes back, the code is traded once, and the org is told by Salesforce itself", async () => {
    const back = await callback(authorizeUrl(app, "state-1", verifier));
    expect(back.get("state")).toBe("state-1");
    const tokens = await exchangeCode(app, back.get("code") ?? "", verifier);
    expect(tokens).toMatchObject({ instanceUrl: sim.url, refreshToken: expect.any(String) });
    expect(await userInfo(tokens.instanceUrl, tokens.accessToken)).toMatchObject({ orgId: sim.orgId });
    await expect(exchangeCode(app, back.get("code") ?? "", verifier)).rejects.toMatchObject({ kind: "reconnect" });
  });

  test("a stolen code is worth nothing without the verifier or the secret", async () => {
    await expect(exchangeCode(app, await code(), "another-verifier")).rejects.toMatchObject({ kind: "reconnect" });
    await expect(exchangeCode({ ...app, clientSecret: "no" }, await code(), verifier)).rejects.toMatchObject({
      kind: "unexpected",
    });
  });

  test("without a code challenge there is no code", async () => {
    const url = new URL(authorizeUrl(app, "s", verifier));
    url.searchParams.delete("code_challenge");
    expect((await callback(url.toString())).get("error")).toBe("invalid_request");
  });

  test("each refresh brings a new pair; the old refresh token used again ends everything", async () => {
    const first = await exchangeCode(app, await code(), verifier);
    const second = await refreshTokens(app, first.refreshToken ?? "");
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await expect(refreshTokens(app, first.refreshToken ?? "")).rejects.toMatchObject({ kind: "reconnect" });
    await expect(refreshTokens(app, second.refreshToken ?? "")).rejects.toMatchObject({ kind: "reconnect" });
    await expect(userInfo(second.instanceUrl, second.accessToken)).rejects.toMatchObject({
      // Said as 403 by the identity service; to us it is an expired session like any other.
      kind: "token_expired",
    });
  });

  test("two refreshes at once: one is told to wait, the other gets its pair", async () => {
    const { refreshToken } = await exchangeCode(app, await code(), verifier);
    const release = sim.oauth.holdRefreshes();
    const both = [1, 2].map(() =>
      refreshTokens(app, refreshToken ?? "").then(
        () => "ok",
        (error: { kind: string }) => error.kind,
      ),
    );
    expect(await Promise.race(both)).toBe("retry_later");
    release();
    expect((await Promise.all(both)).sort()).toEqual(["ok", "retry_later"]);
  });

  test("a revoked connection can't be refreshed, and revoking twice is fine", async () => {
    const tokens = await exchangeCode(app, await code(), verifier);
    await revokeToken(app, tokens.refreshToken ?? "");
    await revokeToken(app, "long gone");
    await expect(refreshTokens(app, tokens.refreshToken ?? "")).rejects.toMatchObject({ kind: "reconnect" });
  });

  test("an access token runs out by the clock", async () => {
    const tokens = await exchangeCode(app, await code(), verifier);
    clock.advance(2 * 3_600_000 + 1);
    await expect(userInfo(tokens.instanceUrl, tokens.accessToken)).rejects.toThrow();
    const fresh = await refreshTokens(app, tokens.refreshToken ?? "");
    expect((await userInfo(fresh.instanceUrl, fresh.accessToken)).orgId).toBe(sim.orgId);
  });

  test("no error quotes a token or the secret", async () => {
    const tokens = await exchangeCode(app, await code(), verifier);
    const secrets = [app.clientSecret, tokens.accessToken, tokens.refreshToken ?? ""];
    await revokeToken(app, tokens.refreshToken ?? "");
    const error = await refreshTokens(app, tokens.refreshToken ?? "").catch((caught: unknown) => caught);
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});

describe("hosts we open and call", () => {
  test.each([
    "login.salesforce.com",
    "test.salesforce.com",
    "acme.my.salesforce.com",
    "acme--uat.sandbox.my.salesforce.com",
    "LOGIN.salesforce.com",
  ])("%s is Salesforce's", (host) => {
    expect(allowedLoginHost(host)).toBe(true);
  });
  test.each([
    "evil.test",
    "login.salesforce.com.evil.test",
    "my.salesforce.com",
    "acme.my.salesforce.com.evil.test",
    "acme.my.salesforce.com:8080",
    "acme.my.salesforce.com@evil.test",
    "evil.test#.my.salesforce.com",
    "evil.test/.my.salesforce.com",
    "a.b.my.salesforce.com",
    "169.254.169.254",
    "",
  ])("%j is not", (host) => {
    expect(allowedLoginHost(host)).toBe(false);
  });
  test("the configured host is allowed, and no other port of it", () => {
    expect(allowedLoginHost("127.0.0.1:4000", "http://127.0.0.1:4000")).toBe(true);
    expect(allowedLoginHost("127.0.0.1:4001", "http://127.0.0.1:4000")).toBe(false);
  });

  test("an instance elsewhere is refused before anything is sent to it", async () => {
    const sim = await startSalesforceSimulator({ clock: steppedClock() });
    const { refreshToken } = sim.oauth.grant();
    // The same server under another name: the login host matches what is configured, the instance it names does not.
    const app = {
      clientId: sim.clientId,
      clientSecret: sim.clientSecret,
      loginUrl: sim.url.replace("127.0.0.1", "localhost"),
      redirectUri: "",
    };
    await expect(refreshTokens(app, refreshToken)).rejects.toMatchObject({ code: "salesforce_host_refused" });
    await sim.stop();
  });
});
