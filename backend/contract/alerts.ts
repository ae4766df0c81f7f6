/** Alerts: matters a person should look at, one open alert each. */
import { z } from "zod";
import { instant, listOf, paging } from "./common.ts";

export const alert = z.object({
  id: z.uuid(),
  kind: z.string(),
  subject: z.string().describe("What it is about: a CRM, a mapping id, a run id"),
  message: z.string(),
  detail: z.record(z.string(), z.unknown()),
  opened_at: instant,
  resolved_at: instant.nullable(),
});
export type Alert = z.infer<typeof alert>;
export const alertList = listOf(alert);

export const alertsQuery = z.strictObject({ ...paging, state: z.enum(["open", "resolved", "all"]).default("open") });
