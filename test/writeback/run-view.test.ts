import { describe, expect, test } from "vitest";
import { run as runSchema } from "../../backend/contract/runs.ts";
import type { RunRow } from "../../backend/writeback/run-store.ts";
import { type MappingNames, toRun } from "../../backend/writeback/run-view.ts";

const start = new Date("2026-02-21T11:00:00Z");
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const one = "00000000-0000-4000-8000-000000000001";
const two = "00000000-0000-4000-8000-000000000002";

function rowOf(set: Partial<RunRow>): RunRow {
  return {
    ...{ id: "00000000-0000-4000-8000-00000000000a", kind: "sync", trigger: "manual", trigger_skill_run_id: null },
    ...{ status: "running", status_reason: null, pause_kind: null, spec: { mapping_ids: [one] }, open_units: 1 },
    ...{ enumerated: true, enumerate_cursor: null, confirmed: false, records: 1000, totals: {}, by_mapping: {} },
    ...{ crm_calls: 0, initiated_by: "ada", created_at: start, started_at: start, finished_at: null },
    ...set,
  };
}
const names: MappingNames = new Map([
  [
    one,
    {
      crm_type: "hubspot",
      pandora_field: "deal_score",
      crm_object_type: "deal",
      crm_property_name: "pandora_score",
      crm_property_label: "Score",
    },
  ],
]);
const shown = (set: Partial<RunRow>, seconds = 10) => toRun(rowOf(set), names, after(seconds));

test("a run that waits has no numbers yet", () => {
  const run = shown({ status: "queued", started_at: null, records: 0 });
  expect(run).toMatchObject({ totals: { records: null, done: 0 }, rate_per_s: null, eta_s: null, started_at: null });
  expect(runSchema.parse(run)).toEqual(run);
});

describe("rate and time left", () => {
  test("values a second so far, and the rest at that rate", () =>
    expect(shown({ totals: { done: 200, written: 200 }, by_mapping: { [one]: { done: 200 } } })).toMatchObject({
      ...{ rate_per_s: 20, eta_s: 40, totals: { records: 1000, done: 200 } },
    }));
  test("several mappings make several values of a record", () =>
    expect(
      shown({
        ...{ totals: { done: 400 }, spec: { mapping_ids: [one, two] } },
        by_mapping: { [one]: { done: 200 }, [two]: { done: 200 } },
      }).eta_s,
    ).toBe(40));
  test("nothing is said before something is done, nor once the run is over or stands still", () => {
    expect(shown({}).eta_s).toBeNull();
    for (const status of ["paused", "completed", "cancelled"] as const)
      expect(shown({ status, totals: { done: 200 } }).eta_s).toBeNull();
  });
  test("never below nothing", () => expect(shown({ totals: { done: 5000 } }).eta_s).toBe(0));
  test("the rate of a finished run is that of its time, however late one looks", () =>
    expect(shown({ status: "completed", totals: { done: 100 }, finished_at: after(5) }, 86_400).rate_per_s).toBe(20));
  test("an undo counts log rows, one for each record", () =>
    expect(shown({ kind: "undo", spec: { mapping_ids: [] }, records: 100, totals: { done: 50 } }).eta_s).toBe(10));
});

describe("a dry run's report", () => {
  const totals = {
    ...{ done: 100, written: 40, already_current: 30 },
    skipped: { does_not_fit: 5, no_value: 10, changed_in_crm: 5 },
    errors: { record_gone: 10 },
  };
  test("adds up to the total; what does not fit is invalid, not skipped", () => {
    const { report } = shown({ kind: "dry_run", status: "completed", totals });
    expect(report).toEqual({ total: 100, would_change: 40, unchanged: 30, skipped: 15, invalid: 15 });
  });
  test("a sync has none", () => expect(shown({ totals }).report).toBeUndefined());
});

test("each mapping by name; one that is gone is left out", () => {
  const run = shown({ by_mapping: { [one]: { done: 3, written: 2, skipped: { no_value: 1 } }, [two]: { done: 1 } } });
  expect(run.by_mapping).toEqual([
    {
      ...{ mapping_id: one, crm_type: "hubspot", pandora_field: "deal_score", crm_object_type: "deal" },
      crm_property_name: "pandora_score",
      ...{ crm_property_label: "Score", done: 3, written: 2, already_current: 0, skipped: { no_value: 1 }, errors: {} },
    },
  ]);
  expect(runSchema.parse(run)).toEqual(run);
});
