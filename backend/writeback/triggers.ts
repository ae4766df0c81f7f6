/** What sets a sync off by itself: a mapping's schedule, and skill runs that changed values. */
import type { House } from "../connections/house.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { type RunStart, startRunIn } from "./runs.ts";
import { type RunMapping, readRunMappings } from "./values.ts";

const stamp = "pandora_last_analyzed_at";

/** Job: a mapping's cron fell due. */
export async function onSchedule(house: House, payload: { workspace_id: string; mapping_id: string }): Promise<void> {
  const { workspace_id: workspaceId, mapping_id: id } = payload;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const [mapping] = await readRunMappings(tx, workspaceId, [id]);
    if (mapping?.status !== "active" || mapping.trigger !== "scheduled") return;
    await startQuietly(tx, house, workspaceId, { mappingIds: [id], trigger: "schedule" });
  });
}

/**
 * Job: skill runs finished. Takes every finished run whose changes are not written back yet: a burst of runs makes one
 * sync for each skill, and the jobs of the others find nothing left to do. Only mappings whose field the skill produces,
 * only the records whose value it changed.
 */
export async function onRunFinished(
  house: House,
  payload: { workspace_id: string; skill_run_id?: string },
): Promise<void> {
  const { workspace_id: workspaceId } = payload;
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const finished = await tx<Finished[]>`
      select id, skill, scope ->> 'crm' as crm from skill_runs
      where workspace_id = ${workspaceId} and writeback = 'waiting' order by finished_at, id
      for update skip locked`;
    if (finished.length === 0) return;
    const changed = await changedFields(
      tx,
      workspaceId,
      finished.map((run) => run.id),
    );
    const mappings = await readRunMappings(tx, workspaceId, null);
    const started: { id: string; run: string }[] = [];
    for (const [key, runs] of Map.groupBy(finished, (run) => `${run.crm}:${run.skill}`)) {
      const ids = runs.map((run) => run.id);
      const chosen = mappingsFor(mappings, runs[0]!.crm, ids, changed);
      if (chosen.length === 0) continue;
      const run = await startQuietly(tx, house, workspaceId, {
        mappingIds: chosen.map(({ id }) => id),
        trigger: `skill_run:${key.slice(key.indexOf(":") + 1)}`,
        skillRunIds: ids,
        // What changed while the connection is dead would not be found by a later run of the skill.
        mayWait: true,
      });
      if (run) started.push(...ids.map((id) => ({ id, run })));
    }
    await tx`
      update skill_runs r set writeback = 'done', writeback_run_ids = coalesce(
        (select array_agg(s.run) from jsonb_to_recordset(${tx.json(started)}) as s(id uuid, run uuid) where s.id = r.id), '{}')
      where r.workspace_id = ${workspaceId} and r.id in ${tx(finished.map((run) => run.id))}`;
  });
}

type Finished = { id: string; skill: string; crm: CrmType };
type Changed = { run_id: string; object_type: string; field: string };

async function changedFields(tx: Tx, workspaceId: string, runIds: string[]): Promise<Changed[]> {
  return tx<Changed[]>`
    select distinct run_id, object_type, field from record_values
    where workspace_id = ${workspaceId} and run_id in ${tx(runIds)}`;
}

/** Pure. Mappings that write a field one of the runs changed; the analysis date alone causes no write. */
function mappingsFor(mappings: RunMapping[], crm: CrmType, runIds: string[], changed: Changed[]): RunMapping[] {
  const of = new Set(
    changed.filter((one) => runIds.includes(one.run_id)).map((one) => `${one.object_type}:${one.field}`),
  );
  const touched = mappings.filter(
    (one) =>
      one.crm === crm &&
      one.status === "active" &&
      one.trigger === "after_skill_run" &&
      of.has(`${one.objectType}:${one.field}`),
  );
  const objects = new Set(touched.filter((one) => one.field !== stamp).map((one) => one.objectType));
  return touched.filter((one) => objects.has(one.objectType));
}

/** Nobody waits for these: a workspace that is not connected just has nothing to do. */
async function startQuietly(
  tx: Tx,
  house: House,
  workspaceId: string,
  start: Pick<RunStart, "mappingIds" | "trigger" | "skillRunIds" | "mayWait">,
): Promise<string | null> {
  try {
    const run = await startRunIn(tx, house, workspaceId, {
      ...{ kind: "sync", objectTypes: null, initiatedBy: "pandora", ...start },
    });
    return run.id;
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    house.log.info("writeback.not_started", { trigger: start.trigger, reason: error.code });
    return null;
  }
}
