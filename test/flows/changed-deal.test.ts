/** A record changed in the CRM → mirror → skill → write-back → the CRM shows it, with exactly so many calls and no more. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type MappingDraftInput, mappingDraft } from "../../backend/contract/mappings.ts";
import type { CrmType, ObjectType } from "../../backend/crm/port.ts";
import type { Tx } from "../../backend/db.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { generateCompany } from "../../backend/simulator/company.ts";
import { createMapping } from "../../backend/writeback/mappings.ts";
import { install, type Setup, setUp } from "../connections/setup.ts";

// Ahead of the database's own clock, so that a job that has to wait is held by both.
const start = new Date("2031-03-03T09:00:00Z");
const company = generateCompany({ seed: 7, now: start, deals: 60, companies: 30, contacts: 80, owners: 3 });

/** The same words for both CRMs' people. */
const words = {
  hubspot: {
    number: "pandora_score",
    employees: "numberofemployees",
    text: "description",
    close: "closedate",
    amount: "amount",
    industry: "industry",
    title: "jobtitle",
    id: (s: Setup, key: string) => s.hubspot.idOf(key)!,
    edit: (s: Setup, type: string, id: string, set: Record<string, string | null>) => s.hubspot.edit(type, id, set),
    value: (s: Setup, type: string, id: string, name: string) => s.hubspot.record(type, id)?.properties[name] ?? null,
    property: (s: Setup, type: string, name: string) =>
      s.hubspot.addProperty(type, { name, label: name, type: "number", fieldType: "number" }),
    calls: (s: Setup) => s.hubspot.stats().calls,
    written: (s: Setup) => s.hubspot.history().filter((row) => row.by === "api").length,
  },
  salesforce: {
    number: "Pandora_Score__c",
    employees: "NumberOfEmployees",
    text: "Description",
    close: "CloseDate",
    amount: "Amount",
    industry: "Industry",
    title: "Title",
    id: (s: Setup, key: string) => s.salesforce.ids.get(key)!,
    edit: (s: Setup, type: string, id: string, set: Record<string, string | null>) => s.salesforce.edit(type, id, set),
    value: (s: Setup, type: string, id: string, name: string) =>
      (s.salesforce.record(type, id)?.properties as Record<string, string | null> | undefined)?.[name] ?? null,
    property: (s: Setup, type: string, name: string) =>
      s.salesforce.addField(type, name, "double", { label: name, scale: 0, precision: 5 }),
    calls: (s: Setup) => s.salesforce.stats().calls,
    written: (s: Setup) => s.salesforce.history().filter((row) => row.by === "api").length,
  },
};

/** Stages and owners (those who left too), what each object has, what changed and what was deleted of each. */
const hubSpotRound = {
  "GET /crm/pipelines/:version/:objectType": 1,
  "GET /crm/owners/:version": 2,
  "GET /crm/properties/:version/:objectType": 3,
  "POST /crm/objects/:version/:objectType/search": 3,
  "GET /crm/objects/:version/:objectType": 3,
};
/** The same; deletions come with the changes, and leads are looked at too. */
const salesforceRound = {
  "GET /services/data/:version/query": 3,
  "GET /services/data/:version/ui-api/object-info/:type/picklist-values/:recordType/:field": 2,
  "GET /services/data/:version/sobjects/:type/describe": 3,
  "GET /services/data/:version/queryAll": 4,
};

/** What each step asks of the CRM: these calls, and no other. */
const expected = {
  hubspot: {
    // Stages and owners (those who left too), what each object has, and a page of changes of each.
    quiet: hubSpotRound,
    // A deal is listed without its company and its people, a contact without its company.
    deal: { ...hubSpotRound, "POST /crm/associations/:version/:from/:to/batch/read": 2 },
    company: hubSpotRound,
    contact: { ...hubSpotRound, "POST /crm/associations/:version/:from/:to/batch/read": 1 },
    // What the properties take; the record as it stands; all its values in one.
    write: {
      "GET /crm/properties/:version/:objectType": 1,
      "POST /crm/objects/:version/:objectType/batch/read": 1,
      "POST /crm/objects/:version/:objectType/batch/update": 1,
    },
  },
  salesforce: {
    quiet: salesforceRound,
    deal: salesforceRound,
    company: salesforceRound,
    contact: salesforceRound,
    write: {
      "GET /services/data/:version/sobjects/:type/describe": 1,
      "POST /services/data/:version/composite/sobjects/:type": 1,
      "PATCH /services/data/:version/composite/sobjects": 1,
    },
  },
};

