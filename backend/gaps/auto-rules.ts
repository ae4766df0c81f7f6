/** Which calls the workspace's rule makes deals of, and why not of the others. Pure. */
import { type AutoCreate, autoCreate, autoCreateDefaults, type SkippedBecause } from "../contract/auto-create.ts";
import type { Gap } from "../contract/gaps.ts";
import type { CrmType } from "../crm/port.ts";

/** @param stored the `auto_create` member of the workspace's settings; what can't be read stands at its default */
export function ruleOf(stored: unknown): AutoCreate {
  const given = (typeof stored === "object" && stored !== null ? stored : {}) as Record<string, unknown>;
  const readable = Object.entries(autoCreate.shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(given[name]);
    return read.success ? [[name, read.data]] : [];
  });
  return { ...autoCreateDefaults, ...Object.fromEntries(readable) };
}

/** A call that the rule's words fit, with what decides about it. */
export type Fitting = {
  gap: Gap;
  /** CRMs connected. */
  crms: CrmType[];
  /** In which CRMs the rep is an active user. */
  rep_in: CrmType[];
  rep_crm: CrmType | null;
  open_deals: boolean;
  /** By the rule, or undone by a person. */
  tried: boolean;
};

export type Verdict = { kind: "create"; crm: CrmType } | { kind: "skip"; reason: SkippedBecause };

/** What speaks against it, before the CRM is asked. */
export function judge({ gap, crms, rep_in, rep_crm, open_deals, tried }: Fitting): Verdict {
  const crm = gap.company?.crm ?? (crms.length > 1 ? rep_crm : (crms[0] ?? null));
  if (tried) return skip("tried_before");
  if (open_deals || gap.open_deals.length > 0 || gap.open_deals_hidden > 0) return skip("open_deals");
  if (!gap.rep?.email) return skip("no_rep");
  if (crm === null || !crms.includes(crm)) return skip("which_crm");
  if (!rep_in.includes(crm)) return skip("rep_not_in_crm");
  if (!gap.company && !gap.company_domain) return skip("no_company");
  return { kind: "create", crm };
}

/** The verdicts in order, the day's cap kept. @param left how many deals may still be made today */
export function judgeAll(fitting: readonly Fitting[], left: number): (Fitting & { verdict: Verdict })[] {
  let room = Math.max(0, left);
  // Two calls with one company in a round: the second would find the first one's deal.
  const companies = new Set<string>();
  return fitting.map((each) => {
    const verdict = judge(each);
    if (verdict.kind === "skip") return { ...each, verdict };
    const company = each.gap.company ? `${each.gap.company.crm}:${each.gap.company.crm_id}` : each.gap.company_domain!;
    if (companies.has(company)) return { ...each, verdict: skip("open_deals") };
    if (room === 0) return { ...each, verdict: skip("over_cap") };
    room -= 1;
    companies.add(company);
    return { ...each, verdict };
  });
}

function skip(reason: SkippedBecause): Extract<Verdict, { kind: "skip" }> {
  return { kind: "skip", reason };
}
