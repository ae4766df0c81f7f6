/** The heart of job A: decides what to write to one property of one record, and why not. Pure. */
import type { SkipReason } from "../contract/reasons.ts";
import { asPropertyText, canonical, isBlank, misfit } from "../crm/compatible.ts";
import type { Property } from "../crm/port.ts";
import { appendEntry } from "../writes/entries.ts";
import { type Decision, isForeign, type RawValue, type WriteState } from "../writes/planned.ts";
import { formatEntry, type TimestampFormat } from "./append.ts";
import { type Condition, conditionsMet } from "./condition.ts";
import { applyTransform, dayIn, type TransformStep } from "./transform.ts";

/** A mapping's rules, parsed once per run. */
export type PlanRules = {
  id: string;
  revision: number;
  writeMode: "overwrite" | "never_overwrite" | "append" | "append_if_changed";
  separator: string;
  timestampFormat: TimestampFormat;
  maxEntries: number | null;
  conditions: Condition[];
  steps: TransformStep[];
  keepHumanEdits: boolean;
  skipRead: boolean;
  whenEmpty: "keep" | "clear";
};

export type PlanItem = {
  mapping: PlanRules;
  property: Property;
  raw: RawValue;
  /** Version of the record value; rises when the record was analysed with changed facts. */
  version: number;
  /** What the CRM holds; undefined means "not read". */
  current: string | null | undefined;
  state: WriteState;
};

export type PlanContext = {
  /** UTC; used only for the append stamp. */
  now: Date;
  /** IANA zone of the workspace. */
  timeZone: string;
  /** The admin said: overwrite filled values that Pandora never wrote, this once. */
  adopt?: boolean;
  /** Somebody asked to try refused values again. */
  retryRefused?: boolean;
};

/**
 * Decides in the order of DESIGN 3.1: no value, condition, transform, write mode, equal, fit.
 * @returns a write with all that is needed to settle and undo it, a skip with its reason, or `wait` when the current
 *   value is needed and was not read; never throws
 */
export function planWrite(item: PlanItem, context: PlanContext): Decision {
  const { mapping, property, raw, state } = item;
  const blankRaw = raw === null || (typeof raw === "string" && raw.trim() === "");
  if (blankRaw && mapping.whenEmpty === "keep") return skip("no_value");
  if (item.current === undefined && !mapping.skipRead) return { kind: "wait" };
  // Under skip_read the last value written stands in for the CRM's: the admin chose quota over safety.
  const current = mapping.skipRead ? (state.written ? state.lastWritten : null) : (item.current as string | null);
  if (state.hold !== null && state.hold.value === raw) return skip("held_after_undo");
  if (blankRaw) return unlessRefused(planClear(current, state, property), item, context);

  const lastRaw = state.written ? state.lastRaw : undefined;
  if (!conditionsMet(mapping.conditions, { raw, current, type: property.type, lastRaw }))
    return skip("condition_not_met");

  const value = applyTransform(raw, mapping.steps, context.timeZone);
  if (value === null || value.trim() === "") return skip("no_value");
  const decision =
    mapping.writeMode === "overwrite" || mapping.writeMode === "never_overwrite"
      ? planReplace(item, value, current, context)
      : planAppend(item, value, current, context);
  return unlessRefused(decision, item, context);
}

/** What the CRM refused for good under this revision of the mapping is sent again only when somebody asks. */
function unlessRefused(decision: Decision, { mapping, state: { parked } }: PlanItem, context: PlanContext): Decision {
  if (decision.kind !== "write" || parked === null || context.retryRefused) return decision;
  const refused = parked.value === decision.value && parked.revision === mapping.revision;
  return refused ? skip("refused_before", parked.code) : decision;
}

/** `when_empty: clear`: past condition and transform, and only where what stands there is ours. */
function planClear(current: string | null, state: WriteState, property: Property): Decision {
  if (isBlank(current, property.type)) return skip("already_current");
  if (!state.written || canonical(current, property) !== state.lastWritten) return skip("no_value");
  return { kind: "write", send: null, value: null, entry: null, entries: [], replaces: "ours" };
}

function planReplace(item: PlanItem, value: string, current: string | null, context: PlanContext): Decision {
  const { mapping, property, state } = item;
  const filled = !isBlank(current, property.type);
  if (mapping.writeMode === "never_overwrite" && filled) return skip("crm_value_present");
  const text = property.type === "date" ? dayOf(value, context.timeZone) : value;
  const send = canonical(optionValue(asPropertyText(text, property.type), property), property);
  const stands = canonical(current, property);
  const equal = stands === send;
  if (mapping.keepHumanEdits && !equal) {
    if (!state.written && filled && !context.adopt) return skip("value_predates_pandora");
    if (state.written && stands !== state.lastWritten) return skip("changed_in_crm");
  }
  if (equal) return skip("already_current");
  const fault = misfit(send, property);
  if (fault) return skip("does_not_fit", fault);
  const replaces = !filled ? "nothing" : isForeign(current, state, property) ? "foreign" : "ours";
  return { kind: "write", send, value, entry: null, entries: [], replaces };
}

function planAppend(item: PlanItem, value: string, current: string | null, context: PlanContext): Decision {
  const { mapping, property, state, version } = item;
  if (state.lastVersion !== null && version <= state.lastVersion) {
    return skip(mapping.writeMode === "append" ? "already_appended" : "unchanged_since_last_write");
  }
  const last = state.entries.at(-1);
  if (mapping.writeMode === "append_if_changed" && last?.value === value) return skip("unchanged_since_last_write");
  const stamped = formatEntry(value, mapping.timestampFormat, context.now, context.timeZone);
  const text = canonical(asPropertyText(stamped, property.type), property) ?? "";
  const appended = appendEntry({
    current,
    ours: state.entries,
    entry: { text, value, version },
    separator: mapping.separator,
    maxEntries: mapping.maxEntries,
    lengthMax: property.lengthMax,
    type: property.type,
  });
  if (!appended) {
    return skip(
      "does_not_fit",
      `"${property.label}" takes at most ${property.lengthMax} characters; there is no room for another entry.`,
    );
  }
  const send = canonical(appended.result, property);
  const fault = misfit(send, property);
  if (fault) return skip("does_not_fit", fault);
  return {
    kind: "write",
    send,
    value,
    entry: { text, value, version },
    entries: appended.entries,
    replaces: "nothing",
  };
}

/** A moment in a date property is the day it has in the workspace's zone. */
function dayOf(value: string, timeZone: string): string {
  const at = new Date(value);
  return !value.includes("T") || Number.isNaN(at.getTime()) ? value : dayIn(timeZone, at);
}

/** An option may be named by its label ("At Risk") where the CRM wants its value ("at_risk"). */
function optionValue(text: string, property: Property): string {
  if (property.type !== "enum") return text;
  const wanted = text.trim().toLowerCase();
  const byValue = property.options.find((option) => option.value === text.trim());
  const byLabel = property.options.find((option) => option.active && option.label.toLowerCase() === wanted);
  return (byValue ?? byLabel)?.value ?? text;
}

function skip(reason: SkipReason, detail?: string): Decision {
  return detail === undefined ? { kind: "skip", reason } : { kind: "skip", reason, detail };
}
