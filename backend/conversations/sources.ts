/** Conversation sources: making, listing, changing and deleting them. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Cron } from "croner";
import { resolveAlert } from "../connections/alerts.ts";
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import type { ListOf } from "../contract/common.ts";
import type { SecretName, Source, SourceCreated, SourceDraft, SourceKind, SourcePatch } from "../contract/sources.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import {
  checkSource,
  isHooked,
  isPulled,
  openSecrets,
  type Secrets,
  type SourceRow,
  sealSecrets,
  vendorName,
} from "./source-rules.ts";

const refusalsShown = 20;

/**
 * @returns the source; with the signing secret when we made one
 * @throws AppError invalid_source (422) | source_exists (409) | not_connected (409)
 */
export async function createSource(
  house: House,
  workspaceId: string,
  draft: SourceDraft,
  by: string,
): Promise<SourceCreated> {
  return house.db.withWorkspace(workspaceId, (tx) => createIn(tx, house, workspaceId, draft, by));
}

async function createIn(
  tx: Tx,
  house: House,
  workspaceId: string,
  draft: SourceDraft,
  by: string,
): Promise<SourceCreated> {
  const { kind, settings = {} } = draft;
  const secrets = withoutNulls(draft.secrets ?? {});
  checkSource(house, kind, secrets, settings);
  // Whoever calls the generic address signs with a secret; where none was entered we make a good one.
  const made = kind === "generic" && !secrets.hook_secret ? randomBytes(32).toString("base64url") : null;
  if (made) secrets.hook_secret = made;
  const now = house.clock.now();
  const id = randomUUID();
  if (!isHooked(kind)) await assertFirstOf(tx, workspaceId, kind);
  const hookId = isHooked(kind) ? randomBytes(16).toString("hex") : null;
  await tx`
    insert into sources (workspace_id, id, kind, name, hook_id, secrets_sealed, settings, created_by, created_at, updated_at)
    values (${workspaceId}, ${id}, ${kind}, ${draft.name ?? vendorName[kind]}, ${hookId},
      ${sealSecrets(house.config.keys, workspaceId, secrets)}, ${tx.json(settings)}, ${by}, ${now}, ${now})`;
  if (hookId) await tx`select directory_add_hook(${hookId}, ${workspaceId}, ${id})`;
  await keepPulling(tx, house, workspaceId, { id, kind, status: "connected" }, secrets);
  await recordAudit(tx, workspaceId, now, { actor: by, action: "source.created", subject: id, detail: { kind } });
  return { ...(await viewOf(tx, house, workspaceId, id)), hook_secret: made };
}

/** Newest first. */
export async function listSources(
  house: House,
  workspaceId: string,
  query: { limit: number; cursor?: string },
): Promise<ListOf<Source>> {
  const after = readCursor(query.cursor);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const rows = await tx<SourceRow[]>`
      select * from sources where workspace_id = ${workspaceId}
        ${after ? tx`and (date_trunc('milliseconds', created_at), id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', created_at) desc, id desc limit ${query.limit + 1}`;
    const cut = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
    return { items: await toSources(tx, house, workspaceId, cut.items), next_cursor: cut.next_cursor };
  });
}

/** @throws AppError not_found (404) */
export async function getSource(house: House, workspaceId: string, id: string): Promise<Source> {
  return house.db.withWorkspace(workspaceId, (tx) => viewOf(tx, house, workspaceId, id));
}

