/**
 * HubSpot's request signature v3: proves that HubSpot sent this request, with this address and body, a moment ago. Pure.
 *
 * What is hashed is method + URI + body + timestamp, keyed with the app's secret. HubSpot decodes a dozen escapes of the
 * URI before it hashes; for `%20` and `%2B` its own texts disagree, so each reading they allow is tried.
 * Source: "Validating requests", developers.hubspot.com/docs/guides/apps/authentication/validating-requests, read 2026-11-22.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Older requests are refused, and so are ones from a clock that runs ahead by more. */
export const signatureAgeMsMax = 300_000;

/** What HubSpot appends to each call of the app's own fetch. */
export const identityNames = ["userId", "portalId", "userEmail", "appId"] as const;

export type SignedRequest = {
  method: string;
  /** As the world reaches us: PUBLIC_URL, then path and query exactly as received. */
  uri: string;
  /** As received, byte for byte. */
  body: string;
  timestamp: string | undefined;
  signature: string | undefined;
};

export type SignatureReading = "hubspot" | "raw" | "decoded";

export type SignatureVerdict =
  | { ok: true; reading: SignatureReading; identity: Identity }
  | { ok: false; reason: "unsigned" | "malformed" | "late" | "mismatch" | "ambiguous_identity" };

/** Who sits at the screen, as HubSpot says. Empty for webhooks. */
export type Identity = Partial<Record<(typeof identityNames)[number], string>>;

/** @returns what was proven, or why nothing was; never throws */
export function verifyHubSpotSignature(secret: string, request: SignedRequest, now: Date): SignatureVerdict {
  const { method, uri, body, timestamp, signature } = request;
  if (!timestamp || !signature) return { ok: false, reason: "unsigned" };
  if (!/^\d{1,15}$/.test(timestamp) || signature.length > 100) return { ok: false, reason: "malformed" };
  if (Math.abs(now.getTime() - Number(timestamp)) > signatureAgeMsMax) return { ok: false, reason: "late" };
  const given = Buffer.from(signature, "utf8");
  for (const { reading, text } of readingsOf(uri)) {
    const expected = createHmac("sha256", secret)
      .update(method + text + body + timestamp, "utf8")
      .digest("base64");
    if (!sameBytes(given, Buffer.from(expected, "utf8"))) continue;
    // Both as hashed and as received: a reading that turns one parameter into two would let the caller choose who they are.
    const [hashed, received] = [identityOf(text), identityOf(uri)];
    if (!hashed || !received || identityNames.some((name) => hashed[name] !== received[name])) {
      return { ok: false, reason: "ambiguous_identity" };
    }
    return { ok: true, reading, identity: received };
  }
  return { ok: false, reason: "mismatch" };
}

/** The address without what HubSpot appended: the doors know nothing of it. */
export function withoutIdentity(url: string): string {
  const [path = "", query] = splitOnce(url, "?");
  if (query === undefined) return url;
  const kept = query.split("&").filter((part) => !isIdentity(decoded(splitOnce(part, "=")[0] ?? "")));
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}

function readingsOf(uri: string): { reading: SignatureReading; text: string }[] {
  const dozen = uri.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (part) => decodeURIComponent(part));
  return [
    { reading: "hubspot", text: dozen },
    { reading: "raw", text: uri },
    { reading: "decoded", text: decoded(uri) },
  ];
}

/** @returns null when a parameter that names someone stands there twice */
function identityOf(uri: string): Identity | null {
  const identity: Identity = {};
  for (const part of (splitOnce(uri, "?")[1] ?? "").split("&")) {
    const [name = "", value = ""] = splitOnce(part, "=").map(decoded);
    if (!isIdentity(name)) continue;
    if (identity[name] !== undefined) return null;
    identity[name] = value;
  }
  return identity;
}

function isIdentity(name: string): name is (typeof identityNames)[number] {
  return (identityNames as readonly string[]).includes(name);
}

/** A plus stays a plus: in an address like ada+rep@… HubSpot means it so. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** In constant time for what matters: the length of a digest is no secret. */
function sameBytes(one: Buffer, two: Buffer): boolean {
  return one.length === two.length && timingSafeEqual(one, two);
}
