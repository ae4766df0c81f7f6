/** The people of a workspace and their roles. */
import { z } from "zod";
import { instant, listOf, mutation, paging } from "./common.ts";
import { role } from "./session.ts";

export const member = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role,
  role_source: z.string().describe("install, crm (follows the CRM's owners) or the id of the admin who set it"),
  created_at: instant,
});
export type Member = z.infer<typeof member>;
export const memberList = listOf(member);

export const membersQuery = z.strictObject({ ...paging });

export const memberDraft = z.strictObject({
  ...mutation,
  email: z.email().max(254).toLowerCase(),
  name: z.string().trim().max(200).default(""),
  role,
});
export type MemberDraft = z.infer<typeof memberDraft>;

export const memberPatch = z.strictObject({
  ...mutation,
  name: z.string().trim().max(200).optional(),
  role: role.optional(),
});
export type MemberPatch = z.infer<typeof memberPatch>;
