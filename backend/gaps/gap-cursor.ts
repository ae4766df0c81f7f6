/** Cursors of lists of gaps: where a page ended, in the list's own order. Opaque to callers, refused when malformed. Pure. */
import { type GapsQuery, gapSorts } from "../contract/gaps.ts";
import { AppError } from "../errors.ts";

/** The last row's sort key. `at` is text with microseconds: a JavaScript date would round, and rows would repeat. */
export type Position = { sort: GapsQuery["sort"]; rank: number; at: string; id: string };

export function writeCursor({ sort, rank, at, id }: Position): string {
  return Buffer.from(`${sort}|${rank}|${at}|${id}`).toString("base64url");
}

/** @throws AppError bad_cursor (400), also for the cursor of a list in another order */
export function readCursor(cursor: string | undefined, sort: GapsQuery["sort"]): Position | null {
  if (cursor === undefined) return null;
  const parts = Buffer.from(cursor, "base64url").toString("utf8").split("|");
  const [ofSort, rank, at, id] = parts;
  const ours =
    parts.length === 4 &&
    gapSorts.some((each) => each === ofSort) &&
    (ofSort === "severity" ? severityShape : rankShape).test(rank!) &&
    isMoment(at!) &&
    idShape.test(id!);
  if (!ours) throw badCursor("This cursor is not one of ours. Start again without a cursor.");
  if (ofSort !== sort) throw badCursor("This cursor is of a list in another order. Start again without a cursor.");
  return { sort, rank: Number(rank), at: at!, id: id! };
}

/** What JavaScript reads and PostgreSQL can't (30 February) never gets there. */
function isMoment(at: string): boolean {
  const read = new Date(atShape.test(at) ? at : Number.NaN);
  return !Number.isNaN(read.getTime()) && read.toISOString().slice(0, 23) === at.slice(0, 23);
}

const severityShape = /^[0-3]$/;
const rankShape = /^-?\d{1,9}(\.\d{1,20})?(e-\d{1,2})?$/;
const atShape = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function badCursor(says: string): AppError {
  return new AppError("bad_cursor", {
    public: says,
    errors: [{ field: "cursor", code: "bad_cursor", message: "must be the next_cursor of an earlier answer" }],
  });
}
