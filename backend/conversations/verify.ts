/** Is it really the vendor who calls? Each vendor's own proof, compared in constant time. Pure but for the clock's time. */
import { createHash, createHmac, timingSafeEqual, verify } from "node:crypto";
import type { SourceKind } from "../contract/sources.ts";
import { publicKeyOf, type Secrets } from "./source-rules.ts";

export type Delivery = {
  header(name: string): string | undefined;
  /** As it came; a parsed and rewritten body has another signature. */
  raw: Buffer;
  /** The address the vendor called. */
  url: string;
};

const zoomMaxAgeMs = 5 * 60_000;
const skewMs = 60_000;

/** @returns null when it holds, else what is wrong, in words for the source's admin */
export function whatIsWrong(kind: SourceKind, secrets: Secrets, delivery: Delivery, now: Date): string | null {
  switch (kind) {
    case "gong":
      return wrongInGong(secrets, delivery, now);
    case "zoom":
      return wrongInZoom(secrets, delivery, now);
    case "fireflies":
      // Signing is the admin's choice there; unsigned pings only make us look up an id with our own key.
      if (!secrets.hook_secret) return null;
      return wrongInHmac("Fireflies", secrets.hook_secret, delivery, delivery.header("x-hub-signature"));
    case "generic":
      return wrongInHmac("The sender", secrets.hook_secret ?? "", delivery, delivery.header("x-pandora-signature"));
    case "hubspot":
    case "salesforce":
      return "This source is asked by us and takes no deliveries.";
    default:
      return kind satisfies never;
  }
}

/** Zoom's handshake: what it sent, with our proof that we know the secret. null: no handshake. */
export function zoomHandshake(secrets: Secrets, body: unknown): { plainToken: string; encryptedToken: string } | null {
  const { event, payload } = (body ?? {}) as { event?: unknown; payload?: { plainToken?: unknown } };
  const plainToken = payload?.plainToken;
  // Without colons it can't be the text that a signature of an event is made of, so nobody gets one signed this way.
  if (event !== "endpoint.url_validation" || typeof plainToken !== "string" || !/^[\w+/=-]{1,200}$/.test(plainToken)) {
    return null;
  }
  return { plainToken, encryptedToken: hmac(secrets.hook_secret ?? "", plainToken) };
}

function wrongInHmac(who: string, secret: string, delivery: Delivery, given: string | undefined): string | null {
  if (given === undefined) return `${who} sent no signature. Enter the webhook secret on both sides.`;
  const right = secret !== "" && sameText(given.trim().toLowerCase(), `sha256=${hmac(secret, delivery.raw)}`);
  return right ? null : `The signature does not fit. ${who} uses another webhook secret than the one entered here.`;
}

function wrongInZoom(secrets: Secrets, delivery: Delivery, now: Date): string | null {
  const at = delivery.header("x-zm-request-timestamp") ?? "";
  const given = delivery.header("x-zm-signature") ?? "";
  const sentAt = Number(at) * 1000;
  if (!/^\d{9,11}$/.test(at) || given === "") return "Zoom sent no signature.";
  const expected = `v0=${hmac(secrets.hook_secret ?? "", Buffer.concat([Buffer.from(`v0:${at}:`), delivery.raw]))}`;
  if (!secrets.hook_secret || !sameText(given, expected)) {
    return "The signature does not fit. Enter the Secret Token of your Zoom app anew.";
  }
  if (Math.abs(now.getTime() - sentAt) > zoomMaxAgeMs) return "Zoom's delivery is older than five minutes.";
  return null;
}

/** Without a key the address itself is the secret: 128 bits nobody guesses. */
function wrongInGong(secrets: Secrets, delivery: Delivery, now: Date): string | null {
  if (!secrets.public_key) return null;
  const key = publicKeyOf(secrets.public_key);
  const token = /^(?:Bearer\s+)?([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(delivery.header("authorization")?.trim() ?? "");
  if (!token)
    return "Gong sent no signed token. Choose “Signed JWT header” in the webhook rule, or remove the public key here.";
  const [, head = "", claims = "", signature = ""] = token;
  // The token may not choose how it is checked: RS256 is what the rule signs with.
  const fits =
    key !== null &&
    jsonIn(head)["alg"] === "RS256" &&
    verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"));
  if (!fits)
    return "Gong's signature does not fit the public key entered here. Copy the key from the webhook rule again.";
  const said = jsonIn(claims);
  if (typeof said["exp"] === "number" && said["exp"] * 1000 + skewMs < now.getTime())
    return "Gong's token has expired.";
  const bodyHash = createHash("sha256").update(delivery.raw).digest("hex");
  if (said["body_sha256"] !== undefined && said["body_sha256"] !== bodyHash)
    return "Gong's token belongs to another body.";
  if (typeof said["webhook_url"] === "string" && said["webhook_url"] !== delivery.url) {
    return "Gong's token belongs to another address. Enter the address shown here in the webhook rule.";
  }
  return null;
}

function hmac(secret: string, content: string | Buffer): string {
  return createHmac("sha256", secret).update(content).digest("hex");
}

/** Hashed first, so that neither content nor length shows in the time it takes. */
function sameText(one: string, two: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(two));
}

function jsonIn(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
