/**
 * The key an org's package signs its calls with: made here, handed over through the OAuth session, sealed at rest, and
 * replaced every month. Whoever holds it is that org, because only that org's session could receive it.
 */
import { randomBytes } from "node:crypto";
import { CrmError } from "../crm/errors.ts";
import type { House } from "./house.ts";
import { isPause } from "./open-crm.ts";
import { seal, unseal } from "./vault.ts";

const dayMs = 86_400_000;
const rotateAfterMs = 30 * dayMs;
/** Calls signed a moment before the new key came still hold. */
const graceMs = 10 * 60_000;

/** Why a key could not be handed over; the admin sees it as a step to take. */
export type HandOverFault = "package_missing" | "permission_missing";

export type NewestKey = { key_id: string; created_at: Date; handed_over_at: Date | null };

/** What is to be done about an org's key. Pure. */
export function keyStep(newest: NewestKey | null, now: Date): "none" | "make" | "hand_over" {
  if (!newest) return "make";
  if (!newest.handed_over_at) return "hand_over";
  return now.getTime() - newest.created_at.getTime() >= rotateAfterMs ? "make" : "none";
}

/**
 * Sees to it that the org has a key of ours that is not too old. Safe to repeat: a key whose reception is unsure is handed
 * over again, and opens meanwhile.
 * @throws CrmError for a fault that passes by itself
 */
export async function handOverKey(house: House, workspaceId: string): Promise<void> {
  const { db, clock, config, log } = house;
  const key = await db.withWorkspace(workspaceId, async (tx) => {
    const [org] = await tx<{ account_id: string }[]>`
      select account_id from crm_connections where crm = 'salesforce' and status = 'connected' for update`;
    if (!org) return null;
    const [newest] = await tx<(NewestKey & { key_sealed: string })[]>`
      select key_id, created_at, handed_over_at, key_sealed from salesforce_keys
      where workspace_id = ${workspaceId} and org_id = ${org.account_id} order by created_at desc limit 1`;
    const step = keyStep(newest ?? null, clock.now());
    if (step === "none") return null;
    if (step === "hand_over")
      return { id: newest!.key_id, key: unseal(config.keys, place(workspaceId), newest!.key_sealed) };
    const made = { id: `k${randomBytes(9).toString("hex")}`, key: randomBytes(32).toString("base64") };
    await tx`
      insert into salesforce_keys (workspace_id, key_id, org_id, key_sealed, created_at)
      values (${workspaceId}, ${made.id}, ${org.account_id}, ${seal(config.keys, place(workspaceId), made.key)}, ${clock.now()})`;
    return made;
  });
  if (!key) return;
  const crm = await house.openCrm(workspaceId, "salesforce", "background");
  try {
    await crm.handOverKey?.(key.id, key.key);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    await note(house, workspaceId, key.id, fault);
    log.info("connections.key_not_handed_over", { workspaceId, reason: fault });
    return;
  }
  const now = clock.now();
  await db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      update salesforce_keys set handed_over_at = ${now}, fault = null
      where workspace_id = ${workspaceId} and key_id = ${key.id}`;
    await tx`
      update salesforce_keys set good_until = ${new Date(now.getTime() + graceMs)}
      where workspace_id = ${workspaceId} and key_id <> ${key.id} and good_until is null`;
  });
  log.info("connections.key_handed_over", { workspaceId });
}

/** The job: a dead connection is no failure, reconnecting hands over anew. */
export async function onHandOverKey(house: House, workspaceId: string): Promise<void> {
  try {
    await handOverKey(house, workspaceId);
  } catch (error) {
    if (!isPause(error)) throw error;
  }
}

/** @returns 32 bytes; null for a key that is unknown, of another org, or past its time */
export async function readKey(
  house: House,
  workspaceId: string,
  named: { orgId: string; keyId: string },
): Promise<Buffer | null> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ key_sealed: string }[]>`
      select key_sealed from salesforce_keys
      where workspace_id = ${workspaceId} and key_id = ${named.keyId} and org_id = ${named.orgId}
        and (good_until is null or good_until > ${house.clock.now()})`,
  );
  return row ? Buffer.from(unseal(house.config.keys, place(workspaceId), row.key_sealed), "base64") : null;
}

/** @returns false when this assertion was used before, on whichever replica */
export async function takeAssertion(
  house: Pick<House, "db">,
  workspaceId: string,
  jti: string,
  expiresAt: Date,
): Promise<boolean> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into salesforce_assertions (workspace_id, jti, expires_at) values (${workspaceId}, ${jti}, ${expiresAt})
      on conflict do nothing returning 1`,
  );
  return rows.length > 0;
}

/** Where a key is sealed for. */
export function place(workspaceId: string) {
  return { workspaceId, crm: "salesforce", column: "signing_key" };
}

function faultOf(error: unknown): HandOverFault | null {
  if (!(error instanceof CrmError)) return null;
  if (error.kind === "record_gone") return "package_missing";
  if (error.kind === "missing_scope") return "permission_missing";
  return null;
}

async function note(house: House, workspaceId: string, keyId: string, fault: HandOverFault): Promise<void> {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      update salesforce_keys set fault = ${fault} where workspace_id = ${workspaceId} and key_id = ${keyId}`,
  );
}
