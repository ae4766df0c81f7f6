/**
 * Whose records a caller may see: what a person may not see in the CRM, we don't show. Admins see everything; anybody
 * else what the setting `reps_see` grants: their own records, their team's, or all. Holds for gaps, searches, cards, writes.
 */
import type { Role } from "../contract/session.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

export type Sight = {
  /** True: no limit, and the lists are empty. */
  all: boolean;
  owners: { crm: CrmType; id: string }[];
  /** Addresses of those owners, lower case. */
  emails: string[];
};

const everything: Sight = { all: true, owners: [], emails: [] };

/**
 * Which owners the caller is, by e-mail, and who shares a CRM team with them. Somebody without an owner of their own
 * sees nothing unless everybody sees all.
 */
export async function sightOf(
  tx: Tx,
  workspaceId: string,
  caller: { role: Role; user: { email: string | null } },
): Promise<Sight> {
  if (caller.role === "admin") return everything;
  const email = caller.user.email?.toLowerCase() ?? null;
  const rows = await tx<
    { sees: "own" | "team" | "all"; crm: CrmType | null; id: string | null; email: string | null }[]
  >`
    with setting as (
      select coalesce(settings ->> 'reps_see', 'team') as sees from workspaces where workspace_id = ${workspaceId}
    ), own as materialized (
      select * from crm_owners where workspace_id = ${workspaceId} and lower(email) = ${email}
    )
    select s.sees, o.crm, o.owner_id as id, lower(o.email) as email
    from setting s left join crm_owners o on o.workspace_id = ${workspaceId} and s.sees <> 'all' and exists (
      select 1 from own where own.crm = o.crm
        and (own.owner_id = o.owner_id or (s.sees = 'team' and own.team_ids && o.team_ids)))`;
  if (rows[0]?.sees === "all") return everything;
  const owners = rows.flatMap((row) => (row.crm && row.id ? [{ crm: row.crm, id: row.id }] : []));
  return { all: false, owners, emails: [...new Set(rows.flatMap((row) => row.email ?? []))] };
}
