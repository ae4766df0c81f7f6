/** SQL: takes a page of conversations to judge, and stores what they are joined with. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { Participant, Told } from "./internal.ts";
import type { LinkQuestion, Links, NamedRecord } from "./link.ts";

export type TakenConversation = {
  id: string;
  callType: string | null;
  durationMinutes: number | null;
  /** Where it was counted so far. */
  companyKey: string | null;
  generation: number;
  question: LinkQuestion;
};

/**
 * Conversations whose facts changed or whose verdict time has overtaken, locked. One that somebody holds is left for the
 * next sweep: whoever holds it leaves it dirty.
 */
export async function takePage(tx: Tx, workspaceId: string, now: Date, limit: number): Promise<TakenConversation[]> {
  const rows = await tx<ConversationRow[]>`
    select id, title, started_at, duration_minutes, host_email, call_type, scope_hint, named_records, company_key,
      deal_crm, deal_id, link_method, link_confidence, refused_deals, gap_status, generation
    from conversations
    where workspace_id = ${workspaceId} and id in (
      (select id from conversations where workspace_id = ${workspaceId} and dirty order by id limit ${limit})
      union
      (select id from conversations where workspace_id = ${workspaceId} and judge_at <= ${now} order by judge_at limit ${limit}))
    order by id limit ${limit}
    for update skip locked`;
  const ids = rows.map((row) => row.id);
  const people = await tx<(Participant & { conversation_id: string })[]>`
    select conversation_id, ordinal, name, lower(email) as email, affiliation from conversation_participants
    where workspace_id = ${workspaceId} and conversation_id in (select jsonb_array_elements_text(${tx.json(ids)})::uuid)
    order by conversation_id, ordinal`;
  const chosen = await tx<{ conversation_id: string; crm: CrmType; id: string }[]>`
    select conversation_id, crm, company_id as id from conversation_companies
    where workspace_id = ${workspaceId} and method = 'person'
      and conversation_id in (select jsonb_array_elements_text(${tx.json(ids)})::uuid)`;
  const peopleOf = Map.groupBy(people, (each) => each.conversation_id);
  const chosenOf = Map.groupBy(chosen, (each) => each.conversation_id);
  return rows.map((row) => ({
    id: row.id,
    callType: row.call_type,
    durationMinutes: row.duration_minutes,
    companyKey: row.company_key,
    generation: row.generation,
    question: {
      title: row.title,
      startedAt: row.started_at,
      hostEmail: row.host_email,
      scopeHint: row.scope_hint,
      participants: peopleOf.get(row.id) ?? [],
      namedRecords: row.named_records,
      deal:
        row.deal_crm && row.deal_id
          ? { crm: row.deal_crm, id: row.deal_id, method: row.link_method, confidence: row.link_confidence }
          : null,
      gapStatus: row.gap_status,
      refusedDeals: row.refused_deals,
      chosenCompanies: (chosenOf.get(row.id) ?? []).map(({ crm, id }) => ({ crm, id })),
    },
  }));
}

export type LinkedConversation = { taken: TakenConversation; links: Links };

/** Four statements for any number of conversations; rows that are right already are left alone. */
export async function putLinks(tx: Tx, workspaceId: string, now: Date, linked: LinkedConversation[]): Promise<void> {
  await putParticipants(tx, workspaceId, linked);
  await putCompanies(tx, workspaceId, linked);
  await putNamedRecords(tx, workspaceId, linked);
  await putConversations(tx, workspaceId, now, linked);
}

async function putParticipants(tx: Tx, workspaceId: string, linked: LinkedConversation[]): Promise<void> {
  const rows = linked.flatMap(({ taken, links }) =>
    links.participants.map(({ ordinal, side, domain, contact, lead }) => ({
      ...{ conversation_id: taken.id, ordinal, side, domain },
      ...{ contact_crm: contact?.crm ?? null, contact_id: contact?.id ?? null },
      ...{ lead_crm: lead?.crm ?? null, lead_id: lead?.id ?? null },
    })),
  );
  await tx`
    update conversation_participants p set side = r.side, domain = r.domain, contact_crm = r.contact_crm,
      contact_id = r.contact_id, lead_crm = r.lead_crm, lead_id = r.lead_id
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(conversation_id uuid, ordinal int, side text, domain text,
      contact_crm text, contact_id text, lead_crm text, lead_id text)
    where p.workspace_id = ${workspaceId} and p.conversation_id = r.conversation_id and p.ordinal = r.ordinal
      and (p.side, p.domain, p.contact_crm, p.contact_id, p.lead_crm, p.lead_id)
        is distinct from (r.side, r.domain, r.contact_crm, r.contact_id, r.lead_crm, r.lead_id)`;
}

