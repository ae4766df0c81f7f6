/** Events, and tasks that log a call. */
import { CrmError } from "../errors.ts";
import type { ActivityRecord, ObjectType, Page } from "../port.ts";
import { changedQuery, keysetCursor, pageSize } from "./activities-keyset.ts";
import type { SalesforceClient } from "./client.ts";
import { fromJson, isoTime } from "./convert.ts";
import { queryAllRows } from "./listing.ts";
import type { Condition, Query } from "./soql.ts";
import { type QueriedRow, queryPage } from "./wire.ts";

type Kind = "event" | "task";

const shared = ["Subject", "Description", "WhatId", "WhoId", "AccountId", "OwnerId", "CreatedDate"];
const fields: Record<Kind, string[]> = {
  event: [...shared, "StartDateTime", "EndDateTime", "DurationInMinutes", "IsAllDayEvent", "Location"],
  task: [
    ...shared,
    "TaskSubtype",
    "CallDurationInSeconds",
    "CallType",
    "CallDisposition",
    "ActivityDate",
    "CompletedDateTime",
    "Status",
    "IsClosed",
  ],
};
const times = new Set(["CreatedDate", "StartDateTime", "EndDateTime", "CompletedDateTime"]);

/** Each invitee has a copy of an event, and a series has a head that is no meeting: neither is told. */
const only: Record<Kind, Condition[]> = {
  event: [
    { field: "IsChild", op: "=", value: { boolean: false } },
    { field: "IsRecurrence", op: "=", value: { boolean: false } },
  ],
  task: [{ field: "TaskSubtype", op: "=", value: { string: "Call" } }],
};

/** A page of at most 2,000, the events first; deletions included. @param since UTC ISO */
export async function listActivities(
  client: SalesforceClient,
  since: string,
  cursor: string | null,
): Promise<Page<ActivityRecord>> {
  const { kind, after } = parseCursor(cursor);
  const rows = await queryAllRows(client, queryOf(kind, since, after), true);
  const items = rows.map((row) => toActivity(kind, row));
  if (rows.length === pageSize) return { items, cursor: `${kind}|${keysetCursor(rows.at(-1))}` };
  return { items, cursor: kind === "event" ? "task|" : null };
}

function queryOf(kind: Kind, since: string, after: string | null): Query {
  const children = kind === "event" ? [{ relation: "EventRelations", select: ["RelationId", "Status"] }] : [];
  return {
    select: ["Id", "IsDeleted", "SystemModstamp", ...fields[kind]],
    children,
    from: kind === "event" ? "Event" : "Task",
    ...changedQuery(since, after, only[kind]),
  };
}

function toActivity(kind: Kind, row: QueriedRow): ActivityRecord {
  const text = (name: string) => {
    const value = fromJson(row[name], undefined);
    return value !== null && times.has(name) ? isoTime(value) : value;
  };
  const invited = kind === "event" ? invitees(row["EventRelations"]) : [];
  const ownerId = text("OwnerId");
  const named = [text("WhatId"), text("WhoId"), text("AccountId"), ...invited].filter((id) => id !== null);
  return {
    id: String(row["Id"]),
    kind,
    properties: Object.fromEntries(fields[kind].map((name) => [name, text(name)])),
    associations: byType(named),
    ownerId,
    attendeeOwnerIds: invited.filter((id) => id.startsWith("005")),
    updatedAt: isoTime(String(row["SystemModstamp"])),
    deleted: row["IsDeleted"] === true,
  };
}

/** Those who did not decline; leads and rooms among them. */
function invitees(child: unknown): string[] {
  if (child === null || child === undefined) return [];
  const page = queryPage.safeParse(child);
  if (!page.success) throw new CrmError("unexpected", "Salesforce answered an event's invitees in an unknown form.");
  return page.data.records.filter((row) => row["Status"] !== "Declined").map((row) => String(row["RelationId"]));
}

/** An id begins with its object. Source: "Standard field record id prefix": Opportunity 006, Account 001, Contact 003. */
const prefixes: Record<string, ObjectType> = { "006": "deal", "001": "company", "003": "contact" };

function byType(ids: string[]): ActivityRecord["associations"] {
  const found: ActivityRecord["associations"] = {};
  for (const id of new Set(ids)) {
    const type = prefixes[id.slice(0, 3)];
    if (type) found[type] = [...(found[type] ?? []), { id }];
  }
  return found;
}

function parseCursor(cursor: string | null): { kind: Kind; after: string | null } {
  const [kind, ...rest] = (cursor ?? "event|").split("|");
  return { kind: kind === "task" ? "task" : "event", after: rest.join("|") || null };
}
