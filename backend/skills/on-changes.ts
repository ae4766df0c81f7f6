/**
 * What changed records and conversations set off: runs over exactly the records concerned, a little later, because
 * changes come in bursts. Handed to the lower rooms by handlers.ts.
 */
import type { House } from "../connections/house.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { ChangedRecords } from "../mirror/on-import.ts";
import type { SkillName } from "./catalogue.ts";
import { queueSkillRun } from "./runtime.ts";

/** A round's pages are analysed together. */
const settleMs = 30_000;
const dayMs = 86_400_000;

/** Records age without being touched: each skill looks at all of them once a day. */
const daily: SkillName[] = [
  "deal-score",
  "account-score",
  "contact-engagement",
  "contact-enrichment",
  "data-quality-audit",
  "pipeline-coverage",
];

/**
 * What the mirror calls. A deal counts for its company and its contacts, a contact for its company. An empty change
 * marks the end of a round: then whatever is due for its daily look is analysed as a whole.
 */
export function analyseChanged(house: Pick<House, "queue" | "clock">) {
  return async (tx: Tx, workspaceId: string, crm: CrmType, changed: ChangedRecords): Promise<void> => {
    const place = { workspaceId, crm };
    if (Object.keys(changed).length === 0) {
      const queueDaily = queueing(tx, house, place, "schedule");
      for (const skill of await dueSkills(tx, place, house.clock.now())) await queueDaily(skill, null);
      return;
    }
    const queue = queueing(tx, house, place, "mirror");
    const around = await neighbours(tx, place, changed);
    const of = (objectType: ObjectType) => (changed[objectType] === null ? null : around[objectType]);
    await queue("deal-score", of("deal"));
    await queue("account-score", of("company"));
    await queue("contact-enrichment", changed.contact === null ? null : (changed.contact ?? []));
    await queue("contact-engagement", of("contact"));
  };
}

/** What the gap finder calls: these conversations were linked or judged anew. */
export function analyseConversations(house: Pick<House, "queue" | "clock">) {
  return async (tx: Tx, workspaceId: string, conversationIds: string[]): Promise<void> => {
    if (conversationIds.length === 0) return;
    const rows = await tx<{ crm: CrmType; object_type: ObjectType; ids: string[] }[]>`
      with given as materialized (select i::uuid as id from jsonb_array_elements_text(${tx.json(conversationIds)}) i)
      select crm, object_type, jsonb_agg(distinct crm_id) as ids from (
        select c.deal_crm as crm, 'deal' as object_type, c.deal_id as crm_id from conversations c join given g on g.id = c.id
          where c.workspace_id = ${workspaceId} and c.deal_id is not null
        union all
        select l.crm, 'company', l.company_id from conversation_companies l join given g on g.id = l.conversation_id
          where l.workspace_id = ${workspaceId}
        union all
        select a.contact_crm, 'contact', a.contact_id from conversation_participants a join given g on g.id = a.conversation_id
          where a.workspace_id = ${workspaceId} and a.contact_id is not null
      ) named group by crm, object_type order by crm, object_type`;
    const skillOf: Record<ObjectType, SkillName> = {
      deal: "deal-score",
      company: "account-score",
      contact: "contact-engagement",
    };
    for (const { crm, object_type, ids } of rows) {
      await queueing(tx, house, { workspaceId, crm }, "conversations")(skillOf[object_type], ids);
    }
  };
}

type Place = { workspaceId: string; crm: CrmType };

function queueing(tx: Tx, house: Pick<House, "queue" | "clock">, { workspaceId, crm }: Place, trigger: string) {
  return async (skill: SkillName, ids: string[] | null): Promise<void> => {
    if (ids?.length === 0) return;
    const scope = ids === null ? { crm } : { crm, record_ids: ids };
    await queueSkillRun(tx, house, workspaceId, { skill, trigger, scope, delayMs: settleMs });
  };
}

/** The changed records and those whose facts they are part of, in one query. */
async function neighbours(
  tx: Tx,
  { workspaceId, crm }: Place,
  changed: ChangedRecords,
): Promise<Record<ObjectType, string[]>> {
  const given = {
    deal: changed.deal ?? [],
    company: changed.company ?? [],
    contact: changed.contact ?? [],
  };
  const [row] = await tx<{ deals: string[]; companies: string[]; contacts: string[] }[]>`
    with deal as (select i as id from jsonb_array_elements_text(${tx.json(given.deal)}) i),
    company as (select i as id from jsonb_array_elements_text(${tx.json(given.company)}) i),
    contact as (select i as id from jsonb_array_elements_text(${tx.json(given.contact)}) i)
    select
      to_jsonb(array(select id from deal)) as deals,
      to_jsonb(array(select id from company
        -- the company a deal left has one less
        union select v.company_id from deals d join deal on deal.id = d.crm_id
          cross join lateral (values (d.company_id), (d.was_company_id)) as v(company_id)
          where d.workspace_id = ${workspaceId} and d.crm = ${crm} and v.company_id is not null
        union select k.company_id from contacts k join contact on contact.id = k.crm_id
          where k.workspace_id = ${workspaceId} and k.crm = ${crm} and k.company_id is not null)) as companies,
      to_jsonb(array(select id from contact
        union select l.contact_id from deal_contacts l join deal on deal.id = l.deal_id
          where l.workspace_id = ${workspaceId} and l.crm = ${crm})) as contacts`;
  return { deal: row!.deals, company: row!.companies, contact: row!.contacts };
}

/** Skills that have not looked at everything for a day. */
async function dueSkills(tx: Tx, { workspaceId, crm }: Place, now: Date): Promise<SkillName[]> {
  const recent = await tx<{ skill: SkillName }[]>`
    select distinct skill from skill_runs
    where workspace_id = ${workspaceId} and scope ->> 'crm' = ${crm} and scope -> 'record_ids' is null
      and status <> 'failed' and created_at > ${new Date(now.getTime() - dayMs)}`;
  const done = new Set(recent.map((row) => row.skill));
  return daily.filter((skill) => !done.has(skill));
}
