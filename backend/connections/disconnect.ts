/** Ending a connection, and the list of connections. */
import type { Connection } from "../contract/connections.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { resolveAlert } from "./alerts.ts";
import { recordAudit } from "./audit.ts";
import type { House } from "./house.ts";
import { oauthOf } from "./oauth-vendors.ts";
import { dropProperties } from "./properties.ts";
import { assertUsable } from "./refresh.ts";
import { dropSchedules } from "./schedules.ts";
import { unseal } from "./vault.ts";

/**
 * Ends the connection: our tokens are deleted whether or not the CRM can be reached to revoke them.
 * @param options.deleteData also deletes everything mirrored from it, the values computed for it, and its write log
 * @param options.by who asked, for the audit (`member:<id>`, `api_key:<id>`)
 * @throws AppError not_connected (409)
 */
export async function disconnect(
  house: House,
  workspaceId: string,
  crm: CrmType,
  options: { deleteData: boolean; by: string },
): Promise<void> {
  const { db, clock } = house;
  const before = await db.withWorkspace(
    workspaceId,
    (tx) => tx<TokenRow[]>`
      select status, instance_url, access_token_sealed, refresh_token_sealed from crm_connections where crm = ${crm}`,
  );
  const row = before[0];
  if (!row || (row.status === "disconnected" && !options.deleteData)) assertUsable(crm, undefined);
  // First of all locally: from here on nobody uses the tokens, whatever happens next.
  await db.withWorkspace(workspaceId, async (tx) => {
    const now = clock.now();
    await tx`
      update crm_connections set status = 'disconnected', status_reason = null, access_token_sealed = null,
        refresh_token_sealed = null, access_expires_at = null, token_version = token_version + 1, refresh_claim_by = null,
        refresh_claim_until = null, quiet_until = null, updated_at = ${now}
      where crm = ${crm}`;
    await tx`select directory_unbind_account(${crm}, ${workspaceId})`;
    await dropProperties(tx, workspaceId, crm);
    await dropSchedules(tx, workspaceId, crm);
    // The org's calls prove nothing from here on.
    if (crm === "salesforce") await tx`delete from salesforce_keys where workspace_id = ${workspaceId}`;
    await resolveAlert(tx, workspaceId, now, { kind: "needs_reconnect", subject: crm });
    await releaseUnsent(tx, workspaceId, crm);
    if (options.deleteData) {
      await eraseCrmData(tx, workspaceId, crm);
      await house.queue.enqueue(tx, { kind: "gaps.sweep", payload: { workspace_id: workspaceId }, key: workspaceId });
    }
    await recordAudit(tx, workspaceId, now, {
      actor: options.by,
      action: "connection.disconnected",
      subject: crm,
      detail: { data_deleted: options.deleteData },
    });
  });
  await revokeAtCrm(house, workspaceId, crm, row!);
}

/** Every connection the workspace has or had, the disconnected ones included. */
export async function listConnections(house: Pick<House, "db">, workspaceId: string): Promise<Connection[]> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<ConnectionRow[]>`
      select crm, status, status_reason, account_id, account_name, time_zone, currency, multi_currency,
        to_json(scopes) as scopes, to_json(missing_scopes) as missing_scopes, quiet_until, connected_by, connected_at,
        updated_at
      from crm_connections where workspace_id = ${workspaceId} order by crm`,
  );
  return rows.map((row) => ({
    ...row,
    quiet_until: row.quiet_until?.toISOString() ?? null,
    connected_at: row.connected_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }));
}

/** Deletes what we know of a CRM's records, and what we wrote there. Mappings stay: they are the admin's work. */
export async function eraseCrmData(tx: Tx, workspaceId: string, crm: CrmType): Promise<void> {
  for (const table of mirrored) {
    await tx`delete from ${tx(table)} where workspace_id = ${workspaceId} and crm = ${crm}`;
  }
  for (const table of ["crm_write_log", "run_changes"]) {
    await tx`delete from ${tx(table)} where workspace_id = ${workspaceId} and crm_type = ${crm}`;
  }
  // What was said stays, it came from other sources; to whom it belonged is found anew among what is left.
  await tx`
    update conversations set dirty = true
    where workspace_id = ${workspaceId} and (company_crm = ${crm} or deal_crm = ${crm} or rep_owner_crm = ${crm})`;
}

const mirrored = [
  "deal_contacts",
  "deals",
  "contacts",
  "companies",
  "crm_owners",
  "crm_stages",
  "mirror_progress",
  "record_values",
  "findings",
  "leads",
  "conversation_companies",
  "crm_write_state",
];

type TokenRow = {
  status: string;
  instance_url: string;
  access_token_sealed: string | null;
  refresh_token_sealed: string | null;
};
type ConnectionRow = Omit<Connection, "quiet_until" | "connected_at" | "updated_at"> & {
  quiet_until: Date | null;
  connected_at: Date;
  updated_at: Date;
};

/** What was leased and not sent is free again; what was sent keeps its mark, so that it is never forgotten. */
async function releaseUnsent(tx: Tx, workspaceId: string, crm: CrmType): Promise<void> {
  await tx`
    update crm_write_state set lease_owner = null, lease_until = null, fence = fence + 1
    where workspace_id = ${workspaceId} and crm = ${crm} and lease_owner is not null and pending_log_id is null`;
}

async function revokeAtCrm(house: House, workspaceId: string, crm: CrmType, row: TokenRow): Promise<void> {
  if (row.access_token_sealed === null) return;
  try {
    const { keys } = house.config;
    const opened = (column: string, sealed: string) => unseal(keys, { workspaceId, crm, column }, sealed);
    await oauthOf(house.config, house.clock, crm).revoke({
      accessToken: opened("access_token", row.access_token_sealed),
      refreshToken: row.refresh_token_sealed ? opened("refresh_token", row.refresh_token_sealed) : null,
      instanceUrl: row.instance_url,
    });
  } catch (error) {
    // Best effort: the tokens are gone here, and the CRM forgets them in its own time.
    house.log.warn("connections.revoke_failed", {
      workspaceId,
      crm,
      reason: error instanceof Error ? error.message : "unknown",
    });
  }
}
