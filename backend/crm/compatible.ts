/**
 * What a value looks like in a CRM property: whether a field fits a property at all, whether a value fits it, the form
 * that is sent, and the canonical form in which two values are compared. The form sent is the canonical form, so that
 * "equal" and "would write the same" are one thing. Pure.
 */
import { htmlToText, normaliseHtml, textToHtml } from "./markup.ts";
import type { Property, PropertyType } from "./port.ts";

/** Pandora's own value types (skills/fields.ts). */
export type ValueType = "number" | "text" | "long_text" | "datetime";

const fits: Record<ValueType, PropertyType[]> = {
  number: ["number", "currency", "text", "textarea", "rich_text", "enum"],
  text: ["text", "textarea", "rich_text", "enum"],
  long_text: ["textarea", "rich_text", "text"],
  datetime: ["datetime", "date", "text", "textarea"],
};

/** Whether a Pandora value type can go into a property type; the message names what would do. */
export function compatibility(
  valueType: ValueType,
  property: Pick<Property, "type" | "label">,
): { ok: true } | { ok: false; message: string; allowed: string[] } {
  const allowed = fits[valueType];
  if (allowed.includes(property.type)) return { ok: true };
  return {
    ok: false,
    allowed,
    message: `A ${valueType.replace("_", " ")} value can't go into "${property.label}", which is a ${property.type} property. Choose a property of type ${allowed.join(", ")}.`,
  };
}

/** True for types that hold free text, the only ones that can be appended to. */
export function isTextual(type: PropertyType): boolean {
  return type === "text" || type === "textarea" || type === "rich_text";
}

/** Null, empty or white space; in rich text: no visible text. `0` and `false` are not blank. */
export function isBlank(value: string | null, type: PropertyType): boolean {
  if (value === null) return true;
  return (type === "rich_text" ? htmlToText(value) : value).trim() === "";
}

/**
 * The one spelling of a value for this property, which is also what is sent.
 * @param value as the CRM returned it, or as it is meant to be sent; null and blank are both null
 */
export function canonical(value: string | null, property: Pick<Property, "type" | "scale">): string | null {
  if (isBlank(value, property.type)) return null;
  const text = value as string;
  switch (property.type) {
    case "number":
    case "currency":
      return canonicalNumber(text, property.scale);
    case "boolean":
      return text.trim().toLowerCase();
    case "date":
      return canonicalDate(text);
    case "datetime":
      return canonicalDatetime(text);
    case "multi_enum":
      return (
        text
          .split(";")
          .map((option) => option.trim())
          .filter(Boolean)
          .sort()
          .join(";") || null
      );
    case "enum":
      return text.trim();
    case "rich_text":
      return normaliseHtml(text);
    case "text":
    case "textarea":
      return canonicalText(text);
    default:
      return property.type satisfies never;
  }
}

/** Plain text in the markup the property wants: escaped and with line breaks as markup in rich text. */
export function asPropertyText(text: string, type: PropertyType): string {
  return type === "rich_text" ? textToHtml(text) : text;
}

/**
 * Why the property can't take this value, or null. Asked before any call: a refused call counts against us.
 * @param wire canonical form
 */
export function misfit(wire: string | null, property: Property): string | null {
  if (!property.writable) return property.readOnlyReason ?? `"${property.label}" is read-only in the CRM.`;
  if (wire === null) return null;
  const { label, lengthMax } = property;
  switch (property.type) {
    case "number":
    case "currency": {
      if (!/^-?\d+(\.\d+)?$/.test(wire)) return `"${label}" takes numbers only.`;
      const digits = wire.replace("-", "").split(".")[0]!.length;
      if (property.precision !== null && digits > property.precision) {
        return `"${label}" takes at most ${property.precision} digits before the point.`;
      }
      return null;
    }
    case "boolean":
      return wire === "true" || wire === "false" ? null : `"${label}" takes true or false only.`;
    case "date":
      return isDay(wire) ? null : `"${label}" takes a date only.`;
    case "datetime":
      return /^\d{4}-.*T.*Z$/.test(wire) ? null : `"${label}" takes a date and time only.`;
    case "enum":
    case "multi_enum": {
      if (!property.restricted) return null;
      const allowed = new Set(property.options.filter((option) => option.active).map((option) => option.value));
      const strange = wire.split(property.type === "multi_enum" ? ";" : "\u0000").filter((part) => !allowed.has(part));
      return strange.length === 0 ? null : `"${label}" has no option "${strange[0]}".`;
    }
    case "text":
    case "textarea":
    case "rich_text":
      return lengthMax !== null && wire.length > lengthMax
        ? `"${label}" takes at most ${lengthMax} characters, the value has ${wire.length}.`
        : null;
    default:
      return property.type satisfies never;
  }
}

/** A day the calendar has: not 31 February. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function canonicalNumber(text: string, scale: number | null): string {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === "" || !Number.isFinite(value)) return trimmed;
  // Digits beyond what a double holds are kept as they are spelt.
  if (scale === null && !/e/i.test(trimmed) && trimmed.replace(/\D/g, "").length > 15) return plainDecimal(trimmed);
  const rounded = scale === null ? value : roundHalfAwayFromZero(value, scale);
  return plainDecimal(/e/i.test(String(rounded)) ? rounded.toFixed(Math.min(20, scale ?? 20)) : String(rounded));
}

/** 0.1 + 0.2 style noise aside: 1.005 at scale 2 is 1.01, as both CRMs round. */
export function roundHalfAwayFromZero(value: number, scale: number): number {
  // Small numbers are spelt with an exponent of their own: 6e-7.
  const [mantissa, exponent = "0"] = String(Math.abs(value)).split("e");
  const shifted = Number(`${mantissa}e${Number(exponent) + scale}`);
  // Beyond that a double has no decimals left to round.
  if (!(shifted <= Number.MAX_SAFE_INTEGER)) return value;
  return Math.sign(value) * Number(`${Math.round(shifted)}e-${scale}`);
}

function plainDecimal(text: string): string {
  const match = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction] = match;
  const digits = fraction ? `${whole}.${fraction}` : whole!;
  return sign === "-" && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

function canonicalDate(text: string): string {
  const trimmed = text.trim();
  if (/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return trimmed.slice(0, 10);
  // HubSpot's older spelling: midnight UTC in ms.
  return epochIso(trimmed)?.slice(0, 10) ?? trimmed;
}

function canonicalDatetime(text: string): string {
  const trimmed = text.trim();
  const epoch = epochIso(trimmed);
  if (epoch) return epoch;
  // Date.parse alone reads a date out of almost anything ("Call 5"), in the server's own zone.
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(trimmed);
  if (!match) return trimmed;
  const [, day, time = "00:00", zone = "Z"] = match;
  // Salesforce writes its zone without a colon: +0000.
  const parsed = Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`);
  // Whole seconds: Salesforce keeps no more, and would seem to have been changed by someone.
  return Number.isNaN(parsed) ? trimmed : new Date(Math.floor(parsed / 1000) * 1000).toISOString();
}

/** Milliseconds since 1970 as an instant; null when it is none, or one no calendar has. */
function epochIso(text: string): string | null {
  if (!/^-?\d{10,}$/.test(text)) return null;
  const at = new Date(Number(text));
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function canonicalText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}
