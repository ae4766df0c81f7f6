/** Conversation sources: where calls and meetings come from. */
import { z } from "zod";
import { instant, listOf, mutation, paging } from "./common.ts";

export const sourceKinds = ["generic", "gong", "fireflies", "zoom", "hubspot", "salesforce"] as const;
export const sourceKind = z
  .enum(sourceKinds)
  .describe("`generic`: your own system, or any tool that can call an address");
export type SourceKind = z.infer<typeof sourceKind>;

/** What may be kept for a source; never shown again. */
export const secretNames = [
  "hook_secret",
  "public_key",
  "access_key",
  "access_key_secret",
  "api_key",
  "account_id",
  "client_id",
  "client_secret",
] as const;
export type SecretName = (typeof secretNames)[number];

/** Which of them each kind knows, and what it is called where the admin finds it. */
export const secretsOf: Record<SourceKind, Partial<Record<SecretName, string>>> = {
  generic: { hook_secret: "Signing secret" },
  gong: {
    access_key: "Access key",
    access_key_secret: "Access key secret",
    public_key: "Public key of the webhook rule",
  },
  fireflies: { api_key: "API key", hook_secret: "Webhook secret" },
  zoom: {
    hook_secret: "Secret token",
    account_id: "Account id",
    client_id: "Client id",
    client_secret: "Client secret",
  },
  hubspot: {},
  salesforce: {},
};

const secretText = z
  .string()
  .trim()
  .min(1)
  .max(5000)
  .regex(/^[\x20-\x7e\r\n]*$/, "must be plain letters, digits and signs, as the vendor shows it");

const secretsGiven = z
  .partialRecord(z.enum(secretNames), secretText.nullable())
  .describe("By name; null removes one. Kept sealed, never shown again");

export const sourceSettings = z.strictObject({
  base_url: z
    .string()
    .max(300)
    .optional()
    .describe("Gong: the address of your API, like us-12345.api.gong.io, with https"),
});

export const sourceDraft = z.strictObject({
  ...mutation,
  kind: sourceKind,
  name: z.string().trim().min(1).max(100).optional().describe("How people call it; the vendor's name when left out"),
  secrets: secretsGiven.optional(),
  settings: sourceSettings.optional(),
});
export type SourceDraft = z.infer<typeof sourceDraft>;

export const sourcePatch = z.strictObject({
  ...mutation,
  name: z.string().trim().min(1).max(100).optional(),
  status: z
    .enum(["connected", "paused"])
    .optional()
    .describe("paused: nothing is taken in until it is connected again"),
  secrets: secretsGiven.optional(),
  settings: sourceSettings.optional(),
});
export type SourcePatch = z.infer<typeof sourcePatch>;

export const source = z.object({
  id: z.uuid(),
  kind: sourceKind,
  name: z.string(),
  status: z.enum(["connected", "paused", "failing"]),
  hook_url: z.string().nullable().describe("The address to enter at the vendor; null where nobody calls us"),
  secrets_set: z.array(z.enum(secretNames)).describe("Which secrets are there; never the secrets"),
  settings: sourceSettings,
  notes: z.array(z.string()).describe("What is left out and why, in words: a permission the key lacks"),
  last_seen_at: instant.nullable().describe("When something last came in"),
  last_pulled_at: instant.nullable(),
  last_error: z.string().nullable(),
  last_error_at: instant.nullable(),
  retry_at: instant.nullable().describe("After failures: not asked again before"),
  received: z.int(),
  refused: z.int(),
  recent_refusals: z.array(z.object({ external_id: z.string(), reason: z.string(), refused_at: instant })),
  created_by: z.string(),
  created_at: instant,
  updated_at: instant,
});
export type Source = z.infer<typeof source>;
export const sourceList = listOf(source);
export const sourcesQuery = z.strictObject({ ...paging });

/** `hook_secret` when we made one: shown this once, null when the same request is answered again. */
export const sourceCreated = source.extend({ hook_secret: z.string().nullable() });
export type SourceCreated = z.infer<typeof sourceCreated>;

export const sourceTest = z.object({
  ok: z.boolean(),
  message: z.string().describe("What was found, or what is wrong and what to do"),
});
export type SourceTest = z.infer<typeof sourceTest>;
