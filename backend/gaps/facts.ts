/** SQL: all that linking a page of conversations needs of the mirror, in a fixed number of statements. */
import { domainOfEmail, hostOfEmail, mailKind } from "../conversations/domains.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import {
  type Known,
  type KnownCompany,
  type KnownContact,
  type KnownDeal,
  type KnownOwner,
  keyOf,
  type RecordKey,
  survivorOf,
} from "./known.ts";

type Ref = { crm: CrmType; id: string };

export type Asked = {
  /** Of people who may be from outside. */
  emails: string[];
  /** Records named by sources or linked by people. */
  contacts: Ref[];
  companies: Ref[];
  deals: Ref[];
  /** Deals closed before this account for none of the calls. */
  closedSince: Date;
  owners: KnownOwner[];
};

export async function readKnown(tx: Tx, workspaceId: string, asked: Asked): Promise<Known> {
  const contacts = await readContacts(tx, workspaceId, asked);
  const namedDeals = await readDealsById(tx, workspaceId, asked.deals);
  const companies = await readCompanies(tx, workspaceId, {
    ids: [
      ...asked.companies,
      ...[...contacts, ...namedDeals].flatMap(({ crm, companyId }) => (companyId ? [{ crm, id: companyId }] : [])),
    ],
    domains: domainsOf(asked.emails),
  });
  const byKey = new Map(companies.map((each) => [keyOf(each.crm, each.id), each]));
  const deals = await readDealsOf(tx, workspaceId, companies, asked.closedSince);
  const all = new Map([...deals, ...namedDeals].map((deal) => [keyOf(deal.crm, deal.id), deal]));
  const dealsOf = Map.groupBy(
    [...all.values()].filter((deal) => !deal.deleted && placeOf(deal, byKey) !== null),
    (deal) => placeOf(deal, byKey)!,
  );
  return {
    contacts: Map.groupBy(
      contacts.filter((each) => each.email !== null),
      (each) => each.email!,
    ),
    namedContacts: new Map(contacts.map((each) => [keyOf(each.crm, each.id), each])),
    companies: byKey,
    companiesByDomain: byDomain(byKey),
    deals: all,
    dealsOf,
    roles: await readRoles(tx, workspaceId, [...all.values()], contacts),
    leads: await readLeads(tx, workspaceId, asked.emails),
    owners: Map.groupBy(
      [...asked.owners].sort((one, other) => Number(other.active) - Number(one.active)),
      (owner) => owner.email,
    ),
  };
}

/** Hosts and registrable domains that may be a company's. */
export function domainsOf(emails: readonly string[]): string[] {
  const found = new Set<string>();
  for (const email of emails) {
    const host = hostOfEmail(email);
    const domain = domainOfEmail(email);
    if (host === null || domain === null || mailKind(domain) === "common") continue;
    found.add(host).add(domain);
  }
  return [...found];
}

/** A merged company's domain leads to the one it became. */
function byDomain(companies: ReadonlyMap<RecordKey, KnownCompany>): Map<string, KnownCompany[]> {
  const found = new Map<string, Set<KnownCompany>>();
  for (const { crm, id, domain } of companies.values()) {
    const company = domain === null ? null : survivorOf(companies, crm, id);
    if (domain !== null && company) found.set(domain, (found.get(domain) ?? new Set()).add(company));
  }
  return new Map([...found].map(([domain, set]) => [domain, [...set]]));
}

function placeOf(deal: KnownDeal, companies: ReadonlyMap<RecordKey, KnownCompany>): RecordKey | null {
  const company = deal.companyId === null ? null : survivorOf(companies, deal.crm, deal.companyId);
  return company && keyOf(company.crm, company.id);
}

type FoundContact = KnownContact & { email: string | null };

async function readContacts(tx: Tx, workspaceId: string, { emails, contacts }: Asked): Promise<FoundContact[]> {
  if (emails.length + contacts.length === 0) return [];
  const columns = tx`c.crm, c.crm_id as id, c.name, c.company_id as "companyId", c.last_activity_at as "lastActivityAt"`;
  // Naming both CRMs lets the address use the index behind them.
  return tx<FoundContact[]>`
    with asked as materialized (select jsonb_array_elements_text(${tx.json(emails)}) as email)
    select ${columns}, c.email, true as "byFirstEmail"
    from asked join contacts c on c.workspace_id = ${workspaceId} and c.crm in ('hubspot', 'salesforce')
      and c.email = asked.email and c.deleted_at is null
    union all
    select ${columns}, o.email, false
    from contacts c cross join lateral unnest(c.other_emails) as o(email) join asked on asked.email = o.email
    where c.workspace_id = ${workspaceId} and c.deleted_at is null and c.other_emails <> '{}'
      and c.email is distinct from o.email
    union all
    select ${columns}, null, false
    from jsonb_to_recordset(${tx.json(contacts)}) as r(crm text, id text)
    join contacts c on c.workspace_id = ${workspaceId} and c.crm = r.crm and c.crm_id = r.id and c.deleted_at is null`;
}

