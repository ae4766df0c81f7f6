/** Making a deal of a call that has none: what may be asked, and how a deal that is being made is shown. */
import { z } from "zod";
import { crmRecordId, crmType, instant, mutation } from "./common.ts";
import { fieldError } from "./problem.ts";

const link = z.string().nullable().describe("Where it opens in the CRM");
const contactsMax = 50;

const address = z.email().toLowerCase().max(254);

const newContact = z.strictObject({
  name: z.string().trim().max(200).nullable().optional(),
  email: address,
  title: z.string().trim().max(128).nullable().optional(),
  is_lead: z.boolean().optional().describe("As the prefill tells it; decides nothing"),
  confirm_lead: z.boolean().optional().describe("Make a contact although the address is a live lead's"),
});

const customValue = z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()]);

/** What is left out is filled from the prefill of the gap; `null` and `[]` mean none. */
export const createDealRequest = z.strictObject({
  ...mutation,
  crm: crmType.optional().describe("Default: the company's, else the rep's, else the only one connected"),
  deal_name: z.string().trim().min(1).max(255),
  amount: z.number().min(0).max(1e13).nullable().optional().describe("0 is an amount"),
  currency: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code, like EUR")
    .nullable()
    .optional(),
  pipeline_id: z.string().trim().min(1).max(200).nullable().optional().describe("By id or by label"),
  stage: z.string().trim().min(1).max(200).nullable().optional().describe("By id or by label, letter case aside"),
  close_date: z.iso.date().nullable().optional(),
  owner_email: address.nullable().optional().describe("Default: the rep of the call"),
  contacts_to_associate: z.array(crmRecordId).max(contactsMax).optional().describe("Ids; the first is the main one"),
  contacts_to_create: z.array(newContact).max(contactsMax).optional(),
  contact_roles: z
    .record(z.string().min(1).max(254), z.string().trim().min(1).max(255))
    .optional()
    .describe("What contacts are on the deal: by id or, for new ones, by e-mail address; roles as in deal-options"),
  company_to_create: z
    .strictObject({ name: z.string().trim().min(1).max(255), domain: z.string().trim().max(253).nullable().optional() })
    .nullable()
    .optional()
    .describe("Where the CRM knows no company of the call; one that has the domain by now is taken instead"),
  notes: z.string().trim().max(20_000).nullable().optional(),
  custom_properties: z.record(z.string().min(1).max(200), customValue).optional().describe("By their CRM names"),
  confirm_duplicate: z.boolean().optional().describe("Make it although open deals of the company were shown"),
});
export type CreateDealRequest = z.infer<typeof createDealRequest>;

export const creationStatuses = [
  "in_progress",
  "created",
  "created_with_warnings",
  "failed",
  "outcome_unknown",
  "undone",
] as const;
export const creationStatus = z
  .enum(creationStatuses)
  .describe(
    "outcome_unknown: the CRM did not answer and can't be asked; look at the candidates before you create it again",
  );

export const creationWarning = z.object({
  code: z.string(),
  message: z.string().describe("What is missing, in words"),
  field: z.string().nullable().describe("Of the request"),
});
export type CreationWarning = z.infer<typeof creationWarning>;

export const candidate = z.object({
  crm: crmType,
  crm_id: z.string(),
  name: z.string(),
  url: link,
  stage: z.string().nullable(),
  amount: z.number().nullable(),
  close_date: z.string().nullable(),
  owner: z.string().nullable(),
});
export type Candidate = z.infer<typeof candidate>;

const madeRecord = z.object({ crm_id: z.string(), email: z.string().nullable(), url: link });

export const creation = z.object({
  creation_id: z.uuid(),
  conversation_id: z.uuid(),
  crm: crmType,
  status: creationStatus,
  existing: z.boolean().describe("It was there already: a second click, or somebody else's"),
  deal_name: z.string(),
  deal_crm_id: z.string().nullable(),
  deal_url: link,
  company: z.object({ crm_id: z.string(), url: link, created: z.boolean() }).nullable(),
  contacts_created: z.array(madeRecord),
  contacts_associated: z.array(madeRecord).describe("On the deal, the created ones among them"),
  warnings: z.array(creationWarning),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      errors: z.array(fieldError),
      candidates: z.array(candidate),
      candidates_hidden: z.int().describe("Further ones whose owner's records you do not see"),
    })
    .nullable()
    .describe("Why it failed, or what is not known"),
  by: z.string(),
  origin: z.enum(["person", "rule"]),
  created_at: instant,
  finished_at: instant.nullable(),
  next_try_at: instant.nullable().describe("While in progress and waiting for the CRM"),
  kept: z
    .array(z.object({ object_type: z.enum(["company", "contact"]), crm_id: z.string(), url: link }))
    .describe("Once undone: what was made along and stays in the CRM"),
});
export type Creation = z.infer<typeof creation>;
