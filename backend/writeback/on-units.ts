/** Job: works off units of a run, one after the other; each unit is done once and counted once. */
import type { House } from "../connections/house.ts";
import { isPause } from "../connections/open-crm.ts";
import { crmProperties } from "../connections/properties.ts";
import type { Crm, CrmType, ObjectType, Property } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { pauseRun } from "./finish-run.ts";
import { openUnits, readRun } from "./run-store.ts";
import { type RunContext, runUnit } from "./run-unit.ts";
import { readRunMappings } from "./values.ts";

type Payload = { workspace_id: string; run_id: string; unit_keys: string[] };

export async function onRunUnits(house: House, payload: Payload, signal: AbortSignal): Promise<void> {
  const { workspace_id: workspaceId, run_id: runId } = payload;
  const opened = await house.db.withWorkspace(workspaceId, (tx) => openJob(tx, workspaceId, runId, payload.unit_keys));
  if (!opened) return;
  // All units of a job are of one CRM and object (see unitJobs).
  const crmType = opened.units[0]!.spec.crm;
  const crm = await openOrPause(house, workspaceId, runId, crmType);
  if (!crm) return;
  const known = new Map<ObjectType, Promise<Map<string, Property>>>();
  const context: RunContext = {
    ...{ workspaceId, crm, run: opened.run, mappings: opened.mappings, timeZone: opened.timeZone },
    properties: (objectType) => {
      const found = known.get(objectType) ?? propertiesByName(house, workspaceId, crmType, objectType);
      known.set(objectType, found);
      return found;
    },
  };
  for (const unit of opened.units) {
    if (signal.aborted) throw new Error("stopping; another worker goes on with this run");
    if (!(await runUnit(house, context, unit))) return;
  }
}

async function openJob(tx: Tx, workspaceId: string, runId: string, keys: string[]) {
  const run = await readRun(tx, workspaceId, runId);
  if (run?.status !== "running") return null;
  const units = await openUnits(tx, workspaceId, runId, keys);
  if (units.length === 0) return null;
  const mappings = run.spec.mapping_ids.length > 0 ? await readRunMappings(tx, workspaceId, run.spec.mapping_ids) : [];
  const [workspace] = await tx<{ time_zone: string }[]>`
    select time_zone from workspaces where workspace_id = ${workspaceId}`;
  return { run, units, mappings, timeZone: workspace?.time_zone ?? "UTC" };
}

async function openOrPause(house: House, workspaceId: string, runId: string, crmType: CrmType): Promise<Crm | null> {
  try {
    return await house.openCrm(workspaceId, crmType, "background");
  } catch (error) {
    if (!isPause(error)) throw error;
    const quiet = error.code === "crm_quiet";
    await house.db.withWorkspace(workspaceId, async (tx) => {
      await pauseRun(tx, house, workspaceId, runId, quiet ? "quota" : "connection", error.public);
      if (!quiet) return;
      // The allowance comes back by itself, a reconnect does not: that one tells us.
      const startAfter = new Date(house.clock.now().getTime() + (error.retryAfterS ?? 3600) * 1000);
      await house.queue.enqueue(tx, {
        ...{ kind: "runs.resume", payload: { workspace_id: workspaceId, crm: crmType } },
        startAfter,
      });
    });
    return null;
  }
}

async function propertiesByName(house: House, workspaceId: string, crm: CrmType, objectType: ObjectType) {
  const { properties } = await crmProperties(house, workspaceId, crm, objectType);
  return new Map(properties.map((property) => [property.name, property]));
}
