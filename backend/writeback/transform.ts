/** Transforms of a mapping: a pipeline joined with `|` (DESIGN 3.1 step 3). Pure. */
import { roundHalfAwayFromZero, type ValueType } from "../crm/compatible.ts";
import type { RawValue } from "../writes/planned.ts";

export type TransformStep =
  | { kind: "raw" }
  | { kind: "truncate"; graphemes: number }
  | { kind: "round"; digits: number }
  | { kind: "date_only" }
  | { kind: "uppercase" }
  | { kind: "score_label" };

export const transformSpellings = ["raw", "truncate:n", "round:n", "date_only", "uppercase", "score_label"];

/** @returns the steps, or what is wrong and what would be right; never throws */
export function parseTransform(
  text: string,
): { ok: true; steps: TransformStep[] } | { ok: false; message: string; allowed: string[] } {
  const steps: TransformStep[] = [];
  for (const part of text.split("|").map((piece) => piece.trim())) {
    const step = parseStep(part);
    if (!step) {
      return { ok: false, message: `"${part}" is not a transform. Join several with |.`, allowed: transformSpellings };
    }
    steps.push(step);
  }
  return { ok: true, steps };
}

/** Why the steps can't work on a value of this type, or null. */
export function transformFits(steps: TransformStep[], valueType: ValueType): string | null {
  let type: "number" | "text" | "datetime" =
    valueType === "number" ? "number" : valueType === "datetime" ? "datetime" : "text";
  for (const step of steps) {
    switch (step.kind) {
      case "raw":
        break;
      case "truncate":
      case "uppercase":
        type = "text";
        break;
      case "round":
      case "score_label":
        if (type !== "number") return `${step.kind} works on numbers, and the value is a ${type} there.`;
        if (step.kind === "score_label") type = "text";
        break;
      case "date_only":
        if (type !== "datetime") return `date_only works on dates, and the value is a ${type} there.`;
        type = "text";
        break;
      default:
        step satisfies never;
    }
  }
  return null;
}

/**
 * Runs the pipeline.
 * @param timeZone IANA zone of the workspace, for date_only
 * @returns plain text (no markup), or null when nothing is left
 */
export function applyTransform(raw: RawValue, steps: TransformStep[], timeZone: string): string | null {
  let value = raw;
  for (const step of steps) {
    if (value === null) return null;
    value = applyStep(value, step, timeZone);
  }
  if (value === null) return null;
  return typeof value === "number" ? String(value) : value;
}

/** ≥ 90 Excellent, ≥ 70 Good, ≥ 50 Fair, else At Risk. */
export function scoreLabel(score: number): string {
  if (score >= 90) return "Excellent";
  if (score >= 70) return "Good";
  return score >= 50 ? "Fair" : "At Risk";
}

/** The calendar day of a moment in a zone, YYYY-MM-DD. */
export function dayIn(timeZone: string, at: Date): string {
  return formatter(timeZone).format(at);
}

function parseStep(part: string): TransformStep | null {
  const match = /^([a-z_]+)(?::(\d{1,6}))?$/.exec(part);
  if (!match) return null;
  const [, name, digits] = match;
  const argument = digits === undefined ? null : Number(digits);
  if (name === "truncate" && argument !== null && argument > 0) return { kind: "truncate", graphemes: argument };
  if (name === "round" && argument !== null && argument <= 12) return { kind: "round", digits: argument };
  if (argument !== null) return null;
  if (name === "raw" || name === "date_only" || name === "uppercase" || name === "score_label") return { kind: name };
  return null;
}

function applyStep(value: number | string, step: TransformStep, timeZone: string): RawValue {
  switch (step.kind) {
    case "raw":
      return value;
    case "truncate":
      return truncateGraphemes(String(value), step.graphemes);
    case "round":
      return typeof value === "number" ? roundHalfAwayFromZero(value, step.digits) : value;
    case "date_only": {
      // A plain day has no moment that could fall on another day in another zone.
      if (/^\d{4}-\d{2}-\d{2}$/.test(String(value))) return value;
      const at = new Date(String(value));
      return Number.isNaN(at.getTime()) ? String(value) : dayIn(timeZone, at);
    }
    case "uppercase":
      // Not the locale's: "i" must stay "I" wherever the server stands.
      return String(value).toUpperCase();
    case "score_label":
      return typeof value === "number" ? scoreLabel(value) : value;
    default:
      return step satisfies never;
  }
}

// Making a segmenter or a formatter costs far more than using it.
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The first n graphemes, without an ellipsis; an emoji or a letter with its accent is never cut in half. */
function truncateGraphemes(text: string, graphemes: number): string {
  if (text.length <= graphemes) return text;
  let count = 0;
  for (const { index } of segmenter.segment(text)) {
    if (count === graphemes) return text.slice(0, index);
    count += 1;
  }
  return text;
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  let made = formatters.get(timeZone);
  if (!made) {
    // en-CA spells days as YYYY-MM-DD.
    made = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formatters.set(timeZone, made);
  }
  return made;
}
