/** Gong's calls, as its webhook and `calls/extensive` tell them. Shapes: Gong API v2, read 2026-11-22. Pure. */
import { z } from "zod";
import { meetingKeyOf } from "./meeting-key.ts";
import { joinPeople, personOf } from "./people.ts";
import type { Affiliation, Converted, NamedRecord } from "./shape.ts";
import { addressOf, idOf, lineOf, minutesOf, momentOf, textOf, urlOf } from "./spellings.ts";

/** Gong's user directory: aliases are internal addresses too. */
export type GongPeople = {
  /** Main address by user id. */
  byId: ReadonlyMap<string, string>;
  /** Main address by any address of the user. */
  byAddress: ReadonlyMap<string, string>;
};

export const noGongPeople: GongPeople = { byId: new Map(), byAddress: new Map() };

/** @param transcript as text, when it was fetched; null: not known (yet) */
export function fromGong(
  call: unknown,
  people: GongPeople = noGongPeople,
  transcript: string | null = null,
): Converted {
  const read = wireCall.safeParse(call);
  if (!read.success) return { ok: false, externalId: null, reason: "Gong sent something that is not a call." };
  const { metaData, parties, context, content } = read.data;
  const externalId = idOf(metaData.id);
  if (externalId === null) return { ok: false, externalId, reason: "Gong's call has no id that can be read." };
  const startedAt = momentOf(metaData.started) ?? momentOf(metaData.scheduled);
  if (startedAt === null) return { ok: false, externalId, reason: "Gong's call has no readable start time." };
  const host = hostOf(idOf(metaData.primaryUserId), parties ?? [], people);
  return {
    ok: true,
    conversation: {
      externalId,
      title: lineOf(metaData.title) ?? "",
      startedAt,
      durationMinutes: minutesOf(metaData.duration, "s"),
      url: urlOf(metaData.url),
      meetingKey: meetingKeyOf({ links: [metaData.meetingUrl], calendarId: metaData.calendarEventId }),
      hostEmail: host,
      callType: lineOf(metaData.purpose) ?? directionOf(metaData.direction),
      scopeHint: affiliationOf(metaData.scope),
      participants: joinPeople((parties ?? []).map((party) => partyOf(party, people))),
      namedRecords: (context ?? []).flatMap(recordsOf),
      summary: textOf(content?.brief),
      transcript,
      toldAt: null,
    },
  };
}

/** @returns the directory of all pages of `/users` */
export function gongPeople(users: readonly unknown[]): GongPeople {
  const byId = new Map<string, string>();
  const byAddress = new Map<string, string>();
  for (const each of users) {
    const user = wireUser.safeParse(each);
    const main = user.success ? addressOf(user.data.emailAddress) : null;
    if (!user.success || main === null) continue;
    const id = idOf(user.data.id);
    if (id !== null) byId.set(id, main);
    for (const one of [main, ...(user.data.emailAliases ?? [])]) {
      const address = addressOf(one);
      if (address !== null) byAddress.set(address, main);
    }
  }
  return { byId, byAddress };
}

/**
 * @param call the call it belongs to, for the speakers' names
 * @returns lines `Name: text`; null when nothing was said
 */
export function gongTranscript(transcript: unknown, call: unknown): string | null {
  const said = wireTranscript.safeParse(transcript);
  if (!said.success) return null;
  const parties = wireCall.safeParse(call).data?.parties ?? [];
  const names = new Map(parties.map((party) => [idOf(party.speakerId), lineOf(party.name)]));
  const lines = said.data.transcript.flatMap((part) => {
    const text = lineOf(
      part.sentences
        .map((sentence) => sentence.text)
        .join(" ")
        .slice(0, 100_000),
    );
    const name = names.get(idOf(part.speakerId));
    return text === null ? [] : [name ? `${name}: ${text}` : text];
  });
  return textOf(lines.join("\n"));
}

type Party = z.infer<typeof wireParty>;

/** Unknown is the largest group on imported calls; whom the directory knows is internal, whatever the call says. */
function partyOf(party: Party, people: GongPeople) {
  const given = addressOf(party.emailAddress);
  const main = given === null ? undefined : people.byAddress.get(given);
  const userId = idOf(party.userId);
  const ours = main ?? (given === null && userId !== null ? people.byId.get(userId) : undefined);
  return personOf({
    name: party.name,
    email: ours ?? given,
    phone: party.phoneNumber,
    affiliation: ours || userId !== null ? "internal" : affiliationOf(party.affiliation),
  });
}

function hostOf(userId: string | null, parties: readonly Party[], people: GongPeople): string | null {
  if (userId === null) return null;
  const party = parties.find((one) => idOf(one.userId) === userId);
  const address = people.byId.get(userId) ?? addressOf(party?.emailAddress);
  return address === null ? null : (people.byAddress.get(address) ?? address);
}

function recordsOf({ system, objects }: z.infer<typeof wireContext>): NamedRecord[] {
  const crm = /salesforce/i.test(system ?? "") ? "salesforce" : /hubspot/i.test(system ?? "") ? "hubspot" : null;
  return (objects ?? []).flatMap((object) => {
    const object_type = objectTypes[(object.objectType ?? "").toLowerCase()];
    const id = idOf(object.objectId);
    return object_type && id !== null && /^[A-Za-z0-9_-]{1,64}$/.test(id) ? [{ crm, object_type, id }] : [];
  });
}

const objectTypes: Record<string, NamedRecord["object_type"]> = {
  opportunity: "deal",
  deal: "deal",
  account: "company",
  company: "company",
  contact: "contact",
};

function affiliationOf(value: unknown): Affiliation {
  const text = lineOf(value)?.toLowerCase();
  return text === "internal" || text === "external" ? text : "unknown";
}

function directionOf(value: unknown): string | null {
  const text = lineOf(value)?.toLowerCase() ?? null;
  return text === "unknown" ? null : text;
}

// A key may be missing altogether.
const any = z.unknown().optional();
const wireParty = z.object({
  ...{ emailAddress: any, name: any, phoneNumber: any, userId: any, speakerId: any, affiliation: any },
});
const wireContext = z.object({
  system: z.string().nullish(),
  objects: z.array(z.object({ objectType: z.string().nullish(), objectId: any })).nullish(),
});
const wireCall = z.object({
  metaData: z.object({
    ...{ id: any, title: any, url: any, started: any, scheduled: any, duration: any, primaryUserId: any, scope: any },
    ...{ direction: any, purpose: any, meetingUrl: any, calendarEventId: any },
  }),
  parties: z.array(wireParty).nullish(),
  context: z.array(wireContext).nullish(),
  content: z.object({ brief: any }).nullish(),
});
const wireUser = z.object({ id: any, emailAddress: any, emailAliases: z.array(any).nullish() });
const wireTranscript = z.object({
  transcript: z.array(z.object({ speakerId: any, sentences: z.array(z.object({ text: z.string() })) })),
});
