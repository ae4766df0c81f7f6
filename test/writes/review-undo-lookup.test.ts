/** Marking a write as taken back costs one look, however long the log has become. */
import { expect, test } from "vitest";
import type { Tx } from "../../backend/db.ts";
import { timeOrderedId } from "../../backend/ids.ts";
import { settleLog } from "../../backend/writes/settle.ts";
import { newTestHouse } from "../support/house.ts";

test("marking what an undo took back looks into the month of that write, not into the log of all months", async () => {
  const t = await newTestHouse("hubspot");
  const old = timeOrderedId(t.clock.now());
  const earlier = t.clock.now();
  t.clock.advance(60_000);
  const undo = timeOrderedId(t.clock.now());
  const looks = await t.house.db.withWorkspace(t.workspaceId, async (tx) => {
    await tx`
      insert into crm_write_log (id, workspace_id, crm_type, crm_object_type, crm_record_id, crm_property_name, status,
        trigger_source, initiated_by, undoes, created_at)
      values (${old}, ${t.workspaceId}, 'hubspot', 'deal', '1', 'p', 'success', 'manual', 'ada', null, ${earlier}),
        (${undo}, ${t.workspaceId}, 'hubspot', 'deal', '1', 'p', 'pending', 'undo', 'ada', ${old}, ${t.clock.now()})`;
    const before = await partitionsRead(tx);
    await settleLog(tx, t.workspaceId, t.clock.now(), [
      { logId: undo, status: "success", code: null, message: null, httpStatus: 200 },
    ]);
    return (await partitionsRead(tx)) - before;
  });
  expect((await t.log()).map((row) => [row.status, row.undone_by])).toEqual([
    ["success", undo],
    ["success", null],
  ]);
  expect(looks).toBeLessThan(3);
});

async function partitionsRead(tx: Tx): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from pg_stat_xact_user_tables
    where relname like 'crm_write_log_%' and seq_scan + coalesce(idx_scan, 0) > 0`;
  return row!.n;
}
