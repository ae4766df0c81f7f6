/** Deals made by a rule, for those who opted in. */
import { z } from "zod";
import { crmType, mutation } from "./common.ts";
import { type LikelyCauseCode, likelyCauseTexts, severities } from "./gaps.ts";

const causes = Object.keys(likelyCauseTexts) as [LikelyCauseCode, ...LikelyCauseCode[]];
const place = z.string().trim().min(1).max(200).nullable();

const rule = {
  severity: z.array(z.enum(severities)).min(1).max(3),
  causes: z.array(z.enum(causes)).max(causes.length).describe("Empty: whatever the cause"),
  min_age_days: z.int().min(0).max(365).describe("A call has to be so old: people get time to do it themselves"),
  pipeline_id: place.describe("null: the CRM's default"),
  stage: place.describe("null: the first open one"),
  owner: z.literal("rep").describe("Who held the call owns the deal"),
  daily_cap: z.int().min(1).max(200).describe("At most so many a day, in the workspace's time zone"),
};

export const autoCreateDefaults = {
  enabled: false,
  severity: ["high" as const],
  causes: ["deal_not_created" as const],
  min_age_days: 3,
  pipeline_id: null,
  stage: null,
  owner: "rep" as const,
  daily_cap: 10,
};

export const autoCreate = z.object({ enabled: z.boolean(), ...rule });
export type AutoCreate = z.infer<typeof autoCreate>;

/** Body of PUT: the whole rule; what is left out stands at its default. */
export const autoCreateRequest = z.strictObject({
  ...mutation,
  enabled: z.boolean(),
  ...z.object(rule).partial().shape,
});
export type AutoCreateRequest = z.infer<typeof autoCreateRequest>;

/** Body of the dry run: a rule that is not saved yet; absent: the saved one. */
export const autoCreateDryRunRequest = z.strictObject({ ...mutation, rule: z.strictObject(rule).partial().optional() });

export const skippedBecause = {
  no_rep: "Nobody of ours is known to have held the call, so nobody would own the deal.",
  rep_not_in_crm: "Whoever held the call is no active user of the CRM.",
  no_company: "The CRM knows no company for it, and none can be told from the addresses.",
  open_deals: "The company has open deals: one of them may account for the call.",
  over_cap: "The day's number of deals is reached.",
  which_crm: "Both CRMs are connected, and nothing tells which one it belongs to.",
  tried_before: "It was tried before and refused; the reason stands on the call.",
} as const;
export type SkippedBecause = keyof typeof skippedBecause;

const call = {
  conversation_id: z.uuid(),
  title: z.string(),
  company: z.string().nullable(),
  rep: z.string().nullable(),
};

export const autoCreateDryRun = z.object({
  would_create: z.array(
    z.object({
      ...call,
      crm: crmType,
      deal_name: z.string(),
      contacts: z.int().describe("That would be on it"),
      new_company: z.string().nullable(),
    }),
  ),
  skipped: z.array(
    z.object({
      ...call,
      reason: z.enum(Object.keys(skippedBecause) as [SkippedBecause, ...SkippedBecause[]]),
      reason_text: z.string(),
    }),
  ),
  made_today: z.int(),
  daily_cap: z.int(),
});
export type AutoCreateDryRun = z.infer<typeof autoCreateDryRun>;
