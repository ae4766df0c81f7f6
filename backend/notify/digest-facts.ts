/** The figures of a person's weekly digest, counted within their own sight. */
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { BySeverity, GapSummary, GapTotals } from "../contract/gaps.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { type AmountRow, estimatePipeline } from "../gaps/estimate.ts";
import { gapKeys } from "../gaps/gap-keys.ts";
import { type Sql, seesGap, type Viewer } from "../gaps/gap-sight.ts";
import { gapSummary, gapTotals } from "../gaps/summary.ts";

/** Counts, sentences about counts, and ids: what may be kept. */
export type DigestPart = {
  pending: number;
  by_severity: BySeverity;
  /** Conversation ids, the most pressing first. */
  top: string[];
  /** Of last week. */
  created: number;
  linked: number;
  dismissed: number;
  /** What they may be worth, in words. */
  estimate: string;
  /** Most first; empty in one's own part. */
  by_rep: { rep: string | null; pending: number; high: number }[];
};

export type DigestFacts = {
  /** Last week, Monday to Monday at midnight of the workspace, ISO. */
  since: string;
  until: string;
  /** Calls of the person's own; null: they have none by any address or CRM user of theirs. */
  own: DigestPart | null;
  /** Everybody's, for those who see all. */
  team: DigestPart | null;
};

const topMax = 5;
const repsMax = 10;

/**
 * @param at when the digest fell due
 * @returns null when there is nothing to say
 */
export async function digestFacts(
  house: Pick<House, "db" | "clock">,
  viewer: Viewer,
  at: Date,
): Promise<DigestFacts | null> {
  const { workspaceId } = viewer;
  const summary = await gapSummary(house, viewer);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    const own = await ownSight(tx, workspaceId, viewer, sight);
    const week = await lastWeek(tx, workspaceId, at, own, sight);
    const facts: DigestFacts = {
      since: week.since.toISOString(),
      until: week.until.toISOString(),
      own: own
        ? await partOf(tx, workspaceId, own, week.own, await gapTotals(tx, workspaceId, own), amountsOf(summary))
        : null,
      team: sight.all ? await teamPart(tx, workspaceId, sight, week.team, summary) : null,
    };
    const told = { ...facts, own: somethingIn(facts.own), team: somethingIn(facts.team) };
    return told.own || told.team ? told : null;
  });
}

/** The ids a digest names. */
export function namedIn(facts: DigestFacts): string[] {
  return [...new Set([...(facts.own?.top ?? []), ...(facts.team?.top ?? [])])];
}

type Became = { created: number; linked: number; dismissed: number };

/** Never more than `sight`: one's own records are in sight whatever the workspace says of the team's. */
async function ownSight(tx: Tx, workspaceId: string, viewer: Viewer, sight: Sight): Promise<Sight | null> {
  const email = viewer.user.email?.toLowerCase();
  if (!email) return null;
  const owners = await tx<{ crm: CrmType; id: string }[]>`
    select crm, owner_id as id from crm_owners where workspace_id = ${workspaceId} and lower(email) = ${email}`;
  return owners.length > 0 || sight.all ? { all: false, owners: [...owners], emails: [email] } : null;
}

async function lastWeek(
  tx: Tx,
  workspaceId: string,
  at: Date,
  own: Sight | null,
  sight: Sight,
): Promise<{ since: Date; until: Date; own: Became; team: Became }> {
  const mine = own ? seesGap(tx, own) : tx`false`;
  const all = sight.all ? tx`true` : tx`false`;
  const counted = (decision: string, whose: Sql) =>
    tx`count(distinct g.conversation_id) filter (where g.decision = ${decision} and ${whose})::int`;
  const became = (whose: Sql) => tx`jsonb_build_object('created', ${counted("created", whose)},
    'linked', ${counted("linked", whose)}, 'dismissed', ${counted("dismissed", whose)})`;
  const [row] = await tx<{ since: Date; until: Date; own: Became; team: Became }[]>`
    with week as (
      select (monday - interval '7 days') at time zone time_zone as since, monday at time zone time_zone as until
      from (select time_zone, date_trunc('week', ${at}::timestamptz at time zone time_zone) as monday
        from workspaces where workspace_id = ${workspaceId}) w
    )
    select w.since, w.until, ${became(mine)} as own, ${became(all)} as team
    from week w
    left join gap_decisions g on g.workspace_id = ${workspaceId} and g.decided_at >= w.since and g.decided_at < w.until
      and g.decision in ('created', 'linked', 'dismissed')
    left join conversations c on c.workspace_id = ${workspaceId} and c.id = g.conversation_id
    group by w.since, w.until`;
  return row!;
}

async function teamPart(
  tx: Tx,
  workspaceId: string,
  sight: Sight,
  became: Became,
  summary: GapSummary,
): Promise<DigestPart> {
  const part = await partOf(tx, workspaceId, sight, became, summary, amountsOf(summary));
  const by_rep = summary.by_rep.slice(0, repsMax).map(({ rep, email, pending, high }) => ({
    ...{ rep: rep ?? email, pending, high },
  }));
  return { ...part, by_rep };
}

async function partOf(
  tx: Tx,
  workspaceId: string,
  sight: Sight,
  became: Became,
  totals: GapTotals,
  amounts: AmountRow[],
): Promise<DigestPart> {
  const filter = { status: "pending" as const, sort: "severity" as const };
  const top = await tx<{ id: string }[]>`
    select id from (${gapKeys(tx, workspaceId, { filter, sight, after: null, limit: topMax })}) k`;
  return {
    ...{ pending: totals.pending, by_severity: totals.by_severity, top: top.map(({ id }) => id), ...became },
    ...{ estimate: estimatePipeline(totals.pending, amounts).estimated_pipeline_text, by_rep: [] },
  };
}

/** The medians the summary rests on hold for any part of the gaps. */
function amountsOf(summary: GapSummary): AmountRow[] {
  return (summary.estimated_pipeline?.by_currency ?? []).map(({ currency, deals, median }) => ({
    ...{ currency, deals, median },
  }));
}

function somethingIn(part: DigestPart | null): DigestPart | null {
  if (!part) return null;
  return part.pending + part.created + part.linked + part.dismissed > 0 ? part : null;
}
