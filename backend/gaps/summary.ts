/** The figures of the gaps in sight: how many by severity, rep and cause, what became of this month's, what they may be worth. */
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import { type GapSummary, type GapTotals, likelyCauseTexts } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { type AmountRow, estimatePipeline, medianOfMax } from "./estimate.ts";
import { seenGaps } from "./gap-keys.ts";
import { type Sql, seesGap, type Viewer } from "./gap-sight.ts";
import { severityName } from "./gap-view.ts";

export async function gapSummary(house: Pick<House, "db" | "clock">, viewer: Viewer): Promise<GapSummary> {
  const { workspaceId } = viewer;
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    const [row] = await tx<SummaryRow[]>`
      with month as (
        select w.currency, date_trunc('month', ${now}::timestamptz at time zone w.time_zone) at time zone w.time_zone as since
        from workspaces w where w.workspace_id = ${workspaceId}
      ), decided as (
        select g.decision, count(distinct g.conversation_id)::int as n
        from month m join gap_decisions g on g.workspace_id = ${workspaceId} and g.decided_at >= m.since
          and g.decision in ('created', 'linked', 'dismissed')
        ${sight.all ? tx`` : tx`join conversations c on c.workspace_id = ${workspaceId} and c.id = g.conversation_id and ${seesGap(tx, sight)}`}
        group by g.decision
      ), amounts as (
        select coalesce(d.currency, m.currency) as currency, d.amount from month m cross join lateral (
          select x.currency, x.amount from deals x
          where x.workspace_id = ${workspaceId} and x.deleted_at is null and x.amount is not null and x.amount > 0
            and x.crm_created_at > ${now}::timestamptz - interval '1 year' and x.crm_created_at <= ${now}
          order by x.crm_created_at desc limit ${medianOfMax}) d
      )
      select m.since, (${countedGaps(tx, workspaceId, sight)}) as counted,
        coalesce((select jsonb_object_agg(decision, n) from decided), '{}') as decided,
        coalesce((select jsonb_agg(a) from (
          select currency, count(*)::int as deals, percentile_cont(0.5) within group (order by amount::double precision) as median
          from amounts group by currency) a), '[]') as amounts
      from month m`;
    if (!row) throw notFound("workspace");
    const totals = totalsOf(row.counted);
    const { created = 0, linked = 0, dismissed = 0 } = row.decided;
    return {
      ...totals,
      this_month: { created, linked, dismissed, since: row.since.toISOString() },
      ...estimatePipeline(totals.pending, row.amounts),
    };
  });
}

/** Totals of the pending gaps in sight, for the audits; one statement. */
export async function gapTotals(tx: Tx, workspaceId: string, sight: Sight): Promise<GapTotals> {
  const [row] = await tx<{ counted: Counted }[]>`select (${countedGaps(tx, workspaceId, sight)}) as counted`;
  return totalsOf(row!.counted);
}

export type HighGap = {
  conversation_id: string;
  title: string;
  started_at: Date;
  duration_minutes: number | null;
  severity_reason: string | null;
  likely_cause: string | null;
  rep_name: string | null;
  rep_email: string | null;
  company_name: string | null;
};

/** The newest high gaps of the whole workspace, for the audits. */
export async function highGaps(tx: Tx, workspaceId: string, limit: number): Promise<HighGap[]> {
  return tx<HighGap[]>`
    select c.id as conversation_id, c.title, c.started_at, c.duration_minutes, c.severity_reason, c.likely_cause,
      c.rep_name, c.rep_email, co.name as company_name
    from (
      select id, started_at from conversations
      where workspace_id = ${workspaceId} and gap_status = 'pending' and severity_rank = 3
      order by severity_rank desc, started_at desc, id desc limit ${limit}
    ) k
    join conversations c on c.workspace_id = ${workspaceId} and c.id = k.id
    left join companies co on co.workspace_id = ${workspaceId} and co.crm = c.company_crm and co.crm_id = c.company_id
    order by k.started_at desc, k.id desc`;
}

/** One kind per severity, cause and rep: a few hundred, whatever the number of gaps. */
type Counted = {
  kinds: { severity: number; cause: string | null; email: string | null; n: number }[];
  /** By e-mail. */
  names: Record<string, string | null>;
};

type SummaryRow = {
  since: Date;
  counted: Counted;
  decided: { created?: number; linked?: number; dismissed?: number };
  amounts: AmountRow[];
};

/** Counted in an index alone; a rep's name is read from one of their calls. @returns a statement giving `Counted` */
function countedGaps(tx: Tx, workspaceId: string, sight: Sight): Sql {
  const seen = seenGaps(tx, workspaceId, { status: "pending" }, sight, tx``);
  return tx`
    with kinds as materialized (
      select g.severity_rank as severity, g.likely_cause as cause, g.rep_email as email, count(*)::int as n
      from (${seen}) g group by g.rep_email, g.severity_rank, g.likely_cause)
    select jsonb_build_object('kinds', coalesce((select jsonb_agg(to_jsonb(kinds)) from kinds), '[]'),
      'names', coalesce((
        select jsonb_object_agg(e.email, named.rep_name) from (select distinct email from kinds where email is not null) e
        cross join lateral (
          select c.rep_name from conversations c
          where c.workspace_id = ${workspaceId} and c.gap_status = 'pending' and c.rep_email = e.email limit 1) named
      ), '{}'))`;
}

/** Pure. */
function totalsOf({ kinds, names }: Counted): GapTotals {
  const sum = (rows: Counted["kinds"]) => rows.reduce((all, { n }) => all + n, 0);
  const bySeverity = (rows: Counted["kinds"]) => {
    // What was not judged yet counts as low, as it is sorted.
    const named = Map.groupBy(rows, ({ severity }) => severityName(severity) ?? "low");
    return {
      high: sum(named.get("high") ?? []),
      medium: sum(named.get("medium") ?? []),
      low: sum(named.get("low") ?? []),
    };
  };
  const byRep = [...Map.groupBy(kinds, ({ email }) => email)].map(([email, rows]) => ({
    ...bySeverity(rows),
    ...{ rep: email === null ? null : (names[email] ?? null), email, pending: sum(rows) },
  }));
  const byCause = Map.groupBy(kinds, ({ cause }) => causeOf(cause));
  return {
    pending: sum(kinds),
    by_severity: bySeverity(kinds),
    by_rep: byRep.sort(
      (one, other) => other.pending - one.pending || ((one.email ?? "") < (other.email ?? "") ? -1 : 1),
    ),
    by_cause: [...byCause]
      .map(([likely_cause, rows]) => ({ likely_cause, text: likelyCauseTexts[likely_cause], pending: sum(rows) }))
      .sort((one, other) => other.pending - one.pending || (one.likely_cause < other.likely_cause ? -1 : 1)),
  };
}

function causeOf(cause: string | null): keyof typeof likelyCauseTexts {
  return cause !== null && cause in likelyCauseTexts ? (cause as keyof typeof likelyCauseTexts) : "unknown";
}
