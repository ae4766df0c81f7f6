/** Zoom's recordings, as its webhook tells them. Shapes: Zoom Meetings API, read 2026-11-22. Pure. */
import { createRequire } from "node:module";
import { z } from "zod";
import { meetingKeyOf } from "./meeting-key.ts";
import { joinPeople, personOf } from "./people.ts";
import type { Converted, IncomingParticipant } from "./shape.ts";
import { addressOf, idOf, lineOf, minutesOf, momentOf, textOf, urlOf } from "./spellings.ts";

/** What has to be fetched for a recording. */
export type ZoomRecording = {
  uuid: string;
  /** The speech as text with speakers; captions (CC) know no speakers, and chat is apart: neither is fetched. */
  transcriptUrl: string | null;
  downloadToken: string | null;
};

/** @returns null for events that are none of ours */
export function zoomRecordingOf(delivery: unknown): ZoomRecording | null {
  const read = wireEvent.safeParse(delivery);
  if (!read.success || !/^recording\.(completed|transcript_completed)$/.test(read.data.event)) return null;
  const { object } = read.data.payload;
  const uuid = idOf(object.uuid);
  if (uuid === null) return null;
  const speech = (object.recording_files ?? []).find((file) => file.file_type === "TRANSCRIPT");
  const token = lineOf(read.data.download_token ?? read.data.payload.download_token ?? null);
  return { uuid, transcriptUrl: urlOf(speech?.download_url), downloadToken: token };
}

/**
 * @param participants of `past_meetings/{uuid}/participants`, all pages; empty when they can't be read
 * @param vtt the transcript file; null when there is none
 */
export function fromZoom(delivery: unknown, participants: readonly unknown[], vtt: string | null): Converted {
  const read = wireEvent.safeParse(delivery);
  if (!read.success) return { ok: false, externalId: null, reason: "Zoom sent something that is not a recording." };
  const { object } = read.data.payload;
  const externalId = idOf(object.uuid);
  if (externalId === null) return { ok: false, externalId, reason: "Zoom's recording has no meeting uuid." };
  const startedAt = momentOf(object.start_time);
  if (startedAt === null) return { ok: false, externalId, reason: "Zoom's recording has no readable start time." };
  const host = addressOf(object.host_email);
  return {
    ok: true,
    conversation: {
      externalId,
      title: lineOf(object.topic) ?? "",
      startedAt,
      durationMinutes: minutesOf(object.duration, "min"),
      url: urlOf(object.share_url),
      meetingKey: meetingKeyOf({ zoomId: object.id }),
      hostEmail: host,
      callType: null,
      scopeHint: "unknown",
      participants: joinPeople([personOf({ email: host }), ...whoCame(participants)]),
      namedRecords: [],
      summary: null,
      transcript: vtt === null ? null : speechOf(vtt),
      toldAt: momentOf(read.data.event_ts),
    },
  };
}

/**
 * WebVTT as lines. Cues read `Name: text`, and names hold dots and titles ("Dr. Ada Lovelace"); a cue without a name
 * goes on for whoever spoke last, so its text stands as it is.
 * @returns null for what is no WebVTT, or says nothing
 */
export function speechOf(vtt: string): string | null {
  try {
    // `meta`: header lines of any kind are read over; not `strict`: one broken cue costs that cue alone.
    const { cues } = webvtt.parse(vtt.replace(/^\uFEFF/, ""), { meta: true, strict: false });
    return textOf(cues.flatMap((cue) => lineOf(cue.text.replace(/<[^>]*>/g, "")) ?? []).join("\n"));
  } catch {
    return null;
  }
}

const webvtt = createRequire(import.meta.url)("node-webvtt") as {
  parse(text: string, options: { meta: boolean; strict: boolean }): { cues: { text: string }[] };
};

/** Who left and came back is listed twice; Zoom gives guests no id that stays, so here one name is one person. */
function whoCame(participants: readonly unknown[]): IncomingParticipant[] {
  const people = participants.flatMap((each) => {
    const one = wireParticipant.safeParse(each);
    const person = one.success ? personOf({ name: one.data.name, email: one.data.user_email }) : null;
    return person ? [person] : [];
  });
  const seen = new Set<string>();
  return people.filter(({ name, email }) => {
    if (email !== null || name === null) return true;
    const again = seen.has(name);
    seen.add(name);
    return !again;
  });
}

// A key may be missing altogether.
const any = z.unknown().optional();
const wireEvent = z.object({
  event: z.string(),
  event_ts: any,
  download_token: any,
  payload: z.object({
    download_token: any,
    object: z.object({
      ...{ uuid: any, id: any, host_email: any, topic: any, start_time: any, duration: any, share_url: any },
      recording_files: z.array(z.object({ file_type: z.string().nullish(), download_url: any })).nullish(),
    }),
  }),
});
const wireParticipant = z.object({ name: any, user_email: any });
