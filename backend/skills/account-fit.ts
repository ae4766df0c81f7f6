/** How well an account fits the customers won so far: by industry and by size. Pure. */
import { scoringDefaults } from "./weights.ts";
import { whole } from "./wording.ts";

export const sizeBands = ["1-10", "11-50", "51-200", "201-1000", "1001-5000", "5001+"] as const;
export type SizeBand = (typeof sizeBands)[number];

/** Who the customers are: companies with a won deal. */
export type WonProfile = {
  customers: number;
  /** Customers by industry, as the CRM spells it; those of unknown industry are left out. */
  industries: Record<string, number>;
  /** Customers by number of employees; those of unknown size are left out. */
  sizes: Partial<Record<SizeBand, number>>;
};

export type FitFacts = {
  customers: number;
  /** null: not known */
  industry: string | null;
  /** Customers in its industry; null: the industry is unknown, or there are too few customers to tell. */
  industryCustomers: number | null;
  /** Customers in the commonest industry. */
  industryCommonest: number;
  sizeBand: SizeBand | null;
  sizeCustomers: number | null;
  sizeCommonest: number;
};

const lastOfBand = [10, 50, 200, 1_000, 5_000];

/** @returns null when the number is unknown or no number of people */
export function sizeBand(employees: number | null): SizeBand | null {
  if (employees === null || !(employees >= 1)) return null;
  const band = lastOfBand.findIndex((last) => whole(employees) <= last);
  // Above the last limit: -1, the last band.
  return sizeBands.at(band) ?? null;
}

/** @param customersMin  with fewer customers (in all, or of known industry or size) nothing is said */
export function fitOf(
  profile: WonProfile,
  account: { industry: string | null; employees: number | null },
  customersMin: number = scoringDefaults.enhanced_account_score.thresholds.customers_min,
): FitFacts {
  const industries = countsBy(profile.industries, folded);
  const sizes = countsBy(profile.sizes, (band) => band);
  const customers = whole(profile.customers);
  const among = (counts: Map<string, number>, key: string | null) =>
    key === null || customers < customersMin || sum(counts) < customersMin ? null : (counts.get(key) ?? 0);
  const band = sizeBand(account.employees);
  const industry = folded(account.industry ?? "") || null;
  return {
    customers,
    industry: industry === null ? null : industryName(account.industry!),
    industryCustomers: among(industries, industry),
    industryCommonest: Math.max(0, ...industries.values()),
    sizeBand: band,
    sizeCustomers: among(sizes, band),
    sizeCommonest: Math.max(0, ...sizes.values()),
  };
}

/** As a person writes it: HubSpot says COMPUTER_SOFTWARE. */
function industryName(industry: string): string {
  const isCode = /^[A-Z0-9_]+$/.test(industry) && industry.includes("_");
  const words = isCode ? industry.toLowerCase().replaceAll("_", " ") : industry;
  return words
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 60)
    .replace(/[\s.]+$/, "");
}

/** Spellings that differ in case or punctuation only are the same industry. */
function folded(industry: string): string {
  return industry
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function countsBy(counts: Record<string, number>, keyOf: (key: string) => string): Map<string, number> {
  const joined = new Map<string, number>();
  for (const [key, count] of Object.entries(counts))
    joined.set(keyOf(key), (joined.get(keyOf(key)) ?? 0) + whole(count));
  joined.delete("");
  return joined;
}

function sum(counts: Map<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}
