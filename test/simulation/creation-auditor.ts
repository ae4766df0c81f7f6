/**
 * Looks at the CRM as a stranger would, without knowing how deals are made: one deal for the call, its people and its
 * note once, and everything the creation claims is there. What is missing has to be named in the warnings.
 */
import type { Creation } from "../../backend/contract/creations.ts";

export type SeenDeal = { id: string; companies: string[]; contacts: string[] };

/** What stands in the CRM about one call. */
export type Seen = {
  deals: SeenDeal[];
  /** Ids of contacts by address. */
  contacts: Map<string, string[]>;
  /** Companies of the call's domain or name. */
  companies: string[];
  /** Notes that carry a key of this call. */
  notes: string[];
};

export type Wanted = {
  creation: Creation;
  /** Addresses that were to be on the deal. */
  people: string[];
  /** null: one was to be made. */
  company: string | null;
  /** What our own database says the call belongs to. */
  linkedTo: string | null;
};

/** @returns what is wrong, in words; empty = all is well */
export function auditCreation({ creation, people, company, linkedTo }: Wanted, seen: Seen): string[] {
  const faults: string[] = [];
  const { status, deal_crm_id: id } = creation;
  if (status !== "created" && status !== "created_with_warnings") faults.push(`it ended as ${status}`);
  if (seen.deals.length !== 1) faults.push(`${seen.deals.length} deals for one call`);
  const deal = seen.deals.find((each) => each.id === id);
  if (!deal) return [...faults, `the creation claims the deal ${id}, the CRM has ${seen.deals.map((each) => each.id)}`];
  if (linkedTo !== id) faults.push(`the call belongs to ${linkedTo}, not to ${id}`);
  const told = creation.warnings.map(({ message }) => message).join("\n");
  for (const email of people) {
    const same = seen.contacts.get(email) ?? [];
    if (same.length > 1) faults.push(`${email} is ${same.length} contacts`);
    const isOn = same.some((each) => deal.contacts.includes(each));
    const isTold = told.includes(email) || same.some((each) => told.includes(each));
    if (!isOn && !isTold) faults.push(`${email} is not on the deal, and nobody is told`);
    const claimed = creation.contacts_associated.find((each) => each.email === email);
    if (claimed && !deal.contacts.includes(claimed.crm_id)) faults.push(`${email} is claimed to be on the deal`);
  }
  for (const made of creation.contacts_created) {
    if (!(seen.contacts.get(made.email ?? "") ?? []).includes(made.crm_id)) faults.push(`${made.email} was never made`);
  }
  if (company !== null && !deal.companies.includes(company) && !/company/i.test(told)) {
    faults.push("the company is not on the deal, and nobody is told");
  }
  if (company === null && seen.companies.length > 1) faults.push(`${seen.companies.length} companies were made`);
  if (company === null && seen.companies.length === 0) faults.push("no company was made");
  const onDeal = creation.company && deal.companies.includes(creation.company.crm_id);
  if (!onDeal && !/company/i.test(told)) faults.push("the creation claims a company that is not on the deal");
  if (seen.notes.length > 1) faults.push(`${seen.notes.length} notes`);
  if (seen.notes.length === 0 && !/note/i.test(told)) faults.push("no note, and nobody is told");
  return faults;
}
