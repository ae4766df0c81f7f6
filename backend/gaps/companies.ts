/** Which companies a conversation was with, and which of them first. Pure. */
import type { CrmType } from "../crm/port.ts";
import { byId, type Known, type KnownCompany, keyOf, type RecordKey, survivorOf, timeOf } from "./known.ts";
import type { CompanyMethod, Person } from "./people.ts";

export type LinkedCompany = {
  company: KnownCompany;
  /** People who lead to it. */
  participants: number;
  method: CompanyMethod;
  /** 0–1 */
  confidence: number;
  isPrimary: boolean;
};

/** How sure each way is: a person's word, the source's, the CRM's, a whole host, a domain that parts may share. */
export const confidenceOf: Record<CompanyMethod, number> = {
  person: 1,
  named: 1,
  contact: 0.95,
  host: 0.85,
  registrable_domain: 0.7,
};

/**
 * All companies the people lead to, and those that were named.
 * @param named by the source, or chosen by a person
 * @returns the primary one first: a person's choice, then most people, then most recent activity, then lowest id
 */
export function companiesOf(
  people: readonly Person[],
  named: readonly { crm: CrmType; id: string; method: CompanyMethod }[],
  known: Known,
): LinkedCompany[] {
  const found = new Map<RecordKey, LinkedCompany>();
  const add = (company: KnownCompany, method: CompanyMethod, participants: number) => {
    const key = keyOf(company.crm, company.id);
    const before = found.get(key);
    const surer = !before || confidenceOf[method] > before.confidence ? method : before.method;
    found.set(key, {
      company,
      participants: (before?.participants ?? 0) + participants,
      method: surer,
      confidence: confidenceOf[surer],
      isPrimary: false,
    });
  };
  for (const person of people) {
    for (const { company, method } of person.companies) add(company, method, 1);
  }
  for (const { crm, id, method } of named) {
    const company = survivorOf(known.companies, crm, id);
    if (company) add(company, method, 0);
  }
  const sorted = [...found.values()].sort(primaryFirst);
  return sorted.map((each, at) => ({ ...each, isPrimary: at === 0 }));
}

/** The living companies above these, the nearest first; none of these themselves. */
export function parentsOf(companies: readonly KnownCompany[], known: Known): KnownCompany[] {
  const seen = new Set(companies);
  const above: KnownCompany[] = [];
  let level: KnownCompany[] = [...companies];
  while (level.length > 0) {
    const next = level.flatMap(({ crm, parentId }) =>
      parentId === null ? [] : (survivorOf(known.companies, crm, parentId) ?? []),
    );
    level = [...new Set(next)].filter((company) => !seen.has(company));
    for (const company of level) seen.add(company);
    above.push(...level);
  }
  return above;
}

function primaryFirst(one: LinkedCompany, other: LinkedCompany): number {
  return (
    Number(other.method === "person") - Number(one.method === "person") ||
    other.participants - one.participants ||
    timeOf(other.company.lastActivityAt) - timeOf(one.company.lastActivityAt) ||
    byId(one.company, other.company)
  );
}
