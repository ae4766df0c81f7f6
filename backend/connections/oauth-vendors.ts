/** What differs between the vendors' OAuth, behind one shape. The rest of this room does not know which CRM it connects. */
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import * as hubspot from "../crm/hubspot/oauth.ts";
import type { CrmType } from "../crm/port.ts";
import * as salesforce from "../crm/salesforce/oauth.ts";
import { AppError } from "../errors.ts";

export type FreshTokens = {
  accessToken: string;
  /** Null: the one in use stays valid. */
  refreshToken: string | null;
  /** Null: the vendor does not tell. */
  expiresAt: Date | null;
};

/** What a finished consent tells, all of it from the vendor and nothing from the browser. */
export type Consent = FreshTokens & {
  /** Portal id or org id. */
  accountId: string;
  instanceUrl: string;
  user: { id: string; email: string | null; name: string | null };
  scopes: string[];
  missingScopes: string[];
};

export type VendorOAuth = {
  authorizeUrl(flow: { state: string; verifier: string; loginHost: string | null }): string;
  /** @throws CrmError reconnect for a code that is old, used or not ours */
  exchange(code: string, flow: { verifier: string; loginHost: string | null }): Promise<Consent>;
  /** @throws CrmError reconnect when the grant is gone */
  refresh(refreshToken: string, instanceUrl: string): Promise<FreshTokens>;
  revoke(tokens: { accessToken: string; refreshToken: string | null; instanceUrl: string }): Promise<void>;
};

/** @throws AppError crm_not_configured (409) when the operator has set no app for this CRM */
export function oauthOf(config: Config, clock: Clock, crm: CrmType): VendorOAuth {
  return crm === "hubspot" ? hubspotOAuth(config, clock) : salesforceOAuth(config);
}

/**
 * Where a Salesforce admin signs in.
 * @param asked host as typed: "acme.my.salesforce.com", with or without https://
 * @throws AppError salesforce_host_refused (422) for a host that is not Salesforce's
 */
export function loginHostOf(config: Config, asked: string): string {
  const host = asked
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "");
  if (salesforce.allowedLoginHost(host, config.salesforce?.loginUrl)) return host;
  throw new AppError("salesforce_host_refused", {
    status: 422,
    public: "That is not a Salesforce address. Use your My Domain, like acme.my.salesforce.com.",
    errors: [
      {
        field: "my_domain",
        code: "not_salesforce",
        message: "must be a Salesforce host",
        allowed: [
          "login.salesforce.com",
          "test.salesforce.com",
          "<name>.my.salesforce.com",
          "<name>.sandbox.my.salesforce.com",
        ],
      },
    ],
  });
}

function hubspotOAuth(config: Config, clock: Clock): VendorOAuth {
  if (!config.hubspot) throw notConfigured("HubSpot", "HUBSPOT_CLIENT_ID");
  const app = { ...config.hubspot, redirectUri: `${config.publicUrl}/oauth/hubspot/callback` };
  const expiresAt = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
  return {
    authorizeUrl: ({ state }) => hubspot.authorizeUrl(app, state),
    async exchange(code) {
      const given = await hubspot.exchangeCode(app, code);
      return {
        accessToken: given.accessToken,
        refreshToken: given.refreshToken,
        expiresAt: expiresAt(given.expiresInS),
        accountId: given.portalId,
        instanceUrl: app.apiUrl,
        user: { id: given.userId, email: null, name: null },
        scopes: given.scopes,
        missingScopes: hubspot.missingScopes(given.scopes),
      };
    },
    async refresh(refreshToken) {
      const given = await hubspot.refreshTokens(app, refreshToken);
      return {
        accessToken: given.accessToken,
        refreshToken: given.refreshToken,
        expiresAt: expiresAt(given.expiresInS),
      };
    },
    revoke: ({ refreshToken, accessToken }) => hubspot.revoke(app, refreshToken ?? accessToken),
  };
}

function salesforceOAuth(config: Config): VendorOAuth {
  if (!config.salesforce) throw notConfigured("Salesforce", "SALESFORCE_CLIENT_ID");
  const configured = config.salesforce;
  const redirectUri = `${config.publicUrl}/oauth/salesforce/callback`;
  const appAt = (loginHost: string | null) => {
    const same = loginHost === null || loginHost === new URL(configured.loginUrl).host;
    return { ...configured, redirectUri, loginUrl: same ? configured.loginUrl : `https://${loginHost}` };
  };
  return {
    authorizeUrl: ({ state, verifier, loginHost }) => salesforce.authorizeUrl(appAt(loginHost), state, verifier),
    async exchange(code, { verifier, loginHost }) {
      const given = await salesforce.exchangeCode(appAt(loginHost), code, verifier);
      // The instance is called from now on: it must be Salesforce's, whatever the answer says.
      loginHostOf(config, new URL(given.instanceUrl).host);
      const user = await salesforce.userInfo(given.instanceUrl, given.accessToken);
      // Salesforce grants the app's scopes as a whole; without a refresh token that one was taken away.
      const missingScopes = given.refreshToken === null ? ["refresh_token"] : [];
      return {
        accessToken: given.accessToken,
        refreshToken: given.refreshToken,
        expiresAt: null,
        accountId: user.orgId,
        instanceUrl: given.instanceUrl,
        user: { id: user.userId, email: user.email, name: user.name },
        scopes: salesforce.salesforceScopes.filter((scope) => !missingScopes.includes(scope)),
        missingScopes,
      };
    },
    async refresh(refreshToken, instanceUrl) {
      const given = await salesforce.refreshTokens({ ...configured, redirectUri, loginUrl: instanceUrl }, refreshToken);
      return { accessToken: given.accessToken, refreshToken: given.refreshToken, expiresAt: null };
    },
    revoke: ({ refreshToken, accessToken, instanceUrl }) =>
      salesforce.revokeToken({ loginUrl: instanceUrl }, refreshToken ?? accessToken),
  };
}

function notConfigured(name: string, variable: string): AppError {
  return new AppError("crm_not_configured", {
    status: 409,
    public: `${name} is not set up on this server: the operator has to set ${variable} and its secret.`,
  });
}
