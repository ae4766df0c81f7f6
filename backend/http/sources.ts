import { z } from "zod";
import type { House } from "../connections/house.ts";
import { deleted, deleteQuery, emptyMutation } from "../contract/common.ts";
import {
  source,
  sourceCreated,
  sourceDraft,
  sourceList,
  sourcePatch,
  sourcesQuery,
  sourceTest,
} from "../contract/sources.ts";
import { testSource } from "../conversations/source-test.ts";
import { changeSource, createSource, deleteSource, getSource, listSources } from "../conversations/sources.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";

const oneSource = z.object({ sourceId: z.uuid() });

/** `sources` */
export function sourceDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Sources", "Where conversations come from, and how each is doing", { 200: sourceList }),
      needs("manage_connections"),
      query(sourcesQuery),
      async (c) => c.json(await listSources(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .post(
      "/",
      says("Sources", "Add a source; a signing secret we make is shown this once", { 201: sourceCreated }),
      needs("manage_connections"),
      body(sourceDraft),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const created = await createSource(house, workspaceId, c.req.valid("json"), actor);
        c.set("replay", { ...created, hook_secret: null });
        return c.json(created, 201);
      },
    )
    .get(
      "/:sourceId",
      says("Sources", "One source", { 200: source }),
      needs("manage_connections"),
      path(oneSource, "source"),
      async (c) => c.json(await getSource(house, c.get("caller").workspaceId, c.req.valid("param").sourceId)),
    )
    .patch(
      "/:sourceId",
      says("Sources", "Rename, pause, or enter other secrets", { 200: source }),
      needs("manage_connections"),
      path(oneSource, "source"),
      body(sourcePatch),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { sourceId } = c.req.valid("param");
        return c.json(await changeSource(house, workspaceId, sourceId, c.req.valid("json"), actor));
      },
    )
    .delete(
      "/:sourceId",
      says("Sources", "Remove a source; its conversations stay", { 200: deleted }),
      needs("manage_connections"),
      path(oneSource, "source"),
      query(deleteQuery),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        await deleteSource(house, workspaceId, c.req.valid("param").sourceId, actor);
        return c.json({ deleted: true as const });
      },
    )
    .post(
      "/:sourceId/test",
      says("Sources", "Ask it one cheap question: does it work?", { 200: sourceTest }),
      needs("manage_connections"),
      path(oneSource, "source"),
      body(emptyMutation),
      async (c) => c.json(await testSource(house, c.get("caller").workspaceId, c.req.valid("param").sourceId)),
    );
}
