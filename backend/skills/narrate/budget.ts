/** What one run may spend on a model, what it spent, and when it stops asking. */
import type { Clock } from "../../clock.ts";
import type { Config } from "../../config.ts";
import type { Narrated, Why } from "./item.ts";

export type NarrationReport = {
  /** Records whose text was wanted. */
  asked: number;
  /** Of these, kept from an earlier run. */
  cached: number;
  by_model: number;
  by_rules: { [why in Why]?: number };
  tokens_in: number;
  tokens_out: number;
};

/** Made by `newBudget`, one for a whole run; shared by its pages. */
export type Budget = {
  /** Takes tokens beforehand. @returns why no call may be made, or null */
  reserve(tokens: number): Why | null;
  /** Gives back what was not needed. @param used of the vendor's own count; null: it gave none, the estimate stands */
  settle(reserved: number, used: { input: number; output: number } | null): void;
  /** Time left for the whole run. */
  leftMs(): number;
  /** How a call ended, in the order they end. @param why null: it answered, whatever it said */
  note(why: Why | null): void;
  /** Counts a page's results. */
  count(results: Narrated[], cached: number): void;
  report(): NarrationReport;
};

/** So many faults of one kind in a row: the model is not asked again in this run. */
const faultsMax = 5;

export function newBudget(config: Pick<Config, "llm">, clock: Clock): Budget {
  const endsAt = clock.now().getTime() + (config.llm?.msPerRun ?? 0);
  let tokensLeft = config.llm?.tokensPerRun ?? 0;
  let streak: { why: Why; faults: number } | null = null;
  let stopped: Why | null = null;
  const totals: NarrationReport = { asked: 0, cached: 0, by_model: 0, by_rules: {}, tokens_in: 0, tokens_out: 0 };
  const leftMs = () => Math.max(0, endsAt - clock.now().getTime());
  return {
    leftMs,
    reserve(tokens) {
      if (stopped) return stopped;
      if (tokens > tokensLeft || leftMs() === 0) return "budget";
      tokensLeft -= tokens;
      return null;
    },
    settle(reserved, used) {
      if (!used) return;
      tokensLeft += reserved - used.input - used.output;
      totals.tokens_in += used.input;
      totals.tokens_out += used.output;
    },
    note(why) {
      if (why === null) streak = null;
      else streak = streak?.why === why ? { why, faults: streak.faults + 1 } : { why, faults: 1 };
      if (streak && streak.faults >= faultsMax) stopped = streak.why;
    },
    count(results, cached) {
      totals.asked += results.length;
      totals.cached += cached;
      for (const { by, why } of results) {
        if (by === "model") totals.by_model += 1;
        else {
          const reason = why ?? "not_configured";
          totals.by_rules[reason] = (totals.by_rules[reason] ?? 0) + 1;
        }
      }
    },
    report: () => ({ ...totals, by_rules: { ...totals.by_rules } }),
  };
}
