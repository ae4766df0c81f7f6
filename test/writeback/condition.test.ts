import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionsMet, needsNumber, parseCondition } from "../../backend/writeback/condition.ts";
import type { RawValue } from "../../backend/writes/planned.ts";

type Given = { raw: RawValue; current?: string | null; lastRaw?: RawValue };

function met(text: string | null, { raw, current = null, lastRaw }: Given): boolean {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return conditionsMet(parsed.conditions, { raw, current, type: "text", lastRaw });
}

describe("parsing", () => {
  test("nothing is no condition", () => {
    for (const text of [null, "", "  "]) expect(parseCondition(text)).toEqual({ ok: true, conditions: [] });
  });
  test("several join with and, in any spacing", () =>
    expect(parseCondition(" score_above:70  and\tfield_is_blank ")).toEqual({
      ok: true,
      conditions: [{ kind: "score_above", limit: 70 }, { kind: "field_is_blank" }],
    }));
  test("limits may be negative and have decimals", () =>
    expect(parseCondition("score_below:-0.25")).toMatchObject({ conditions: [{ limit: -0.25 }] }));
  test.each([
    "score_above",
    "score_above:",
    "score_above:high",
    "score_above:1e3",
    "score_above: 70",
    "score_changed_by:-1",
    "field_is_blank:1",
    "field_is_blank and",
    "field_is_blank or score_above:1",
    "score_above:70 AND field_is_blank",
    "constructor",
  ])("%j is refused with what would be right", (text) => {
    const parsed = parseCondition(text);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining("is not a condition") });
    expect(parsed.ok ? [] : parsed.allowed).toContain("score_above:n");
  });
  test("which ones need a number", () => {
    const needs = (text: string) => {
      const parsed = parseCondition(text);
      return parsed.ok && needsNumber(parsed.conditions);
    };
    expect(needs("field_is_blank")).toBe(false);
    expect(needs("field_is_blank and score_changed_by:5")).toBe(true);
  });
});

describe("meaning", () => {
  test("no condition is always met", () => expect(met(null, { raw: null })).toBe(true));
  test("a text never meets a condition on a score", () => {
    for (const text of ["score_above:0", "score_below:1000", "score_changed_by:0"])
      expect(met(text, { raw: "72" })).toBe(false);
  });
  test("score_changed_by is true where nothing was written, or a text was", () => {
    expect(met("score_changed_by:10", { raw: 5 })).toBe(true);
    expect(met("score_changed_by:10", { raw: 5, lastRaw: "low" })).toBe(true);
  });
  test("above, below and equal are told apart, each strictly", () =>
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 }), (raw, limit) => {
        expect(met(`score_above:${limit}`, { raw })).toBe(raw > limit);
        expect(met(`score_below:${limit}`, { raw })).toBe(raw < limit);
      }),
    ));
  test("score_changed_by is the distance, the same both ways", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        (one, two, least) => {
          // In tenths, so that the oracle counts in whole numbers.
          const text = `score_changed_by:${least / 10}`;
          const far = Math.abs(one - two) >= least;
          expect(met(text, { raw: one / 10, lastRaw: two / 10 })).toBe(far);
          expect(met(text, { raw: two / 10, lastRaw: one / 10 })).toBe(far);
        },
      ),
    ));
});
