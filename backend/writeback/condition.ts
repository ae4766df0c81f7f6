/** Conditions of a mapping, joined with ` and ` (DESIGN 3.1 step 2). Pure. */
import { isBlank } from "../crm/compatible.ts";
import type { PropertyType } from "../crm/port.ts";
import type { RawValue } from "../writes/planned.ts";

export type Condition =
  | { kind: "score_above"; limit: number }
  | { kind: "score_below"; limit: number }
  | { kind: "score_changed_by"; least: number }
  | { kind: "field_is_blank" };

export const conditionSpellings = ["score_above:n", "score_below:n", "score_changed_by:n", "field_is_blank"];

/** @param text null or blank = no condition */
export function parseCondition(
  text: string | null,
): { ok: true; conditions: Condition[] } | { ok: false; message: string; allowed: string[] } {
  if (text === null || text.trim() === "") return { ok: true, conditions: [] };
  const conditions: Condition[] = [];
  for (const part of text.trim().split(/\s+and\s+/)) {
    const condition = parseOne(part);
    if (!condition) {
      return {
        ok: false,
        message: `"${part}" is not a condition. Join several with " and ".`,
        allowed: conditionSpellings,
      };
    }
    conditions.push(condition);
  }
  return { ok: true, conditions };
}

/** True when any condition needs a number. */
export function needsNumber(conditions: Condition[]): boolean {
  return conditions.some((condition) => condition.kind !== "field_is_blank");
}

/**
 * @param raw the value before its transform
 * @param current what the CRM holds
 * @param lastRaw raw value of our last successful write that still counts; undefined = never written
 */
export function conditionsMet(
  conditions: Condition[],
  given: { raw: RawValue; current: string | null; type: PropertyType; lastRaw: RawValue | undefined },
): boolean {
  return conditions.every((condition) => {
    switch (condition.kind) {
      case "score_above":
        return typeof given.raw === "number" && given.raw > condition.limit;
      case "score_below":
        return typeof given.raw === "number" && given.raw < condition.limit;
      case "score_changed_by":
        if (typeof given.raw !== "number") return false;
        // 0.3 - 0.2 is a little less than 0.1 in binary; conditions have at most six decimals.
        return typeof given.lastRaw !== "number" || Math.abs(given.raw - given.lastRaw) >= condition.least - 1e-9;
      case "field_is_blank":
        return isBlank(given.current, given.type);
      default:
        return condition satisfies never;
    }
  });
}

function parseOne(part: string): Condition | null {
  if (part === "field_is_blank") return { kind: "field_is_blank" };
  const match = /^(score_above|score_below|score_changed_by):(-?\d{1,9}(?:\.\d{1,6})?)$/.exec(part);
  if (!match) return null;
  const number = Number(match[2]);
  if (match[1] === "score_above") return { kind: "score_above", limit: number };
  if (match[1] === "score_below") return { kind: "score_below", limit: number };
  return number >= 0 ? { kind: "score_changed_by", least: number } : null;
}
