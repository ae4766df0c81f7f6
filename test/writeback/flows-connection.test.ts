/** Runs over connections that end: through the real OAuth doors, on both simulators. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createHandlers } from "../../backend/handlers.ts";
import { resumeRun } from "../../backend/writeback/runs.ts";
import { install, setUp } from "../connections/setup.ts";
import { finish, openAlerts, type Played, play, start } from "./flows-setup.ts";

for (const crm of ["hubspot", "salesforce"] as const) {
  test(`${crm}: a revoked connection pauses the run, tells once, and reconnecting lets it go on`, async () => {
    const setup = await setUp();
    const { house } = setup;
    const workspaceId = await install(setup, crm);
    const handlers = createHandlers(house);
    const t: Played = { house, workspaceId, clock: house.clock, drain: () => house.queue.drain(handlers, house.clock) };
    await t.drain();
    const simulator = crm === "hubspot" ? setup.hubspot : setup.salesforce;
    const text = crm === "hubspot" ? "hs_next_step" : "NextStep";
    const named: Record<string, string> =
      crm === "hubspot" ? { dealname: "Deal" } : { Name: "Deal", StageName: "Prospecting", CloseDate: "2026-12-31" };
    const ids = Array.from({ length: 3 }, () => simulator.addRecord("deal", named));
    await house.db.withWorkspace(workspaceId, async (tx) => {
      await tx`
        insert into crm_property_mappings (workspace_id, id, crm_type, crm_object_type, crm_property_name,
          crm_property_label, crm_field_type, pandora_field, sync_trigger, write_mode)
        values (${workspaceId}, ${randomUUID()}, ${crm}, 'deal', ${text}, 'Next step', '', 'next_step_recommendation',
          'manual', 'overwrite')`;
      await tx`
        insert into record_values (workspace_id, crm, object_type, crm_record_id, field, value, value_version, facts_hash, computed_at)
        select ${workspaceId}, ${crm}, 'deal', id, 'next_step_recommendation', '"Call Ann"', 1, '', now()
        from jsonb_array_elements_text(${tx.json(ids)}) as id`;
    });
    // Discovery while the connection works; the run meets the revocation in the middle of its work.
    await play(t, { kind: "dry_run" });
    simulator.revoke();
    const { id } = await start(t);
    const paused = await finish(t, id, 20);
    expect(paused).toMatchObject({ status: "paused", totals: { done: 0, written: 0 } });
    expect(paused.status_reason).toMatch(/[Rr]econnect/);
    expect((await openAlerts(t)).map((alert) => alert.kind)).toEqual(["needs_reconnect"]);
    await expect(start(t)).rejects.toMatchObject({ code: "needs_reconnect", status: 409 });

    await install(setup, crm);
    expect(await finish(t, id)).toMatchObject({ status: "completed", totals: { done: 3, written: 3 } });
    expect(await openAlerts(t)).toEqual([]);
    const history = simulator
      .history({ objectType: "deal" })
      .filter((row) => row.by === "api" && row.property === text);
    expect(history).toHaveLength(3);
    await expect(resumeRun(house, workspaceId, id, "ada")).rejects.toMatchObject({ code: "run_not_paused" });
  });
}
