/** Fills an org: its own settings always, a seeded sales organisation when one is given. */
import type { SeedOrganisation } from "../company.ts";
import { makeId } from "./ids.ts";
import { nextId, now, type Org, objectNamed, place, type Row } from "./org.ts";
import { salesforceTime } from "./values.ts";

export type SeedIds = Map<string, string>;
export type TaskStatusSeed = { name: string; closed: boolean };
export type StageSeed = { name: string; probability: number; isClosed: boolean; isWon: boolean; forecast: string };

/** Names, order and probabilities of a new org. */
export const standardStages: StageSeed[] = [
  stage("Prospecting", 10),
  stage("Qualification", 10),
  stage("Needs Analysis", 20),
  stage("Proposal/Price Quote", 75),
  stage("Negotiation/Review", 90),
  stage("Closed Won", 100, true, true),
  stage("Closed Lost", 0, true),
];

/** A seeded organisation's stages, by label; each pipeline becomes a record type. */
export function stagesOf(company: SeedOrganisation | undefined): StageSeed[] {
  if (!company) return standardStages;
  return company.pipelines.flatMap((pipeline) =>
    pipeline.stages.map((each) => stage(each.label, Math.round(each.probability * 100), each.isClosed, each.isWon)),
  );
}

/** @returns ids by the seed's keys */
export function seedOrg(
  org: Org,
  options: { company?: SeedOrganisation; timeZone: string; currencies: string[]; taskStatuses: TaskStatusSeed[] },
): SeedIds {
  const { company, currencies } = options;
  const ids: SeedIds = new Map();
  put(org, "Organization", {
    Id: org.orgId,
    Name: company?.name ?? "Acme Cloud",
    TimeZoneSidKey: options.timeZone,
    DefaultCurrencyIsoCode: currencies[0] ?? "EUR",
    OrganizationType: "Enterprise Edition",
  });
  for (const [at, code] of currencies.entries())
    put(org, "CurrencyType", { IsoCode: code, IsCorporate: at === 0, IsActive: true });
  for (const [at, each] of stagesOf(company).entries()) {
    put(org, "OpportunityStage", {
      ApiName: each.name,
      MasterLabel: each.name,
      SortOrder: at + 1,
      DefaultProbability: each.probability,
      IsActive: true,
      IsClosed: each.isClosed,
      IsWon: each.isWon,
      ForecastCategoryName: each.forecast,
    });
  }
  for (const [at, { name, closed }] of options.taskStatuses.entries()) {
    put(org, "TaskStatus", {
      ApiName: name,
      MasterLabel: name,
      IsClosed: closed,
      IsDefault: at === 0,
      SortOrder: at + 1,
    });
  }
  if (!company) {
    putUser(org, "Robin", "Admin", "robin.admin@acme-cloud.example", true);
    return ids;
  }
  for (const owner of company.owners)
    ids.set(owner.key, putUser(org, owner.firstName, owner.lastName, owner.email, owner.active));
  for (const pipeline of company.pipelines) {
    const id = put(org, "RecordType", {
      Name: pipeline.label,
      DeveloperName: pipeline.key,
      SobjectType: "Opportunity",
      IsActive: true,
    });
    ids.set(`pipeline:${pipeline.key}`, id);
    org.recordTypeStages.set(
      id,
      pipeline.stages.map((each) => each.label),
    );
  }
  seedCompanies(org, company, ids);
  seedDeals(org, company, ids);
  return ids;
}

/** Puts a row in as it is, blanks filled. @returns its id */
export function put(org: Org, object: string, values: Row, createdAt?: Date): string {
  const known = objectNamed(org, object);
  const blank = Object.fromEntries(
    [...known.fields.values()].map((field) => [field.name, field.type === "boolean" ? false : null]),
  );
  const at = createdAt ? salesforceTime(createdAt) : now(org);
  const id = typeof values["Id"] === "string" ? values["Id"] : nextId(org, object);
  place(org, object, {
    ...blank,
    CreatedDate: at,
    LastModifiedDate: at,
    SystemModstamp: at,
    CreatedById: org.personId,
    LastModifiedById: org.personId,
    IsDeleted: false,
    ...values,
    Id: id,
  });
  return id;
}

