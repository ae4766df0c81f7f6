/** The workspace's settings. */
import { z } from "zod";
import { mutation } from "./common.ts";
import { gapSettings, gapSettingsPatch } from "./gap-settings.ts";

export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, { message: "must be an IANA time zone, like Europe/Berlin" })
  .describe("IANA, like Europe/Berlin");

export const currencyCode = z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code, like EUR");

export const settings = z.object({
  name: z.string(),
  time_zone: z.string().describe("Dates in appended entries and schedules follow it"),
  time_zone_source: z.enum(["default", "crm", "chosen"]),
  currency: z.string(),
  reps_see: z.enum(["own", "team", "all"]).describe("Whose records a rep sees"),
  gaps: gapSettings.describe("What counts as a conversation without a deal"),
  transcript_days: z.int().describe("How long transcripts are kept, sealed"),
});
export type Settings = z.infer<typeof settings>;

export const settingsPatch = z.strictObject({
  ...mutation,
  name: z.string().trim().min(1).max(200).optional(),
  time_zone: timeZone.optional(),
  currency: currencyCode.optional(),
  reps_see: z.enum(["own", "team", "all"]).optional(),
  gaps: gapSettingsPatch.optional().describe("What is left out stays"),
  transcript_days: z.int().min(1).max(730).optional().describe("Shorter holds for those kept already, too"),
});
export type SettingsPatch = z.infer<typeof settingsPatch>;

function isTimeZone(name: string): boolean {
  try {
    // An offset like +02:00 is accepted by Intl, but knows no summer time.
    return !/^[+-]/.test(name) && Boolean(new Intl.DateTimeFormat("en-US", { timeZone: name }));
  } catch {
    return false;
  }
}
