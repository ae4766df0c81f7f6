/** Facts about deals, from the mirror: one query for any number of deals. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { DealColumn } from "../mirror/properties.ts";
import type { DealFacts } from "./deal-score.ts";

export type FactsRow = { crmRecordId: string; facts: DealFacts };

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
};

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

/**
 * The next page of deals by id, or exactly the deals named.
 * @param from.after id of the last deal of the page before; "" for the first page
 * @param from.ids only these; null = all
 */
export async function dealFacts(
  tx: Tx,
  scope: FactsScope,
  from: { after: string; limit: number; ids: string[] | null },
): Promise<FactsRow[]> {
  const { workspaceId, crm, now } = scope;
  const wanted =
    from.ids === null ? tx`` : tx`and d.crm_id in (select jsonb_array_elements_text(${tx.json(from.ids)}))`;
  const rows = await tx<SqlRow[]>`
    select d.crm_id, d.is_closed, d.is_won, d.probability, d.close_date_pushes, d.amount_drops,
      d.last_activity_at is not null as has_activity,
      floor(extract(epoch from ${now}::timestamptz - coalesce(d.last_activity_at, d.crm_created_at, d.synced_at)) / 86400)::int
        as days_idle,
      (d.close_date - (${now}::timestamptz at time zone 'UTC')::date) as days_to_close,
      floor(extract(epoch from ${now}::timestamptz - d.stage_entered_at) / 86400)::int as days_in_stage,
      u.days as usual_days,
      (select count(*)::int from deal_contacts c
        where c.workspace_id = d.workspace_id and c.crm = d.crm and c.deal_id = d.crm_id) as contacts
    from deals d
    left join jsonb_to_recordset(${tx.json(scope.usual as never)}) as u(pipeline_id text, stage_id text, days int)
      on u.pipeline_id = d.pipeline_id and u.stage_id = d.stage_id
    where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null and d.crm_id > ${from.after} ${wanted}
    order by d.crm_id limit ${from.limit}`;
  return rows.map((row) => ({ crmRecordId: row.crm_id, facts: toFacts(row, scope.own) }));
}

type SqlRow = {
  crm_id: string;
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
};

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
