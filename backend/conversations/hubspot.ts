/** HubSpot's calls and meetings. Properties: HubSpot CRM API, read 2026-11-22. Pure. */
import type { ActivityRecord } from "../crm/port.ts";
import { type CrmPeople, contactsOf, namedBy, ownerOf } from "./crm-people.ts";
import { meetingKeyOf } from "./meeting-key.ts";
import { joinPeople } from "./people.ts";
import type { Converted } from "./shape.ts";
import { lineOf, minutesBetween, minutesOf, momentOf, urlOf } from "./spellings.ts";

/** A call nobody answered, and a meeting that was called off, is no conversation. */
const noTalk = /^(BUSY|NO_ANSWER|FAILED|CANCELED|CANCELLED|NO_SHOW|RESCHEDULED|QUEUED|RINGING|MISSED)$/i;

/** @param now a meeting planned for later is no conversation yet (null) */
export function fromHubSpot(activity: ActivityRecord, people: CrmPeople, now: Date): Converted | null {
  const { id, properties: told, updatedAt } = activity;
  const isCall = activity.kind === "call";
  const externalId = `${activity.kind}:${id}`;
  const outcome = lineOf(isCall ? told["hs_call_status"] : told["hs_meeting_outcome"]) ?? "";
  const toldAt = momentOf(updatedAt);
  if (activity.deleted || noTalk.test(outcome)) return { ok: true, gone: { externalId, toldAt } };
  const startedAt = momentOf(told["hs_meeting_start_time"]) ?? momentOf(told["hs_timestamp"]);
  if (startedAt === null) {
    return { ok: false, externalId, reason: `HubSpot's ${activity.kind} ${id} has no readable time.` };
  }
  if (Date.parse(startedAt) > now.getTime()) return null;
  const owner = ownerOf(people, activity.ownerId);
  const colleagues = activity.attendeeOwnerIds.map((ownerId) => ownerOf(people, ownerId));
  return {
    ok: true,
    conversation: {
      externalId,
      title: lineOf(isCall ? told["hs_call_title"] : told["hs_meeting_title"]) ?? "",
      startedAt,
      durationMinutes: isCall
        ? minutesOf(told["hs_call_duration"], "ms")
        : minutesBetween(startedAt, momentOf(told["hs_meeting_end_time"])),
      url: urlOf(told["hs_call_recording_url"]),
      meetingKey: meetingKeyOf({ links: [told["hs_meeting_external_url"], told["hs_meeting_location"]] }),
      hostEmail: owner?.email ?? null,
      callType: isCall ? (lineOf(told["hs_call_direction"])?.toLowerCase() ?? null) : "meeting",
      scopeHint: "unknown",
      participants: joinPeople([owner, ...colleagues, ...contactsOf(people, activity)]),
      namedRecords: namedBy("hubspot", activity),
      summary: null,
      transcript: null,
      toldAt,
    },
  };
}
