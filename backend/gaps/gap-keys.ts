/**
 * The SQL of a page of gaps: which, in which order. It reads indexes only (migrations/0007_gap_lists.sql): of somebody
 * who sees all, the sorted one from where the page begins; of others, that of their reps; of one record, its
 * conversations; of words, the conversations of the rarest one.
 */
import type { Sight } from "../connections/visibility.ts";
import type { CrmType, ObjectType } from "../contract/common.ts";
import type { GapStatus, GapsQuery, SeverityName } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import type { Position } from "./gap-cursor.ts";
import { emailsIn, type Sql, seesGap } from "./gap-sight.ts";

export type GapFilter = Omit<GapsQuery, "limit" | "cursor">;

export const rankOf: Record<SeverityName, number> = { high: 3, medium: 2, low: 1 };

/** Beyond so many gaps with a word, the sorted index is walked and each looked at: the page is full soon. */
const rareMax = 2_000;

/**
 * @param after where the page before ended
 * @returns a statement giving `id, severity_rank, started_at, minutes_rank`, sorted
 */
export function gapKeys(
  tx: Tx,
  workspaceId: string,
  asked: { filter: GapFilter; sight: Sight; after: Position | null; limit: number },
): Sql {
  const { filter, sight, after, limit } = asked;
  const matches = tx`${matchesFilter(tx, filter)} ${after ? isAfter(tx, after) : tx``}`;
  const found = foundBy(tx, workspaceId, filter);
  const all = found
    ? ofThese(tx, workspaceId, filter.status, found, tx`${matches} and ${seesGap(tx, sight)}`)
    : seenGaps(tx, workspaceId, filter, sight, matches);
  const searched = filter.q === undefined ? all : withWords(tx, workspaceId, { filter, sight, found, matches, limit });
  return tx`select * from (${searched}) k ${orderBy(tx, filter.sort)} limit ${limit}`;
}

/** The order of a list, over `k` or any other name of the same columns. */
export function orderBy(tx: Tx, sort: GapFilter["sort"]): Sql {
  if (sort === "newest") return tx`order by started_at desc, id desc`;
  if (sort === "longest") return tx`order by minutes_rank desc, started_at desc, id desc`;
  return tx`order by severity_rank desc, started_at desc, id desc`;
}

/** Gaps in sight, by whichever index serves whom. */
export function seenGaps(
  tx: Tx,
  workspaceId: string,
  filter: { status: GapStatus; rep?: string | undefined },
  sight: Sight,
  matches: Sql,
): Sql {
  const these = tx`c.workspace_id = ${workspaceId} and c.gap_status = ${filter.status}`;
  const columns = keyColumns(tx);
  if (filter.rep !== undefined) {
    const rep = tx`c.rep_email = ${filter.rep} and ${seesGap(tx, sight)}`;
    return tx`select ${columns} from conversations c where ${these} and ${rep} ${matches}`;
  }
  if (sight.all) return tx`select ${columns} from conversations c where ${these} ${matches}`;
  const emails = emailsIn(tx, sight);
  const owners = tx`jsonb_to_recordset(${tx.json(sight.owners)}) as o(crm text, id text)`;
  return tx`
    select ${columns} from conversations c where ${these} and c.rep_email = any (${emails}) ${matches}
    union all
    select ${columns} from ${owners} join conversations c on c.rep_owner_crm = o.crm and c.rep_owner_id = o.id
    where ${these} and c.rep_owner_id is not null and (c.rep_email is null or c.rep_email <> all (${emails})) ${matches}
    union all
    -- made whole first: looked up for each gap, the companies cost most of the page
    select ${columns} from (
      with owned as materialized (
        select co.crm, co.crm_id from ${owners}
        join companies co on co.workspace_id = ${workspaceId} and co.crm = o.crm and co.owner_id = o.id)
      select * from owned) co
    join conversations c on c.company_crm = co.crm and c.company_id = co.crm_id
    where ${these} and c.rep_email is null and c.rep_owner_id is null ${matches}`;
}

function keyColumns(tx: Tx): Sql {
  return tx`c.id, c.severity_rank, c.started_at, c.minutes_rank, c.likely_cause, c.rep_email`;
}

/**
 * Which of these conversations are gaps. One look-up each in an index of gaps alone, however many the planner believes
 * they are: it would rather read all gaps.
 */
export function ofThese(tx: Tx, workspaceId: string, status: GapStatus, ids: Sql, matches: Sql): Sql {
  return tx`
    select ${keyColumns(tx)} from (${ids}) f cross join lateral (
      select ${keyColumns(tx)}, c.workspace_id, c.rep_owner_crm, c.rep_owner_id, c.company_crm, c.company_id
      from conversations c where c.workspace_id = ${workspaceId} and c.id = f.id and c.gap_status = ${status} offset 0) c
    where true ${matches}`;
}

