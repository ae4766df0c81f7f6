/**
 * Everything a gap shows, for the gaps of one page in the same statement: a company that several of them share is
 * looked up once.
 */
import type { Sight } from "../connections/visibility.ts";
import type { CrmType } from "../contract/common.ts";
import type { GapStatus } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import type { DraftStage } from "./draft-deal.ts";
import { type Sql, seesRecord } from "./gap-sight.ts";

type Ref = { crm: CrmType; id: string };

export type CompanyRow = Ref & { name: string; domain: string | null; is_primary: boolean };

export type DealRow = Ref & {
  name: string;
  stage: string | null;
  amount: number | null;
  currency: string | null;
  /** In words; null: it is simply open at a company of the call. */
  reason: string | null;
  seen: boolean;
};

export type ParticipantRow = {
  name: string | null;
  email: string | null;
  side: "internal" | "external" | "unknown" | "nobody" | null;
  contact_crm: CrmType | null;
  contact_id: string | null;
  lead_crm: CrmType | null;
  lead_id: string | null;
};

export type GapRow = {
  id: string;
  severity_rank: number;
  minutes_rank: number;
  /** UTC with microseconds, for the cursor. */
  at_key: string;
  title: string;
  source: string;
  url: string | null;
  started_at: Date;
  duration_minutes: number | null;
  call_type: string | null;
  summary: string | null;
  gap_status: GapStatus;
  severity: number | null;
  severity_reason: string | null;
  likely_cause: string | null;
  rep_email: string | null;
  rep_name: string | null;
  rep_owner_crm: CrmType | null;
  rep_owner_id: string | null;
  company_key: string | null;
  companies: CompanyRow[];
  participants: ParticipantRow[];
  participants_count: number;
  offered: DealRow[];
  open_deals: DealRow[];
  closed_deals: number;
  contacts: number;
  /** ISO */
  last_won_at: string | null;
  deal: (Ref & { name: string | null }) | null;
  decision: { decision: string; reason: string | null; note: string | null; by: string; at: string } | null;
  being_created_by: string | null;
  /** The same for all rows, so one of them carries it. */
  place: Place | null;
};

/** What the workspace says about all its gaps. */
export type Place = {
  /** Where records open, by CRM connected. */
  ui_urls: Partial<Record<CrmType, string>> | null;
  stages: (DraftStage & { crm: CrmType })[];
  time_zone: string;
  currency: string;
  settings: { gaps?: unknown };
};

/** Of a company with very many open deals, as many are shown as fit a page. */
const dealsMax = 20;
const participantsMax = 50;

/**
 * @param keys a statement giving the `id` of each gap wanted
 * @param order `order by …` over the columns of `conversations`
 */
