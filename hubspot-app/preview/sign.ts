/** HubSpot's request signature v3, from HubSpot's side. */
import { createHmac } from "node:crypto";

/**
 * @param uri whole address as sent, query included
 * @param body as sent; "" without one
 */
export function signedHeaders(secret: string, request: { method: string; uri: string; body: string; at: number }) {
  const { method, uri, body, at } = request;
  const text = method + asHubSpotSpells(uri) + body + at;
  return {
    "X-HubSpot-Signature-v3": createHmac("sha256", secret).update(text, "utf8").digest("base64"),
    "X-HubSpot-Request-Timestamp": String(at),
  };
}

/** The dozen escapes that HubSpot's documentation lists are decoded before it hashes. */
function asHubSpotSpells(uri: string): string {
  return uri.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (part) => decodeURIComponent(part));
}
