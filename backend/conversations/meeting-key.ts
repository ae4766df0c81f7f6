/** One name for one meeting, whoever tells of it: the conference's own id, else the calendar's. Pure. */
import { lineOf } from "./spellings.ts";

/**
 * @param places links, locations and ids in the order they are trusted
 * @returns the first conference found, else the calendar entry, else null
 */
export function meetingKeyOf(places: { links?: unknown[]; zoomId?: unknown; calendarId?: unknown }): string | null {
  const zoomId = lineOf(typeof places.zoomId === "number" ? String(places.zoomId) : places.zoomId)?.replace(/\D/g, "");
  if (zoomId && /^\d{9,12}$/.test(zoomId)) return `zoom:${zoomId}`;
  for (const link of places.links ?? []) {
    const key = conferenceOf(lineOf(link) ?? "");
    if (key) return key;
  }
  const calendarId = lineOf(places.calendarId);
  return calendarId ? `calendar:${calendarId}` : null;
}

function conferenceOf(text: string): string | null {
  const zoom = /\bzoom(?:gov)?\.(?:us|com)\/(?:j|w|my\/[\w.-]+\/j|wc\/join|wc)\/(\d{9,12})/i.exec(text);
  if (zoom) return `zoom:${zoom[1]}`;
  const meet = /\bmeet\.google\.com\/([a-z]{3}-[a-z]{4}-[a-z]{3})\b/i.exec(text);
  if (meet) return `meet:${meet[1]!.toLowerCase()}`;
  const teams = /\bteams\.(?:microsoft|live)\.com\/(?:l\/meetup-join|meet)\/([^/?#\s]+)/i.exec(text);
  if (teams) return `teams:${decoded(teams[1]!).toLowerCase()}`;
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
