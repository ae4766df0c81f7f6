/**
 * The generic endpoint's shape: our own names first, then the names that Avoma, Fathom, Recall and calendars use for the
 * same things, so that their deliveries can be passed on as they are. Pure.
 */
import { z } from "zod";
import { meetingKeyOf } from "./meeting-key.ts";
import { joinPeople, personOf } from "./people.ts";
import type { Affiliation, Converted, IncomingParticipant, NamedRecord } from "./shape.ts";
import { addressOf, idOf, lineOf, minutesBetween, minutesOf, momentOf, textOf, urlOf } from "./spellings.ts";

/** @returns null for what is no conversation: a booking, which has a booker and nobody who came */
export function fromGeneric(item: unknown): Converted | null {
  const wire = record(item);
  if (!wire) return { ok: false, externalId: null, reason: "It is not a JSON object." };
  if (isBooking(wire)) return null;
  const externalId = idOf(first(wire, ["external_id", "uuid", "id", "recording_id", "bot_id"]));
  if (externalId === null) return { ok: false, externalId, reason: "It has no external_id." };
  const toldAt = momentOf(first(wire, ["told_at", "updated_at", "modified_at"]));
  if (wire["deleted"] === true) return { ok: true, gone: { externalId, toldAt } };
  const startedAt = momentOf(
    timeIn(first(wire, ["started_at", "start_at", "recording_start_time", "start_time", "start"])),
  );
  if (startedAt === null) {
    return { ok: false, externalId, reason: "It has no readable start time (started_at, as 2026-05-04T09:30:00Z)." };
  }
  const endedAt = momentOf(timeIn(first(wire, ["ended_at", "end_at", "recording_end_time", "end_time", "end"])));
  const links = [wire["meeting_url"], wire["conference_url"], wire["hangoutLink"], wire["location"]];
  const people = first(wire, ["participants", "attendees", "calendar_invitees"]);
  return {
    ok: true,
    conversation: {
      externalId,
      title: lineOf(first(wire, ["title", "subject", "summary_title", "topic", "meeting_title"])) ?? "",
      startedAt,
      durationMinutes: lengthOf(wire) ?? minutesBetween(startedAt, endedAt),
      url: urlOf(first(wire, ["url", "share_url", "web_url"])),
      meetingKey: lineOf(wire["meeting_key"]) ?? meetingKeyOf({ links, calendarId: wire["calendar_id"] }),
      hostEmail: addressOf(first(wire, ["host_email", "organizer_email"])),
      callType: lineOf(wire["call_type"]),
      scopeHint: affiliation(wire["scope"]),
      participants: joinPeople(Array.isArray(people) ? people.map(participant) : []),
      namedRecords: recordsIn(wire["records"]),
      summary: textOf(wire["summary"]),
      transcript: transcriptIn(wire["transcript"]),
      toldAt,
    },
  };
}

const named = z.object({
  crm: z.enum(["hubspot", "salesforce"]).nullish(),
  object_type: z.enum(["deal", "company", "contact", "account", "opportunity"]),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
});

function recordsIn(value: unknown): NamedRecord[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const read = named.safeParse(one);
    if (!read.success) return [];
    const { crm, object_type, id } = read.data;
    const type = object_type === "account" ? "company" : object_type === "opportunity" ? "deal" : object_type;
    return [{ crm: crm ?? null, object_type: type, id }];
  });
}

/** Who came. An invitation nobody answered is no attendance; a source that tells no answers tells who was there. */
function participant(value: unknown): IncomingParticipant | null {
  if (typeof value === "string") return personOf({ email: value });
  const one = record(value);
  if (!one) return null;
  const answer = lineOf(one["response_status"] ?? one["responseStatus"] ?? record(one["status"])?.["response"]);
  if (answer && /^(needsaction|declined|notresponded|none)$/i.test(answer)) return null;
  const address = record(one["emailAddress"]);
  const spoken = one["matched_speaker_display_name"];
  const side = typeof one["is_external"] === "boolean" ? (one["is_external"] ? "external" : "internal") : undefined;
  return personOf({
    name: one["name"] ?? one["displayName"] ?? address?.["name"] ?? spoken,
    email: one["email"] ?? address?.["address"],
    phone: one["phone"] ?? one["phone_number"],
    affiliation: one["affiliation"] === undefined ? (side ?? "unknown") : affiliation(one["affiliation"]),
  });
}

/** Text as it is, or lines with their speakers. */
function transcriptIn(value: unknown): string | null {
  if (!Array.isArray(value)) return textOf(value);
  const lines = value.map((one: unknown) => {
    const line = record(one);
    const text = lineOf(line?.["text"]);
    const speaker = lineOf(record(line?.["speaker"])?.["display_name"] ?? line?.["speaker"] ?? line?.["speaker_name"]);
    return text === null ? null : speaker ? `${speaker}: ${text}` : text;
  });
  return textOf(lines.filter((line) => line !== null).join("\n"));
}

/** `duration` alone is in seconds, as Avoma sends it. */
function lengthOf(wire: Record<string, unknown>): number | null {
  return (
    minutesOf(wire["duration_minutes"], "min") ??
    minutesOf(wire["duration_seconds"], "s") ??
    minutesOf(wire["duration_ms"], "ms") ??
    minutesOf(wire["duration"], "s")
  );
}

function isBooking(wire: Record<string, unknown>): boolean {
  const people = wire["attendees"] ?? wire["participants"];
  return addressOf(wire["booker_email"]) !== null && !(Array.isArray(people) && people.length > 0);
}

/** Calendars put a time into `{ dateTime }`, in UTC when they name no other zone. */
function timeIn(value: unknown): unknown {
  return record(value)?.["dateTime"] ?? value;
}

function affiliation(value: unknown): Affiliation {
  const text = lineOf(value)?.toLowerCase();
  return text === "internal" || text === "external" ? text : "unknown";
}

function first(wire: Record<string, unknown>, names: string[]): unknown {
  const name = names.find((each) => wire[each] !== undefined && wire[each] !== null);
  return name === undefined ? undefined : wire[name];
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
