/**
 * Takes what sources told into conversations: once, whatever comes twice, late or from several sources at a time. Any
 * number of items costs the same number of statements.
 */
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";
import { type Assigned, assignRows } from "./assign.ts";
import {
  dropRows,
  joinRows,
  lockIngest,
  putConversations,
  putParticipants,
  putTellings,
  putTranscripts,
  readNeighbours,
  type Transcript,
} from "./ingest-store.ts";
import type { Converted } from "./shape.ts";
import { countReceived, putRefusals } from "./source-rows.ts";
import { type Accepted, afterDelivery, hashOf, type Source, type Telling } from "./telling.ts";

export type Ingested = {
  created: number;
  updated: number;
  unchanged: number;
  refused: { external_id: string | null; reason: string }[];
};

/** Clocks disagree; what begins later than this has not taken place. */
const aheadMs = 3_600_000;

/** @param source a row of `sources`; its kind is what the conversations will say they come from */
export async function ingest(
  house: Pick<House, "db" | "queue" | "clock" | "config">,
  workspaceId: string,
  source: Source,
  items: readonly Converted[],
): Promise<Ingested> {
  return ingestTx(house, workspaceId, (tx) => ingestIn(tx, house, workspaceId, source, items));
}

/** A transaction for `ingestIn`: once more when the sweep wrote the same rows in another order and was let go first. */
export async function ingestTx<T>(
  house: Pick<House, "db">,
  workspaceId: string,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await house.db.withWorkspace(workspaceId, work);
    } catch (error) {
      if ((error as { code?: string }).code !== deadlock || tries >= triesMax) throw error;
    }
  }
}

const deadlock = "40P01";
const triesMax = 3;

/** The same inside the caller's transaction: a pull stores its cursor with the page it belongs to. */
export async function ingestIn(
  tx: Tx,
  house: Pick<House, "queue" | "clock" | "config">,
  workspaceId: string,
  source: Source,
  items: readonly Converted[],
): Promise<Ingested> {
  const now = house.clock.now();
  const { accepted, refused } = sorted(items, now);
  // One ingest of a workspace at a time: two that tell of the same meeting at once would make two of it.
  const { transcriptDays } = await lockIngest(tx, workspaceId);
  const before = await readNeighbours(tx, workspaceId, source.id, accepted.map(placeOf));
  const folded = fold(before.tellings, source, accepted, now);
  const tellings = [...folded.tellings.values()];
  const assigned = assignRows(tellings, before.standing, () => timeOrderedId(now));
  await store(tx, house, { workspaceId, now, transcriptDays }, before.tellings, folded, tellings, assigned);
  await putRefusals(tx, { workspaceId, sourceId: source.id, now }, refused, accepted.map(idOf));
  await countReceived(tx, { workspaceId, sourceId: source.id, now }, items.length, refused.length);
  if (assigned.written.length + assigned.joined.length + assigned.dropped.length > 0) {
    await house.queue.enqueue(tx, { kind: "gaps.sweep", payload: { workspace_id: workspaceId }, key: workspaceId });
  }
  return { ...counted(source, accepted, folded, assigned), refused };
}

type Folded = {
  /** All tellings concerned as they are now, by `keyOf`. */
  tellings: Map<string, Telling>;
  changed: Set<string>;
  transcripts: Map<string, string>;
};

function sorted(items: readonly Converted[], now: Date) {
  const accepted: Accepted[] = [];
  const refused: Ingested["refused"] = [];
  for (const item of items) {
    if (!item.ok) refused.push({ external_id: item.externalId, reason: item.reason });
    else if ("conversation" in item && Date.parse(item.conversation.startedAt) > now.getTime() + aheadMs) {
      const reason = "It has not taken place yet: it starts in the future. Send it again afterwards.";
      refused.push({ external_id: item.conversation.externalId, reason });
    } else accepted.push(item);
  }
  return { accepted, refused };
}

