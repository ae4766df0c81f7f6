/** What is wrong with a record's data, in words its owner understands. Pure: days are given, no clock. */
import type { NewFinding } from "./store.ts";
import { days } from "./wording.ts";

export type DealQuality = {
  crm_id: string;
  has_amount: boolean;
  has_company: boolean;
  /** null: no owner */
  owner_active: boolean | null;
  contacts: number;
  /** Whole days until the close date, negative when it has passed; null: none is set. */
  days_to_close: number | null;
  /** Whole days since it was made. */
  age_days: number;
};

/** A company with an open deal. */
export type CompanyQuality = {
  crm_id: string;
  has_domain: boolean;
  has_industry: boolean;
  owner_active: boolean | null;
};

/** A contact of an open deal. */
export type ContactQuality = { crm_id: string; has_email: boolean; has_title: boolean };

/** A close date passed for so long is no slip of the week. */
const longOverdueDays = 14;
/** A younger deal may still find its second person. */
const singleThreadedFromDays = 14;

export function dealFindings(deal: DealQuality): NewFinding[] {
  const found: Found[] = [];
  if (deal.owner_active === null) found.push(["owner_missing", "high", "The deal has no owner."]);
  else if (!deal.owner_active)
    found.push(["owner_inactive", "high", "The deal's owner is no longer active in the CRM."]);
  if (deal.days_to_close === null) found.push(["close_date_missing", "medium", "The deal has no close date."]);
  else if (deal.days_to_close < 0) {
    const late = -deal.days_to_close;
    const severity = late >= longOverdueDays ? "high" : "medium";
    found.push(["close_date_passed", severity, `The close date passed ${days(late)} ago, and the deal is still open.`]);
  }
  if (!deal.has_amount) found.push(["amount_missing", "medium", "The deal has no amount."]);
  if (!deal.has_company) found.push(["company_missing", "medium", "The deal is linked to no company."]);
  if (deal.contacts === 0)
    found.push(["contacts_missing", "medium", "Nobody on the customer's side is linked to the deal."]);
  else if (deal.contacts === 1 && deal.age_days >= singleThreadedFromDays) {
    found.push(["single_threaded", "medium", "Only one person on the customer's side is linked to the deal."]);
  }
  return found.map(finding("deal", deal.crm_id));
}

export function companyFindings(company: CompanyQuality): NewFinding[] {
  const found: Found[] = [];
  if (company.owner_active === null)
    found.push(["owner_missing", "medium", "The company has an open deal, and no owner."]);
  else if (!company.owner_active) {
    found.push(["owner_inactive", "medium", "The company's owner is no longer active in the CRM."]);
  }
  if (!company.has_domain) {
    found.push([
      "domain_missing",
      "medium",
      "The company has no domain, so calls with its people can't be matched to it.",
    ]);
  }
  if (!company.has_industry) found.push(["industry_missing", "low", "The company has no industry."]);
  return found.map(finding("company", company.crm_id));
}

export function contactFindings(contact: ContactQuality): NewFinding[] {
  const found: Found[] = [];
  if (!contact.has_email) {
    found.push([
      "email_missing",
      "medium",
      "The contact of an open deal has no e-mail address, so calls can't be matched.",
    ]);
  }
  if (!contact.has_title) found.push(["title_missing", "low", "The contact of an open deal has no job title."]);
  return found.map(finding("contact", contact.crm_id));
}

type Found = [kind: string, severity: NewFinding["severity"], sentence: string];

function finding(object_type: NewFinding["object_type"], crm_record_id: string) {
  return ([kind, severity, sentence]: Found): NewFinding => ({
    ...{ object_type, crm_record_id, kind, severity, sentence },
    detail: {},
  });
}
