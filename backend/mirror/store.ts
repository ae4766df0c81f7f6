/** SQL of the mirror: one statement per page and table, rows in as JSON. Writing the same page twice changes nothing. */
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { CompanyRow, ContactRow, DealRow } from "./convert.ts";
import { type CompanyColumn, type ContactColumn, type DealColumn, type OwnColumns, ownColumns } from "./properties.ts";

export type Place = { workspaceId: string; crm: CrmType; now: Date };

/** Columns that a mapping writes, by object. */
export async function readOwnColumns(tx: Tx, workspaceId: string, crm: CrmType): Promise<OwnColumns> {
  const rows = await tx<{ object: ObjectType; name: string }[]>`
    select crm_object_type as object, crm_property_name as name from crm_property_mappings
    where workspace_id = ${workspaceId} and crm_type = ${crm} and deleted_at is null`;
  const written = (object: ObjectType) => new Set(rows.filter((row) => row.object === object).map((row) => row.name));
  return {
    deal: ownColumns(crm, "deal", written("deal")),
    company: ownColumns(crm, "company", written("company")),
    contact: ownColumns(crm, "contact", written("contact")),
  };
}

/**
 * @param own columns Pandora writes: a change of theirs is its own doing, and is not reported
 * @returns ids of companies whose facts changed
 */
export async function putCompanies(
  tx: Tx,
  { workspaceId, crm, now }: Place,
  rows: CompanyRow[],
  own: ReadonlySet<CompanyColumn>,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const mine = (column: CompanyColumn) => own.has(column);
  const changed = await tx<{ crm_id: string }[]>`
    with given as materialized (
      select * from jsonb_to_recordset(${tx.json(rows as never)}) as r(crm_id text, name text, domain text, industry text,
        employees int, company_type text, owner_id text, parent_id text, last_activity_at timestamptz,
        crm_created_at timestamptz, crm_updated_at timestamptz)
    ), before as materialized (
      select c.* from companies c join given g on c.crm_id = g.crm_id
      where c.workspace_id = ${workspaceId} and c.crm = ${crm}
    ), written as (
    insert into companies (workspace_id, crm, crm_id, name, domain, industry, employees, company_type, owner_id,
      parent_id, last_activity_at, crm_created_at, crm_updated_at, synced_at)
    select ${workspaceId}, ${crm}, r.crm_id, r.name, r.domain, r.industry, r.employees, r.company_type, r.owner_id,
      r.parent_id, r.last_activity_at, r.crm_created_at, r.crm_updated_at, ${now}
    from given r
    on conflict (workspace_id, crm, crm_id) do update set name = excluded.name, domain = excluded.domain,
      industry = excluded.industry, employees = excluded.employees, company_type = excluded.company_type,
      owner_id = excluded.owner_id, parent_id = excluded.parent_id, last_activity_at = excluded.last_activity_at,
      crm_created_at = excluded.crm_created_at, crm_updated_at = excluded.crm_updated_at, deleted_at = null,
      merged_into = null, synced_at = excluded.synced_at
    returning *
    )
    select w.crm_id from written w left join before b on b.crm_id = w.crm_id
    where b.crm_id is null or b.deleted_at is not null
      or (not ${mine("name")} and w.name is distinct from b.name)
      or (not ${mine("domain")} and w.domain is distinct from b.domain)
      or (not ${mine("industry")} and w.industry is distinct from b.industry)
      or (not ${mine("employees")} and w.employees is distinct from b.employees)
      or (not ${mine("type")} and w.company_type is distinct from b.company_type)
      or (not ${mine("owner")} and w.owner_id is distinct from b.owner_id)
      or (not ${mine("parent")} and w.parent_id is distinct from b.parent_id)
      or w.last_activity_at is distinct from b.last_activity_at`;
  return changed.map((row) => row.crm_id);
}

/**
 * @param own columns Pandora writes: a change of theirs is its own doing, and is not reported
 * @returns ids of contacts whose facts changed
 */
