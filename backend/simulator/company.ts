/**
 * A seeded, believable sales organisation, as plain data: both simulators load it, so the demo and the tests see the
 * same people and deals in either CRM.
 */
import {
  cities,
  contactRoles,
  dealThemes,
  firmName,
  firstNames,
  lastNames,
  mailName,
  teams,
  titles,
} from "./company-names.ts";
import { mulberry32 } from "./faults.ts";

export type SeedOwner = {
  key: string;
  firstName: string;
  lastName: string;
  email: string;
  team: string;
  active: boolean;
};
export type SeedCompany = {
  key: string;
  name: string;
  domain: string;
  industry: string;
  employees: number;
  annualRevenue: number;
  city: string;
  type: "PROSPECT" | "CUSTOMER" | "PARTNER" | "VENDOR";
  ownerKey: string;
  createdAt: Date;
};
export type SeedContact = {
  key: string;
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  seniority: string;
  phone: string | null;
  companyKey: string;
  ownerKey: string;
  createdAt: Date;
  lastActivityAt: Date | null;
};
export type SeedStage = { key: string; label: string; probability: number; isClosed: boolean; isWon: boolean };
export type SeedPipeline = { key: string; label: string; stages: SeedStage[] };
export type SeedDeal = {
  key: string;
  name: string;
  /** Null for one in twenty, as in real portals. */
  amount: number | null;
  pipelineKey: string;
  stageKey: string;
  stageSince: Date;
  closeDate: Date | null;
  ownerKey: string | null;
  companyKey: string;
  /** The first one is the primary. */
  contacts: { key: string; role: string }[];
  createdAt: Date;
  lastActivityAt: Date | null;
  nextStep: string | null;
  lostReason: string | null;
  /** Earlier close dates and amounts, oldest first. */
  pushes: { at: Date; closeDate: Date; amount: number | null }[];
};
export type SeedOrganisation = {
  name: string;
  domain: string;
  owners: SeedOwner[];
  companies: SeedCompany[];
  contacts: SeedContact[];
  pipelines: SeedPipeline[];
  deals: SeedDeal[];
};

export type CompanyOptions = {
  seed: number;
  /** The day the data looks back from, UTC. */
  now: Date;
  deals?: number;
  companies?: number;
  contacts?: number;
  owners?: number;
};

const dayMs = 86_400_000;

/** Makes the organisation. The same options give the same data. */
export function generateCompany(options: CompanyOptions): SeedOrganisation {
  const dice = createDice(options.seed);
  const now = options.now.getTime();
  const owners = Array.from({ length: options.owners ?? 12 }, (_, i) => makeOwner(i));
  const companies = Array.from({ length: options.companies ?? 600 }, (_, i) => makeCompany(i, owners, dice, now));
  const contacts = companies.length === 0 ? [] : makeContacts(options.contacts ?? 3000, companies, dice, now);
  const staff = new Map<string, SeedContact[]>();
  for (const contact of contacts) staff.set(contact.companyKey, [...(staff.get(contact.companyKey) ?? []), contact]);
  const deals =
    companies.length === 0
      ? []
      : Array.from({ length: options.deals ?? 2000 }, (_, i) => {
          // A third of the firms hold most deals, so that some have several and some none.
          const company = companies[Math.floor(dice.next() ** 1.7 * companies.length)]!;
          return makeDeal(i, company, staff.get(company.key) ?? [], dice, now);
        });
  return { name: "Acme Cloud", domain: "acme-cloud.example", owners, companies, contacts, pipelines, deals };
}

/** New business and renewals; probabilities 0–1. */
export const pipelines: SeedPipeline[] = [
  {
    key: "default",
    label: "Sales Pipeline",
    stages: [
      { key: "appointmentscheduled", label: "Appointment Scheduled", probability: 0.2, isClosed: false, isWon: false },
      { key: "qualifiedtobuy", label: "Qualified To Buy", probability: 0.4, isClosed: false, isWon: false },
      {
        key: "presentationscheduled",
        label: "Presentation Scheduled",
        probability: 0.6,
        isClosed: false,
        isWon: false,
      },
      {
        key: "decisionmakerboughtin",
        label: "Decision Maker Bought-In",
        probability: 0.8,
        isClosed: false,
        isWon: false,
      },
      { key: "contractsent", label: "Contract Sent", probability: 0.9, isClosed: false, isWon: false },
      { key: "closedwon", label: "Closed Won", probability: 1, isClosed: true, isWon: true },
      { key: "closedlost", label: "Closed Lost", probability: 0, isClosed: true, isWon: false },
    ],
  },
  {
    key: "renewals",
    label: "Renewals",
    stages: [
      { key: "renewal_upcoming", label: "Upcoming", probability: 0.5, isClosed: false, isWon: false },
      { key: "renewal_negotiation", label: "Negotiation", probability: 0.75, isClosed: false, isWon: false },
      { key: "renewal_won", label: "Renewed", probability: 1, isClosed: true, isWon: true },
      { key: "renewal_lost", label: "Churned", probability: 0, isClosed: true, isWon: false },
    ],
  },
];

function makeOwner(i: number): SeedOwner {
  const firstName = firstNames[(i * 7 + 3) % firstNames.length]!;
  const lastName = lastNames[(i * 11 + 5) % lastNames.length]!;
  const email = `${mailName(firstName, lastName)}@acme-cloud.example`;
  // The last one has left; deals of people who left exist everywhere.
  return {
    key: `owner-${i}`,
    firstName,
    lastName,
    email,
    team: teams[i % teams.length]!,
    active: i === 0 || i % 12 !== 11,
  };
}

