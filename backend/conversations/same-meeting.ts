/** Which tellings speak of the same meeting. Pure, and the same whatever the order they came in. */
import { domainOfEmail } from "./domains.ts";
import { isNobody } from "./nobody.ts";
import type { IncomingConversation } from "./shape.ts";

/** The part of a telling that identifies a meeting. */
export type Sighting = Pick<IncomingConversation, "startedAt" | "meetingKey" | "hostEmail" | "participants"> & {
  sourceId: string;
  externalId: string;
};

const closeMs = 10 * 60_000;
/** A series keeps its id from week to week and a personal room all day long: the id alone is not the meeting. */
export const sameKeyMs = 12 * 3_600_000;
export const sameHostMs = closeMs;

/**
 * The same calendar or conference id, near each other: within 10 minutes, or on the same day when told by two sources
 * that do not name different customers. Else told by two sources, begun within 10 minutes, with the same host and an
 * outside address in common.
 */
export function isSameMeeting(one: Sighting, two: Sighting): boolean {
  const apartMs = Math.abs(Date.parse(one.startedAt) - Date.parse(two.startedAt));
  const twoSources = one.sourceId !== two.sourceId;
  const [here, there] = [outsideAddresses(one), outsideAddresses(two)];
  const shared = [...here].some((address) => there.has(address));
  if (one.meetingKey !== null && one.meetingKey === two.meetingKey) {
    if (apartMs <= closeMs) return true;
    const contradict = here.size > 0 && there.size > 0 && !shared;
    return twoSources && apartMs <= sameKeyMs && !contradict;
  }
  return twoSources && apartMs <= closeMs && one.hostEmail !== null && one.hostEmail === two.hostEmail && shared;
}

/**
 * Groups tellings into meetings: whatever is connected by `isSameMeeting`, over however many steps.
 * @returns groups of indices into `sightings`, each ascending
 */
export function groupMeetings(sightings: readonly Sighting[]): number[][] {
  const groupOf = sightings.map((_, n) => n);
  const root = (n: number): number => {
    let at = n;
    while (groupOf[at] !== at) at = groupOf[at]!;
    groupOf[n] = at;
    return at;
  };
  for (const [one, two] of pairsWorthALook(sightings)) {
    if (root(one) !== root(two) && isSameMeeting(sightings[one]!, sightings[two]!)) groupOf[root(two)] = root(one);
  }
  return [...Map.groupBy(sightings.keys(), root).values()];
}

/** Pairs that share a key or a host and began near each other; all others can't be the same meeting. */
function* pairsWorthALook(sightings: readonly Sighting[]): Generator<[number, number]> {
  const order = [...sightings.keys()].sort((one, two) => at(sightings[one]!) - at(sightings[two]!));
  const buckets = new Map<string, number[]>();
  for (const n of order) {
    const { meetingKey, hostEmail } = sightings[n]!;
    const names = [
      ...(meetingKey === null ? [] : [{ name: `key ${meetingKey}`, reachMs: sameKeyMs }]),
      ...(hostEmail === null ? [] : [{ name: `host ${hostEmail}`, reachMs: sameHostMs }]),
    ];
    for (const { name, reachMs } of names) {
      const earlier = (buckets.get(name) ?? []).filter((other) => at(sightings[n]!) - at(sightings[other]!) <= reachMs);
      for (const other of earlier) yield [other, n];
      buckets.set(name, [...earlier, n]);
    }
  }
}

function at(sighting: Sighting): number {
  return Date.parse(sighting.startedAt);
}

/** Found once for each sighting, however many others it is held against. */
const outside = new WeakMap<Sighting, Set<string>>();

function outsideAddresses(sighting: Sighting): Set<string> {
  const found = outside.get(sighting) ?? findOutsideAddresses(sighting);
  outside.set(sighting, found);
  return found;
}

/** Addresses that are not the host's house, nor a machine's. */
function findOutsideAddresses({ hostEmail, participants }: Sighting): Set<string> {
  const house = hostEmail === null ? null : domainOfEmail(hostEmail);
  const addresses = participants.filter(
    (one) =>
      one.email !== null &&
      one.email !== hostEmail &&
      one.affiliation !== "internal" &&
      !isNobody(one) &&
      (house === null || domainOfEmail(one.email) !== house),
  );
  return new Set(addresses.map((one) => one.email!));
}
