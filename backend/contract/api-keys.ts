/** API keys: shown once, stored hashed. */
import { z } from "zod";
import { instant, listOf, mutation, paging } from "./common.ts";
import { role } from "./session.ts";

export const apiKey = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  member_id: z.uuid().nullable(),
  prefix: z.string().describe("The key's first characters, to tell keys apart"),
  created_by: z.string(),
  created_at: instant,
  last_used_at: instant.nullable(),
  revoked_at: instant.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeyList = listOf(apiKey);

export const apiKeysQuery = z.strictObject({ ...paging });

export const apiKeyDraft = z.strictObject({
  ...mutation,
  name: z.string().trim().min(1).max(100),
  role,
  member_id: z.uuid().optional().describe("The key acts for this member; at most with the member's own role"),
});
export type ApiKeyDraft = z.infer<typeof apiKeyDraft>;

export const apiKeyPatch = z.strictObject({ ...mutation, name: z.string().trim().min(1).max(100) });

/** `key` is null when the same request is answered again: it is shown once. */
export const apiKeyCreated = apiKey.extend({ key: z.string().nullable() });
export type ApiKeyCreated = z.infer<typeof apiKeyCreated>;
