/** Conversation gaps: calls with prospects that no deal accounts for, what people decide about them, and their figures. */
import { z } from "zod";
import { crmRecordId, crmType, instant, listOf, mutation, objectType, objectTypeAsked, paging } from "./common.ts";

export const gapStatuses = ["pending", "dismissed", "created", "linked"] as const;
export const gapStatus = z.enum(gapStatuses).describe("linked: to a deal that was there; created: a deal was made");
export type GapStatus = z.infer<typeof gapStatus>;

export const severities = ["high", "medium", "low"] as const;
export const severity = z.enum(severities);
export type SeverityName = z.infer<typeof severity>;

/** Code of a likely cause → how a rep reads it. */
export const likelyCauseTexts = {
  deal_linking_gap: "The company has open deals, but the call is linked to none of them.",
  early_stage: "A short first contact: probably too early for a deal.",
  disqualified_not_logged: "A long call some time ago: probably disqualified, and nobody noted it.",
  deal_not_created: "A real conversation not long ago: the deal was probably forgotten.",
  unknown: "No cause stands out.",
} as const;
export const likelyCause = z.enum(Object.keys(likelyCauseTexts) as [LikelyCauseCode, ...LikelyCauseCode[]]);
export type LikelyCauseCode = keyof typeof likelyCauseTexts;

/** Why somebody dismissed a gap → how it reads. */
export const dismissReasonTexts = {
  not_a_prospect: "Not a prospect",
  customer_call: "A customer or support call",
  already_covered: "An existing deal covers it",
  not_qualified: "Talked to, and disqualified",
  partner_or_vendor: "A partner or a vendor",
  duplicate: "The same call is listed twice",
  other: "Another reason",
} as const;
export const dismissReason = z.enum(Object.keys(dismissReasonTexts) as [DismissReason, ...DismissReason[]]);
export type DismissReason = keyof typeof dismissReasonTexts;

const count = z.int().min(0);
const link = z.string().nullable().describe("Where it opens in the CRM");

const company = z.object({
  crm: crmType,
  crm_id: z.string(),
  name: z.string(),
  domain: z.string().nullable(),
  url: link,
  is_primary: z.boolean(),
});

const participant = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  is_internal: z.boolean().nullable().describe("null: not known"),
  contact_crm: crmType.nullable(),
  contact_crm_id: z.string().nullable(),
  contact_url: link,
  is_lead: z.boolean().describe("A live Salesforce lead, and no contact"),
});

