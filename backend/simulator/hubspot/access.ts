/** Who may call: OAuth grants, tokens that run out by the clock, and the scopes each route needs. */
import type { Clock } from "../../clock.ts";
import type { Reply, Router, SimRequest } from "../http.ts";
import { objectNames } from "./catalogue.ts";
import { replies } from "./replies.ts";

/** What Pandora asks for, all granted unless told otherwise. */
export const standardScopes = [
  "oauth",
  ...["contacts", "companies", "deals"].flatMap((each) => [`crm.objects.${each}.read`, `crm.objects.${each}.write`]),
  "crm.objects.owners.read",
  ...["contacts", "companies", "deals"].map((each) => `crm.schemas.${each}.write`),
];

/** Seconds. */
const accessTokenLife = 1800;

export type Access = {
  /** A grant as if the install were done. */
  grant(scopes?: string[]): { accessToken: string; refreshToken: string };
  /** Optional scopes that the next consent leaves out. */
  dropScopes(scopes: string[]): void;
  grantedScopes(): string[];
  /** The customer removes the app: every token is dead. */
  revoke(): void;
  /** Refuses a call without a living token or the right scope; null = go on. */
  check(request: SimRequest): Reply | null;
};

export type AccessOptions = {
  clock: Clock;
  portalId: number;
  clientId: string;
  clientSecret: string;
  userId: number;
  userEmail: string;
  /** Show a page with Allow and Cancel instead of redirecting at once. */
  consentPage: boolean;
};

type Grant = { scopes: string[] };

/** Adds the OAuth routes and keeps the tokens. */
export function addAccessRoutes(routes: Router, options: AccessOptions): Access {
  const codes = new Map<string, Grant & { redirectUri: string }>();
  const refreshTokens = new Map<string, Grant>();
  const accessTokens = new Map<string, Grant & { expiresAt: number }>();
  let dropped: string[] = [];
  let granted: string[] = [];
  let issued = 0;
  const next = (kind: string) => `${kind}-${options.portalId}-${++issued}`;
  const now = () => options.clock.now().getTime();

  function issueAccess(grant: Grant): string {
    // As long as HubSpot's own, so that a column that is too short fails here and not at a customer's.
    const token = `${next("sim-at")}-${"x".repeat(280)}`;
    accessTokens.set(token, { ...grant, expiresAt: now() + accessTokenLife * 1000 });
    granted = grant.scopes;
    return token;
  }
  function revoke(): void {
    for (const tokens of [codes, refreshTokens, accessTokens]) tokens.clear();
    granted = [];
  }

  routes.on("GET", "/oauth/authorize", "other", ({ query, path }) => {
    const redirectUri = query.get("redirect_uri") ?? "";
    if (query.get("client_id") !== options.clientId) return page("The client_id is unknown.");
    if (!URL.canParse(redirectUri)) return page("The redirect_uri is missing.");
    if (options.consentPage && !query.has("answer")) return consent(path, query);
    const answer = new URL(redirectUri);
    if (query.has("state")) answer.searchParams.set("state", query.get("state")!);
    if (query.get("answer") === "cancel") answer.searchParams.set("error", "access_denied");
    else {
      const optional = words(query.get("optional_scope")).filter((scope) => !dropped.includes(scope));
      const code = next("sim-code");
      codes.set(code, { redirectUri, scopes: [...new Set([...words(query.get("scope")), ...optional])] });
      answer.searchParams.set("code", code);
    }
    return { status: 302, headers: { location: answer.href } };
  });

  routes.on("POST", "/oauth/:version/token", "other", ({ body }) => {
    const form = (body ?? {}) as Record<string, string | undefined>;
    if (form.client_id !== options.clientId || form.client_secret !== options.clientSecret) {
      return replies.badGrant("BAD_CLIENT_ID", "missing or invalid client id or secret");
    }
    if (form.grant_type === "authorization_code") {
      const grant = codes.get(form.code ?? "");
      codes.delete(form.code ?? "");
      if (!grant) return replies.badGrant("BAD_AUTH_CODE", "missing or unknown auth code");
      if (grant.redirectUri !== form.redirect_uri)
        return replies.badGrant("BAD_REDIRECT_URI", "redirect_uri does not match");
      const refreshToken = next("sim-rt");
      refreshTokens.set(refreshToken, { scopes: grant.scopes });
      return tokenReply(refreshToken, grant);
    }
    const grant = refreshTokens.get(form.refresh_token ?? "");
    return grant ? tokenReply(form.refresh_token!, grant) : replies.badRefreshToken();
  });
  routes.on("POST", "/oauth/:version/token/introspect", "other", ({ body }) => {
    const { token = "" } = (body ?? {}) as { token?: string };
    const known = accessTokens.get(token);
    const active = refreshTokens.has(token) || (known !== undefined && known.expiresAt > now());
    if (!active) return { status: 200, body: { active } };
    const scopes = (known ?? refreshTokens.get(token))!.scopes;
    return { status: 200, body: { active, ...account(), user: options.userEmail, scopes } };
  });
  routes.on("POST", "/oauth/:version/token/revoke", "other", ({ body }) => {
    refreshTokens.delete(((body ?? {}) as { token?: string }).token ?? "");
    return { status: 204 };
  });
  routes.on("DELETE", "/appinstalls/:version/external-install", "other", () => {
    revoke();
    return { status: 204 };
  });

  function tokenReply(refreshToken: string, grant: Grant): Reply {
    return {
      status: 200,
      body: {
        token_type: "bearer",
        refresh_token: refreshToken,
        access_token: issueAccess(grant),
        expires_in: accessTokenLife,
        ...account(),
        scopes: grant.scopes,
      },
    };
  }
  function account() {
    return { hub_id: options.portalId, user_id: options.userId };
  }

  return {
    grant(scopes = standardScopes) {
      const refreshToken = next("sim-rt");
      refreshTokens.set(refreshToken, { scopes });
      return { accessToken: issueAccess({ scopes }), refreshToken };
    },
    dropScopes: (scopes) => {
      dropped = scopes;
    },
    grantedScopes: () => [...granted],
    revoke,
    check(request) {
      if (request.path.startsWith("/oauth/")) return null;
      const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const known = accessTokens.get(token);
      if (request.fault?.name === "expired_token") return replies.expiredToken(1, options.clock.now().toISOString());
      if (!known) return replies.noToken();
      if (known.expiresAt <= now()) {
        const minutes = Math.floor((now() - known.expiresAt) / 60_000);
        return replies.expiredToken(minutes, new Date(known.expiresAt).toISOString());
      }
      const missing = scopesFor(request).filter((scope) => !known.scopes.includes(scope));
      return missing.length > 0 ? replies.missingScopes(missing) : null;
    },
  };
}

