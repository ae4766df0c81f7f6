/** What the pending gaps may be worth, and how that was computed, in words. Pure. */
import type { GapSummary } from "../contract/gaps.ts";

/** Deals with an amount above 0, of one currency. */
export type AmountRow = { currency: string; deals: number; median: number };

/** The newest so many deals of the last year are enough for their median. */
export const medianOfMax = 10_000;

/**
 * Gaps × median amount of new deals. A gap has no currency, so each currency takes the share that it has among the
 * deals: nothing is counted twice.
 */
export function estimatePipeline(
  pending: number,
  rows: readonly AmountRow[],
): Pick<GapSummary, "estimated_pipeline" | "estimated_pipeline_text"> {
  const deals = rows.reduce((sum, row) => sum + row.deals, 0);
  const calls = `${count(pending)} ${pending === 1 ? "call" : "calls"} without a deal`;
  if (deals === 0) {
    const why =
      "No deal with an amount was created in the last year, so there is nothing to estimate their worth from.";
    return { estimated_pipeline: null, estimated_pipeline_text: `${calls}. ${why}` };
  }
  const byCurrency = [...rows]
    .sort((one, other) => other.deals - one.deals || (one.currency < other.currency ? -1 : 1))
    .map((row) => {
      const share = row.deals / deals;
      return { ...row, share, amount: Math.round(pending * share * row.median) };
    });
  const sums = byCurrency.map(({ currency, amount }) => `${count(amount)} ${currency}`).join(" + ");
  return {
    estimated_pipeline: { by_currency: byCurrency },
    estimated_pipeline_text: `About ${sums}: ${calls} × ${usual(byCurrency, deals)}. An estimate, not a forecast.`,
  };
}

function usual(byCurrency: readonly (AmountRow & { share: number })[], deals: number): string {
  const which = deals >= medianOfMax ? `the newest ${count(deals)}` : count(deals);
  const of = `${which} ${deals === 1 ? "deal" : "deals"} with an amount created in the last year`;
  const [first, ...more] = byCurrency;
  if (first && more.length === 0) return `${count(first.median)} ${first.currency}, the median of ${of}`;
  const each = byCurrency.map(
    ({ currency, median, share }) => `${count(median)} ${currency} (${Math.round(share * 100)} %)`,
  );
  return `the median of each currency by its share of ${of}: ${each.join(", ")}`;
}

function count(value: number): string {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }).format(value);
}