async function putCompanies(tx: Tx, workspaceId: string, linked: LinkedConversation[]): Promise<void> {
  const rows = linked.flatMap(({ taken, links }) =>
    links.companies.map(({ company, participants, method, confidence, isPrimary }) => ({
      ...{ conversation_id: taken.id, crm: company.crm, company_id: company.id },
      ...{ participants, method, confidence, is_primary: isPrimary },
    })),
  );
  await tx`
    with given as materialized (
      select * from jsonb_to_recordset(${tx.json(rows as never)}) as r(conversation_id uuid, crm text, company_id text,
        participants int, method text, confidence double precision, is_primary boolean)
    ), gone as (
      delete from conversation_companies c
      where c.workspace_id = ${workspaceId}
        and c.conversation_id in (select jsonb_array_elements_text(${tx.json(linked.map(({ taken }) => taken.id))})::uuid)
        and not exists (select 1 from given g where g.conversation_id = c.conversation_id and g.crm = c.crm
          and g.company_id = c.company_id)
    )
    insert into conversation_companies as c
      (workspace_id, conversation_id, crm, company_id, participants, method, confidence, is_primary)
    select ${workspaceId}, g.* from given g
    on conflict (workspace_id, conversation_id, crm, company_id) do update set participants = excluded.participants,
      method = excluded.method, confidence = excluded.confidence, is_primary = excluded.is_primary
    where (c.participants, c.method, c.confidence, c.is_primary)
      is distinct from (excluded.participants, excluded.method, excluded.confidence, excluded.is_primary)`;
}

async function putNamedRecords(tx: Tx, workspaceId: string, linked: LinkedConversation[]): Promise<void> {
  const rows = linked.flatMap(({ taken }) =>
    taken.question.namedRecords.map(({ object_type, id }: NamedRecord) => ({
      conversation_id: taken.id,
      object_type,
      id,
    })),
  );
  await tx`
    with given as materialized (
      select distinct * from jsonb_to_recordset(${tx.json(rows as never)})
        as r(conversation_id uuid, object_type text, id text)
    ), gone as (
      delete from conversation_named_records n
      where n.workspace_id = ${workspaceId}
        and n.conversation_id in (select jsonb_array_elements_text(${tx.json(linked.map(({ taken }) => taken.id))})::uuid)
        and not exists (select 1 from given g where g.conversation_id = n.conversation_id
          and g.object_type = n.object_type and g.id = n.record_id)
    )
    insert into conversation_named_records (workspace_id, object_type, record_id, conversation_id)
    select ${workspaceId}, g.object_type, g.id, g.conversation_id from given g on conflict do nothing`;
}

async function putConversations(tx: Tx, workspaceId: string, now: Date, linked: LinkedConversation[]): Promise<void> {
  const rows = linked.map(({ taken, links }) => ({
    ...{ id: taken.id, audience: links.audience, audience_reason: links.audienceReason },
    ...{ external_people: links.externalPeople, people: links.people },
    ...{
      rep_owner_crm: links.rep.crm,
      rep_owner_id: links.rep.ownerId,
      rep_email: links.rep.email,
      rep_name: links.rep.name,
    },
    ...primaryOf(links),
    ...{ company_key: links.companyKey, deal_crm: links.deal?.crm ?? null, deal_id: links.deal?.id ?? null },
    ...{ link_method: links.deal?.method ?? null, link_confidence: links.deal?.confidence ?? null },
    ...{ offered_deals: links.offered, reopened: links.reopened },
  }));
  await tx`
    update conversations c set audience = r.audience, audience_reason = r.audience_reason,
      external_people = r.external_people, people = r.people, rep_owner_crm = r.rep_owner_crm,
      rep_owner_id = r.rep_owner_id, rep_email = r.rep_email, rep_name = r.rep_name, company_crm = r.company_crm,
      company_id = r.company_id, company_key = r.company_key, deal_crm = r.deal_crm, deal_id = r.deal_id,
      link_method = r.link_method, link_confidence = r.link_confidence, offered_deals = r.offered_deals,
      -- whose link it is, and since when, stays with the link
      linked_by = case when r.deal_id is null then null
        when (r.deal_crm, r.deal_id) is distinct from (c.deal_crm, c.deal_id) then 'pandora' else c.linked_by end,
      linked_at = case when r.deal_id is null then null
        when (r.deal_crm, r.deal_id) is distinct from (c.deal_crm, c.deal_id) then ${now} else c.linked_at end,
      generation = c.generation + r.reopened::int, gap_status = case when r.reopened then null else c.gap_status end
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(id uuid, audience text, audience_reason text,
      external_people int, people int, rep_owner_crm text, rep_owner_id text, rep_email text, rep_name text,
      company_crm text, company_id text, company_key text, deal_crm text, deal_id text, link_method text,
      link_confidence double precision, offered_deals jsonb, reopened boolean)
    where c.workspace_id = ${workspaceId} and c.id = r.id`;
}

function primaryOf({ companies: [first] }: Links) {
  return { company_crm: first?.company.crm ?? null, company_id: first?.company.id ?? null };
}

type ConversationRow = {
  id: string;
  title: string;
  started_at: Date;
  duration_minutes: number | null;
  host_email: string | null;
  call_type: string | null;
  scope_hint: Told;
  named_records: NamedRecord[];
  company_key: string | null;
  deal_crm: CrmType | null;
  deal_id: string | null;
  link_method: string | null;
  link_confidence: number | null;
  refused_deals: { crm: CrmType; id: string }[];
  gap_status: string | null;
  generation: number;
};
