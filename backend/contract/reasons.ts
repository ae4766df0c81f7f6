/** Why nothing was written, and what went wrong: the codes, and words a rep understands. */
import { z } from "zod";

export const skipReasons = [
  "no_value",
  "condition_not_met",
  "value_predates_pandora",
  "changed_in_crm",
  "crm_value_present",
  "already_appended",
  "unchanged_since_last_write",
  "does_not_fit",
  "already_current",
  "held_after_undo",
  "refused_before",
  "edited_since",
  "previous_unknown",
  "nothing_to_undo",
  "outside_filter",
] as const;
export const skipReason = z.enum(skipReasons);
export type SkipReason = z.infer<typeof skipReason>;

export const errorCodes = [
  "outcome_unknown",
  "record_gone",
  "value_refused",
  "no_result",
  "unknown_property",
  "already_exists",
  "missing_scope",
  "reconnect",
  "unexpected",
  "does_not_fit",
  "crm_unavailable",
] as const;
export const errorCode = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCode>;

/** What the words may mention; all of it optional. */
export type ReasonFacts = {
  /** When Pandora last wrote this property of this record. */
  lastWrittenAt?: Date | string | null;
  /** The workspace's time zone, IANA; default UTC. */
  timeZone?: string;
  /** The condition of the mapping, as the admin wrote it. */
  condition?: string | null;
  /** Why it does not fit, or the CRM's own words. */
  because?: string | null;
};

/**
 * Says a reason in words.
 * @returns one sentence without a full stop; the code itself, spelled out, for a code of a later version
 */
export function reasonText(reason: string, facts: ReasonFacts = {}): string {
  return (words[reason as SkipReason | ErrorCode] ?? (() => spelledOut(reason)))(facts);
}

const words: Record<SkipReason | ErrorCode, (facts: ReasonFacts) => string> = {
  no_value: () => "Skipped: Pandora has no value for this record yet",
  condition_not_met: ({ condition }) =>
    condition
      ? `Skipped: the mapping's condition is not met (${condition})`
      : "Skipped: the mapping's condition is not met",
  value_predates_pandora: () => "Kept: a value was here before Pandora first wrote",
  changed_in_crm: (facts) => `Kept: someone changed it in the CRM since Pandora's ${writeOf(facts)}`,
  crm_value_present: () => "Kept: the CRM property already has a value, and this mapping fills blanks only",
  already_appended: () => "Skipped: this analysis has been added already",
  unchanged_since_last_write: (facts) => `Skipped: the value is the same as in Pandora's ${writeOf(facts)}`,
  does_not_fit: ({ because }) =>
    because
      ? `Not written: the CRM property can't take it (${because})`
      : "Not written: the CRM property can't take this value",
  already_current: () => "Nothing to do: the CRM holds this value already",
  held_after_undo: () => "Held: this write was undone; Pandora waits until its value changes",
  refused_before: ({ because }) =>
    because
      ? `Not tried again: the CRM refused this value before (${because})`
      : "Not tried again: the CRM refused this value before",
  edited_since: (facts) => `Left alone: someone changed it in the CRM since Pandora's ${writeOf(facts)}`,
  previous_unknown: () => "Can't be undone: the mapping writes without reading, so the value before is not known",
  nothing_to_undo: () => "Nothing to undo: this entry changed nothing in the CRM",
  outside_filter: () => "Skipped: the record is outside the mapping's filter",
  outcome_unknown: () =>
    "Not certain: the CRM did not answer, and a day of looking did not tell whether it was written",
  record_gone: () => "Failed: the record was deleted or merged in the CRM",
  value_refused: ({ because }) =>
    because ? `Failed: the CRM refused the value (${because})` : "Failed: the CRM refused the value",
  no_result: () => "Not certain: the CRM's answer did not mention this record",
  unknown_property: () => "Failed: the property does not exist in the CRM any more",
  already_exists: () => "Failed: another record in the CRM has this unique value already",
  missing_scope: () => "Failed: Pandora's connection lacks a permission in the CRM",
  reconnect: () => "Failed: the connection to the CRM was withdrawn; reconnect it",
  crm_unavailable: () => "Failed: the CRM was busy or locked each time Pandora tried; retry the failed writes",
  unexpected: ({ because }) =>
    because
      ? `Failed: the CRM gave an answer Pandora does not know (${because})`
      : "Failed: the CRM gave an answer Pandora does not know",
};

/** "write of 12 Nov", or "last write" when the day is not known. */
function writeOf(facts: ReasonFacts): string {
  if (!facts.lastWrittenAt) return "last write";
  const at = new Date(facts.lastWrittenAt);
  if (Number.isNaN(at.getTime())) return "last write";
  return `write of ${dayFormat(facts.timeZone ?? "UTC").format(at)}`;
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Made once per time zone: a page of the log spells out a hundred reasons. */
function dayFormat(timeZone: string): Intl.DateTimeFormat {
  let made = dayFormats.get(timeZone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone });
    dayFormats.set(timeZone, made);
  }
  return made;
}

function spelledOut(code: string): string {
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
