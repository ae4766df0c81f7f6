/** What Salesforce refuses about a row whose values are fine one by one. */

import type { SimObject } from "./field.ts";
import { looksLikeId, with18 } from "./ids.ts";
import { type Org, type Row, rowOf, saveError, tableOf } from "./org.ts";
import type { Writer } from "./save.ts";
import type { SaveError, Stored } from "./values.ts";

/** The first refusal; null = the row may be stored. @param changed what is written now */
export function refuseRow(org: Org, object: SimObject, row: Row, changed: Row, writer: Writer): SaveError | null {
  return (
    danglingReference(org, object, changed) ??
    inactiveOwner(org, object, changed) ??
    stageRefused(org, object, row, changed) ??
    notUnique(org, object, row, changed) ??
    duplicate(org, object, row, changed, writer) ??
    ruleBroken(org, object, row)
  );
}

function danglingReference(org: Org, object: SimObject, changed: Row): SaveError | null {
  for (const field of object.fields.values()) {
    const value = changed[field.name];
    if (typeof value !== "string") continue;
    // What an activity is about may be any object.
    const open = field.name === "WhatId" || field.name === "WhoId";
    if (!field.referenceTo && !open) continue;
    const target = field.referenceTo ? rowOf(org, field.referenceTo, value) : anyRow(org, value);
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

function anyRow(org: Org, id: string): Row | undefined {
  if (!looksLikeId(id)) return undefined;
  for (const table of org.tables.values()) {
    const row = table.get(id.slice(0, 15));
    if (row) return row;
  }
  return undefined;
}

/** Accounts, tasks and events may go to somebody who left, these may not. */
const needActiveOwner = new Set(["Opportunity", "Contact", "Lead"]);

function inactiveOwner(org: Org, object: SimObject, changed: Row): SaveError | null {
  if (!needActiveOwner.has(object.name) || typeof changed["OwnerId"] !== "string") return null;
  if (rowOf(org, "User", changed["OwnerId"])?.["IsActive"] === true) return null;
  const user = changed["OwnerId"].slice(0, 15);
  return saveError(
    "INACTIVE_OWNER_OR_USER",
    `operation performed with inactive user [${user}] as owner of ${object.name.toLowerCase()}`,
  );
}

/** A record type allows some of the stages. */
function stageRefused(org: Org, object: SimObject, row: Row, changed: Row): SaveError | null {
  if (object.name !== "Opportunity" || typeof changed["StageName"] !== "string") return null;
  const allowed =
    org.recordTypeStages.get(String(row["RecordTypeId"])) ?? object.fields.get("stagename")?.options ?? [];
  if (allowed.includes(changed["StageName"])) return null;
  return saveError(
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    `Stage: bad value for restricted picklist field: ${changed["StageName"]}`,
    ["StageName"],
  );
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
  return null;
}

function duplicate(org: Org, object: SimObject, row: Row, changed: Row, writer: Writer): SaveError | null {
  for (const rule of org.duplicateRules) {
    const value = changed[rule.field];
    if (rule.object !== object.name || typeof value !== "string") continue;
    const other = find(org, object, rule.field, value);
    if (!other || other["Id"] === row["Id"] || (!rule.blocks && allowsSave(writer))) continue;
    return duplicateDetected(object.name, String(other["Id"]), !rule.blocks);
  }
  return null;
}

/** Sforce-Duplicate-Rule-Header: allowSave=true */
function allowsSave({ request }: Writer): boolean {
  const headers = "headers" in request ? (request.headers as Record<string, unknown>) : {};
  return /allowSave=true/i.test(String(headers["sforce-duplicate-rule-header"] ?? ""));
}

function find(org: Org, object: SimObject, name: string, value: Stored): Row | undefined {
  for (const row of tableOf(org, object.name).values()) {
    if (row["IsDeleted"] !== true && row[name] === value) return row;
  }
  return undefined;
}

function duplicateDetected(type: string, id: string, allowSave: boolean): SaveError {
  const matchRecords = [
    {
      additionalInformation: [],
      fieldDiffs: [],
      matchConfidence: 100,
      record: { attributes: { type }, Id: with18(id) },
    },
  ];
  return {
    ...saveError("DUPLICATES_DETECTED", "Use one of these records?"),
    duplicateResult: {
      allowSave,
      duplicateRule: `Standard_${type}_Duplicate_Rule`,
      matchResults: [{ entityType: type, success: true, matchRecords }],
    },
  };
}

function ruleBroken(org: Org, object: SimObject, row: Row): SaveError | null {
  const rule = org.rules.find((each) => each.object === object.name && each.refuses(row));
  return rule ? saveError("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, [rule.field]) : null;
}
