/**
 * Predicts what the CRM and the log must look like from what was asked and what people did, without looking at how the
 * engine works: nothing lost, no entry twice, the log equal to the CRM.
 */
import { canonical } from "../../backend/crm/compatible.ts";
import type { Property } from "../../backend/crm/port.ts";
import type { HistoryRow } from "../../backend/simulator/history.ts";
import type { LogRow } from "../support/house.ts";

export type AuditedProperty = {
  recordId: string;
  property: Property;
  mode: "append" | "append_if_changed" | "overwrite" | "keep_human_edits" | "never_overwrite";
  /** What was asked, oldest first; append: the entries, overwrite: the values. */
  asked: string[];
  /** What stands in the CRM at the end. */
  final: string | null;
};

/** @returns what is wrong, in words; empty = all is well */
export function audit(properties: AuditedProperty[], history: HistoryRow[], log: LogRow[]): string[] {
  return properties.flatMap((one) => {
    const place = `${one.recordId}.${one.property.name} (${one.mode})`;
    const changes = history.filter((row) => row.id === one.recordId && row.property === one.property.name);
    const rows = log.filter((row) => row.crm_record_id === one.recordId && row.crm_property_name === one.property.name);
    return [...auditValue(one, changes), ...auditLog(one, changes, rows)].map((fault) => `${place}: ${fault}`);
  });
}

function auditValue(one: AuditedProperty, changes: HistoryRow[]): string[] {
  const faults: string[] = [];
  const last = one.asked.at(-1) ?? null;
  const peopleAfter =
    changes.findLastIndex((row) => row.by === "person") > changes.findLastIndex((row) => row.by === "api");
  if (one.mode === "append" || one.mode === "append_if_changed") {
    for (const entry of one.asked) {
      const seen = countIn(one.final, entry);
      if (seen !== 1) faults.push(`entry "${entry}" stands ${seen} times, not once`);
      for (const row of changes)
        if (countIn(row.value, entry) > 1) faults.push(`entry "${entry}" was written twice at ${row.n}`);
    }
    for (const row of changes) {
      // Everything a person typed stands to the end.
      const typed = row.by === "person" ? /note \d+/.exec(row.value ?? "")?.[0] : undefined;
      if (typed && !one.final?.includes(typed)) faults.push(`a person's "${typed}" was lost`);
    }
  }
  if (one.mode === "overwrite" && !peopleAfter && canonical(one.final, one.property) !== last) {
    faults.push(`holds "${one.final}", not "${last}"`);
  }
  if (one.mode === "keep_human_edits" && changes.some((row) => row.by === "person")) {
    const edit = changes.findLast((row) => row.by === "person");
    const before = changes.filter((row) => row.n < edit!.n && row.by === "api").at(-1);
    const differs = canonical(edit!.value, one.property) !== canonical(before?.value ?? null, one.property);
    const after = changes.filter(
      (row) =>
        row.n > edit!.n &&
        row.by === "api" &&
        canonical(row.value, one.property) !== canonical(edit!.value, one.property),
    );
    if (differs && after.length > 0) faults.push(`a person's edit was replaced by "${after[0]!.value}"`);
  }
  return faults;
}

/** Each value that reached the CRM has a log row that says so, and each success in the log reached the CRM. */
function auditLog(one: AuditedProperty, changes: HistoryRow[], rows: LogRow[]): string[] {
  const faults: string[] = [];
  const reached = new Set(changes.filter((row) => row.by === "api").map((row) => canonical(row.value, one.property)));
  const claimed = rows.filter((row) => row.status === "success");
  const admitted = rows.filter((row) => row.status === "success" || row.error_code === "outcome_unknown");
  for (const row of claimed) {
    const value = canonical(row.value_written, one.property);
    const typedByPerson = changes.some(
      (change) => change.by === "person" && canonical(change.value, one.property) === value,
    );
    if (!reached.has(value) && !typedByPerson)
      faults.push(`the log claims "${row.value_written}", the CRM never got it`);
  }
  for (const value of reached) {
    if (!admitted.some((row) => canonical(row.value_written, one.property) === value)) {
      faults.push(`the CRM got "${value}", the log does not know`);
    }
  }
  if (rows.some((row) => row.status === "pending")) faults.push("a log row is still pending");
  const perValue = Map.groupBy(claimed, (row) => canonical(row.value_written, one.property));
  for (const [value, same] of perValue) {
    const people = changes.filter((row) => row.by === "person").length;
    // A value may be asked for again after another one; an appended text never comes back.
    const asked = one.asked.filter((wanted) => wanted === value).length;
    if (same.length > Math.max(1, asked) + people) faults.push(`"${value}" is in the log ${same.length} times`);
  }
  return faults;
}

function countIn(text: string | null, part: string): number {
  return text === null ? 0 : text.split(part).length - 1;
}
