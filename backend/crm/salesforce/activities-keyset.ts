/** Pages of what changed, for objects outside the mirror's three: by (SystemModstamp, Id), so that a page can be read again. */
import { CrmError } from "../errors.ts";
import { isoTime } from "./convert.ts";
import { type Condition, isRecordId, type Query } from "./soql.ts";
import type { QueriedRow } from "./wire.ts";

export const pageSize = 2_000;

// A long transaction is stamped when it began and seen when it is committed: looking back a minute finds it.
const overlapMs = 60_000;

/** @param since UTC ISO; null = from the beginning @param also what must hold besides */
export function changedQuery(
  since: string | null,
  cursor: string | null,
  also: Condition[] = [],
): Pick<Query, "where" | "orderBy" | "limit"> {
  const all = [...(cursor === null ? from(since) : [beyond(cursor)]), ...also];
  return { ...(all.length > 0 ? { where: { all } } : {}), orderBy: ["SystemModstamp", "Id"], limit: pageSize };
}

export function keysetCursor(row: QueriedRow | undefined): string {
  return `${isoTime(String(row?.["SystemModstamp"]))}|${String(row?.["Id"])}`;
}

function from(since: string | null): Condition[] {
  if (since === null) return [];
  const at = Date.parse(since);
  if (Number.isNaN(at)) throw new CrmError("unexpected", "The time to look back to is not a UTC ISO time.");
  return [{ field: "SystemModstamp", op: ">=", value: { datetime: new Date(at - overlapMs).toISOString() } }];
}

function beyond(cursor: string): Condition {
  const [at = "", id = ""] = cursor.split("|");
  if (Number.isNaN(Date.parse(at)) || !isRecordId(id)) {
    throw new CrmError("unexpected", "The listing's cursor is not one of ours; start the listing again.");
  }
  const same: Condition[] = [
    { field: "SystemModstamp", op: "=", value: { datetime: at } },
    { field: "Id", op: ">", value: { id } },
  ];
  return { any: [{ field: "SystemModstamp", op: ">", value: { datetime: at } }, { all: same }] };
}
