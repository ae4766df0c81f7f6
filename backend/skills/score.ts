/** A score as the sum of its factors, so that each point can be explained. Every score of Pandora is made here. Pure. */

export type Factor<K extends string = string> = {
  key: K;
  label: string;
  points: number;
  /** Points this factor can give; 0: it does not count here. */
  max: number;
  /** What is so, in words a rep understands. */
  sentence: string;
};

export type Score<K extends string = string> = { score: number; factors: Factor<K>[] };

export type Part<K extends string = string> = {
  key: K;
  label: string;
  /** How much of its points it gives, 0–1; null: the input is missing, and the sentence says so. */
  share: number | null;
  /** What stands in for a missing share where weights are not redistributed, 0–1 (0.5). */
  neutral?: number;
  sentence: string;
};

/**
 * Adds parts up by their weights. A larger share never gives fewer points.
 * @param weights  any scale, none negative; they are brought to 100
 * @param redistribute  true: the weight of a missing input goes to the others in proportion, and it is listed with 0 of 0
 *   points. Where nothing that counts is known there is nobody to give it to: the neutral shares stand.
 * @returns whole points, 0 ≤ points ≤ max; score = their sum, 0–100; the maxima add up to 100
 * @throws Error when all weights are 0: settings with such weights are refused when saved
 */
export function scoreOf<K extends string>(
  parts: readonly Part<K>[],
  weights: Readonly<Record<K, number>>,
  { redistribute }: { redistribute: boolean },
): Score<K> {
  const given = parts.map((part) => weights[part.key]);
  const known = given.map((weight, n) => (parts[n]!.share === null ? 0 : weight));
  const maxima = hundred(redistribute && known.some((weight) => weight > 0) ? known : given);
  const factors = parts.map(({ key, label, share, neutral, sentence }, n) => {
    const max = maxima[n]!;
    return { key, label, points: Math.round(max * clamped(share ?? neutral ?? 0.5)), max, sentence };
  });
  return { score: factors.reduce((sum, factor) => sum + factor.points, 0), factors };
}

/** A score of a single fact, such as the outcome of a closed deal. */
export function wholeScore<K extends string>(key: K, label: string, full: boolean, sentence: string): Score<K> {
  const points = full ? 100 : 0;
  return { score: points, factors: [{ key, label, points, max: 100, sentence }] };
}

/** 1 up to `full`, 0 from `none` on, straight in between. */
export function falling(value: number, full: number, none: number): number {
  if (value <= full) return 1;
  if (value >= none) return 0;
  return (none - value) / (none - full);
}

/** 0 at nothing, 1 from `full` on, straight in between. */
export function rising(value: number, full: number): number {
  return value >= full ? 1 : clamped(value / full);
}

/** Weights as whole numbers that add up to 100: what rounding leaves goes to the largest remainders. */
function hundred(weights: readonly number[]): number[] {
  const largest = Math.max(0, ...weights);
  if (!(largest > 0)) throw new Error("A score needs a weight above 0.");
  // Against the largest first, so that no sum of large weights overflows.
  const parts = weights.map((weight) => Math.max(0, weight) / largest);
  const total = parts.reduce((sum, part) => sum + part, 0);
  // 25 of 100 must be 25 exactly, and not 24.999…
  const exact = parts.map((part) => Number(((part * 100) / total).toFixed(9)));
  const floors = exact.map(Math.floor);
  const left = 100 - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = exact
    .map((_, n) => n)
    .sort((one, other) => (exact[other]! % 1) - (exact[one]! % 1) || one - other);
  for (const n of byRemainder.slice(0, left)) floors[n]! += 1;
  return floors;
}

function clamped(share: number): number {
  return share > 0 ? Math.min(1, share) : 0;
}