export function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function seedCompanies(org: Org, company: SeedOrganisation, ids: SeedIds): void {
  const types = { PROSPECT: "Prospect", CUSTOMER: "Customer", PARTNER: "Partner", VENDOR: "Vendor" };
  for (const each of company.companies) {
    const values = {
      Name: each.name,
      Website: `https://www.${each.domain}`,
      Industry: each.industry,
      NumberOfEmployees: each.employees,
      AnnualRevenue: each.annualRevenue,
      BillingCity: each.city,
      Type: types[each.type],
      OwnerId: ids.get(each.ownerKey) ?? org.userId,
    };
    ids.set(each.key, put(org, "Account", values, each.createdAt));
  }
  for (const each of company.contacts) {
    const values = {
      FirstName: each.firstName,
      LastName: each.lastName,
      Name: `${each.firstName} ${each.lastName}`,
      Email: each.email,
      Title: each.title,
      Phone: each.phone,
      Seniority__c: each.seniority,
      AccountId: ids.get(each.companyKey) ?? null,
      OwnerId: ids.get(each.ownerKey) ?? org.userId,
      LastActivityDate: each.lastActivityAt ? day(each.lastActivityAt) : null,
    };
    ids.set(each.key, put(org, "Contact", values, each.createdAt));
  }
}

function seedDeals(org: Org, company: SeedOrganisation, ids: SeedIds): void {
  const stages = new Map(
    company.pipelines.flatMap((pipeline) => pipeline.stages.map((each) => [`${pipeline.key}/${each.key}`, each])),
  );
  for (const each of company.deals) {
    const at = stages.get(`${each.pipelineKey}/${each.stageKey}`);
    const probability = Math.round((at?.probability ?? 0) * 100);
    const values: Row = {
      Name: each.name.slice(0, 120),
      Amount: each.amount,
      StageName: at?.label ?? null,
      IsClosed: at?.isClosed ?? false,
      IsWon: at?.isWon ?? false,
      Probability: probability,
      ExpectedRevenue: each.amount === null ? null : (each.amount * probability) / 100,
      // Salesforce requires a close date: a deal without one gets the last day of the quarter.
      CloseDate: day(each.closeDate ?? quarterEnd(org.clock.now())),
      RecordTypeId: ids.get(`pipeline:${each.pipelineKey}`) ?? null,
      AccountId: ids.get(each.companyKey) ?? null,
      OwnerId: (each.ownerKey && ids.get(each.ownerKey)) || org.userId,
      NextStep: each.nextStep,
      Loss_Reason__c: each.lostReason,
      LastActivityDate: each.lastActivityAt ? day(each.lastActivityAt) : null,
      LastStageChangeDate: salesforceTime(each.stageSince),
      PushCount: each.pushes.length,
    };
    const id = put(org, "Opportunity", values, each.createdAt);
    ids.set(each.key, id);
    for (const [index, contact] of each.contacts.entries()) {
      put(
        org,
        "OpportunityContactRole",
        { OpportunityId: id, ContactId: ids.get(contact.key) ?? null, Role: contact.role, IsPrimary: index === 0 },
        each.createdAt,
      );
    }
  }
}

export function putUser(org: Org, firstName: string, lastName: string, email: string, active: boolean): string {
  return put(org, "User", {
    FirstName: firstName,
    LastName: lastName,
    Name: `${firstName} ${lastName}`,
    Email: email,
    Username: email,
    UserType: "Standard",
    TimeZoneSidKey: "Europe/Berlin",
    IsActive: active,
  });
}

function quarterEnd(at: Date): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), Math.floor(at.getUTCMonth() / 3) * 3 + 3, 0));
}

function stage(name: string, probability: number, isClosed = false, isWon = false): StageSeed {
  const forecast = isWon
    ? "Closed"
    : isClosed
      ? "Omitted"
      : probability >= 90
        ? "Commit"
        : probability >= 70
          ? "Best Case"
          : "Pipeline";
  return { name, probability, isClosed, isWon, forecast };
}

/** The org id of the `n`th simulated org. */
export function orgIdOf(n: number): string {
  return makeId("Organization", n);
}
