/** Takes webhook events over as jobs: each once, however often it is delivered. */
import type { House } from "../connections/house.ts";
import { workspaceOfAccount } from "../connections/which-workspace.ts";
import type { JobPayload, NewJob } from "../jobs/kinds.ts";
import type { PortalEvent, Told } from "./hubspot-events.ts";

/** Changes come in bursts, and HubSpot's search shows them only some seconds after its webhook told of them. */
const settleMs = 20_000;

/** @returns how many events were new */
export async function takeHubSpotEvents(house: House, events: PortalEvent[]): Promise<number> {
  let fresh = 0;
  // One portal in all but theory: a delivery is an app's, and HubSpot batches by portal.
  for (const [portalId, same] of Map.groupBy(events, (each) => each.portalId)) {
    const workspaceId = await workspaceOfAccount(house, "hubspot", portalId);
    // A portal that disconnected: HubSpot would repeat a refusal for a day.
    if (workspaceId) fresh += await takeOne(house, workspaceId, same);
  }
  return fresh;
}

async function takeOne(house: House, workspaceId: string, events: PortalEvent[]): Promise<number> {
  const now = house.clock.now();
  const keys = [...new Set(events.map((each) => each.key))];
  return house.db.withWorkspace(workspaceId, async (tx) => {
    // Remembered as long as answers of the API are (a day, connections/tidy.ts): HubSpot repeats for as long.
    const rows = await tx<{ request_id: string }[]>`
      insert into request_results (workspace_id, caller, request_id, body_hash, state, created_at)
      select ${workspaceId}, 'webhook:hubspot', key, key, 'done', ${now}
      from jsonb_array_elements_text(${tx.json(keys)}) as key
      on conflict do nothing returning request_id`;
    const first = new Set(rows.map((row) => row.request_id));
    const told = [...new Map(events.filter(({ key }) => first.has(key)).map((each) => [each.key, each.told])).values()];
    const jobs: NewJob[] = [];
    const gone = told.flatMap(goneOf);
    if (gone.length > 0)
      jobs.push({ kind: "mirror.told", payload: { workspace_id: workspaceId, crm: "hubspot", told: gone } });
    const forgotten = told.flatMap((each) => (each.kind === "forgotten" ? [each.id] : []));
    if (forgotten.length > 0) {
      const payload = { workspace_id: workspaceId, crm: "hubspot" as const, contact_ids: forgotten };
      jobs.push({ kind: "privacy.forget", payload });
    }
    if (told.some(({ kind }) => kind === "changed" || kind === "restored" || kind === "merged")) {
      jobs.push({
        ...{ kind: "mirror.round", payload: { workspace_id: workspaceId, crm: "hubspot" } },
        key: `${workspaceId}:hubspot`,
        startAfter: new Date(now.getTime() + settleMs),
      });
    }
    await house.queue.enqueue(tx, jobs);
    return first.size;
  });
}

/** What can be stored at once; the rest the next round reads from the CRM itself. */
function goneOf(told: Told): JobPayload<"mirror.told">["told"] {
  if (told.kind === "merged") return [{ ...told, kind: told.kind }];
  return told.kind === "deleted" ? [{ kind: told.kind, objectType: told.objectType, id: told.id, losers: [] }] : [];
}
