/**
 * Connecting a portal or org: from a marketplace (the workspace is found or made) or from inside a workspace.
 * What binds is what the vendor says after the code exchange; nothing that the browser brings is believed.
 */
import { randomUUID } from "node:crypto";
import { CrmError } from "../crm/errors.ts";
import type { Crm, CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { resolveAlert } from "./alerts.ts";
import { recordAudit } from "./audit.ts";
import { eraseCrmData } from "./disconnect.ts";
import type { House } from "./house.ts";
import { type Flow, makeTicket } from "./oauth-state.ts";
import { type Consent, loginHostOf, oauthOf } from "./oauth-vendors.ts";
import { crmName } from "./refresh.ts";
import { putSchedules } from "./schedules.ts";
import { seal } from "./vault.ts";
import { insertWorkspace, putMembers } from "./workspaces.ts";

export type Connected = {
  workspaceId: string;
  workspaceName: string;
  crm: CrmType;
  accountName: string;
  missingScopes: string[];
  /** True when this install made the workspace. */
  isNew: boolean;
};

/**
 * Begins connecting from inside a workspace.
 * @param by who asks, for the audit (`member:<id>`, `api_key:<id>`)
 * @param options.loginHost Salesforce: My Domain or sandbox host
 * @returns the address to open in the browser, good for ten minutes and one use
 * @throws AppError crm_not_configured (409) | salesforce_host_refused (422)
 */
export function startConnect(
  house: Pick<House, "config" | "clock">,
  workspaceId: string,
  crm: CrmType,
  by: string,
  options: { loginHost?: string | null } = {},
): { url: string } {
  const { config, clock } = house;
  oauthOf(config, clock, crm);
  const loginHost = crm === "salesforce" && options.loginHost ? loginHostOf(config, options.loginHost) : null;
  const ticket = makeTicket(config.keys, clock, { crm, workspaceId, by, loginHost });
  return { url: `${config.publicUrl}/oauth/${crm}/start?ticket=${ticket}` };
}

/**
 * Ends the round trip: trades the code, binds the account, stores the sealed tokens, takes over the account's facts, sets
 * the first import going and lets paused work go on.
 * @throws AppError account_connected_elsewhere | other_account_connected (409) | not_found; CrmError from the exchange
 */
export async function finishConnect(house: House, flow: Flow, code: string): Promise<Connected> {
  const consent = await oauthOf(house.config, house.clock, flow.crm).exchange(code, flow);
  const { workspaceId, isNew } = await bindAndStore(house, flow, consent);
  house.log.info("connections.connected", { workspaceId, crm: flow.crm, missing: consent.missingScopes.length });
  try {
    await takeAccount(house, workspaceId, flow.crm, { nameWorkspace: isNew, installer: consent.user });
  } catch (error) {
    // The connection stands; the first import takes the account's facts again.
    house.log.warn("connections.account_unread", {
      workspaceId,
      crm: flow.crm,
      reason: error instanceof CrmError ? error.kind : "unknown",
    });
  }
  const [names] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ name: string; account_name: string }[]>`
      select w.name, c.account_name from workspaces w join crm_connections c using (workspace_id)
      where c.crm = ${flow.crm}`,
  );
  return {
    workspaceId,
    workspaceName: names?.name ?? "",
    crm: flow.crm,
    accountName: names?.account_name || consent.accountId,
    missingScopes: consent.missingScopes,
    isNew,
  };
}

