/** How vendors spell texts, addresses, moments, lengths and ids, read into one form each. Pure; unreadable is null. */

/** Longest texts we keep; far beyond what a title or a name needs, so that one source can't fill the database. */
const shortMax = 500;
const longMax = 1_000_000;

/** One line, trimmed, without characters PostgreSQL can't hold; null when nothing is left. */
export function lineOf(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : text.replace(/\s+/g, " ").slice(0, shortMax).toWellFormed().trim() || null;
}

/** Several lines; the same care. */
export function textOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value.replaceAll("\u0000", "").toWellFormed().trim();
  return text === "" ? null : text.slice(0, longMax).toWellFormed();
}

/** Lower case, trimmed, plus-addressing kept. What holds no address ("None", a name, blanks) is null. */
export function addressOf(value: unknown): string | null {
  const text = lineOf(value)?.toLowerCase();
  if (!text) return null;
  // "Ada <ada@acme.test>" and "mailto:ada@acme.test" are written by calendars.
  const bare = /<([^<>]+)>\s*$/.exec(text)?.[1]?.trim() ?? text.replace(/^mailto:/, "");
  return /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+\.[^\s@<>"(),;:]+$/.test(bare) && bare.length <= 254 ? bare : null;
}

/** Digits with a leading +, as far as it was given; null below five digits. */
export function phoneOf(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : lineOf(value);
  if (!text) return null;
  const digits = text.replace(/(ext|x|#).*$/i, "").replace(/[^\d+]/g, "");
  return /^\+?\d{5,15}$/.test(digits) ? digits : null;
}

/** An id as text. A number too large for JavaScript has lost digits already, and is no id any more. */
export function idOf(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  const text = lineOf(value);
  return text !== null && text.length <= 300 ? text : null;
}

/**
 * A moment as UTC ISO: ISO text with or without an offset (none means UTC), with any number of fractional digits; or
 * a count since 1970, in seconds or milliseconds, as a number or in digits. Null outside 1990 to 2100.
 */
export function momentOf(value: unknown): string | null {
  const at = typeof value === "number" ? sinceEpoch(value) : typeof value === "string" ? written(value.trim()) : null;
  if (at === null || !(at >= Date.UTC(1990, 0) && at < Date.UTC(2100, 0))) return null;
  return new Date(at).toISOString();
}

/** Minutes of a length in the given unit; null for what is no length, and beyond a week. */
export function minutesOf(value: unknown, unit: "ms" | "s" | "min"): number | null {
  const count = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof count !== "number" || !Number.isFinite(count) || count < 0) return null;
  const minutes = Math.round((count / perMinute[unit]) * 1000) / 1000;
  return minutes <= 7 * 24 * 60 ? minutes : null;
}

/** Minutes between two moments; null when one is missing or they stand the wrong way round. */
export function minutesBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  return minutesOf(Date.parse(to) - Date.parse(from), "ms");
}

/** An address people can open: http or https only. */
export function urlOf(value: unknown): string | null {
  const text = lineOf(value);
  if (text === null || !URL.canParse(text)) return null;
  return /^https?:$/.test(new URL(text).protocol) ? text : null;
}

const perMinute = { ms: 60_000, s: 60, min: 1 };

/** The year 1973 in milliseconds is the year 5138 in seconds: no conversation is near either. */
function sinceEpoch(count: number): number {
  return Math.abs(count) < 1e11 ? count * 1000 : count;
}

function written(text: string): number | null {
  if (/^\d{9,13}(\.\d+)?$/.test(text)) return sinceEpoch(Number(text));
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text);
  if (!parts) return null;
  const [, day, minute = "00:00", second = ":00", fraction = "0", zone = "Z"] = parts;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2").toUpperCase();
  const at = Date.parse(`${day}T${minute}${second}.${fraction.slice(0, 3).padEnd(3, "0")}${offset}`);
  return Number.isNaN(at) ? null : at;
}
