import { expect, test } from "vitest";
import { firefliesMeetingOf, fromFireflies } from "../../backend/conversations/fireflies.ts";
import { fromGeneric } from "../../backend/conversations/generic.ts";
import { fromGong, gongPeople, gongTranscript } from "../../backend/conversations/gong.ts";
import type { Converted } from "../../backend/conversations/shape.ts";
import { fromZoom, speechOf, zoomRecordingOf } from "../../backend/conversations/zoom.ts";
import { firefliesTranscript } from "../support/fireflies-server.ts";
import { gongCall } from "../support/gong-server.ts";
import { zoomRecording } from "../support/zoom-server.ts";

function conversationOf(converted: Converted | null) {
  if (!converted?.ok || !("conversation" in converted))
    throw new Error(`no conversation: ${JSON.stringify(converted)}`);
  return converted.conversation;
}

test("gong: a call with its people, its scope and the CRM records it stands beside", () => {
  expect(conversationOf(fromGong(gongCall("7782342274025937895")))).toMatchObject({
    externalId: "7782342274025937895",
    title: "Intro with Customer",
    startedAt: "2026-11-16T09:00:00.000Z",
    durationMinutes: 30.5,
    hostEmail: "ada@ours.test",
    scopeHint: "external",
    participants: [
      { name: "Ada", email: "ada@ours.test", affiliation: "internal" },
      { name: "Bob", email: "bob@customer.test", affiliation: "external" },
    ],
    namedRecords: [
      { crm: "salesforce", object_type: "company", id: "0015g00000AAAAAAA1" },
      { crm: "salesforce", object_type: "deal", id: "0065g00000BBBBBBB2" },
    ],
  });
});

test("gong: what is often missing is missing, not wrong", () => {
  const bare = gongCall(
    "1",
    { title: undefined, started: undefined, scheduled: 1_795_770_000 },
    { parties: undefined },
  );
  expect(conversationOf(fromGong(bare))).toMatchObject({
    ...{ title: "", participants: [], hostEmail: null, startedAt: "2026-11-27T09:00:00.000Z" },
  });
  const odd = gongCall(
    "2",
    {},
    {
      parties: [
        { id: "p1", phoneNumber: "+1 555 0100", affiliation: "External" },
        { id: "p2", emailAddress: "eve@customer.test", title: "CFO", affiliation: "Unknown" },
        { id: "p3", affiliation: "Unknown" },
      ],
    },
  );
  expect(conversationOf(fromGong(odd)).participants).toEqual([
    { name: null, email: null, phone: "+15550100", affiliation: "external" },
    { name: null, email: "eve@customer.test", phone: null, affiliation: "unknown" },
  ]);
  expect(fromGong(gongCall("3", { started: undefined, scheduled: undefined }))).toMatchObject({
    ...{ ok: false, externalId: "3", reason: expect.stringContaining("start time") },
  });
  expect(fromGong("call")).toMatchObject({ ok: false, externalId: null });
});

test("gong: an alias is the user's own address, and whoever has one is ours whatever the call says", () => {
  const people = gongPeople([
    { id: "u1", emailAddress: "Ada@ours.test", emailAliases: ["ada.l@ours-group.test"] },
    { id: "u2" },
  ]);
  const call = gongCall(
    "1",
    {},
    {
      parties: [
        { emailAddress: "ADA.L@ours-group.test", name: "Ada", affiliation: "Unknown" },
        { emailAddress: "bob@customer.test", affiliation: "Unknown" },
      ],
    },
  );
  const { participants, hostEmail } = conversationOf(fromGong(call, people));
  expect(hostEmail).toBe("ada@ours.test");
  expect(participants.map((one) => [one.email, one.affiliation])).toEqual([
    ["ada@ours.test", "internal"],
    ["bob@customer.test", "unknown"],
  ]);
});

test("gong: the transcript names its speakers where it knows them", () => {
  const said = {
    callId: "1",
    transcript: [
      { speakerId: "s1", sentences: [{ text: "Hello." }, { text: "How are you?" }] },
      { speakerId: "s9", sentences: [{ text: "Fine." }] },
    ],
  };
  expect(gongTranscript(said, gongCall("1"))).toBe("Ada: Hello. How are you?\nFine.");
  expect(gongTranscript({ callId: "1", transcript: [] }, gongCall("1"))).toBeNull();
});

test("fireflies: attendees bring the names, participants the addresses; the note-taker stays one of them", () => {
  expect(conversationOf(fromFireflies(firefliesTranscript("f1")))).toMatchObject({
    externalId: "f1",
    startedAt: "2026-11-16T09:00:00.000Z",
    durationMinutes: 31.25,
    hostEmail: "ada@ours.test",
    scopeHint: "unknown",
    meetingKey: "calendar:event-1",
    participants: [
      { name: "Bob", email: "bob@customer.test", affiliation: "unknown" },
      { name: null, email: "ada@ours.test" },
      { name: null, email: "fred@fireflies.ai" },
    ],
    summary: "Bob liked the demo.\nSend the offer.",
    transcript: "Bob: We like it.",
  });
});

