/** Taking a deal back, and whether that would take someone's work along. */
import { z } from "zod";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { hasForeignNote } from "./deals-notes.ts";
import { dealFields, keyProperty, recordWithHistory, type WireHistory } from "./deals-wire.ts";

const objects = `/crm/objects/${crmVersion}/deals`;

export async function deleteDeal(client: HubSpotClient, id: string): Promise<void> {
  const path = `${objects}/${encodeURIComponent(id)}`;
  // Answers 204 whether or not the deal was there.
  await client.call({ method: "DELETE", path, answer: z.unknown(), write: true });
}

/** What people change on a deal; the rest is HubSpot's own or follows from it. */
const watched = [
  ...Object.values(dealFields),
  "description",
  "dealtype",
  "hs_priority",
  "hs_next_step",
  "hs_manual_forecast_category",
  "closed_lost_reason",
  "closed_won_reason",
];

export async function dealTouchedSince(client: HubSpotClient, id: string, since: string) {
  const { data } = await client.call({
    method: "GET",
    path: `${objects}/${encodeURIComponent(id)}`,
    query: { propertiesWithHistory: [...watched, keyProperty].join(",") },
    answer: recordWithHistory,
    write: false,
  });
  const change = foreignChange(data.propertiesWithHistory, since);
  if (change) return { touched: true, by: change.by };
  return { touched: await hasForeignNote(client, id), by: null };
}

/**
 * The first change by anyone but the application that made the deal. A workflow that answers to our own creation is
 * nobody's work, nor is what HubSpot computes.
 * Source: property history, sourceType and sourceId; the app's number is read from the value it set first.
 */
export function foreignChange(history: WireHistory, since: string): { by: string | null } | null {
  const first = history[dealFields.name]?.at(-1);
  const ours = (each: { sourceType: string; sourceId?: string | null | undefined }) =>
    each.sourceType === first?.sourceType && (each.sourceId ?? null) === (first?.sourceId ?? null);
  for (const entries of Object.values(history)) {
    for (const entry of entries) {
      if (Date.parse(entry.timestamp) < Date.parse(since) || ours(entry) || automatic.has(entry.sourceType)) continue;
      const user = entry.updatedByUserId ?? /^userId:(\d+)$/.exec(entry.sourceId ?? "")?.[1];
      return { by: user === undefined || user === null ? null : String(user) };
    }
  }
  return null;
}

const automatic = new Set(["CALCULATED", "AUTOMATION_PLATFORM", "WORKFLOWS", "DEAL_SYNC_TRIGGER", "SYSTEM"]);
