/** Who is one of us, and whether a call went beyond the house. Pure. */
import { domainOfEmail, hostOfEmail, mailKind } from "../conversations/domains.ts";
import { isNobody } from "../conversations/nobody.ts";
import { holdsWord } from "./gap-settings.ts";

export type Told = "internal" | "external" | "unknown";
export type Side = Told | "nobody";

export type Participant = {
  ordinal: number;
  name: string | null;
  /** Lower case. */
  email: string | null;
  /** What the source says. */
  affiliation: Told;
};

/** What makes somebody one of us. */
export type OwnPeople = {
  /** A host is internal when it is one of these, or below one. */
  domains: readonly string[];
  /** Addresses of ours wherever their mail is: owners, aliases. */
  addresses: ReadonlySet<string>;
};

export type JudgedAudience = {
  audience: Told;
  /** For people to read. */
  reason: string;
  /** By ordinal. */
  sides: Map<number, Side>;
};

/**
 * Addresses decide where there are any; without them the source decides; a title never does.
 * @param call.scopeHint what the source says of the whole call
 */
export function judgeAudience(
  participants: readonly Participant[],
  call: { title: string; scopeHint: Told },
  own: OwnPeople,
  internalWords: readonly string[],
): JudgedAudience {
  const sides = new Map(participants.map((person) => [person.ordinal, sideOf(person, own)]));
  const present = participants.filter((person) => sides.get(person.ordinal) !== "nobody");
  const known = present.filter((person) => person.email !== null && hostOfEmail(person.email) !== null);
  const titled = holdsWord(call.title, internalWords);
  const say = (audience: Told, reason: string): JudgedAudience => ({ audience, reason, sides });
  if (known.some((person) => sides.get(person.ordinal) === "external")) {
    return say("external", "Someone with an address outside your company took part.");
  }
  const unknown = present.filter((person) => !known.includes(person));
  const toldExternal =
    unknown.some((person) => person.affiliation === "external") ||
    (call.scopeHint === "external" && (unknown.length > 0 || known.length === 0));
  if (toldExternal) return say("external", "The source says that someone from outside took part.");
  if (known.length > 0) {
    const title = titled ? " The title says so too." : "";
    return say("internal", `Everyone with an address is from your own company.${title}`);
  }
  const toldInternal = present.length > 0 && unknown.every((person) => person.affiliation === "internal");
  if (call.scopeHint === "internal" || toldInternal) return say("internal", "The source says that it was internal.");
  return say("unknown", "Nobody's address is known, and the source does not say who took part.");
}

/** @param email lower case */
export function isOwnAddress(email: string, own: OwnPeople): boolean {
  return own.addresses.has(email) || isWithin(hostOfEmail(email), own.domains);
}

/** True for a host that is one of the domains, or below one. */
export function isWithin(host: string | null, domains: readonly string[]): boolean {
  return host !== null && domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/**
 * The workspace's own people: the domains it configured, else those of its CRM's owners, else that of whoever connected
 * it. Free mail is nobody's, but an owner who uses it is still one of us.
 * @param people.owners addresses of the CRM's owners
 * @param people.aliases further addresses of our users, as call recorders know them
 */
export function ownPeople(
  configured: readonly string[],
  people: { owners: readonly string[]; connectedBy: readonly string[]; aliases: readonly string[] },
): OwnPeople {
  const domains = [configured, domainsOf(people.owners), domainsOf(people.connectedBy)]
    .map((each) => each.filter(isCompanyMail))
    .find((each) => each.length > 0);
  const addresses = [...people.owners, ...people.connectedBy, ...people.aliases].map((each) => each.toLowerCase());
  return { domains: [...new Set(domains ?? [])].sort(), addresses: new Set(addresses) };
}

function sideOf(person: Participant, own: OwnPeople): Side {
  if (isNobody(person)) return "nobody";
  if (person.email === null || hostOfEmail(person.email) === null) return person.affiliation;
  return isOwnAddress(person.email, own) ? "internal" : "external";
}

function domainsOf(addresses: readonly string[]): string[] {
  return addresses.flatMap((address) => domainOfEmail(address) ?? []);
}

/** Whose company is in one list only has that company's people for owners: the CRM itself tells. */
function isCompanyMail(domain: string): boolean {
  const kind = mailKind(domain);
  return kind === "company" || kind === "perhaps";
}
