/** The life of a skill run: queued with its scope, worked off, its values stored together with the job that follows. */
import { randomUUID } from "node:crypto";
import type { House } from "../connections/house.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { findSkill, type SkillName } from "./catalogue.ts";
import { narrateAhead } from "./narrate-ahead.ts";
import { readScoring } from "./scoring.ts";
import type { SkillRunResult } from "./skill-plan.ts";
import { refreshStatistics } from "./statistics.ts";
import { work } from "./work.ts";

export type SkillScope = {
  crm: CrmType;
  /** Only these records of the skill's object; absent: all. */
  record_ids?: string[];
};

export type SkillRunStart = {
  skill: string;
  /** What asked for it: `manual`, `mirror`, `conversations`, `findings`, `schedule`. */
  trigger: string;
  scope: SkillScope;
  /** Wait so long for more to analyse, ms. */
  delayMs?: number;
  initiatedBy?: string;
};

/** More records than this are analysed as "all of them". */
const idsMax = 2_000;

/** Queues a run. @throws AppError unknown_skill (422) | no_records (422) */
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
  const skill = findSkill(start.skill);
  if (start.scope.record_ids && skill.object_type === null) {
    throw new AppError("no_records", {
      status: 422,
      public: `"${skill.label}" always looks at the whole CRM. Start it without records.`,
      errors: [{ field: "record_ids", code: "not_taken", message: "this skill takes no records" }],
    });
  }
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
    insert into skill_runs (workspace_id, id, skill, trigger, scope, status, initiated_by, created_at)
    values (${workspaceId}, ${id}, ${start.skill}, ${start.trigger}, ${tx.json(joined(start.scope, start.scope))},
      'queued', ${start.initiatedBy ?? "pandora"}, ${now})`;
  await house.queue.enqueue(tx, {
    kind: "skill.run",
    payload: { workspace_id: workspaceId, skill_run_id: id },
    // Somebody waits for what they asked for.
    ...(start.trigger === "manual" ? { priority: 10 } : {}),
    ...(start.delayMs ? { startAfter: new Date(now.getTime() + start.delayMs) } : {}),
  });
  return { id };
}

/**
 * Works a run off. Values, findings, the run's end and the write-back job are stored in one transaction: a run that dies
 * leaves nothing, and is done again. A model is asked before it, because no transaction waits for somebody else's server.
 */
export async function runSkill(
  house: House,
  workspaceId: string,
  skillRunId: string,
  signal?: AbortSignal,
): Promise<void> {
  const { db, clock } = house;
  const begun = await db.withWorkspace(workspaceId, async (tx) => {
    const [run] = await tx<{ skill: string; scope: SkillScope }[]>`
      update skill_runs set status = 'running', started_at = ${clock.now()}
      where workspace_id = ${workspaceId} and id = ${skillRunId} and status <> 'completed'
      returning skill, scope`;
    return run ? { ...run, scoring: await readScoring(tx, workspaceId) } : null;
  });
  // Delivered twice, or its workspace was emptied.
  if (!begun) return;
  await refreshStatistics(db);
  const skill = findSkill(begun.skill).name;
  const plan = {
    ...{ workspaceId, crm: begun.scope.crm, runId: skillRunId, now: clock.now(), scoring: begun.scoring },
    ids: begun.scope.record_ids ?? null,
  };
  const told = await narrateAhead(house, skill, plan, signal);
  const done = await db.withWorkspace(workspaceId, async (tx) => {
    const [open] = await tx`
      select 1 from skill_runs
      where workspace_id = ${workspaceId} and id = ${skillRunId} and status = 'running' for update`;
    if (!open) return null;
    const result = await work(tx, skill, { ...plan, texts: told.texts, config: house.config });
    await finish(tx, house, workspaceId, skillRunId, result, told.report);
    for (const { skill, ids } of result.again ?? []) {
      if (ids.length === 0) continue;
      await queueSkillRun(tx, house, workspaceId, {
        ...{ skill, trigger: "findings", scope: { crm: plan.crm, record_ids: ids } },
      });
    }
    return result;
  });
  if (done) {
    house.log.info("skills.finished", {
      ...{ workspaceId, skillRunId, skill, records: done.records, changed: done.changed },
    });
  }
}

async function finish(
  tx: Tx,
  house: Pick<House, "queue" | "clock">,
  workspaceId: string,
  skillRunId: string,
  { records, changed, report }: SkillRunResult,
  texts: unknown,
): Promise<void> {
  const writes = changed > 0;
  await tx`
    update skill_runs set status = 'completed', error = null, records = ${records}, changed = ${changed},
      report = ${tx.json({ ...report, ...(texts ? { texts } : {}) } as never)}, writeback = ${writes ? "waiting" : null},
      finished_at = ${house.clock.now()}
    where workspace_id = ${workspaceId} and id = ${skillRunId}`;
  // As after an import: what was just stored in bulk is read next, by the run this one sets off.
  if (changed > 500) await tx`analyze record_values`;
  if (writes) {
    await house.queue.enqueue(tx, {
      kind: "writeback.run-finished",
      payload: { workspace_id: workspaceId, skill_run_id: skillRunId },
    });
  }
}

/** Both scopes in one; too many ids become "all of them". */
function joined(one: SkillScope, other: SkillScope): SkillScope {
  if (!one.record_ids || !other.record_ids) return { crm: one.crm };
  const ids = [...new Set([...one.record_ids, ...other.record_ids])];
  return ids.length > idsMax ? { crm: one.crm } : { crm: one.crm, record_ids: ids };
}

/** Skills that may be asked for record by record, by object. */
export const skillsOf: Record<"deal" | "company" | "contact", SkillName[]> = {
  deal: ["deal-score"],
  company: ["account-score"],
  contact: ["contact-engagement", "contact-enrichment"],
};
