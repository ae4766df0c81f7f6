/** What was said about records lately, for a model to read: titles and summaries. Untrusted; never for the rules. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

/** The latest conversations of each record, and the characters of each summary that are shown. */
const conversationsMax = 3;
const charactersMax = 800;

/** @returns excerpts by record id, the newest first; one query for any number of records */
export async function readExcerpts(
  tx: Tx,
  { workspaceId, crm, now }: { workspaceId: string; crm: CrmType; now: Date },
  objectType: "deal" | "company",
  ids: string[],
): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const linked =
    objectType === "deal"
      ? tx`conversations c where c.workspace_id = ${workspaceId} and c.deal_crm = ${crm} and c.deal_id = g.id`
      : tx`conversation_companies l join conversations c on c.workspace_id = l.workspace_id and c.id = l.conversation_id
          where l.workspace_id = ${workspaceId} and l.crm = ${crm} and l.company_id = g.id`;
  const rows = await tx<{ id: string; excerpts: string[] }[]>`
    select g.id, jsonb_agg(s.excerpt order by s.started_at desc, s.conversation_id) as excerpts
    from jsonb_array_elements_text(${tx.json(ids)}) as g(id)
    cross join lateral (
      select c.id as conversation_id, c.started_at,
        concat_ws(': ', nullif(c.title, ''), left(c.summary, ${charactersMax})) as excerpt
      from ${linked} and c.started_at <= ${now} order by c.started_at desc, c.id limit ${conversationsMax}
    ) s
    where s.excerpt <> '' group by g.id`;
  return new Map(rows.map((row) => [row.id, row.excerpts]));
}