function matchesFilter(tx: Tx, filter: GapFilter): Sql {
  const { severity, likely_cause, rep, company, from, to } = filter;
  return tx`
    ${severity ? tx`and c.severity_rank = ${rankOf[severity]}` : tx``}
    ${likely_cause ? tx`and c.likely_cause = ${likely_cause}` : tx``}
    ${rep ? tx`and c.rep_email = ${rep}` : tx``}
    ${company === "none" ? tx`and c.company_id is null` : tx``}
    ${from ? tx`and c.started_at >= ${from}::timestamptz` : tx``}
    ${to ? tx`and c.started_at < ${to}::timestamptz` : tx``}`;
}

function isAfter(tx: Tx, { sort, rank, at, id }: Position): Sql {
  // As text first: handed over as a moment, the driver would cut it to milliseconds.
  const moment = tx`${at}::text::timestamptz, ${id}::uuid`;
  if (sort === "newest") return tx`and (c.started_at, c.id) < (${moment})`;
  if (sort === "longest") return tx`and (c.minutes_rank, c.started_at, c.id) < (${rank}::double precision, ${moment})`;
  return tx`and (c.severity_rank, c.started_at, c.id) < (${rank}::smallint, ${moment})`;
}

/** Conversations of a company or a record, when asked for: few, whatever their state. */
function foundBy(tx: Tx, workspaceId: string, filter: GapFilter): Sql | null {
  const crms: CrmType[] = filter.crm ? [filter.crm] : ["hubspot", "salesforce"];
  const { company, object_type, crm_record_id } = filter;
  const record =
    object_type && crm_record_id ? conversationsOf(tx, workspaceId, crms, object_type, crm_record_id) : null;
  if (!company || company === "none") return record;
  const ofCompany = conversationsOf(tx, workspaceId, crms, "company", company);
  return record ? tx`select id from (${ofCompany}) a join (${record}) b using (id)` : ofCompany;
}

/**
 * Conversations that concern a record: of a company, those with it; of a contact, those they were in; of a deal, those
 * with its company.
 * @returns a statement giving each `id` once
 */
export function conversationsOf(
  tx: Tx,
  workspaceId: string,
  crms: readonly CrmType[],
  objectType: ObjectType,
  id: string,
): Sql {
  const here = tx`array(select jsonb_array_elements_text(${tx.json(crms)}))`;
  switch (objectType) {
    case "company":
      return tx`select distinct x.conversation_id as id from conversation_companies x
        where x.workspace_id = ${workspaceId} and x.crm = any (${here}) and x.company_id = ${id}`;
    case "contact":
      return tx`select distinct x.conversation_id as id from conversation_participants x
        where x.workspace_id = ${workspaceId} and x.contact_crm = any (${here}) and x.contact_id = ${id}`;
    case "deal":
      return tx`select distinct x.conversation_id as id from deals d
        join conversation_companies x on x.workspace_id = ${workspaceId} and x.crm = d.crm and x.company_id = d.company_id
        where d.workspace_id = ${workspaceId} and d.crm = any (${here}) and d.crm_id = ${id}`;
    default:
      return objectType satisfies never;
  }
}

/** Each word asked for is the beginning of a word of the gap. */
function withWords(
  tx: Tx,
  workspaceId: string,
  asked: { filter: GapFilter; sight: Sight; found: Sql | null; matches: Sql; limit: number },
): Sql {
  const { filter, sight, found, matches, limit } = asked;
  const begun = tx`w.word >= a.word and w.word < a.beyond`;
  const hasAll = tx`and not exists (select from asked a where not exists (
    select from gap_words w where w.workspace_id = ${workspaceId} and w.conversation_id = c.id and ${begun}))`;
  // The end of each word's range is made here, once: made in the look-up itself, it would not narrow the index.
  const words = tx`
    with asked as materialized (
      select distinct word, word || chr(1114111) as beyond from unnest(words_of(${filter.q!})) as t (word)),
    rarest as materialized (
      select a.word, a.beyond, (select count(*) from (select from gap_words w
        where w.workspace_id = ${workspaceId} and ${begun} limit ${rareMax + 1}) n) as n
      from asked a order by n, length(a.word) desc limit 1)`;
  const rowMatches = tx`${matches} and ${seesGap(tx, sight)} ${hasAll}`;
  if (found) return tx`${words} ${ofThese(tx, workspaceId, filter.status, found, rowMatches)}`;
  const rare = tx`select distinct w.conversation_id as id from rarest a
    join gap_words w on w.workspace_id = ${workspaceId} and ${begun} where a.n <= ${rareMax}`;
  // Sorted first where the word is common, and looked at one by one until the page is full.
  const walked = tx`select * from (${seenGaps(tx, workspaceId, filter, sight, matches)}) k ${orderBy(tx, filter.sort)} offset 0`;
  const common = tx`select * from (${walked}) c where (select n from rarest) > ${rareMax} ${hasAll} limit ${limit}`;
  return tx`${words} (${ofThese(tx, workspaceId, filter.status, rare, rowMatches)})
    union all (${common})`;
}
