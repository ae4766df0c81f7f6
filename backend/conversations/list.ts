/** The list of conversations, newest first: one statement beside the one that says whose are in sight. */
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { ListOf } from "../contract/common.ts";
import type { Conversation, ConversationsQuery } from "../contract/conversations.ts";
import type { Role } from "../contract/session.ts";
import type { Tx } from "../db.ts";

/** @throws AppError bad_cursor (400) */
export async function listConversations(
  house: Pick<House, "db">,
  workspaceId: string,
  caller: { role: Role; user: { email: string | null } },
  query: ConversationsQuery,
): Promise<ListOf<Conversation>> {
  const after = readCursor(query.cursor);
  const rows = await house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, caller);
    // The page is cut first: names and participants are looked up for its rows only.
    return tx<Row[]>`
      with shown as (
        select c.* from conversations c
        where c.workspace_id = ${workspaceId} and ${inSight(tx, sight)} and ${filtered(tx, workspaceId, query)}
          ${after ? tx`and (date_trunc('milliseconds', c.started_at), c.id) < (${after.at}, ${after.id}::uuid)` : tx``}
        order by date_trunc('milliseconds', c.started_at) desc, c.id desc limit ${query.limit + 1})
      select s.id, s.title, s.source, s.url, s.started_at, s.duration_minutes, s.call_type, s.host_email, s.audience,
        s.gap_status, (s.signals->>'sentiment')::float8 as sentiment, s.signals->>'next_step' as next_step,
        s.company_crm, s.company_id, co.name as company_name, s.deal_crm, s.deal_id, d.name as deal_name,
        coalesce((
          select json_agg(json_build_object('name', p.name, 'email', p.email, 'affiliation',
            case p.side when 'nobody' then 'unknown' else coalesce(p.side, p.affiliation) end) order by p.ordinal)
          from conversation_participants p where p.workspace_id = ${workspaceId} and p.conversation_id = s.id), '[]') as participants
      from shown s
      left join companies co on co.workspace_id = ${workspaceId} and co.crm = s.company_crm and co.crm_id = s.company_id
      left join deals d on d.workspace_id = ${workspaceId} and d.crm = s.deal_crm and d.crm_id = s.deal_id
      order by date_trunc('milliseconds', s.started_at) desc, s.id desc`;
  });
  const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.started_at, id: row.id }));
  return { items: items.map(toConversation), next_cursor };
}

/** A conversation is its rep's; before somebody is found, its host's. */
function inSight(tx: Tx, sight: Sight) {
  if (sight.all) return tx`true`;
  const emails = tx`select jsonb_array_elements_text(${tx.json(sight.emails)})`;
  const owners = tx`select jsonb_array_elements_text(${tx.json(sight.owners.map(({ crm, id }) => `${crm}:${id}`))})`;
  return tx`(coalesce(c.rep_email, c.host_email) in (${emails}) or c.rep_owner_crm || ':' || c.rep_owner_id in (${owners}))`;
}

function filtered(tx: Tx, workspaceId: string, { linked, internal, gap, company, q }: ConversationsQuery) {
  const like = q === undefined ? "" : `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return tx`
    (${linked ?? null}::boolean is null or (c.deal_id is not null) = ${linked ?? null}::boolean)
    and (${internal ?? null}::boolean is null or (c.audience is not distinct from 'internal') = ${internal ?? null}::boolean)
    and (${gap ?? null}::text is null or c.gap_status = ${gap ?? null}::text)
    ${
      company === undefined
        ? tx``
        : tx`and exists (select 1 from conversation_companies cc where cc.workspace_id = ${workspaceId}
            and cc.conversation_id = c.id and cc.company_id = ${company})`
    }
    ${
      q === undefined
        ? tx``
        : tx`and (c.title ilike ${like} or exists (select 1 from conversation_participants p
            where p.workspace_id = ${workspaceId} and p.conversation_id = c.id and (p.name ilike ${like} or p.email ilike ${like})))`
    }`;
}

type Row = Omit<Conversation, "started_at" | "company" | "deal"> & {
  started_at: Date;
  company_crm: "hubspot" | "salesforce" | null;
  company_id: string | null;
  company_name: string | null;
  deal_crm: "hubspot" | "salesforce" | null;
  deal_id: string | null;
  deal_name: string | null;
};

function toConversation(row: Row): Conversation {
  const { company_crm, company_id, company_name, deal_crm, deal_id, deal_name, started_at, ...plain } = row;
  const named = (crm: typeof company_crm, id: string | null, name: string | null) =>
    crm === null || id === null ? null : { crm_type: crm, crm_id: id, name: name ?? "" };
  return {
    ...plain,
    started_at: started_at.toISOString(),
    company: named(company_crm, company_id, company_name),
    deal: named(deal_crm, deal_id, deal_name),
  };
}