/** Puts the deliveries into the tellings they belong to, one after the other. */
function fold(before: readonly Telling[], source: Source, accepted: readonly Accepted[], now: Date): Folded {
  const folded: Folded = {
    tellings: new Map(before.map((telling) => [keyOf(telling), telling])),
    changed: new Set(),
    transcripts: new Map(),
  };
  for (const delivery of accepted) {
    const key = keyOf({ sourceId: source.id, externalId: idOf(delivery) });
    const after = afterDelivery(folded.tellings.get(key), source, delivery, now);
    folded.tellings.set(key, after.telling);
    if (after.changed) folded.changed.add(key);
    if (after.transcript !== null) folded.transcripts.set(key, after.transcript);
  }
  return folded;
}

async function store(
  tx: Tx,
  house: Pick<House, "config">,
  place: { workspaceId: string; now: Date; transcriptDays: number },
  before: readonly Telling[],
  folded: Folded,
  tellings: readonly Telling[],
  assigned: Assigned,
): Promise<void> {
  const was = new Map(before.map((telling) => [keyOf(telling), telling]));
  const rows = tellings.map((telling, n) => ({ ...telling, conversationId: assigned.rowOf[n] ?? null }));
  const touched = rows.filter((row) => {
    const old = was.get(keyOf(row));
    return (
      !old ||
      folded.changed.has(keyOf(row)) ||
      old.conversationId !== row.conversationId ||
      old.toldAt !== row.toldAt ||
      old.payloadHash !== row.payloadHash ||
      // A removal that takes nothing away yet is remembered all the same: what was told before it may still come.
      hashOf(old.texts) !== hashOf(row.texts)
    );
  });
  const transcripts = rows.flatMap((row): Transcript[] => {
    const text = folded.transcripts.get(keyOf(row));
    return text === undefined || row.conversationId === null || row.told === null
      ? []
      : [
          {
            sourceId: row.sourceId,
            externalId: row.externalId,
            conversationId: row.conversationId,
            text,
            startedAt: row.told.startedAt,
          },
        ];
  });
  await putConversations(tx, place, assigned.written);
  await putParticipants(tx, place, assigned.written);
  await putTellings(tx, place, touched);
  await putTranscripts(tx, house.config.keys, place, transcripts, touched);
  if (assigned.joined.length > 0) await joinRows(tx, place, assigned.joined);
  await dropRows(tx, place, [...assigned.dropped, ...assigned.joined.map(({ from }) => from)]);
}

/** A delivery that made a row created it; a second one of the same meeting, or of the same id, updated it. */
function counted(source: Source, accepted: readonly Accepted[], folded: Folded, assigned: Assigned) {
  const rows = new Map([...folded.tellings.keys()].map((key, n) => [key, assigned.rowOf[n] ?? null]));
  const fresh = new Set(assigned.written.filter(({ isNew }) => isNew).map(({ id }) => id));
  const changed = new Set(folded.changed);
  const count = { created: 0, updated: 0, unchanged: 0 };
  for (const delivery of accepted) {
    const key = keyOf({ sourceId: source.id, externalId: idOf(delivery) });
    const isChange = changed.delete(key);
    if (fresh.delete(rows.get(key) ?? "")) count.created += 1;
    else if (isChange) count.updated += 1;
    else count.unchanged += 1;
  }
  return count;
}

function placeOf(delivery: Accepted) {
  if ("gone" in delivery)
    return { external_id: delivery.gone.externalId, meeting_key: null, host_email: null, started_at: null };
  const { externalId, meetingKey, hostEmail, startedAt } = delivery.conversation;
  return { external_id: externalId, meeting_key: meetingKey, host_email: hostEmail, started_at: startedAt };
}

function idOf(delivery: Accepted): string {
  return "gone" in delivery ? delivery.gone.externalId : delivery.conversation.externalId;
}

function keyOf({ sourceId, externalId }: { sourceId: string; externalId: string }): string {
  return `${sourceId} ${externalId}`;
}
