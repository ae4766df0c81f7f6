/** Skills and their runs as people see them: what there is, start, watch. */
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { ListOf } from "../contract/common.ts";
import type { Skill, SkillRun, SkillRunRequest, SkillRunsQuery } from "../contract/skills.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { findSkill, skills } from "./catalogue.ts";
import { queueSkillRun, type SkillScope, skillsOf } from "./runtime.ts";

/** Every skill with its last finished or running run. */
export async function listSkills(house: Pick<House, "db">, workspaceId: string): Promise<Skill[]> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ skill: string; id: string; status: string; finished_at: Date | null }[]>`
      select distinct on (skill) skill, id, status, finished_at from skill_runs
      where workspace_id = ${workspaceId} and status <> 'queued' order by skill, created_at desc, id`,
  );
  const last = new Map(rows.map((row) => [row.skill, row]));
  return skills.map((entry) => {
    const run = last.get(entry.name);
    return {
      ...entry,
      last_run: run ? { id: run.id, status: run.status, finished_at: run.finished_at?.toISOString() ?? null } : null,
    };
  });
}

/**
 * Starts a skill, or every skill of an object, over all records or the ones named.
 * @throws AppError unknown_skill (422) | no_records (422) | not_connected (409) | which_crm (422)
 */
export async function startSkillRuns(
  house: House,
  workspaceId: string,
  request: SkillRunRequest,
  by: string,
): Promise<SkillRun[]> {
  const names = request.skill ? [findSkill(request.skill).name] : skillsOf[request.object_type!];
  const crm = await whichCrm(house, workspaceId, request.crm);
  const scope: SkillScope = { crm, ...(request.record_ids ? { record_ids: request.record_ids } : {}) };
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const ids: string[] = [];
    for (const skill of names) {
      const { id } = await queueSkillRun(tx, house, workspaceId, { skill, trigger: "manual", scope, initiatedBy: by });
      ids.push(id);
    }
    const rows = await tx<Row[]>`
      select ${columns(tx)} from skill_runs where workspace_id = ${workspaceId} and id in ${tx(ids)} order by created_at, skill`;
    return rows.map(toSkillRun);
  });
}

/** @throws AppError not_found */
export async function getSkillRun(house: Pick<House, "db">, workspaceId: string, id: string): Promise<SkillRun> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<Row[]>`select ${columns(tx)} from skill_runs where workspace_id = ${workspaceId} and id = ${id}`,
  );
  if (!row) throw notFound("skill run");
  return toSkillRun(row);
}

/** Newest first. */
export async function listSkillRuns(
  house: Pick<House, "db">,
  workspaceId: string,
  query: SkillRunsQuery,
): Promise<ListOf<SkillRun>> {
  const after = readCursor(query.cursor);
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<Row[]>`
      select ${columns(tx)} from skill_runs where workspace_id = ${workspaceId}
        ${query.skill ? tx`and skill = ${query.skill}` : tx``}
        ${after ? tx`and (date_trunc('milliseconds', created_at), id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', created_at) desc, id desc limit ${query.limit + 1}`,
  );
  const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
  return { items: items.map(toSkillRun), next_cursor };
}

/** Arrays come as JSON: the driver is not asked to learn their types. */
function columns(tx: Tx) {
  return tx`id, skill, trigger, status, error, scope, records, changed, report, writeback,
    to_jsonb(writeback_run_ids) as writeback_run_ids, initiated_by, created_at, started_at, finished_at`;
}

type Row = Omit<SkillRun, "crm" | "record_ids" | "created_at" | "started_at" | "finished_at"> & {
  scope: { crm: CrmType; record_ids?: string[] };
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
};

function toSkillRun(row: Row): SkillRun {
  return {
    ...{ id: row.id, skill: row.skill, trigger: row.trigger, status: row.status, error: row.error },
    ...{ crm: row.scope.crm, record_ids: row.scope.record_ids ?? null },
    ...{ records: row.records, changed: row.changed, report: row.report },
    ...{ writeback: row.writeback, writeback_run_ids: row.writeback_run_ids, initiated_by: row.initiated_by },
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
