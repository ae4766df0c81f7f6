/** SQL of the data quality audit: which records lack something, page by page, and how complete the fields are. */
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { CompanyQuality, ContactQuality, DealQuality } from "./quality-findings.ts";

export type QualityScope = { workspaceId: string; crm: CrmType; now: Date };
type Page = { after: string; limit: number };

/** Open deals, in id order. */
export async function dealQuality(tx: Tx, { workspaceId, crm, now }: QualityScope, page: Page): Promise<DealQuality[]> {
  return tx<DealQuality[]>`
    with page as materialized (
      select * from deals d
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null and d.is_closed is not true
        and d.crm_id > ${page.after}
      order by d.crm_id limit ${page.limit}
    ), involved as (
      select c.deal_id, count(*)::int as contacts from deal_contacts c join page p on p.crm_id = c.deal_id
      where c.workspace_id = ${workspaceId} and c.crm = ${crm} group by c.deal_id
    )
    select d.crm_id, d.amount is not null as has_amount, d.company_id is not null as has_company, o.active as owner_active,
      coalesce(i.contacts, 0) as contacts, (d.close_date - (${now}::timestamptz at time zone 'UTC')::date) as days_to_close,
      greatest(0, floor(extract(epoch from ${now}::timestamptz - coalesce(d.crm_created_at, d.synced_at)) / 86400))::int as age_days
    from page d
    left join involved i on i.deal_id = d.crm_id
    left join crm_owners o on o.workspace_id = d.workspace_id and o.crm = d.crm and o.owner_id = d.owner_id
    order by d.crm_id`;
}

/** Companies with an open deal, in id order. */
export async function companyQuality(
  tx: Tx,
  { workspaceId, crm }: QualityScope,
  page: Page,
): Promise<CompanyQuality[]> {
  return tx<CompanyQuality[]>`
    select c.crm_id, c.domain is not null as has_domain, c.industry is not null as has_industry, o.active as owner_active
    from companies c
    left join crm_owners o on o.workspace_id = c.workspace_id and o.crm = c.crm and o.owner_id = c.owner_id
    where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.deleted_at is null and c.crm_id > ${page.after}
      and exists (select 1 from deals d where d.workspace_id = c.workspace_id and d.crm = c.crm and d.company_id = c.crm_id
        and d.deleted_at is null and d.is_closed is not true)
    order by c.crm_id limit ${page.limit}`;
}

/** Contacts of open deals, in id order. */
export async function contactQuality(
  tx: Tx,
  { workspaceId, crm }: QualityScope,
  page: Page,
): Promise<ContactQuality[]> {
  return tx<ContactQuality[]>`
    select k.crm_id, k.email is not null as has_email, k.job_title is not null as has_title
    from contacts k
    where k.workspace_id = ${workspaceId} and k.crm = ${crm} and k.deleted_at is null and k.crm_id > ${page.after}
      and exists (select 1 from deal_contacts l join deals d on d.workspace_id = l.workspace_id and d.crm = l.crm
          and d.crm_id = l.deal_id
        where l.workspace_id = k.workspace_id and l.crm = k.crm and l.contact_id = k.crm_id
          and d.deleted_at is null and d.is_closed is not true)
    order by k.crm_id limit ${page.limit}`;
}

export type Completeness = { object_type: ObjectType; field: string; label: string; filled: number; of: number };

/** How many of the records that matter have each field: open deals, and companies and contacts of any kind. */
export async function completeness(tx: Tx, { workspaceId, crm }: QualityScope): Promise<Completeness[]> {
  const [row] = await tx<Record<string, number>[]>`
    select * from (
      select count(*)::int as deal, count(d.amount)::int as deal_amount, count(d.close_date)::int as deal_close_date,
        count(d.owner_id)::int as deal_owner, count(d.company_id)::int as deal_company
      from deals d
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null and d.is_closed is not true
    ) d, (
      select count(*)::int as company, count(c.domain)::int as company_domain, count(c.industry)::int as company_industry,
        count(c.employees)::int as company_employees, count(c.owner_id)::int as company_owner
      from companies c where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.deleted_at is null
    ) c, (
      select count(*)::int as contact, count(k.email)::int as contact_email, count(k.job_title)::int as contact_title,
        count(k.phone)::int as contact_phone, count(k.company_id)::int as contact_company
      from contacts k where k.workspace_id = ${workspaceId} and k.crm = ${crm} and k.deleted_at is null
    ) k`;
  return measured.map(([object_type, field, label]) => ({
    ...{ object_type, field, label },
    filled: row![`${object_type}_${field}`]!,
    of: row![object_type]!,
  }));
}

const measured: [ObjectType, string, string][] = [
  ["deal", "amount", "Amount of open deals"],
  ["deal", "close_date", "Close date of open deals"],
  ["deal", "owner", "Owner of open deals"],
  ["deal", "company", "Company of open deals"],
  ["company", "domain", "Domain of companies"],
  ["company", "industry", "Industry of companies"],
  ["company", "employees", "Size of companies"],
  ["company", "owner", "Owner of companies"],
  ["contact", "email", "E-mail of contacts"],
  ["contact", "title", "Job title of contacts"],
  ["contact", "phone", "Phone of contacts"],
  ["contact", "company", "Company of contacts"],
];
