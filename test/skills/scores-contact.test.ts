/** The two scores of a contact, and seniority by job title: each factor at its edges, and what must hold for all. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  contactEngagement,
  contactEnrichment,
  type EngagementFacts,
  type EnrichmentFacts,
  type Seniority,
  seniorityOf,
} from "../../backend/skills/contact-scores.ts";
import { mergeScoring } from "../../backend/skills/weights.ts";
import { anyEngagement, anyEnrichment, anySettings, type Better, expectMonotone, expectSound } from "./scores-setup.ts";

const engaged: EngagementFacts = { conversations: 10, conversations90: 4, daysSinceLast: 2, openDeals: 1 };
const complete: EnrichmentFacts = {
  ...{ name: true, email: "work", phone: true, title: "Head of Sales", company: true, daysSinceActivity: 3 },
};

test.each<[Partial<EngagementFacts>, string, number, string]>([
  [{ daysSinceLast: -1 }, "conversation_recency", 35, "The last conversation was today."],
  [{ daysSinceLast: 1 }, "conversation_recency", 35, "The last conversation was 1 day ago."],
  [{ daysSinceLast: 7 }, "conversation_recency", 35, "The last conversation was 7 days ago."],
  [{ daysSinceLast: 9 }, "conversation_recency", 34, "The last conversation was 9 days ago."],
  [{ daysSinceLast: 88 }, "conversation_recency", 1, "The last conversation was 88 days ago."],
  [{ daysSinceLast: 90 }, "conversation_recency", 0, "The last conversation was 90 days ago."],
  [{ daysSinceLast: 1e6 }, "conversation_recency", 0, "The last conversation was 1000000 days ago."],
  [{ daysSinceLast: null }, "conversation_recency", 0, "There has been no conversation yet."],
  [{ conversations90: -1 }, "conversations_recent", 0, "No conversation in the last 90 days."],
  [{ conversations90: 1 }, "conversations_recent", 9, "1 conversation in the last 90 days."],
  [{ conversations90: 3 }, "conversations_recent", 26, "3 conversations in the last 90 days."],
  [{ conversations90: 5 }, "conversations_recent", 35, "5 conversations in the last 90 days."],
  [{ conversations: 0 }, "conversations_all", 0, "No conversation so far."],
  [{ conversations: 1 }, "conversations_all", 2, "1 conversation so far."],
  [{ conversations: 9 }, "conversations_all", 14, "9 conversations so far."],
  [{ conversations: 11 }, "conversations_all", 15, "11 conversations so far."],
  [{ openDeals: 0 }, "open_deals", 0, "Part of no open deal."],
  [{ openDeals: 1 }, "open_deals", 15, "Part of 1 open deal."],
  [{ openDeals: 2 }, "open_deals", 15, "Part of 2 open deals."],
])("a contact with %j: %s gives %i", (change, key, points, sentence) => {
  const { factors } = contactEngagement({ ...engaged, ...change });
  expect(factors.find((each) => each.key === key)).toMatchObject({ points, sentence });
});

test.each<[Partial<EnrichmentFacts>, string, number, string]>([
  [{}, "name", 10, "The name is known."],
  [{ name: false }, "name", 0, "The name is missing."],
  [{}, "role", 20, "There is a job title."],
  [{ title: null }, "role", 0, "There is no job title."],
  [{ title: " - " }, "role", 0, "There is no job title."],
  [{ title: "CEO" }, "seniority", 15, "By the job title, the contact is at the top of the company."],
  [{ title: "VP Sales" }, "seniority", 15, "By the job title, the contact is a vice president."],
  [{}, "seniority", 15, "By the job title, the contact is a director or head of."],
  [{ title: "Team Lead" }, "seniority", 15, "By the job title, the contact is a manager or team lead."],
  [{ title: "Engineer" }, "seniority", 15, "By the job title, the contact is a member of a team."],
  [{ title: "Wizard" }, "seniority", 0, "How senior the contact is can't be told."],
  [{ title: null }, "seniority", 0, "How senior the contact is can't be told."],
  [{}, "reachability", 30, "There is a work e-mail address and a phone number."],
  [{ phone: false }, "reachability", 18, "There is a work e-mail address and no phone number."],
  [{ email: "free" }, "reachability", 23, "There is a private e-mail address and a phone number."],
  [{ email: "free", phone: false }, "reachability", 11, "There is a private e-mail address and no phone number."],
  [{ email: "none" }, "reachability", 12, "There is no e-mail address and a phone number."],
  [{ email: "none", phone: false }, "reachability", 0, "There is no e-mail address and no phone number."],
  [{}, "company", 15, "The contact belongs to a company."],
  [{ company: false }, "company", 0, "The contact belongs to no company."],
  [{ daysSinceActivity: -1 }, "recency", 10, "There was activity today."],
  [{ daysSinceActivity: 1 }, "recency", 10, "The last activity was 1 day ago."],
  [{ daysSinceActivity: 30 }, "recency", 10, "The last activity was 30 days ago."],
  [{ daysSinceActivity: 50 }, "recency", 9, "The last activity was 50 days ago."],
  [{ daysSinceActivity: 340 }, "recency", 1, "The last activity was 340 days ago."],
  [{ daysSinceActivity: 365 }, "recency", 0, "The last activity was 365 days ago."],
  [{ daysSinceActivity: 366 }, "recency", 0, "The last activity was 366 days ago."],
  [{ daysSinceActivity: null }, "recency", 0, "No activity is recorded."],
])("knowing %j of a contact: %s gives %i", (change, key, points, sentence) => {
  const { factors } = contactEnrichment({ ...complete, ...change });
  expect(factors.find((each) => each.key === key)).toMatchObject({ points, sentence });
});

test("the most engaged and the completest contact have 100, an unknown one 0", () => {
  expect([contactEngagement(engaged).score, contactEnrichment(complete).score]).toEqual([100, 100]);
  const stranger = { conversations: 0, conversations90: 0, daysSinceLast: null, openDeals: 0 };
  const blank = { name: false, email: "none" as const, phone: false, title: null, company: false };
  expect(contactEngagement(stranger).score).toBe(0);
  expect(contactEnrichment({ ...blank, daysSinceActivity: null }).score).toBe(0);
});

test("an admin's weights and limits count", () => {
  const settings = mergeScoring({
    contact_engagement_score: { weights: { open_deals: 100 }, thresholds: { open_deals_full: 4 } },
    contact_enrichment_score: { thresholds: { recency_full_days: 0, recency_none_days: 3 } },
  });
  expect(contactEngagement(engaged, settings).factors.at(-1)).toMatchObject({ points: 14, max: 54 });
  expect(contactEnrichment(complete, settings).factors.at(-1)).toMatchObject({ key: "recency", points: 0, max: 10 });
});

test("all contacts and settings: both scores are sound", () => {
  fc.assert(
    fc.property(anyEngagement, anyEnrichment, anySettings, (engagement, enrichment, settings) => {
      expectSound(contactEngagement(engagement, settings));
      expectSound(contactEnrichment(enrichment, settings));
    }),
  );
});

const moreEngaged: Better<EngagementFacts>[] = [
  ["more conversations", (facts, more) => ({ ...facts, conversations: facts.conversations + more })],
  ["more recent conversations", (facts, more) => ({ ...facts, conversations90: facts.conversations90 + more })],
  ["a later conversation", (facts, more) => ({ ...facts, daysSinceLast: (facts.daysSinceLast ?? 95) - more })],
  ["any conversation", (facts, more) => ({ ...facts, daysSinceLast: more === 0 ? null : 120 - 3 * more })],
  ["more open deals", (facts, more) => ({ ...facts, openDeals: facts.openDeals + more })],
];

test.each(moreEngaged)("%s never lowers engagement", (_, better) => {
  expectMonotone(anyEngagement, better, contactEngagement);
});

const mails = ["none", "free", "work"] as const;
const better: Better<EnrichmentFacts>[] = [
  ["a name", (facts, more) => ({ ...facts, name: facts.name || more > 0 })],
  ["a better address", (facts, more) => ({ ...facts, email: mails[Math.min(2, mails.indexOf(facts.email) + more)]! })],
  ["a phone number", (facts, more) => ({ ...facts, phone: facts.phone || more > 0 })],
  ["a title", (facts, more) => ({ ...facts, title: more === 0 ? null : (facts.title ?? "Engineer") })],
  ["a company", (facts, more) => ({ ...facts, company: facts.company || more > 0 })],
  ["later activity", (facts, more) => ({ ...facts, daysSinceActivity: (facts.daysSinceActivity ?? 370) - more })],
  ["any activity", (facts, more) => ({ ...facts, daysSinceActivity: more === 0 ? null : 400 - 10 * more })],
];

test.each(better)("%s never lowers completeness", (_, change) => {
  expectMonotone(anyEnrichment, change, contactEnrichment);
});

const titles: Record<Seniority | "null", string> = {
  c_level: `CEO|C.E.O.|cfo|Chief Executive Officer|Chief Information Security Officer|Managing Director|Owner|Business Owner
    Co-Founder & CTO|President|President, EMEA|Partner|Managing Partner|Chairwoman|Member of the Board of Directors
    Geschäftsführer|Geschäftsführer:in|Geschaeftsfuehrerin|Geschäftsführer*in (m/w/d)|Mitglied des Vorstands|Vorstand|Inhaberin
    Directeur général|Présidente|PDG|Président-directeur général|Fondateur·rice|Gérant
    Director general|Director ejecutivo|Gerente general|Consejero delegado|Propietaria`,
  vp: `VP|VP of Sales|V.P. of Engineering|Vice President|Vice President, Sales|Vice President of Sales & Marketing|SVP Product
    Assistant Vice President|Vice President and Assistant General Counsel|Vice-président|Vicepresidenta|Vizepräsident`,
  director: `Director|Director of Sales|Assistant Director|Executive Director|Head of Marketing|Head|Sales - Director|Chief of Staff
    Chief of Staff to the CEO|Director, Go-to-Market|General Counsel & Secretary|International Director
    Vertriebsleiter|Leiter Marketing|Leiter/in Einkauf|Marketingleitung|Kaufmännischer Leiter|Prokurist
    Directrice commerciale|Directeur/Directrice d'agence|Directeur adjoint|DRH|Directora de Ventas|Director/a de marketing`,
  manager: `Account Manager|Manager|Managerin|Team Lead|Assistant Manager|Partner Manager|Head Nurse|Supervisor
    Teamleiterin|Projektleiter|Responsable commercial|Chef d'équipe|Chef de projet|Jefa de compras|Gerente de ventas`,
  individual: `Assistant to the CEO|Assistant to the CEO and CFO|CEO's Assistant|Executive Assistant, Office of the CEO|EA to CFO
    Advisor to the Board|Executive Secretary|Marketing Intern|Intern, CEO Office|Founder’s Associate|Product Owner
    HR Business Partner|Account Executive|Software Engineer|Lead Generation Specialist|Student
    Assistentin der Geschäftsführung|Vorstandsassistentin|Vorstandsreferent|Sekretärin des Vorstands|Leiterplattenentwickler
    Assistante de direction|Chargée de communication|Asistente de dirección|Ingeniero de software|Verkäufer`,
  null: "Wizard of Light Bulb Moments|123| |Former CEO|Office of the CTO|Zugbegleiter|Cooking|Directorate|Presidential",
};

test.each(Object.entries(titles))("the level %s", (level, list) => {
  for (const title of list.split(/\||\n\s*/)) expect([title, String(seniorityOf(title))]).toEqual([title, level]);
});

test("no title says nothing; letter case and blanks around it don't matter", () => {
  expect([seniorityOf(null), seniorityOf("")]).toEqual([null, null]);
  const all = Object.values(titles).flatMap((list) => list.split(/\||\n\s*/));
  for (const title of all) {
    expect([title, seniorityOf(` ${title.toUpperCase()} `)]).toEqual([title, seniorityOf(title)]);
  }
});

test("whatever stands in a title, it is read, and whoever assists is never called senior", () => {
  const level = (title: string) => seniorityOf(title);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (title) => {
      expect([null, "c_level", "vp", "director", "manager", "individual"]).toContain(level(title));
    }),
  );
  const boss = fc.constantFrom(
    "CEO",
    "Managing Director",
    "VP Sales",
    "President",
    "Board",
    "Director of Sales",
    "CFO",
  );
  fc.assert(
    fc.property(boss, fc.constantFrom("to the", "to", "to our"), (who, to) => {
      expect(level(`Assistant ${to} ${who}`)).toBe("individual");
      expect(level(`Executive Assistant ${to} ${who} and ${who}`)).toBe("individual");
    }),
  );
});
