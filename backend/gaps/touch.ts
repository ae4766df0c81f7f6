/** Which conversations changed CRM records may have changed: marked, one statement per kind of record, and swept soon. */
import type { House } from "../connections/house.ts";
import { mailKind, registrableDomain } from "../conversations/domains.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

/** Ids; null: all of them. */
export type Touched = {
  deals?: string[] | null;
  companies?: string[] | null;
  contacts?: string[] | null;
  leads?: string[] | null;
  /** Owners may have changed: the sweep finds out. */
  owners?: boolean;
};

/**
 * Called in the transaction that stored the records, after they were stored. Nothing given: looks after what fell due.
 * Does not judge: the sweep it enqueues does.
 */
export async function recordsTouched(
  tx: Tx,
  house: Pick<House, "queue">,
  workspaceId: string,
  crm: CrmType,
  touched: Touched,
): Promise<void> {
  // A page of the sweep that is under way can't have seen these records: it ends first, so that its links are seen here.
  await tx`select pg_advisory_xact_lock_shared(${sweepLock(tx, workspaceId)})`;
  const { deals, companies, contacts, leads } = touched;
  if ([deals, companies, contacts, leads].includes(null)) await markAllDirty(tx, workspaceId, null);
  else {
    if (companies?.length) await touchCompanies(tx, workspaceId, crm, companies);
    if (contacts?.length) await touchContacts(tx, workspaceId, crm, contacts);
    if (deals?.length) await touchDeals(tx, workspaceId, crm, deals);
    if (leads?.length) await touchLeads(tx, workspaceId, crm, leads);
  }
  await sweepSoon(tx, house, workspaceId);
}

/** The same in the words of the mirror, which is handed it. */
export function touchChangedRecords(house: Pick<House, "queue">) {
  return (
    tx: Tx,
    workspaceId: string,
    crm: CrmType,
    changed: Partial<Record<"deal" | "company" | "contact" | "lead", string[] | null>>,
  ): Promise<void> =>
    recordsTouched(tx, house, workspaceId, crm, {
      deals: changed.deal,
      companies: changed.company,
      contacts: changed.contact,
      leads: changed.lead,
    });
}

/** Judges everything in the window anew. */
export async function rejudgeAll(house: Pick<House, "db" | "queue">, workspaceId: string): Promise<void> {
  await house.db.withWorkspace(workspaceId, async (tx) => {
    // The next sweep finds that it does not know what its verdicts rested on.
    await tx`update gap_sweeps set context_hash = '' where workspace_id = ${workspaceId}`;
    await sweepSoon(tx, house, workspaceId);
  });
}

/** One sweep waiting is enough, however often it is asked for. */
export async function sweepSoon(tx: Tx, house: Pick<House, "queue">, workspaceId: string): Promise<void> {
  await house.queue.enqueue(tx, { kind: "gaps.sweep", payload: { workspace_id: workspaceId }, key: workspaceId });
}

