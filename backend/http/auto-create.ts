import type { House } from "../connections/house.ts";
import { autoCreate, autoCreateDryRun, autoCreateDryRunRequest, autoCreateRequest } from "../contract/auto-create.ts";
import { dryRunAutoCreate, getAutoCreate, putAutoCreate } from "../gaps/auto-create.ts";
import { body, needs, newDoors, says } from "./door.ts";
import { limit } from "./limit.ts";

/** `auto-create` */
export function autoCreateDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Gaps", "The rule by which Pandora makes deals by itself; off until an admin switches it on", {
        200: autoCreate,
      }),
      needs("read"),
      async (c) => c.json(await getAutoCreate(house, c.get("caller").workspaceId)),
    )
    .put(
      "/",
      says("Gaps", "Set the rule; what is left out stands at its default", { 200: autoCreate }),
      needs("manage_settings"),
      body(autoCreateRequest),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await putAutoCreate(house, workspaceId, c.req.valid("json"), actor));
      },
    )
    .post(
      "/dry-run",
      says("Gaps", "What the rule would make now, and why not the others; makes nothing", { 200: autoCreateDryRun }),
      needs("manage_settings"),
      limit(house, "api_heavy"),
      body(autoCreateDryRunRequest),
      async (c) => {
        const { workspaceId } = c.get("caller");
        return c.json(await dryRunAutoCreate(house, workspaceId, c.req.valid("json").rule ?? {}));
      },
    );
}
