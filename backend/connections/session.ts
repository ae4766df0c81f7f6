/** The session of a caller: their workspace, their rights, and what is connected. */
import type { Session } from "../contract/session.ts";
import { notFound } from "../errors.ts";
import type { House } from "./house.ts";
import type { HandOverFault } from "./salesforce-keys.ts";

/** @param caller as `http/caller.ts` verified it */
export async function sessionOf(
  house: Pick<House, "db">,
  caller: Pick<Session, "role" | "via" | "user"> & {
    workspaceId: string;
    abilities: readonly Session["abilities"][number][];
  },
): Promise<Session> {
  const { workspaceId } = caller;
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [workspace] = await tx<Session["workspace"][]>`
      select workspace_id as id, name, time_zone, currency from workspaces where workspace_id = ${workspaceId}`;
    if (!workspace) throw notFound("workspace");
    const connections = await tx<Omit<Session["connections"][number], "setup_needed">[]>`
      select crm, status, account_id, to_jsonb(missing_scopes) as missing_scopes from crm_connections
      where workspace_id = ${workspaceId} and status <> 'disconnected' order by crm`;
    const mapped = await tx<{ crm_type: string }[]>`
      select distinct crm_type from crm_property_mappings where workspace_id = ${workspaceId} and deleted_at is null`;
    const crms = mapped.map((row) => row.crm_type);
    const [key] = await tx<{ fault: HandOverFault | null; handed_over_at: Date | null }[]>`
      select fault, handed_over_at from salesforce_keys
      where workspace_id = ${workspaceId} order by created_at desc limit 1`;
    return {
      workspace,
      user: caller.user,
      role: caller.role,
      via: caller.via,
      connections: connections.map((one) => ({
        ...one,
        setup_needed: [
          ...stepsLeft(one, crms.includes(one.crm)),
          ...(one.crm === "salesforce" && key?.fault ? [packageSteps[key.fault]] : []),
        ],
      })),
      abilities: [...caller.abilities],
    };
  });
}

/** Until then Salesforce shows nothing of Pandora; syncs work all the same. */
const packageSteps: Record<HandOverFault, string> = {
  package_missing: "Install the Pandora package in Salesforce, so that people see Pandora there.",
  permission_missing: "In Salesforce, give the connecting user the permission set Pandora Admin.",
};

function stepsLeft(connection: Pick<Session["connections"][number], "status" | "missing_scopes">, mapped: boolean) {
  const steps: string[] = [];
  if (connection.status === "needs_reconnect") steps.push("Reconnect the CRM: the connection was withdrawn.");
  if (connection.missing_scopes.length > 0) {
    steps.push(`Reconnect and grant what is missing: ${connection.missing_scopes.join(", ")}.`);
  }
  if (!mapped) steps.push("Map a first field, or apply a template.");
  return steps;
}
