/** The recovery rules of DESIGN 3.4, one named test each. */
import { describe, expect, test } from "vitest";
import { onRecover } from "../../backend/writes/on-recover.ts";
import { newTestHouse } from "../support/house.ts";
import { batchesOn, kindsOf } from "./batch.ts";

const pastLease = 200_000;

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, () => {
    test("a lost reply is settled by reading: it stands there, so it is a success and is not sent again", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal();
      t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "deferred:unknown",
      ]);
      expect(await t.states()).toEqual({ leased: 1, pending: 1 });
      t.clock.advance(pastLease);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "already_appended",
      ]);
      expect(t.crm.written(id, t.property.long)).toEqual(["first"]);
      expect((await t.log()).map((row) => row.status)).toEqual(["success"]);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });
    });

    test("a request that never arrived: what stood there before still does, so the same is sent again, as one log row", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal();
      t.crm.faults.set([{ name: "reset", rate: 1, times: 1 }]);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "deferred:unknown",
      ]);
      t.clock.advance(pastLease);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "already_appended",
      ]);
      expect(t.crm.written(id, t.property.long)).toEqual(["first"]);
      expect(await t.log()).toMatchObject([{ status: "success", attempts: 2 }]);
    });

    test("before the request's own time-out is over nobody touches the row", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal();
      t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      await b.apply(b.batch("append", t.property.long, { [id]: "first" }));
      t.clock.advance(b.engine.crm.shape.requestTimeoutMs);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual(["deferred:held"]);
    });

    test("an append whose entry stands there more often than before is a success, whatever a person did around it", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal({ [t.property.long]: "typed by Ada" });
      t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      await b.apply(b.batch("append", t.property.long, { [id]: "ours" }));
      t.crm.edit(id, { [t.property.long]: "typed by Ada, later\n---\nours\n---\nand Ben" });
      t.clock.advance(pastLease);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "ours" })))).toEqual([
        "already_appended",
      ]);
      expect(t.crm.value(id, t.property.long)?.replaceAll("\r\n", "\n")).toBe(
        "typed by Ada, later\n---\nours\n---\nand Ben",
      );
      expect((await t.log()).map((row) => row.status)).toEqual(["success"]);
    });

    test("something else stands there: the old write is closed as outcome_unknown and planned anew", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal({ [t.property.text]: "before" });
      t.crm.faults.set([{ name: "reset", rate: 1, times: 1 }]);
      await b.apply(b.batch("overwrite", t.property.text, { [id]: "ours" }));
      t.crm.edit(id, { [t.property.text]: "a person was here" });
      t.clock.advance(pastLease);
      expect(kindsOf(await b.apply(b.batch("overwrite", t.property.text, { [id]: "ours" })))).toEqual(["written"]);
      expect(await t.log()).toMatchObject([
        { status: "error", error_code: "outcome_unknown" },
        { status: "success", previous_value: "a person was here" },
      ]);
    });

    test("no_result is an error until a read proves otherwise", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const ids = [t.crm.addDeal(), t.crm.addDeal(), t.crm.addDeal()];
      const values = Object.fromEntries(ids.map((id) => [id, "once"]));
      t.crm.faults.set([{ name: "silent_drop", rate: 1, times: 1 }]);
      const first = await b.apply(b.batch("append", t.property.long, values));
      expect(kindsOf(first)).toContain("deferred:unknown");
      t.clock.advance(5_000);
      const second = kindsOf(await b.apply(b.batch("append", t.property.long, values)));
      expect(new Set(second)).toEqual(new Set(["already_appended"]));
      for (const id of ids) expect(t.crm.value(id, t.property.long)).toBe("once");
      expect((await t.log()).every((row) => row.status === "success")).toBe(true);
    });

    test("a definite refusal (429) clears the intent: nothing is pending, nothing is logged, the next try writes", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal();
      t.crm.faults.set([{ name: "429", rate: 1, times: 1 }]);
      const refused = await b.apply(b.batch("append", t.property.long, { [id]: "first" }));
      expect(kindsOf(refused)).toEqual(["deferred:retry"]);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });
      expect(await t.log()).toEqual([]);
      t.clock.advance(15_000);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual(["written"]);
    });

    test("after 24 h without certainty: outcome_unknown, the lease is free, it is listed", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal();
      t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      await b.apply(b.batch("append", t.property.long, { [id]: "first" }));
      t.crm.faults.set([{ name: "500", rate: 1, on: "reads" }]);
      t.clock.advance(pastLease);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "deferred:unknown",
      ]);
      t.clock.advance(24 * 3_600_000);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "error:outcome_unknown",
      ]);
      expect(await t.log()).toMatchObject([{ status: "error", error_code: "outcome_unknown" }]);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });
    });

    test("the record is gone when we come back: record_gone, the lease is free, it is listed", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal();
      t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      await b.apply(b.batch("append", t.property.long, { [id]: "first" }));
      t.crm.archive(id);
      t.clock.advance(pastLease);
      expect(kindsOf(await b.apply(b.batch("append", t.property.long, { [id]: "first" })))).toEqual([
        "error:record_gone",
      ]);
      expect(await t.log()).toMatchObject([{ status: "error", error_code: "record_gone" }]);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });
    });

    test("a write whose batch never comes by again is settled by the recovery job", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const [landed, lost] = [t.crm.addDeal(), t.crm.addDeal()];
      t.crm.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      await b.apply(b.batch("append", t.property.long, { [landed]: "first" }));
      t.crm.faults.set([{ name: "reset", rate: 1, times: 1 }]);
      await b.apply(b.batch("append", t.property.long, { [lost]: "second" }));
      t.clock.advance(pastLease);
      expect(await onRecover(t.house, { workspace_id: t.workspaceId })).toBe(2);
      expect([t.crm.value(landed, t.property.long), t.crm.value(lost, t.property.long)]).toEqual(["first", "second"]);
      expect(t.crm.history()).toHaveLength(2);
      expect((await t.log()).map((row) => row.status)).toEqual(["success", "success"]);
      expect(await onRecover(t.house, { workspace_id: t.workspaceId })).toBe(0);
    });

    test("a failed read is not a blank: nothing is written, the record waits", async () => {
      const t = await newTestHouse(type);
      const b = await batchesOn(t);
      const id = t.crm.addDeal({ [t.property.text]: "typed" });
      t.crm.faults.set([{ name: "500", rate: 1, on: "reads" }]);
      expect(kindsOf(await b.apply(b.batch("overwrite", t.property.text, { [id]: "ours" })))).toEqual([
        "deferred:not_read",
      ]);
      expect(t.crm.history()).toEqual([]);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });
    });
  });
}
