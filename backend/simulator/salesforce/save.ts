/** Insert, update, delete and merge of one row, with everything Salesforce refuses. */
import { derive, noteHistory } from "./derive.ts";
import type { SimField, SimObject } from "./field.ts";
import { looksLikeId } from "./ids.ts";
import { ApiError, nextId, now, type Org, place, type Row, remember, rowOf, saveError, tableOf } from "./org.ts";
import { refuseRow } from "./refusals.ts";
import { normalise, type SaveError } from "./values.ts";

export type Saved = { id: string; success: true; errors: [] } | { success: false; errors: SaveError[]; id?: undefined };
/** `request` tells writers apart: a row an account lock holds is refused to another request. */
export type Writer = { by: "api" | "person"; request: object };

/** @throws ApiError INVALID_FIELD (the whole call) for a field that does not exist or that the user may not see */
export function insertRow(org: Org, object: SimObject, values: Record<string, unknown>, writer: Writer): Saved {
  const read = readValues(object, values, writer, "insert");
  if ("errors" in read) return failed(...read.errors);
  const missing = [...object.fields.values()].filter(
    (field) => field.required && (read.row[field.name] ?? null) === null,
  );
  if (missing.length > 0) {
    const names = missing.map((field) => field.name);
    return failed(saveError("REQUIRED_FIELD_MISSING", `Required fields are missing: [${names.join(", ")}]`, names));
  }
  const id = nextId(org, object.name);
  const at = now(org);
  const blank = Object.fromEntries(
    [...object.fields.values()].map((field) => [field.name, field.type === "boolean" ? false : null]),
  );
  const row: Row = {
    ...blank,
    ...read.row,
    Id: id,
    IsDeleted: false,
    CreatedDate: at,
    LastModifiedDate: at,
    SystemModstamp: at,
    CreatedById: authorOf(org, writer),
    LastModifiedById: authorOf(org, writer),
  };
  if (object.fields.has("ownerid") && row["OwnerId"] === null) row["OwnerId"] = org.userId;
  return finish(org, object, row, read.row, writer, null);
}

