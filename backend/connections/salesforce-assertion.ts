/**
 * The assertion that the Salesforce package signs for each call (force-app/…/PandoraAssertion.cls): which org, which user,
 * and exactly which request. Pure; the key, and whether it was used before, are the caller's to know.
 *
 * Form: a compact JWS, HS256, header `{ alg, typ, kid }`, claims as below.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

export const assertionHeader = "x-pandora-assertion";
export const assertionAudience = "pandora-api";
/** The package signs for 60 s; a clock may run behind or ahead by as much. */
export const assertionSecondsMax = 120;
const clockSkewS = 60;

const header = z.object({ alg: z.literal("HS256"), kid: z.string().min(1).max(64) });
const salesforceId = z.string().regex(/^[A-Za-z0-9]{18}$/);
const claims = z.object({
  /** Org id, 18 characters. */
  iss: salesforceId,
  /** User id, 18 characters. */
  sub: salesforceId,
  aud: z.literal(assertionAudience),
  /** Seconds since the epoch. */
  iat: z.number().int(),
  exp: z.number().int(),
  /** Taken once. */
  jti: z.uuid(),
  /** Method, and path with query as sent, from `/api` on. */
  htm: z.string().max(10),
  htu: z.string().max(8_000),
  /** base64url(sha256(body)), of the empty text when there is none. */
  bsh: z.string().length(43),
});

export type AssertionClaims = z.infer<typeof claims>;

export type AssertedRequest = { method: string; target: string; body: string };

export type Refusal = "malformed" | "wrong_key" | "late" | "other_request" | "other_body";

/** Whose key is needed to go on; nothing of this is proven yet. */
export function readAssertion(token: string): { orgId: string; keyId: string } | null {
  const parts = parse(token);
  return parts && { orgId: parts.claims.iss, keyId: parts.header.kid };
}

/**
 * @param key of that org and key id, 32 bytes
 * @returns the claims, proven; whether the `jti` is new is left to the caller
 */
export function verifyAssertion(
  token: string,
  key: Buffer,
  request: AssertedRequest,
  now: Date,
): { ok: true; claims: AssertionClaims } | { ok: false; reason: Refusal } {
  const parts = parse(token);
  if (!parts) return { ok: false, reason: "malformed" };
  const mac = createHmac("sha256", key).update(parts.signed).digest();
  if (parts.mac.length !== mac.length || !timingSafeEqual(parts.mac, mac)) return { ok: false, reason: "wrong_key" };
  const said = parts.claims;
  const nowS = now.getTime() / 1000;
  const lasts = said.exp - said.iat;
  if (said.exp + clockSkewS <= nowS || said.iat - clockSkewS > nowS || lasts <= 0 || lasts > assertionSecondsMax) {
    return { ok: false, reason: "late" };
  }
  if (said.htm !== request.method || said.htu !== request.target) return { ok: false, reason: "other_request" };
  const hash = createHash("sha256").update(request.body, "utf8").digest("base64url");
  if (said.bsh !== hash) return { ok: false, reason: "other_body" };
  return { ok: true, claims: said };
}

/** Until when a used `jti` has to be remembered. */
export function rememberUntil(said: AssertionClaims): Date {
  return new Date((said.exp + clockSkewS) * 1000);
}

function parse(token: string) {
  if (token.length > 16_000) return null;
  const [head = "", payload = "", mac = "", ...rest] = token.split(".");
  if (rest.length > 0) return null;
  const readHeader = header.safeParse(json(head));
  const readClaims = claims.safeParse(json(payload));
  if (!readHeader.success || !readClaims.success) return null;
  return {
    header: readHeader.data,
    claims: readClaims.data,
    signed: `${head}.${payload}`,
    mac: Buffer.from(mac, "base64url"),
  };
}

function json(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
