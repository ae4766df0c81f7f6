/**
 * Access tokens: handed out while they last, refreshed five minutes before they run out, by one process at a time.
 * Salesforce rotates refresh tokens: a refresh token used twice ends the connection, so whoever refreshes first claims
 * the row, and both new tokens are stored in one statement before either is used. No call is made inside a transaction.
 */
import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { CrmError } from "../crm/errors.ts";
import type { CrmType } from "../crm/port.ts";
import type { Db } from "../db.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { raiseAlert } from "./alerts.ts";
import { oauthOf } from "./oauth-vendors.ts";
import { seal, unseal } from "./vault.ts";

export type TokenDeps = { db: Db; clock: Clock; log: Logger; config: Config };

export type Tokens = {
  /** A token good for at least five minutes, as far as anyone can tell. */
  accessToken(): Promise<string>;
  /** The CRM refused `token`: a newer one, from the database or by one refresh. @throws CrmError reconnect */
  refused(token: string): Promise<string>;
};

const earlyMs = 5 * 60_000;
/** Longer than a token request can take (20 s): a claim that outlives it belongs to a dead process. */
const claimMs = 60_000;
const pollMs = 100;

/** One per connection and process; its callers share one refresh. */
export function createTokens(deps: TokenDeps, workspaceId: string, crm: CrmType): Tokens {
  const { clock } = deps;
  let held: Held | null = null;
  let running: Promise<Held> | null = null;

  const good = (token: Held | null, refusedToken: string | null) =>
    token !== null && token.access !== refusedToken && !runsOut(token, clock.now(), earlyMs);

  async function obtain(refusedToken: string | null): Promise<string> {
    // A call that is under way may answer with the very token that was refused: then ask once more.
    for (let round = 0; round < 3; round += 1) {
      if (good(held, refusedToken)) return held!.access;
      running ??= freshTokens(deps, workspaceId, crm, refusedToken).finally(() => {
        running = null;
      });
      held = await running;
      if (held.access !== refusedToken) return held.access;
    }
    throw new CrmError("reconnect", "The CRM refuses every token: connect again.");
  }

  return { accessToken: () => obtain(null), refused: (token) => obtain(token) };
}

/** Marks a connection dead and says so once. Only while the tokens are the ones that were refused. */
export async function markNeedsReconnect(
  deps: Pick<TokenDeps, "db" | "clock" | "log">,
  workspaceId: string,
  crm: CrmType,
  reason: string,
  tokenVersion: number | null = null,
): Promise<void> {
  const told = await deps.db.withWorkspace(workspaceId, async (tx) => {
    const marked = await tx`
      update crm_connections set status = 'needs_reconnect', status_reason = ${reason}, refresh_claim_by = null,
        refresh_claim_until = null, updated_at = ${deps.clock.now()}
      where crm = ${crm} and status = 'connected' and token_version = coalesce(${tokenVersion}::int, token_version)
      returning crm`;
    if (marked.length === 0) return false;
    return raiseAlert(tx, workspaceId, deps.clock.now(), {
      kind: "needs_reconnect",
      subject: crm,
      message: `${crmName(crm)} ended the connection (${reason}). Background work waits until an admin connects again.`,
    });
  });
  if (told) deps.log.warn("connections.needs_reconnect", { workspaceId, crm });
}

export function crmName(crm: CrmType): string {
  return crm === "hubspot" ? "HubSpot" : "Salesforce";
}

/** @throws AppError not_connected | needs_reconnect (409) for a row that can't be used */
export function assertUsable(crm: CrmType, row: { status: string } | undefined): void {
  if (!row || row.status === "disconnected") {
    throw new AppError("not_connected", {
      status: 409,
      public: `This workspace is not connected to ${crmName(crm)}. Connect it first.`,
      extra: { crm },
    });
  }
  if (row.status === "needs_reconnect") {
    throw new AppError("needs_reconnect", {
      status: 409,
      public: `The connection to ${crmName(crm)} has ended. An admin has to connect again.`,
      extra: { crm },
    });
  }
}

type Held = { access: string; expiresAt: Date | null; version: number };
type Row = {
  status: string;
  instance_url: string;
  access_token_sealed: string;
  refresh_token_sealed: string | null;
  access_expires_at: Date | null;
  token_version: number;
};

function runsOut(token: Held, now: Date, withinMs: number): boolean {
  // Salesforce does not tell when: its tokens are used until they are refused.
  return token.expiresAt !== null && token.expiresAt.getTime() - withinMs <= now.getTime();
}