const won = company.deals.filter((deal) => ["closedwon", "renewal_won"].includes(deal.stageKey));
const customers = company.companies.filter(({ key }) => won.some((deal) => deal.companyKey === key));
const commonest = [...Map.groupBy(customers, ({ industry }) => industry)].sort(
  (one, other) => other[1].length - one[1].length,
)[0]![0];

/** A promising deal, a firm of another trade than most customers, somebody whose title tells they are no director. */
const subjects = {
  deal: company.deals.find(
    (deal) => deal.amount && deal.closeDate && /^contract|^decision/.test(deal.stageKey) && deal.contacts.length > 0,
  )!,
  company: company.companies.find(
    ({ industry, key }) => industry !== commonest && !customers.some((c) => c.key === key),
  )!,
  contact: company.contacts.find(({ seniority }) => /manager|individual|staff/.test(seniority))!,
};

const closed = new Set(["closedwon", "closedlost", "renewal_won", "renewal_lost"]);
const openDealsAt = (companyKey: string) =>
  company.deals.filter((deal) => deal.companyKey === companyKey && !closed.has(deal.stageKey)).length;

type Mapped = [field: string, type: ObjectType, property: string];
type Connected = Awaited<ReturnType<typeof connected>>;

async function connected(crm: CrmType, mappings: Mapped[]) {
  const setup = await setUp({ company });
  const { house } = setup;
  const its = words[crm];
  house.clock.set(start);
  for (const type of ["deal", "company", "contact"]) {
    its.property(setup, type, its.number);
  }
  const id = await install(setup, crm);
  const handlers = createHandlers(house);
  const drain = () => house.queue.drain(handlers, house.clock);
  const inside = <T>(work: (tx: Tx) => Promise<T>) => house.db.withWorkspace(id, work);
  const record = (type: ObjectType) => its.id(setup, subjects[type].key);
  const t = {
    ...{ crm, setup, house, its },
    edit: (type: ObjectType, set: Record<string, string | null>) => its.edit(setup, type, record(type), set),
    shown: (type: ObjectType, name: string) => its.value(setup, type, record(type), name),
    /** What Pandora holds for a record. */
    found: async (type: ObjectType) => {
      const rows = await inside(
        (tx) => tx<{ field: string; value: string | number }[]>`
          select field, value from record_values
          where workspace_id = ${id} and object_type = ${type} and crm_record_id = ${record(type)}`,
      );
      return Object.fromEntries(rows.map(({ field, value }) => [field, value]));
    },
    /** Works off what was put off until more has changed. */
    settle: async () => {
      house.clock.advance(31_000);
      await drain();
    },
    round: async () => {
      const job = { kind: "mirror.round", payload: { workspace_id: id, crm }, key: `${id}:${crm}` } as const;
      await inside((tx) => house.queue.enqueue(tx, job));
      await drain();
    },
    map: (field: string, type: ObjectType, name: string) => {
      const draft: MappingDraftInput = {
        ...{ request_id: randomUUID(), crm_type: crm, pandora_field: field, crm_object_type: type },
        ...{ crm_property_name: name, sync_trigger: "after_skill_run", write_mode: "overwrite" },
      };
      return createMapping(house, id, mappingDraft.parse(draft), "ada");
    },
    /** Calls of a step, by path. */
    counted: async (step: () => Promise<unknown>) => {
      const before = its.calls(setup);
      await step();
      const grown = Object.entries(its.calls(setup)).map(([name, n]) => [name, n - (before[name] ?? 0)] as const);
      return Object.fromEntries(grown.filter(([, n]) => n > 0));
    },
    /** Skill runs and syncs that began since it was asked last. */
    news: async () => {
      const since = told;
      told = house.clock.now();
      return inside(async (tx) => ({
        runs: (
          await tx<{ text: string }[]>`
            select skill || ' ' || records || ' ' || changed as text from skill_runs
            where workspace_id = ${id} and created_at > ${since} order by skill`
        ).map(({ text }) => text),
        syncs: await tx<{ trigger: string; status: string; written: number }[]>`
          select trigger, status, (totals ->> 'written')::int as written from sync_runs
          where workspace_id = ${id} and created_at > ${since} order by trigger`,
      }));
    },
  };
  let told = new Date(0);
  await drain();
  await t.settle();
  await t.round();
  await t.settle();
  // What the audit found counts in the scores.
  await t.settle();
  for (const [field, type, name] of mappings) await t.map(field, type, name);
  expect((await t.news()).syncs).toEqual([]);
  expect(its.written(setup)).toBe(0);
  return t;
}

const crms = ["hubspot", "salesforce"] as const;

