/** Salesforce's events, and its tasks that are logged calls. Fields: Salesforce object reference, read 2026-11-22. Pure. */
import type { ActivityRecord } from "../crm/port.ts";
import { type CrmPeople, contactsOf, namedBy, ownerOf } from "./crm-people.ts";
import { meetingKeyOf } from "./meeting-key.ts";
import { joinPeople } from "./people.ts";
import type { Converted } from "./shape.ts";
import { lineOf, minutesBetween, minutesOf, momentOf } from "./spellings.ts";

/** @param now an event planned for later is no conversation yet (null); nor is a task that is no call */
export function fromSalesforce(activity: ActivityRecord, people: CrmPeople, now: Date): Converted | null {
  const { id, properties: told } = activity;
  const isCall = activity.kind === "task";
  if (isCall && told["TaskSubtype"] !== "Call") return null;
  const externalId = `${activity.kind}:${id}`;
  const toldAt = momentOf(activity.updatedAt);
  if (activity.deleted) return { ok: true, gone: { externalId, toldAt } };
  // A call planned for later is an open task; once it took place Salesforce closes it.
  if (isCall && told["IsClosed"] === "false") return null;
  const startedAt = isCall
    ? (momentOf(told["CompletedDateTime"]) ?? momentOf(told["ActivityDate"]) ?? momentOf(told["CreatedDate"]))
    : (momentOf(told["StartDateTime"]) ?? momentOf(told["ActivityDateTime"]));
  if (startedAt === null) {
    const what = isCall ? "logged call" : "event";
    return { ok: false, externalId, reason: `Salesforce's ${what} ${id} has no readable time.` };
  }
  // A whole day in the calendar is a holiday, a fair or a reminder.
  if (Date.parse(startedAt) > now.getTime() || told["IsAllDayEvent"] === "true") return null;
  const owner = ownerOf(people, activity.ownerId);
  const colleagues = activity.attendeeOwnerIds.map((ownerId) => ownerOf(people, ownerId));
  return {
    ok: true,
    conversation: {
      externalId,
      title: lineOf(told["Subject"]) ?? "",
      startedAt,
      durationMinutes: isCall
        ? minutesOf(told["CallDurationInSeconds"], "s")
        : (minutesOf(told["DurationInMinutes"], "min") ?? minutesBetween(startedAt, momentOf(told["EndDateTime"]))),
      url: null,
      meetingKey: meetingKeyOf({ links: [told["Location"], told["Description"]] }),
      hostEmail: owner?.email ?? null,
      callType: isCall ? (lineOf(told["CallType"])?.toLowerCase() ?? "call") : "meeting",
      scopeHint: "unknown",
      participants: joinPeople([owner, ...colleagues, ...contactsOf(people, activity)]),
      namedRecords: namedBy("salesforce", activity),
      summary: null,
      transcript: null,
      toldAt,
    },
  };
}
