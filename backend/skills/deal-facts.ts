/** Facts about deals, from the mirror, their conversations and findings: one query for any number of deals. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { DealColumn } from "../mirror/properties.ts";
import type { DealFacts } from "./deal-score.ts";
import type { ConversationFacts, OpenFinding } from "./enhanced-deal-score.ts";

export type DealFactsRow = {
  crmRecordId: string;
  /** null: the deal hangs on no company. */
  companyId: string | null;
  deal: DealFacts;
  /** null: no conversation source is connected. */
  conversations: ConversationFacts | null;
  findings: OpenFinding[];
};

/** Median days in the present stage of the open deals there; stages with fewer than five deals are left out. */
export type StageUsual = { pipeline_id: string; stage_id: string; days: number }[];

export type FactsScope = {
  workspaceId: string;
  crm: CrmType;
  /** UTC now; days are counted to it. */
  now: Date;
  /** Columns Pandora writes itself: left out as if unknown. */
  own: ReadonlySet<DealColumn>;
  usual: StageUsual;
  /** False: silence is not "no conversation". */
  hasConversations: boolean;
};

/** Which records a page covers. */
export type FactsPage = {
  /** id of the last record of the page before; "" for the first page */
  after: string;
  limit: number;
  /** Only these; null = all. */
  ids: string[] | null;
};

/** Conversations of this many days count as recent. */
const recentDays = 90;

/** Once for a run: what is usual must not change between its pages. */
export async function stageUsual(
  tx: Tx,
  { workspaceId, crm, now }: { workspaceId: string; crm: CrmType; now: Date },
): Promise<StageUsual> {
  return tx<StageUsual>`
    select pipeline_id, stage_id,
      round(percentile_cont(0.5) within group (order by extract(epoch from ${now}::timestamptz - stage_entered_at)) / 86400)::int
        as days
    from deals
    where workspace_id = ${workspaceId} and crm = ${crm} and deleted_at is null and is_closed is not true
      and stage_entered_at <= ${now} and pipeline_id is not null and stage_id is not null
    group by pipeline_id, stage_id having count(*) >= 5`;
}

/** True once the workspace has any conversation: from then on a deal without one is a fact. */
export async function hasConversations(tx: Tx, workspaceId: string): Promise<boolean> {
  const [row] = await tx<{ some: boolean }[]>`
    select exists (select 1 from conversations where workspace_id = ${workspaceId}) as some`;
  return row!.some;
}

/** The next page of deals by id, or exactly the deals named. One query for any number of deals. */
export async function dealFacts(tx: Tx, scope: FactsScope, from: FactsPage): Promise<DealFactsRow[]> {
  const { workspaceId, crm, now } = scope;
  const recent = new Date(now.getTime() - recentDays * 86_400_000);
  const wanted =
    from.ids === null ? tx`` : tx`and d.crm_id in (select jsonb_array_elements_text(${tx.json(from.ids)}))`;
  const rows = await tx<SqlRow[]>`
    with page as materialized (
      select * from deals d
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null and d.crm_id > ${from.after} ${wanted}
      order by d.crm_id limit ${from.limit}
    ), involved as (
      select c.deal_id, count(*)::int as contacts from deal_contacts c join page p on p.crm_id = c.deal_id
      where c.workspace_id = ${workspaceId} and c.crm = ${crm} group by c.deal_id
    ), talks as (
      select c.deal_id, count(*) filter (where c.started_at > ${recent})::int as count90,
        max(c.started_at) as last_at,
        round((avg((c.signals ->> 'sentiment')::float8) filter (where c.started_at > ${recent}))::numeric, 2)::float8 as sentiment,
        (array_agg((c.signals ->> 'next_step_agreed')::boolean order by c.started_at desc, c.id))[1] as next_step_agreed
      from conversations c join page p on p.crm_id = c.deal_id
      where c.workspace_id = ${workspaceId} and c.deal_crm = ${crm} and c.started_at <= ${now}
      group by c.deal_id
    ), people as (
      select c.deal_id, count(distinct coalesce(a.email, a.name))::int as people
      from conversations c join page p on p.crm_id = c.deal_id
      join conversation_participants a on a.workspace_id = c.workspace_id and a.conversation_id = c.id
      where c.workspace_id = ${workspaceId} and c.deal_crm = ${crm} and c.started_at <= ${now} and a.side = 'external'
      group by c.deal_id
    ), open_findings as (
      select f.crm_record_id, jsonb_agg(jsonb_build_object('kind', f.kind, 'severity', f.severity, 'sentence', f.sentence)
        order by f.kind) as findings
      from findings f join page p on p.crm_id = f.crm_record_id
      where f.workspace_id = ${workspaceId} and f.crm = ${crm} and f.object_type = 'deal' group by f.crm_record_id
    )
    select d.crm_id, d.company_id, d.is_closed, d.is_won, d.probability, d.close_date_pushes, d.amount_drops,
      d.last_activity_at is not null as has_activity,
      floor(extract(epoch from ${now}::timestamptz - coalesce(d.last_activity_at, d.crm_created_at, d.synced_at)) / 86400)::int
        as days_idle,
      (d.close_date - (${now}::timestamptz at time zone 'UTC')::date) as days_to_close,
      floor(extract(epoch from ${now}::timestamptz - d.stage_entered_at) / 86400)::int as days_in_stage,
      u.days as usual_days, coalesce(i.contacts, 0) as contacts,
      coalesce(t.count90, 0) as count90, floor(extract(epoch from ${now}::timestamptz - t.last_at) / 86400)::int as days_since_talk,
      t.sentiment, t.next_step_agreed, coalesce(w.people, 0) as people, coalesce(f.findings, '[]') as findings
    from page d
    left join jsonb_to_recordset(${tx.json(scope.usual as never)}) as u(pipeline_id text, stage_id text, days int)
      on u.pipeline_id = d.pipeline_id and u.stage_id = d.stage_id
    left join involved i on i.deal_id = d.crm_id
    left join talks t on t.deal_id = d.crm_id
    left join people w on w.deal_id = d.crm_id
    left join open_findings f on f.crm_record_id = d.crm_id
    order by d.crm_id`;
  return rows.map((row) => ({
    crmRecordId: row.crm_id,
    companyId: row.company_id,
    deal: toFacts(row, scope.own),
    conversations: scope.hasConversations ? toConversations(row) : null,
    // A closed deal has nothing left to mend.
    findings: row.is_closed === true ? [] : row.findings,
  }));
}

