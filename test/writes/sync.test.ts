import { describe, expect, test } from "vitest";
import { getRun, startRun } from "../../backend/writeback/runs.ts";
import { newTestHouse } from "../support/house.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, () => {
    test("a sync writes what changed, a second one writes nothing", async () => {
      const t = await newTestHouse(type);
      const ids = Array.from({ length: 5 }, () => t.crm.addDeal());
      await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
      await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
      for (const [n, id] of ids.entries()) {
        await t.setValue(id, "deal_score", 50 + n);
        await t.setValue(id, "next_step_recommendation", `Call number ${n}`);
      }
      const sync = {
        kind: "sync",
        mappingIds: null,
        objectTypes: null,
        trigger: "manual",
        initiatedBy: "ada",
      } as const;
      const run = await startRun(t.house, t.workspaceId, sync);
      await t.drain();
      const done = await getRun(t.house, t.workspaceId, run.id);
      expect(done).toMatchObject({ status: "completed", totals: { records: 5, done: 10, written: 10 } });
      expect(ids.map((id) => t.crm.value(id, t.property.number))).toEqual(["50", "51", "52", "53", "54"]);
      const again = await startRun(t.house, t.workspaceId, sync);
      await t.drain();
      expect(await getRun(t.house, t.workspaceId, again.id)).toMatchObject({
        status: "completed",
        totals: { done: 10, written: 0, already_current: 10 },
      });
      expect(t.crm.history()).toHaveLength(10);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });
    });
  });
}