function makeCompany(i: number, owners: SeedOwner[], dice: Dice, now: number): SeedCompany {
  const { name, domain, industry } = firmName(i);
  const employees = Math.round(10 * 10 ** (dice.next() * 3));
  const type = dice.chance(0.3)
    ? "CUSTOMER"
    : dice.chance(0.06)
      ? "PARTNER"
      : dice.chance(0.04)
        ? "VENDOR"
        : "PROSPECT";
  return {
    key: `company-${i}`,
    name,
    domain,
    industry,
    employees,
    annualRevenue: employees * dice.between(80, 300) * 1000,
    city: dice.pick(cities),
    type,
    ownerKey: dice.pick(owners).key,
    createdAt: new Date(now - dice.between(200, 1200) * dayMs),
  };
}

function makeContacts(count: number, companies: SeedCompany[], dice: Dice, now: number): SeedContact[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const company = companies[i < companies.length ? i : Math.floor(dice.next() * companies.length)]!;
    const firstName = dice.pick(firstNames);
    const lastName = dice.pick(lastNames);
    let email = `${mailName(firstName, lastName)}@${company.domain}`;
    if (taken.has(email)) email = `${mailName(firstName, lastName)}${i}@${company.domain}`;
    taken.add(email);
    const [title, seniority] = dice.pick(titles);
    return {
      key: `contact-${i}`,
      firstName,
      lastName,
      email,
      title,
      seniority,
      phone: dice.chance(0.6) ? `+1 555 01${String(i % 100).padStart(2, "0")}` : null,
      companyKey: company.key,
      ownerKey: company.ownerKey,
      createdAt: new Date(company.createdAt.getTime() + dice.between(0, 150) * dayMs),
      lastActivityAt: dice.chance(0.7) ? new Date(now - dice.between(0, 120) * dayMs) : null,
    };
  });
}

function makeDeal(i: number, company: SeedCompany, staff: SeedContact[], dice: Dice, now: number): SeedDeal {
  const pipeline = company.type === "CUSTOMER" && dice.chance(0.5) ? pipelines[1]! : pipelines[0]!;
  const stage = dice.chance(0.45)
    ? dice.pick(pipeline.stages.filter((each) => each.isClosed))
    : dice.pick(pipeline.stages.filter((each) => !each.isClosed));
  const age = dice.between(5, stage.isClosed ? 420 : 160);
  const createdAt = new Date(now - age * dayMs);
  const idle = Math.min(age, Math.floor(dice.next() ** 2 * 60));
  const amount = dice.chance(0.05) ? null : Math.round((2000 * 10 ** (dice.next() * 2)) / 50) * 50;
  const closeDate = dice.chance(0.04)
    ? null
    : startOfDay(stage.isClosed ? now - idle * dayMs : now + dice.between(-15, 90) * dayMs);
  const theme = pipeline.key === "renewals" ? "Renewal" : dice.pick(dealThemes);
  const year = (closeDate ?? new Date(now)).getUTCFullYear();
  const pushes =
    closeDate && dice.chance(0.35) ? makePushes(dice.between(1, 4), closeDate, amount, createdAt, now) : [];
  return {
    key: `deal-${i}`,
    name: `${company.name} – ${theme} ${year}`,
    amount,
    pipelineKey: pipeline.key,
    stageKey: stage.key,
    stageSince: new Date(now - Math.min(age, dice.between(idle, idle + 40)) * dayMs),
    closeDate,
    ownerKey: dice.chance(0.03) ? null : company.ownerKey,
    companyKey: company.key,
    contacts: dice
      .some(staff, dice.between(0, 4))
      .map((contact) => ({ key: contact.key, role: dice.pick(contactRoles) })),
    createdAt,
    lastActivityAt: dice.chance(0.1) ? null : new Date(now - idle * dayMs),
    nextStep:
      !stage.isClosed && dice.chance(0.4)
        ? dice.pick(["Send revised quote", "Book security review", "Call on Thursday"])
        : null,
    lostReason:
      stage.isClosed && !stage.isWon
        ? dice.pick(["Price", "No decision", "Chose a competitor", "Budget frozen"])
        : null,
    pushes,
  };
}

function makePushes(
  count: number,
  closeDate: Date,
  amount: number | null,
  createdAt: Date,
  now: number,
): SeedDeal["pushes"] {
  const step = Math.max(dayMs, Math.floor((now - createdAt.getTime()) / (count + 1)));
  return Array.from({ length: count }, (_, i) => ({
    at: new Date(createdAt.getTime() + step * (i + 1)),
    closeDate: new Date(closeDate.getTime() - (count - i) * 30 * dayMs),
    amount: amount === null ? null : Math.round((amount * (1 + (count - i) * 0.1)) / 50) * 50,
  }));
}

function startOfDay(ms: number): Date {
  return new Date(Math.floor(ms / dayMs) * dayMs);
}

type Dice = {
  /** [0, 1) */
  next(): number;
  chance(share: number): boolean;
  /** Whole number, both ends included. */
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  /** Up to `count` different ones. */
  some<T>(from: readonly T[], count: number): T[];
};

function createDice(seed: number): Dice {
  const next = mulberry32(seed);
  return {
    next,
    chance: (share) => next() < share,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (from) => from[Math.floor(next() * from.length)]!,
    some: (from, count) => {
      const start = Math.floor(next() * Math.max(1, from.length));
      return Array.from({ length: Math.min(count, from.length) }, (_, i) => from[(start + i) % from.length]!);
    },
  };
}
