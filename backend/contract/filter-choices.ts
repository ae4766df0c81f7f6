/** What a mapping's record filter can be limited to. */
import { z } from "zod";
import { crmType } from "./common.ts";

const choice = z.object({ id: z.string(), label: z.string() });

export const filterChoicesQuery = z.strictObject({
  crm: crmType.optional().describe("Needed only when both CRMs are connected"),
});

export const filterChoices = z.object({
  crm: crmType,
  pipelines: z.array(choice).describe("In the CRM's own order"),
  owners: z.array(choice).describe("Active owners, by name"),
});
export type FilterChoices = z.infer<typeof filterChoices>;