/** The scopes of a route. Source: the 2026-09 API definitions. */
function scopesFor({ path, method, kind, params }: SimRequest): string[] {
  const schema = (name = "") => {
    const type = objectNames[name];
    return type === "deals" || type === "companies" ? type : "contacts";
  };
  if (path.startsWith("/crm/objects/"))
    return [`crm.objects.${schema(params.objectType)}.${kind === "write" ? "write" : "read"}`];
  if (path.startsWith("/crm/properties/")) {
    return [
      method === "GET"
        ? `crm.objects.${schema(params.objectType)}.read`
        : `crm.schemas.${schema(params.objectType)}.write`,
    ];
  }
  if (path.startsWith("/crm/associations/")) {
    return [params.from, params.to].map((name) => `crm.objects.${schema(name)}.${kind === "write" ? "write" : "read"}`);
  }
  if (path.startsWith("/crm-object-schemas/")) return [`crm.schemas.${schema(params.objectType)}.write`];
  if (path.startsWith("/crm/owners/")) return ["crm.objects.owners.read"];
  if (path.startsWith("/crm/pipelines/")) return ["crm.objects.deals.read"];
  return ["oauth"];
}

function words(list: string | null): string[] {
  return (list ?? "").split(/[\s,]+/).filter(Boolean);
}

function page(text: string): Reply {
  return { status: 400, body: `<!doctype html><title>HubSpot (simulated)</title><p>${text}</p>` };
}

function consent(path: string, query: URLSearchParams): Reply {
  const to = (answer: string) => {
    const with_ = new URLSearchParams(query);
    with_.set("answer", answer);
    return `${path}?${with_}`.replaceAll("&", "&amp;");
  };
  const scopes = [...words(query.get("scope")), ...words(query.get("optional_scope"))];
  const list = scopes.map((scope) => `<li>${scope.replace(/[^\w.-]/g, "")}</li>`).join("");
  return {
    status: 200,
    body: `<!doctype html><html lang="en"><title>Connect Pandora (simulated HubSpot)</title><h1>Connect Pandora to HubSpot</h1><p>Pandora asks for:</p><ul>${list}</ul><p><a href="${to("allow")}">Allow</a> <a href="${to("cancel")}">Cancel</a></p></html>`,
  };
}
