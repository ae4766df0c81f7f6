/**
 * Salesforce's OAuth web server flow with PKCE, on fetch. Tokens are owned by the caller: a refresh answers both, and with
 * rotation the old refresh token is dead from then on, so both must be stored before use and refreshes never run in parallel.
 * Source: "OAuth 2.0 Web Server Flow", help.salesforce.com; partner controls in facts, section 1.
 */
import { createHash } from "node:crypto";
import type { z } from "zod";
import { AppError } from "../../errors.ts";
import { CrmError } from "../errors.ts";
import { classifyNetwork, classifyResponse } from "./errors.ts";
import { tokenBody, userInfoBody } from "./wire.ts";

/** Scopes we ask for: data, refresh, and who the user is. */
export const salesforceScopes = ["api", "refresh_token", "openid"];

export type OAuthApp = {
  clientId: string;
  clientSecret: string;
  /** "https://login.salesforce.com", a My Domain, or the configured host; checked with `allowedLoginHost`. */
  loginUrl: string;
  redirectUri: string;
};

export type Tokens = {
  accessToken: string;
  /** Null when the answer brought none: the one in use stays valid. */
  refreshToken: string | null;
  instanceUrl: string;
};

const timeoutMs = 20_000;

/** True for hosts an admin may sign in at: Salesforce's own, and the configured one. Nothing else is ever called or opened.
 *  @param host host[:port], no scheme
 *  @param configuredLoginUrl SALESFORCE_LOGIN_URL, for simulators and special domains */
export function allowedLoginHost(host: string, configuredLoginUrl?: string): boolean {
  const wanted = host.toLowerCase();
  if (configuredLoginUrl && URL.canParse(configuredLoginUrl) && new URL(configuredLoginUrl).host === wanted)
    return true;
  if (wanted === "login.salesforce.com" || wanted === "test.salesforce.com") return true;
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.sandbox)?\.my\.salesforce\.com$/.test(wanted);
}

/** Where the admin's browser goes. @param verifier 43–128 characters, kept with the state until the callback */
export function authorizeUrl(app: OAuthApp, state: string, verifier: string): string {
  const url = new URL("/services/oauth2/authorize", app.loginUrl);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: salesforceScopes.join(" "),
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return url.toString();
}

/** Trades the callback's code; once only. @throws CrmError reconnect for a code that is used, old or not ours */
export async function exchangeCode(app: OAuthApp, code: string, verifier: string): Promise<Tokens> {
  return token(app, {
    grant_type: "authorization_code",
    code,
    redirect_uri: app.redirectUri,
    code_verifier: verifier,
  });
}

/** A new pair. @throws CrmError reconnect (invalid_grant), retry_later (another refresh runs), outcome_unknown (reply lost) */
export async function refreshTokens(app: OAuthApp, refreshToken: string): Promise<Tokens> {
  return token(app, { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Ends a token and what hangs on it. A token that is dead already is fine. */
export async function revokeToken(app: Pick<OAuthApp, "loginUrl">, tokenToRevoke: string): Promise<void> {
  const answer = await post(new URL("/services/oauth2/revoke", app.loginUrl), { token: tokenToRevoke });
  if (answer.status >= 400 && !isUnsupportedToken(answer.body))
    throw classifyResponse(answer.status, answer.body, "read");
}

export type UserInfo = { userId: string; orgId: string; email: string | null; name: string | null };

/** Who the token acts as; the only source we trust for the org id. */
export async function userInfo(instanceUrl: string, accessToken: string): Promise<UserInfo> {
  const answer = await call(new URL("/services/oauth2/userinfo", instanceUrl), {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  if (answer.status >= 400) throw classifyResponse(answer.status, answer.body, "read");
  const info = checked(userInfoBody, answer.body);
  return { userId: info.user_id, orgId: info.organization_id, email: info.email ?? null, name: info.name ?? null };
}

async function token(app: OAuthApp, grant: Record<string, string>): Promise<Tokens> {
  const answer = await post(new URL("/services/oauth2/token", app.loginUrl), {
    ...grant,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  if (answer.status >= 400) throw classifyResponse(answer.status, answer.body, "write");
  const body = checked(tokenBody, answer.body);
  // The instance becomes the address of every later call: it must be Salesforce's, or the host the operator configured.
  if (!allowedLoginHost(new URL(body.instance_url).host, app.loginUrl)) {
    throw new AppError("salesforce_host_refused", {
      status: 502,
      public: "Salesforce named an instance outside its own domains. Set SALESFORCE_LOGIN_URL if this host is right.",
    });
  }
  return {
    accessToken: body.access_token,
    refreshToken: body.refresh_token ?? null,
    instanceUrl: new URL(body.instance_url).origin,
  };
}

async function post(url: URL, form: Record<string, string>): Promise<{ status: number; body: unknown }> {
  return call(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(form).toString(),
  });
}

async function call(url: URL, init: RequestInit): Promise<{ status: number; body: unknown }> {
  try {
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch (cause) {
    throw classifyNetwork(cause, init.method === "POST" ? "write" : "read");
  }
}

function checked<T>(shape: z.ZodType<T>, body: unknown): T {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  // The cause is left out on purpose: it could quote a token.
  throw new CrmError("unexpected", "Salesforce's sign-in service answered in a form we do not understand.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isUnsupportedToken(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error" in body && body.error === "unsupported_token_type";
}
