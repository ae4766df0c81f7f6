/** Running a skill: queued with its scope, worked through in pages, its values stored together with the job that follows. */
import { createHash, randomUUID } from "node:crypto";
import type { House } from "../connections/house.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { readOwnColumns } from "../mirror/store.ts";
import { type DealFacts, dealScore, nextStep, riskSummary } from "./deal-score.ts";
import { dealFacts, stageUsual } from "./facts.ts";
import { type NewValue, putValues } from "./store.ts";

/** Skills that can be run. */
export const skillNames = ["deal-score"] as const;
export type SkillName = (typeof skillNames)[number];

export type SkillScope = {
  crm: CrmType;
  /** Only these records; absent: all. */
  record_ids?: string[];
};

export type SkillRunStart = {
  skill: string;
  /** What asked for it: `manual`, `mirror`, `schedule`. */
  trigger: string;
  scope: SkillScope;
  /** Wait so long for more to analyse, ms. */
  delayMs?: number;
};

const pageSize = 1_000;
/** More deals than this are analysed as "all of them". */
const idsMax = 2_000;
/** Changes come in bursts: a round's pages are analysed together. */
const settleMs = 30_000;

/** Queues a run. @throws AppError unknown_skill (422) */
export async function startSkillRun(
  house: Pick<House, "db" | "queue" | "clock">,
  workspaceId: string,
  start: SkillRunStart,
): Promise<{ id: string }> {
  return house.db.withWorkspace(workspaceId, (tx) => queueSkillRun(tx, house, workspaceId, start));
}

/**
 * Queues a run in the caller's transaction. A run of the same skill and trigger that still waits takes the new scope in
 * instead, so that a burst of changes makes one run.
 */
export async function queueSkillRun(
  tx: Tx,
  house: Pick<House, "queue" | "clock">,
  workspaceId: string,
  start: SkillRunStart,
): Promise<{ id: string }> {
  assertSkill(start.skill);
  const now = house.clock.now();
  const [waiting] = await tx<{ id: string; scope: SkillScope }[]>`
    select id, scope from skill_runs
    where workspace_id = ${workspaceId} and skill = ${start.skill} and trigger = ${start.trigger} and status = 'queued'
      and scope ->> 'crm' = ${start.scope.crm}
    order by created_at limit 1 for update`;
  if (waiting) {
    const scope = joined(waiting.scope, start.scope);
    await tx`
      update skill_runs set scope = ${tx.json(scope)} where workspace_id = ${workspaceId} and id = ${waiting.id}`;
    return { id: waiting.id };
  }
  const id = randomUUID();
  await tx`
    insert into skill_runs (workspace_id, id, skill, trigger, scope, status, created_at)
    values (${workspaceId}, ${id}, ${start.skill}, ${start.trigger}, ${tx.json(joined(start.scope, start.scope))},
      'queued', ${now})`;
  await house.queue.enqueue(tx, {
    kind: "skill.run",
    payload: { workspace_id: workspaceId, skill_run_id: id },
    ...(start.delayMs ? { startAfter: new Date(now.getTime() + start.delayMs) } : {}),
  });
  return { id };
}

/**
 * What the mirror calls when deals changed: a run of deal-score over them, a little later. Once a day over all of them,
 * because deals age without being touched.
 */
export function analyseChangedDeals(house: Pick<House, "queue" | "clock">) {
  return async (tx: Tx, workspaceId: string, crm: CrmType, ids: string[] | null): Promise<void> => {
    if (ids?.length === 0 && !(await wholeLookIsDue(tx, workspaceId, crm, house.clock.now()))) return;
    const scope: SkillScope = ids === null || ids.length === 0 ? { crm } : { crm, record_ids: ids };
    await queueSkillRun(tx, house, workspaceId, { skill: "deal-score", trigger: "mirror", scope, delayMs: settleMs });
  };
}

async function wholeLookIsDue(tx: Tx, workspaceId: string, crm: CrmType, now: Date): Promise<boolean> {
  const [recent] = await tx`
    select 1 from skill_runs
    where workspace_id = ${workspaceId} and skill = 'deal-score' and scope ->> 'crm' = ${crm}
      and scope -> 'record_ids' is null and status <> 'failed' and created_at > ${new Date(now.getTime() - 86_400_000)}
    limit 1`;
  return !recent;
}

