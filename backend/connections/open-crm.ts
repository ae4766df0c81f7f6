/**
 * Opens a workspace's connection: one adapter per workspace, CRM and lane, kept while the connection stays the same.
 * The adapters pull in their SDKs (0.3–0.8 s), so they are imported when first needed.
 */
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { CrmError } from "../crm/errors.ts";
import { createPace } from "../crm/pace.ts";
import type { Crm, CrmType, Limits, PaceTaker } from "../crm/port.ts";
import type { Db } from "../db.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Lane, OpenCrm } from "./house.ts";
import { assertUsable, createTokens, crmName, markNeedsReconnect, type Tokens } from "./refresh.ts";

type Deps = { db: Db; clock: Clock; log: Logger; config: Config };
type Row = {
  status: string;
  account_id: string;
  instance_url: string;
  user_id: string;
  connected_at: Date;
  quiet_until: Date | null;
};
type Opened = { key: string; crm: Promise<Crm> };

/** Background work stops at this share of the daily allowance, so that people and other apps keep the rest. */
const quietShare = 0.8;
/** Then once an hour one call looks whether the allowance (rolling, 24 h) has recovered. */
const quietMs = 3_600_000;
/** Refused with a fresh token so often in a row: the account itself is shut, not a token. */
const refusalsMax = 3;

/**
 * @returns openCrm, which throws AppError not_connected | needs_reconnect (409), and on the background lane
 *   crm_quiet (503, `retryAfterS`) while the daily allowance is nearly used up. `close` frees all sockets.
 */
export function createOpenCrm(deps: Deps): OpenCrm & { close(): Promise<void> } {
  const opened = new Map<string, Opened>();
  // Both lanes share the tokens of a connection: one refresh serves them.
  const tokens = new Map<string, { key: string; tokens: Tokens }>();

  const openCrm = async (workspaceId: string, crm: CrmType, lane: Lane): Promise<Crm> => {
    const [row] = await deps.db.withWorkspace(
      workspaceId,
      (tx) => tx<Row[]>`
        select status, account_id, instance_url, user_id, connected_at, quiet_until
        from crm_connections where workspace_id = ${workspaceId} and crm = ${crm}`,
    );
    assertUsable(crm, row);
    if (lane === "background") assertNotQuiet(crm, row!, deps.clock.now());
    const key = [row!.account_id, row!.instance_url, row!.connected_at.getTime()].join(" ");
    const shared = kept(tokens, `${workspaceId} ${crm}`, key, () => ({
      key,
      tokens: createTokens(deps, workspaceId, crm),
    }));
    const place = `${workspaceId} ${crm} ${lane}`;
    const before = opened.get(place);
    const now = kept(opened, place, key, () => ({
      key,
      crm: openAdapter(deps, workspaceId, crm, lane, row!, shared.tokens),
    }));
    if (before && before !== now) void before.crm.then((old) => old.close()).catch(() => {});
    return now.crm;
  };
  return Object.assign(openCrm, {
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.allSettled(all.map(async (each) => (await each.crm).close()));
    },
  });
}

/** True for the refusals that mean "wait": a dead or missing connection, or a used-up allowance. */
export function isPause(error: unknown): error is AppError {
  return error instanceof AppError && ["not_connected", "needs_reconnect", "crm_quiet"].includes(error.code);
}

function kept<T extends { key: string }>(map: Map<string, T>, place: string, key: string, make: () => T): T {
  const found = map.get(place);
  if (found?.key === key) return found;
  const made = make();
  map.set(place, made);
  return made;
}

function assertNotQuiet(crm: CrmType, row: Row, now: Date): void {
  if (!row.quiet_until || row.quiet_until <= now) return;
  throw new AppError("crm_quiet", {
    status: 503,
    public: `${crmName(crm)}'s daily allowance is nearly used up: background work waits until ${row.quiet_until.toISOString()}.`,
    retryAfterS: Math.ceil((row.quiet_until.getTime() - now.getTime()) / 1000),
    extra: { crm, quiet_until: row.quiet_until.toISOString() },
  });
}

