/** Vendors' webhooks: whose source is called, and the delivery handed on as a job. */

import { createHash } from "node:crypto";
import type { House } from "../connections/house.ts";
import { seal } from "../connections/vault.ts";
import type { SourceKind } from "../contract/sources.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { firefliesMeetingOf } from "./fireflies.ts";
import { deliveryPlace, openSecrets, type Secrets } from "./source-rules.ts";
import { readSource } from "./sources.ts";
import { zoomRecordingOf } from "./zoom.ts";

export type Hook = {
  workspaceId: string;
  sourceId: string;
  kind: SourceKind;
  paused: boolean;
  secrets: Secrets;
};

/** @returns null for an address nobody has, also when the kind in it is another one's */
export async function hookSource(house: House, kind: string, hookId: string): Promise<Hook | null> {
  if (!/^[0-9a-f]{32}$/.test(hookId)) return null;
  const [found] = await house.db.outside(
    (tx) => tx<{ workspace_id: string; source_id: string }[]>`select * from directory_find_hook(${hookId})`,
  );
  if (!found) return null;
  const { workspace_id: workspaceId, source_id: sourceId } = found;
  try {
    const row = await house.db.withWorkspace(workspaceId, (tx) => readSource(tx, workspaceId, sourceId));
    if (row.kind !== kind) return null;
    const secrets = openSecrets(house.config.keys, workspaceId, row.secrets_sealed);
    return { workspaceId, sourceId, kind: row.kind, paused: row.status === "paused", secrets };
  } catch (error) {
    // Deleted between the two looks.
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

/** Enqueues what is worth the work; sealed, because a job's payload stands in the database as it is. */
export async function takeDelivery(house: House, hook: Hook, body: unknown): Promise<void> {
  // Refusing would make the vendor give the address up for good.
  if (hook.paused || !isOurs(hook.kind, body)) return;
  const { workspaceId, sourceId } = hook;
  const text = JSON.stringify(body);
  const sealed = seal(house.config.keys, deliveryPlace(workspaceId), text);
  const payload = { workspace_id: workspaceId, source_id: sourceId, sealed };
  await house.db.withWorkspace(workspaceId, async (tx) => {
    if (await isFirst(tx, hook, text, house.clock.now())) {
      await house.queue.enqueue(tx, { kind: "source.delivery", payload });
    }
  });
}

/**
 * The same body again is a replay, and must not undo what was told in between. It is remembered as long as answers of the
 * API are (a day, connections/tidy.ts). A ping names what is to be fetched, and fetching again does no harm.
 */
async function isFirst(tx: Tx, hook: Hook, text: string, now: Date): Promise<boolean> {
  if (hook.kind === "fireflies" || hook.kind === "zoom") return true;
  const hash = createHash("sha256").update(text).digest("hex");
  const rows = await tx`
    insert into request_results (workspace_id, caller, request_id, body_hash, state, created_at)
    values (${hook.workspaceId}, ${`hook:${hook.sourceId}`}, ${hash}, ${hash}, 'done', ${now})
    on conflict do nothing returning 1`;
  return rows.length > 0;
}

/** So that the admin sees why nothing comes in. */
export async function noteBadProof(house: House, hook: Hook, says: string): Promise<void> {
  const now = house.clock.now();
  await house.db.withWorkspace(
    hook.workspaceId,
    (tx) => tx`
      update sources set last_error = ${says}, last_error_at = ${now}
      where workspace_id = ${hook.workspaceId} and id = ${hook.sourceId}`,
  );
}

/** Tests of the vendor's own page, and events that speak of no conversation, end here. */
function isOurs(kind: SourceKind, body: unknown): boolean {
  switch (kind) {
    case "gong": {
      const { isTest, callData } = body as { isTest?: unknown; callData?: unknown };
      return isTest !== true && typeof callData === "object" && callData !== null;
    }
    case "fireflies":
      return firefliesMeetingOf(body) !== null;
    case "zoom":
      return zoomRecordingOf(body) !== null;
    case "generic":
      return true;
    case "hubspot":
    case "salesforce":
      return false;
    default:
      return kind satisfies never;
  }
}
