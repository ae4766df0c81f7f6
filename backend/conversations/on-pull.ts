/**
 * Job source.pull: what a source has that we have not. Each page is stored together with where it ended, so that a crash
 * between two pages costs nothing and repeats nothing; what is told twice changes nothing.
 */
import { raiseAlert, resolveAlert } from "../connections/alerts.ts";
import { isPause } from "../connections/open-crm.ts";
import { CrmError } from "../crm/errors.ts";
import { AppError } from "../errors.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { ingestIn, ingestTx } from "./ingest.ts";
import { type Puller, pullerOf, type Window } from "./pullers.ts";
import { openSecrets, type SourceRow, vendorName } from "./source-rules.ts";
import { readSource } from "./sources.ts";
import { SourceFault, type SourceHouse } from "./vendor-http.ts";

/** The first pull reaches back as far as a gap is looked for. */
const firstDays = 90;
const dayMs = 86_400_000;
/** Vendors file a call hours after it ended; CRMs tell changes by their own clock. */
const overlapMs: Record<string, number> = { gong: dayMs, fireflies: dayMs, hubspot: 60_000, salesforce: 60_000 };
const retryFirstMs = 600_000;
const retryMaxMs = 6 * 3_600_000;

export async function onPull(
  house: SourceHouse,
  { workspace_id: workspaceId, source_id: sourceId }: JobPayload<"source.pull">,
  signal: AbortSignal,
): Promise<void> {
  const source = await findSource(house, workspaceId, sourceId);
  const now = house.clock.now();
  if (!source || source.status === "paused" || (source.retry_at !== null && source.retry_at > now)) return;
  try {
    const secrets = openSecrets(house.config.keys, workspaceId, source.secrets_sealed);
    const puller = await pullerOf(house, workspaceId, source, secrets);
    const items = await pullPages(house, workspaceId, source, puller, signal);
    await succeeded(house, workspaceId, source, puller.off);
    house.log.info("source.pulled", { workspaceId, sourceId, kind: source.kind, items });
  } catch (error) {
    if (signal.aborted) throw error;
    // A dead connection has an alert of its own, and the next round comes by itself.
    if (isPause(error)) return;
    await failed(house, workspaceId, source, error);
    // What we do not know is a fault of ours: the job engine keeps it.
    if (!isForeseen(error)) throw error;
  }
}

async function pullPages(
  house: SourceHouse,
  workspaceId: string,
  source: SourceRow,
  puller: Puller,
  signal: AbortSignal,
): Promise<number> {
  const begun = readPosition(source.cursor) ?? { ...firstWindow(source, house.clock.now()), at: null };
  const window: Window = { from: begun.from, to: begun.to };
  let at: string | null = begun.at;
  let items = 0;
  do {
    signal.throwIfAborted();
    const page = await puller.page(window, at);
    if (page.cursor !== null && page.cursor === at) {
      throw new SourceFault("rejected", `${vendorName[source.kind]} sends the same page again and again.`);
    }
    at = page.cursor;
    items += page.items.length;
    await ingestTx(house, workspaceId, async (tx) => {
      await ingestIn(tx, house, workspaceId, { id: source.id, kind: source.kind }, page.items);
      const since = new Date(Date.parse(window.to) - (overlapMs[source.kind] ?? 0));
      await tx`
        update sources set cursor = ${at === null ? null : JSON.stringify({ ...window, at })},
          since = case when ${at === null} then ${since} else since end
        where workspace_id = ${workspaceId} and id = ${source.id}`;
    });
  } while (at !== null);
  return items;
}

function firstWindow(source: SourceRow, now: Date): Window {
  const from = source.since ?? new Date(now.getTime() - firstDays * dayMs);
  return { from: from.toISOString(), to: now.toISOString() };
}

function readPosition(cursor: string | null): (Window & { at: string | null }) | null {
  return cursor === null ? null : (JSON.parse(cursor) as Window & { at: string | null });
}

async function findSource(house: SourceHouse, workspaceId: string, id: string): Promise<SourceRow | null> {
  try {
    return await house.db.withWorkspace(workspaceId, (tx) => readSource(tx, workspaceId, id));
  } catch (error) {
    // Deleted while the job waited.
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

async function succeeded(
  house: SourceHouse,
  workspaceId: string,
  source: SourceRow,
  off: Record<string, string>,
): Promise<void> {
  const now = house.clock.now();
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      update sources set status = case when status = 'failing' then 'connected' else status end, failures = 0,
        retry_at = null, last_error = null, last_error_at = null, last_pulled_at = ${now},
        settings = settings || ${tx.json({ off })}
      where workspace_id = ${workspaceId} and id = ${source.id}`;
    await resolveAlert(tx, workspaceId, now, { kind: "source_failing", subject: source.id });
  });
}

/** Asked again after 10 minutes, then 20, 40 … 6 hours, or when the vendor says; told once. */
async function failed(house: SourceHouse, workspaceId: string, source: SourceRow, error: unknown): Promise<void> {
  const now = house.clock.now();
  const says = wordsFor(error, vendorName[source.kind]);
  const backoffMs = Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(10, source.failures));
  const waitMs = error instanceof SourceFault ? Math.max(backoffMs, error.afterMs ?? 0) : backoffMs;
  // A place the vendor no longer takes would be refused for ever: the window is asked for from its beginning.
  const restart = error instanceof SourceFault && error.kind === "rejected";
  house.log.warn("source.failed", {
    workspaceId,
    sourceId: source.id,
    kind: source.kind,
    failures: source.failures + 1,
  });
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      update sources set status = case when status = 'paused' then status else 'failing' end, failures = failures + 1,
        last_error = ${says}, last_error_at = ${now}, retry_at = ${new Date(now.getTime() + waitMs)},
        cursor = case when ${restart} then null else cursor end
      where workspace_id = ${workspaceId} and id = ${source.id}`;
    await raiseAlert(tx, workspaceId, now, {
      kind: "source_failing",
      subject: source.id,
      message: `${source.name} brings no conversations: ${says}`,
      detail: { source_id: source.id, source_kind: source.kind },
    });
  });
}

function wordsFor(error: unknown, vendor: string): string {
  if (error instanceof SourceFault) return error.message;
  if (error instanceof AppError) return error.public;
  if (error instanceof CrmError) return `${vendor} refused the list of calls and meetings (${error.kind}).`;
  return "Something went wrong on our side. We try again.";
}

function isForeseen(error: unknown): boolean {
  return error instanceof SourceFault || error instanceof AppError || error instanceof CrmError;
}
