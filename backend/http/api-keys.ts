import { z } from "zod";
import { createApiKey, listApiKeys, renameApiKey, revokeApiKey } from "../connections/api-keys.ts";
import type { House } from "../connections/house.ts";
import { apiKey, apiKeyCreated, apiKeyDraft, apiKeyList, apiKeyPatch, apiKeysQuery } from "../contract/api-keys.ts";
import { deleted, deleteQuery } from "../contract/common.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";

const oneKey = z.object({ keyId: z.uuid() });

/** `api-keys` */
export function apiKeyDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("API keys", "Keys, revoked ones included; never the key itself", { 200: apiKeyList }),
      needs("manage_api_keys"),
      query(apiKeysQuery),
      async (c) => c.json(await listApiKeys(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .post(
      "/",
      says("API keys", "Make a key; it is shown this once", { 201: apiKeyCreated }),
      needs("manage_api_keys"),
      body(apiKeyDraft),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const created = await createApiKey(house, workspaceId, c.req.valid("json"), actor);
        c.set("replay", { ...created, key: null });
        return c.json(created, 201);
      },
    )
    .patch(
      "/:keyId",
      says("API keys", "Rename a key", { 200: apiKey }),
      needs("manage_api_keys"),
      path(oneKey, "API key"),
      body(apiKeyPatch),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { keyId } = c.req.valid("param");
        return c.json(await renameApiKey(house, workspaceId, keyId, c.req.valid("json").name, actor));
      },
    )
    .delete(
      "/:keyId",
      says("API keys", "Revoke a key, at once", { 200: deleted }),
      needs("manage_api_keys"),
      path(oneKey, "API key"),
      query(deleteQuery),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        await revokeApiKey(house, workspaceId, c.req.valid("param").keyId, actor);
        return c.json({ deleted: true as const });
      },
    );
}
