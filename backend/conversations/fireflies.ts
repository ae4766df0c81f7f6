/** Fireflies' transcripts, as its GraphQL API tells them. Shapes: docs.fireflies.ai, read 2026-11-22. Pure. */
import { z } from "zod";
import { meetingKeyOf } from "./meeting-key.ts";
import { joinPeople, personOf } from "./people.ts";
import type { Converted } from "./shape.ts";
import { addressOf, idOf, lineOf, minutesOf, momentOf, textOf, urlOf } from "./spellings.ts";

/** What we ask for of each transcript. */
export const firefliesFields = `id title date duration organizer_email host_email participants
  meeting_attendees { displayName email name phoneNumber } sentences { speaker_name text }
  summary { overview action_items } meeting_info { silent_meeting summary_status } transcript_url calendar_id meeting_link`;

/** Fireflies tells no affiliation: who is internal is ours to decide. */
export function fromFireflies(transcript: unknown): Converted {
  const read = wire.safeParse(transcript);
  if (!read.success) return { ok: false, externalId: null, reason: "Fireflies sent something that is not a meeting." };
  const told = read.data;
  const externalId = idOf(told.id);
  if (externalId === null) return { ok: false, externalId, reason: "Fireflies' meeting has no id." };
  const startedAt = momentOf(told.date);
  if (startedAt === null) return { ok: false, externalId, reason: "Fireflies' meeting has no readable date." };
  const attendees = (told.meeting_attendees ?? []).map((one) =>
    personOf({ name: one.displayName ?? one.name, email: one.email, phone: one.phoneNumber }),
  );
  // Attendees first: they bring names to the addresses that `participants` only lists, at times several in one text.
  const listed = (told.participants ?? [])
    .flatMap((one) => String(one ?? "").split(","))
    .map((email) => personOf({ email }));
  const people = [...attendees, ...listed, personOf({ email: told.organizer_email })];
  const link = lineOf(told.meeting_link);
  return {
    ok: true,
    conversation: {
      externalId,
      title: lineOf(told.title) ?? "",
      startedAt,
      durationMinutes: minutesOf(told.duration, "min"),
      url: urlOf(told.transcript_url),
      meetingKey: meetingKeyOf({ links: [link], calendarId: told.calendar_id }),
      hostEmail: addressOf(told.host_email) ?? addressOf(told.organizer_email),
      callType: null,
      scopeHint: "unknown",
      participants: joinPeople(people),
      namedRecords: [],
      summary: textOf([told.summary?.overview, told.summary?.action_items].filter(Boolean).join("\n")),
      transcript: told.meeting_info?.silent_meeting === true ? null : saidIn(told.sentences ?? []),
      toldAt: null,
    },
  };
}

/** @returns the meeting a webhook speaks of; null for events that are none of ours (version 1 and 2 of the webhook) */
export function firefliesMeetingOf(delivery: unknown): string | null {
  const read = ping.safeParse(delivery);
  if (!read.success) return null;
  const { eventType, event, meetingId, meeting_id } = read.data;
  const ours = eventType === "Transcription completed" || /^meeting\.(transcribed|summarized)$/.test(event ?? "");
  return ours ? (idOf(meetingId) ?? idOf(meeting_id)) : null;
}

function saidIn(sentences: { speaker_name?: unknown; text?: unknown }[]): string | null {
  const lines = sentences.flatMap((sentence) => {
    const text = lineOf(sentence.text);
    const name = lineOf(sentence.speaker_name);
    return text === null ? [] : [name ? `${name}: ${text}` : text];
  });
  return textOf(lines.join("\n"));
}

// A key may be missing altogether.
const any = z.unknown().optional();
const wire = z.object({
  ...{ id: any, title: any, date: any, duration: any, organizer_email: any, host_email: any, transcript_url: any },
  ...{ calendar_id: any, meeting_link: any },
  participants: z.array(any).nullish(),
  meeting_attendees: z.array(z.object({ displayName: any, name: any, email: any, phoneNumber: any })).nullish(),
  sentences: z.array(z.object({ speaker_name: any, text: any })).nullish(),
  summary: z.object({ overview: z.string().nullish(), action_items: z.string().nullish() }).nullish().catch(null),
  meeting_info: z.object({ silent_meeting: any }).nullish(),
});
const ping = z.object({
  eventType: z.string().optional(),
  event: z.string().optional(),
  meetingId: any,
  meeting_id: any,
});
