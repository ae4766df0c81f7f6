/** What a decision is, and the pure rules of sending, settling and recovering it. No I/O. */
import type { SkipReason } from "../contract/reasons.ts";
import { canonical, isBlank } from "../crm/compatible.ts";
import type { Property, RecordWrite } from "../crm/port.ts";
import { countEntry } from "./entries.ts";

/** A value as skills compute it. */
export type RawValue = number | string | null;

/** An entry we appended: `text` as it stands in the property (canonical, markup included), `value` as it was given. */
export type Entry = { text: string; value: string; version: number };

/** What crm_write_state remembers of one property of one record. */
export type WriteState = {
  /** True while a successful, not undone write of ours stands behind `lastWritten`. */
  written: boolean;
  lastRaw: RawValue;
  /** Canonical form of what we left in the CRM. */
  lastWritten: string | null;
  lastWrittenAt: Date | null;
  /** Oldest first. */
  entries: Entry[];
  /** Version of the record value appended last; null = none. */
  lastVersion: number | null;
  /** After an undo: nothing is done until the raw value differs from this. */
  hold: { value: RawValue } | null;
  /** A permanent refusal of this value under this revision of the mapping. */
  parked: { value: string | null; revision: number; code: string } | null;
  /** "write" or "skip:<reason>", so that an unchanged decision is counted but not logged again. */
  lastDecision: string | null;
};

export const freshState: WriteState = {
  written: false,
  lastRaw: null,
  lastWritten: null,
  lastWrittenAt: null,
  entries: [],
  lastVersion: null,
  hold: null,
  parked: null,
  lastDecision: null,
};

export type WriteDecision = {
  kind: "write";
  /** Canonical, in the property's own form; null clears. What is sent is what is expected to stand there. */
  send: string | null;
  /** Transformed, before append and markup. */
  value: string | null;
  entry: Entry | null;
  /** Entries that stand there afterwards. */
  entries: Entry[];
  /** Whose value goes: nobody's (append keeps it all), ours, or one Pandora did not write. */
  replaces: "nothing" | "ours" | "foreign";
};

export type Decision =
  | WriteDecision
  | { kind: "skip"; reason: SkipReason; detail?: string }
  /** The current value could not be read: never a write, the record waits for a retry. */
  | { kind: "wait" };

/** Skips that say "nothing to do": counted on the run, never logged. */
const quietReasons = new Set<SkipReason>(["already_current", "already_appended", "unchanged_since_last_write"]);

/** Whether a skip gets a row in the log: only when it differs from the last decision and says something. */
export function skipIsNews(reason: SkipReason, lastDecision: string | null): boolean {
  return !quietReasons.has(reason) && lastDecision !== `skip:${reason}`;
}

/** Folds the properties of one record into one input, keeping the order of first appearance. */
export function groupByRecord(writes: { recordId: string; property: string; send: string | null }[]): RecordWrite[] {
  const byId = new Map<string, RecordWrite>();
  for (const { recordId, property, send } of writes) {
    const record = byId.get(recordId);
    if (record) record.properties[property] = send;
    else byId.set(recordId, { id: recordId, properties: { [property]: send } });
  }
  return [...byId.values()];
}

export function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

/** A write that was sent and whose answer is not known. */
export type PendingWrite = {
  logId: string;
  sentAt: Date;
  /** What we sent; null clears. */
  send: string | null;
  previous: string | null;
  previousKnown: boolean;
  entry: Entry | null;
  separator: string;
};

export type Recovery =
  /** It stands in the CRM. */
  | "success"
  /** What stood there before still does: send the same again. */
  | "send_again"
  /** Something else stands there: this write is over, plan anew. */
  | "plan_anew"
  /** Older than a day: listed as outcome_unknown. */
  | "give_up"
  /** Could not be read now. */
  | "wait";

/** After this long without certainty a write is given up and listed. */
export const certaintyDeadlineMs = 24 * 3600 * 1000;

/**
 * Decides what became of a write whose sender died or got no answer, by reading (DESIGN 3.4).
 * @param current what the CRM holds now; undefined = could not be read
 */
export function recoveryOf(
  pending: PendingWrite,
  current: string | null | undefined,
  property: Property,
  now: Date,
): Recovery {
  const tooOld = now.getTime() - pending.sentAt.getTime() > certaintyDeadlineMs;
  if (current === undefined) return tooOld ? "give_up" : "wait";
  const stands = canonical(current, property);
  if (stands === canonical(pending.send, property)) return "success";
  if (pending.entry !== null) {
    const before = countEntry(pending.previous, pending.entry.text, pending.separator, property.type);
    if (countEntry(current, pending.entry.text, pending.separator, property.type) > before) return "success";
  }
  if (pending.previousKnown && stands === canonical(pending.previous, property)) return "send_again";
  // Written without reading: nothing to compare with, but an overwrite may be sent twice without harm.
  if (!pending.previousKnown) return tooOld ? "give_up" : "send_again";
  return "plan_anew";
}

/** Exponential backoff with jitter: 1 s doubling to 10 min, honouring what the CRM asked for. */
export function backoffMs(attempt: number, afterMs: number | undefined, random: number): number {
  const base = Math.min(600_000, 1000 * 2 ** Math.min(attempt, 12));
  return Math.max(afterMs ?? 0, Math.round(base * (0.5 + random / 2)));
}

/** True when a person's value would go: filled, and not what we left there. */
export function isForeign(current: string | null, state: WriteState, property: Property): boolean {
  if (isBlank(current, property.type)) return false;
  return !(state.written && canonical(current, property) === state.lastWritten);
}
