/** A port of PandoraAssertion.cls: the same header and claims, signed with the key the org was handed. */
import { createHash, createHmac, randomUUID } from "node:crypto";

export type SigningKey = { keyId: string; key: string };

/** @param target path and query as sent; @param body null: none */
export function signAssertion(
  { keyId, key }: SigningKey,
  who: { orgId: string; userId: string },
  request: { method: string; target: string; body: string | null },
): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: who.orgId, sub: who.userId, aud: "pandora-api", iat: now, exp: now + 60, jti: randomUUID() },
    ...{ htm: request.method, htu: request.target },
    bsh: createHash("sha256")
      .update(request.body ?? "", "utf8")
      .digest("base64url"),
  };
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: keyId })}.${part(claims)}`;
  const mac = createHmac("sha256", Buffer.from(key, "base64")).update(signed).digest("base64url");
  return `${signed}.${mac}`;
}