/** Reads the account's name, time zone and currency into the connection, and into the workspace where nobody chose others. */
export async function takeAccount(
  house: House,
  workspaceId: string,
  crm: CrmType,
  options: { nameWorkspace?: boolean; installer?: Consent["user"] } = {},
): Promise<void> {
  const opened = await house.openCrm(workspaceId, crm, "waiting");
  const account = await opened.account();
  const installer = options.installer ? await installerOf(opened, crm, options.installer) : null;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      update crm_connections set account_name = ${account.name}, ui_url = ${account.uiUrl},
        time_zone = ${account.timeZone}, currency = ${account.currency}, multi_currency = ${account.multiCurrency},
        user_id = ${account.userId}, updated_at = ${house.clock.now()}
      where crm = ${crm}`;
    // The first account that is connected sets the zone; a second one, or a person's choice, leaves it alone.
    await tx`
      update workspaces set time_zone = ${account.timeZone}, currency = ${account.currency}, time_zone_source = 'crm'
      where workspace_id = ${workspaceId} and time_zone_source = 'default'`;
    if (options.nameWorkspace) {
      await tx`update workspaces set name = ${account.name} where workspace_id = ${workspaceId}`;
      await tx`select directory_add_workspace(${workspaceId}, ${account.name})`;
    }
    if (installer) await putMembers(tx, workspaceId, "install", [installer]);
    // The zone may have changed under the nightly schedules.
    await putSchedules(tx, workspaceId, crm, house.clock.now());
  });
}

async function bindAndStore(
  house: House,
  flow: Flow,
  consent: Consent,
): Promise<{ workspaceId: string; isNew: boolean }> {
  const { db } = house;
  for (;;) {
    const [known] = await db.outside(
      (tx) => tx<{ id: string | null }[]>`select directory_find_account(${flow.crm}, ${consent.accountId}) as id`,
    );
    const workspaceId = flow.workspaceId ?? known?.id ?? randomUUID();
    const done = await db.withWorkspace(workspaceId, async (tx) => {
      const [exists] = await tx`select 1 from workspaces where workspace_id = ${workspaceId}`;
      if (!exists && flow.workspaceId) throw notFound("workspace");
      const [bound] = await tx<{ id: string }[]>`
        select directory_bind_account(${flow.crm}, ${consent.accountId}, ${workspaceId}) as id`;
      if (bound?.id !== workspaceId) {
        if (flow.workspaceId) throw connectedElsewhere(flow.crm);
        // Another install of the same account was quicker: join its workspace.
        return null;
      }
      if (!exists) await insertWorkspace(tx, workspaceId, `${crmName(flow.crm)} ${consent.accountId}`);
      await storeConnection(tx, house, workspaceId, flow, consent);
      return { workspaceId, isNew: !exists };
    });
    if (done) return done;
  }
}

async function storeConnection(tx: Tx, house: House, workspaceId: string, flow: Flow, consent: Consent): Promise<void> {
  const now = house.clock.now();
  const { crm } = flow;
  const by = flow.by || `install:${consent.user.id}`;
  const [before] = await tx<{ account_id: string; account_name: string; status: string }[]>`
    select account_id, account_name, status from crm_connections where crm = ${crm} for update`;
  if (before && before.account_id !== consent.accountId) {
    if (before.status !== "disconnected") throw otherAccount(crm, before.account_name || before.account_id);
    // The rows of two accounts must never mix.
    await eraseCrmData(tx, workspaceId, crm);
  }
  const sealed = (column: string, value: string | null) =>
    value === null ? null : seal(house.config.keys, { workspaceId, crm, column }, value);
  const lists = tx.json({ scopes: consent.scopes, missing: consent.missingScopes });
  await tx`
    insert into crm_connections as c (workspace_id, crm, account_id, status, instance_url, user_id, scopes,
      missing_scopes, access_token_sealed, refresh_token_sealed, access_expires_at, token_version, connected_by,
      connected_at, updated_at)
    values (${workspaceId}, ${crm}, ${consent.accountId}, 'connected', ${consent.instanceUrl}, ${consent.user.id},
      array(select jsonb_array_elements_text(${lists} -> 'scopes')),
      array(select jsonb_array_elements_text(${lists} -> 'missing')),
      ${sealed("access_token", consent.accessToken)}, ${sealed("refresh_token", consent.refreshToken)},
      ${consent.expiresAt}, 1, ${by}, ${now}, ${now})
    on conflict (workspace_id, crm) do update set account_id = excluded.account_id, status = 'connected',
      status_reason = null, instance_url = excluded.instance_url, user_id = excluded.user_id, scopes = excluded.scopes,
      missing_scopes = excluded.missing_scopes, access_token_sealed = excluded.access_token_sealed,
      refresh_token_sealed = excluded.refresh_token_sealed, access_expires_at = excluded.access_expires_at,
      token_version = c.token_version + 1, refresh_claim_by = null, refresh_claim_until = null, quiet_until = null,
      connected_by = excluded.connected_by, connected_at = excluded.connected_at, updated_at = excluded.updated_at`;
  await resolveAlert(tx, workspaceId, now, { kind: "needs_reconnect", subject: crm });
  await putSchedules(tx, workspaceId, crm, now);
  await house.queue.enqueue(tx, [
    { kind: "mirror.import", payload: { workspace_id: workspaceId, crm }, key: `${workspaceId}:${crm}` },
    { kind: "runs.resume", payload: { workspace_id: workspaceId, crm } },
    { kind: "writes.recover", payload: { workspace_id: workspaceId }, key: workspaceId },
    ...(crm === "salesforce"
      ? [{ kind: "connections.hand-over-key" as const, payload: { workspace_id: workspaceId }, key: workspaceId }]
      : []),
  ]);
  await recordAudit(tx, workspaceId, now, {
    actor: by,
    action: "connection.connected",
    subject: crm,
    detail: { account_id: consent.accountId, missing_scopes: consent.missingScopes },
  });
}

/** The installing person as a member. HubSpot tells a user id; its owner list knows the address behind it. */
async function installerOf(opened: Crm, crm: CrmType, user: Consent["user"]) {
  const owner = user.email ? null : (await opened.owners()).find((each) => each.userId === user.id);
  const ids = crm === "hubspot" ? { hubspotUserId: user.id } : { salesforceUserId: user.id };
  return {
    // Somebody must be admin: without an address they are known by their id, under a name no mail can reach.
    email: user.email ?? owner?.email ?? `user-${user.id}@${crm}.invalid`,
    name: user.name ?? owner?.name ?? "",
    role: "admin" as const,
    ...ids,
  };
}

function connectedElsewhere(crm: CrmType): AppError {
  return new AppError("account_connected_elsewhere", {
    status: 409,
    public:
      `This ${crmName(crm)} account is connected to another Pandora workspace. ` +
      "Disconnect it there first, or connect a different account.",
  });
}

function otherAccount(crm: CrmType, name: string): AppError {
  return new AppError("other_account_connected", {
    status: 409,
    public: `This workspace is connected to another ${crmName(crm)} account (${name}). Disconnect that one first.`,
  });
}
