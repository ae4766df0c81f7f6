/** What the form for a new deal is filled with. */
import { expect, test } from "vitest";
import { type DraftParticipant, type DraftQuestion, draftDeal } from "../../backend/gaps/draft-deal.ts";

const now = new Date("2031-03-03T23:30:00Z");
const person = (email: string | null, more: Partial<DraftParticipant> = {}): DraftParticipant => ({
  ...{ name: null, email, side: "external", contact: null, lead: null },
  ...more,
});
const question: DraftQuestion = {
  crm: "hubspot",
  title: "Intro",
  url: "https://calls.test/7",
  startedAt: new Date("2031-03-01T09:00:00Z"),
  durationMinutes: 24.6,
  summary: "They want a pilot.",
  company: { name: "Acme Inc" },
  companyKey: "company:hubspot:1",
  rep: { email: "ann@us.test" },
  participants: [person("ann@us.test", { name: "Ann", side: "internal" }), person("jo@acme.com", { name: "Jo" })],
  ignoredDomains: [],
  stages: [
    { pipelineId: "a", stageId: "first", sortOrder: 0, isClosed: false },
    { pipelineId: "default", stageId: "won", sortOrder: 0, isClosed: true },
    { pipelineId: "default", stageId: "talk", sortOrder: 2, isClosed: false },
    { pipelineId: "default", stageId: "new", sortOrder: 1, isClosed: false },
  ],
  timeZone: "Europe/Berlin",
  currency: "EUR",
};
const draft = (more: Partial<DraftQuestion> = {}) => draftDeal({ ...question, ...more }, now);

test("a known company: everything is filled, the day of closing by the workspace's calendar", () => {
  expect(draft()).toEqual({
    crm: "hubspot",
    deal_name: "Acme Inc – Intro",
    amount: null,
    currency: "EUR",
    pipeline_id: "default",
    stage: "new",
    close_date: "2031-04-03",
    owner_email: "ann@us.test",
    company_to_create: null,
    contacts_to_associate: [],
    contacts_to_create: [{ name: "Jo", email: "jo@acme.com", title: null, is_lead: false }],
    notes:
      'From the call "Intro" of Mar 1, 2031, 25 minutes.\nWith Ann, Jo.\nhttps://calls.test/7\n\nThey want a pilot.',
  });
});

test.each([
  ["a title that names the company already", { title: "acme inc: Demo" }, "acme inc: Demo"],
  ["no company, a domain", { company: null, companyKey: "domain:blue-sky.co.uk" }, "Blue Sky – Intro"],
  ["no company, free mail", { company: null, companyKey: "mail:jo@gmail.com" }, "Jo – Intro"],
  ["no title", { title: " " }, "Acme Inc"],
  ["nothing at all", { title: "", company: null, companyKey: null, participants: [] }, "New deal"],
  ["a title beyond all measure", { title: "x".repeat(300) }, `Acme Inc – ${"x".repeat(108)}…`],
])("the name with %s", (_what, more, name) => {
  expect(draft(more).deal_name).toBe(name);
});

test("where the CRM knows no company one is made, named from the domain; free mail makes none", () => {
  expect(draft({ company: null, companyKey: "domain:acme.com" }).company_to_create).toEqual({
    name: "Acme",
    domain: "acme.com",
  });
  expect(draft({ company: null, companyKey: "mail:jo@gmail.com" }).company_to_create).toBeNull();
});

test("contacts that exist are associated, others made, leads flagged; colleagues, bots and ignored people are left out", () => {
  const participants = [
    person("a@acme.com", { contact: { crm: "hubspot", id: "9" } }),
    person("b@acme.com", { contact: { crm: "salesforce", id: "003" } }),
    person("c@acme.com", { lead: { crm: "salesforce", id: "00Q" } }),
    person("c@acme.com"),
    person("d@eu.agency.com"),
    person("fred@fireflies.ai", { side: "nobody" }),
    person(null, { name: "Caller" }),
  ];
  const { contacts_to_associate, contacts_to_create } = draft({ participants, ignoredDomains: ["agency.com"] });
  expect(contacts_to_associate).toEqual(["9"]);
  expect(contacts_to_create.map(({ email, is_lead }) => [email, is_lead])).toEqual([
    ["b@acme.com", false],
    ["c@acme.com", true],
  ]);
});

test("without a default pipeline the first open stage of the first one; without stages nothing is guessed", () => {
  const stages = question.stages.map((stage) => ({ ...stage, pipelineId: `p-${stage.pipelineId}` }));
  expect(draft({ stages })).toMatchObject({ pipeline_id: "p-a", stage: "first" });
  expect(draft({ stages: [] })).toMatchObject({ pipeline_id: null, stage: null });
});