/** Reads what is stored; refreshes it, or waits for whoever does, where it is refused or about to run out. */
async function freshTokens(
  deps: TokenDeps,
  workspaceId: string,
  crm: CrmType,
  refusedToken: string | null,
): Promise<Held> {
  const me = randomUUID();
  for (;;) {
    const { row, claimed } = await readOrClaim(deps, workspaceId, crm, refusedToken, me);
    const stored = open(deps, workspaceId, crm, row);
    if (!claimed) {
      if (stored.access !== refusedToken && !runsOut(stored, deps.clock.now(), earlyMs)) return stored;
      await deps.clock.sleep(pollMs);
      continue;
    }
    const fresh = await refreshClaimed(deps, workspaceId, crm, row, stored, refusedToken, me);
    if (fresh) return fresh;
  }
}

async function readOrClaim(
  deps: TokenDeps,
  workspaceId: string,
  crm: CrmType,
  refusedToken: string | null,
  me: string,
): Promise<{ row: Row; claimed: boolean }> {
  const at = deps.clock.sqlNow();
  return deps.db.withWorkspace(workspaceId, async (tx) => {
    const [row] = await tx<Row[]>`
      select status, instance_url, access_token_sealed, refresh_token_sealed, access_expires_at, token_version
      from crm_connections where crm = ${crm}`;
    assertUsable(crm, row);
    const stored = open(deps, workspaceId, crm, row!);
    if (stored.access !== refusedToken && !runsOut(stored, deps.clock.now(), earlyMs)) {
      return { row: row!, claimed: false };
    }
    const claim = await tx`
      update crm_connections set refresh_claim_by = ${me},
        refresh_claim_until = coalesce(${at}::timestamptz, clock_timestamp()) + make_interval(secs => ${claimMs / 1000})
      where crm = ${crm} and status = 'connected' and token_version = ${row!.token_version}
        and (refresh_claim_until is null or refresh_claim_until < coalesce(${at}::timestamptz, clock_timestamp()))
      returning crm`;
    return { row: row!, claimed: claim.length > 0 };
  });
}

/** @returns null when somebody else changed the connection meanwhile: read again */
async function refreshClaimed(
  deps: TokenDeps,
  workspaceId: string,
  crm: CrmType,
  row: Row,
  stored: Held,
  refusedToken: string | null,
  me: string,
): Promise<Held | null> {
  const place = (column: string) => ({ workspaceId, crm, column });
  try {
    if (row.refresh_token_sealed === null) throw new CrmError("reconnect", "there is no refresh token");
    const refreshToken = unseal(deps.config.keys, place("refresh_token"), row.refresh_token_sealed);
    const fresh = await oauthOf(deps.config, deps.clock, crm).refresh(refreshToken, row.instance_url);
    const saved = await deps.db.withWorkspace(
      workspaceId,
      (tx) => tx<{ token_version: number }[]>`
        update crm_connections set
          access_token_sealed = ${seal(deps.config.keys, place("access_token"), fresh.accessToken)},
          refresh_token_sealed = ${seal(deps.config.keys, place("refresh_token"), fresh.refreshToken ?? refreshToken)},
          access_expires_at = ${fresh.expiresAt}, token_version = token_version + 1,
          refresh_claim_by = null, refresh_claim_until = null, updated_at = ${deps.clock.now()}
        where crm = ${crm} and status = 'connected' and token_version = ${row.token_version} and refresh_claim_by = ${me}
        returning token_version`,
    );
    deps.log.info("connections.token_refreshed", { workspaceId, crm });
    const version = saved[0]?.token_version;
    return version === undefined ? null : { access: fresh.accessToken, expiresAt: fresh.expiresAt, version };
  } catch (error) {
    if (error instanceof CrmError && error.kind === "reconnect") {
      await markNeedsReconnect(deps, workspaceId, crm, error.message, row.token_version);
      throw error;
    }
    await releaseClaim(deps, workspaceId, crm, me);
    // Early on purpose: a refresh that fails for the moment may be tried again while the token still lasts.
    if (stored.access !== refusedToken && !runsOut(stored, deps.clock.now(), 0)) return stored;
    throw error;
  }
}

async function releaseClaim(deps: TokenDeps, workspaceId: string, crm: CrmType, me: string): Promise<void> {
  await deps.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      update crm_connections set refresh_claim_by = null, refresh_claim_until = null
      where crm = ${crm} and refresh_claim_by = ${me}`,
  );
}

function open(deps: TokenDeps, workspaceId: string, crm: CrmType, row: Row): Held {
  return {
    access: unseal(deps.config.keys, { workspaceId, crm, column: "access_token" }, row.access_token_sealed),
    expiresAt: row.access_expires_at,
    version: row.token_version,
  };
}