/** A round in which nothing changed, and the wait after it. @param echo the record that Pandora wrote just before */
async function quiet(t: Connected, echo?: ObjectType) {
  t.house.clock.advance(300_000);
  // The CRM tells of Pandora's write as of any change, once.
  expect(await t.counted(t.round)).toEqual(expected[t.crm][echo ?? "quiet"]);
  expect(await t.counted(t.settle)).toEqual({});
  expect(await t.news()).toEqual({ runs: [], syncs: [] });
}

/** Somebody changes the record; what it takes until the CRM shows what Pandora makes of it. */
async function change(t: Connected, type: ObjectType, set: Record<string, string | null>) {
  await quiet(t);
  t.house.clock.advance(300_000);
  t.edit(type, set);
  const before = await t.found(type);
  expect(await t.counted(t.round)).toEqual(expected[t.crm][type]);
  // Debounced: nothing is analysed while more may come.
  expect(await t.found(type)).toEqual(before);
  expect(await t.counted(t.settle)).toEqual(expected[t.crm].write);
  return { ...(await t.news()), before, now: await t.found(type), values: t.its.written(t.setup) };
}

test.each(crms)("%s shows the score and text of a deal that changed; then all is quiet", async (crm) => {
  const t = await connected(crm, [
    ["deal_score", "deal", words[crm].number],
    ["deal_risk_summary", "deal", words[crm].text],
    ["account_score", "company", words[crm].number],
    ["contact_engagement_score", "contact", words[crm].number],
  ]);
  const { its } = t;
  const deal = await change(t, "deal", { [its.close]: "2031-12-31", [its.amount]: "100" });
  expect(deal.runs).toEqual([
    `account-score ${1 + openDealsAt(subjects.deal.companyKey)} 0`,
    `contact-engagement ${subjects.deal.contacts.length} 0`,
    "deal-score 1 1",
  ]);
  expect(deal.syncs).toEqual([{ trigger: "skill_run:deal-score", status: "completed", written: 2 }]);
  expect(deal.values).toBe(2);
  expect(deal.now["deal_score"]).toBeLessThan(deal.before["deal_score"] as number);
  expect(deal.now["deal_risk_summary"]).toContain("Its close date is 303 days away.");
  expect(t.shown("deal", its.number)).toBe(String(deal.now["deal_score"]));
  expect(t.shown("deal", its.text)).toBe(deal.now["deal_risk_summary"]);
  await quiet(t, "deal");
  await quiet(t);
});

test.each(crms)("%s: a company's new industry moves its score with fit, and writing it moves nothing", async (crm) => {
  // The number of employees is mirrored: once Pandora writes it, it is no fact, and its change sets nothing off.
  const t = await connected(crm, [
    ["account_score", "company", words[crm].number],
    ["enhanced_account_score", "company", words[crm].employees],
  ]);
  const { its } = t;
  const firm = await change(t, "company", { [its.industry]: commonest });
  // How it fits is said on its deals too.
  const told = 1 + openDealsAt(subjects.company.key);
  expect(firm.runs).toEqual([`account-score ${told} ${told}`]);
  expect(firm.syncs).toEqual([{ trigger: "skill_run:account-score", status: "completed", written: 1 }]);
  expect(firm.values).toBe(1);
  // The account score does not look at the industry: equal, and not written.
  expect(firm.now["account_score"]).toBe(firm.before["account_score"]);
  expect(t.shown("company", its.number)).toBeNull();
  expect(firm.now["enhanced_account_score"]).toBeGreaterThan(firm.before["enhanced_account_score"] as number);
  expect(t.shown("company", its.employees)).toBe(String(firm.now["enhanced_account_score"]));
  await quiet(t, "company");
  await quiet(t);
});

test.each(crms)("%s: a contact who loses the job title is known less well", async (crm) => {
  const t = await connected(crm, [
    ["contact_enrichment_score", "contact", words[crm].number],
    ["account_score", "company", words[crm].number],
  ]);
  const { its } = t;
  const person = await change(t, "contact", { [its.title]: null });
  expect(person.runs).toEqual([
    `account-score ${1 + openDealsAt(subjects.contact.companyKey)} 0`,
    "contact-engagement 1 0",
    "contact-enrichment 1 1",
  ]);
  expect(person.syncs).toEqual([{ trigger: "skill_run:contact-enrichment", status: "completed", written: 1 }]);
  expect(person.values).toBe(1);
  // Role and seniority.
  expect(person.now["contact_enrichment_score"]).toBe((person.before["contact_enrichment_score"] as number) - 35);
  expect(t.shown("contact", its.number)).toBe(String(person.now["contact_enrichment_score"]));
  await quiet(t, "contact");
  await quiet(t);
});
