/**
 * The entries of an appended property: found between separators, matched in canonical form, trimmed and removed
 * without touching what a person wrote. Pure.
 *
 * Places, not pieces: a text that ends like half a separator ("Notes\n---") would swallow the separator after it when
 * split, and hide the entry that follows.
 */
import { canonical } from "../crm/compatible.ts";
import { textToHtml } from "../crm/markup.ts";
import type { PropertyType } from "../crm/port.ts";
import type { Entry } from "./planned.ts";

/** Where an entry stands; the separators around it do not belong to it. */
type Place = { from: number; to: number };

/** The separator as it stands in the property. */
export function separatorIn(separator: string, type: PropertyType): string {
  const text = separator.replace(/\r\n?/g, "\n").replace(/[^\S\n]+\n/g, "\n");
  return type === "rich_text" ? textToHtml(text).replaceAll("\u00a0", " ") : text;
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
  const { type, maxEntries, lengthMax } = given;
  const separator = separatorIn(given.separator, type);
  let text = canonical(given.current, { type, scale: null }) ?? "";
  let ours = standing(text, given.ours, separator, type);
  const joined = () => (text === "" ? given.entry.text : text + separator + given.entry.text);
  const tooLong = () => lengthMax !== null && joined().length > lengthMax;
  while (ours.length > 0 && ((maxEntries !== null && ours.length + 1 > maxEntries) || tooLong())) {
    const [oldest, ...rest] = ours;
    const place = placesOf(text, oldest!.text, separator, type)[0];
    if (place) text = withoutPlace(text, place, separator);
    ours = rest;
  }
  return tooLong() ? null : { result: joined(), entries: [...ours, given.entry] };
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
  const whole = canonical(current, { type, scale: null }) ?? "";
  const place = placesOf(whole, text, cut, type).at(-1);
  return place ? withoutPlace(whole, place, cut) : null;
}

/** How often an entry stands in a text. */
export function countEntry(current: string | null, text: string, separator: string, type: PropertyType): number {
  const whole = canonical(current, { type, scale: null }) ?? "";
  let count = 0;
  let end = 0;
  for (const place of placesOf(whole, text, separatorIn(separator, type), type)) {
    if (place.from < end) continue;
    count += 1;
    end = place.to;
  }
  return count;
}

/** Those of our entries that still stand there as we wrote them, oldest first; each place is used once. */
function standing(text: string, ours: Entry[], separator: string, type: PropertyType): Entry[] {
  const taken: Place[] = [];
  return ours.filter((entry) => {
    const free = placesOf(text, entry.text, separator, type).find((place) =>
      taken.every((other) => place.to <= other.from || other.to <= place.from),
    );
    if (free) taken.push(free);
    return free !== undefined;
  });
}

/** All places, left to right; an entry may itself contain the separator. */
function placesOf(text: string, entry: string, separator: string, type: PropertyType): Place[] {
  const places: Place[] = [];
  if (entry === "") return places;
  for (let at = text.indexOf(entry); at >= 0; at = text.indexOf(entry, at + 1)) {
    // Most hits stand in the middle of a sentence: a look at the character before saves looking for separators.
    if (at > 0 && !/[\s>]/.test(text[at - 1]!) && !endsAt(text, separator, at)) continue;
    const before = at < separator.length ? -1 : text.lastIndexOf(separator, at - separator.length);
    const after = text.indexOf(separator, at + entry.length);
    const place = { from: before < 0 ? 0 : before + separator.length, to: after < 0 ? text.length : after };
    // Blank lines or a wrapper around an entry leave it ours.
    if (canonical(text.slice(place.from, place.to), { type, scale: null }) === entry) places.push(place);
  }
  return places;
}

function endsAt(text: string, separator: string, at: number): boolean {
  return at >= separator.length && text.startsWith(separator, at - separator.length);
}

function withoutPlace(text: string, { from, to }: Place, separator: string): string {
  if (from > 0) return text.slice(0, from - separator.length) + text.slice(to);
  return text.slice(to === text.length ? to : to + separator.length);
}
