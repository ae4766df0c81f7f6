/**
 * Calls and meetings that changed. Deleted ones are not told: HubSpot lists them without a date to filter by, and an
 * account that cleans up its calls would have them walked through at each look.
 */
import type { Clock } from "../../clock.ts";
import { CrmError } from "../errors.ts";
import type { ActivityRecord, ObjectType, Page } from "../port.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { pickProperties, plural } from "./convert.ts";
import { associationBatch, recordPage, type WireRecord } from "./wire.ts";

type Kind = "call" | "meeting";
/** After the last id seen; ids never change, so pages are whole though records change while they are read. */
type Cursor = { kind: Kind; after: string | null };

const objects: Record<Kind, string> = { call: "calls", meeting: "meetings" };
const searchPage = 200;
/** Search shows a write up to half a minute late, so each look reaches back that far. */
const searchLagMs = 30_000;

const properties: Record<Kind, string[]> = {
  call: [
    "hs_call_title",
    "hs_timestamp",
    "hs_call_duration",
    "hs_call_direction",
    "hs_call_status",
    "hs_call_disposition",
    "hs_call_recording_url",
    "hs_call_body",
    "hs_call_external_id",
    "hubspot_owner_id",
  ],
  meeting: [
    "hs_meeting_title",
    "hs_timestamp",
    "hs_meeting_start_time",
    "hs_meeting_end_time",
    "hs_meeting_outcome",
    "hs_meeting_external_url",
    "hs_meeting_location",
    "hs_meeting_body",
    "hs_internal_meeting_notes",
    "hs_attendee_owner_ids",
    "hubspot_owner_id",
  ],
};

/** A page: one search, and one read of links for each of contacts, companies and deals. */
export async function listActivities(
  client: HubSpotClient,
  clock: Clock,
  since: string,
  cursor: string | null,
): Promise<Page<ActivityRecord>> {
  const { kind, after } = parseCursor(cursor);
  const from = Math.min(Date.parse(since), clock.now().getTime()) - searchLagMs;
  if (Number.isNaN(from)) throw new CrmError("unexpected", "The time to look back to is not a UTC ISO time.");
  const { data } = await client.call({
    method: "POST",
    path: `/crm/objects/${crmVersion}/${objects[kind]}/search`,
    body: {
      filterGroups: [
        {
          filters: [
            { propertyName: "hs_lastmodifieddate", operator: "GTE", value: String(from) },
            ...(after ? [{ propertyName: "hs_object_id", operator: "GT", value: after }] : []),
          ],
        },
      ],
      sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
      properties: properties[kind],
      limit: searchPage,
    },
    answer: recordPage,
    bucket: "search",
    write: false,
  });
  const links = await readLinks(client, kind, data.results);
  const last = data.results.at(-1)?.id ?? null;
  const next: Cursor | null =
    data.results.length === searchPage
      ? { kind, after: last }
      : kind === "call"
        ? { kind: "meeting", after: null }
        : null;
  return {
    items: data.results.map((wire) => toActivity(kind, wire, links.get(wire.id) ?? {})),
    cursor: next && JSON.stringify(next),
  };
}

async function readLinks(client: HubSpotClient, kind: Kind, records: WireRecord[]) {
  const found = new Map<string, ActivityRecord["associations"]>();
  if (records.length === 0) return found;
  const types: ObjectType[] = ["contact", "company", "deal"];
  const inputs = records.map(({ id }) => ({ id }));
  const answers = await Promise.all(
    types.map((type) =>
      client.call({
        method: "POST",
        path: `/crm/associations/${crmVersion}/${objects[kind]}/${plural[type]}/batch/read`,
        body: { inputs },
        answer: associationBatch,
        write: false,
      }),
    ),
  );
  for (const [at, type] of types.entries()) {
    // One page of five hundred links: nobody sits in a meeting with more people.
    for (const { from, to } of answers[at]!.data.results) {
      const ids = [...new Set(to.map((link) => link.toObjectId))];
      found.set(from.id, { ...found.get(from.id), [type]: ids.map((id) => ({ id })) });
    }
  }
  return found;
}

function toActivity(kind: Kind, wire: WireRecord, associations: ActivityRecord["associations"]): ActivityRecord {
  const picked = pickProperties(wire, properties[kind]);
  return {
    id: wire.id,
    kind,
    properties: picked,
    associations,
    ownerId: picked["hubspot_owner_id"] ?? null,
    attendeeOwnerIds: (picked["hs_attendee_owner_ids"] ?? "").split(";").filter(Boolean),
    updatedAt: new Date(wire.updatedAt).toISOString(),
    deleted: wire.archived,
  };
}

function parseCursor(cursor: string | null): Cursor {
  return cursor === null ? { kind: "call", after: null } : (JSON.parse(cursor) as Cursor);
}
