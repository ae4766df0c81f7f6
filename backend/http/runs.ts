import { z } from "zod";
import type { House } from "../connections/house.ts";
import { emptyMutation } from "../contract/common.ts";
import { changeList, changesQuery, run, runList, runRequest, runsQuery } from "../contract/runs.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";
import { limit } from "./limit.ts";
import type { Services } from "./services.ts";

const oneRun = z.object({ runId: z.uuid() });

/** `crm-writeback/sync-all` and `crm-writeback/dry-run` */
export function startDoors(house: House, services: Services, kind: "sync" | "dry_run") {
  const summary = kind === "sync" ? "Sync now, whatever the triggers say" : "Plan against the live CRM, write nothing";
  return newDoors().post(
    "/",
    says("Runs", summary, { 202: run }),
    needs("run_sync"),
    limit(house, "api_heavy"),
    body(runRequest),
    async (c) => {
      const { workspaceId, actor } = c.get("caller");
      const { mapping_ids, object_types } = c.req.valid("json");
      const started = await services.startRun(house, workspaceId, {
        kind,
        mappingIds: mapping_ids ?? null,
        objectTypes: object_types ?? null,
        trigger: "manual",
        initiatedBy: actor,
      });
      return c.json(started, 202);
    },
  );
}

/** `crm-writeback/runs` */
export function runDoors(house: House, services: Services) {
  return newDoors()
    .get("/", says("Runs", "Runs, newest first", { 200: runList }), needs("read"), query(runsQuery), async (c) =>
      c.json(await services.listRuns(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .get(
      "/:runId",
      says("Runs", "One run: progress by mapping, rate, time left", { 200: run }),
      needs("read"),
      path(oneRun, "run"),
      async (c) => c.json(await services.getRun(house, c.get("caller").workspaceId, c.req.valid("param").runId)),
    )
    .get(
      "/:runId/changes",
      says("Runs", "What it changed, or would change", { 200: changeList }),
      needs("read"),
      path(oneRun, "run"),
      query(changesQuery),
      async (c) => {
        const { runId } = c.req.valid("param");
        return c.json(await services.listChanges(house, c.get("caller").workspaceId, runId, c.req.valid("query")));
      },
    )
    .post(
      "/:runId/cancel",
      says("Runs", "Stop a run; what is in flight is settled first", { 200: run }),
      needs("run_sync"),
      path(oneRun, "run"),
      body(emptyMutation),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await services.cancelRun(house, workspaceId, c.req.valid("param").runId, actor));
      },
    )
    .post(
      "/:runId/resume",
      says("Runs", "Go on with a paused run, its warning read", { 200: run }),
      needs("run_sync"),
      path(oneRun, "run"),
      body(emptyMutation),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await services.resumeRun(house, workspaceId, c.req.valid("param").runId, actor));
      },
    )
    .post(
      "/:runId/undo",
      says("Runs", "Take back what a run wrote, where it still stands", { 202: run }),
      needs("undo_writes"),
      limit(house, "api_heavy"),
      path(oneRun, "run"),
      body(emptyMutation),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await services.undoRun(house, workspaceId, c.req.valid("param").runId, actor), 202);
      },
    )
    .post(
      "/:runId/retry-failed",
      says("Runs", "Try again what failed", { 202: run }),
      needs("run_sync"),
      limit(house, "api_heavy"),
      path(oneRun, "run"),
      body(emptyMutation),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await services.retryFailed(house, workspaceId, c.req.valid("param").runId, actor), 202);
      },
    );
}