/** Waits for transactions that stored records and marked what they change. */
export async function lockForSweep(tx: Tx, workspaceId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(${sweepLock(tx, workspaceId)})`;
}

/** @param since open gaps and what began later; null: everything */
export async function markAllDirty(tx: Tx, workspaceId: string, since: Date | null): Promise<void> {
  await tx`
    update conversations set dirty = true
    where workspace_id = ${workspaceId} and not dirty
      and (${since}::timestamptz is null or started_at > ${since} or gap_status = 'pending')`;
}

function sweepLock(tx: Tx, workspaceId: string) {
  return tx`hashtextextended(${`gaps.sweep:${workspaceId}`}, 0)`;
}

/** By the companies they stand at and stood at, by link, and where a source named them. */
async function touchDeals(tx: Tx, workspaceId: string, crm: CrmType, ids: string[]): Promise<void> {
  await tx`
    with recursive ${asked(tx, ids)}, seed as (
      select distinct v.company_id as crm_id
      from asked a join deals d on d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.crm_id = a.id
      cross join lateral (values (d.company_id), (d.was_company_id)) as v(company_id)
      where v.company_id is not null
    ), ${family(tx, workspaceId, crm)}
    ${markDirty(tx, workspaceId)} (
      ${ofFamily(tx, workspaceId, crm)}
      union select c.id from asked a join conversations c
        on c.workspace_id = ${workspaceId} and c.deal_crm = ${crm} and c.deal_id = a.id
      union ${naming(tx, workspaceId, "deal")})`;
}

/** By link, by their domain now and before, and by the addresses of their contacts. */
async function touchCompanies(tx: Tx, workspaceId: string, crm: CrmType, ids: string[]): Promise<void> {
  const rows = await tx<{ domain: string | null; was_domain: string | null }[]>`
    select domain, was_domain from companies
    where workspace_id = ${workspaceId} and crm = ${crm}
      and crm_id in (select jsonb_array_elements_text(${tx.json(ids)}))`;
  const hosts = rows.flatMap((row) => [row.domain ?? [], row.was_domain ?? []].flat());
  const domains = [...new Set(hosts.flatMap((host) => registrableDomain(host) ?? []))];
  await tx`
    with recursive ${asked(tx, ids)}, seed as (select id as crm_id from asked), ${family(tx, workspaceId, crm)}
    ${markDirty(tx, workspaceId)} (
      ${ofFamily(tx, workspaceId, crm)}
      union select p.conversation_id
        from jsonb_array_elements_text(${tx.json(domains.filter((domain) => mailKind(domain) !== "common"))}) as d(domain)
        join conversation_participants p on p.workspace_id = ${workspaceId} and p.domain = d.domain
      union select p.conversation_id
        from family f
        join contacts c on c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.company_id = f.crm_id
          and c.deleted_at is null
        cross join lateral (select c.email union select unnest(c.other_emails)) as e(email)
        join conversation_participants p on p.workspace_id = ${workspaceId} and p.email = e.email
      union ${naming(tx, workspaceId, "company")})`;
}

/** By all addresses now and before. */
async function touchContacts(tx: Tx, workspaceId: string, crm: CrmType, ids: string[]): Promise<void> {
  await tx`
    with ${asked(tx, ids)}
    ${markDirty(tx, workspaceId)} (
      select p.conversation_id
        from asked a join contacts c on c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.crm_id = a.id
        cross join lateral (select c.email union select unnest(c.other_emails) union select unnest(c.was_emails)) as e(email)
        join conversation_participants p on p.workspace_id = ${workspaceId} and p.email = e.email
      union select p.conversation_id from asked a join conversation_participants p
        on p.workspace_id = ${workspaceId} and p.contact_crm = ${crm} and p.contact_id = a.id
      union ${naming(tx, workspaceId, "contact")})`;
}

async function touchLeads(tx: Tx, workspaceId: string, crm: CrmType, ids: string[]): Promise<void> {
  await tx`
    with ${asked(tx, ids)}
    ${markDirty(tx, workspaceId)} (
      select p.conversation_id
        from asked a join leads l on l.workspace_id = ${workspaceId} and l.crm = ${crm} and l.crm_id = a.id
        join conversation_participants p on p.workspace_id = ${workspaceId} and p.email = l.email
      union select p.conversation_id from asked a join conversation_participants p
        on p.workspace_id = ${workspaceId} and p.lead_crm = ${crm} and p.lead_id = a.id)`;
}

function asked(tx: Tx, ids: string[]) {
  return tx`asked as materialized (select distinct jsonb_array_elements_text(${tx.json(ids)}) as id)`;
}

function markDirty(tx: Tx, workspaceId: string) {
  return tx`update conversations set dirty = true where workspace_id = ${workspaceId} and not dirty and id in`;
}

/** The seed, what it was merged into, what was merged into these, and all companies below: a parent's deals are offered. */
function family(tx: Tx, workspaceId: string, crm: CrmType) {
  return tx`family as (
      select crm_id from seed
      union
      select n.crm_id from family f cross join lateral (
        select c.merged_into as crm_id from companies c
        where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.crm_id = f.crm_id and c.merged_into is not null
        union all
        select c.crm_id from companies c
        where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.merged_into = f.crm_id
        union all
        select c.crm_id from companies c
        where c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.parent_id = f.crm_id
      ) n
    )`;
}

function ofFamily(tx: Tx, workspaceId: string, crm: CrmType) {
  return tx`select cc.conversation_id from family f join conversation_companies cc
        on cc.workspace_id = ${workspaceId} and cc.crm = ${crm} and cc.company_id = f.crm_id`;
}

function naming(tx: Tx, workspaceId: string, objectType: string) {
  return tx`select n.conversation_id from asked a join conversation_named_records n
        on n.workspace_id = ${workspaceId} and n.object_type = ${objectType} and n.record_id = a.id`;
}