async function openAdapter(
  deps: Deps,
  workspaceId: string,
  crm: CrmType,
  lane: Lane,
  row: Row,
  tokens: Tokens,
): Promise<Crm> {
  const pace = createPace({ db: deps.db, clock: deps.clock, workspaceId, crm, lane });
  const holder: { limits: () => Limits } = {
    limits: () => ({ dailyUsed: null, dailyMax: null, burstRemaining: null }),
  };
  const options = {
    clock: deps.clock,
    requestTimeoutMs: deps.config.requestTimeoutMs,
    accessToken: tokens.accessToken,
    onTokenRefused: tokens.refused,
    pace: lane === "background" ? quietPace(deps, workspaceId, crm, pace, () => holder.limits()) : pace,
  };
  let adapter: Crm;
  if (crm === "hubspot") {
    const { createHubSpotCrm } = await import("../crm/hubspot/crm.ts");
    adapter = createHubSpotCrm({ ...options, apiUrl: row.instance_url, userId: row.user_id });
  } else {
    const { createSalesforceCrm } = await import("../crm/salesforce/crm.ts");
    adapter = createSalesforceCrm({ ...options, instanceUrl: row.instance_url });
  }
  holder.limits = adapter.limits;
  return watchRefusals(deps, workspaceId, crm, adapter);
}

/** Looks at the allowance before each background call, and falls silent when it runs low. */
function quietPace(deps: Deps, workspaceId: string, crm: CrmType, pace: PaceTaker, limits: () => Limits): PaceTaker {
  let judged: Limits | null = null;
  let until = new Date(0);
  const exhausted = () =>
    new CrmError("quota_exhausted", `${crmName(crm)}'s daily allowance is nearly used up.`, {
      afterMs: Math.max(0, until.getTime() - deps.clock.now().getTime()),
    });
  const assertLoud = async (): Promise<void> => {
    if (deps.clock.now() < until) throw exhausted();
    const now = limits();
    // A reading that made us stop is not used again: the first call after the pause brings a new one.
    if (now !== judged && now.dailyUsed !== null && now.dailyMax && now.dailyUsed >= now.dailyMax * quietShare) {
      judged = now;
      until = new Date(deps.clock.now().getTime() + quietMs);
      await deps.db.withWorkspace(
        workspaceId,
        (tx) =>
          tx`update crm_connections set quiet_until = ${until} where workspace_id = ${workspaceId} and crm = ${crm}`,
      );
      deps.log.warn("connections.quiet", { workspaceId, crm, used: now.dailyUsed, max: now.dailyMax });
      throw exhausted();
    }
  };
  const take = async (bucket: "calls" | "search", calls: number): Promise<void> => {
    await assertLoud();
    await pace(bucket, calls);
  };
  return Object.assign(take, {
    async reserve(calls: number): Promise<void> {
      await assertLoud();
      await pace.reserve(calls);
    },
  });
}

/**
 * An adapter says `reconnect` when even a fresh token was refused. Once may be a hiccup of the CRM, so the call counts as
 * not done; three in a row mean that a person has to look.
 */
function watchRefusals(deps: Deps, workspaceId: string, crm: CrmType, adapter: Crm): Crm {
  let inARow = 0;
  const deals = watched(adapter.deals);
  return watched(adapter, { deals });

  function watched<T extends object>(of: T, instead: Partial<T> = {}): T {
    return new Proxy(of, {
      get(target, name) {
        const member = Reflect.get(name in instead ? instead : target, name) as unknown;
        if (typeof member !== "function" || name === "limits" || name === "recordUrl" || name === "close")
          return member;
        return (...args: unknown[]) => {
          const result = (member as (...rest: unknown[]) => unknown).apply(target, args);
          return result instanceof Promise ? result.then(answered, refused) : result;
        };
      },
    });
  }

  function answered<T>(value: T): T {
    inARow = 0;
    return value;
  }
  async function refused(error: unknown): Promise<never> {
    if (!(error instanceof CrmError) || error.kind !== "reconnect") throw error;
    inARow += 1;
    const [row] = await deps.db.withWorkspace(
      workspaceId,
      (tx) =>
        tx<
          { status: string }[]
        >`select status from crm_connections where workspace_id = ${workspaceId} and crm = ${crm}`,
    );
    if (row?.status !== "connected") throw error;
    if (inARow < refusalsMax) throw new CrmError("token_expired", error.message, error.detail, error);
    await markNeedsReconnect(deps, workspaceId, crm, error.message);
    throw error;
  }
}
