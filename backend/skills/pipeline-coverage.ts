/** Skill pipeline-coverage: each rep's open pipeline against what they win, and the shadow pipeline of calls without a deal. */
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { coverRep, type RepFacts } from "./rep-coverage.ts";
import type { SkillPlan, SkillRunResult } from "./skill-plan.ts";

export async function coverPipeline(tx: Tx, plan: SkillPlan): Promise<SkillRunResult> {
  const reps = (await repFacts(tx, plan)).map(coverRep);
  const causes: Record<string, number> = {};
  for (const { root_cause } of reps) causes[root_cause] = (causes[root_cause] ?? 0) + 1;
  return { records: reps.length, changed: 0, report: { reps, root_causes: causes } };
}

/** Reps listed at most; the ones with the most calls without a deal first. */
const repsMax = 500;

/**
 * One row for each rep and currency: owners of deals, and whoever holds calls without a deal. The shadow pipeline is the
 * number of those calls × the median amount of the deals made in the last year, as in the gaps' own estimate.
 */
export async function repFacts(
  tx: Tx,
  { workspaceId, crm, now }: { workspaceId: string; crm: CrmType; now: Date },
): Promise<RepFacts[]> {
  const yearAgo = new Date(now.getTime() - 365 * 86_400_000);
  return tx<RepFacts[]>`
    with home as (select currency from workspaces where workspace_id = ${workspaceId}),
    traded as (
      select d.owner_id, coalesce(d.currency, (select currency from home)) as currency,
        coalesce(sum(d.amount) filter (where d.is_closed is not true), 0)::float8 as open_amount,
        count(*) filter (where d.is_closed is not true)::int as open_deals,
        coalesce(sum(d.amount) filter (where d.is_won and d.closed_at > ${yearAgo}), 0)::float8 as won_amount
      from deals d
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null
        and (d.is_closed is not true or d.closed_at > ${yearAgo})
      group by 1, 2
    ), usual as (
      select coalesce(d.currency, (select currency from home)) as currency,
        percentile_cont(0.5) within group (order by d.amount::float8) as amount
      from deals d
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null and d.amount is not null
        and d.crm_created_at > ${yearAgo}
      group by 1
    ), untold as (
      select case when c.rep_owner_crm = ${crm} then c.rep_owner_id end as owner_id, lower(c.rep_email) as email,
        max(c.rep_name) filter (where c.rep_email is not null) as name, count(*)::int as gaps
      from conversations c
      where c.workspace_id = ${workspaceId} and c.gap_status = 'pending'
        -- somebody whom only the other CRM knows stands in its coverage
        and (c.rep_email is not null or c.rep_owner_crm is null or c.rep_owner_crm = ${crm})
      group by 1, 2
    ), people as (
      select coalesce(o.owner_id, t.owner_id) as owner_id, coalesce(o.name, 'Nobody') as name, o.email
      from (select distinct owner_id from traded) t
      left join crm_owners o on o.workspace_id = ${workspaceId} and o.crm = ${crm} and o.owner_id = t.owner_id
      union
      select o.owner_id, coalesce(o.name, u.name, u.email, 'Nobody'), coalesce(o.email, u.email)
      from untold u
      left join crm_owners o on o.workspace_id = ${workspaceId} and o.crm = ${crm}
        and (o.owner_id = u.owner_id or lower(o.email) = u.email)
    )
    select p.owner_id, p.name as rep_name, p.email as rep_email, coalesce(t.currency, (select currency from home)) as currency,
      coalesce(t.open_amount, 0) as open_amount, coalesce(t.open_deals, 0) as open_deals,
      coalesce(t.won_amount, 0) as won_amount, coalesce(g.gaps, 0)::int as pending_gaps,
      case when coalesce(g.gaps, 0) = 0 then 0 else g.gaps * u.amount end as shadow_amount
    from people p
    -- deals without an owner are nobody's, and not those of people who own none
    left join traded t on t.owner_id = p.owner_id or (t.owner_id is null and p.owner_id is null and p.email is null)
    left join lateral (
      select sum(gaps)::int as gaps from untold x
      where x.owner_id = p.owner_id or x.email = lower(p.email) or (p.owner_id is null and p.email is null and x.owner_id is null and x.email is null)
    ) g on true
    left join usual u on u.currency = coalesce(t.currency, (select currency from home))
    order by pending_gaps desc, p.name, p.owner_id, currency limit ${repsMax}`;
}
