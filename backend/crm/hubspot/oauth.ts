/** Installing, refreshing and removing the app. Own fetch: the library still calls the OAuth version that ends in February 2027. */
import { CrmError } from "../errors.ts";
import { classify, classifyTransport } from "./errors.ts";
import { tokens } from "./wire.ts";

const oauthVersion = "2026-03";
const appInstallVersion = "2026-09";
const timeoutMs = 15_000;

/** What Pandora asks for. Reading properties, stages and pipelines comes with the object scopes. Source: the 2026-09 API definitions. */
export const hubspotScopes = [
  "oauth",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
  "crm.objects.companies.read",
  "crm.objects.companies.write",
  "crm.objects.deals.read",
  "crm.objects.deals.write",
  "crm.objects.owners.read",
  "crm.schemas.contacts.write",
  "crm.schemas.companies.write",
  "crm.schemas.deals.write",
];

export type HubSpotApp = {
  clientId: string;
  clientSecret: string;
  /** API base, e.g. "https://api.hubapi.com". */
  apiUrl: string;
  /** Authorize base, e.g. "https://app.hubspot.com". */
  appUrl: string;
  redirectUri: string;
};

export type HubSpotTokens = {
  accessToken: string;
  refreshToken: string;
  /** Life of the access token, seconds. */
  expiresInS: number;
  portalId: string;
  userId: string;
  /** Granted ones. */
  scopes: string[];
};

/** Where the admin's browser goes. */
export function authorizeUrl(app: HubSpotApp, state: string): string {
  const url = new URL("/oauth/authorize", app.appUrl);
  // HubSpot wants %20 between scopes; URLSearchParams would write a plus sign.
  const query = Object.entries({
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: hubspotScopes.join(" "),
    state,
  });
  url.search = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return url.href;
}

/** Scopes we need and were not given. */
export function missingScopes(granted: string[]): string[] {
  return hubspotScopes.filter((scope) => !granted.includes(scope));
}

/** Trades the callback's code; once only. @throws CrmError reconnect for a code that is used, old or not ours */
export function exchangeCode(app: HubSpotApp, code: string): Promise<HubSpotTokens> {
  return requestTokens(app, { grant_type: "authorization_code", code, redirect_uri: app.redirectUri });
}

/** Safe to repeat: HubSpot keeps the refresh token. @throws CrmError reconnect when the app was removed or revoked */
export function refreshTokens(app: Credentials, refreshToken: string): Promise<HubSpotTokens> {
  return requestTokens(app, { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Ends a token. The app stays installed. A token that is dead already is fine. */
export async function revoke(app: Credentials, token: string): Promise<void> {
  await post(app, `/oauth/${oauthVersion}/token/revoke`, { token });
}

/** Removes the app from the portal; all its tokens are dead then. */
export async function uninstall(app: Pick<HubSpotApp, "apiUrl">, accessToken: string): Promise<void> {
  await send(`${app.apiUrl}/appinstalls/${appInstallVersion}/external-install`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${accessToken}` },
  });
}

type Credentials = Pick<HubSpotApp, "clientId" | "clientSecret" | "apiUrl">;

async function requestTokens(app: Credentials, grant: Record<string, string>): Promise<HubSpotTokens> {
  const answer = await post(app, `/oauth/${oauthVersion}/token`, grant);
  const read = tokens.safeParse(answer);
  if (!read.success) throw new CrmError("unexpected", "HubSpot's token answer is not in the documented shape.");
  const { data } = read;
  return {
    accessToken: data.access_token,
    refreshToken: data.refresh_token,
    expiresInS: data.expires_in,
    portalId: data.hub_id,
    userId: data.user_id,
    scopes: data.scopes,
  };
}

function post(app: Credentials, path: string, form: Record<string, string>): Promise<unknown> {
  return send(`${app.apiUrl}${path}`, {
    method: "POST",
    body: new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...form }),
  });
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  let status: number;
  let headers: Headers;
  let text: string;
  try {
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    ({ status, headers } = response);
    text = await response.text();
  } catch (error) {
    throw classifyTransport(error, { write: false });
  }
  const body = parse(text);
  if (status >= 200 && status <= 299) return body;
  if (status === 401 || isDeadGrant(body)) {
    throw new CrmError("reconnect", "HubSpot no longer accepts this connection: connect it again.", {
      httpStatus: status,
      crmCode: statusOf(body),
    });
  }
  throw classify(status, Object.fromEntries(headers), body, { write: false });
}

/** A wrong client secret says invalid_grant too, but that is ours to mend, not the customer's. */
function isDeadGrant(body: unknown): boolean {
  const status = statusOf(body);
  if (status === "BAD_CLIENT_ID" || status === "BAD_CLIENT_SECRET") return false;
  return status === "BAD_REFRESH_TOKEN" || status === "BAD_AUTH_CODE" || fieldOf(body, "error") === "invalid_grant";
}

function statusOf(body: unknown): string | undefined {
  return fieldOf(body, "status");
}

function fieldOf(body: unknown, name: string): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
