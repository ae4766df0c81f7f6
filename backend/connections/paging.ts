/** Cursors of lists sorted by time: opaque to callers, refused when malformed. Pure. */
import { AppError } from "../errors.ts";

/** Where a page ended: the last row's sort key and id. */
export type Position = { at: Date; id: string };

/** @throws AppError bad_cursor (400) */
export function readCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const [at, id, ...more] = Buffer.from(cursor, "base64url").toString("utf8").split("|");
  // Exactly as `page` writes it: JavaScript reads dates (year 0, BC) and PostgreSQL ids that the other can't.
  const ours = instantShape.test(at ?? "") && idShape.test(id ?? "") && more.length === 0;
  const date = new Date(at ?? "");
  if (!ours || !id || Number.isNaN(date.getTime())) {
    throw new AppError("bad_cursor", {
      public: "This cursor is not one of ours. Start again without a cursor.",
      errors: [{ field: "cursor", code: "bad_cursor", message: "must be the next_cursor of an earlier answer" }],
    });
  }
  return { at: date, id };
}

const instantShape = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Cuts a page out of rows fetched with `limit + 1`.
 * @returns the page and the cursor of the next one, null at the end
 */
export function page<T>(
  rows: T[],
  limit: number,
  positionOf: (row: T) => Position,
): { items: T[]; next_cursor: string | null } {
  if (rows.length <= limit) return { items: rows, next_cursor: null };
  const items = rows.slice(0, limit);
  const { at, id } = positionOf(items.at(-1) as T);
  return { items, next_cursor: Buffer.from(`${at.toISOString()}|${id}`).toString("base64url") };
}
