/** One value as Salesforce takes it: type checks, limits, and what it turns the value into. Pure. */

import type { SimField } from "./field.ts";
import { looksLikeId, with18 } from "./ids.ts";

export type Stored = string | number | boolean | null;

/** What a row or a call is refused with. */
export type SaveError = { statusCode: string; message: string; fields: string[] } & Record<string, unknown>;

/** A wrong JSON type refuses the whole request, not one row. */
export class JsonTypeError extends Error {}

/** Normalises `value` for `field`, or says why not.
 *  @throws JsonTypeError for JSON of the wrong type */
export function normalise(field: SimField, value: unknown): { value: Stored } | { error: SaveError } {
  if (value === null || value === undefined || value === "") {
    if (field.type === "boolean" && value !== undefined)
      return refuse(field, "INVALID_TYPE_ON_FIELD_IN_RECORD", `${field.label}: value not of required type: null`);
    if (field.required) return refuse(field, "REQUIRED_FIELD_MISSING", `Required fields are missing: [${field.name}]`);
    return { value: null };
  }
  switch (field.type) {
    case "double":
    case "int":
    case "percent":
    case "currency":
      return numeric(field, value);
    case "boolean":
      if (typeof value === "boolean") return { value };
      if (value === "true" || value === "false") return { value: value === "true" };
      throw wrongType("boolean", value);
    case "date":
      return date(field, value);
    case "datetime":
      return datetime(field, value);
    case "reference":
    case "id":
      if (!looksLikeId(value))
        return refuse(field, "MALFORMED_ID", `${field.label}: id value of incorrect type: ${String(value)}`);
      return { value: with18(value) };
    default:
      return text(field, value);
  }
}

/** "2026-11-22T10:00:00.000+0000" */
export function salesforceTime(at: Date): string {
  return at.toISOString().replace("Z", "+0000");
}

function numeric(field: SimField, value: unknown) {
  // Salesforce reads a number given as text.
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  if (typeof value === "string" && (value.trim() === "" || Number.isNaN(number)))
    throw wrongType(field.type === "int" ? "int" : "double", value);
  if (typeof value !== "number" && typeof value !== "string") throw wrongType("double", value);
  const scale = field.type === "int" ? 0 : field.scale;
  const rounded = roundHalfUp(number, scale);
  const digits = field.type === "int" ? 10 : field.precision - scale;
  if (Math.abs(rounded) >= 10 ** digits) {
    return refuse(
      field,
      "NUMBER_OUTSIDE_VALID_RANGE",
      `${field.label}: value outside of valid range on numeric field: ${number}`,
    );
  }
  return { value: rounded };
}

function date(field: SimField, value: unknown) {
  const day = typeof value === "string" ? /^(\d{4}-\d{2}-\d{2})(T.*)?$/.exec(value)?.[1] : undefined;
  if (!day || Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day)
    throw wrongType("date", value, field);
  return { value: day };
}

function datetime(field: SimField, value: unknown) {
  const wellFormed =
    typeof value === "string" && /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(value);
  const at = wellFormed ? new Date(value.replace(/([+-]\d{2})(\d{2})$/, "$1:$2")) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime())) throw wrongType("datetime", value, field);
  // Fields keep whole seconds.
  at.setUTCMilliseconds(0);
  return { value: salesforceTime(at) };
}

function text(field: SimField, value: unknown): { value: Stored } | { error: SaveError } {
  if (typeof value !== "string") throw wrongType("string", value);
  let stored = value.replaceAll("\r\n", "\n").trim();
  if (field.type === "textarea") stored = stored.replaceAll("\n", "\r\n");
  if (field.type === "richtext") stored = tidyMarkup(stored);
  if (stored === "")
    return field.required
      ? refuse(field, "REQUIRED_FIELD_MISSING", `Required fields are missing: [${field.name}]`)
      : { value: null };
  if (field.type === "picklist" && field.restricted && !field.options.includes(stored)) return badOption(field, stored);
  if (field.type === "multipicklist") {
    const bad = stored.split(";").find((option) => field.restricted && !field.options.includes(option));
    if (bad !== undefined) return badOption(field, bad);
  }
  if (field.type === "email" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(stored)) {
    return refuse(field, "INVALID_EMAIL_ADDRESS", `${field.label}: invalid email address: ${stored}`);
  }
  const length = [...stored].length;
  if (length > field.length) {
    return refuse(
      field,
      "STRING_TOO_LONG",
      `${field.label}: data value too large: ${stored.slice(0, 80)} (max length=${field.length})`,
    );
  }
  return { value: stored };
}

/** Rich text comes back tidied: quotes around attributes, `<br>` instead of `<br/>`, scripts gone, line ends removed. */
function tidyMarkup(markup: string): string {
  return markup
    .replace(/<script[\s\S]*?<\/script>/gi, "")
    .replace(/<br\s*\/?>/gi, "<br>")
    .replace(/<(\/?)([A-Z][A-Z0-9]*)/g, (_, slash: string, tag: string) => `<${slash}${tag.toLowerCase()}`)
    .replaceAll("\n", " ")
    .replaceAll("'", "&#39;")
    .replace(/"(?![^<]*>)/g, "&quot;");
}

function roundHalfUp(number: number, scale: number): number {
  const factor = 10 ** scale;
  return (Math.sign(number) * Math.round(Math.abs(number) * factor + 1e-9)) / factor;
}

function badOption(field: SimField, option: string) {
  return refuse(
    field,
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    `${field.label}: bad value for restricted picklist field: ${option}`,
  );
}

function refuse(field: SimField, statusCode: string, message: string): { error: SaveError } {
  return { error: { statusCode, message, fields: [field.name] } };
}

function wrongType(type: string, value: unknown, field?: SimField): JsonTypeError {
  const token =
    typeof value === "number" ? "VALUE_NUMBER" : typeof value === "boolean" ? "VALUE_BOOLEAN" : "VALUE_STRING";
  const where = field ? ` for field ${field.name}` : "";
  return new JsonTypeError(
    `Cannot deserialize instance of ${type} from ${token} value ${String(value).slice(0, 60)}${where}`,
  );
}