/** Works a run off. Everything is stored in one transaction: a run that dies leaves nothing, and is done again. */
export async function runSkill(house: House, workspaceId: string, skillRunId: string): Promise<void> {
  const { db, clock } = house;
  const counts = await db.withWorkspace(workspaceId, async (tx) => {
    const [run] = await tx<{ skill: string; scope: SkillScope; status: string }[]>`
      select skill, scope, status from skill_runs
      where workspace_id = ${workspaceId} and id = ${skillRunId} for update`;
    // Delivered twice, or its workspace was emptied.
    if (!run || run.status === "completed") return null;
    assertSkill(run.skill);
    const now = clock.now();
    const done = await scoreDeals(tx, workspaceId, skillRunId, run.scope, now);
    await tx`
      update skill_runs set status = 'completed', error = null, records = ${done.records}, changed = ${done.changed},
        started_at = ${now}, finished_at = ${clock.now()}
      where workspace_id = ${workspaceId} and id = ${skillRunId}`;
    // As after an import: what was just stored in bulk is read next, by the run this one sets off.
    if (done.changed > 500) await tx`analyze record_values`;
    if (done.changed > 0) {
      await house.queue.enqueue(tx, {
        kind: "writeback.run-finished",
        payload: { workspace_id: workspaceId, skill_run_id: skillRunId },
      });
    }
    return done;
  });
  if (counts) house.log.info("skills.finished", { workspaceId, skillRunId, ...counts });
}

/** The same facts give the same hash, in any process. */
export function factsHash(facts: DealFacts): string {
  const ordered = Object.entries(facts).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(ordered)).digest("base64url").slice(0, 22);
}

async function scoreDeals(tx: Tx, workspaceId: string, runId: string, scope: SkillScope, now: Date) {
  const { crm } = scope;
  const own = await readOwnColumns(tx, workspaceId, crm);
  const usual = await stageUsual(tx, { workspaceId, crm, now });
  const totals = { records: 0, changed: 0 };
  let after = "";
  for (;;) {
    const page = await dealFacts(
      tx,
      { workspaceId, crm, now, own, usual },
      { after, limit: pageSize, ids: scope.record_ids ?? null },
    );
    const values = page.flatMap(({ crmRecordId, facts }) => dealValues(crmRecordId, facts, now));
    totals.records += page.length;
    totals.changed += await putValues(tx, { workspaceId, crm, objectType: "deal", runId, now }, values);
    if (page.length < pageSize) return totals;
    after = page.at(-1)!.crmRecordId;
  }
}

function dealValues(crmRecordId: string, facts: DealFacts, now: Date): NewValue[] {
  const judged = dealScore(facts);
  const common = { crm_record_id: crmRecordId, factors: judged.factors, facts_hash: factsHash(facts) };
  return [
    { ...common, field: "deal_score", value: judged.score },
    { ...common, field: "deal_risk_summary", value: riskSummary(facts, judged) },
    { ...common, field: "next_step_recommendation", value: nextStep(facts, judged) },
    { ...common, field: "pandora_last_analyzed_at", value: now.toISOString(), factors: [] },
  ];
}

/** Both scopes in one; too many ids become "all of them". */
function joined(one: SkillScope, other: SkillScope): SkillScope {
  if (!one.record_ids || !other.record_ids) return { crm: one.crm };
  const ids = [...new Set([...one.record_ids, ...other.record_ids])];
  return ids.length > idsMax ? { crm: one.crm } : { crm: one.crm, record_ids: ids };
}

function assertSkill(name: string): asserts name is SkillName {
  if ((skillNames as readonly string[]).includes(name)) return;
  throw new AppError("unknown_skill", {
    status: 422,
    public: `There is no skill called "${name.slice(0, 60)}".`,
    errors: [{ field: "skill", code: "unknown_skill", message: "is not a skill", allowed: [...skillNames] }],
  });
}

export type SkillRun = {
  id: string;
  skill: string;
  trigger: string;
  status: "queued" | "running" | "completed" | "failed";
  error: string | null;
  records: number;
  changed: number;
  created_at: string;
  finished_at: string | null;
};

/** @throws AppError not_found */
export async function getSkillRun(house: Pick<House, "db">, workspaceId: string, id: string): Promise<SkillRun> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<(Omit<SkillRun, "created_at" | "finished_at"> & { created_at: Date; finished_at: Date | null })[]>`
      select id, skill, trigger, status, error, records, changed, created_at, finished_at from skill_runs
      where workspace_id = ${workspaceId} and id = ${id}`,
  );
  if (!row) throw notFound("skill run");
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
