import { z } from "zod";
import type { House } from "../connections/house.ts";
import { deleted, deleteQuery, emptyMutation, listOf } from "../contract/common.ts";
import {
  mapping,
  mappingDraft,
  mappingPatch,
  mappingsQuery,
  previewRequest,
  testRequest,
  tryResult,
} from "../contract/mappings.ts";
import { run } from "../contract/runs.ts";
import { createMapping, deleteMapping, getMapping, listMappings, patchMapping } from "../writeback/mappings.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";
import { limit } from "./limit.ts";
import type { Services } from "./services.ts";

const oneMapping = z.object({ mappingId: z.uuid() });

/** `crm-writeback/mappings` */
export function mappingDoors(house: House, services: Services) {
  return newDoors()
    .get(
      "/",
      says("Mappings", "Mappings with their last results", { 200: listOf(mapping) }),
      needs("read"),
      query(mappingsQuery),
      async (c) => {
        const { include_deleted, crm, objectType } = c.req.valid("query");
        const asked = { crm, objectType, withDeleted: include_deleted === "1" };
        return c.json(await listMappings(house, c.get("caller").workspaceId, asked));
      },
    )
    .post(
      "/",
      says("Mappings", "Map a field to a property", { 201: mapping }),
      needs("manage_mappings"),
      body(mappingDraft),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await createMapping(house, workspaceId, c.req.valid("json"), actor), 201);
      },
    )
    .get(
      "/:mappingId",
      says("Mappings", "One mapping", { 200: mapping }),
      needs("read"),
      path(oneMapping, "mapping"),
      async (c) => c.json(await getMapping(house, c.get("caller").workspaceId, c.req.valid("param").mappingId)),
    )
    .patch(
      "/:mappingId",
      says("Mappings", "Change a mapping, pause it, switch it on again", { 200: mapping }),
      needs("manage_mappings"),
      path(oneMapping, "mapping"),
      body(mappingPatch),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { mappingId } = c.req.valid("param");
        return c.json(await patchMapping(house, workspaceId, mappingId, c.req.valid("json"), actor));
      },
    )
    .delete(
      "/:mappingId",
      says("Mappings", "Delete a mapping; its history stays", { 200: deleted }),
      needs("manage_mappings"),
      path(oneMapping, "mapping"),
      query(deleteQuery),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        await deleteMapping(house, workspaceId, c.req.valid("param").mappingId, actor);
        return c.json({ deleted: true as const });
      },
    )
    .post(
      "/:mappingId/adopt",
      says("Mappings", "Overwrite, this once, values that stood there before Pandora", { 202: run }),
      needs("run_sync"),
      limit(house, "api_heavy"),
      path(oneMapping, "mapping"),
      body(emptyMutation),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { id } = await getMapping(house, workspaceId, c.req.valid("param").mappingId);
        const start = { kind: "sync", mappingIds: [id], objectTypes: null, trigger: "manual", adopt: true } as const;
        return c.json(
          await services.startRun(house, workspaceId, { ...start, mappingIds: [id], initiatedBy: actor }),
          202,
        );
      },
    )
    .post(
      "/:mappingId/test",
      says("Mappings", "Before and after for one record; writes only when told to", { 200: tryResult }),
      needs("manage_mappings"),
      path(oneMapping, "mapping"),
      body(testRequest),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { crm_record_id, write } = c.req.valid("json");
        const { mappingId } = c.req.valid("param");
        return c.json(await services.testMapping(house, workspaceId, mappingId, { crm_record_id, write, by: actor }));
      },
    );
}

/** `crm-writeback/preview` */
export function previewDoors(house: House, services: Services) {
  return newDoors().post(
    "/",
    says("Mappings", "What an unsaved mapping would do to a record or a sample", { 200: tryResult }),
    needs("manage_mappings"),
    body(previewRequest),
    async (c) => c.json(await services.previewMapping(house, c.get("caller").workspaceId, c.req.valid("json"))),
  );
}
