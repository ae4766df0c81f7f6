/** Facts about contacts, from the mirror and the conversations they were in: one query for any number of contacts. */
import { domainOfEmail, mailKind } from "../conversations/domains.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { ContactColumn } from "../mirror/properties.ts";
import type { EngagementFacts, EnrichmentFacts } from "./contact-scores.ts";
import type { FactsPage } from "./deal-facts.ts";

export type ContactFactsRow = {
  crmRecordId: string;
  engagement: EngagementFacts;
  enrichment: EnrichmentFacts;
  /** UTC ISO; null: none yet */
  lastConversationAt: string | null;
};

export type ContactScope = {
  workspaceId: string;
  crm: CrmType;
  /** UTC now; days are counted to it. */
  now: Date;
  /** Columns Pandora writes itself: left out as if unknown. */
  own: ReadonlySet<ContactColumn>;
};

/** The next page of contacts by id, or exactly those named. */
export async function contactFacts(tx: Tx, scope: ContactScope, from: FactsPage): Promise<ContactFactsRow[]> {
  const { workspaceId, crm, now } = scope;
  const recent = new Date(now.getTime() - 90 * 86_400_000);
  const wanted =
    from.ids === null ? tx`` : tx`and k.crm_id in (select jsonb_array_elements_text(${tx.json(from.ids)}))`;
  const rows = await tx<SqlRow[]>`
    with page as materialized (
      select * from contacts k
      where k.workspace_id = ${workspaceId} and k.crm = ${crm} and k.deleted_at is null and k.crm_id > ${from.after} ${wanted}
      order by k.crm_id limit ${from.limit}
    ), talked as (
      select a.contact_id, count(distinct c.id)::int as conversations,
        count(distinct c.id) filter (where c.started_at > ${recent})::int as count90, max(c.started_at) as last_at
      from conversation_participants a join page p on p.crm_id = a.contact_id
      join conversations c on c.workspace_id = a.workspace_id and c.id = a.conversation_id
      where a.workspace_id = ${workspaceId} and a.contact_crm = ${crm} and c.started_at <= ${now}
      group by a.contact_id
    ), traded as (
      select l.contact_id, count(*)::int as open_deals
      from deal_contacts l join page p on p.crm_id = l.contact_id
      join deals d on d.workspace_id = l.workspace_id and d.crm = l.crm and d.crm_id = l.deal_id
      where l.workspace_id = ${workspaceId} and l.crm = ${crm} and d.deleted_at is null and d.is_closed is not true
      group by l.contact_id
    )
    select k.crm_id, k.name <> '' as has_name, k.email, k.phone is not null as has_phone, k.job_title,
      k.company_id is not null as has_company, coalesce(t.conversations, 0) as conversations,
      coalesce(t.count90, 0) as count90, t.last_at, coalesce(d.open_deals, 0) as open_deals,
      floor(extract(epoch from ${now}::timestamptz - t.last_at) / 86400)::int as talk_days,
      floor(extract(epoch from ${now}::timestamptz - greatest(k.last_activity_at, t.last_at)) / 86400)::int as idle_days
    from page k
    left join talked t on t.contact_id = k.crm_id
    left join traded d on d.contact_id = k.crm_id
    order by k.crm_id`;
  return rows.map((row) => toFacts(row, scope.own));
}

type SqlRow = {
  crm_id: string;
  has_name: boolean;
  email: string | null;
  has_phone: boolean;
  job_title: string | null;
  has_company: boolean;
  conversations: number;
  count90: number;
  last_at: Date | null;
  open_deals: number;
  talk_days: number | null;
  idle_days: number | null;
};

function toFacts(row: SqlRow, own: ReadonlySet<ContactColumn>): ContactFactsRow {
  const notBefore = (days: number | null) => (days === null ? null : Math.max(0, days));
  const ownName = own.has("name") || own.has("firstName") || own.has("lastName");
  return {
    crmRecordId: row.crm_id,
    engagement: {
      conversations: row.conversations,
      conversations90: row.count90,
      daysSinceLast: notBefore(row.talk_days),
      openDeals: row.open_deals,
    },
    enrichment: {
      name: row.has_name && !ownName,
      email: own.has("email") ? "none" : emailKind(row.email),
      phone: row.has_phone && !own.has("phone"),
      title: own.has("title") ? null : row.job_title,
      company: row.has_company,
      daysSinceActivity: notBefore(row.idle_days),
    },
    lastConversationAt: row.last_at?.toISOString() ?? null,
  };
}

function emailKind(email: string | null): EnrichmentFacts["email"] {
  const domain = email ? domainOfEmail(email) : null;
  if (domain === null) return "none";
  const kind = mailKind(domain);
  return kind === "common" || kind === "free" ? "free" : "work";
}
