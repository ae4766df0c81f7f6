import { describe, expect, test } from "vitest";
import { guardOf, guardTrips, leftOver, tallyOf } from "../../backend/writeback/tally.ts";
import type { BatchItem, ItemResult } from "../../backend/writes/batch.ts";
import { freshState, type WriteDecision } from "../../backend/writes/planned.ts";
import { propertyOf, wrote } from "./plan-setup.ts";

const at = new Date("2026-02-21T11:00:00Z");

function item(id: string, mappingId: string | null, undoes: string | null = null): BatchItem {
  return {
    ...{ id, mappingId, undoes, property: propertyOf("text"), raw: "x", version: 1, needsRead: true, separator: null },
    decide: () => ({ kind: "wait" }),
    after: (_decision, state) => state,
    refused: (_decision, state) => state,
  };
}
const write: WriteDecision = { kind: "write", send: "x", value: "x", entry: null, entries: [], replaces: "nothing" };
const written = (id: string, mapping: string | null = "m"): ItemResult => ({
  ...{ item: item(id, mapping), current: null, kind: "written", logId: "l", decision: write },
});
const skipped = (id: string, reason: "already_current" | "no_value" | "does_not_fit", mapping = "m"): ItemResult => ({
  ...{ item: item(id, mapping), current: null, kind: "skipped", reason, detail: null, logId: null },
});
const failed = (id: string, code: "value_refused" | "record_gone", mapping = "m"): ItemResult => ({
  ...{ item: item(id, mapping), current: null, kind: "error", code, message: "", logId: null },
});
const deferred = (id: string, retryAt: Date, of = item(id, "m")): ItemResult => ({
  ...{ item: of, current: undefined, kind: "deferred", why: "held", retryAt },
});

describe("counting", () => {
  test("each settled value once, in the run and in its mapping", () => {
    const tally = tallyOf([
      ...[written("1"), written("2", "n"), skipped("3", "already_current"), skipped("4", "no_value")],
      ...[skipped("5", "no_value", "n"), skipped("6", "does_not_fit"), failed("7", "value_refused"), deferred("8", at)],
    ]);
    expect(tally.totals).toMatchObject({
      ...{ done: 7, written: 2, already_current: 1, skipped: { no_value: 2, does_not_fit: 1 } },
      errors: { value_refused: 1 },
    });
    expect(tally.byMapping).toEqual({
      m: {
        done: 5,
        written: 1,
        already_current: 1,
        skipped: { no_value: 1, does_not_fit: 1 },
        errors: { value_refused: 1 },
      },
      n: { done: 2, written: 1, skipped: { no_value: 1 } },
    });
    expect(tally.settled).toBe(7);
  });
  test("done is the sum of its parts", () => {
    const { totals } = tallyOf([written("1"), skipped("2", "already_current"), failed("3", "record_gone")]);
    const sum = (counts: Record<string, number> = {}) => Object.values(counts).reduce((a, b) => a + b, 0);
    expect(totals.done).toBe(totals.written! + totals.already_current! + sum(totals.skipped) + sum(totals.errors));
  });
  test("what has no mapping counts in the run only", () => {
    const { totals, byMapping } = tallyOf([written("1", null)]);
    expect(totals.done).toBe(1);
    expect(byMapping).toEqual({});
  });
  test("a record that is gone is no failed write", () => {
    const { totals } = tallyOf([written("1"), failed("2", "value_refused"), failed("3", "record_gone")]);
    expect(totals.guard).toEqual({ attempted: 2, failed: 1 });
  });
});

describe("the guard", () => {
  test("counts filled values of people, and those that would go", () => {
    const one = (
      current: string | null | undefined,
      state = freshState,
      replaces: WriteDecision["replaces"] = "foreign",
    ) => ({
      ...{ item: { property: propertyOf("text") }, current, state, decision: { ...write, replaces } },
    });
    const kept = { ...one("typed by Ben"), decision: { kind: "skip", reason: "changed_in_crm" } as const };
    expect(
      guardOf([
        one("typed by Ben"),
        kept,
        one(null, freshState, "nothing"),
        one("ours", wrote("ours"), "ours"),
        one(undefined),
      ]),
    ).toEqual({
      ...{ decided: 5, filled: 2, replaced: 1 },
    });
  });
  test("asks beyond 500 records, when more than half of people's values would go", () => {
    expect(guardTrips({ filled: 100, replaced: 51 }, 501)).toContain("51 of 100 values that Pandora did not write");
    expect(guardTrips({ filled: 100, replaced: 50 }, 501)).toBeNull();
    expect(guardTrips({ filled: 500, replaced: 500 }, 500)).toBeNull();
  });
  test("blank targets never count", () => expect(guardTrips({ filled: 0, replaced: 0 }, 100_000)).toBeNull());
  test("asks beyond 100 writes, when more than one in five fails", () => {
    expect(guardTrips({ attempted: 101, failed: 21 }, 0)).toContain("21 of 101 writes failed");
    expect(guardTrips({ attempted: 105, failed: 21 }, 0)).toBeNull();
    expect(guardTrips({ attempted: 100, failed: 100 }, 0)).toBeNull();
  });
});

describe("what is left of a unit", () => {
  const spec = { crm: "hubspot" as const, object_type: "deal" as const, record_ids: ["1", "2", "3"] };
  test("nothing when all is settled", () =>
    expect(leftOver(spec, [written("1"), failed("2", "value_refused")])).toBeNull());
  test("the deferred pairs only, at the latest of their times", () => {
    const later = new Date(at.getTime() + 5_000);
    const left = leftOver(spec, [
      written("1"),
      deferred("2", later),
      deferred("2", at, item("2", "n")),
      deferred("3", at),
    ]);
    expect(left).toEqual({
      notBefore: later,
      spec: {
        ...spec,
        record_ids: ["2", "3"],
        only: [
          ["2", "m"],
          ["2", "n"],
          ["3", "m"],
        ],
      },
    });
  });
  test("of an undo, the log rows", () => {
    const left = leftOver({ ...spec, log_ids: ["a", "b"] }, [deferred("2", at, item("2", "m", "b"))]);
    expect(left!.spec).toEqual({ ...spec, record_ids: ["2"], log_ids: ["b"] });
  });
});
