/** What the form of a new deal offers and demands, and what it is filled with. */
import { z } from "zod";
import { crmType, propertyType } from "./common.ts";
import { prefill } from "./gaps.ts";

const choice = z.object({ value: z.string(), label: z.string() });

export const dealOptionsQuery = z.strictObject({
  conversation_id: z.uuid(),
  crm: crmType.optional().describe("Default: the company's, else the rep's, else the only one connected"),
});

export const dealOptions = z.object({
  crm: crmType,
  pipelines: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      stages: z.array(z.object({ id: z.string(), label: z.string(), is_closed: z.boolean(), is_won: z.boolean() })),
    }),
  ),
  owners: z.array(z.object({ email: z.string(), name: z.string() })).describe("Who can be given a deal"),
  currencies: z.array(z.string()).describe("The account's own first"),
  contact_roles: z.array(choice).describe("What a contact can be on a deal; empty: the CRM tells none"),
  required: z
    .array(z.object({ name: z.string(), label: z.string(), type: propertyType, options: z.array(choice) }))
    .describe("Without these the CRM refuses a deal: put them into custom_properties"),
  prefill,
});
export type DealOptionsShape = z.infer<typeof dealOptions>;
