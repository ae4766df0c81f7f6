/** Deals made by the workspace's own rule: its settings, what it would do, and the job that does it. */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import {
  type AutoCreate,
  type AutoCreateDryRun,
  type AutoCreateRequest,
  autoCreateDefaults,
  skippedBecause,
} from "../contract/auto-create.ts";
import { AppError } from "../errors.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { awayCodes, fittingCalls, keepRuleSchedule, lockRule, madeToday, readRule } from "./auto-pick.ts";
import { type Fitting, judgeAll } from "./auto-rules.ts";
import { type Claimed, claimIn } from "./creation-claim.ts";
import { readCreation } from "./creation-store.ts";
import { type DealTold, workCreation } from "./creation-work.ts";
import type { Viewer } from "./gap-sight.ts";

export function getAutoCreate(house: Pick<House, "db">, workspaceId: string): Promise<AutoCreate> {
  return house.db.withWorkspace(workspaceId, (tx) => readRule(tx, workspaceId));
}

/** Saves the whole rule; switched on, it is looked at soon and then every hour. */
export function putAutoCreate(
  house: House,
  workspaceId: string,
  request: AutoCreateRequest,
  by: string,
): Promise<AutoCreate> {
  const { request_id: _id, ...given } = request;
  const rule: AutoCreate = { ...autoCreateDefaults, ...given };
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const before = await readRule(tx, workspaceId);
    await tx`
      update workspaces set settings = settings || ${tx.json({ auto_create: rule })} where workspace_id = ${workspaceId}`;
    await keepRuleSchedule(tx, workspaceId, rule.enabled, now);
    if (rule.enabled) {
      const payload = { workspace_id: workspaceId };
      await house.queue.enqueue(tx, { kind: "gaps.auto-create", payload, key: workspaceId });
    }
    const detail = { before, after: rule };
    await recordAudit(tx, workspaceId, now, { actor: by, action: "auto_create.changed", subject: workspaceId, detail });
    return rule;
  });
}

/** What it would make now, and why not the others. Makes nothing; the CRM is not asked. */
export function dryRunAutoCreate(
  house: Pick<House, "db" | "clock">,
  workspaceId: string,
  change: Partial<AutoCreate>,
): Promise<AutoCreateDryRun> {
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const rule = { ...(await readRule(tx, workspaceId)), ...change };
    const made = await madeToday(tx, workspaceId, now);
    const judged = judgeAll(await fittingCalls(tx, workspaceId, rule, now), rule.daily_cap - made);
    return {
      would_create: judged.flatMap(({ verdict, gap }) =>
        verdict.kind === "create"
          ? {
              ...callOf(gap),
              crm: verdict.crm,
              deal_name: gap.prefill?.deal_name ?? gap.title,
              contacts: peopleOf(gap),
              new_company: gap.prefill?.company_to_create?.name ?? null,
            }
          : [],
      ),
      skipped: judged.flatMap(({ verdict, gap }) =>
        verdict.kind === "skip"
          ? { ...callOf(gap), reason: verdict.reason, reason_text: skippedBecause[verdict.reason] }
          : [],
      ),
      made_today: made,
      daily_cap: rule.daily_cap,
    };
  });
}

/** Job gaps.auto-create: one deal after the other, until nothing fits or the day's number is reached. */
export async function onAutoCreate(
  house: House,
  { workspace_id: workspaceId }: JobPayload<"gaps.auto-create">,
  signal: AbortSignal,
  told: DealTold,
): Promise<void> {
  let made = 0;
  for (;;) {
    signal.throwIfAborted();
    const claimed = await house.db.withWorkspace(workspaceId, (tx) => claimNext(tx, house, workspaceId));
    if (claimed === null) break;
    if (claimed.kind === "claimed") await workCreation(house, "background", claimed.lease, claimed.row, told);
    made += 1;
    // The next one would meet the same: the next round looks again.
    if (await isAway(house, workspaceId, claimed.row.id)) break;
  }
  if (made > 0) house.log.info("gaps.auto_created", { workspaceId, tried: made });
}

async function isAway(house: House, workspaceId: string, id: string): Promise<boolean> {
  const row = await house.db.withWorkspace(workspaceId, (tx) => readCreation(tx, workspaceId, id));
  return row?.state === "failed" && awayCodes.includes(row.error?.code ?? "");
}

/** Counting and claiming under one lock: however many processes look, the cap holds. */
async function claimNext(
  tx: Parameters<typeof readRule>[0],
  house: House,
  workspaceId: string,
): Promise<Claimed | null> {
  const now = house.clock.now();
  await lockRule(tx, workspaceId);
  const rule = await readRule(tx, workspaceId);
  if (!rule.enabled) return null;
  const left = rule.daily_cap - (await madeToday(tx, workspaceId, now));
  if (left <= 0) return null;
  const judged = judgeAll(await fittingCalls(tx, workspaceId, rule, now), left);
  const next = judged.find(({ verdict }) => verdict.kind === "create");
  if (next?.verdict.kind !== "create") return null;
  const request = {
    ...{ deal_name: next.gap.prefill?.deal_name ?? next.gap.title, crm: next.verdict.crm },
    ...{ pipeline_id: rule.pipeline_id, stage: rule.stage },
  };
  try {
    return await claimIn(tx, house, theRule(workspaceId), next.gap.conversation_id, request, "rule");
  } catch (error) {
    // Decided on by a person a moment ago: the next round sees it.
    if (error instanceof AppError) return null;
    throw error;
  }
}

function theRule(workspaceId: string): Viewer {
  return { workspaceId, role: "admin", user: { name: "Pandora", email: null }, actor: "rule" };
}

function callOf(gap: Fitting["gap"]) {
  return {
    conversation_id: gap.conversation_id,
    title: gap.title,
    company: gap.company?.name ?? gap.company_domain,
    rep: gap.rep?.name ?? gap.rep?.email ?? null,
  };
}

/** Leads are not made contacts by a rule. */
function peopleOf({ prefill }: Fitting["gap"]): number {
  if (!prefill) return 0;
  return prefill.contacts_to_associate.length + prefill.contacts_to_create.filter((each) => !each.is_lead).length;
}
