/** What sets a sync off by itself: a mapping's schedule, and a skill run that changed values. */
import type { House } from "../connections/house.ts";
import { AppError } from "../errors.ts";
import { startRun } from "./runs.ts";
import { readRunMappings } from "./values.ts";

/** Job: a mapping's cron fell due. */
export async function onSchedule(house: House, payload: { workspace_id: string; mapping_id: string }): Promise<void> {
  const { workspace_id: workspaceId, mapping_id: id } = payload;
  const [mapping] = await house.db.withWorkspace(workspaceId, (tx) => readRunMappings(tx, workspaceId, [id]));
  if (mapping?.status !== "active" || mapping.trigger !== "scheduled") return;
  await startQuietly(house, workspaceId, { mappingIds: [id], trigger: "schedule" });
}

/** Job: a skill run finished. Only mappings whose field it produces, only the records whose value it changed. */
export async function onRunFinished(
  house: House,
  payload: { workspace_id: string; skill_run_id: string },
): Promise<void> {
  const { workspace_id: workspaceId, skill_run_id: skillRunId } = payload;
  const { skill, fields } = await house.db.withWorkspace(workspaceId, async (tx) => {
    const [run] = await tx<
      { skill: string }[]
    >`select skill from skill_runs where workspace_id = ${workspaceId} and id = ${skillRunId}`;
    const rows = await tx<{ field: string }[]>`
      select distinct field from record_values where workspace_id = ${workspaceId} and run_id = ${skillRunId}`;
    return { skill: run?.skill ?? null, fields: new Set(rows.map((row) => row.field)) };
  });
  // The analysis date alone causes no write.
  fields.delete("pandora_last_analyzed_at");
  if (skill === null || fields.size === 0) return;
  fields.add("pandora_last_analyzed_at");
  const mappings = await house.db.withWorkspace(workspaceId, (tx) => readRunMappings(tx, workspaceId, null));
  const chosen = mappings.filter(
    (one) => one.status === "active" && one.trigger === "after_skill_run" && fields.has(one.field),
  );
  if (chosen.every((one) => one.field === "pandora_last_analyzed_at")) return;
  await startQuietly(house, workspaceId, {
    mappingIds: chosen.map(({ id }) => id),
    trigger: `skill_run:${skill}`,
    skillRunId,
    // What changed while the connection is dead would not be found by a later run of the skill.
    mayWait: true,
  });
}

/** Nobody waits for these: a workspace that is not connected just has nothing to do. */
async function startQuietly(
  house: House,
  workspaceId: string,
  start: { mappingIds: string[]; trigger: string; skillRunId?: string; mayWait?: boolean },
): Promise<void> {
  try {
    await startRun(house, workspaceId, { kind: "sync", objectTypes: null, initiatedBy: "pandora", ...start });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    house.log.info("writeback.not_started", { trigger: start.trigger, reason: error.code });
  }
}
