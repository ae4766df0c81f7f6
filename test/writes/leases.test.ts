/** Leases: who may write when, and that nothing stays leased. */
import { describe, expect, test } from "vitest";
import type { Crm } from "../../backend/crm/port.ts";
import { cancelRun, getRun, startRun } from "../../backend/writeback/runs.ts";
import type { Engine } from "../../backend/writes/batch.ts";
import { undoWrite } from "../../backend/writes/log.ts";
import { newTestHouse } from "../support/house.ts";
import { batchesOn, kindsOf } from "./batch.ts";

describe("leases", () => {
  test("two appenders at once: each entry stands once, neither is lost", async () => {
    const t = await newTestHouse("hubspot");
    const b = await batchesOn(t);
    const id = t.crm.addDeal({ [t.property.long]: "typed" });
    const two = [
      b.batch("append", t.property.long, { [id]: "one" }, 1),
      b.batch("append", t.property.long, { [id]: "two" }, 2),
    ];
    const outcomes = await Promise.all(two.map((batch) => b.apply(batch)));
    expect(outcomes.flatMap(kindsOf)).toContain("written");
    t.clock.advance(10_000);
    // The one that came second was told to wait, or is the older version by now: it goes again.
    for (const [n, outcome] of outcomes.entries()) {
      if (kindsOf(outcome)[0] === "written") continue;
      const again = b.batch("append", t.property.long, { [id]: n === 0 ? "one" : "two" }, 3);
      expect(kindsOf(await b.apply(again))).toEqual(["written"]);
    }
    const value = t.crm.value(id, t.property.long)!;
    expect(value.split("\n---\n").sort()).toEqual(["one", "two", "typed"].sort());
  });

  test("an expired lease is free for the next one, and the late owner's settle changes nothing", async () => {
    const t = await newTestHouse("hubspot");
    const b = await batchesOn(t);
    const id = t.crm.addDeal();
    const stuck = gate();
    const slow: Engine = { ...b.engine, crm: slowed(b.engine.crm, { before: stuck.wait }) };
    const late = b.apply(b.batch("overwrite", t.property.text, { [id]: "late" }), slow);
    await stuck.reached;
    t.clock.advance(500_000);
    expect(kindsOf(await b.apply(b.batch("overwrite", t.property.text, { [id]: "early" }, 2)))).toContain("written");
    stuck.open();
    await late;
    const states = await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx`select memory ->> 'lastWritten' as value, lease_owner from crm_write_state`,
    );
    expect(states).toMatchObject([{ value: "early", lease_owner: null }]);
  });

  test("a process that stalls past its lease sends nothing, even if nobody took the lease over", async () => {
    const t = await newTestHouse("hubspot");
    const b = await batchesOn(t);
    const id = t.crm.addDeal({ [t.property.text]: "typed" });
    const stalled: Engine = {
      ...b.engine,
      crm: {
        ...b.engine.crm,
        readBatch: async (...given) => {
          const read = await b.engine.crm.readBatch(...given);
          t.clock.advance(b.engine.leaseMs + 1);
          return read;
        },
      },
    };
    expect(kindsOf(await b.apply(b.batch("overwrite", t.property.text, { [id]: "ours" }), stalled))).toEqual([
      "deferred:held",
    ]);
    expect(t.crm.history()).toEqual([]);
  });

  test("a unit whose lease ran out while it worked is taken up again, and the run ends", async () => {
    const t = await newTestHouse("hubspot");
    const ids = Array.from({ length: 3 }, () => t.crm.addDeal());
    await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
    await t.setValues(ids, "next_step_recommendation", () => "Call");
    const opened = await t.house.openCrm(t.workspaceId, "hubspot", "background");
    const original = opened.readBatch;
    opened.readBatch = async (...given) => {
      opened.readBatch = original;
      t.clock.advance(t.house.config.leaseMs + 1);
      return original(...given);
    };
    const run = await startRun(t.house, t.workspaceId, {
      ...{ kind: "sync", mappingIds: null, objectTypes: null, trigger: "manual", initiatedBy: "ada" },
    });
    await t.drain();
    t.clock.advance(60_000);
    await t.drain();
    expect(await getRun(t.house, t.workspaceId, run.id)).toMatchObject({ status: "completed", totals: { written: 3 } });
  });

  test("an edit made after the run was planned is seen and kept: each batch reads right before it writes", async () => {
    const t = await newTestHouse("hubspot");
    const id = t.crm.addDeal();
    await t.addMapping({
      pandora_field: "next_step_recommendation",
      crm_property_name: t.property.text,
      keep_human_edits: true,
    });
    await t.setValue(id, "next_step_recommendation", "Call Ada");
    const run = await startRun(t.house, t.workspaceId, {
      kind: "sync",
      mappingIds: null,
      objectTypes: null,
      trigger: "manual",
      initiatedBy: "ada",
    });
    t.crm.edit(id, { [t.property.text]: "typed meanwhile" });
    await t.drain();
    expect(await getRun(t.house, t.workspaceId, run.id)).toMatchObject({
      totals: { skipped: { value_predates_pandora: 1 } },
    });
    expect(t.crm.value(id, t.property.text)).toBe("typed meanwhile");
  });

  test("a cancelled run sends nothing more, settles what is in flight and leaves nothing leased", async () => {
    const t = await newTestHouse("hubspot");
    const ids = Array.from({ length: 450 }, () => t.crm.addDeal());
    await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
    for (const id of ids) await t.setValue(id, "next_step_recommendation", "Call");
    const run = await startRun(t.house, t.workspaceId, {
      kind: "sync",
      mappingIds: null,
      objectTypes: null,
      trigger: "manual",
      initiatedBy: "ada",
    });
    const opened = await t.house.openCrm(t.workspaceId, "hubspot", "background");
    const original = opened.writeBatch;
    let calls = 0;
    // The admin presses cancel while the first batch is on its way.
    opened.writeBatch = async (...given) => {
      calls += 1;
      if (calls === 1) await cancelRun(t.house, t.workspaceId, run.id, "ada");
      return original(...given);
    };
    await t.drain();
    opened.writeBatch = original;
    const done = await getRun(t.house, t.workspaceId, run.id);
    expect(done.status).toBe("cancelled");
    const log = await t.log();
    expect(log.every((row) => row.status === "success")).toBe(true);
    expect(log.length).toBe(t.crm.history().length);
    expect(log.length).toBeLessThanOrEqual(200);
    expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  });

  test("an undo during a write is answered 409 write_in_progress, and works afterwards", async () => {
    const t = await newTestHouse("hubspot");
    const b = await batchesOn(t);
    const id = t.crm.addDeal({ [t.property.text]: "before" });
    await b.apply(b.batch("overwrite", t.property.text, { [id]: "ours" }));
    const [written] = await t.log();
    const stuck = gate();
    const slow: Engine = { ...b.engine, crm: slowed(b.engine.crm, { before: stuck.wait }) };
    const under_way = b.apply(b.batch("overwrite", t.property.text, { [id]: "newer" }, 2), slow);
    await stuck.reached;
    await expect(undoWrite(t.house, t.workspaceId, written!.id, "ada")).rejects.toMatchObject({
      code: "write_in_progress",
      status: 409,
    });
    stuck.open();
    await under_way;
    const log = await t.log();
    const undone = await undoWrite(t.house, t.workspaceId, log.at(-1)!.id, "ada");
    expect(undone).toMatchObject({ status: "success", value_written: "ours" });
    expect(t.crm.value(id, t.property.text)).toBe("ours");
  });

  test("a batch that throws before it sent anything gives its leases back", async () => {
    const t = await newTestHouse("hubspot");
    const b = await batchesOn(t);
    const id = t.crm.addDeal();
    const broken: Engine = {
      ...b.engine,
      crm: { ...b.engine.crm, readBatch: () => Promise.reject(new TypeError("a fault of ours")) },
    };
    await expect(b.apply(b.batch("overwrite", t.property.text, { [id]: "ours" }), broken)).rejects.toThrow(
      "a fault of ours",
    );
    expect(await t.states()).toEqual({ leased: 0, pending: 0 });
  });
});

function slowed(crm: Crm, by: { before: () => Promise<void> }): Crm {
  return {
    ...crm,
    writeBatch: async (...given) => {
      await by.before();
      return crm.writeBatch(...given);
    },
  };
}

function gate() {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const wait = () => {
    arrive();
    return opened;
  };
  return { open, reached, wait };
}
