/** The text of an appended entry: the value and its date stamp (DESIGN 3.1 step 4). Pure. */

export type TimestampFormat = "prefix" | "suffix" | "none";

/**
 * `[Feb 21, 2026] value`, `value (Feb 21, 2026)` or `value`, in en-US.
 * @param now UTC; the stamp is the day in the workspace's zone
 */
export function formatEntry(value: string, format: TimestampFormat, now: Date, timeZone: string): string {
  if (format === "none") return value;
  const day = stampFormatter(timeZone).format(now);
  return format === "prefix" ? `[${day}] ${value}` : `${value} (${day})`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function stampFormatter(timeZone: string): Intl.DateTimeFormat {
  let made = formatters.get(timeZone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-US", { timeZone, month: "short", day: "numeric", year: "numeric" });
    formatters.set(timeZone, made);
  }
  return made;
}
