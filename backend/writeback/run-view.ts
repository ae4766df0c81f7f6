/** A run as the API shows it: progress, rate and time left from its counters. Pure. */
import type { Run } from "../contract/runs.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Counts, RunRow } from "./run-store.ts";

export type MappingNames = Map<
  string,
  {
    crm_type: CrmType;
    pandora_field: string;
    crm_object_type: ObjectType;
    crm_property_name: string;
    crm_property_label: string;
  }
>;

/** @param now for the rate of a run that goes on */
export function toRun(row: RunRow, names: MappingNames, now: Date): Run {
  const totals = tally(row.totals);
  const seconds = row.started_at
    ? Math.max(0.001, ((row.finished_at ?? now).getTime() - row.started_at.getTime()) / 1000)
    : null;
  const rate = seconds === null || totals.done === 0 ? null : Math.round((totals.done / seconds) * 10) / 10;
  return {
    id: row.id,
    kind: row.kind,
    trigger: row.trigger,
    status: row.status,
    status_reason: row.status_reason,
    totals: { ...totals, records: row.started_at === null ? null : row.records },
    by_mapping: Object.entries(row.by_mapping).flatMap(([id, counts]) => {
      const named = names.get(id);
      return named
        ? [
            {
              mapping_id: id,
              crm_type: named.crm_type,
              pandora_field: named.pandora_field,
              crm_object_type: named.crm_object_type,
              crm_property_name: named.crm_property_name,
              crm_property_label: named.crm_property_label,
              ...tally(counts),
            },
          ]
        : [];
    }),
    rate_per_s: rate,
    eta_s: secondsLeft(row, totals.done, rate),
    crm_calls: row.crm_calls,
    ...(row.kind === "dry_run" ? { report: reportOf(totals) } : {}),
    initiated_by: row.initiated_by,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

type Tally = {
  done: number;
  written: number;
  already_current: number;
  skipped: Record<string, number>;
  errors: Record<string, number>;
};

function tally(counts: Counts): Tally {
  return {
    done: counts.done ?? 0,
    written: counts.written ?? 0,
    already_current: counts.already_current ?? 0,
    skipped: counts.skipped ?? {},
    errors: counts.errors ?? {},
  };
}

/** Values a mapping gives per record are learnt from what is done; before that nothing can be said. */
function secondsLeft(row: RunRow, done: number, rate: number | null): number | null {
  if (row.status !== "running" || rate === null || rate === 0) return null;
  const mappings = Math.max(1, row.spec.mapping_ids.length);
  const total =
    row.kind === "undo" || row.kind === "retry"
      ? row.records
      : row.records * Math.min(mappings, Math.max(1, Object.keys(row.by_mapping).length));
  return Math.max(0, Math.round((total - done) / rate));
}

function reportOf(totals: Tally): NonNullable<Run["report"]> {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  const invalid = (totals.skipped.does_not_fit ?? 0) + sum(totals.errors);
  return {
    total: totals.done,
    would_change: totals.written,
    unchanged: totals.already_current,
    skipped: sum(totals.skipped) - (totals.skipped.does_not_fit ?? 0),
    invalid,
  };
}
