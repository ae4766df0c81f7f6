/** Connections to the CRMs, and how far the mirror has come. */
import { z } from "zod";
import { crmType, instant, mutation, objectType } from "./common.ts";

export const connectionStatus = z.enum(["connected", "needs_reconnect", "disconnected"]);
export type ConnectionStatus = z.infer<typeof connectionStatus>;

export const connection = z.object({
  crm: crmType,
  status: connectionStatus,
  status_reason: z.string().nullable(),
  account_id: z.string(),
  account_name: z.string(),
  time_zone: z.string(),
  currency: z.string(),
  multi_currency: z.boolean(),
  scopes: z.array(z.string()),
  missing_scopes: z.array(z.string()),
  quiet_until: instant.nullable().describe("Background work waits until then (the CRM's daily allowance)"),
  connected_by: z.string(),
  connected_at: instant,
  updated_at: instant,
});
export type Connection = z.infer<typeof connection>;

export const connectionList = z.object({ items: z.array(connection), next_cursor: z.null() });

/** `my_domain` and `sandbox` matter to Salesforce only. */
export const connectStart = z.strictObject({
  ...mutation,
  my_domain: z.string().max(100).optional().describe("Salesforce My Domain host, where the org wants it"),
  sandbox: z.boolean().optional(),
});
export type ConnectStart = z.infer<typeof connectStart>;

export const connectStarted = z.object({ url: z.url().describe("Open it in the browser to connect") });

export const disconnectQuery = z.strictObject({
  ...mutation,
  delete_data: z.enum(["0", "1", "false", "true"]).optional().describe("1: also delete everything mirrored from it"),
});

export const importProgress = z.object({
  crm: crmType,
  status: z.enum(["waiting", "running", "done", "failed"]),
  objects: z.array(
    z.object({
      object_type: z.union([objectType, z.enum(["owners", "stages"])]),
      phase: z.enum(["import", "incremental"]),
      status: z.enum(["waiting", "running", "done", "failed"]),
      done: z.int().describe("Records so far"),
      error: z.string().nullable(),
      started_at: instant.nullable(),
      finished_at: instant.nullable(),
    }),
  ),
});
export type ImportProgress = z.infer<typeof importProgress>;
