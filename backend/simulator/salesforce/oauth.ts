/** OAuth as partners must use it: PKCE and secret, rotating refresh tokens, no parallel refresh; tokens run out by the clock. */
import { createHash } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Reply, Router, SimRequest } from "../http.ts";

export type OAuthOptions = {
  clock: Clock;
  orgId: string;
  userId: () => string;
  user: () => { email: string; name: string };
  clientId: string;
  clientSecret: string;
  refreshRotation: boolean;
  /** Access tokens live this long; default two hours. */
  accessTokenMs?: number;
  /** Where the instance answers; known once the server listens. */
  instanceUrl: () => string;
};

export type OAuthState = {
  /** Null when the token is good, else why not. */
  refusal(authorization: string | undefined): "missing" | "expired" | null;
  /** A grant without the browser, for tests: what the callback's code would be traded for. */
  grant(): { accessToken: string; refreshToken: string };
  /** The admin removes the app: everything handed out is dead. */
  revokeAll(): void;
  /** Refreshes that begin now do not finish before the returned function is called. */
  holdRefreshes(): () => void;
  refreshes(): number;
};

type Family = { refreshToken: string; used: Set<string>; revoked: boolean; refreshing: boolean };
type Access = { family: Family; until: number };
type Code = { challenge: string; redirectUri: string; used: boolean; until: number };

export function addOAuthRoutes(router: Router, options: OAuthOptions): OAuthState {
  const codes = new Map<string, Code>();
  const access = new Map<string, Access>();
  const families: Family[] = [];
  let hold: Promise<void> | null = null;
  let count = 0;
  let refreshed = 0;
  const now = () => options.clock.now().getTime();
  const secret = (kind: string) => {
    count += 1;
    return `${kind}-${createHash("sha256").update(`${options.orgId}/${kind}/${count}`).digest("hex").slice(0, 40)}`;
  };

  router.on("GET", "/services/oauth2/authorize", "other", authorize);
  router.on("POST", "/services/oauth2/token", "other", ({ body }) => token(body as Record<string, string>));
  router.on("POST", "/services/oauth2/revoke", "other", ({ body }) =>
    revoke((body as Record<string, string>)?.token ?? ""),
  );
  router.on("GET", "/services/oauth2/userinfo", "other", ({ headers }) => {
    if (refusal(headers.authorization))
      return { status: 403, body: "Bad_OAuth_Token", headers: { "content-type": "text/html" } };
    const user = options.user();
    return {
      status: 200,
      body: {
        sub: `${options.instanceUrl()}/id/${options.orgId}/${options.userId()}`,
        user_id: options.userId(),
        organization_id: options.orgId,
        preferred_username: user.email,
        email: user.email,
        name: user.name,
        zoneinfo: "Europe/Berlin",
      },
    };
  });

  return {
    refusal,
    grant: () => issue(newFamily()),
    revokeAll: () => {
      for (const family of families) family.revoked = true;
    },
    holdRefreshes: () => {
      let release = () => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        hold = null;
        release();
      };
    },
    refreshes: () => refreshed,
  };

  function authorize({ query }: SimRequest): Reply {
    const redirect = query.get("redirect_uri") ?? "";
    if (query.get("client_id") !== options.clientId)
      return oauthError("invalid_client_id", "client identifier invalid");
    if (!URL.canParse(redirect)) return oauthError("redirect_uri_mismatch", "redirect_uri must match configuration");
    const back = new URL(redirect);
    const challenge = query.get("code_challenge") ?? "";
    back.searchParams.set("state", query.get("state") ?? "");
    if (!challenge || query.get("code_challenge_method") !== "S256") {
      back.searchParams.set("error", "invalid_request");
      back.searchParams.set("error_description", "missing required code challenge");
    } else {
      const code = secret("code");
      codes.set(code, { challenge, redirectUri: redirect, used: false, until: now() + 15 * 60_000 });
      back.searchParams.set("code", code);
    }
    return { status: 302, headers: { location: back.toString() } };
  }

  async function token(form: Record<string, string>): Promise<Reply> {
    if (form.client_id !== options.clientId) return oauthError("invalid_client_id", "client identifier invalid");
    if (form.client_secret !== options.clientSecret) return oauthError("invalid_client", "invalid client credentials");
    if (form.grant_type === "authorization_code") return exchange(form);
    if (form.grant_type === "refresh_token") return refresh(form.refresh_token ?? "");
    return oauthError("unsupported_grant_type", "grant type not supported");
  }

  function exchange(form: Record<string, string>): Reply {
    const code = codes.get(form.code ?? "");
    if (!code || code.used || code.until < now()) return oauthError("invalid_grant", "expired authorization code");
    code.used = true;
    if (code.redirectUri !== form.redirect_uri)
      return oauthError("redirect_uri_mismatch", "redirect_uri must match configuration");
    const challenge = createHash("sha256")
      .update(form.code_verifier ?? "")
      .digest("base64url");
    if (challenge !== code.challenge) return oauthError("invalid_grant", "invalid code verifier");
    return answer(issue(newFamily()));
  }

  async function refresh(refreshToken: string): Promise<Reply> {
    const family = families.find((each) => each.refreshToken === refreshToken || each.used.has(refreshToken));
    if (!family || family.revoked) return oauthError("invalid_grant", "expired access/refresh token");
    if (family.used.has(refreshToken)) {
      // Reuse of a rotated token means that someone else has it: all of them end.
      family.revoked = true;
      return oauthError("invalid_grant", "expired access/refresh token");
    }
    if (family.refreshing) return oauthError("invalid_grant", "token request is already being processed");
    family.refreshing = true;
    if (hold) await hold;
    family.refreshing = false;
    refreshed += 1;
    if (!options.refreshRotation) return answer({ accessToken: issue(family).accessToken });
    family.used.add(refreshToken);
    family.refreshToken = secret("refresh");
    return answer(issue(family));
  }

  function revoke(given: string): Reply {
    const family = access.get(given)?.family ?? families.find((each) => each.refreshToken === given);
    if (!family) return oauthError("unsupported_token_type", "this token type is not supported");
    family.revoked = true;
    return { status: 200 };
  }

  function refusal(authorization: string | undefined): "missing" | "expired" | null {
    const given = access.get((authorization ?? "").replace(/^Bearer /, ""));
    if (!given) return "missing";
    return given.family.revoked || given.until <= now() ? "expired" : null;
  }

  function newFamily(): Family {
    const family = { refreshToken: secret("refresh"), used: new Set<string>(), revoked: false, refreshing: false };
    families.push(family);
    return family;
  }

  function issue(family: Family): { accessToken: string; refreshToken: string } {
    const accessToken = secret(`${options.orgId.slice(0, 15)}!access`);
    access.set(accessToken, { family, until: now() + (options.accessTokenMs ?? 2 * 3_600_000) });
    return { accessToken, refreshToken: family.refreshToken };
  }

  function answer(tokens: { accessToken: string; refreshToken?: string }): Reply {
    return {
      status: 200,
      body: {
        access_token: tokens.accessToken,
        ...(tokens.refreshToken ? { refresh_token: tokens.refreshToken } : {}),
        instance_url: options.instanceUrl(),
        id: `${options.instanceUrl()}/id/${options.orgId}/${options.userId()}`,
        token_type: "Bearer",
        scope: "api refresh_token openid",
        issued_at: String(now()),
      },
    };
  }
}

function oauthError(error: string, description: string): Reply {
  return { status: 400, body: { error, error_description: description } };
}