const openDeal = z.object({
  crm: crmType,
  crm_id: z.string(),
  name: z.string(),
  url: link,
  stage: z.string().nullable(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  reason: z.string().describe("Why it may account for the call"),
});

/** What the form for a new deal is filled with (gaps/draft-deal.ts). */
export const prefill = z.object({
  crm: crmType,
  deal_name: z.string(),
  amount: z.number().nullable(),
  currency: z.string(),
  pipeline_id: z.string().nullable(),
  stage: z.string().nullable(),
  close_date: z.iso.date(),
  owner_email: z.string().nullable(),
  company_to_create: z.object({ name: z.string(), domain: z.string().nullable() }).nullable(),
  contacts_to_associate: z.array(z.string()),
  contacts_to_create: z.array(
    z.object({ name: z.string().nullable(), email: z.string(), title: z.string().nullable(), is_lead: z.boolean() }),
  ),
  notes: z.string(),
});

export const gap = z.object({
  conversation_id: z.uuid(),
  title: z.string(),
  source: z.string(),
  url: z.string().nullable(),
  started_at: instant,
  duration_minutes: z.number().nullable(),
  days_since: count,
  call_type: z.string().nullable(),
  status: gapStatus,
  severity: severity.nullable().describe("null: not judged yet"),
  severity_reason: z.string().nullable(),
  likely_cause: likelyCause.nullable(),
  rep: z.object({ name: z.string().nullable(), email: z.string().nullable() }).nullable(),
  company: company.nullable().describe("The primary one; null: the CRM knows none"),
  company_domain: z.string().nullable().describe("Of the people from outside, where no company is known"),
  companies: z.array(company),
  participants: z.array(participant).describe("At most 50"),
  participants_count: count,
  open_deals: z.array(openDeal).describe("Likeliest first; at most 20"),
  open_deals_hidden: count.describe("Open deals there whose owner's records you do not see"),
  closed_deals: count,
  contacts: count.describe("At the companies of the call"),
  last_won_at: instant.nullable(),
  deal: z
    .object({ crm: crmType, crm_id: z.string(), name: z.string().nullable(), url: link })
    .nullable()
    .describe("That accounts for it, once linked or created"),
  decision: z
    .object({
      decision: z.enum(["dismissed", "restored", "linked", "unlinked", "created", "reopened"]),
      reason: dismissReason.nullable(),
      note: z.string().nullable(),
      by: z.string(),
      at: instant,
    })
    .nullable()
    .describe("The last one"),
  being_created_by: z.string().nullable().describe("Who is having a deal made for it at this moment"),
  prefill: prefill.nullable().describe("null once a deal accounts for it"),
});
export type Gap = z.infer<typeof gap>;
export const gapList = listOf(gap);

const moment = instant.refine((at) => /^(19|2\d)\d\d/.test(at), "must lie between 1900 and 2999");

export const gapSorts = ["severity", "newest", "longest"] as const;

export const gapsQuery = z.strictObject({
  ...paging,
  status: gapStatus.default("pending"),
  severity: severity.optional(),
  likely_cause: likelyCause.optional(),
  rep: z.email().toLowerCase().max(320).optional().describe("E-mail of the rep"),
  company: crmRecordId.optional().describe("A company's id in the CRM, or `none`: the CRM knows no company"),
  crm: crmType.optional(),
  object_type: objectTypeAsked.optional().describe("With crm_record_id: gaps that concern this record"),
  crm_record_id: crmRecordId.optional(),
  q: z.string().trim().min(1).max(100).optional().describe("Words of title, company, participants; each may be begun"),
  from: moment.optional().describe("Calls at or after"),
  to: moment.optional().describe("Calls before"),
  sort: z.enum(gapSorts).default("severity").describe("severity: the newest of each first"),
});
export type GapsQuery = z.infer<typeof gapsQuery>;

const bySeverity = z.object({ high: count, medium: count, low: count });
export type BySeverity = z.infer<typeof bySeverity>;

export const gapTotals = z.object({
  pending: count,
  by_severity: bySeverity,
  by_rep: z
    .array(bySeverity.extend({ rep: z.string().nullable(), email: z.string().nullable(), pending: count }))
    .describe("Most first; nulls: no rep is known"),
  by_cause: z.array(z.object({ likely_cause: likelyCause, text: z.string(), pending: count })),
});
export type GapTotals = z.infer<typeof gapTotals>;

export const estimatedPipeline = z.object({
  by_currency: z.array(
    z.object({
      currency: z.string(),
      amount: z.number().describe("gaps × share × median"),
      median: z.number(),
      deals: count.describe("The median is of these"),
      share: z.number().describe("Of all deals counted, 0–1"),
    }),
  ),
});

export const gapSummary = gapTotals.extend({
  this_month: z.object({ created: count, linked: count, dismissed: count, since: instant }),
  estimated_pipeline: estimatedPipeline.nullable(),
  estimated_pipeline_text: z.string().describe("How it was computed, or why there is none"),
});
export type GapSummary = z.infer<typeof gapSummary>;

export const trendQuery = z.strictObject({ weeks: z.coerce.number().int().min(1).max(52).default(12) });

export const gapTrend = z.object({
  weeks: z.array(
    z.object({
      week: z.iso.date().describe("Its Monday, in the workspace's time zone"),
      found: count.describe("Calls of that week without a deal"),
      created: count.describe("Of these, a deal was made since"),
      linked: count,
      dismissed: count,
      still_open: count,
    }),
  ),
});
export type GapTrend = z.infer<typeof gapTrend>;

export const dismissRequest = z.strictObject({
  ...mutation,
  reason: dismissReason,
  note: z.string().trim().max(500).optional(),
});

export const linkDealRequest = z.strictObject({
  ...mutation,
  crm: crmType.optional().describe("May be left out while one CRM is connected"),
  deal_crm_id: crmRecordId,
});

export const unlinkRequest = z.strictObject({
  ...mutation,
  deal_crm_id: crmRecordId.optional().describe("The deal you see on it; another one by now is 409"),
});

export const crmSearchQuery = z.strictObject({
  objectType: objectTypeAsked,
  q: z.string().trim().min(1).max(100).describe("Beginning of a name, an e-mail address or a domain"),
  crm: crmType.optional(),
});

export const crmSearchResult = z.object({
  items: z.array(
    z.object({
      crm: crmType,
      object_type: objectType,
      crm_id: z.string(),
      name: z.string(),
      detail: z.string().nullable().describe("What tells it from others: company and stage, domain, or e-mail"),
      is_open: z.boolean().nullable().describe("Deals only"),
      url: link,
    }),
  ),
});
export type CrmSearchResult = z.infer<typeof crmSearchResult>;