/** Other secrets or settings are a new start: what was refused is asked for again. @throws AppError not_found | invalid_source */
export async function changeSource(
  house: House,
  workspaceId: string,
  id: string,
  patch: SourcePatch,
  by: string,
): Promise<Source> {
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const row = await readSource(tx, workspaceId, id, true);
    const secrets = withoutNulls({
      ...openSecrets(house.config.keys, workspaceId, row.secrets_sealed),
      ...patch.secrets,
    });
    const { off, ...kept } = row.settings;
    const settings = { ...kept, ...patch.settings };
    checkSource(house, row.kind, secrets, settings);
    if (row.kind === "generic" && !secrets.hook_secret) throw noSigning();
    const anew = Boolean(patch.secrets ?? patch.settings ?? patch.status);
    const status = patch.status ?? (anew && row.status === "failing" ? "connected" : row.status);
    const stored = anew || !off ? settings : { ...settings, off };
    await tx`
      update sources set name = ${patch.name ?? row.name}, status = ${status}, settings = ${tx.json(stored)},
        secrets_sealed = ${sealSecrets(house.config.keys, workspaceId, secrets)},
        failures = case when ${anew} then 0 else failures end, retry_at = case when ${anew} then null else retry_at end,
        last_error = case when ${anew} then null else last_error end,
        last_error_at = case when ${anew} then null else last_error_at end, updated_at = ${now}
      where workspace_id = ${workspaceId} and id = ${id}`;
    if (anew) {
      await resolveAlert(tx, workspaceId, now, { kind: "source_failing", subject: id });
      await keepPulling(tx, house, workspaceId, { id, kind: row.kind, status }, secrets);
    }
    await recordAudit(tx, workspaceId, now, {
      actor: by,
      action: "source.changed",
      subject: id,
      detail: { changed: Object.keys(patch).filter((name) => name !== "request_id"), status },
    });
    return viewOf(tx, house, workspaceId, id);
  });
}

/** What it told stays: the conversations took place. @throws AppError not_found (404) */
export async function deleteSource(house: House, workspaceId: string, id: string, by: string): Promise<void> {
  const now = house.clock.now();
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const { kind } = await readSource(tx, workspaceId, id, true);
    await tx`delete from sources where workspace_id = ${workspaceId} and id = ${id}`;
    await tx`select directory_remove_hook(${workspaceId}, ${id})`;
    await tx`select directory_drop_schedule(${workspaceId}, 'source.pull', ${id})`;
    await resolveAlert(tx, workspaceId, now, { kind: "source_failing", subject: id });
    await recordAudit(tx, workspaceId, now, { actor: by, action: "source.deleted", subject: id, detail: { kind } });
  });
}

/** The workspace's source for what comes over the API; made when first needed. @throws AppError not_found for an unknown id */
export async function genericSource(
  house: House,
  workspaceId: string,
  id: string | undefined,
  by: string,
): Promise<{ id: string; kind: "generic" }> {
  const found = await house.db.withWorkspace(workspaceId, (tx) => firstGeneric(tx, workspaceId, id));
  if (found) return { id: found, kind: "generic" };
  if (id) throw notFound("generic source");
  return house.db.withWorkspace(workspaceId, async (tx) => {
    // Two first deliveries at once must not make two sources: the same call would be two calls then.
    await tx`select pg_advisory_xact_lock(hashtextextended(${`generic source ${workspaceId}`}, 0))`;
    const made = await firstGeneric(tx, workspaceId, undefined);
    if (made) return { id: made, kind: "generic" };
    return { id: (await createIn(tx, house, workspaceId, { kind: "generic", name: "API" }, by)).id, kind: "generic" };
  });
}

async function firstGeneric(tx: Tx, workspaceId: string, id: string | undefined): Promise<string | null> {
  const [row] = await tx<{ id: string }[]>`
    select id from sources where workspace_id = ${workspaceId} and kind = 'generic' ${id ? tx`and id = ${id}` : tx``}
    order by created_at, id limit 1`;
  return row?.id ?? null;
}

/** @throws AppError not_found (404) */
export async function readSource(tx: Tx, workspaceId: string, id: string, lock = false): Promise<SourceRow> {
  const [row] = await tx<SourceRow[]>`
    select * from sources where workspace_id = ${workspaceId} and id = ${id} ${lock ? tx`for update` : tx``}`;
  if (!row) throw notFound("source");
  return row;
}