/** Same refusals; a row that is gone answers ENTITY_IS_DELETED, one that never was INVALID_CROSS_REFERENCE_KEY. */
export function updateRow(
  org: Org,
  object: SimObject,
  id: unknown,
  values: Record<string, unknown>,
  writer: Writer,
): Saved {
  const read = readValues(object, values, writer, "update");
  if (!looksLikeId(id))
    return failed(saveError("MALFORMED_ID", `${object.name} ID: id value of incorrect type: ${String(id)}`, ["Id"]));
  const before = rowOf(org, object.name, id);
  if (!before) return failed(saveError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"));
  if (before["IsDeleted"] === true) return failed(saveError("ENTITY_IS_DELETED", "entity is deleted"));
  if ("errors" in read) return failed(...read.errors);
  const at = now(org);
  const stamps = { LastModifiedDate: at, SystemModstamp: at, LastModifiedById: authorOf(org, writer) };
  const row: Row = { ...before, ...read.row, ...stamps };
  return finish(org, object, row, read.row, writer, before);
}

export function deleteRow(org: Org, object: SimObject, id: unknown): Saved {
  const row = rowOf(org, object.name, id);
  if (!row) return failed(saveError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"));
  if (row["IsDeleted"] === true) return failed(saveError("ENTITY_IS_DELETED", "entity is deleted"));
  const at = now(org);
  place(org, object.name, { ...row, IsDeleted: true, LastModifiedDate: at, SystemModstamp: at });
  return { id: String(row["Id"]), success: true, errors: [] };
}

/** The loser goes to the recycle bin and names its master; what points at it is moved. */
export function mergeRows(org: Org, object: SimObject, winnerId: string, loserId: string): void {
  const winner = rowOf(org, object.name, winnerId);
  const loser = rowOf(org, object.name, loserId);
  if (!winner || !loser) throw new Error("merge needs two records that exist");
  const at = now(org);
  place(org, object.name, { ...winner, LastModifiedDate: at, SystemModstamp: at });
  const master: Row = object.fields.has("masterrecordid") ? { MasterRecordId: winner["Id"] ?? null } : {};
  place(org, object.name, { ...loser, ...master, IsDeleted: true, LastModifiedDate: at, SystemModstamp: at });
  for (const other of org.objects.values()) {
    const pointing = [...other.fields.values()].filter(
      (field) => field.referenceTo === object.name && field.name !== "MasterRecordId",
    );
    if (pointing.length === 0) continue;
    for (const row of tableOf(org, other.name).values()) {
      const moved = pointing.filter((field) => row[field.name] === loser["Id"]);
      if (moved.length > 0)
        place(org, other.name, {
          ...row,
          ...Object.fromEntries(moved.map((field) => [field.name, winner["Id"] ?? null])),
          SystemModstamp: at,
        });
    }
  }
}

export function failed(...errors: SaveError[]): Saved {
  return { success: false, errors };
}

function readValues(
  object: SimObject,
  values: Record<string, unknown>,
  writer: Writer,
  how: "insert" | "update",
): { row: Row } | { errors: SaveError[] } {
  const row: Row = {};
  const errors: SaveError[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (name === "attributes" || name.toLowerCase() === "id") continue;
    const field = object.fields.get(name.toLowerCase());
    if (!field || (writer.by === "api" && !field.visible)) {
      throw new ApiError(400, "INVALID_FIELD", `No such column '${name}' on sobject of type ${object.name}`);
    }
    if (!mayWrite(field, how, writer)) {
      const words = `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
      errors.push(saveError("INVALID_FIELD_FOR_INSERT_UPDATE", words, [field.name]));
      continue;
    }
    const result = normalise(field, value);
    if ("error" in result) errors.push(result.error);
    else row[field.name] = result.value;
  }
  return errors.length > 0 ? { errors } : { row };
}

function mayWrite(field: SimField, how: "insert" | "update", writer: Writer): boolean {
  if (!field.writable) return false;
  return !field.createOnly || how === "insert" || writer.by === "person";
}

function finish(org: Org, object: SimObject, row: Row, changed: Row, writer: Writer, before: Row | null): Saved {
  derive(org, object, row, before);
  const error =
    (writer.by === "api" ? locked(org, object, row, writer) : null) ?? refuseRow(org, object, row, changed, writer);
  if (error) return failed(error);
  place(org, object.name, row);
  if (object.name === "Opportunity") noteHistory(org, row, before, authorOf(org, writer));
  remember(org, object.name, String(row["Id"]), changed, writer.by);
  if (writer.by === "api") org.counters.recordsWritten += 1;
  return { id: String(row["Id"]), success: true, errors: [] };
}

function locked(org: Org, object: SimObject, row: Row, writer: Writer): SaveError | null {
  const account = object.name === "Account" ? row["Id"] : row["AccountId"];
  for (const id of [row["Id"], account]) {
    const key = String(id).slice(0, 15);
    const left = org.lockedTimes.get(key) ?? 0;
    if (left > 0) {
      org.lockedTimes.set(key, left - 1);
      return lockError(String(row["Id"]));
    }
  }
  if (typeof account !== "string" || org.lockMs <= 0) return null;
  const at = org.clock.now().getTime();
  const held = org.accountLocks.get(account);
  const request = callOf(writer);
  if (held && held.request !== request && held.until > at) return lockError(account);
  org.accountLocks.set(account, { request, until: at + org.lockMs });
  return null;
}

/** The parts of a composite call are one transaction; they share the call's headers. */
function callOf({ request }: Writer): object {
  return "headers" in request ? (request.headers as object) : request;
}

function lockError(id: string): SaveError {
  return saveError("UNABLE_TO_LOCK_ROW", `unable to obtain exclusive access to this record or 1 records: ${id}`);
}

function authorOf(org: Org, writer: Writer): string {
  return writer.by === "api" ? org.userId : org.personId;
}
