/** Undo, decided: only where ours still stands, and of an append only our entry (DESIGN 3.3). Pure. */
import { canonical, misfit } from "../crm/compatible.ts";
import type { Property } from "../crm/port.ts";
import { removeEntry } from "./entries.ts";
import type { Decision, RawValue, WriteDecision, WriteState } from "./planned.ts";

/** A settled write to take back. */
export type WrittenBefore = {
  logId: string;
  raw: RawValue;
  /** Canonical form of what it left in the CRM. */
  expected: string | null;
  previous: string | null;
  previousKnown: boolean;
  entry: string | null;
  separator: string;
  /** Our last write of this property before that one, not undone; null = none. */
  prior: { raw: RawValue; expected: string | null; at: Date } | null;
};

/**
 * @param current what the CRM holds; undefined = not read
 * @returns the value to restore, `edited_since` where something else stands, `previous_unknown` when nobody knows
 */
export function planUndo(write: WrittenBefore, current: string | null | undefined, property: Property): Decision {
  if (!write.previousKnown) return { kind: "skip", reason: "previous_unknown" };
  if (current === undefined) return { kind: "wait" };
  const restored = restoredValue(write, current, property);
  if (restored === undefined) return { kind: "skip", reason: "edited_since" };
  const send = canonical(restored, property);
  if (send === canonical(current, property)) return { kind: "skip", reason: "nothing_to_undo" };
  const fault = misfit(send, property);
  if (fault) return { kind: "skip", reason: "does_not_fit", detail: fault };
  return { kind: "write", send, value: send, entry: null, entries: [], replaces: "ours" };
}

/** The undone record and mapping is held until its value changes, so that the next sync does not redo it. */
export function stateAfterUndo(write: WrittenBefore, decision: WriteDecision, state: WriteState): WriteState {
  const { prior } = write;
  const priorStands = prior !== null && (write.entry !== null || prior.expected === decision.send);
  return {
    ...state,
    written: priorStands,
    lastRaw: priorStands ? prior.raw : null,
    lastWritten: priorStands ? decision.send : null,
    lastWrittenAt: priorStands ? prior.at : null,
    entries: write.entry === null ? state.entries : withoutLast(state.entries, write.entry),
    hold: { value: write.raw },
    parked: null,
    lastDecision: "undone",
  };
}

function restoredValue(write: WrittenBefore, current: string | null, property: Property): string | null | undefined {
  if (write.entry !== null) {
    const left = removeEntry(current, write.entry, write.separator, property.type);
    if (left === null) return undefined;
    return left === "" ? null : left;
  }
  return canonical(current, property) === write.expected ? write.previous : undefined;
}

function withoutLast(entries: WriteState["entries"], text: string): WriteState["entries"] {
  const at = entries.findLastIndex((entry) => entry.text === text);
  return at < 0 ? entries : entries.toSpliced(at, 1);
}