type SqlRow = {
  crm_id: string;
  company_id: string | null;
  is_closed: boolean | null;
  is_won: boolean | null;
  probability: number | null;
  close_date_pushes: number;
  amount_drops: number;
  has_activity: boolean;
  days_idle: number | null;
  days_to_close: number | null;
  days_in_stage: number | null;
  usual_days: number | null;
  contacts: number;
  count90: number;
  days_since_talk: number | null;
  sentiment: number | null;
  next_step_agreed: boolean | null;
  people: number;
  findings: OpenFinding[];
};

function toConversations(row: SqlRow): ConversationFacts {
  // As with its other facts: nothing that ages may change a closed deal.
  if (row.is_closed === true)
    return { count90: 0, daysSinceLast: null, sentiment: null, nextStepAgreed: null, people: 0 };
  return {
    count90: row.count90,
    daysSinceLast: row.days_since_talk,
    sentiment: row.sentiment,
    nextStepAgreed: row.next_step_agreed,
    people: row.people,
  };
}

function toFacts(row: SqlRow, own: ReadonlySet<DealColumn>): DealFacts {
  const unlessOwn = <T>(column: DealColumn, value: T, unknown: T): T => (own.has(column) ? unknown : value);
  const isClosed = row.is_closed === true;
  // A closed deal's score is its outcome: nothing that ages may change its facts any more.
  if (isClosed) return { ...closedFacts, isWon: row.is_won === true };
  return {
    isClosed,
    isWon: false,
    daysIdle: Math.max(0, row.days_idle ?? 0),
    hasActivity: row.has_activity,
    daysToClose: unlessOwn("closeDate", row.days_to_close, null),
    daysInStage: unlessOwn("stage", row.days_in_stage === null ? null : Math.max(0, row.days_in_stage), null),
    usualDaysInStage: unlessOwn("stage", row.usual_days, null),
    probability: unlessOwn("probability", row.probability, null),
    contacts: row.contacts,
    closeDatePushes: unlessOwn("closeDate", row.close_date_pushes, 0),
    amountDrops: unlessOwn("amount", row.amount_drops, 0),
  };
}

const closedFacts: DealFacts = {
  isClosed: true,
  isWon: false,
  daysIdle: 0,
  hasActivity: false,
  daysToClose: null,
  daysInStage: null,
  usualDaysInStage: null,
  probability: null,
  contacts: 0,
  closeDatePushes: 0,
  amountDrops: 0,
};
