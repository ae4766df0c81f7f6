/** Who was in it: the same person told twice is one participant, and machines are no one. Pure. */
import type { Affiliation, IncomingParticipant } from "./shape.ts";
import { addressOf, lineOf, phoneOf } from "./spellings.ts";

/** One participant as a source spells it; null when neither name, address nor number is left. */
export function personOf(raw: {
  name?: unknown;
  email?: unknown;
  phone?: unknown;
  affiliation?: Affiliation;
}): IncomingParticipant | null {
  const email = addressOf(raw.email);
  // Some sources write the address into the name where they know no name, and "None" or "Unknown" for nothing.
  const given = lineOf(raw.name);
  const name = given && addressOf(given) === null && !/^(none|null|n\/a|unknown)$/i.test(given) ? given : null;
  const phone = phoneOf(raw.phone);
  const found = email ?? (given ? addressOf(given) : null);
  if (name === null && found === null && phone === null) return null;
  return { name, email: found, phone, affiliation: raw.affiliation ?? "unknown" };
}

/**
 * Joins what stands for one person within a single telling: the same address; without an address the same number. Two
 * people may share a name, so here a name alone joins only somebody without an address to the one who has it.
 */
export function joinPeople(people: readonly (IncomingParticipant | null)[]): IncomingParticipant[] {
  const joined: IncomingParticipant[] = [];
  for (const person of people.slice(0, peopleMax)) {
    if (!person) continue;
    const same = joined.find((one) =>
      person.email !== null && one.email !== null
        ? one.email === person.email
        : person.phone !== null && one.phone === person.phone,
    );
    if (same) absorb(same, person);
    else joined.push({ ...person });
  }
  return joinByName(joined);
}

/**
 * Joins the participants of several tellings of one meeting, the richest telling first: by address, then by number,
 * then by name where one side has no address and the name is nobody else's on either side.
 */
export function joinTellings(tellings: readonly (readonly IncomingParticipant[])[]): IncomingParticipant[] {
  const all: IncomingParticipant[] = [];
  for (const people of tellings) {
    const before = all.map((one) => ({ ...one }));
    for (const person of people) {
      const same = partnerOf(person, people, all, before);
      if (same) absorb(same, person);
      else all.push({ ...person });
    }
  }
  return all;
}

/** A webinar may list thousands; nobody reads a deal out of them, and joining compares each with each. */
const peopleMax = 500;

function partnerOf(
  person: IncomingParticipant,
  told: readonly IncomingParticipant[],
  all: IncomingParticipant[],
  before: readonly IncomingParticipant[],
): IncomingParticipant | undefined {
  if (person.email !== null) {
    const same = all.find((one) => one.email === person.email);
    if (same) return same;
  }
  const number = person.phone !== null && all.find((one) => one.phone === person.phone && !bothKnown(one, person));
  if (number) return number;
  const name = nameKey(person);
  if (name === null || told.filter((one) => nameKey(one) === name).length > 1) return undefined;
  if (before.filter((one) => nameKey(one) === name).length !== 1) return undefined;
  return all.find((one) => nameKey(one) === name && !bothKnown(one, person));
}

/** Two addresses are two people, or one with two; we can't know, so they stay apart. */
function bothKnown(one: IncomingParticipant, two: IncomingParticipant): boolean {
  return one.email !== null && two.email !== null;
}

function joinByName(people: IncomingParticipant[]): IncomingParticipant[] {
  const kept: IncomingParticipant[] = [];
  for (const person of people) {
    const name = nameKey(person);
    const named = people.filter((one) => name !== null && nameKey(one) === name);
    const [only, ...others] = named.filter((one) => one.email !== null);
    if (person.email === null && named.length === 2 && only && others.length === 0) absorb(only, person);
    else kept.push(person);
  }
  return kept;
}

function absorb(into: IncomingParticipant, other: IncomingParticipant): void {
  into.name ??= other.name;
  into.email ??= other.email;
  into.phone ??= other.phone;
  if (into.affiliation === "unknown") into.affiliation = other.affiliation;
}

function nameKey(person: IncomingParticipant): string | null {
  return person.name?.normalize("NFKC").toLowerCase().replace(/[.,]/g, "").replace(/\s+/g, " ").trim() || null;
}
