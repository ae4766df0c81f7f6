/** SQL of ingest: sets in, sets out. */
import { type KeyRing, seal } from "../connections/vault.ts";
import type { Tx } from "../db.ts";
import type { Assigned, Standing } from "./assign.ts";
import { domainOfEmail } from "./domains.ts";
import { sameHostMs, sameKeyMs } from "./same-meeting.ts";
import type { Telling, Texts, Told } from "./telling.ts";

export type Place = { workspaceId: string; now: Date };
export type Transcript = {
  sourceId: string;
  externalId: string;
  conversationId: string;
  text: string;
  startedAt: string;
};

export const transcriptPlace = (workspaceId: string) => ({ workspaceId, crm: "conversation", column: "transcript" });

/** Held until the transaction ends. */
export async function lockIngest(tx: Tx, workspaceId: string): Promise<{ transcriptDays: number }> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`conversations ${workspaceId}`}, 0))`;
  const [row] = await tx<{ days: number | null }[]>`
    select (settings->>'transcript_days')::int as days from workspaces where workspace_id = ${workspaceId}`;
  return { transcriptDays: row?.days ?? 90 };
}

type Sought = { external_id: string; meeting_key: string | null; host_email: string | null; started_at: string | null };

/** The tellings with these ids, those that may speak of the same meetings, and all others of the same rows; and the rows. */
export async function readNeighbours(
  tx: Tx,
  workspaceId: string,
  sourceId: string,
  sought: readonly Sought[],
): Promise<{ tellings: Telling[]; standing: Standing[] }> {
  const rows = await tx<NeighbourRow[]>`
    with r as (
      select * from jsonb_to_recordset(${tx.json(sought as never)})
        as r(external_id text, meeting_key text, host_email text, started_at timestamptz)),
    same as (
      select t.source_id, t.external_id, t.conversation_id from r join conversation_tellings t
        on t.workspace_id = ${workspaceId} and t.source_id = ${sourceId} and t.external_id = r.external_id),
    near as (
      select conversation_id from same
      union
      select t.conversation_id from r join conversation_tellings t
        on t.workspace_id = ${workspaceId} and t.meeting_key = r.meeting_key
          and t.started_at between r.started_at - ${sameKeyMs} * interval '1 ms' and r.started_at + ${sameKeyMs} * interval '1 ms'
      union
      select t.conversation_id from r join conversation_tellings t
        on t.workspace_id = ${workspaceId} and t.host_email = r.host_email
          and t.started_at between r.started_at - ${sameHostMs} * interval '1 ms' and r.started_at + ${sameHostMs} * interval '1 ms'),
    wanted as (
      select source_id, external_id from same
      union
      select t.source_id, t.external_id from near join conversation_tellings t
        on t.workspace_id = ${workspaceId} and t.conversation_id = near.conversation_id)
    select t.source_id, t.external_id, t.conversation_id, t.payload_hash, t.told_at, t.telling, t.texts, c.created_at,
      c.facts_hash, exists (select 1 from gap_decisions d where d.workspace_id = ${workspaceId} and d.conversation_id = c.id)
        or exists (select 1 from deal_creations d where d.workspace_id = ${workspaceId} and d.conversation_id = c.id) as decided
    from wanted w
    join conversation_tellings t on t.workspace_id = ${workspaceId} and t.source_id = w.source_id and t.external_id = w.external_id
    left join conversations c on c.workspace_id = ${workspaceId} and c.id = t.conversation_id
    order by t.source_id, t.external_id`;
  const standing = new Map<string, Standing>();
  for (const { conversation_id: id, created_at, facts_hash, decided } of rows) {
    if (id !== null) standing.set(id, { id, createdAt: created_at!.toISOString(), factsHash: facts_hash!, decided });
  }
  return { tellings: rows.map(toTelling), standing: [...standing.values()] };
}

/** Facts columns only; what the linker and the judge found stays until they look again. */
export async function putConversations(tx: Tx, place: Place, rows: Assigned["written"]): Promise<void> {
  if (rows.length === 0) return;
  const wire = rows.map(({ id, facts, hash }) => ({ id, ...facts, facts_hash: hash }));
  await tx`
    insert into conversations as c (workspace_id, id, title, source, url, started_at, duration_minutes, meeting_key, host_email,
      call_type, scope_hint, named_records, summary, signals, facts_hash, created_at, updated_at, dirty)
    select ${place.workspaceId}, r.id, r.title, r.source, r.url, r.started_at, r.duration_minutes, r.meeting_key, r.host_email,
      r.call_type, r.scope_hint, r.named_records, r.summary, nullif(r.signals, 'null'), r.facts_hash, ${place.now}, ${place.now}, true
    from jsonb_to_recordset(${tx.json(wire as never)}) as r(id uuid, title text, source text, url text, started_at timestamptz,
      duration_minutes double precision, meeting_key text, host_email text, call_type text, scope_hint text,
      named_records jsonb, summary text, signals jsonb, facts_hash text)
    order by r.id
    on conflict (workspace_id, id) do update set title = excluded.title, source = excluded.source, url = excluded.url,
      started_at = excluded.started_at, duration_minutes = excluded.duration_minutes, meeting_key = excluded.meeting_key,
      host_email = excluded.host_email, call_type = excluded.call_type, scope_hint = excluded.scope_hint,
      named_records = excluded.named_records, summary = excluded.summary, signals = excluded.signals,
      facts_hash = excluded.facts_hash, updated_at = excluded.updated_at, dirty = true`;
}

/** What was found about somebody (side, contact, lead) stays while the address in that place stays. */
export async function putParticipants(tx: Tx, place: Place, rows: Assigned["written"]): Promise<void> {
  if (rows.length === 0) return;
  const wire = rows.flatMap(({ id, participants }) =>
    participants.map((person, ordinal) => ({
      ...{ conversation_id: id, ordinal, ...person },
      domain: person.email === null ? null : domainOfEmail(person.email),
    })),
  );
  const counts = rows.map(({ id, participants }) => ({ id, count: participants.length }));
  await tx`
    delete from conversation_participants p using jsonb_to_recordset(${tx.json(counts)}) as r(id uuid, count int)
    where p.workspace_id = ${place.workspaceId} and p.conversation_id = r.id and p.ordinal >= r.count`;
  await tx`
    insert into conversation_participants as p (workspace_id, conversation_id, ordinal, name, email, phone, affiliation, domain)
    select ${place.workspaceId}, r.conversation_id, r.ordinal, r.name, r.email, r.phone, r.affiliation, r.domain
    from jsonb_to_recordset(${tx.json(wire as never)})
      as r(conversation_id uuid, ordinal int, name text, email text, phone text, affiliation text, domain text)
    on conflict (workspace_id, conversation_id, ordinal) do update set name = excluded.name, email = excluded.email,
      phone = excluded.phone, affiliation = excluded.affiliation, domain = excluded.domain,
      side = case when p.email = excluded.email then p.side end,
      contact_crm = case when p.email = excluded.email then p.contact_crm end,
      contact_id = case when p.email = excluded.email then p.contact_id end,
      lead_crm = case when p.email = excluded.email then p.lead_crm end,
      lead_id = case when p.email = excluded.email then p.lead_id end`;
}

export async function putTellings(tx: Tx, place: Place, rows: readonly Telling[]): Promise<void> {
  if (rows.length === 0) return;
  const wire = rows.map(({ told, texts, ...row }) => ({
    ...{ source_id: row.sourceId, external_id: row.externalId, conversation_id: row.conversationId },
    ...{ payload_hash: row.payloadHash, told_at: row.toldAt, telling: told, texts },
    ...{
      meeting_key: told?.meetingKey ?? null,
      host_email: told?.hostEmail ?? null,
      started_at: told?.startedAt ?? null,
    },
  }));
  await tx`
    insert into conversation_tellings (workspace_id, source_id, external_id, conversation_id, payload_hash, told_at,
      meeting_key, host_email, started_at, telling, texts, seen_at)
    select ${place.workspaceId}, r.source_id, r.external_id, r.conversation_id, r.payload_hash, r.told_at, r.meeting_key,
      r.host_email, r.started_at, nullif(r.telling, 'null'), r.texts, ${place.now}
    from jsonb_to_recordset(${tx.json(wire as never)}) as r(source_id uuid, external_id text, conversation_id uuid,
      payload_hash text, told_at timestamptz, meeting_key text, host_email text, started_at timestamptz, telling jsonb, texts jsonb)
    on conflict (workspace_id, source_id, external_id) do update set conversation_id = excluded.conversation_id,
      payload_hash = excluded.payload_hash, told_at = excluded.told_at, meeting_key = excluded.meeting_key,
      host_email = excluded.host_email, started_at = excluded.started_at, telling = excluded.telling, texts = excluded.texts,
      seen_at = excluded.seen_at`;
}

/** Seals new transcripts, moves those of tellings that moved, deletes those of tellings that were taken back. */
export async function putTranscripts(
  tx: Tx,
  keys: KeyRing,
  place: Place & { transcriptDays: number },
  transcripts: readonly Transcript[],
  touched: readonly Telling[],
): Promise<void> {
  const keep = touched.map((row) => ({
    ...{ source_id: row.sourceId, external_id: row.externalId },
    conversation_id: row.texts.transcript ? row.conversationId : null,
  }));
  if (keep.length > 0) {
    await tx`
      with r as (
        select * from jsonb_to_recordset(${tx.json(keep)}) as r(source_id uuid, external_id text, conversation_id uuid)),
      gone as (
        delete from conversation_transcripts t using r where t.workspace_id = ${place.workspaceId}
          and t.source_id = r.source_id and t.external_id = r.external_id and r.conversation_id is null)
      update conversation_transcripts t set conversation_id = r.conversation_id from r
      where t.workspace_id = ${place.workspaceId} and t.source_id = r.source_id and t.external_id = r.external_id
        and t.conversation_id <> r.conversation_id`;
  }
  const day = 86_400_000;
  const rows = transcripts
    .map((one) => ({ ...one, deleteAfter: new Date(Date.parse(one.startedAt) + place.transcriptDays * day) }))
    // Told so late that it would have to be deleted already.
    .filter((one) => one.deleteAfter > place.now)
    .map(({ text, startedAt: _at, ...one }) => ({
      ...one,
      sealed: seal(keys, transcriptPlace(place.workspaceId), text),
    }));
  if (rows.length === 0) return;
  await tx`
    insert into conversation_transcripts (workspace_id, conversation_id, source_id, external_id, text_sealed, delete_after)
    select ${place.workspaceId}, r."conversationId", r."sourceId", r."externalId", r.sealed, r."deleteAfter"
    from jsonb_to_recordset(${tx.json(rows as never)})
      as r("conversationId" uuid, "sourceId" uuid, "externalId" text, sealed text, "deleteAfter" timestamptz)
    on conflict (workspace_id, source_id, external_id) do update set conversation_id = excluded.conversation_id,
      text_sealed = excluded.text_sealed, delete_after = excluded.delete_after`;
}

/** What was decided about a row between reading and now moves along. */
export async function joinRows(tx: Tx, place: Place, joined: Assigned["joined"]): Promise<void> {
  const rows = tx.json(joined);
  await tx`
    update gap_decisions d set conversation_id = r."to" from jsonb_to_recordset(${rows}) as r("from" uuid, "to" uuid)
    where d.workspace_id = ${place.workspaceId} and d.conversation_id = r."from"`;
  await tx`
    update deal_creations d set conversation_id = r."to" from jsonb_to_recordset(${rows}) as r("from" uuid, "to" uuid)
    where d.workspace_id = ${place.workspaceId} and d.conversation_id = r."from"`;
}

export async function dropRows(tx: Tx, place: Place, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx`
    delete from conversations c using jsonb_array_elements_text(${tx.json(ids as never)}) as r(id)
    where c.workspace_id = ${place.workspaceId} and c.id = r.id::uuid`;
}

type NeighbourRow = {
  source_id: string;
  external_id: string;
  conversation_id: string | null;
  payload_hash: string;
  told_at: Date;
  telling: Told | null;
  texts: Texts;
  created_at: Date | null;
  facts_hash: string | null;
  decided: boolean;
};

function toTelling(row: NeighbourRow): Telling {
  return {
    sourceId: row.source_id,
    externalId: row.external_id,
    conversationId: row.conversation_id,
    payloadHash: row.payload_hash,
    toldAt: row.told_at.toISOString(),
    told: row.telling,
    texts: row.texts,
  };
}
