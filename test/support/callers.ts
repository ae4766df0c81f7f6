/** Requests as the two CRMs send them: HubSpot's proxy and signature, Salesforce's Apex and its assertion. */
import { createHash, createHmac, randomUUID } from "node:crypto";

export type HubSpotUser = { portalId: string; userId: string; userEmail?: string };

/** What the app's fetch becomes on its way: identity appended, address signed with a dozen escapes decoded. */
export function hubSpotRequest(options: {
  publicUrl: string;
  secret: string;
  user: HubSpotUser;
  method?: string;
  path: string;
  body?: object;
  at: Date;
}): { path: string; init: RequestInit } {
  const { publicUrl, secret, user, method = "GET", at } = options;
  const identity = Object.entries({ ...user, appId: "1001" }).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  const path = `${options.path}${options.path.includes("?") ? "&" : "?"}${identity.join("&")}`;
  const body = options.body ? JSON.stringify(options.body) : "";
  const headers = signHubSpot({ secret, method, uri: hubSpotSpelling(publicUrl + path), body, at });
  return {
    path,
    init: { method, headers: { ...headers, "content-type": "application/json" }, ...(body ? { body } : {}) },
  };
}

export function signHubSpot(options: { secret: string; method: string; uri: string; body: string; at: Date }) {
  const timestamp = String(options.at.getTime());
  const text = options.method + options.uri + options.body + timestamp;
  return {
    "x-hubspot-signature-v3": createHmac("sha256", options.secret).update(text, "utf8").digest("base64"),
    "x-hubspot-request-timestamp": timestamp,
  };
}

/** The dozen escapes that HubSpot's documentation lists. */
function hubSpotSpelling(uri: string): string {
  return uri.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (part) => decodeURIComponent(part));
}

export type SignerKey = { keyId: string; signingKey: string };

/** As PandoraAssertion.cls signs. @param change claims to forge */
export function salesforceRequest(options: {
  key: SignerKey;
  orgId: string;
  userId: string;
  method?: string;
  path: string;
  body?: object;
  at: Date;
  change?: Record<string, unknown>;
}): { path: string; init: RequestInit } {
  const { key, orgId, userId, method = "GET", path, at } = options;
  const body = options.body ? JSON.stringify(options.body) : "";
  const now = Math.floor(at.getTime() / 1000);
  const claims = {
    ...{
      iss: orgId,
      sub: userId,
      aud: "pandora-api",
      iat: now,
      exp: now + 60,
      jti: randomUUID(),
      htm: method,
      htu: path,
    },
    bsh: createHash("sha256").update(body).digest("base64url"),
    ...options.change,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: key.keyId })}.${part(claims)}`;
  const mac = createHmac("sha256", Buffer.from(key.signingKey, "base64")).update(signed).digest("base64url");
  const headers = { "x-pandora-assertion": `${signed}.${mac}`, "content-type": "application/json" };
  return { path, init: { method, headers, ...(body ? { body } : {}) } };
}