/** With the ones they were merged into, all those above them, and those merged into them, whose deals may lag behind. */
async function readCompanies(
  tx: Tx,
  workspaceId: string,
  asked: { ids: Ref[]; domains: string[] },
): Promise<KnownCompany[]> {
  if (asked.ids.length + asked.domains.length === 0) return [];
  return tx<KnownCompany[]>`
    with recursive found as (
      select c.crm, c.crm_id, c.merged_into, c.parent_id
      from (select distinct crm, id from jsonb_to_recordset(${tx.json(asked.ids)}) as r(crm text, id text)) r
      join companies c on c.workspace_id = ${workspaceId} and c.crm = r.crm and c.crm_id = r.id
      union
      select c.crm, c.crm_id, c.merged_into, c.parent_id
      from jsonb_array_elements_text(${tx.json(asked.domains)}) as d(domain)
      join companies c on c.workspace_id = ${workspaceId} and c.crm in ('hubspot', 'salesforce')
        and c.domain = d.domain and c.deleted_at is null
      union
      -- the CRM keeps a merged company's domain as a further one of the company it became
      select c.crm, c.crm_id, c.merged_into, c.parent_id
      from companies c join jsonb_array_elements_text(${tx.json(asked.domains)}) as d(domain) on d.domain = c.domain
      where c.workspace_id = ${workspaceId} and c.merged_into is not null
      union
      select n.crm, n.crm_id, n.merged_into, n.parent_id
      from found f cross join lateral (
        select c.crm, c.crm_id, c.merged_into, c.parent_id from companies c
        where c.workspace_id = ${workspaceId} and c.crm = f.crm and c.crm_id in (f.merged_into, f.parent_id)
        union all
        select c.crm, c.crm_id, c.merged_into, c.parent_id from companies c
        where c.workspace_id = ${workspaceId} and c.crm = f.crm and c.merged_into = f.crm_id
      ) n
    )
    select c.crm, c.crm_id as id, c.name, c.domain, c.company_type as type, c.parent_id as "parentId",
      c.merged_into as "mergedInto", c.deleted_at is not null as deleted, c.last_activity_at as "lastActivityAt"
    from found f join companies c on c.workspace_id = ${workspaceId} and c.crm = f.crm and c.crm_id = f.crm_id`;
}

/** Deleted ones too, and what they were merged into. */
async function readDealsById(tx: Tx, workspaceId: string, deals: Ref[]): Promise<KnownDeal[]> {
  if (deals.length === 0) return [];
  return tx<KnownDeal[]>`
    with recursive found as (
      select d.crm, d.crm_id, d.merged_into
      from (select distinct crm, id from jsonb_to_recordset(${tx.json(deals)}) as r(crm text, id text)) r
      join deals d on d.workspace_id = ${workspaceId} and d.crm = r.crm and d.crm_id = r.id
      union
      select d.crm, d.crm_id, d.merged_into
      from found f join deals d on d.workspace_id = ${workspaceId} and d.crm = f.crm and d.crm_id = f.merged_into
    )
    select ${dealColumns(tx)}
    from found f join deals d on d.workspace_id = ${workspaceId} and d.crm = f.crm and d.crm_id = f.crm_id`;
}

async function readDealsOf(
  tx: Tx,
  workspaceId: string,
  companies: readonly KnownCompany[],
  closedSince: Date,
): Promise<KnownDeal[]> {
  if (companies.length === 0) return [];
  return tx<KnownDeal[]>`
    select ${dealColumns(tx)}
    from jsonb_to_recordset(${tx.json(refs(companies))}) as r(crm text, id text)
    join deals d on d.workspace_id = ${workspaceId} and d.crm = r.crm and d.company_id = r.id and d.deleted_at is null
    where d.is_closed is not true or coalesce(d.closed_at, d.close_date::timestamp at time zone 'UTC') >= ${closedSince}`;
}

function dealColumns(tx: Tx) {
  return tx`d.crm, d.crm_id as id, d.company_id as "companyId", d.is_closed as "isClosed",
    d.crm_created_at as "createdAt", d.closed_at as "closedAt", d.close_date::timestamp at time zone 'UTC' as "closeDate",
    d.owner_id as "ownerId", d.last_activity_at as "lastActivityAt", d.merged_into as "mergedInto",
    d.deleted_at is not null as deleted`;
}

async function readRoles(
  tx: Tx,
  workspaceId: string,
  deals: readonly Ref[],
  contacts: readonly Ref[],
): Promise<Known["roles"]> {
  if (deals.length === 0 || contacts.length === 0) return new Map();
  const rows = await tx<{ crm: CrmType; deal_id: string; contact_id: string }[]>`
    select distinct dc.crm, dc.deal_id, dc.contact_id
    from jsonb_to_recordset(${tx.json(refs(contacts))}) as c(crm text, id text)
    join deal_contacts dc on dc.workspace_id = ${workspaceId} and dc.crm = c.crm and dc.contact_id = c.id
    where (dc.crm, dc.deal_id) in (select crm, id from jsonb_to_recordset(${tx.json(refs(deals))}) as d(crm text, id text))`;
  const byDeal = Map.groupBy(rows, (row) => keyOf(row.crm, row.deal_id));
  return new Map([...byDeal].map(([deal, links]) => [deal, new Set(links.map((link) => link.contact_id))]));
}

async function readLeads(tx: Tx, workspaceId: string, emails: string[]): Promise<Known["leads"]> {
  if (emails.length === 0) return new Map();
  const rows = await tx<{ email: string; crm: CrmType; id: string }[]>`
    select distinct on (l.email) l.email, l.crm, l.crm_id as id
    from jsonb_array_elements_text(${tx.json(emails)}) as asked(email)
    join leads l on l.workspace_id = ${workspaceId} and l.crm in ('hubspot', 'salesforce') and l.email = asked.email
      and l.deleted_at is null and not l.is_converted
    order by l.email, l.crm, l.crm_id`;
  return new Map(rows.map((row) => [row.email, { crm: row.crm, id: row.id }]));
}

function refs(records: readonly Ref[]): Ref[] {
  return records.map(({ crm, id }) => ({ crm, id }));
}
