/** Lists of gaps, page by page, and one gap: each is one statement beside the one that says whose gaps are in sight. */
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { ListOf } from "../contract/common.ts";
import type { Gap, GapsQuery } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { readCursor, writeCursor } from "./gap-cursor.ts";
import { gapKeys, orderBy } from "./gap-keys.ts";
import { gapRows } from "./gap-rows.ts";
import { seesGap, type Viewer } from "./gap-sight.ts";
import { gapViews } from "./gap-view.ts";

/**
 * A page of the gaps the viewer sees. While gaps come and go between pages, none of the others is missed or repeated.
 * @throws AppError bad_cursor (400) | invalid_request (400) when a record is named by half
 */
export async function listGaps(
  house: Pick<House, "db" | "clock">,
  viewer: Viewer,
  query: GapsQuery,
): Promise<ListOf<Gap>> {
  const { limit, cursor, ...filter } = query;
  if ((filter.object_type === undefined) !== (filter.crm_record_id === undefined))
    throw halfARecord(filter.object_type);
  const after = readCursor(cursor, filter.sort);
  const rows = await house.db.withWorkspace(viewer.workspaceId, async (tx) => {
    const sight = await sightOf(tx, viewer.workspaceId, viewer);
    const keys = gapKeys(tx, viewer.workspaceId, { filter, sight, after, limit: limit + 1 });
    return gapRows(tx, viewer.workspaceId, keys, orderBy(tx, filter.sort), sight);
  });
  const now = house.clock.now();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const rank = filter.sort === "longest" ? last?.minutes_rank : filter.sort === "severity" ? last?.severity_rank : 0;
  return {
    items: gapViews(rows, now).slice(0, limit),
    next_cursor: last ? writeCursor({ sort: filter.sort, rank: rank ?? 0, at: last.at_key, id: last.id }) : null,
  };
}

/**
 * One gap, whatever was decided about it.
 * @throws AppError not_found (404), also for one that is not in sight
 */
export async function getGap(house: Pick<House, "db" | "clock">, viewer: Viewer, conversationId: string): Promise<Gap> {
  return house.db.withWorkspace(viewer.workspaceId, async (tx) => {
    const sight = await sightOf(tx, viewer.workspaceId, viewer);
    const gap = await readGap(tx, viewer.workspaceId, conversationId, sight, house.clock.now());
    if (!gap) throw notFound("call without a deal");
    return gap;
  });
}

/** The same in the caller's own transaction; null when there is no such gap, or it is not in sight. */
export async function readGap(
  tx: Tx,
  workspaceId: string,
  conversationId: string,
  sight: Sight,
  now: Date,
): Promise<Gap | null> {
  const keys = tx`
    select c.id from conversations c where c.workspace_id = ${workspaceId} and c.id = ${conversationId}
      and c.gap_status is not null and ${seesGap(tx, sight)}`;
  const [gap] = gapViews(await gapRows(tx, workspaceId, keys, tx``, sight), now);
  return gap ?? null;
}

function halfARecord(objectType: string | undefined): AppError {
  const field = objectType === undefined ? "object_type" : "crm_record_id";
  return new AppError("invalid_request", {
    public: "A record is named by object_type and crm_record_id together.",
    errors: [{ field, code: "required", message: "is needed beside the other one" }],
  });
}