export function gapRows(tx: Tx, workspaceId: string, keys: Sql, order: Sql, sight: Sight): Promise<GapRow[]> {
  const here = tx`workspace_id = ${workspaceId}`;
  const dealColumns = tx`'crm', d.crm, 'id', d.crm_id, 'name', d.name, 'amount', d.amount, 'currency', d.currency,
    'seen', coalesce(${seesRecord(tx, sight, "d")}, false), 'stage', (
      select s.stage_label from crm_stages s
      where s.${here} and s.crm = d.crm and s.pipeline_id = d.pipeline_id and s.stage_id = d.stage_id)`;
  return tx<GapRow[]>`
    with keys as materialized (${keys}),
    linked as materialized (
      select cc.conversation_id, cc.crm, cc.company_id, cc.is_primary, cc.participants
      from keys k join conversation_companies cc on cc.${here} and cc.conversation_id = k.id
    ),
    firms as materialized (
      select f.crm, f.company_id, co.name, co.domain, n.contacts, d.closed, d.last_won_at, o.open
      from (select distinct crm, company_id from linked) f
      left join companies co on co.${here} and co.crm = f.crm and co.crm_id = f.company_id
      left join lateral (
        select count(*)::int as contacts from contacts x
        where x.${here} and x.crm = f.crm and x.company_id = f.company_id and x.deleted_at is null) n on true
      left join lateral (
        select (count(*) filter (where x.is_closed))::int as closed, max(x.closed_at) filter (where x.is_won) as last_won_at
        from deals x where x.${here} and x.crm = f.crm and x.company_id = f.company_id and x.deleted_at is null) d on true
      left join lateral (
        select jsonb_agg(jsonb_build_object(${dealColumns}, 'reason', null)) as open from (
          select * from deals x where x.${here} and x.crm = f.crm and x.company_id = f.company_id
            and x.deleted_at is null and x.is_closed is not true
          order by x.last_activity_at desc nulls last, x.crm_id limit ${dealsMax}) d) o on true
    )
    select c.id, c.severity_rank, c.minutes_rank, c.title, c.source, c.url, c.started_at, c.duration_minutes,
      to_char(c.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at_key,
      c.call_type, c.summary, c.gap_status, c.severity, c.severity_reason, c.likely_cause, c.rep_email, c.rep_name,
      c.rep_owner_crm, c.rep_owner_id, c.company_key,
      co.companies, co.open_deals, co.closed_deals, co.contacts, co.last_won_at, p.participants, p.participants_count,
      coalesce((
        select jsonb_agg(jsonb_build_object(${dealColumns}, 'reason', d.reason) order by d.n)
        from (select * from jsonb_array_elements(c.offered_deals) with ordinality as v (told, n) limit ${dealsMax}) o
        -- one look-up each: a join would be planned for a hundred offers, and read all deals
        cross join lateral (
          select x.*, o.n, o.told ->> 'reason' as reason from deals x where x.${here} and x.crm = o.told ->> 'crm'
            and x.crm_id = o.told ->> 'id' and x.deleted_at is null limit 1) d
      ), '[]') as offered,
      (select jsonb_build_object('crm', c.deal_crm, 'id', c.deal_id, 'name', (
          select d.name from deals d where d.${here} and d.crm = c.deal_crm and d.crm_id = c.deal_id
            and ${seesRecord(tx, sight, "d")}))
        where c.deal_id is not null) as deal,
      (select jsonb_build_object('decision', g.decision, 'reason', g.reason, 'note', g.note, 'at', g.decided_at,
          'by', ${nameOf(tx, workspaceId, tx`g.decided_by`)})
        from gap_decisions g where g.${here} and g.conversation_id = c.id
        order by g.decided_at desc, g.id desc limit 1) as decision,
      (select ${nameOf(tx, workspaceId, tx`m.requested_by`)} from deal_creations m
        where m.${here} and m.conversation_id = c.id and m.generation = c.generation and m.state in ('claimed', 'sent')
        limit 1) as being_created_by,
      case when row_number() over () = 1 then jsonb_build_object('time_zone', ws.time_zone, 'currency', ws.currency,
        'settings', ws.settings,
        'ui_urls', (select jsonb_object_agg(x.crm, x.ui_url) from crm_connections x
          where x.${here} and x.status <> 'disconnected'),
        'stages', coalesce((select jsonb_agg(jsonb_build_object('crm', x.crm, 'pipelineId', x.pipeline_id, 'stageId',
          x.stage_id, 'sortOrder', x.sort_order, 'isClosed', x.is_closed)) from crm_stages x where x.${here}), '[]')
      ) end as place
    from keys k join conversations c on c.${here} and c.id = k.id
    join workspaces ws on ws.${here}
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('crm', l.crm, 'id', l.company_id, 'name', f.name, 'domain', f.domain,
          'is_primary', l.is_primary) order by l.is_primary desc, l.participants desc, l.company_id)
          filter (where l.company_id is not null), '[]') as companies,
        coalesce(jsonb_path_query_array(jsonb_agg(f.open) filter (where f.open is not null), '$[*][*]'), '[]') as open_deals,
        coalesce(sum(f.closed), 0)::int as closed_deals, coalesce(sum(f.contacts), 0)::int as contacts,
        to_jsonb(max(f.last_won_at)) #>> '{}' as last_won_at
      from linked l join firms f using (crm, company_id) where l.conversation_id = c.id
    ) co
    cross join lateral (
      select count(*)::int as participants_count, coalesce(jsonb_agg(jsonb_build_object('name', x.name, 'email', x.email,
          'side', x.side, 'contact_crm', x.contact_crm, 'contact_id', x.contact_id, 'lead_crm', x.lead_crm,
          'lead_id', x.lead_id) order by x.ordinal) filter (where x.n <= ${participantsMax}), '[]') as participants
      from (
        select *, row_number() over (order by ordinal) as n from conversation_participants y
        where y.${here} and y.conversation_id = c.id and y.side is distinct from 'nobody') x
    ) p
    ${order}`;
}

/** A person's name rather than their id; a key or a rule by what it is. */
export function nameOf(tx: Tx, workspaceId: string, actor: Sql): Sql {
  return tx`case
    when ${actor} like 'member:%' then coalesce((
      select nullif(who.name, '') from members who
      where who.workspace_id = ${workspaceId} and who.id = substr(${actor}, 8)::uuid), 'A colleague')
    when ${actor} like 'api_key:%' then 'Somebody with an API key'
    else 'Pandora' end`;
}
