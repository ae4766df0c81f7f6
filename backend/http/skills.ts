import { z } from "zod";
import type { House } from "../connections/house.ts";
import { whichCrm } from "../connections/which-crm.ts";
import {
  scoringChange,
  scoringPreview,
  scoringPreviewRequest,
  scoringSettings,
  skillList,
  skillRun,
  skillRunList,
  skillRunRequest,
  skillRunsQuery,
  skillRunsStarted,
} from "../contract/skills.ts";
import { changeScoring } from "../skills/change-scoring.ts";
import { previewScoring } from "../skills/preview-scoring.ts";
import { viewScoring } from "../skills/scoring.ts";
import { getSkillRun, listSkillRuns, listSkills, startSkillRuns } from "../skills/skill-runs.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";
import { limit } from "./limit.ts";

/** `skills` */
export function skillDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Skills", "What Pandora computes, and when it last did", { 200: skillList }),
      needs("read"),
      async (c) => c.json({ items: await listSkills(house, c.get("caller").workspaceId), next_cursor: null }),
    )
    .get(
      "/scoring",
      says("Skills", "Weights and limits of the scores", { 200: scoringSettings }),
      needs("read"),
      async (c) => c.json(await viewScoring(house, c.get("caller").workspaceId)),
    )
    .patch(
      "/scoring",
      says("Skills", "Change weights and limits; all records are scored anew", { 200: scoringSettings }),
      needs("manage_settings"),
      body(scoringChange),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await changeScoring(house, workspaceId, c.req.valid("json").scoring, actor));
      },
    )
    .post(
      "/scoring/preview",
      says("Skills", "What a change of weights and limits would do; stores nothing", { 200: scoringPreview }),
      needs("manage_settings"),
      limit(house, "api_heavy"),
      body(scoringPreviewRequest),
      async (c) => {
        const { workspaceId } = c.get("caller");
        const request = c.req.valid("json");
        const crm = await whichCrm(house, workspaceId, request.crm);
        return c.json(await previewScoring(house, workspaceId, { ...request, crm }));
      },
    );
}

/** `skill-runs` */
export function skillRunDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Skills", "Runs, newest first", { 200: skillRunList }),
      needs("read"),
      query(skillRunsQuery),
      async (c) => c.json(await listSkillRuns(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .post(
      "/",
      says("Skills", "Analyse now: a skill or an object, some records or all", { 202: skillRunsStarted }),
      needs("run_sync"),
      limit(house, "api_heavy"),
      body(skillRunRequest),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const items = await startSkillRuns(house, workspaceId, c.req.valid("json"), actor);
        return c.json({ items, next_cursor: null }, 202);
      },
    )
    .get(
      "/:skillRunId",
      says("Skills", "One run: what it analysed, what changed, which syncs wrote it", { 200: skillRun }),
      needs("read"),
      path(z.object({ skillRunId: z.uuid() }), "skill run"),
      async (c) => c.json(await getSkillRun(house, c.get("caller").workspaceId, c.req.valid("param").skillRunId)),
    );
}