test("fireflies: a silent meeting has nobody, nothing said and no summary", () => {
  const silent = firefliesTranscript("f2", {
    ...{
      participants: [],
      meeting_attendees: null,
      summary: null,
      duration: 0.05,
      organizer_email: null,
      host_email: null,
    },
    ...{ meeting_info: { silent_meeting: true }, sentences: [{ text: "mhm", speaker_name: null }] },
  });
  expect(conversationOf(fromFireflies(silent))).toMatchObject({
    ...{ participants: [], summary: null, transcript: null, durationMinutes: 0.05, hostEmail: null },
  });
});

test("fireflies: both versions of the ping name the meeting; other events are none of ours", () => {
  expect(firefliesMeetingOf({ meetingId: "m1", eventType: "Transcription completed" })).toBe("m1");
  expect(firefliesMeetingOf({ meeting_id: "m1", event: "meeting.transcribed", timestamp: 1 })).toBe("m1");
  expect(firefliesMeetingOf({ meeting_id: "m1", event: "meeting.summarized" })).toBe("m1");
  for (const other of [
    { meeting_id: "m1", event: "meeting.deleted" },
    { meetingId: "m1", eventType: "Bot joined" },
    null,
  ]) {
    expect(firefliesMeetingOf(other)).toBeNull();
  }
});

test("zoom: host, guests and the transcript; who left and came back is one person", () => {
  const guests = [
    { name: "Dr. Bob Ray", user_email: "bob@customer.test" },
    { name: "Guest", user_email: "" },
    { name: "Guest", user_email: "" },
  ];
  const call = conversationOf(fromZoom(zoomRecording("abc=="), guests, "WEBVTT\n\n1\n00:00.000 --> 00:01.000\nHi"));
  expect(call).toMatchObject({
    ...{ externalId: "abc==", title: "Intro", startedAt: "2026-11-16T09:00:00.000Z", durationMinutes: 31 },
    ...{ meetingKey: "zoom:98765432109", hostEmail: "ada@ours.test", transcript: "Hi" },
  });
  expect(call.participants.map((one) => one.name ?? one.email)).toEqual(["ada@ours.test", "Dr. Bob Ray", "Guest"]);
});

test("zoom: of a recording's files only the transcript is speech, not captions and not the chat", () => {
  const files = [
    { file_type: "MP4", download_url: "https://zoom.us/rec/1" },
    { file_type: "CC", download_url: "https://zoom.us/rec/2" },
    { file_type: "CHAT", download_url: "https://zoom.us/rec/3" },
  ];
  expect(zoomRecordingOf(zoomRecording("u", { recording_files: files }))).toMatchObject({ transcriptUrl: null });
  const speech = { file_type: "TRANSCRIPT", download_url: "https://zoom.us/rec/4" };
  expect(zoomRecordingOf(zoomRecording("u", { recording_files: [...files, speech] }))).toEqual({
    ...{ uuid: "u", transcriptUrl: "https://zoom.us/rec/4", downloadToken: "download-1" },
  });
  expect(zoomRecordingOf({ event: "meeting.started", payload: { object: { uuid: "u" } } })).toBeNull();
});

test("zoom: cues without a name, names with dots, markup and a broken cue", () => {
  const vtt = [
    "\uFEFFWEBVTT",
    "Kind: captions",
    "",
    "1",
    "00:00:01.000 --> 00:00:03.000",
    "Dr. Bob Ray: We like it.",
    "",
    "2",
    "00:00:03.000 --> 00:00:04.000",
    "and so does my boss.",
    "",
    "3",
    "broken",
    "",
    "00:05.000 --> 00:06.000",
    "<v Ada>Great.</v>",
  ].join("\r\n");
  expect(speechOf(vtt)).toBe("Dr. Bob Ray: We like it.\nand so does my boss.\nGreat.");
  expect(speechOf("WEBVTT")).toBeNull();
  expect(speechOf("<html>sign in</html>")).toBeNull();
});

