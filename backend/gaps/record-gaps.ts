/** The gaps that concern one record, as a piece of the one statement that reads its card. */
import type { Sight } from "../connections/visibility.ts";
import type { CrmType, ObjectType } from "../contract/common.ts";
import type { Tx } from "../db.ts";
import { conversationsOf } from "./gap-keys.ts";
import { type Sql, seesGap } from "./gap-sight.ts";

/**
 * Of a deal: gaps of its company; of a company: of calls with it, whether it was the main one or not; of a contact: of
 * calls they were in.
 * @returns a scalar giving jsonb `{ pending, worst, items }`: how many, the highest severity or null, and the three
 *   most pressing (contract/records.ts `gapOnCard`; moments as the database spells them)
 */
export function recordGaps(
  tx: Tx,
  place: { workspaceId: string; crm: CrmType; objectType: ObjectType; id: string },
  sight: Sight,
): Sql {
  const { workspaceId, crm, objectType, id } = place;
  // Null stays null: no gap has no worst one.
  const name = (rank: Sql) => tx`(array['low', 'low', 'medium', 'high'])[${rank} + 1]`;
  // Sorted with its number in one go: the count and the three highest come from one walk over the record's calls.
  return tx`(
    select jsonb_build_object('pending', count(*), 'worst', ${name(tx`max(g.severity_rank)`)},
      'items', coalesce(jsonb_agg(jsonb_build_object('conversation_id', g.id, 'title', g.title,
        'started_at', g.started_at, 'duration_minutes', g.duration_minutes, 'severity', ${name(tx`g.severity_rank`)},
        'severity_reason', g.severity_reason, 'likely_cause', g.likely_cause, 'rep_name', g.rep_name)
        order by g.n) filter (where g.n <= 3), '[]'))
    from (
      select c.*, row_number() over (order by c.severity_rank desc, c.started_at desc, c.id desc) as n
      from (${conversationsOf(tx, workspaceId, [crm], objectType, id)}) f
      join conversations c on c.workspace_id = ${workspaceId} and c.id = f.id
      where c.gap_status = 'pending' and ${seesGap(tx, sight)}
    ) g)`;
}
