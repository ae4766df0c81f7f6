import { expect, test } from "vitest";
import type { CrmPeople } from "../../backend/conversations/crm-people.ts";
import { fromHubSpot } from "../../backend/conversations/hubspot.ts";
import { fromSalesforce } from "../../backend/conversations/salesforce.ts";
import type { ActivityRecord } from "../../backend/crm/port.ts";

const now = new Date("2026-11-22T09:00:00Z");
const side = (name: string, email: string, affiliation: "internal" | "unknown") => ({
  name,
  email,
  phone: null,
  affiliation,
});
const people: CrmPeople = {
  owners: new Map([
    ["o1", side("Ada", "ada@ours.test", "internal")],
    ["o2", side("Leo", "leo@ours.test", "internal")],
  ]),
  contacts: new Map([["c1", side("Bob", "bob@customer.test", "unknown")]]),
};

function activity(
  kind: ActivityRecord["kind"],
  properties: Record<string, string | null>,
  more: Partial<ActivityRecord> = {},
) {
  return {
    ...{
      id: "7",
      kind,
      properties,
      ownerId: "o1",
      attendeeOwnerIds: [],
      updatedAt: "2026-11-20T10:00:00Z",
      deleted: false,
    },
    associations: { contact: [{ id: "c1" }, { id: "unknown" }], deal: [{ id: "d1" }], company: [{ id: "co1" }] },
    ...more,
  } satisfies ActivityRecord;
}

test("hubspot: a call in milliseconds, with its owner as host and its records named", () => {
  const call = activity("call", {
    ...{ hs_call_title: "Intro", hs_timestamp: "2026-11-16T09:00:00Z", hs_call_duration: "90000" },
    ...{ hs_call_direction: "OUTBOUND", hs_call_status: "COMPLETED", hs_call_recording_url: "https://rec.test/1" },
  });
  expect(fromHubSpot(call, people, now)).toMatchObject({
    conversation: {
      ...{ externalId: "call:7", title: "Intro", startedAt: "2026-11-16T09:00:00.000Z", durationMinutes: 1.5 },
      ...{ hostEmail: "ada@ours.test", callType: "outbound", toldAt: "2026-11-20T10:00:00.000Z" },
      participants: [{ email: "ada@ours.test", affiliation: "internal" }, { email: "bob@customer.test" }],
      namedRecords: [
        { crm: "hubspot", object_type: "deal", id: "d1" },
        { crm: "hubspot", object_type: "company", id: "co1" },
        { crm: "hubspot", object_type: "contact", id: "c1" },
        { crm: "hubspot", object_type: "contact", id: "unknown" },
      ],
    },
  });
});

test("hubspot: a meeting with colleagues; planned is not yet, called off is gone", () => {
  const held = {
    hs_meeting_title: "Demo",
    hs_meeting_start_time: "2026-11-16T09:00:00Z",
    hs_meeting_end_time: "2026-11-16T09:45:00Z",
  };
  const meeting = activity("meeting", held, { attendeeOwnerIds: ["o2", "o1"] });
  expect(fromHubSpot(meeting, people, now)).toMatchObject({
    conversation: {
      ...{ externalId: "meeting:7", durationMinutes: 45 },
      participants: [{ name: "Ada" }, { name: "Leo" }, { name: "Bob" }],
    },
  });
  const planned = activity("meeting", { ...held, hs_meeting_start_time: "2026-12-01T09:00:00Z" });
  expect(fromHubSpot(planned, people, now)).toBeNull();
  for (const hs_meeting_outcome of ["NO_SHOW", "CANCELED", "RESCHEDULED"]) {
    expect(fromHubSpot(activity("meeting", { ...held, hs_meeting_outcome }), people, now)).toMatchObject({
      gone: { externalId: "meeting:7" },
    });
  }
  const unanswered = activity("call", { hs_timestamp: "2026-11-16T09:00:00Z", hs_call_status: "NO_ANSWER" });
  expect(fromHubSpot(unanswered, people, now)).toMatchObject({ gone: { externalId: "call:7" } });
  expect(fromHubSpot(activity("call", {}, { deleted: true }), people, now)).toHaveProperty("gone");
  expect(fromHubSpot(activity("call", {}), people, now)).toMatchObject({
    ok: false,
    reason: expect.stringContaining("7"),
  });
});

test("salesforce: an event in minutes, a logged call in seconds", () => {
  const event = activity("event", {
    Subject: "Demo",
    StartDateTime: "2026-11-16T09:00:00.000+0000",
    DurationInMinutes: "45",
  });
  expect(fromSalesforce(event, people, now)).toMatchObject({
    conversation: { externalId: "event:7", title: "Demo", startedAt: "2026-11-16T09:00:00.000Z", durationMinutes: 45 },
  });
  const call = activity("task", {
    ...{ Subject: "Call", TaskSubtype: "Call", IsClosed: "true", CompletedDateTime: "2026-11-16T09:00:00Z" },
    ...{ CallDurationInSeconds: "90", CallType: "Outbound" },
  });
  expect(fromSalesforce(call, people, now)).toMatchObject({
    conversation: { externalId: "task:7", durationMinutes: 1.5, callType: "outbound", hostEmail: "ada@ours.test" },
  });
});

test("salesforce: other tasks, open calls, whole days and the future are no conversations; deleted is gone", () => {
  const at = { ActivityDate: "2026-11-16", StartDateTime: "2026-11-16T09:00:00Z" };
  expect(fromSalesforce(activity("task", { ...at, TaskSubtype: "Email" }), people, now)).toBeNull();
  expect(fromSalesforce(activity("task", { ...at, TaskSubtype: "Call", IsClosed: "false" }), people, now)).toBeNull();
  expect(fromSalesforce(activity("event", { ...at, IsAllDayEvent: "true" }), people, now)).toBeNull();
  expect(fromSalesforce(activity("event", { StartDateTime: "2026-12-16T09:00:00Z" }), people, now)).toBeNull();
  expect(fromSalesforce(activity("event", at, { deleted: true }), people, now)).toMatchObject({
    gone: { externalId: "event:7" },
  });
  expect(fromSalesforce(activity("event", {}), people, now)).toMatchObject({ ok: false });
});
