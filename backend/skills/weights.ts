/**
 * What an admin may set about the scores: how much each factor weighs and where its limits lie. Weights are on any scale,
 * score.ts brings them to 100. Settings are described for a page, refused with reasons, or joined with the defaults. Pure.
 */
import type { FieldError } from "../errors.ts";
import { scoring, type Threshold, type Weight } from "./weights-table.ts";

export type ScoreName = keyof typeof scoring;

export type WeightKey<S extends ScoreName> = Extract<keyof (typeof scoring)[S]["weights"], string>;
export type ThresholdKey<S extends ScoreName> = Extract<keyof (typeof scoring)[S]["thresholds"], string>;

export type Weights<S extends ScoreName> = Record<WeightKey<S>, number>;
export type Thresholds<S extends ScoreName> = Record<ThresholdKey<S>, number>;

export type ScoringSettings = { [S in ScoreName]: { weights: Weights<S>; thresholds: Thresholds<S> } };

export type ScoringDescription = {
  score: ScoreName;
  label: string;
  weights: ({ key: string } & Weight)[];
  thresholds: ({ key: string } & Threshold)[];
}[];

/** What a workspace stores: only what differs from the defaults. */
export type ScoringPatch = {
  [S in keyof ScoringSettings]?: {
    weights?: Partial<ScoringSettings[S]["weights"]>;
    thresholds?: Partial<ScoringSettings[S]["thresholds"]>;
  };
};

/** @returns everything that can be set, in the order in which a settings page shows it */
export function describeScoring(): ScoringDescription {
  return scoreNames.map((score) => ({
    score,
    label: scoring[score].label,
    weights: Object.entries<Weight>(scoring[score].weights).map(([key, each]) => ({ key, ...each })),
    thresholds: Object.entries<Threshold>(scoring[score].thresholds).map(([key, each]) => ({ key, ...each })),
  }));
}

/** Largest weight that can be set. */
export const weightMax = 100;

export const scoreNames = Object.keys(scoring) as ScoreName[];

export const scoringDefaults: ScoringSettings = Object.fromEntries(
  describeScoring().map(({ score, weights, thresholds }) => [
    score,
    { weights: defaultsOf(weights), thresholds: defaultsOf(thresholds) },
  ]),
) as ScoringSettings;

/**
 * The defaults with what was set over them. Total: whatever stands there gives settings that every score can use, so that
 * a row written by an older version can't stop a run. Unknown keys and unusable numbers are dropped, and weights that are
 * all 0 are the defaults again.
 */
export function mergeScoring(given: unknown): ScoringSettings {
  const merged = describeScoring().map(({ score, weights, thresholds }) => {
    const own = member(given, score);
    const chosen = joined(weights.map(weightRange), member(own, "weights"));
    return [
      score,
      {
        weights: Object.values(chosen).some((weight) => weight > 0) ? chosen : joined(weights.map(weightRange), null),
        thresholds: joined(thresholds, member(own, "thresholds")),
      },
    ];
  });
  return Object.fromEntries(merged) as ScoringSettings;
}

/** @returns why settings can't be saved, one entry for each field in the way, by its path in them; empty: they can */
export function scoringProblems(given: unknown): FieldError[] {
  const known = describeScoring();
  if (!isRecord(given)) return [problem("scoring", "not_an_object", "must be an object by score")];
  const merged = mergeScoring(given) as Record<string, { weights: Numbers; thresholds: Numbers }>;
  return [
    ...unknownKeys("", given, known),
    ...known.flatMap(({ score, weights, thresholds }) => {
      const own = given[score];
      if (own === undefined) return [];
      if (!isRecord(own)) return [problem(score, "not_an_object", "must have weights, thresholds or both")];
      return [
        ...unknownKeys(`${score}.`, own, [{ key: "weights" }, { key: "thresholds" }]),
        ...outOfRange(`${score}.weights`, own.weights, weights.map(weightRange)),
        ...allZero(`${score}.weights`, own.weights, weights),
        ...outOfRange(`${score}.thresholds`, own.thresholds, thresholds),
        ...wrongOrder(`${score}.thresholds`, own.thresholds, merged[score]!.thresholds),
      ];
    }),
  ];
}

type Numbers = Record<string, number>;
type Range = { key: string; default: number; min: number; max: number };

function defaultsOf(entries: { key: string; default: number }[]): Numbers {
  return Object.fromEntries(entries.map((entry) => [entry.key, entry.default]));
}

function weightRange(weight: { key: string; default: number }): Range {
  return { key: weight.key, default: weight.default, min: 0, max: weightMax };
}

function joined(ranges: Range[], own: unknown): Numbers {
  return Object.fromEntries(
    ranges.map((range) => {
      const value = member(own, range.key);
      return [range.key, fits(value, range) ? value : range.default];
    }),
  );
}

function fits(value: unknown, { min, max }: Range): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

function unknownKeys(place: string, given: object, known: ({ key: string } | { score: string })[]): FieldError[] {
  const allowed = known.map((each) => ("key" in each ? each.key : each.score));
  return Object.keys(given)
    .filter((key) => !allowed.includes(key))
    .map((key) => ({ ...problem(`${place}${key.slice(0, 60)}`, "unknown", "is not known"), allowed }));
}

function outOfRange(place: string, own: unknown, ranges: Range[]): FieldError[] {
  if (own === undefined) return [];
  if (!isRecord(own)) return [problem(place, "not_an_object", "must be an object of numbers")];
  return [
    ...unknownKeys(`${place}.`, own, ranges),
    ...ranges
      .filter((range) => Object.hasOwn(own, range.key) && !fits(own[range.key], range))
      .map(({ key, min, max }) => problem(`${place}.${key}`, "out_of_range", `must be a number from ${min} to ${max}`)),
  ];
}

function allZero(place: string, own: unknown, weights: { key: string; default: number }[]): FieldError[] {
  const values = weights.map(({ key, default: standard }) => member(own, key) ?? standard);
  return values.every((value) => value === 0)
    ? [problem(place, "all_zero", "can't all be 0: give at least one factor a weight")]
    : [];
}

/** What gives all points must lie before what gives none. */
function wrongOrder(place: string, own: unknown, merged: Numbers): FieldError[] {
  return Object.keys(merged).flatMap((key) => {
    const other = key.replace("_full_", "_none_");
    const isSet = member(own, key) !== undefined || member(own, other) !== undefined;
    if (other === key || merged[other] === undefined || !isSet || merged[key]! < merged[other]) return [];
    return [problem(`${place}.${key}`, "wrong_order", `must be less than ${other}, which is ${merged[other]}`)];
  });
}

function problem(field: string, code: string, message: string): FieldError {
  return { field, code, message };
}

function member(given: unknown, key: string): unknown {
  return isRecord(given) && Object.hasOwn(given, key) ? given[key] : undefined;
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
