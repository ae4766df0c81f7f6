/** The note on a deal: a task that is done, so that nobody is asked to do it. */
import type { NoteDraft } from "../deal-port.ts";
import { hasReference, noteText } from "../note-text.ts";
import type { SalesforceClient } from "./client.ts";
import { insertOne } from "./deals-insert.ts";
import { queryAllRows } from "./listing.ts";
import { isRecordId, type Query } from "./soql.ts";
import type { QueriedRow } from "./wire.ts";

const descriptionMax = 32_000;
const subjectMax = 255;

/** The status that closes a task, once known. Orgs rename theirs, and orgs in other languages have their own. */
export type ClosedStatus = { name: string | null };

export const closedStatusQuery: Query = {
  select: ["ApiName"],
  from: "TaskStatus",
  where: { field: "IsClosed", op: "=", value: { boolean: true } },
  orderBy: ["SortOrder"],
  limit: 1,
};

export function rememberClosed(closed: ClosedStatus, rows: QueriedRow[]): void {
  const name = rows[0]?.["ApiName"];
  if (typeof name === "string") closed.name = name;
}

/** Asks where it is not known yet. */
export async function closedStatus(client: SalesforceClient, closed: ClosedStatus): Promise<string> {
  if (closed.name === null) rememberClosed(closed, await queryAllRows(client, closedStatusQuery));
  return closed.name ?? "Completed";
}

export async function addTask(
  client: SalesforceClient,
  closed: ClosedStatus,
  draft: NoteDraft,
): Promise<{ id: string }> {
  const status = await closedStatus(client, closed);
  const who = draft.contactIds[0];
  return insertOne(client, "Task", {
    ...taskValues(draft, status),
    WhatId: draft.dealId,
    ...(who ? { WhoId: who } : {}),
  });
}

/** Without what it is about and whom. */
export function taskValues(draft: Pick<NoteDraft, "title" | "body" | "key" | "at">, status: string) {
  return {
    Subject: draft.title.slice(0, subjectMax).replace(/[\uD800-\uDBFF]$/, ""),
    Description: noteText(draft.body, draft.key, descriptionMax),
    Status: status,
    ActivityDate: draft.at.slice(0, 10),
  };
}

/** A task's text can't be filtered by, so the deal's tasks, which are few, are read and looked through. */
export async function taskByKey(
  client: SalesforceClient,
  of: { dealId: string; key: string },
): Promise<{ id: string } | null> {
  if (!isRecordId(of.dealId)) return null;
  const rows = await queryAllRows(client, {
    select: ["Id", "Description"],
    from: "Task",
    where: { field: "WhatId", op: "=", value: { id: of.dealId } },
    orderBy: ["Id"],
    limit: 200,
  });
  const found = rows.find((row) => hasReference(String(row["Description"] ?? ""), of.key));
  return found ? { id: String(found["Id"]) } : null;
}