export async function putContacts(
  tx: Tx,
  { workspaceId, crm, now }: Place,
  rows: ContactRow[],
  own: ReadonlySet<ContactColumn>,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const mine = (column: ContactColumn) => own.has(column);
  const changed = await tx<{ crm_id: string }[]>`
    with given as materialized (
      select * from jsonb_to_recordset(${tx.json(rows as never)}) as r(crm_id text, email text, other_emails jsonb,
        name text, job_title text, phone text, company_id text, owner_id text, last_activity_at timestamptz,
        crm_created_at timestamptz, crm_updated_at timestamptz)
    ), before as materialized (
      select c.* from contacts c join given g on c.crm_id = g.crm_id
      where c.workspace_id = ${workspaceId} and c.crm = ${crm}
    ), written as (
    insert into contacts (workspace_id, crm, crm_id, email, other_emails, name, job_title, phone, company_id, owner_id,
      last_activity_at, crm_created_at, crm_updated_at, synced_at)
    select ${workspaceId}, ${crm}, r.crm_id, r.email, array(select jsonb_array_elements_text(r.other_emails)), r.name,
      r.job_title, r.phone, r.company_id, r.owner_id, r.last_activity_at, r.crm_created_at, r.crm_updated_at, ${now}
    from given r
    on conflict (workspace_id, crm, crm_id) do update set email = excluded.email, other_emails = excluded.other_emails,
      name = excluded.name, job_title = excluded.job_title, phone = excluded.phone, company_id = excluded.company_id,
      owner_id = excluded.owner_id, last_activity_at = excluded.last_activity_at,
      crm_created_at = excluded.crm_created_at, crm_updated_at = excluded.crm_updated_at, deleted_at = null,
      merged_into = null, synced_at = excluded.synced_at
    returning *
    )
    select w.crm_id from written w left join before b on b.crm_id = w.crm_id
    where b.crm_id is null or b.deleted_at is not null
      or (not ${mine("email")} and w.email is distinct from b.email)
      or (not ${mine("otherEmails")} and w.other_emails is distinct from b.other_emails)
      or (not ${mine("name")} and w.name is distinct from b.name)
      or (not ${mine("title")} and w.job_title is distinct from b.job_title)
      or (not ${mine("phone")} and w.phone is distinct from b.phone)
      or (not ${mine("owner")} and w.owner_id is distinct from b.owner_id)
      or w.company_id is distinct from b.company_id
      or w.last_activity_at is distinct from b.last_activity_at`;
  return changed.map((row) => row.crm_id);
}

/**
 * Counts pushes and drops against what stood there before, and remembers when a stage was entered, where the CRM does not
 * tell these itself.
 * @param own columns Pandora writes: a change of theirs is its own doing, and is neither counted nor reported
 * @returns ids of deals whose facts changed
 */
export async function putDeals(
  tx: Tx,
  { workspaceId, crm, now }: Place,
  rows: DealRow[],
  own: ReadonlySet<DealColumn>,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const mine = (column: DealColumn) => own.has(column);
  const changed = await tx<{ crm_id: string }[]>`
    with given as materialized (
      select r.*, s.is_closed as stage_closed, s.is_won as stage_won, s.probability as stage_probability
      from jsonb_to_recordset(${tx.json(rows as never)}) as r(crm_id text, name text, amount numeric, currency text,
        pipeline_id text, stage_id text, is_closed boolean, is_won boolean, probability double precision,
        close_date date, owner_id text, company_id text, last_activity_at timestamptz, stage_entered_at timestamptz,
        pushes int, crm_created_at timestamptz, crm_updated_at timestamptz)
      -- the deal's own pipeline first; an org without record types lists its stages under one name
      left join lateral (
        select is_closed, is_won, probability from crm_stages s
        where s.workspace_id = ${workspaceId} and s.crm = ${crm} and s.stage_id = r.stage_id
        order by s.pipeline_id = r.pipeline_id desc nulls last limit 1
      ) s on true
    ), before as materialized (
      select d.* from deals d join given g on d.crm_id = g.crm_id
      where d.workspace_id = ${workspaceId} and d.crm = ${crm}
    ), written as (
      insert into deals (workspace_id, crm, crm_id, name, amount, currency, pipeline_id, stage_id, is_closed,
        is_won, probability, close_date, owner_id, company_id, last_activity_at, stage_entered_at, close_date_pushes,
        amount_drops, crm_created_at, crm_updated_at, closed_at, synced_at)
      select ${workspaceId}, ${crm}, g.crm_id, g.name, g.amount, g.currency, g.pipeline_id, g.stage_id,
        coalesce(g.stage_closed, g.is_closed), coalesce(g.stage_won, g.is_won),
        coalesce(g.probability, g.stage_probability), g.close_date, g.owner_id, g.company_id, g.last_activity_at,
        coalesce(g.stage_entered_at, case when b.crm_id is null then g.crm_created_at
          when b.stage_id is distinct from g.stage_id then g.crm_updated_at else b.stage_entered_at end),
        coalesce(g.pushes, coalesce(b.close_date_pushes, 0)
          + case when g.close_date > b.close_date and not ${mine("closeDate")} then 1 else 0 end),
        coalesce(b.amount_drops, 0) + case when g.amount < b.amount and not ${mine("amount")} then 1 else 0 end,
        g.crm_created_at, g.crm_updated_at,
        case when coalesce(g.stage_closed, g.is_closed)
          then coalesce(b.closed_at, g.close_date::timestamp at time zone 'UTC', g.crm_updated_at) end, ${now}
      from given g left join before b on b.crm_id = g.crm_id
      on conflict (workspace_id, crm, crm_id) do update set name = excluded.name,
        amount_drops = excluded.amount_drops, close_date_pushes = excluded.close_date_pushes,
        amount = excluded.amount, currency = excluded.currency, pipeline_id = excluded.pipeline_id,
        stage_id = excluded.stage_id, is_closed = excluded.is_closed, is_won = excluded.is_won,
        probability = excluded.probability, close_date = excluded.close_date, owner_id = excluded.owner_id,
        company_id = excluded.company_id, last_activity_at = excluded.last_activity_at,
        stage_entered_at = excluded.stage_entered_at, crm_created_at = excluded.crm_created_at,
        crm_updated_at = excluded.crm_updated_at, closed_at = excluded.closed_at, deleted_at = null,
        merged_into = null, synced_at = excluded.synced_at
      returning *
    )
    select w.crm_id from written w left join before b on b.crm_id = w.crm_id
    where b.crm_id is null or b.deleted_at is not null
      or (not ${mine("amount")} and w.amount is distinct from b.amount)
      or (not ${mine("closeDate")} and w.close_date is distinct from b.close_date)
      or (not ${mine("stage")} and w.stage_id is distinct from b.stage_id)
      or (not ${mine("probability")} and w.probability is distinct from b.probability)
      or w.is_closed is distinct from b.is_closed or w.is_won is distinct from b.is_won
      or w.last_activity_at is distinct from b.last_activity_at
      or w.owner_id is distinct from b.owner_id or w.company_id is distinct from b.company_id
      or w.close_date_pushes is distinct from b.close_date_pushes`;
  return changed.map((row) => row.crm_id);
}

