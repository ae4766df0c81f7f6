/** Who is told what by e-mail, and what was told. */
import { z } from "zod";
import { instant, listOf, mutation, paging } from "./common.ts";

/** What can be switched on and off → how it reads. */
export const switchTexts = {
  weekly_digest: "Mondays at 8: calls without a deal, and what became of last week's",
  gap_alerts: "When calls of yours without a deal become pressing; at most once an hour",
  sync_reports: "Admins: what scheduled syncs wrote, skipped and failed at; at most once a day",
  problem_alerts: "Admins: when a connection, a mapping, a sync or a source stops working, and when it works again",
  created_deals: "When Pandora made a deal of a call of yours by itself",
} as const;
export type NoticeSwitch = keyof typeof switchTexts;
export const noticeSwitches = Object.keys(switchTexts) as [NoticeSwitch, ...NoticeSwitch[]];

const switchShape = Object.fromEntries(
  noticeSwitches.map((name) => [name, z.boolean().describe(switchTexts[name])]),
) as Record<NoticeSwitch, z.ZodBoolean>;

export const switches = z.object(switchShape);
export type Switches = z.infer<typeof switches>;

export const notifications = z.object({
  mail_set_up: z.boolean().describe("false: no mail server is configured, notices stay in the app"),
  me: switches
    .extend({ email: z.string(), unsubscribed_at: instant.nullable().describe("Since then nothing is sent to you") })
    .nullable()
    .describe("What you want; null: your API key belongs to no person"),
  workspace: switches.describe("What the workspace sends at all; an admin decides"),
});
export type Notifications = z.infer<typeof notifications>;

const someSwitches = z.strictObject(switchShape).partial();

export const notificationsPatch = z.strictObject({
  ...mutation,
  me: someSwitches
    .extend({ subscribed: z.boolean().optional().describe("false: no e-mail at all; true: those switched on again") })
    .optional()
    .describe("What is left out stays"),
  workspace: someSwitches.optional().describe("Admins only; what is left out stays"),
});
export type NotificationsPatch = z.infer<typeof notificationsPatch>;

export const testMail = z.object({
  sent: z.boolean(),
  message: z.string().describe("What the mail server answered, in words"),
});
export type TestMail = z.infer<typeof testMail>;

export const noticeKinds = ["alert", "gaps_high", "digest", "sync_report", "deal_created"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Status of a notice → how it reads. */
export const noticeStatusTexts = {
  queued: "Waiting to be sent",
  sent: "Sent: the mail server took it",
  failed: "Not sent",
  suppressed: "Left out",
  in_app: "Here only: no mail server is set up",
} as const;
export type NoticeStatus = keyof typeof noticeStatusTexts;

export const notice = z.object({
  id: z.uuid(),
  kind: z.enum(noticeKinds),
  title: z.string(),
  status: z.enum(Object.keys(noticeStatusTexts) as [NoticeStatus, ...NoticeStatus[]]),
  status_text: z.string(),
  to: z.object({ name: z.string(), email: z.string() }),
  attempts: z.int().min(0).describe("How often the mail server was asked"),
  created_at: instant,
  sent_at: instant.nullable(),
});
export type Notice = z.infer<typeof notice>;
export const noticeList = listOf(notice);

export const noticesQuery = z.strictObject({
  ...paging,
  whose: z.enum(["mine", "all"]).default("mine").describe("all: everybody's, for admins"),
});

export const noticeInFull = notice.extend({
  text: z.string().nullable().describe("In words, as of now; null: what it told of is gone"),
});
export type NoticeInFull = z.infer<typeof noticeInFull>;
