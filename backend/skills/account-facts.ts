/** Facts about companies, from the mirror and their conversations: one query for any number of companies. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { CompanyColumn } from "../mirror/properties.ts";
import { sizeBand, type WonProfile } from "./account-fit.ts";
import type { AccountFacts } from "./account-score.ts";
import { seniorityOf } from "./contact-scores.ts";
import type { FactsPage } from "./deal-facts.ts";

export type AccountFactsRow = { crmRecordId: string; facts: AccountFacts };

export type AccountScope = {
  workspaceId: string;
  crm: CrmType;
  /** UTC now; days are counted to it. */
  now: Date;
  /** Columns Pandora writes itself: left out as if unknown. */
  own: ReadonlySet<CompanyColumn>;
  /** False: silence is not "no conversation". */
  hasConversations: boolean;
};

/** Who the workspace's customers are. Once for a run: the measure must not change between its pages. */
export async function wonProfile(
  tx: Tx,
  { workspaceId, crm }: { workspaceId: string; crm: CrmType },
): Promise<WonProfile> {
  const rows = await tx<{ industry: string | null; employees: number | null; n: number }[]>`
    select c.industry, c.employees, count(*)::int as n
    from companies c
    where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.deleted_at is null
      and exists (select 1 from deals d where d.workspace_id = c.workspace_id and d.crm = c.crm and d.company_id = c.crm_id
        and d.deleted_at is null and d.is_won)
    group by c.industry, c.employees`;
  const profile: WonProfile = { customers: 0, industries: {}, sizes: {} };
  for (const { industry, employees, n } of rows) {
    profile.customers += n;
    if (industry) profile.industries[industry] = (profile.industries[industry] ?? 0) + n;
    const band = sizeBand(employees);
    if (band) profile.sizes[band] = (profile.sizes[band] ?? 0) + n;
  }
  return profile;
}

/** The next page of companies by id, or exactly those named. */
export async function accountFacts(tx: Tx, scope: AccountScope, from: FactsPage): Promise<AccountFactsRow[]> {
  const { workspaceId, crm, now } = scope;
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const wanted =
    from.ids === null ? tx`` : tx`and c.crm_id in (select jsonb_array_elements_text(${tx.json(from.ids)}))`;
  const rows = await tx<SqlRow[]>`
    with page as materialized (
      select * from companies c
      where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.deleted_at is null and c.crm_id > ${from.after} ${wanted}
      order by c.crm_id limit ${from.limit}
    ), titled as (
      select k.company_id, coalesce(k.job_title, '') as title, count(*)::int as n,
        count(*) filter (where k.last_activity_at > ${ago(90)})::int as engaged,
        count(*) filter (where k.crm_created_at > ${ago(30)})::int as fresh, max(k.last_activity_at) as active_at
      from contacts k join page p on p.crm_id = k.company_id
      where k.workspace_id = ${workspaceId} and k.crm = ${crm} and k.deleted_at is null
      group by k.company_id, coalesce(k.job_title, '')
    ), people as (
      select company_id, sum(n)::int as contacts, sum(engaged)::int as engaged, sum(fresh)::int as fresh,
        max(active_at) as active_at, jsonb_agg(jsonb_build_array(title, n)) filter (where title <> '') as titles
      from titled group by company_id
    ), traded as (
      select d.company_id, count(*) filter (where d.is_closed is not true)::int as open_deals,
        count(*) filter (where d.is_closed and d.is_won)::int as won_deals,
        count(*) filter (where d.is_closed and d.is_won is not true)::int as lost_deals,
        max(d.closed_at) filter (where d.is_won) as won_at, max(d.last_activity_at) as active_at
      from deals d join page p on p.crm_id = d.company_id
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null
      group by d.company_id
    ), talked as (
      select l.company_id, count(*) filter (where c.started_at > ${ago(90)})::int as count90, max(c.started_at) as last_at,
        count(*) filter (where c.gap_status = 'pending')::int as gaps
      from conversation_companies l join page p on p.crm_id = l.company_id
      join conversations c on c.workspace_id = l.workspace_id and c.id = l.conversation_id
      where l.workspace_id = ${workspaceId} and l.crm = ${crm} and c.started_at <= ${now}
      group by l.company_id
    )
    select c.crm_id, c.industry, c.employees, c.owner_id is not null as has_owner,
      coalesce(k.contacts, 0) as contacts, coalesce(k.engaged, 0) as engaged, coalesce(k.fresh, 0) as fresh,
      coalesce(k.titles, '[]') as titles, coalesce(d.open_deals, 0) as open_deals, coalesce(d.won_deals, 0) as won_deals,
      coalesce(d.lost_deals, 0) as lost_deals, coalesce(t.count90, 0) as count90, coalesce(t.gaps, 0) as gaps,
      floor(extract(epoch from ${now}::timestamptz - d.won_at) / 86400)::int as won_days,
      floor(extract(epoch from ${now}::timestamptz - t.last_at) / 86400)::int as talk_days,
      floor(extract(epoch from ${now}::timestamptz - greatest(c.last_activity_at, k.active_at, d.active_at, t.last_at)) / 86400)::int
        as idle_days
    from page c
    left join people k on k.company_id = c.crm_id
    left join traded d on d.company_id = c.crm_id
    left join talked t on t.company_id = c.crm_id
    order by c.crm_id`;
  return rows.map((row) => ({ crmRecordId: row.crm_id, facts: toFacts(row, scope) }));
}

/** Deals that hang on these companies, open ones: what is said of the company is written there too. */
export async function openDealsOf(
  tx: Tx,
  { workspaceId, crm }: { workspaceId: string; crm: CrmType },
  companyIds: string[],
): Promise<{ deal_id: string; company_id: string }[]> {
  if (companyIds.length === 0) return [];
  return tx<{ deal_id: string; company_id: string }[]>`
    select crm_id as deal_id, company_id from deals
    where workspace_id = ${workspaceId} and crm = ${crm} and deleted_at is null and is_closed is not true
      and company_id in (select jsonb_array_elements_text(${tx.json(companyIds)}))
    order by crm_id`;
}

type SqlRow = {
  crm_id: string;
  industry: string | null;
  employees: number | null;
  has_owner: boolean;
  contacts: number;
  engaged: number;
  fresh: number;
  /** [title, how many contacts carry it] */
  titles: [string, number][];
  open_deals: number;
  won_deals: number;
  lost_deals: number;
  count90: number;
  gaps: number;
  won_days: number | null;
  talk_days: number | null;
  idle_days: number | null;
};

const senior = new Set(["c_level", "vp", "director"]);

function toFacts(row: SqlRow, { own, hasConversations }: AccountScope): AccountFacts {
  const seniorContacts = row.titles.reduce(
    (sum, [title, n]) => sum + (senior.has(seniorityOf(title) ?? "") ? n : 0),
    0,
  );
  const notBefore = (days: number | null) => (days === null ? null : Math.max(0, days));
  return {
    contacts: row.contacts,
    seniorContacts,
    engagedContacts: row.engaged,
    newContacts30: row.fresh,
    openDeals: row.open_deals,
    wonDeals: row.won_deals,
    lostDeals: row.lost_deals,
    lastWonDays: notBefore(row.won_days),
    daysIdle: notBefore(row.idle_days),
    conversations90: hasConversations ? row.count90 : null,
    daysSinceConversation: hasConversations ? notBefore(row.talk_days) : null,
    pendingGaps: row.gaps,
    hasOwner: own.has("owner") || row.has_owner,
    industry: own.has("industry") ? null : row.industry,
    employees: own.has("employees") ? null : row.employees,
  };
}
