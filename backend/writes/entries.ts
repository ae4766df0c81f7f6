/**
 * The entries of an appended property: split at the separator, matched in canonical form, trimmed and removed
 * without touching what a person wrote. Pure.
 */
import { canonical } from "../crm/compatible.ts";
import { textToHtml } from "../crm/markup.ts";
import type { PropertyType } from "../crm/port.ts";
import type { Entry } from "./planned.ts";

type TextType = { type: PropertyType };

/** The separator as it stands in the property. */
export function separatorIn(separator: string, type: PropertyType): string {
  const text = separator.replace(/\r\n?/g, "\n").replace(/[^\S\n]+\n/g, "\n");
  return type === "rich_text" ? textToHtml(text) : text;
}

/**
 * Existing text + separator + entry. Keeps `maxEntries` and the property's length by dropping the oldest entries of
 * ours that still stand unchanged; an edited one has become the person's and is never dropped.
 * @param current what the CRM holds; blank = nothing
 * @returns null when it does not fit even so
 */
export function appendEntry(given: {
  current: string | null;
  ours: Entry[];
  entry: Entry;
  separator: string;
  maxEntries: number | null;
  lengthMax: number | null;
  type: PropertyType;
}): { result: string; entries: Entry[] } | null {
  const { type } = given;
  const separator = separatorIn(given.separator, type);
  let segments = split(canonical(given.current, { type, scale: null }), separator);
  let ours = standing(segments, given.ours, separator, type);
  const join = () => [...segments, given.entry.text].join(separator);
  const dropOldest = () => {
    const [oldest, ...rest] = ours;
    segments = withoutRun(segments, split(oldest!.text, separator), type, "first") ?? segments;
    ours = rest;
  };
  while (given.maxEntries !== null && ours.length + 1 > given.maxEntries && ours.length > 0) dropOldest();
  while (given.lengthMax !== null && join().length > given.lengthMax && ours.length > 0) dropOldest();
  if (given.lengthMax !== null && join().length > given.lengthMax) return null;
  return { result: join(), entries: [...ours, given.entry] };
}

/**
 * Takes our entry out, together with one adjoining separator.
 * @returns the text without it ("" when nothing is left), or null when it does not stand there any more
 */
export function removeEntry(
  current: string | null,
  text: string,
  separator: string,
  type: PropertyType,
): string | null {
  const cut = separatorIn(separator, type);
  const segments = split(canonical(current, { type, scale: null }), cut);
  const left = withoutRun(segments, split(text, cut), type, "last");
  return left === null ? null : left.join(cut);
}

/** How often an entry stands in a text. */
export function countEntry(current: string | null, text: string, separator: string, type: PropertyType): number {
  const cut = separatorIn(separator, type);
  const segments = split(canonical(current, { type, scale: null }), cut);
  const run = split(text, cut);
  let count = 0;
  for (let at = 0; at + run.length <= segments.length; ) {
    if (matchesAt(segments, run, at, type)) {
      count += 1;
      at += run.length;
    } else at += 1;
  }
  return count;
}

/** Those of our entries that still stand there as we wrote them, oldest first; each standing run is used once. */
function standing(segments: string[], ours: Entry[], separator: string, type: PropertyType): Entry[] {
  let rest = segments;
  return ours.filter((entry) => {
    const without = withoutRun(rest, split(entry.text, separator), type, "first");
    if (without === null) return false;
    rest = without;
    return true;
  });
}

function split(text: string | null, separator: string): string[] {
  return text === null || text === "" ? [] : text.split(separator);
}

/** An entry may itself contain the separator, so it is a run of segments. */
function withoutRun(segments: string[], run: string[], type: PropertyType, which: "first" | "last"): string[] | null {
  const last = segments.length - run.length;
  for (let step = 0; step <= last; step++) {
    const at = which === "first" ? step : last - step;
    if (matchesAt(segments, run, at, type)) return [...segments.slice(0, at), ...segments.slice(at + run.length)];
  }
  return null;
}

function matchesAt(segments: string[], run: string[], at: number, type: PropertyType): boolean {
  return run.length > 0 && run.every((part, offset) => sameText(segments[at + offset]!, part, { type }));
}

function sameText(one: string, two: string, { type }: TextType): boolean {
  return one === two || canonical(one, { type, scale: null }) === canonical(two, { type, scale: null });
}
