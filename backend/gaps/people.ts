/** Who the people from outside are in the CRM, and whose call it was. Pure. */
import { domainOfEmail, hostOfEmail, mailKind } from "../conversations/domains.ts";
import { type GapSettings, holdsWord } from "./gap-settings.ts";
import { isOwnAddress, isWithin, type OwnPeople, type Participant, type Side } from "./internal.ts";
import { byId, type Known, type KnownCompany, type KnownContact, survivorOf, timeOf } from "./known.ts";

export type CompanyMethod = "person" | "named" | "contact" | "host" | "registrable_domain";

export type Person = {
  ordinals: number[];
  email: string;
  /** Registrable domain of the address. */
  domain: string | null;
  name: string | null;
  contact: KnownContact | null;
  lead: { crm: "hubspot" | "salesforce"; id: string } | null;
  companies: { company: KnownCompany; method: CompanyMethod }[];
  /** Of an ignored domain, or known only at companies of an ignored type: no prospect. */
  ignored: boolean;
};

/**
 * The people from outside whose address is known, each once.
 * A contact's company goes before the domain of its address: the CRM was told who somebody works for.
 */
export function outsiders(
  participants: readonly Participant[],
  sides: ReadonlyMap<number, Side>,
  known: Known,
  settings: GapSettings,
): Person[] {
  const external = participants.filter((each) => each.email !== null && sides.get(each.ordinal) === "external");
  const byEmail = Map.groupBy(external, (each) => each.email!);
  return [...byEmail].map(([email, same]) => {
    const contacts = [...(known.contacts.get(email) ?? [])].sort(likelier);
    const found = ofContacts(contacts, known) ?? ofDomain(email, known);
    const companies = found.filter(({ company }) => !isIgnoredType(company, settings));
    return {
      ordinals: same.map((each) => each.ordinal),
      email,
      domain: domainOfEmail(email),
      name: same.find((each) => each.name !== null)?.name ?? (contacts[0]?.name || null),
      contact: contacts[0] ?? null,
      lead: contacts.length === 0 ? (known.leads.get(email) ?? null) : null,
      companies,
      ignored: isWithin(hostOfEmail(email), settings.ignored_domains) || (found.length > 0 && companies.length === 0),
    };
  });
}

export type Rep = { email: string | null; name: string | null; crm: string | null; ownerId: string | null };

/** The owner of the call, else the first of our own people in it; known to the CRM by the address. */
export function repOf(
  participants: readonly Participant[],
  sides: ReadonlyMap<number, Side>,
  hostEmail: string | null,
  own: OwnPeople,
  known: Known,
  crm: string | null,
): Rep {
  const host = hostEmail?.toLowerCase() ?? null;
  // The other side may have sent the invitation; where we don't know who we are, the host is the best guess.
  const hostIsOurs = host !== null && (isOwnAddress(host, own) || own.domains.length + own.addresses.size === 0);
  const first = [...participants]
    .sort((one, other) => one.ordinal - other.ordinal)
    .find((each) => each.email !== null && sides.get(each.ordinal) === "internal");
  const email = hostIsOurs ? host : (first?.email ?? null);
  if (email === null) return { email: null, name: null, crm: null, ownerId: null };
  const owners = known.owners.get(email) ?? [];
  const owner = owners.find((each) => each.crm === crm && each.active) ?? owners[0] ?? null;
  const told = participants.find((each) => each.email === email && each.name !== null)?.name ?? null;
  return { email, name: owner?.name || told, crm: owner?.crm ?? null, ownerId: owner?.id ?? null };
}

/** What stands for a company that the CRM does not know: the domain, or for free mail the address. */
export function keyWithoutCompany(people: readonly Person[]): string | null {
  const keys = people.flatMap((person) => {
    if (person.domain === null) return [];
    return mailKind(person.domain) === "company" ? `domain:${person.domain}` : `mail:${person.email}`;
  });
  const counts = Map.groupBy(keys, (key) => key);
  // A company's domain says more than somebody's own address, which sorts after it.
  const sorted = [...counts].sort(
    ([one, many], [other, others]) =>
      Number(one.startsWith("mail:")) - Number(other.startsWith("mail:")) ||
      others.length - many.length ||
      (one < other ? -1 : 1),
  );
  return sorted[0]?.[0] ?? null;
}

function ofContacts(contacts: readonly KnownContact[], known: Known): Person["companies"] | null {
  const found = contacts.flatMap(({ crm, companyId }) =>
    companyId === null ? [] : (survivorOf(known.companies, crm, companyId) ?? []),
  );
  const distinct = [...new Set(found)];
  return distinct.length === 0 ? null : distinct.map((company) => ({ company, method: "contact" }));
}

/** The exact host first: a university's student.x.edu is not x.edu where both are companies. */
function ofDomain(email: string, known: Known): Person["companies"] {
  const host = hostOfEmail(email);
  const domain = domainOfEmail(email);
  // CRMs hold companies whose domain says gmail.com; any other free mail is its company's when the CRM has one.
  if (host === null || domain === null || mailKind(domain) === "common") return [];
  const exact = known.companiesByDomain.get(host) ?? [];
  if (exact.length > 0) return exact.map((company) => ({ company, method: "host" }));
  return (known.companiesByDomain.get(domain) ?? []).map((company) => ({ company, method: "registrable_domain" }));
}

function isIgnoredType(company: KnownCompany, settings: GapSettings): boolean {
  return company.type !== null && holdsWord(company.type.replaceAll("_", " "), settings.ignored_company_types);
}

/** Several contacts with one address: the one whose own it is, then the busiest, then a stable order. */
function likelier(one: KnownContact, other: KnownContact): number {
  return (
    Number(other.byFirstEmail) - Number(one.byFirstEmail) ||
    timeOf(other.lastActivityAt) - timeOf(one.lastActivityAt) ||
    byId(one, other)
  );
}
