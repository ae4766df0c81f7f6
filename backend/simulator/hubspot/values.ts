/** How the portal reads a value: normalised, or refused in HubSpot's own words. Pure. */
import type { HsProperty } from "./catalogue.ts";

/** One entry of the JSON that HubSpot embeds in "Property values were not valid: [...]". */
export type ValueError = {
  isValid: false;
  message: string;
  error: string;
  name: string;
  localizedErrorMessage: string;
  portalId: number;
};

export type CheckedValue = { ok: true; value: string } | { ok: false; code: string; message: string };

/** Text longer than this is refused. */
export const textLengthMax = 65_536;

/**
 * @param raw "" clears
 * @param owners ids that an owner property may take
 * @returns the value as the portal will show it; blanks around numbers, dates and options are refused, as HubSpot does
 */
export function checkValue(property: HsProperty, raw: string, owners: ReadonlySet<string>): CheckedValue {
  if (raw === "") return { ok: true, value: "" };
  if (property.name === "email") return checkEmail(raw);
  if (property.name === "domain") return { ok: true, value: raw.trim().toLowerCase() };
  switch (property.type) {
    case "number":
      return checkNumber(raw);
    case "date":
      return checkDate(raw);
    case "datetime":
      return checkDatetime(raw);
    case "bool":
      return checkOption(property, raw.toLowerCase());
    case "enumeration":
      return property.externalOptions ? checkOwners(property, raw, owners) : checkOption(property, raw);
    default:
      if (raw.length > textLengthMax) {
        return refuse("PROPERTY_VALUE_TOO_LONG", `The value is longer than ${textLengthMax} characters.`);
      }
      return { ok: true, value: property.fieldType === "html" ? sanitise(raw) : raw };
  }
}

/** The editor wraps rich text that a person typed. */
export function asEdited(property: HsProperty, value: string): string {
  if (property.fieldType !== "html" || value === "" || value.startsWith("<div style=")) return value;
  return `<div style="" dir="auto" data-top-level="true">${value}</div>`;
}

/** "2026-11-22T00:00:00Z": HubSpot drops empty milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

function checkNumber(raw: string): CheckedValue {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(raw))
    return refuse("INVALID_LONG", `${raw} was not a valid long.`);
  const plain = /[eE]/.test(raw) ? String(Number(raw)) : raw;
  const sign = plain.startsWith("-") ? "-" : "";
  const [whole = "", decimals = ""] = plain.replace(/^[+-]/, "").split(".");
  const kept = decimals.replace(/0+$/, "");
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const value = kept ? `${digits}.${kept}` : digits;
  return { ok: true, value: value === "0" ? "0" : sign + value };
}

function checkDate(raw: string): CheckedValue {
  const ms = timeOf(raw);
  if (ms === null) return refuse("INVALID_DATE", `${raw} was not a valid date.`);
  if (ms % 86_400_000 !== 0) return refuse("INVALID_DATE", `${raw} is not midnight UTC.`);
  return { ok: true, value: new Date(ms).toISOString().slice(0, 10) };
}

function checkDatetime(raw: string): CheckedValue {
  const ms = timeOf(raw);
  return ms === null ? refuse("INVALID_LONG", `${raw} was not a valid long.`) : { ok: true, value: isoTime(ms) };
}

/** Epoch ms, a day, or an ISO time with a zone; anything else is null. */
export function timeOf(raw: string): number | null {
  if (/^-?\d{5,}$/.test(raw)) return Number(raw);
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(raw)) return null;
  const ms = Date.parse(raw);
  // Date.parse turns 30 February into 2 March; HubSpot refuses it.
  if (Number.isNaN(ms) || (raw.length === 10 && new Date(ms).toISOString().slice(0, 10) !== raw)) return null;
  return ms;
}

function checkOption(property: HsProperty, raw: string): CheckedValue {
  const known = new Set(property.options.map((option) => option.value));
  const chosen = property.fieldType === "checkbox" ? raw.split(";").filter((each) => each !== "") : [raw];
  const unknown = chosen.find((each) => !known.has(each));
  if (unknown !== undefined) {
    const allowed = property.options.map((option) => `label: "${option.label}"\nvalue: "${option.value}"`).join(", ");
    return refuse("INVALID_OPTION", `${unknown} was not one of the allowed options: [${allowed}]`);
  }
  return { ok: true, value: chosen.join(";") };
}

function checkOwners(property: HsProperty, raw: string, owners: ReadonlySet<string>): CheckedValue {
  const chosen = property.fieldType === "checkbox" ? raw.split(";") : [raw];
  const unknown = chosen.find((each) => !owners.has(each));
  return unknown === undefined
    ? { ok: true, value: raw }
    : refuse("INVALID_OWNER_ID", `${unknown} was not a valid owner ID.`);
}

function checkEmail(raw: string): CheckedValue {
  const email = raw.trim().toLowerCase();
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
    ? { ok: true, value: email }
    : refuse("INVALID_EMAIL", `Email address ${raw} is invalid`);
}

/** Scripts and handlers never survive. */
function sanitise(html: string): string {
  return html
    .replace(/<(script|style|iframe)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
}

function refuse(code: string, message: string): CheckedValue {
  return { ok: false, code, message };
}
