/** The gaps that concern one record, as a piece of the one statement that reads its card. */
import type { Sight } from "../connections/visibility.ts";
import type { CrmType, ObjectType } from "../contract/common.ts";
import type { Tx } from "../db.ts";
import { conversationsOf, ofThese } from "./gap-keys.ts";
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
  const conversations = conversationsOf(tx, workspaceId, [crm], objectType, id);
  const gaps = ofThese(tx, workspaceId, "pending", conversations, tx`and ${seesGap(tx, sight)}`);
  // All are counted by the index; the conversations themselves are read for the three that are shown.
  return tx`(
    with g as materialized (
      select id, severity_rank, row_number() over (order by severity_rank desc, started_at desc, id desc) as n
      from (${gaps}) k)
    select jsonb_build_object('pending', count(*), 'worst', ${name(tx`max(g.severity_rank)`)}, 'items', coalesce((
      select jsonb_agg(jsonb_build_object('conversation_id', c.id, 'title', c.title, 'started_at', c.started_at,
        'duration_minutes', c.duration_minutes, 'severity', ${name(tx`c.severity_rank`)},
        'severity_reason', c.severity_reason, 'likely_cause', c.likely_cause, 'rep_name', c.rep_name) order by s.n)
      from g s join conversations c on c.workspace_id = ${workspaceId} and c.id = s.id where s.n <= 3), '[]'))
    from g)`;
}
