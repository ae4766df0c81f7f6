/** Cursors of lists sorted by time: opaque to callers, refused when malformed. Pure. */
import { AppError } from "../errors.ts";

/** Where a page ended: the last row's sort key and id. */
export type Position = { at: Date; id: string };

/** @throws AppError bad_cursor (400) */
export function readCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  const [at, id] = Buffer.from(cursor, "base64url").toString("utf8").split("|");
  const date = new Date(at ?? "");
  if (!id || !/^[0-9a-f-]{36}$/i.test(id) || Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) {
    throw new AppError("bad_cursor", {
      public: "This cursor is not one of ours. Start again without a cursor.",
      errors: [{ field: "cursor", code: "bad_cursor", message: "must be the next_cursor of an earlier answer" }],
    });
  }
  return { at: date, id };
}

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
