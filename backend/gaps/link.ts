/** What a conversation is joined with: its people, companies, deal and rep. Pure: facts in, links out. */
import type { CrmType } from "../crm/port.ts";
import { companiesOf, type LinkedCompany } from "./companies.ts";
import { chooseDeal, type DealAnswer, type DealRef, type OfferedDeal } from "./deals.ts";
import type { GapSettings } from "./gap-settings.ts";
import { judgeAudience, type OwnPeople, type Participant, type Side, type Told } from "./internal.ts";
import { type Known, keyOf, survivorOf } from "./known.ts";
import { type CompanyMethod, keyWithoutCompany, outsiders, type Person, type Rep, repOf } from "./people.ts";

export type NamedRecord = { crm: CrmType | null; object_type: string; id: string };

export type LinkQuestion = {
  title: string;
  startedAt: Date;
  hostEmail: string | null;
  scopeHint: Told;
  participants: readonly Participant[];
  namedRecords: readonly NamedRecord[];
  /** What stands there now: people's links are kept. */
  deal: (DealRef & { method: string | null; confidence: number | null }) | null;
  gapStatus: string | null;
  refusedDeals: readonly DealRef[];
  /** Companies a person chose. */
  chosenCompanies: readonly { crm: CrmType; id: string }[];
};

export type Links = {
  audience: Told;
  audienceReason: string;
  /** Prospects: people from outside without the ignored ones. */
  externalPeople: number;
  /** Everyone but rooms and bots. */
  people: number;
  onlyIgnored: boolean;
  onlyLeads: boolean;
  participants: LinkedParticipant[];
  rep: Rep;
  companies: LinkedCompany[];
  companyKey: string | null;
  deal: (DealRef & { method: string; confidence: number }) | null;
  offered: OfferedDeal[];
  openDealsNearby: number;
  /** The deal a person made or linked is gone: the gap is open again. */
  reopened: boolean;
};

export type LinkedParticipant = {
  ordinal: number;
  side: Side;
  domain: string | null;
  contact: DealRef | null;
  lead: DealRef | null;
};

export type LinkContext = { own: OwnPeople; settings: GapSettings; known: Known; crms: readonly CrmType[] };

export function linkConversation(call: LinkQuestion, context: LinkContext): Links {
  const { own, settings, known } = context;
  const judged = judgeAudience(call.participants, call, own, settings.internal_words);
  const { sides } = judged;
  const all = outsiders(call.participants, sides, known, settings);
  const people = all.filter((person) => !person.ignored);
  const nameless = call.participants.filter((each) => each.email === null && sides.get(each.ordinal) === "external");
  const onlyIgnored = all.length > 0 && people.length + nameless.length === 0;
  const named = namedOf(call.namedRecords, context);
  // An internal talk about a deal is no conversation with its company.
  const companies =
    judged.audience === "internal" ? [] : companiesOf(people, [...named.companies, ...chosen(call)], known);
  const rep = repOf(call.participants, sides, call.hostEmail, own, known, companies[0]?.company.crm ?? null);
  const { deal: kept, gone } = keptDeal(call, known);
  const { startedAt, refusedDeals: refused } = call;
  const found: DealAnswer =
    kept || judged.audience === "internal"
      ? { deal: kept, offered: [], openNearby: 0 }
      : chooseDeal({ startedAt, refused, named: named.deals, companies, people, rep }, known, settings);
  const primary = companies[0]?.company;
  return {
    audience: judged.audience,
    audienceReason: onlyIgnored ? onlyIgnoredText : judged.reason,
    externalPeople: people.length + nameless.length,
    people: countPeople(call.participants, sides),
    onlyIgnored,
    onlyLeads: people.length > 0 && nameless.length === 0 && people.every((person) => person.lead !== null),
    participants: call.participants.map((each) => linkedParticipant(each, sides, all)),
    rep,
    companies,
    companyKey: primary ? `company:${keyOf(primary.crm, primary.id)}` : keyWithoutCompany(people),
    deal: found.deal,
    offered: found.offered,
    openDealsNearby: found.openNearby,
    reopened: gone && (call.gapStatus === "created" || call.gapStatus === "linked"),
  };
}

const onlyIgnoredText = "Everyone from outside belongs to a domain or a type of company that your settings leave out.";

/** The source's deals, and the companies it or they stand for. A name without a CRM may mean either. */
function namedOf(records: readonly NamedRecord[], { known, crms }: LinkContext) {
  const refs = (objectType: string): DealRef[] =>
    records
      .filter((each) => each.object_type === objectType)
      .flatMap(({ crm, id }) => (crm ? [{ crm, id }] : crms.map((each) => ({ crm: each, id }))));
  const deals = refs("deal");
  const named = (crm: CrmType, id: string | null, method: CompanyMethod) => (id === null ? [] : [{ crm, id, method }]);
  const companies = [
    ...refs("company").flatMap(({ crm, id }) => named(crm, id, "named")),
    ...deals.flatMap(({ crm, id }) => named(crm, survivorOf(known.deals, crm, id)?.companyId ?? null, "named")),
    ...refs("contact").flatMap(({ crm, id }) =>
      named(crm, known.namedContacts.get(keyOf(crm, id))?.companyId ?? null, "contact"),
    ),
  ];
  return { deals, companies };
}

function chosen(call: LinkQuestion) {
  return call.chosenCompanies.map((each) => ({ ...each, method: "person" as const }));
}

/** A person's link stays as long as its deal does; a deal that was merged is the one it became. */
function keptDeal(call: LinkQuestion, known: Known): { deal: Links["deal"]; gone: boolean } {
  const { deal, gapStatus } = call;
  const isPersons = deal?.method === "person" || gapStatus === "created" || gapStatus === "linked";
  if (!deal || !isPersons) return { deal: null, gone: false };
  const method = deal.method ?? "person";
  const confidence = deal.confidence ?? 1;
  // What the mirror never saw was made a moment ago.
  if (!known.deals.has(keyOf(deal.crm, deal.id))) return { deal: { ...deal, method, confidence }, gone: false };
  const alive = survivorOf(known.deals, deal.crm, deal.id);
  if (!alive) return { deal: null, gone: true };
  return { deal: { crm: alive.crm, id: alive.id, method, confidence }, gone: false };
}

function countPeople(participants: readonly Participant[], sides: ReadonlyMap<number, Side>): number {
  const present = participants.filter((each) => sides.get(each.ordinal) !== "nobody");
  return new Set(present.map((each) => each.email ?? `#${each.ordinal}`)).size;
}

function linkedParticipant(
  { ordinal }: Participant,
  sides: ReadonlyMap<number, Side>,
  people: readonly Person[],
): LinkedParticipant {
  const person = people.find((each) => each.ordinals.includes(ordinal));
  const contact = person?.contact ? { crm: person.contact.crm, id: person.contact.id } : null;
  return {
    ordinal,
    side: sides.get(ordinal) ?? "unknown",
    domain: person?.domain ?? null,
    contact,
    lead: person?.lead ?? null,
  };
}
