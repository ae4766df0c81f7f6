/** The people of a workspace. A role an admin chose is never changed by the CRM's owner list; the last admin stays. */
import { randomUUID } from "node:crypto";
import type { ListOf } from "../contract/common.ts";
import type { Member, MemberDraft, MemberPatch } from "../contract/members.ts";
import type { Role } from "../contract/session.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { revokeKeysOf } from "./api-keys.ts";
import { recordAudit } from "./audit.ts";
import type { House } from "./house.ts";
import { page, readCursor } from "./paging.ts";

/** Oldest first. */
export async function listMembers(
  house: Pick<House, "db">,
  workspaceId: string,
  query: { limit: number; cursor?: string },
): Promise<ListOf<Member>> {
  const after = readCursor(query.cursor);
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<MemberRow[]>`
      select id, email, name, role, role_source, created_at from members
      where workspace_id = ${workspaceId}
        ${after ? tx`and (date_trunc('milliseconds', created_at), id) > (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', created_at), id limit ${query.limit + 1}`,
  );
  const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
  return { items: items.map(toMember), next_cursor };
}

/** @throws AppError member_exists (409) */
export async function addMember(house: House, workspaceId: string, draft: MemberDraft, by: string): Promise<Member> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [row] = await tx<MemberRow[]>`
      insert into members (workspace_id, id, email, name, role, role_source, created_at)
      values (${workspaceId}, ${randomUUID()}, ${draft.email}, ${draft.name}, ${draft.role}, ${by}, ${house.clock.now()})
      on conflict (workspace_id, lower(email)) do nothing
      returning id, email, name, role, role_source, created_at`;
    if (!row) {
      throw new AppError("member_exists", {
        status: 409,
        public: "Someone with this e-mail address is a member already. Change their role instead.",
        errors: [{ field: "email", code: "member_exists", message: "is a member already" }],
      });
    }
    await recordAudit(tx, workspaceId, house.clock.now(), {
      actor: by,
      action: "member.added",
      subject: row.id,
      detail: { role: row.role },
    });
    return toMember(row);
  });
}

/** @throws AppError not_found (404) | last_admin (409) */
export async function changeMember(
  house: House,
  workspaceId: string,
  id: string,
  patch: MemberPatch,
  by: string,
): Promise<Member> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const before = await lockMembers(tx, workspaceId, id);
    if (patch.role && patch.role !== "admin" && before.isLastAdmin) throw lastAdmin();
    const [row] = await tx<MemberRow[]>`
      update members set name = ${patch.name ?? before.member.name}, role = ${patch.role ?? before.member.role},
        role_source = ${patch.role ? by : before.member.role_source}
      where workspace_id = ${workspaceId} and id = ${id}
      returning id, email, name, role, role_source, created_at`;
    await recordAudit(tx, workspaceId, house.clock.now(), {
      actor: by,
      action: "member.changed",
      subject: id,
      detail: { role_before: before.member.role, role: row!.role },
    });
    return toMember(row!);
  });
}

/** Takes their API keys along. @throws AppError not_found (404) | last_admin (409) */
export async function removeMember(house: House, workspaceId: string, id: string, by: string): Promise<void> {
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const { isLastAdmin } = await lockMembers(tx, workspaceId, id);
    if (isLastAdmin) throw lastAdmin();
    await revokeKeysOf(tx, workspaceId, house.clock.now(), id);
    await tx`delete from members where workspace_id = ${workspaceId} and id = ${id}`;
    await recordAudit(tx, workspaceId, house.clock.now(), { actor: by, action: "member.removed", subject: id });
  });
}

export type KnownPerson = {
  email: string;
  name: string;
  role: Role;
  /** `install`: who connected the CRM, an admin; `crm`: the owner list. */
  roleSource: "install" | "crm";
  hubspotUserId?: string;
  salesforceUserId?: string;
};

/**
 * Takes a person over from a CRM, inside withWorkspace; a role that an admin chose stays.
 * @returns the member's id
 */
export async function upsertMember(tx: Tx, person: KnownPerson): Promise<string> {
  const [row] = await tx<{ id: string }[]>`
    insert into members as m (workspace_id, email, name, role, role_source, hubspot_user_id, salesforce_user_id)
    values (current_workspace(), ${person.email}, ${person.name}, ${person.role}, ${person.roleSource},
      ${person.hubspotUserId ?? null}, ${person.salesforceUserId ?? null})
    on conflict (workspace_id, lower(email)) do update set
      name = coalesce(nullif(excluded.name, ''), m.name),
      role = case when m.role_source = 'crm' then excluded.role else m.role end,
      role_source = case when m.role_source = 'crm' then excluded.role_source else m.role_source end,
      hubspot_user_id = coalesce(excluded.hubspot_user_id, m.hubspot_user_id),
      salesforce_user_id = coalesce(excluded.salesforce_user_id, m.salesforce_user_id)
    returning id`;
  return row!.id;
}

type MemberRow = Omit<Member, "created_at"> & { created_at: Date };

/** Locks all admins first: two admins who demote each other at once can't both succeed. */
async function lockMembers(tx: Tx, workspaceId: string, id: string) {
  const admins = await tx<{ id: string }[]>`
    select id from members where workspace_id = ${workspaceId} and role = 'admin' order by id for update`;
  const [member] = await tx<MemberRow[]>`
    select id, email, name, role, role_source, created_at from members
    where workspace_id = ${workspaceId} and id = ${id} for update`;
  if (!member) throw notFound("member");
  return { member, isLastAdmin: admins.length === 1 && admins[0]?.id === id };
}

function lastAdmin(): AppError {
  return new AppError("last_admin", {
    status: 409,
    public: "This is the workspace's last admin. Make someone else an admin first.",
    errors: [{ field: "role", code: "last_admin", message: "the last admin stays", allowed: ["admin"] }],
  });
}

function toMember(row: MemberRow): Member {
  return { ...row, created_at: row.created_at.toISOString() };
}
