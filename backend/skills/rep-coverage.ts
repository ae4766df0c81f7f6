/** How well each rep's open pipeline covers what they usually win, and what may be behind it. Pure. */
import { counted } from "./wording.ts";

export type RepFacts = {
  owner_id: string | null;
  rep_name: string;
  rep_email: string | null;
  currency: string;
  open_amount: number;
  open_deals: number;
  /** Won in the last four quarters. */
  won_amount: number;
  pending_gaps: number;
  /** In what a new deal is usually worth; null: not known. */
  shadow_amount: number | null;
};

export type RootCause = "active_not_logging" | "thin_pipeline" | "no_history" | "covered";

export type RepCoverage = RepFacts & {
  /** Open pipeline ÷ what they win in a usual quarter; null: nothing was won yet. */
  coverage: number | null;
  /** The same with the calls that have no deal. */
  coverage_with_shadow: number | null;
  root_cause: RootCause;
  sentence: string;
};

/** Up to this multiple of a usual quarter, a pipeline is thin. */
const thinUpTo = 2;
/** So many calls without a deal are no accident. */
const gapsFrom = 3;

export function coverRep(facts: RepFacts): RepCoverage {
  const quarter = facts.won_amount / 4;
  const ratio = (amount: number) => (quarter > 0 ? Math.round((amount / quarter) * 10) / 10 : null);
  const coverage = ratio(facts.open_amount);
  const root_cause = causeOf(facts, coverage);
  return {
    ...facts,
    coverage,
    coverage_with_shadow: facts.shadow_amount === null ? coverage : ratio(facts.open_amount + facts.shadow_amount),
    root_cause,
    sentence: sentenceOf(facts, coverage, root_cause),
  };
}

function causeOf({ open_amount, pending_gaps }: RepFacts, coverage: number | null): RootCause {
  // Without a history, an empty pipeline is thin too.
  const thin = coverage === null ? open_amount === 0 : coverage <= thinUpTo;
  if (thin && pending_gaps >= gapsFrom) return "active_not_logging";
  if (coverage === null) return "no_history";
  return thin ? "thin_pipeline" : "covered";
}

function sentenceOf(
  { rep_name, open_deals, pending_gaps }: RepFacts,
  coverage: number | null,
  cause: RootCause,
): string {
  const covers = coverage === null ? "" : `The open pipeline is ${coverage} × a usual quarter`;
  switch (cause) {
    case "active_not_logging":
      return `${covers === "" ? "The pipeline is empty" : covers}, yet ${counted(pending_gaps, "call")} with prospects have no deal: ${rep_name} is active, but does not log it.`;
    case "thin_pipeline":
      return `${covers}: too little to rely on, and few calls that could become deals.`;
    case "no_history":
      return `${rep_name} has not won a deal in the last year, so the ${counted(open_deals, "open deal")} can't be compared with anything.`;
    case "covered":
      return `${covers}: enough.`;
    default:
      return cause satisfies never;
  }
}
