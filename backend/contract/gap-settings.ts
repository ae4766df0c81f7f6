/** What counts as a conversation gap in a workspace: its own people, whom to ignore, and the thresholds. */
import { z } from "zod";

const days = (max: number) => z.int().min(1).max(max);
const minutes = z.number().min(0).max(600);
const words = z.array(z.string().trim().min(1).max(60)).max(50);

/** A bare domain, as it stands behind the @ of an address. */
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9_-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/, "must be a domain, like acme.com");
const domains = z.array(domain).max(200);

const fields = {
  days_back: days(730).describe("How far back calls are looked at, in days"),
  aging_days: days(365).describe("From this age on an intro or demo call without a deal is pressing; younger is fresh"),
  stale_days: days(365).describe("Beyond this age a long call was probably disqualified without a note"),
  short_minutes: minutes.describe("Below this a call with few people is an early contact"),
  long_minutes: minutes.describe("Above this a call was a serious one"),
  group_minutes: minutes.describe("Above this, several people from outside make a call pressing"),
  group_people: z.int().min(1).max(50).describe("How many people from outside are several"),
  few_people: z.int().min(1).max(50).describe("How many people on a call are few"),
  deal_opened_within_days: z
    .int()
    .min(0)
    .max(365)
    .describe("A deal opened up to so many days after a call accounts for it"),
  deal_closed_before_days: z.int().min(0).max(365).describe("So does one that was closed up to so many days before it"),
  intro_words: words.describe("Words in a title that tell an intro or demo call"),
  internal_words: words.describe("Words in a title that go with calls among colleagues; they never decide alone"),
  internal_domains: domains.describe(
    "Your own e-mail domains; none: those of your CRM's owners. Free mail never counts",
  ),
  ignored_domains: domains.describe("Whose people are no prospects: agencies, partners"),
  ignored_company_types: words.describe("Company types whose people are no prospects, by a word of the type's name"),
};

export const gapSettingsDefaults = {
  days_back: 90,
  aging_days: 7,
  stale_days: 30,
  short_minutes: 5,
  long_minutes: 20,
  group_minutes: 10,
  group_people: 2,
  few_people: 2,
  deal_opened_within_days: 30,
  deal_closed_before_days: 14,
  intro_words: ["intro", "introduction", "discovery", "demo", "product", "evaluation"],
  internal_words: ["internal", "standup", "stand-up", "1:1", "retro", "all hands", "team meeting", "pipeline review"],
  internal_domains: [] as string[],
  ignored_domains: [] as string[],
  ignored_company_types: ["partner", "recruiter", "vendor"],
};

export const gapSettings = z.object(fields);
export type GapSettings = z.infer<typeof gapSettings>;

export const gapSettingsPatch = z.strictObject(fields).partial();
export type GapSettingsPatch = z.infer<typeof gapSettingsPatch>;

/** @param stored the `gaps` member of the workspace's settings, or nothing; what can't be read stands at its default */
export function withGapDefaults(stored: unknown): GapSettings {
  const given = (stored ?? {}) as Record<string, unknown>;
  const readable = Object.entries(fields).flatMap(([name, schema]) => {
    const read = schema.safeParse(given[name]);
    return read.success ? [[name, read.data]] : [];
  });
  return { ...gapSettingsDefaults, ...Object.fromEntries(readable) };
}