test("generic: our own names", () => {
  const item = {
    external_id: 17,
    title: " Intro ",
    started_at: "2026-11-16T10:00:00+01:00",
    duration_seconds: 90,
    meeting_url: "https://meet.google.com/abc-defg-hij",
    host_email: "Ada@ours.test",
    scope: "External",
    participants: ["bob@customer.test", { name: "Eve", email: "eve@customer.test", affiliation: "external" }],
    records: [
      { crm: "hubspot", object_type: "account", id: "12" },
      { object_type: "deal", id: "no spaces please" },
    ],
    transcript: [{ speaker: "Bob", text: "Yes." }, { text: "No." }],
    told_at: 1_795_770_000,
  };
  expect(conversationOf(fromGeneric(item))).toMatchObject({
    ...{ externalId: "17", title: "Intro", startedAt: "2026-11-16T09:00:00.000Z", durationMinutes: 1.5 },
    ...{ meetingKey: "meet:abc-defg-hij", hostEmail: "ada@ours.test", scopeHint: "external" },
    participants: [{ email: "bob@customer.test" }, { name: "Eve" }],
    namedRecords: [{ crm: "hubspot", object_type: "company", id: "12" }],
    ...{ transcript: "Bob: Yes.\nNo.", toldAt: "2026-11-27T09:00:00.000Z" },
  });
});

test("generic: what is refused says why, and what is taken back is gone", () => {
  expect(fromGeneric({ title: "x", started_at: "2026-11-16" })).toMatchObject({
    ok: false,
    reason: expect.stringContaining("external_id"),
  });
  expect(fromGeneric({ external_id: "1", started_at: "soon" })).toMatchObject({ ok: false, externalId: "1" });
  for (const odd of [null, 1, "x", []]) expect(fromGeneric(odd)).toMatchObject({ ok: false, externalId: null });
  expect(fromGeneric({ external_id: "1", deleted: true })).toEqual({
    ok: true,
    gone: { externalId: "1", toldAt: null },
  });
});

test("avoma: seconds, attendees by their answers; its own word on internal is not taken; a booking is no conversation", () => {
  const meeting = {
    ...{ uuid: "a1", subject: "Intro", is_internal: true, start_at: "2026-11-16T09:00:00Z", duration: 1800 },
    organizer_email: "ada@ours.test",
    attendees: [
      { email: "bob@customer.test", name: "Bob", response_status: "accepted" },
      { email: "kim@customer.test", name: "Kim", response_status: "needsAction" },
    ],
  };
  const call = conversationOf(fromGeneric(meeting));
  expect(call).toMatchObject({ externalId: "a1", title: "Intro", durationMinutes: 30, scopeHint: "unknown" });
  expect(call.participants.map((one) => one.email)).toEqual(["bob@customer.test"]);
  expect(fromGeneric({ uuid: "b", booker_email: "bob@customer.test", start_at: "2026-11-16T09:00:00Z" })).toBeNull();
});

test("fathom: invitees with their own side; the flag about all domains is not taken", () => {
  const meeting = {
    ...{
      id: 9,
      title: "Intro",
      recording_start_time: "2026-11-16T09:00:00Z",
      recording_end_time: "2026-11-16T09:20:00Z",
    },
    ...{ calendar_invitees_domains_type: "only_internal", share_url: "https://fathom.test/9" },
    calendar_invitees: [{ email: "bob@customer.test", is_external: true, matched_speaker_display_name: "Bob R." }],
    transcript: [
      { speaker: { display_name: "Bob R.", matched_calendar_invitee_email: null }, text: "Yes." },
      { speaker: { display_name: "Someone" }, text: "No." },
    ],
  };
  expect(conversationOf(fromGeneric(meeting))).toMatchObject({
    ...{ externalId: "9", durationMinutes: 20, scopeHint: "unknown", url: "https://fathom.test/9" },
    participants: [{ name: "Bob R.", email: "bob@customer.test", affiliation: "external" }],
    transcript: "Bob R.: Yes.\nSomeone: No.",
  });
});

test("calendars: Outlook's people and seven digits, Google's people; no attendees key means unknown", () => {
  const outlook = {
    ...{ id: "o1", subject: "Intro", start: { dateTime: "2026-11-16T09:00:00.0000000", timeZone: "UTC" } },
    end: { dateTime: "2026-11-16T09:30:00.0000000", timeZone: "UTC" },
    attendees: [
      { emailAddress: { address: "Bob@customer.test", name: "Bob" }, status: { response: "accepted" } },
      { emailAddress: { address: "kim@customer.test", name: "Kim" }, status: { response: "none" } },
    ],
  };
  expect(conversationOf(fromGeneric(outlook))).toMatchObject({
    ...{ startedAt: "2026-11-16T09:00:00.000Z", durationMinutes: 30 },
    participants: [{ name: "Bob", email: "bob@customer.test" }],
  });
  const google = {
    id: "g1",
    start: { dateTime: "2026-11-16T10:00:00+01:00" },
    hangoutLink: "https://meet.google.com/abc-defg-hij",
  };
  expect(conversationOf(fromGeneric(google))).toMatchObject({ participants: [], meetingKey: "meet:abc-defg-hij" });
});