/** Makes the contacts of these deals the ones given. @returns ids of deals whose contacts changed */
export async function putDealContacts(tx: Tx, { workspaceId, crm }: Place, deals: DealRow[]): Promise<string[]> {
  if (deals.length === 0) return [];
  const links = deals.flatMap((deal) => deal.contacts.map((contact) => ({ deal_id: deal.crm_id, ...contact })));
  const changed = await tx<{ deal_id: string }[]>`
    with given as materialized (
      select * from jsonb_to_recordset(${tx.json(links as never)}) as r(deal_id text, id text, role text, "primary" boolean)
    ), gone as (
      delete from deal_contacts c
      where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.deal_id in ${tx(deals.map((deal) => deal.crm_id))}
        and not exists (select 1 from given g where g.deal_id = c.deal_id and g.id = c.contact_id)
      returning c.deal_id
    ), put as (
      insert into deal_contacts as c (workspace_id, crm, deal_id, contact_id, role, is_primary)
      select ${workspaceId}, ${crm}, g.deal_id, g.id, g.role, g."primary" from given g
      on conflict (workspace_id, crm, deal_id, contact_id)
      do update set role = excluded.role, is_primary = excluded.is_primary
        where c.role is distinct from excluded.role or c.is_primary <> excluded.is_primary
      returning c.deal_id
    )
    select deal_id from gone union select deal_id from put`;
  return changed.map((row) => row.deal_id);
}

/** Marks what the CRM deleted. @returns ids of those that were alive here */
export async function markDeleted(
  tx: Tx,
  { workspaceId, crm, now }: Place,
  objectType: ObjectType,
  ids: string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const gone = await tx<{ crm_id: string }[]>`
    update ${tx(tableOf[objectType])} set deleted_at = ${now}, synced_at = ${now}
    where workspace_id = ${workspaceId} and crm = ${crm} and crm_id in ${tx(ids)} and deleted_at is null
    returning crm_id`;
  return gone.map((row) => row.crm_id);
}

/**
 * Merges: the absorbed rows point to the survivor, and what hung on them hangs on it.
 * @returns ids of both sides of merges that were news
 */
export async function markMerged(
  tx: Tx,
  { workspaceId, crm, now }: Place,
  objectType: ObjectType,
  merges: { loser: string; winner: string }[],
): Promise<string[]> {
  if (merges.length === 0) return [];
  const pairs = tx`jsonb_to_recordset(${tx.json(merges)}) as m(loser text, winner text)`;
  const news = await tx<{ loser: string; winner: string }[]>`
    update ${tx(tableOf[objectType])} r
    set merged_into = m.winner, deleted_at = coalesce(r.deleted_at, ${now}), synced_at = ${now}
    from ${pairs}
    where r.workspace_id = ${workspaceId} and r.crm = ${crm} and r.crm_id = m.loser
      and r.merged_into is distinct from m.winner
    returning m.loser, m.winner`;
  if (objectType === "company") {
    for (const table of ["deals", "contacts"]) {
      await tx`
        update ${tx(table)} r set company_id = m.winner from ${pairs}
        where r.workspace_id = ${workspaceId} and r.crm = ${crm} and r.company_id = m.loser`;
    }
  }
  if (objectType === "contact") {
    await tx`
      with moved as (
        delete from deal_contacts c using ${pairs}
        where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.contact_id = m.loser
        returning c.deal_id, m.winner, c.role, c.is_primary
      )
      insert into deal_contacts as c (workspace_id, crm, deal_id, contact_id, role, is_primary)
      select distinct on (deal_id, winner) ${workspaceId}::uuid, ${crm}, deal_id, winner, role, is_primary from moved
      order by deal_id, winner, is_primary desc
      on conflict (workspace_id, crm, deal_id, contact_id)
      do update set is_primary = c.is_primary or excluded.is_primary`;
  }
  return news.flatMap(({ loser, winner }) => [loser, winner]);
}

const tableOf: Record<ObjectType, string> = { deal: "deals", company: "companies", contact: "contacts" };
