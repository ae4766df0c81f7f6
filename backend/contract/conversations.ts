/** Conversations: what may be sent in, and the list of what is known. */
import { z } from "zod";
import { crmRecordId, crmType, instant, listOf, mutation, objectType, paging, queryFlag } from "./common.ts";
import { sourceKind } from "./sources.ts";

const side = z.enum(["internal", "external", "unknown"]);

/** Our own names; what is not here is ignored. */
const described = z
  .looseObject({
    external_id: z.string().describe("Your own id of it: sent again it is changed, not doubled"),
    title: z.string(),
    started_at: z.union([z.string(), z.number()]).describe("ISO 8601, or seconds or milliseconds since 1970"),
    duration_minutes: z.number().describe("Or duration_seconds, duration_ms, ended_at"),
    url: z.string().describe("Where a person can open it"),
    meeting_url: z.string().describe("The conference's address; the same meeting told by two sources is known by it"),
    host_email: z.string(),
    call_type: z.string(),
    scope: side.describe("What the source itself says"),
    participants: z.array(
      z.looseObject({ name: z.string(), email: z.string(), phone: z.string(), affiliation: side }).partial(),
    ),
    records: z
      .array(z.looseObject({ crm: crmType.optional(), object_type: objectType, id: crmRecordId }))
      .describe("CRM records it belongs to, where the source knows"),
    summary: z.string(),
    transcript: z.union([z.string(), z.array(z.looseObject({ speaker: z.string().optional(), text: z.string() }))]),
    told_at: z.string().describe("When this was written: an older telling never overwrites a newer one"),
    deleted: z.boolean().describe("true: it is taken back"),
  })
  .partial();

/** An item that can't be read is refused by itself, with the reason; the others are taken. */
export const conversationsIn = z.strictObject({
  ...mutation,
  source_id: z
    .uuid()
    .optional()
    .describe("A generic source; the workspace's first one when left out, made when there is none"),
  conversations: z
    .array(z.union([described, z.unknown()]))
    .min(1)
    .max(1000),
});
export type ConversationsIn = z.infer<typeof conversationsIn>;

export const ingested = z.object({
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  refused: z.array(z.object({ external_id: z.string().nullable(), reason: z.string() })),
});
export type Ingested = z.infer<typeof ingested>;

export const conversation = z.object({
  id: z.uuid(),
  title: z.string(),
  source: sourceKind,
  url: z.string().nullable(),
  started_at: instant,
  duration_minutes: z.number().nullable(),
  call_type: z.string().nullable(),
  host_email: z.string().nullable(),
  audience: z.enum(["internal", "external", "unknown"]).nullable().describe("null: not looked at yet"),
  participants: z.array(z.object({ name: z.string().nullable(), email: z.string().nullable(), affiliation: side })),
  company: z.object({ crm_type: crmType, crm_id: z.string(), name: z.string() }).nullable(),
  deal: z.object({ crm_type: crmType, crm_id: z.string(), name: z.string() }).nullable(),
  gap_status: z.enum(["pending", "dismissed", "created", "linked"]).nullable().describe("null: no gap"),
  sentiment: z.number().nullable().describe("-1 to 1, from what was said; null: nothing was"),
  next_step: z.string().nullable(),
});
export type Conversation = z.infer<typeof conversation>;
export const conversationList = listOf(conversation);

export const conversationsQuery = z.strictObject({
  ...paging,
  linked: queryFlag.optional().describe("1: a deal accounts for it, 0: none does"),
  internal: queryFlag.optional().describe("1: only among yourselves, 0: all others"),
  gap: z.enum(["pending", "dismissed", "created", "linked"]).optional(),
  company: crmRecordId.optional().describe("A company's id in the CRM"),
  q: z.string().trim().min(1).max(100).optional().describe("In the title, or a participant's name or address"),
});
export type ConversationsQuery = z.infer<typeof conversationsQuery>;
