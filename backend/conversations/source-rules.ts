/** What a source needs and may hold; how its secrets are opened. */
import { createPublicKey } from "node:crypto";
import { type KeyRing, seal, unseal } from "../connections/vault.ts";
import { type SecretName, type Source, type SourceKind, secretsOf } from "../contract/sources.ts";
import { AppError, type FieldError } from "../errors.ts";
import { gongBaseUrl } from "./gong-client.ts";
import type { SourceHouse } from "./vendor-http.ts";

export type Secrets = Partial<Record<SecretName, string>>;

export type SourceRow = Omit<
  Source,
  "hook_url" | "secrets_set" | "settings" | "notes" | "recent_refusals" | DateMember
> & {
  hook_id: string | null;
  secrets_sealed: string | null;
  /** `off`: what the vendor refused us, by feature, in words. */
  settings: Source["settings"] & { off?: Record<string, string> };
  cursor: string | null;
  since: Date | null;
  failures: number;
} & { [K in DateMember]: Date | (null extends Source[K] ? null : never) };
type DateMember = "last_seen_at" | "last_pulled_at" | "last_error_at" | "retry_at" | "created_at" | "updated_at";

export const vendorName: Record<SourceKind, string> = {
  generic: "Own system",
  gong: "Gong",
  fireflies: "Fireflies",
  zoom: "Zoom",
  hubspot: "HubSpot",
  salesforce: "Salesforce",
};

/** Who calls us. */
export const isHooked = (kind: SourceKind): boolean => kind !== "hubspot" && kind !== "salesforce";

/** Whom we ask, given what we have; a Gong or Fireflies without a key only calls us. */
export function isPulled(kind: SourceKind, secrets: Secrets): boolean {
  if (kind === "gong") return Boolean(secrets.access_key && secrets.access_key_secret);
  if (kind === "fireflies") return Boolean(secrets.api_key);
  return kind === "hubspot" || kind === "salesforce";
}

/**
 * Checks what an admin entered.
 * @throws AppError invalid_source (422) with every fault
 */
export function checkSource(
  house: SourceHouse,
  kind: SourceKind,
  secrets: Secrets,
  settings: Source["settings"],
): void {
  const known = secretsOf[kind];
  const errors: FieldError[] = Object.keys(secrets)
    .filter((name) => !(name in known))
    .map((name) => fault(`secrets.${name}`, "not_known", `${vendorName[kind]} has no such secret`, Object.keys(known)));
  if (settings.base_url !== undefined && kind !== "gong") {
    errors.push(fault("settings.base_url", "not_known", "only Gong has an address of its own"));
  }
  if (kind === "gong" && gongBaseUrl(house, settings.base_url) === null) {
    errors.push(
      fault("settings.base_url", "not_allowed", "must be Gong's own address, like https://us-12345.api.gong.io"),
    );
  }
  if (kind === "gong" && secrets.public_key !== undefined && publicKeyOf(secrets.public_key) === null) {
    errors.push(
      fault("secrets.public_key", "malformed", "must be the public key as Gong shows it in the webhook rule"),
    );
  }
  for (const [one, other] of pairs) {
    if (kind !== other.kind || Boolean(secrets[one]) === Boolean(secrets[other.name])) continue;
    const missing = secrets[one] ? other.name : one;
    errors.push(
      fault(`secrets.${missing}`, "required", `is missing: ${known[missing]} goes together with the other one`),
    );
  }
  if (kind === "fireflies" && !secrets.api_key) {
    errors.push(
      fault("secrets.api_key", "required", "is missing: Fireflies only tells us that there is a meeting, we fetch it"),
    );
  }
  if (kind === "zoom" && !secrets.hook_secret) {
    errors.push(fault("secrets.hook_secret", "required", "is missing: the Secret Token of your Zoom app"));
  }
  if (errors.length > 0) {
    throw new AppError("invalid_source", { status: 422, public: "The source can't be saved like this.", errors });
  }
}

/** PEM, or the bare base64 inside it. @returns null when it is no RSA key */
export function publicKeyOf(text: string) {
  const bare = text.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, "");
  try {
    const key = createPublicKey({ key: Buffer.from(bare, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyType === "rsa" ? key : null;
  } catch {
    return null;
  }
}

export function sealSecrets(keys: KeyRing, workspaceId: string, secrets: Secrets): string | null {
  return Object.keys(secrets).length === 0 ? null : seal(keys, secretsPlace(workspaceId), JSON.stringify(secrets));
}

export function openSecrets(keys: KeyRing, workspaceId: string, sealed: string | null): Secrets {
  return sealed === null ? {} : (JSON.parse(unseal(keys, secretsPlace(workspaceId), sealed)) as Secrets);
}

export const deliveryPlace = (workspaceId: string) => ({ workspaceId, crm: "source", column: "delivery" });

const secretsPlace = (workspaceId: string) => ({ workspaceId, crm: "source", column: "secrets" });

/** What is of use only together. */
const pairs: [SecretName, { kind: SourceKind; name: SecretName }][] = [
  ["access_key", { kind: "gong", name: "access_key_secret" }],
  ["client_id", { kind: "zoom", name: "client_secret" }],
  ["account_id", { kind: "zoom", name: "client_id" }],
];

function fault(field: string, code: string, message: string, allowed?: string[]): FieldError {
  return { field, code, message, ...(allowed ? { allowed } : {}) };
}
