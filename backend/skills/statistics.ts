/**
 * What the planner knows of the tables that skills read. After a first import, a source's first pull or a first audit it
 * believes them empty until autovacuum comes by, and a plan made then runs for hours: the facts of 1,000 of 2,000 deals
 * with 4,000 conversations were not read within 20 s, and took 0.2 s once the tables were analysed.
 */
import type { Db } from "../db.ts";

const read = [
  ...["companies", "contacts", "deals", "deal_contacts", "findings", "record_values"],
  ...["conversations", "conversation_companies", "conversation_participants"],
];

/** Fewer rows are read in no time, whatever the plan. */
const rowsFrom = 500;

/** Has those analysed that have mostly changed since they last were. Costs a look at the catalog where none has. */
export async function refreshStatistics(db: Pick<Db, "outside">): Promise<void> {
  await db.outside(async (tx) => {
    const stale = await tx<{ name: string }[]>`
      select relname as name from pg_stat_user_tables
      where schemaname = current_schema() and relname in (select jsonb_array_elements_text(${tx.json(read)}))
        and n_mod_since_analyze > greatest(${rowsFrom}::int, n_live_tup / 2)
      order by relname`;
    // In the order of their names, so that two processes wait for each other and never in a circle.
    for (const { name } of stale) await tx`analyze ${tx(name)}`;
  });
}
