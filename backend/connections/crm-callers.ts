/** Which member a person at the CRM's screen is. What is handed in was proven by the CRM's own signature. */
import type { CrmType } from "../contract/common.ts";
import type { Role } from "../contract/session.ts";
import type { Tx } from "../db.ts";
import { putMembers } from "./workspaces.ts";

export type CrmPerson = { crm: CrmType; userId: string; email: string | null };

export type CrmMember = { id: string; name: string; email: string | null; role: Role };

/**
 * By the CRM's user id, else by e-mail where that member has no id of this CRM yet; somebody new becomes a rep when they
 * own records in the CRM, a viewer otherwise. An admin changes that at any time.
 * @returns null: the CRM's list says that this user is deactivated, or nothing tells who they are
 */
export async function memberOfCrmUser(tx: Tx, workspaceId: string, person: CrmPerson): Promise<CrmMember | null> {
  const known = await findMember(tx, workspaceId, person);
  if (known) return known.active ? toMember(known) : null;
  const owner = await ownerOf(tx, workspaceId, person);
  if (owner && !owner.active) return null;
  const email = person.email ?? owner?.email ?? null;
  // Somebody without an address can't be told from anybody else later; the mirror brings the address with the next round.
  if (email === null) return null;
  if (person.crm === "salesforce" && (await isSomeoneElses(tx, workspaceId, email))) return null;
  await putMembers(tx, workspaceId, "crm", [
    {
      ...{ email, name: owner?.name ?? "", role: owner ? "rep" : "viewer" },
      ...(person.crm === "hubspot" ? { hubspotUserId: person.userId } : { salesforceUserId: person.userId }),
    },
  ]);
  const made = await findMember(tx, workspaceId, person);
  return made?.active ? toMember(made) : null;
}

type MemberRow = CrmMember & { active: boolean; crm_user_id: string | null };

async function findMember(tx: Tx, workspaceId: string, person: CrmPerson): Promise<MemberRow | null> {
  const { crm, userId } = person;
  const column = crm === "hubspot" ? tx`m.hubspot_user_id` : tx`m.salesforce_user_id`;
  const email = person.email?.toLowerCase() ?? null;
  // Active unless the CRM's own list says otherwise of all the owners behind this user.
  const [row] = await tx<MemberRow[]>`
    select m.id, m.name, m.email, m.role, ${column} as crm_user_id,
      coalesce((select bool_or(o.active) from crm_owners o where o.workspace_id = m.workspace_id and o.crm = ${crm}
        and coalesce(o.user_id, o.owner_id) = ${userId}), true) as active
    from members m
    where m.workspace_id = ${workspaceId}
      and (${column} = ${userId} or (${column} is null and lower(m.email) = ${email}))
    order by ${column} nulls last limit 1`;
  if (row && row.crm_user_id === null && row.active) {
    const set = crm === "hubspot" ? tx`hubspot_user_id = ${userId}` : tx`salesforce_user_id = ${userId}`;
    await tx`update members set ${set} where workspace_id = ${workspaceId} and id = ${row.id}`;
  }
  return row ?? null;
}

/** Addresses are unique among HubSpot's users, but not among an org's: the second one must not become the first. */
async function isSomeoneElses(tx: Tx, workspaceId: string, email: string): Promise<boolean> {
  const rows = await tx`
    select 1 from members
    where workspace_id = ${workspaceId} and lower(email) = ${email.toLowerCase()} and salesforce_user_id is not null`;
  return rows.length > 0;
}

async function ownerOf(tx: Tx, workspaceId: string, { crm, userId, email }: CrmPerson) {
  const [row] = await tx<{ email: string | null; name: string; active: boolean }[]>`
    select email, name, active from crm_owners
    where workspace_id = ${workspaceId} and crm = ${crm}
      and (coalesce(user_id, owner_id) = ${userId} or lower(email) = ${email?.toLowerCase() ?? null})
    order by (coalesce(user_id, owner_id) = ${userId}) desc, active desc limit 1`;
  return row ?? null;
}

function toMember({ id, name, email, role }: MemberRow): CrmMember {
  // An address that no mail can reach stands for "none known" (install.ts).
  return { id, name, email: email?.endsWith(".invalid") ? null : email, role };
}
