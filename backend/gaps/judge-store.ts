/** SQL: what judging a page needs beyond its links, and where verdicts are stored. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";
import type { Verdict } from "./classify.ts";

export type CompanyDeals = { open: number; all: number };
export type Siblings = { count: number; secondNewestAt: Date | null };

/** Living deals by company, merged companies counted where they went. @param companies id as in `deals` → whose it counts as */
export async function countDeals(
  tx: Tx,
  workspaceId: string,
  companies: { crm: CrmType; id: string; counts_as: string }[],
): Promise<Map<string, CompanyDeals>> {
  if (companies.length === 0) return new Map();
  const rows = await tx<{ counts_as: string; open: number; all: number }[]>`
    select r.counts_as, count(*) filter (where d.is_closed is not true)::int as open, count(*)::int as all
    from jsonb_to_recordset(${tx.json(companies)}) as r(crm text, id text, counts_as text)
    join deals d on d.workspace_id = ${workspaceId} and d.crm = r.crm and d.company_id = r.id and d.deleted_at is null
    group by r.counts_as`;
  return new Map(rows.map(({ counts_as, open, all }) => [counts_as, { open, all }]));
}

/** The newest two conversations of each company key in the window, so that a key with thousands costs two rows. */
export async function countSiblings(
  tx: Tx,
  workspaceId: string,
  keys: readonly string[],
  window: Window,
): Promise<Map<string, Siblings>> {
  if (keys.length === 0) return new Map();
  const rows = await tx<{ key: string; count: number; second: Date | null }[]>`
    select k.key, count(s.started_at)::int as count, case when count(s.started_at) > 1 then min(s.started_at) end as second
    from (select distinct jsonb_array_elements_text(${tx.json([...keys])}) as key) k
    cross join lateral (${newestTwo(tx, workspaceId, window)}) s
    group by k.key`;
  return new Map(rows.map((row) => [row.key, { count: row.count, secondNewestAt: row.second }]));
}

/** Later than `after`, not later than `now`. */
export type Window = { after: Date; now: Date };

export type Judged = { id: string; verdict: Verdict; siblings: number; judgeAt: Date | null };

/**
 * A person's decision stands; the judge only opens what nobody decided on, and closes what it opened. The severity of a
 * decided gap stays what it was then.
 */
export async function putVerdicts(tx: Tx, workspaceId: string, now: Date, judged: Judged[]): Promise<void> {
  const rows = judged.map(({ id, verdict, siblings, judgeAt }) => ({
    ...{ id, siblings, judge_at: judgeAt, status: verdict.gap ? "pending" : null, severity: verdict.severity },
    ...{ severity_reason: verdict.severityReason, likely_cause: verdict.likelyCause },
  }));
  await tx`
    update conversations c set dirty = false, judged_at = ${now},
      siblings = case when decided then 0 else r.siblings end,
      judge_at = r.judge_at,
      gap_status = case when decided then c.gap_status else r.status end,
      severity = case when decided then c.severity else r.severity end,
      severity_reason = case when decided then c.severity_reason else r.severity_reason end,
      likely_cause = case when decided then c.likely_cause else r.likely_cause end
    from (
      select r.*, coalesce(o.gap_status in ('dismissed', 'created', 'linked'), false) as decided
      from jsonb_to_recordset(${tx.json(rows as never)}) as r(id uuid, siblings smallint, judge_at timestamptz, status text,
        severity smallint, severity_reason text, likely_cause text)
      join conversations o on o.workspace_id = ${workspaceId} and o.id = r.id
    ) r
    where c.workspace_id = ${workspaceId} and c.id = r.id`;
}

/** The deal that closed these gaps is gone. */
export async function recordReopened(
  tx: Tx,
  workspaceId: string,
  now: Date,
  reopened: { conversation_id: string; crm: string; deal_id: string }[],
): Promise<void> {
  if (reopened.length === 0) return;
  const rows = reopened.map((each) => ({ ...each, id: timeOrderedId(now) }));
  await tx`
    insert into gap_decisions (workspace_id, id, conversation_id, decision, reason, crm, deal_id, decided_by, decided_at)
    select ${workspaceId}, r.id, r.conversation_id, 'reopened', 'deal_deleted', r.crm, r.deal_id, 'pandora', ${now}
    from jsonb_to_recordset(${tx.json(rows)}) as r(id uuid, conversation_id uuid, crm text, deal_id text)`;
}

/**
 * Open gaps of these companies that were judged with another count than stands now are judged again.
 * A page that makes a company's second conversation touches one other, its third none.
 */
export async function touchSiblings(
  tx: Tx,
  workspaceId: string,
  keys: readonly string[],
  window: Window,
): Promise<void> {
  if (keys.length === 0) return;
  await tx`
    update conversations c set dirty = true
    from (
      select k.key, count(s.started_at)::int as count
      from (select distinct jsonb_array_elements_text(${tx.json([...keys])}) as key) k
      cross join lateral (${newestTwo(tx, workspaceId, window)}) s
      group by k.key
    ) n
    where c.workspace_id = ${workspaceId} and c.company_key = n.key and c.gap_status = 'pending' and not c.dirty
      and c.siblings <> n.count`;
}

/** For `k.key`; a left-out key has no row. */
function newestTwo(tx: Tx, workspaceId: string, { after, now }: Window) {
  return tx`
    select s.started_at from conversations s
    where s.workspace_id = ${workspaceId} and s.company_key = k.key and s.started_at > ${after} and s.started_at <= ${now}
    order by s.started_at desc limit 2`;
}
