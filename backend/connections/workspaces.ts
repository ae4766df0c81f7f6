/** Workspaces: making, listing and deleting them. Each stands in its own rows and in the directory. */
import { randomUUID } from "node:crypto";
import type { Role } from "../contract/session.ts";
import type { Db, Tx } from "../db.ts";
import { notFound } from "../errors.ts";

export type WorkspaceRow = { workspace_id: string; name: string; created_at: Date };

/** Makes a workspace with its first admin. @returns its id */
export async function createWorkspace(db: Db, name: string, admin: { email: string; name?: string }): Promise<string> {
  const id = randomUUID();
  await db.withWorkspace(id, async (tx) => {
    await insertWorkspace(tx, id, name);
    await putMembers(tx, id, "install", [{ email: admin.email, name: admin.name ?? "", role: "admin" }]);
  });
  return id;
}

/** Inside `withWorkspace(id)`; a workspace that is there already stays as it is. */
export async function insertWorkspace(tx: Tx, id: string, name: string): Promise<void> {
  await tx`insert into workspaces (workspace_id, name) values (${id}, ${name}) on conflict do nothing`;
  await tx`select directory_add_workspace(${id}, ${name})`;
}

export type NewMember = {
  email: string;
  name: string;
  role: Role;
  hubspotUserId?: string | null;
  salesforceUserId?: string | null;
};

/**
 * Puts people in as the CRM or an install knows them. A role that an admin chose stays; an install makes an admin of
 * whom the CRM had made a rep, and the CRM's list never lowers anyone.
 */
export async function putMembers(
  tx: Tx,
  workspaceId: string,
  source: "install" | "crm",
  people: NewMember[],
): Promise<void> {
  // One row per address: the statement can't touch a row twice.
  const rows = [...new Map(people.map((person) => [person.email.toLowerCase(), person])).values()];
  if (rows.length === 0) return;
  await tx`
    insert into members as m (workspace_id, email, name, role, role_source, hubspot_user_id, salesforce_user_id)
    select ${workspaceId}, lower(r.email), r.name, r.role, ${source}, r."hubspotUserId", r."salesforceUserId"
    from jsonb_to_recordset(${tx.json(rows as never)})
      as r(email text, name text, role text, "hubspotUserId" text, "salesforceUserId" text)
    on conflict (workspace_id, lower(email)) do update set
      name = case when m.name = '' then excluded.name else m.name end,
      hubspot_user_id = coalesce(excluded.hubspot_user_id, m.hubspot_user_id),
      salesforce_user_id = coalesce(excluded.salesforce_user_id, m.salesforce_user_id),
      role = case when m.role_source = 'crm' or (m.role_source = 'install' and excluded.role = 'admin')
        then excluded.role else m.role end,
      role_source = case when m.role_source = 'crm' then excluded.role_source else m.role_source end`;
}

export async function listWorkspaces(db: Db): Promise<WorkspaceRow[]> {
  return db.outside((tx) => tx<WorkspaceRow[]>`select * from directory_list_workspaces()`);
}

/** Deletes a workspace with everything in it. @throws AppError not_found */
export async function deleteWorkspace(db: Db, id: string): Promise<void> {
  await db.withWorkspace(id, async (tx) => {
    const [gone] = await tx`delete from workspaces where workspace_id = ${id} returning workspace_id`;
    if (!gone) throw notFound("workspace");
    await tx`delete from rate_budgets where workspace_id = ${id}`;
    await tx`delete from crm_write_log where workspace_id = ${id}`;
    await tx`select directory_remove_workspace(${id})`;
  });
}
