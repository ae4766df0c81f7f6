/** API keys: made of 256 random bits, shown once, kept as a SHA-256 hash in the directory. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { ApiKey, ApiKeyCreated, ApiKeyDraft } from "../contract/api-keys.ts";
import type { ListOf } from "../contract/common.ts";
import { type Role, roles } from "../contract/session.ts";
import type { Db, Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { recordAudit } from "./audit.ts";
import type { House } from "./house.ts";
import { page, readCursor } from "./paging.ts";

/** Whom a key stands for. */
export type KeyHolder = {
  workspaceId: string;
  keyId: string;
  keyName: string;
  /** The key's own role, at most its member's. */
  role: Role;
  member: { id: string; name: string; email: string } | null;
};

/** @returns null for a key that is unknown, revoked, or whose member is gone */
export async function findApiKey(house: Pick<House, "db" | "clock">, key: string): Promise<KeyHolder | null> {
  const [place] = await house.db.outside(
    (tx) => tx<{ workspace_id: string; key_id: string }[]>`select * from directory_find_api_key(${hashOf(key)})`,
  );
  if (!place) return null;
  const [row] = await house.db.withWorkspace(place.workspace_id, async (tx) => {
    const found = await tx<KeyRow[]>`
      select k.name, k.role, k.member_id, k.last_used_at, m.name as member_name, m.email, m.role as member_role
      from api_keys k left join members m on m.workspace_id = k.workspace_id and m.id = k.member_id
      where k.workspace_id = ${place.workspace_id} and k.id = ${place.key_id} and k.revoked_at is null`;
    const now = house.clock.now();
    // Once an hour is near enough for "last used", and spares a write per request.
    if (found[0] && (found[0].last_used_at?.getTime() ?? 0) < now.getTime() - 3_600_000) {
      await tx`
        update api_keys set last_used_at = ${now} where workspace_id = ${place.workspace_id} and id = ${place.key_id}`;
    }
    return found;
  });
  if (!row || (row.member_id && !row.member_role)) return null;
  return {
    workspaceId: place.workspace_id,
    keyId: place.key_id,
    keyName: row.name,
    role: row.member_role ? lesserRole(row.role, row.member_role) : row.role,
    member: row.member_id ? { id: row.member_id, name: row.member_name ?? "", email: row.email ?? "" } : null,
  };
}

/** Newest first, revoked ones included. */
export async function listApiKeys(
  house: Pick<House, "db">,
  workspaceId: string,
  query: { limit: number; cursor?: string },
): Promise<ListOf<ApiKey>> {
  const after = readCursor(query.cursor);
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<ApiKeyRow[]>`
      select id, name, role, member_id, prefix, created_by, created_at, last_used_at, revoked_at from api_keys
      where workspace_id = ${workspaceId}
        ${after ? tx`and (date_trunc('milliseconds', created_at), id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', created_at) desc, id desc limit ${query.limit + 1}`,
  );
  const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
  return { items: items.map(toApiKey), next_cursor };
}

/**
 * Makes a key; the answer is the only place where it can be read.
 * @throws AppError not_found for an unknown member
 */
export async function createApiKey(
  house: { db: Db; clock: House["clock"] },
  workspaceId: string,
  draft: Omit<ApiKeyDraft, "request_id">,
  by: string,
): Promise<ApiKeyCreated & { key: string }> {
  const key = `pandora_${randomBytes(32).toString("base64url")}`;
  return house.db.withWorkspace(workspaceId, async (tx) => {
    if (draft.member_id) {
      const [member] = await tx`
        select id from members where workspace_id = ${workspaceId} and id = ${draft.member_id}`;
      if (!member) throw notFound("member");
    }
    const now = house.clock.now();
    const [row] = await tx<ApiKeyRow[]>`
      insert into api_keys (workspace_id, id, name, role, member_id, prefix, created_by, created_at)
      values (${workspaceId}, ${randomUUID()}, ${draft.name}, ${draft.role}, ${draft.member_id ?? null},
        ${key.slice(0, 12)}, ${by}, ${now})
      returning id, name, role, member_id, prefix, created_by, created_at, last_used_at, revoked_at`;
    await tx`select directory_add_api_key(${hashOf(key)}, ${workspaceId}, ${row!.id})`;
    await recordAudit(tx, workspaceId, now, {
      actor: by,
      action: "api_key.created",
      subject: row!.id,
      detail: { role: draft.role, name: draft.name },
    });
    return { ...toApiKey(row!), key };
  });
}

/** @throws AppError not_found (404) */
export async function renameApiKey(
  house: House,
  workspaceId: string,
  id: string,
  name: string,
  by: string,
): Promise<ApiKey> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [row] = await tx<ApiKeyRow[]>`
      update api_keys set name = ${name} where workspace_id = ${workspaceId} and id = ${id} and revoked_at is null
      returning id, name, role, member_id, prefix, created_by, created_at, last_used_at, revoked_at`;
    if (!row) throw notFound("API key");
    await recordAudit(tx, workspaceId, house.clock.now(), { actor: by, action: "api_key.renamed", subject: id });
    return toApiKey(row);
  });
}

/** It works no more from this moment; its row stays for the record. @throws AppError not_found (404) */
export async function revokeApiKey(
  house: { db: Db; clock: House["clock"] },
  workspaceId: string,
  id: string,
  by: string,
): Promise<void> {
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const now = house.clock.now();
    const rows = await tx`
      update api_keys set revoked_at = ${now}
      where workspace_id = ${workspaceId} and id = ${id} and revoked_at is null returning id`;
    if (rows.length === 0) throw notFound("API key");
    await tx`select directory_remove_api_key(${workspaceId}, ${id})`;
    await recordAudit(tx, workspaceId, now, { actor: by, action: "api_key.revoked", subject: id });
  });
}

/** All keys of a member, in the transaction that removes them. */
export async function revokeKeysOf(tx: Tx, workspaceId: string, at: Date, memberId: string): Promise<void> {
  const rows = await tx<{ id: string }[]>`
    update api_keys set revoked_at = ${at}
    where workspace_id = ${workspaceId} and member_id = ${memberId} and revoked_at is null returning id`;
  for (const { id } of rows) await tx`select directory_remove_api_key(${workspaceId}, ${id})`;
}

type KeyRow = {
  name: string;
  role: Role;
  member_id: string | null;
  last_used_at: Date | null;
  member_name: string | null;
  email: string | null;
  member_role: Role | null;
};

type ApiKeyRow = Omit<ApiKey, "created_at" | "last_used_at" | "revoked_at"> & {
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
};

/** A plain hash is enough: the key is random, so there is nothing to guess. */
function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function lesserRole(one: Role, two: Role): Role {
  return roles.indexOf(one) >= roles.indexOf(two) ? one : two;
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}
