/** Skills, their runs, and what a change of the scores' weights would do. */
import { z } from "zod";
import { crmRecordId, crmType, instant, listOf, mutation, objectTypeAsked, paging } from "./common.ts";

const counts = z.int().min(0);

export const skill = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  object_type: z.enum(["deal", "company", "contact"]).nullable().describe("null: it always looks at the whole CRM"),
  fields: z.array(z.string()).describe("Pandora fields whose values it computes"),
  last_run: z.object({ id: z.uuid(), status: z.string(), finished_at: instant.nullable() }).nullable(),
});
export type Skill = z.infer<typeof skill>;
export const skillList = z.object({ items: z.array(skill), next_cursor: z.null() });

/** Why the rules' text stands where a model was asked. */
const textsReport = z.looseObject({
  asked: counts,
  by_model: counts,
  by_rules: z.record(z.string(), counts).describe("Number of texts by reason"),
});

export const skillRun = z.object({
  id: z.uuid(),
  skill: z.string(),
  trigger: z.enum(["manual", "mirror", "conversations", "findings", "schedule"]),
  status: z.enum(["queued", "running", "completed", "failed"]),
  error: z.string().nullable().describe("Why it failed, in words"),
  crm: crmType,
  record_ids: z.array(z.string()).nullable().describe("null: all records"),
  records: counts.describe("Analysed"),
  changed: counts.describe("With values that changed"),
  report: z.looseObject({ texts: textsReport.optional() }).describe("What it has to say beyond values, by skill"),
  writeback: z.enum(["waiting", "done"]).nullable().describe("null: nothing to write"),
  writeback_run_ids: z.array(z.uuid()).describe("Syncs that wrote what it changed"),
  initiated_by: z.string(),
  created_at: instant,
  started_at: instant.nullable(),
  finished_at: instant.nullable(),
});
export type SkillRun = z.infer<typeof skillRun>;
export const skillRunList = listOf(skillRun);

export const skillRunsQuery = z.strictObject({ ...paging, skill: z.string().max(60).optional() });
export type SkillRunsQuery = z.infer<typeof skillRunsQuery>;

/** A skill, or an object whose skills are all meant; some records, or all. */
export const skillRunRequest = z
  .strictObject({
    ...mutation,
    skill: z.string().max(60).optional(),
    object_type: objectTypeAsked.optional(),
    crm: crmType.optional().describe("Needed when both CRMs are connected"),
    record_ids: z.array(crmRecordId).min(1).max(2_000).optional(),
  })
  .refine((given) => (given.skill === undefined) !== (given.object_type === undefined), {
    message: "say a skill or an object type, not both",
    path: ["skill"],
  });
export type SkillRunRequest = z.infer<typeof skillRunRequest>;

/** One run for each skill that was started. */
export const skillRunsStarted = z.object({ items: z.array(skillRun), next_cursor: z.null() });

export const scoreNames = [
  "deal_score",
  "enhanced_deal_score",
  "account_score",
  "enhanced_account_score",
  "contact_engagement_score",
  "contact_enrichment_score",
] as const;

const numbers = z.record(z.string().max(60), z.number());
export const scoringPatch = z
  .record(z.string().max(60), z.strictObject({ weights: numbers.optional(), thresholds: numbers.optional() }))
  .describe("By score: weights and limits that differ from the defaults");

const setting = z.object({ key: z.string(), label: z.string(), default: z.number(), value: z.number() });
export const scoringSettings = z.object({
  items: z.array(
    z.object({
      score: z.enum(scoreNames),
      label: z.string(),
      weights: z.array(setting.extend({ explanation: z.string() })),
      thresholds: z.array(
        setting.extend({ explanation: z.string().optional(), unit: z.string(), min: z.number(), max: z.number() }),
      ),
    }),
  ),
  next_cursor: z.null(),
});
export type ScoringView = z.infer<typeof scoringSettings>;

export const scoringChange = z.strictObject({ ...mutation, scoring: scoringPatch });

export const scoringPreviewRequest = z.strictObject({
  ...mutation,
  score: z.enum(scoreNames),
  crm: crmType.optional().describe("Needed when both CRMs are connected"),
  scoring: scoringPatch,
});
export type ScoringPreviewRequest = z.infer<typeof scoringPreviewRequest>;

export const scoringPreview = z.object({
  score: z.enum(scoreNames),
  records: counts.describe("Scored both ways, at most 2,000"),
  up: counts,
  down: counts,
  mean_before: z.number().nullable(),
  mean_after: z.number().nullable(),
  samples: z
    .array(z.object({ crm_record_id: z.string(), record_name: z.string(), before: z.number(), after: z.number() }))
    .describe("Those that move most"),
});
export type ScoringPreview = z.infer<typeof scoringPreview>;
