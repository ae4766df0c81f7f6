/**
 * The link at the foot of each mail. Whoever opens it has no login: the token says who it is. It is made from the key
 * ring, so that no mail needs a stored secret, and found by its hash, so that it outlives the key it was made with.
 */
import { createHash, createHmac, hkdfSync } from "node:crypto";
import type { House } from "../connections/house.ts";
import type { KeyRing } from "../connections/vault.ts";
import type { Tx } from "../db.ts";

/** @returns the address to put into a mail; it works from the moment the transaction commits */
export async function unsubscribeUrl(
  tx: Tx,
  house: Pick<House, "config">,
  workspaceId: string,
  memberId: string,
): Promise<string> {
  const token = tokenOf(house.config.keys, workspaceId, memberId);
  await tx`select directory_add_unsubscribe(${hashOf(token)}, ${workspaceId}, ${memberId})`;
  return `${house.config.publicUrl}/unsubscribe/${token}`;
}

/** @returns the workspace's name, and whether they are unsubscribed already; null: no such link, or the person left */
export async function readUnsubscribe(
  house: Pick<House, "db">,
  token: string,
): Promise<{ workspaceName: string; done: boolean } | null> {
  const found = await find(house, token);
  if (!found) return null;
  const { workspaceId, memberId } = found;
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ name: string; done: boolean }[]>`
      select w.name, coalesce(p.unsubscribed_at is not null, false) as done
      from members m join workspaces w on w.workspace_id = ${workspaceId}
      left join notification_preferences p on p.workspace_id = ${workspaceId} and p.member_id = m.id
      where m.workspace_id = ${workspaceId} and m.id = ${memberId}`,
  );
  return row ? { workspaceName: row.name, done: row.done } : null;
}

/** Stops all mails to the person; doing it twice is the same as once. @returns false: no such link, or the person left */
export async function unsubscribe(house: Pick<House, "db" | "clock">, token: string): Promise<boolean> {
  const found = await find(house, token);
  if (!found) return false;
  const { workspaceId, memberId } = found;
  const now = house.clock.now();
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into notification_preferences as p (workspace_id, member_id, unsubscribed_at, updated_at)
      select ${workspaceId}, id, ${now}, ${now} from members where workspace_id = ${workspaceId} and id = ${memberId}
      on conflict (workspace_id, member_id) do update
        set unsubscribed_at = coalesce(p.unsubscribed_at, excluded.unsubscribed_at), updated_at = excluded.updated_at
      returning true`,
  );
  return rows.length > 0;
}

async function find(
  house: Pick<House, "db">,
  token: string,
): Promise<{ workspaceId: string; memberId: string } | null> {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const [row] = await house.db.outside(
    (tx) => tx<{ workspace_id: string; member_id: string }[]>`
      select * from directory_find_unsubscribe(${hashOf(token)})`,
  );
  return row ? { workspaceId: row.workspace_id, memberId: row.member_id } : null;
}

function tokenOf(keys: KeyRing, workspaceId: string, memberId: string): string {
  // A key of its own: the ring's keys seal, and do nothing else.
  const key = Buffer.from(hkdfSync("sha256", keys[0]!.key, "", "pandora unsubscribe links", 32));
  return createHmac("sha256", key).update(`${workspaceId}|${memberId}`).digest("base64url");
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
