/** What Salesforce fills in by itself: formulas, defaults, and the history of opportunities. */

import type { SimObject } from "./field.ts";
import { nextId, now, type Org, place, type Row, rowOf, tableOf } from "./org.ts";

/** Formula and system fields. @param before null for a new row */
export function derive(org: Org, object: SimObject, row: Row, before: Row | null): void {
  if (object.name === "Contact" || object.name === "Lead") {
    row["Name"] = [row["FirstName"], row["LastName"]].filter(Boolean).join(" ");
  }
  if (object.name === "Task") deriveTask(org, row, before);
  if (object.name === "Task" || object.name === "Event") row["AccountId"] = accountOf(org, row);
  if (object.name === "Opportunity") deriveOpportunity(org, row, before);
}

/** A new stage, amount or close date leaves a row behind. @param author the user's id */
export function noteHistory(org: Org, row: Row, before: Row | null, author: string): void {
  const names = ["StageName", "Amount", "CloseDate"];
  if (before && names.every((name) => before[name] === row[name])) return;
  const at = now(org);
  place(org, "OpportunityHistory", {
    Id: nextId(org, "OpportunityHistory"),
    OpportunityId: row["Id"] ?? null,
    ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
    CreatedById: author,
    CreatedDate: at,
    SystemModstamp: at,
    IsDeleted: false,
  });
}

function deriveTask(org: Org, row: Row, before: Row | null): void {
  const statuses = [...tableOf(org, "TaskStatus").values()];
  row["Status"] ??= statuses.find((each) => each["IsDefault"] === true)?.["ApiName"] ?? null;
  row["TaskSubtype"] ??= "Task";
  row["IsClosed"] = statuses.find((each) => each["ApiName"] === row["Status"])?.["IsClosed"] ?? false;
  if (row["IsClosed"] === true && before?.["IsClosed"] !== true) row["CompletedDateTime"] = now(org);
}

/** Of what it is about, else of whom. */
function accountOf(org: Org, row: Row): string | null {
  const what = String(row["WhatId"] ?? "");
  if (what.startsWith("001")) return what;
  const from = rowOf(org, "Opportunity", row["WhatId"]) ?? rowOf(org, "Contact", row["WhoId"]);
  const account = from?.["AccountId"];
  return typeof account === "string" ? account : null;
}

function deriveOpportunity(org: Org, row: Row, before: Row | null): void {
  // A user's default record type is given when none is named.
  if (!before && row["RecordTypeId"] === null) row["RecordTypeId"] = [...org.recordTypeStages.keys()][0] ?? null;
  const stageChanged = before?.["StageName"] !== row["StageName"];
  if (stageChanged) {
    row["LastStageChangeDate"] = before ? now(org) : (row["LastStageChangeDate"] ?? now(org));
    const stage = [...tableOf(org, "OpportunityStage").values()].find((each) => each["ApiName"] === row["StageName"]);
    row["IsClosed"] = stage?.["IsClosed"] ?? false;
    row["IsWon"] = stage?.["IsWon"] ?? false;
    row["Probability"] = stage?.["DefaultProbability"] ?? row["Probability"] ?? null;
  }
  if (before && String(row["CloseDate"]) > String(before["CloseDate"]))
    row["PushCount"] = Number(row["PushCount"] ?? 0) + 1;
  row["ExpectedRevenue"] =
    row["Amount"] === null ? null : (Number(row["Amount"]) * Number(row["Probability"] ?? 0)) / 100;
}
