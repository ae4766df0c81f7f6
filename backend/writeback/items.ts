/** Turns values under mappings into items of a batch: the seam between deciding (plan.ts) and writing (writes/). Pure. */
import type { Property } from "../crm/port.ts";
import type { BatchItem } from "../writes/batch.ts";
import type { WriteDecision, WriteState } from "../writes/planned.ts";
import { type PlanContext, planWrite } from "./plan.ts";
import type { RecordValue, RunMapping } from "./values.ts";

/**
 * @param properties by name; a mapping whose property is not among them is left out and named in `missing`
 * @param clock read when an item is decided, so that the stamp has the day of the write
 */
export function itemsOf(
  values: RecordValue[],
  mappings: RunMapping[],
  properties: Map<string, Property>,
  context: Omit<PlanContext, "now">,
  clock: { now(): Date },
): { items: BatchItem[]; missing: RunMapping[] } {
  const byId = new Map(mappings.map((mapping) => [mapping.id, mapping]));
  const items: BatchItem[] = [];
  for (const { id, mappingId, raw, version } of values) {
    const mapping = byId.get(mappingId);
    const property = mapping && properties.get(mapping.propertyName);
    if (!mapping || !property) continue;
    items.push({
      id,
      property,
      mappingId,
      raw,
      version,
      needsRead: !mapping.skipRead,
      separator: mapping.separator,
      undoes: null,
      decide: (current, state) =>
        planWrite({ mapping, property, raw, version, current, state }, { ...context, now: clock.now() }),
      after: (decision, state, now) => stateAfterWrite(decision, state, raw, now),
      refused: (decision, state, code) => stateAfterRefusal(decision, state, code, mapping.revision),
    });
  }
  return { items, missing: mappings.filter((mapping) => !properties.has(mapping.propertyName)) };
}

export function stateAfterWrite(
  decision: WriteDecision,
  state: WriteState,
  raw: BatchItem["raw"],
  now: Date,
): WriteState {
  return {
    written: true,
    lastRaw: raw,
    lastWritten: decision.send,
    lastWrittenAt: now,
    entries: decision.entries,
    lastVersion: decision.entry ? decision.entry.version : state.lastVersion,
    hold: null,
    parked: null,
    lastDecision: "write",
  };
}

function stateAfterRefusal(decision: WriteDecision, state: WriteState, code: string, revision: number): WriteState {
  const remembered = { ...state, lastDecision: `error:${code}` };
  // A record that is gone is not a matter of the value.
  return code === "record_gone" ? remembered : { ...remembered, parked: { value: decision.value, revision, code } };
}
