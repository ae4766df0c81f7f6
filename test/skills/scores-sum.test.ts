/** How parts become a score, and what an admin may set about it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { falling, type Part, rising, scoreOf } from "../../backend/skills/score.ts";
import {
  describeScoring,
  mergeScoring,
  scoreNames,
  scoringDefaults,
  scoringProblems,
} from "../../backend/skills/weights.ts";
import { ago, counted, days, times } from "../../backend/skills/wording.ts";
import { anySettings, expectSound } from "./scores-setup.ts";

const keep = { redistribute: false };
const redistribute = { redistribute: true };

function part(key: string, share: number | null, neutral?: number): Part {
  return { key, label: "Part", share, neutral, sentence: share === null ? "It is not known." : "It is so." };
}

const maxima = (weights: Record<string, number>, shares: Record<string, number | null>, how = keep) =>
  scoreOf(
    Object.keys(weights).map((key) => part(key, shares[key] ?? null)),
    weights,
    how,
  ).factors.map((factor) => factor.max);

describe("the sum", () => {
  test("weights on any scale are brought to 100, the rest going to the largest remainders", () => {
    expect(maxima({ a: 1, b: 1, c: 1 }, {})).toEqual([34, 33, 33]);
    expect(maxima({ a: 1, b: 2, c: 3 }, {})).toEqual([17, 33, 50]);
    expect(maxima({ a: 0.1, b: 0.2, c: 0 }, {})).toEqual([33, 67, 0]);
    expect(maxima({ a: 25, b: 75 }, {})).toEqual([25, 75]);
    expect(maxima({ a: 1e308, b: 1e308 }, {})).toEqual([50, 50]);
    expect(maxima({ a: 5e-324, b: 0 }, {})).toEqual([100, 0]);
  });

  test("the weight of a missing input goes to the others in proportion, and it says that it is not known", () => {
    const { score, factors } = scoreOf(
      [part("a", 1), part("b", null), part("c", 0.5)],
      { a: 30, b: 40, c: 30 },
      redistribute,
    );
    expect(factors.map(({ points, max }) => [points, max])).toEqual([
      [50, 50],
      [0, 0],
      [25, 50],
    ]);
    expect(score).toBe(75);
    expect(factors[1]!.sentence).toBe("It is not known.");
  });

  test("without redistribution a missing input takes its neutral share, half unless it says another", () => {
    expect(scoreOf([part("a", null), part("b", 1)], { a: 40, b: 60 }, keep).score).toBe(80);
    expect(scoreOf([part("a", null, 0.1), part("b", 1)], { a: 40, b: 60 }, keep).score).toBe(64);
  });

  test("where nothing that counts is known, there is nobody to give a weight to: the neutral shares stand", () => {
    expect(scoreOf([part("a", null), part("b", null)], { a: 1, b: 1 }, redistribute).score).toBe(50);
    expect(maxima({ a: 3, b: 0 }, { b: 1 }, redistribute)).toEqual([100, 0]);
  });

  test("a share outside of 0 to 1 gives no more than all and no less than nothing", () => {
    const points = (share: number) => scoreOf([part("a", share)], { a: 1 }, keep).score;
    expect([-1, 0, 0.004, 0.005, 1, 7, Number.NaN].map(points)).toEqual([0, 0, 0, 1, 100, 100, 0]);
  });

  test("weights that are all 0 give no score", () => {
    expect(() => scoreOf([part("a", 1)], { a: 0 }, keep)).toThrow("above 0");
  });

  test("any parts and weights: sound, and a larger share never gives fewer points", () => {
    const anyWeight = fc.oneof(fc.nat(100), fc.double({ min: 0, max: 1e6, noNaN: true }));
    const anyParts = fc.array(
      fc.record({ share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })), weight: anyWeight }),
      { minLength: 1, maxLength: 14 },
    );
    fc.assert(
      fc.property(
        anyParts,
        fc.boolean(),
        fc.nat(13),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, how, at, by) => {
          fc.pre(rows.some((row) => row.weight > 0));
          const weights = Object.fromEntries(rows.map((row, n) => [`k${n}`, row.weight]));
          const judged = (raised: number) =>
            scoreOf(
              rows.map(({ share }, n) => part(`k${n}`, share !== null && n === at ? share + raised : share)),
              weights,
              { redistribute: how },
            );
          expectSound(judged(0));
          rows.forEach((row, n) => {
            const before = judged(0).factors[n]!;
            if (row.weight === 0) expect(before.max).toBe(0);
            expect(judged(by).factors[n]!.points).toBeGreaterThanOrEqual(before.points);
          });
        },
      ),
    );
  });

  test("between all and nothing the curves are straight, and a limit set the wrong way round is a step", () => {
    expect([2, 3, 16.5, 30, 31].map((value) => falling(value, 3, 30))).toEqual([1, 1, 0.5, 0, 0]);
    expect([4, 5, 6].map((value) => falling(value, 5, 5))).toEqual([1, 1, 0]);
    expect([2, 5, 6].map((value) => falling(value, 5, 3))).toEqual([1, 1, 0]);
    expect([-1, 0, 1, 2, 3].map((value) => rising(value, 2))).toEqual([0, 0, 0.5, 1, 1]);
    expect([0, 1].map((value) => rising(value, 0))).toEqual([1, 1]);
  });
});

describe("settings", () => {
  test("the standard weights of every score add up to 100, and its limits lie in their own ranges", () => {
    for (const { score, weights, thresholds } of describeScoring()) {
      expect([score, weights.reduce((sum, weight) => sum + weight.default, 0)]).toEqual([score, 100]);
      for (const { default: standard, min, max } of thresholds) {
        expect(standard).toBeGreaterThanOrEqual(min);
        expect(standard).toBeLessThanOrEqual(max);
      }
      const words = [...weights, ...thresholds].map((each) => each.label);
      expect(words.every((label) => /^[A-Z]/.test(label))).toBe(true);
      expect(new Set(words).size).toBe(words.length);
    }
    expect(scoringProblems(scoringDefaults)).toEqual([]);
  });

  test("what was set stands over the defaults; unknown keys and unusable numbers are dropped", () => {
    const merged = mergeScoring({
      deal_score: {
        weights: { activity: 60, luck: 9, contacts: -1, probability: "20" },
        thresholds: { pushes_none: 5 },
      },
      horoscope: { weights: { moon: 1 } },
    });
    expect(Object.keys(merged)).toEqual([...scoreNames]);
    expect(merged.deal_score.weights).toEqual({ ...scoringDefaults.deal_score.weights, activity: 60 });
    expect(merged.deal_score.thresholds).toEqual({ ...scoringDefaults.deal_score.thresholds, pushes_none: 5 });
    expect(merged.account_score).toEqual(scoringDefaults.account_score);
  });

  test.each([[undefined], [null], ["x"], [[]], [{ deal_score: 3 }], [{ deal_score: { weights: [1] } }]])(
    "%j in the place of settings gives the defaults",
    (given) => {
      expect(mergeScoring(given)).toEqual(scoringDefaults);
    },
  );

  test("weights that are all 0 are the defaults again, and are refused before they are saved", () => {
    const none = Object.fromEntries(Object.keys(scoringDefaults.deal_score.weights).map((key) => [key, 0]));
    expect(mergeScoring({ deal_score: { weights: none } })).toEqual(scoringDefaults);
    expect(scoringProblems({ deal_score: { weights: none } })).toMatchObject([
      { field: "deal_score.weights", code: "all_zero" },
    ]);
    expect(scoringProblems({ deal_score: { weights: { ...none, activity: 1 } } })).toEqual([]);
  });

  test.each<[string, object, string, string]>([
    ["an unknown score", { horoscope: {} }, "horoscope", "unknown"],
    ["an unknown group", { deal_score: { wishes: {} } }, "deal_score.wishes", "unknown"],
    ["an unknown weight", { deal_score: { weights: { luck: 1 } } }, "deal_score.weights.luck", "unknown"],
    ["a negative weight", { deal_score: { weights: { activity: -1 } } }, "deal_score.weights.activity", "out_of_range"],
    [
      "a weight too large",
      { deal_score: { weights: { activity: 101 } } },
      "deal_score.weights.activity",
      "out_of_range",
    ],
    ["words", { deal_score: { weights: { activity: "25" } } }, "deal_score.weights.activity", "out_of_range"],
    ["null", { deal_score: { weights: { activity: null } } }, "deal_score.weights.activity", "out_of_range"],
    [
      "a limit out of range",
      { deal_score: { thresholds: { pushes_none: 0 } } },
      "deal_score.thresholds.pushes_none",
      "out_of_range",
    ],
    [
      "all points later than none",
      { deal_score: { thresholds: { activity_full_days: 30 } } },
      "deal_score.thresholds.activity_full_days",
      "wrong_order",
    ],
    [
      "none earlier than all",
      { account_score: { thresholds: { idle_none_days: 14 } } },
      "account_score.thresholds.idle_full_days",
      "wrong_order",
    ],
    ["a list", { deal_score: [] }, "deal_score", "not_an_object"],
    ["a list of weights", { deal_score: { weights: [] } }, "deal_score.weights", "not_an_object"],
    ["not even an object", [], "scoring", "not_an_object"],
  ])("%s is refused by its field", (_, given, field, code) => {
    expect(scoringProblems(given)).toMatchObject([{ field, code }]);
  });

  test("at the edges of their ranges limits are taken", () => {
    for (const { score, thresholds } of describeScoring()) {
      for (const { key, min, max } of thresholds) {
        const codes = [min, max].flatMap((value) => scoringProblems({ [score]: { thresholds: { [key]: value } } }));
        expect(codes.filter((problem) => problem.code !== "wrong_order")).toEqual([]);
        expect(scoringProblems({ [score]: { thresholds: { [key]: max + 1 } } })[0]?.code).toBe("out_of_range");
      }
    }
  });

  test("merging twice is merging once", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(mergeScoring(settings)).toEqual(settings);
      }),
    );
  });
});

test("numbers in words: singular, plural, and never a part or less than nothing", () => {
  expect([-3, 0, 1, 1.9, 2, Number.NaN].map(days)).toEqual(["0 days", "0 days", "1 day", "1 day", "2 days", "0 days"]);
  expect([-1, 0, 1, 2].map(ago)).toEqual(["today", "today", "1 day ago", "2 days ago"]);
  expect([1, 2, 3].map(times)).toEqual(["once", "twice", "3 times"]);
  expect([counted(1, "person", "people"), counted(2, "person", "people")]).toEqual(["1 person", "2 people"]);
});
