/** Ids that sort by time (UUID version 7, RFC 9562): the log finds a row's month partition from its id. */
import { randomUUID } from "node:crypto";

/** @param at becomes the first 48 bits, ms since 1970 */
export function timeOrderedId(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  // A random UUID (version 4) has its variant in place already; Node makes them in batches, many times faster than
  // drawing the bytes one id at a time.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** The moment a time-ordered id was made. */
export function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
