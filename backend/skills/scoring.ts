/** The workspace's own weights and thresholds of the scores: read, checked, shown. */
import type { House } from "../connections/house.ts";
import type { ScoringView } from "../contract/skills.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { describeScoring, mergeScoring, type ScoringPatch, type ScoringSettings, scoringProblems } from "./weights.ts";

/** The defaults with what the workspace set over them. */
export async function readScoring(tx: Tx, workspaceId: string): Promise<ScoringSettings> {
  const [row] = await tx<{ scoring: unknown }[]>`
    select settings -> 'scoring' as scoring from workspaces where workspace_id = ${workspaceId}`;
  return mergeScoring(row?.scoring ?? {});
}

/** Every weight and limit with its words, its default and what the workspace set. */
export async function viewScoring(house: Pick<House, "db">, workspaceId: string): Promise<ScoringView> {
  return shown(await house.db.withWorkspace(workspaceId, (tx) => readScoring(tx, workspaceId)));
}

/** @throws AppError invalid_scoring (422) with every fault, by its path below `field` */
export function assertScoring(given: unknown, field = "scoring"): void {
  const problems = scoringProblems(given);
  if (problems.length === 0) return;
  throw new AppError("invalid_scoring", {
    status: 422,
    public: "These weights or limits can't be used. See what is said at each.",
    errors: problems.map((problem) => ({ ...problem, field: `${field}.${problem.field}` })),
  });
}

/** A change laid over what was set before, key by key. Pure. */
export function joinedPatch(before: ScoringPatch, change: unknown): ScoringPatch {
  const given = (change ?? {}) as Record<string, { weights?: object; thresholds?: object }>;
  const stored = before as typeof given;
  return Object.fromEntries(
    [...new Set([...Object.keys(stored), ...Object.keys(given)])].map((score) => [
      score,
      {
        weights: { ...stored[score]?.weights, ...given[score]?.weights },
        thresholds: { ...stored[score]?.thresholds, ...given[score]?.thresholds },
      },
    ]),
  ) as ScoringPatch;
}

/** Settings with their words, for a page. Pure. */
export function shown(settings: ScoringSettings): ScoringView {
  const items = describeScoring().map(({ score, label, weights, thresholds }) => {
    const own = settings[score] as { weights: Record<string, number>; thresholds: Record<string, number> };
    return {
      ...{ score, label },
      weights: weights.map((each) => ({ ...each, value: own.weights[each.key]! })),
      thresholds: thresholds.map((each) => ({ ...each, value: own.thresholds[each.key]! })),
    };
  });
  return { items, next_cursor: null };
}
