/** What the tests of planWrite are made of: a property, a mapping's rules, a state, with only the telling part spelt out. */
import type { Property, PropertyType } from "../../backend/crm/port.ts";
import { type PlanContext, type PlanRules, planWrite } from "../../backend/writeback/plan.ts";
import { parsedRules } from "../../backend/writeback/values.ts";
import { type Decision, freshState, type RawValue, type WriteState } from "../../backend/writes/planned.ts";

/** Noon in Berlin. */
export const now = new Date("2026-02-21T11:00:00Z");

export function propertyOf(type: PropertyType, set: Partial<Property> = {}): Property {
  return {
    ...{ name: "target", label: "Target", type, crmFieldType: "", description: "", group: null, custom: true },
    ...{ writable: true, readOnlyReason: null, hidden: false, unique: false, lengthMax: null, scale: null },
    ...{ precision: null, options: [], restricted: false },
    ...set,
  };
}

export function rulesOf(set: {
  mode?: PlanRules["writeMode"];
  condition?: string;
  transform?: string;
  separator?: string;
  stamp?: PlanRules["timestampFormat"];
  maxEntries?: number;
  keepHumanEdits?: boolean;
  skipRead?: boolean;
  whenEmpty?: "keep" | "clear";
  revision?: number;
}): PlanRules {
  return parsedRules({
    id: "00000000-0000-4000-8000-000000000001",
    revision: set.revision ?? 1,
    write_mode: set.mode ?? "overwrite",
    append_separator: set.separator ?? "\n---\n",
    append_timestamp_format: set.stamp ?? "none",
    append_max_entries: set.maxEntries ?? null,
    write_condition: set.condition ?? null,
    value_transform: set.transform ?? "raw",
    keep_human_edits: set.keepHumanEdits ?? false,
    skip_read: set.skipRead ?? false,
    when_empty: set.whenEmpty ?? "keep",
  });
}

/** The state after a write of ours that stands. */
export function wrote(lastWritten: string | null, set: Partial<WriteState> = {}): WriteState {
  return { ...freshState, written: true, lastRaw: lastWritten, lastWritten, lastWrittenAt: now, ...set };
}

export function plan(
  given: Parameters<typeof rulesOf>[0] & {
    type?: PropertyType;
    property?: Partial<Property>;
    raw?: RawValue;
    version?: number;
    /** Absent: blank. `undefined` given: not read. */
    current?: string | null | undefined;
    state?: WriteState;
    context?: Partial<PlanContext>;
  },
): Decision {
  return planWrite(
    {
      mapping: rulesOf(given),
      property: propertyOf(given.type ?? "textarea", given.property),
      raw: given.raw === undefined ? "Call Ann" : given.raw,
      version: given.version ?? 1,
      current: "current" in given ? given.current : null,
      state: given.state ?? freshState,
    },
    { now, timeZone: "Europe/Berlin", ...given.context },
  );
}

/** "write:<text>", "skip:<reason>" or "wait": what most cases are about. */
export function said(decision: Decision): string {
  if (decision.kind === "write") return `write:${decision.send}`;
  return decision.kind === "skip" ? `skip:${decision.reason}` : "wait";
}
