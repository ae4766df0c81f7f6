/** What describe answers for the connected user: fields without field-level security are left out. */
import type { Reply } from "../http.ts";
import type { SimField } from "./field.ts";
import { type Org, objectNamed, tableOf } from "./org.ts";

/** 304 when nothing about the object changed since `If-Modified-Since`. */
export function describeObject(org: Org, name: string, ifModifiedSince: string | undefined): Reply {
  const object = objectNamed(org, name);
  const headers = { "last-modified": new Date(object.describedAt).toUTCString() };
  const since = ifModifiedSince ? Date.parse(ifModifiedSince) : Number.NaN;
  if (since >= Math.floor(object.describedAt / 1000) * 1000) return { status: 304, headers };
  const fields = [...object.fields.values()].filter((field) => field.visible).map(describeField);
  return {
    status: 200,
    headers,
    body: {
      name: object.name,
      label: object.name,
      createable: true,
      updateable: true,
      queryable: true,
      fields,
      recordTypeInfos: recordTypesOf(org, object.name),
    },
  };
}

/** The master type stands for "none"; the first of the org's own is the user's default. */
function recordTypesOf(org: Org, object: string): object[] {
  const own = [...tableOf(org, "RecordType").values()].filter((row) => row["SobjectType"] === object);
  return [
    ...own.map((row, at) => ({
      recordTypeId: row["Id"],
      name: row["Name"],
      developerName: row["DeveloperName"],
      active: row["IsActive"],
      available: row["IsActive"],
      master: false,
      defaultRecordTypeMapping: at === 0,
    })),
    {
      recordTypeId: "012000000000000AAA",
      name: "Master",
      developerName: "Master",
      active: true,
      available: true,
      master: true,
      defaultRecordTypeMapping: own.length === 0,
    },
  ];
}

function describeField(field: SimField) {
  const rich = field.type === "richtext";
  const long = field.type === "textarea" && field.length > 255;
  return {
    name: field.name,
    label: field.label,
    type: rich ? "textarea" : field.type,
    extraTypeInfo: rich ? "richtextarea" : long ? "plaintextarea" : null,
    htmlFormatted: rich,
    length: field.length,
    precision: field.precision,
    scale: field.scale,
    digits: field.type === "int" ? 10 : 0,
    custom: field.custom,
    createable: field.writable,
    updateable: field.writable && !field.createOnly,
    nillable: !field.required && field.type !== "boolean",
    calculated: field.calculated,
    autoNumber: false,
    filterable: field.filterable,
    unique: field.unique,
    externalId: field.unique,
    restrictedPicklist: field.restricted,
    deprecatedAndHidden: false,
    defaultedOnCreate: field.type === "boolean" || field.name === "OwnerId",
    inlineHelpText: field.helpText,
    referenceTo: field.referenceTo ? [field.referenceTo] : [],
    relationshipName: field.referenceTo ? field.name.replace(/Id$/, "").replace(/__c$/, "__r") : null,
    picklistValues: field.options.map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: false,
      validFor: null,
    })),
  };
}
