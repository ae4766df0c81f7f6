/** Who calls, and what they may do. */
import { z } from "zod";
import { crmType } from "./common.ts";
import { connectionStatus } from "./connections.ts";

export const roles = ["admin", "rep", "viewer"] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

export const abilities = [
  "read",
  "manage_mappings",
  "run_sync",
  "undo_writes",
  "manage_connections",
  "manage_settings",
  "manage_members",
  "manage_api_keys",
  "act_on_gaps",
  "ingest",
] as const;
export const ability = z.enum(abilities);
export type Ability = z.infer<typeof ability>;

/** What each role may do; the only table of rights. */
export const abilitiesOf: Record<Role, readonly Ability[]> = {
  admin: abilities,
  rep: ["read", "act_on_gaps"],
  viewer: ["read"],
};

export const session = z.object({
  workspace: z.object({ id: z.uuid(), name: z.string(), time_zone: z.string(), currency: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }),
  role,
  via: z.enum(["api_key", "hubspot", "salesforce"]).describe("How the caller proved who they are"),
  connections: z.array(
    z.object({
      crm: crmType,
      status: connectionStatus,
      account_id: z.string(),
      missing_scopes: z.array(z.string()),
      setup_needed: z.array(z.string()).describe("Steps still to take, in words; empty when all is set up"),
    }),
  ),
  abilities: z.array(ability),
});
export type Session = z.infer<typeof session>;
