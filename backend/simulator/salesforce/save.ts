/** Insert, update, delete and merge of one row, with everything Salesforce refuses. */
import { looksLikeId, with18 } from "./ids.ts";
import { ApiError, nextId, now, type Org, place, type Row, remember, rowOf, saveError, tableOf } from "./org.ts";
import type { SimField, SimObject } from "./schema.ts";
import { normalise, type SaveError, type Stored } from "./values.ts";

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
  const row: Row = { ...before, ...read.row, LastModifiedDate: at, SystemModstamp: at };
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
    (writer.by === "api" ? locked(org, object, row, writer) : null) ??
    danglingReference(org, object, changed) ??
    notUnique(org, object, row, changed) ??
    ruleBroken(org, object, row);
  if (error) return failed(error);
  place(org, object.name, row);
  remember(org, object.name, String(row["Id"]), changed, writer.by);
  if (writer.by === "api") org.counters.recordsWritten += 1;
  return { id: String(row["Id"]), success: true, errors: [] };
}

/** Formula and system fields. */
function derive(org: Org, object: SimObject, row: Row, before: Row | null): void {
  if (object.name === "Contact" || object.name === "Lead") {
    row["Name"] = [row["FirstName"], row["LastName"]].filter(Boolean).join(" ");
  }
  if (object.name !== "Opportunity") return;
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
  if (held && held.request !== writer.request && held.until > at) return lockError(account);
  org.accountLocks.set(account, { request: writer.request, until: at + org.lockMs });
  return null;
}

function lockError(id: string): SaveError {
  return saveError("UNABLE_TO_LOCK_ROW", `unable to obtain exclusive access to this record or 1 records: ${id}`);
}

function danglingReference(org: Org, object: SimObject, changed: Row): SaveError | null {
  for (const field of object.fields.values()) {
    const value = changed[field.name];
    if (!field.referenceTo || typeof value !== "string") continue;
    const target = rowOf(org, field.referenceTo, value);
    if (!target)
      return saveError(
        "INVALID_CROSS_REFERENCE_KEY",
        `${field.label}: id value of incorrect type or not found: ${value}`,
        [field.name],
      );
    if (target["IsDeleted"] === true) return saveError("ENTITY_IS_DELETED", "entity is deleted", [field.name]);
  }
  return null;
}

function notUnique(org: Org, object: SimObject, row: Row, changed: Row): SaveError | null {
  for (const field of object.fields.values()) {
    const value = changed[field.name];
    if (!field.unique || value === null || value === undefined) continue;
    const other = find(org, object, field.name, value);
    if (!other || other["Id"] === row["Id"]) continue;
    const words = `duplicate value found: ${field.name} duplicates value on record with id: ${String(other["Id"])}`;
    return saveError("DUPLICATE_VALUE", words);
  }
  // The standard duplicate rule: a contact's address is taken.
  if (object.name === "Contact" && typeof changed["Email"] === "string") {
    const other = find(org, object, "Email", changed["Email"]);
    if (other && other["Id"] !== row["Id"]) return duplicateDetected(String(other["Id"]));
  }
  return null;
}

function find(org: Org, object: SimObject, name: string, value: Stored): Row | undefined {
  for (const row of tableOf(org, object.name).values()) {
    if (row["IsDeleted"] !== true && row[name] === value) return row;
  }
  return undefined;
}

function duplicateDetected(id: string): SaveError {
  const matchRecords = [
    {
      additionalInformation: [],
      fieldDiffs: [],
      matchConfidence: 100,
      record: { attributes: { type: "Contact" }, Id: with18(id) },
    },
  ];
  return {
    ...saveError("DUPLICATES_DETECTED", "Use one of these records?"),
    duplicateResult: {
      allowSave: true,
      duplicateRule: "Standard_Contact_Duplicate_Rule",
      matchResults: [{ entityType: "Contact", success: true, matchRecords }],
    },
  };
}

function ruleBroken(org: Org, object: SimObject, row: Row): SaveError | null {
  const rule = org.rules.find((each) => each.object === object.name && each.refuses(row));
  return rule ? saveError("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, [rule.field]) : null;
}
