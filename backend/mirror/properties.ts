/** Which CRM properties the mirror asks for, and which of ours each feeds. */
import type { CrmType, ObjectType } from "../crm/port.ts";

export type DealColumn =
  | "name"
  | "amount"
  | "currency"
  | "pipeline"
  | "stage"
  | "isClosed"
  | "isWon"
  | "probability"
  | "closeDate"
  | "owner"
  | "lastActivity"
  | "stageEntered"
  | "pushes";
export type CompanyColumn = "name" | "domain" | "industry" | "employees" | "type" | "owner" | "parent" | "lastActivity";
export type ContactColumn =
  | "email"
  | "otherEmails"
  | "name"
  | "firstName"
  | "lastName"
  | "title"
  | "phone"
  | "owner"
  | "lastActivity";

/** CRM names by column, the preferred one first. Names that a portal does not have are left out when asking. */
export type Sources<Column extends string> = Partial<Record<Column, string[]>>;

export type AllSources = {
  deal: Sources<DealColumn>;
  company: Sources<CompanyColumn>;
  contact: Sources<ContactColumn>;
};

/** Names: HubSpot 2026-09 property catalogue; Salesforce Object Reference (Opportunity, Account, Contact). */
export const sources: Record<CrmType, AllSources> = {
  hubspot: {
    deal: {
      name: ["dealname"],
      amount: ["amount"],
      currency: ["deal_currency_code"],
      pipeline: ["pipeline"],
      stage: ["dealstage"],
      isClosed: ["hs_is_closed"],
      isWon: ["hs_is_closed_won"],
      probability: ["hs_deal_stage_probability"],
      closeDate: ["closedate"],
      owner: ["hubspot_owner_id"],
      lastActivity: ["notes_last_updated"],
      stageEntered: ["hs_v2_date_entered_current_stage", "hs_date_entered_current_stage"],
    },
    company: {
      name: ["name"],
      domain: ["domain"],
      industry: ["industry"],
      employees: ["numberofemployees"],
      type: ["type"],
      owner: ["hubspot_owner_id"],
      parent: ["hs_parent_company_id"],
      lastActivity: ["notes_last_updated"],
    },
    contact: {
      email: ["email"],
      otherEmails: ["hs_additional_emails"],
      firstName: ["firstname"],
      lastName: ["lastname"],
      title: ["jobtitle"],
      phone: ["phone", "mobilephone"],
      owner: ["hubspot_owner_id"],
      lastActivity: ["notes_last_updated"],
    },
  },
  salesforce: {
    deal: {
      name: ["Name"],
      amount: ["Amount"],
      currency: ["CurrencyIsoCode"],
      pipeline: ["RecordTypeId"],
      stage: ["StageName"],
      isClosed: ["IsClosed"],
      isWon: ["IsWon"],
      probability: ["Probability"],
      closeDate: ["CloseDate"],
      owner: ["OwnerId"],
      lastActivity: ["LastActivityDate"],
      stageEntered: ["LastStageChangeDate"],
      pushes: ["PushCount"],
    },
    company: {
      name: ["Name"],
      domain: ["Website"],
      industry: ["Industry"],
      employees: ["NumberOfEmployees"],
      type: ["Type"],
      owner: ["OwnerId"],
      parent: ["ParentId"],
      lastActivity: ["LastActivityDate"],
    },
    contact: {
      email: ["Email"],
      name: ["Name"],
      firstName: ["FirstName"],
      lastName: ["LastName"],
      title: ["Title"],
      phone: ["Phone"],
      owner: ["OwnerId"],
      lastActivity: ["LastActivityDate"],
    },
  },
};

/**
 * The names to ask for: those this portal or org has.
 * @param existing names of the object's properties (discovery)
 */
export function askedProperties(crm: CrmType, objectType: ObjectType, existing: ReadonlySet<string>): string[] {
  return Object.values(sources[crm][objectType])
    .flat()
    .filter((name) => existing.has(name));
}

/** Columns by object, written by Pandora itself. */
export type OwnColumns = {
  deal: ReadonlySet<DealColumn>;
  company: ReadonlySet<CompanyColumn>;
  contact: ReadonlySet<ContactColumn>;
};

/** Columns that Pandora itself writes: they are its own opinion, never a fact (no feedback loop). */
export function ownColumns<O extends ObjectType>(
  crm: CrmType,
  objectType: O,
  writtenProperties: ReadonlySet<string>,
): Set<keyof AllSources[O]> {
  const written = new Set([...writtenProperties].map((name) => name.toLowerCase()));
  const columns = Object.entries(sources[crm][objectType]) as [keyof AllSources[O], string[]][];
  return new Set(
    columns.filter(([, names]) => names.some((name) => written.has(name.toLowerCase()))).map(([column]) => column),
  );
}
