/** SQL: the calls that a rule fits, and how many deals it made today. */
import { Cron } from "croner";
import type { Sight } from "../connections/visibility.ts";
import type { AutoCreate } from "../contract/auto-create.ts";
import type { Tx } from "../db.ts";
import { type Fitting, ruleOf } from "./auto-rules.ts";
import { gapRows } from "./gap-rows.ts";
import { gapViews } from "./gap-view.ts";

const everything: Sight = { all: true, owners: [], emails: [] };
const severityRanks = { high: 3, medium: 2, low: 1 } as const;
/** The CRM could not be used at all: that says nothing about the call. */
export const awayCodes = ["crm_unavailable", "needs_reconnect", "not_connected", "crm_quiet"];
/** Looked at in one round; more than any day's cap. */
const fittingMax = 300;

export async function readRule(tx: Tx, workspaceId: string): Promise<AutoCreate> {
  const [row] = await tx<{ rule: unknown }[]>`
    select settings -> 'auto_create' as rule from workspaces where workspace_id = ${workspaceId}`;
  return ruleOf(row?.rule);
}

/** The most pressing first, of these the oldest: a call that waited longest is helped first. */
export async function fittingCalls(tx: Tx, workspaceId: string, rule: AutoCreate, now: Date): Promise<Fitting[]> {
  const before = new Date(now.getTime() - rule.min_age_days * 86_400_000);
  const ranks = rule.severity.map((each) => severityRanks[each]);
  const keys = tx`
    select c.id from conversations c
    where c.workspace_id = ${workspaceId} and c.gap_status = 'pending' and c.started_at <= ${before}
      and c.severity_rank in ${tx(ranks)}
      ${rule.causes.length > 0 ? tx`and c.likely_cause in ${tx(rule.causes)}` : tx``}
    order by c.severity_rank desc, c.started_at, c.id limit ${fittingMax}`;
  const order = tx`order by c.severity_rank desc, c.started_at, c.id`;
  const gaps = gapViews(await gapRows(tx, workspaceId, keys, order, everything), now);
  if (gaps.length === 0) return [];
  const ids = gaps.map((gap) => gap.conversation_id);
  const facts = await tx<(Omit<Fitting, "gap"> & { id: string })[]>`
    select c.id, c.rep_owner_crm as rep_crm,
      (select coalesce(jsonb_agg(x.crm order by x.crm), '[]') from crm_connections x
        where x.workspace_id = ${workspaceId} and x.status = 'connected') as crms,
      (select coalesce(jsonb_agg(distinct o.crm), '[]') from crm_owners o
        where o.workspace_id = ${workspaceId} and lower(o.email) = lower(c.rep_email) and o.active) as rep_in,
      exists (
        select from conversation_companies cc join deals d on d.workspace_id = ${workspaceId} and d.crm = cc.crm
          and d.company_id = cc.company_id and d.deleted_at is null and d.is_closed is not true
        where cc.workspace_id = ${workspaceId} and cc.conversation_id = c.id) as open_deals,
      -- a deal that was made and taken away again is a person's decision; what merely could not be reached is not
      c.generation > 0 or exists (
        select from deal_creations m where m.workspace_id = ${workspaceId} and m.conversation_id = c.id
          and (m.state <> 'failed' or (m.origin = 'rule' and m.error ->> 'code' not in ${tx(awayCodes)}))) as tried
    from conversations c
    where c.workspace_id = ${workspaceId} and c.id in (select jsonb_array_elements_text(${tx.json(ids)})::uuid)`;
  const byId = new Map(facts.map((each) => [each.id, each]));
  return gaps.flatMap((gap) => {
    const found = byId.get(gap.conversation_id);
    if (!found) return [];
    const { rep_crm, crms, rep_in, open_deals, tried } = found;
    return { gap, rep_crm, crms, rep_in, open_deals, tried };
  });
}

/** Deals the rule made, or is making, since midnight where the workspace is. */
export async function madeToday(tx: Tx, workspaceId: string, now: Date): Promise<number> {
  const [row] = await tx<{ made: number }[]>`
    select count(*)::int as made from deal_creations m join workspaces w on w.workspace_id = ${workspaceId}
    where m.workspace_id = ${workspaceId} and m.origin = 'rule' and m.state <> 'failed'
      and m.created_at >= date_trunc('day', ${now}::timestamptz at time zone w.time_zone) at time zone w.time_zone`;
  return row?.made ?? 0;
}

/** Who counts and claims; others wait, in whichever process. */
export async function lockRule(tx: Tx, workspaceId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`gaps.auto-create:${workspaceId}`}, 0))`;
}

/** Hourly while it is switched on. */
export async function keepRuleSchedule(tx: Tx, workspaceId: string, enabled: boolean, now: Date): Promise<void> {
  const next = new Cron(cron, { timezone: "UTC" }).nextRun(now);
  if (enabled && next)
    await tx`select directory_put_schedule(${workspaceId}, 'gaps.auto-create', '', ${cron}, 'UTC', ${next})`;
  else await tx`select directory_drop_schedule(${workspaceId}, 'gaps.auto-create', '')`;
}

const cron = "23 * * * *";