/** Asks now and by the clock while it is connected and there is something to ask with; else not at all. */
async function keepPulling(
  tx: Tx,
  house: House,
  workspaceId: string,
  source: { id: string; kind: SourceKind; status: string },
  secrets: Secrets,
): Promise<void> {
  if (source.status === "paused" || !isPulled(source.kind, secrets)) {
    await tx`select directory_drop_schedule(${workspaceId}, 'source.pull', ${source.id})`;
    return;
  }
  const cron = pullTimes(source);
  const next = new Cron(cron, { timezone: "UTC" }).nextRun(house.clock.now());
  await tx`select directory_put_schedule(${workspaceId}, 'source.pull', ${source.id}, ${cron}, 'UTC', ${next})`;
  const payload = { workspace_id: workspaceId, source_id: source.id };
  await house.queue.enqueue(tx, { kind: "source.pull", payload, key: source.id });
}

/** Every ten minutes, each source at a minute of its own. Fireflies counts calls by the day and tells us itself: hourly. */
function pullTimes({ id, kind }: { id: string; kind: SourceKind }): string {
  const spread = createHash("sha256").update(id).digest().readUInt32BE();
  return kind === "fireflies" ? `${spread % 60} * * * *` : `${spread % 10}-59/10 * * * *`;
}

async function assertFirstOf(tx: Tx, workspaceId: string, kind: SourceKind): Promise<void> {
  // The connection's row is locked: two clicks at once make one source.
  const [connection] = await tx<{ status: string }[]>`
    select status from crm_connections where workspace_id = ${workspaceId} and crm = ${kind} for update`;
  if (!connection || connection.status === "disconnected") {
    throw new AppError("not_connected", {
      status: 409,
      public: `${vendorName[kind]} is not connected. Connect it first.`,
    });
  }
  const [other] = await tx`select 1 from sources where workspace_id = ${workspaceId} and kind = ${kind}`;
  if (other) {
    throw new AppError("source_exists", {
      status: 409,
      public: `The calls and meetings of ${vendorName[kind]} are a source already.`,
    });
  }
}

async function viewOf(tx: Tx, house: House, workspaceId: string, id: string): Promise<Source> {
  const [view] = await toSources(tx, house, workspaceId, [await readSource(tx, workspaceId, id)]);
  return view!;
}

async function toSources(tx: Tx, house: House, workspaceId: string, rows: SourceRow[]): Promise<Source[]> {
  const refusals = await tx<{ source_id: string; external_id: string; reason: string; refused_at: Date }[]>`
    select r.* from jsonb_array_elements_text(${tx.json(rows.map((row) => row.id))}) as s(id)
    cross join lateral (
      select source_id, external_id, reason, refused_at from source_refusals
      where workspace_id = ${workspaceId} and source_id = s.id::uuid
      order by refused_at desc, external_id limit ${refusalsShown}) r`;
  return rows.map((row) => ({
    ...{ id: row.id, kind: row.kind, name: row.name, status: row.status },
    hook_url: row.hook_id ? `${house.config.publicUrl}/webhooks/conversations/${row.kind}/${row.hook_id}` : null,
    secrets_set: Object.keys(openSecrets(house.config.keys, workspaceId, row.secrets_sealed)).sort() as SecretName[],
    settings: row.settings.base_url === undefined ? {} : { base_url: row.settings.base_url },
    notes: Object.values(row.settings.off ?? {}),
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
    last_pulled_at: row.last_pulled_at?.toISOString() ?? null,
    last_error: row.last_error,
    last_error_at: row.last_error_at?.toISOString() ?? null,
    retry_at: row.retry_at?.toISOString() ?? null,
    received: row.received,
    refused: row.refused,
    recent_refusals: refusals
      .filter((one) => one.source_id === row.id)
      .map(({ external_id, reason, refused_at }) => ({ external_id, reason, refused_at: refused_at.toISOString() })),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }));
}

function withoutNulls(secrets: Partial<Record<SecretName, string | null | undefined>>): Secrets {
  return Object.fromEntries(
    Object.entries(secrets).filter(([, value]) => value !== null && value !== undefined),
  ) as Secrets;
}

function noSigning(): AppError {
  const message = "can't be removed: without it nobody could prove a delivery. Enter another one instead";
  return new AppError("invalid_source", {
    status: 422,
    public: "The source can't be saved like this.",
    errors: [{ field: "secrets.hook_secret", code: "required", message }],
  });
}
