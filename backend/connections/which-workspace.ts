/** Whose a portal or an org is. */
import type { CrmType } from "../contract/common.ts";
import type { House } from "./house.ts";

/** @returns the workspace that this account is bound to and connected with; null: none */
export async function workspaceOfAccount(
  house: Pick<House, "db">,
  crm: CrmType,
  accountId: string,
): Promise<string | null> {
  const [found] = await house.db.outside(
    (tx) => tx<{ id: string | null }[]>`select directory_find_account(${crm}, ${accountId}) as id`,
  );
  const id = found?.id ?? null;
  if (!id) return null;
  const rows = await house.db.withWorkspace(
    id,
    (tx) => tx`select 1 from crm_connections where workspace_id = ${id} and crm = ${crm} and status <> 'disconnected'`,
  );
  return rows.length > 0 ? id : null;
}
