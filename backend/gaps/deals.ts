/** Which deal accounts for a call: the one that is beyond doubt, or those to choose from. Pure. */
import type { CrmType } from "../crm/port.ts";
import { type LinkedCompany, parentsOf } from "./companies.ts";
import type { GapSettings } from "./gap-settings.ts";
import { byId, type Known, type KnownDeal, keyOf, survivorOf, timeOf } from "./known.ts";
import type { Person, Rep } from "./people.ts";

export type DealRef = { crm: CrmType; id: string };
export type OfferedDeal = DealRef & { reason: string };

export type DealQuestion = {
  startedAt: Date;
  /** Named by the source; they must exist. */
  named: readonly DealRef[];
  /** Taken off by a person. */
  refused: readonly DealRef[];
  companies: readonly LinkedCompany[];
  people: readonly Person[];
  rep: Rep;
};

export type DealAnswer = {
  deal: (DealRef & { method: string; confidence: number }) | null;
  /** When none is linked: the likeliest first. */
  offered: OfferedDeal[];
  /** Open deals among the offered ones that stand at a parent company. */
  openNearby: number;
};

const offeredMax = 10;

/**
 * A deal the source names, else the only eligible one at the companies; never a guess. A workspace with both CRMs holds
 * its deals twice: the primary company's CRM answers first, the other one when that knows no deal.
 */
export function chooseDeal(question: DealQuestion, known: Known, settings: GapSettings): DealAnswer {
  const refused = new Set(question.refused.map(({ crm, id }) => keyOf(crm, id)));
  const named = living(question.named, known).filter((deal) => !refused.has(keyOf(deal.crm, deal.id)));
  const eligible = (deals: readonly KnownDeal[]) =>
    deals.filter((deal) => !refused.has(keyOf(deal.crm, deal.id)) && accountsFor(deal, question.startedAt, settings));
  const namedOne = only(named) ?? only(eligible(named));
  if (namedOne) return linked(namedOne, "named", 1);
  const own = eligible(question.companies.flatMap(({ company }) => dealsAt(company, known)));
  // Several named ones: the choice is a person's, among them first.
  const chosen = named.length > 0 ? null : only(firstCrm(own, question.companies[0]?.company.crm));
  if (chosen) return linked(chosen, ...howFound(chosen, question.companies, known));
  const above = parentsOf(
    question.companies.map(({ company }) => company),
    known,
  );
  const parents = new Map(above.flatMap((company) => eligible(dealsAt(company, known)).map((deal) => [deal, company])));
  const distinct = [...new Set([...named, ...own, ...parents.keys()])];
  const ranked = distinct
    .map((deal) => ({
      deal,
      ...weigh(deal, question, known),
      isNamed: named.includes(deal),
      parent: parents.get(deal),
    }))
    .sort(
      (one, other) =>
        Number(other.isNamed) - Number(one.isNamed) ||
        Number(Boolean(one.parent)) - Number(Boolean(other.parent)) ||
        other.involved.length - one.involved.length ||
        Number(other.isReps) - Number(one.isReps) ||
        one.daysOff - other.daysOff ||
        other.recency - one.recency ||
        byId(one.deal, other.deal),
    )
    .slice(0, offeredMax);
  const offered = ranked.map((each) => ({ crm: each.deal.crm, id: each.deal.id, reason: inWords(each, question) }));
  const openNearby = ranked.filter((each) => each.parent && each.deal.isClosed !== true).length;
  return { deal: null, offered, openNearby };
}

/** Open at any time from the call to some days after it, or closed not long before. */
export function accountsFor(deal: KnownDeal, startedAt: Date, settings: GapSettings): boolean {
  const call = startedAt.getTime();
  const opened = deal.createdAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  // When it was closed is not known: long ago.
  const closed = deal.isClosed === true ? timeOf(deal.closedAt ?? deal.closeDate) : Number.POSITIVE_INFINITY;
  if (opened > call + settings.deal_opened_within_days * dayMs) return false;
  return closed >= call - settings.deal_closed_before_days * dayMs;
}

const dayMs = 86_400_000;

function linked(deal: KnownDeal, method: string, confidence: number): DealAnswer {
  return { deal: { crm: deal.crm, id: deal.id, method, confidence }, offered: [], openNearby: 0 };
}

function only<T>(list: readonly T[]): T | null {
  return list.length === 1 ? list[0]! : null;
}

function living(refs: readonly DealRef[], known: Known): KnownDeal[] {
  return [...new Set(refs.flatMap(({ crm, id }) => survivorOf(known.deals, crm, id) ?? []))];
}

function dealsAt(company: { crm: CrmType; id: string }, known: Known): readonly KnownDeal[] {
  return known.dealsOf.get(keyOf(company.crm, company.id)) ?? [];
}

function firstCrm(deals: readonly KnownDeal[], first: CrmType | undefined): KnownDeal[] {
  const there = deals.filter((deal) => deal.crm === first);
  return there.length > 0 ? there : deals.filter((deal) => deal.crm !== first);
}

/** As sure as the way to the deal's company. */
function howFound(deal: KnownDeal, companies: readonly LinkedCompany[], known: Known): [string, number] {
  const company = deal.companyId === null ? null : survivorOf(known.companies, deal.crm, deal.companyId);
  const way = companies.find((each) => each.company === company) ?? companies[0]!;
  return [way.method, way.confidence];
}

type Weight = {
  /** People of the call who have a role on the deal. */
  involved: Person[];
  isReps: boolean;
  /** Between the call and the deal's close date; infinite when it has none. */
  daysOff: number;
  recency: number;
};

function weigh(deal: KnownDeal, { startedAt, people, rep }: DealQuestion, known: Known): Weight {
  const roles = known.roles.get(keyOf(deal.crm, deal.id));
  const contactsOf = (person: Person) => known.contacts.get(person.email) ?? [];
  const involved = people.filter((person) =>
    contactsOf(person).some(({ crm, id }) => crm === deal.crm && roles?.has(id)),
  );
  const isReps =
    deal.ownerId !== null &&
    (known.owners.get(rep.email ?? "") ?? []).some((owner) => owner.crm === deal.crm && owner.id === deal.ownerId);
  const close = deal.isClosed === true ? (deal.closedAt ?? deal.closeDate) : deal.closeDate;
  const daysOff = close === null ? Number.POSITIVE_INFINITY : Math.abs(daysBetween(startedAt, close));
  return { involved, isReps, daysOff, recency: Math.max(timeOf(deal.lastActivityAt), timeOf(deal.createdAt)) };
}

type Ranked = Weight & { deal: KnownDeal; isNamed: boolean; parent: { name: string } | undefined };

function inWords({ deal, isNamed, parent, involved, isReps }: Ranked, { startedAt, rep }: DealQuestion): string {
  const parts: string[] = [];
  if (isNamed) parts.push("named by the source of the call");
  if (parent) parts.push(`at the parent company ${parent.name || "of this one"}`);
  if (involved.length === 1) parts.push(`${involved[0]!.name ?? involved[0]!.email} is on this deal`);
  if (involved.length > 1) parts.push(`${involved.length} people of the call are on this deal`);
  if (isReps) parts.push(`owned by ${rep.name ?? rep.email}, whose call it was`);
  parts.push(when(deal, startedAt));
  const text = parts.join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function when(deal: KnownDeal, startedAt: Date): string {
  const isClosed = deal.isClosed === true;
  const close = isClosed ? (deal.closedAt ?? deal.closeDate) : deal.closeDate;
  if (close === null) return isClosed ? "closed" : "open, without a close date";
  const days = daysBetween(startedAt, close);
  const verb = isClosed ? "closed" : days < 0 ? "was to close" : "closes";
  if (days === 0) return `${verb} on the day of the call`;
  return `${verb} ${Math.abs(days)} ${Math.abs(days) === 1 ? "day" : "days"} ${days > 0 ? "after" : "before"} the call`;
}

/** Between the calendar days, UTC. */
function daysBetween(from: Date, to: Date): number {
  return Math.floor(to.getTime() / dayMs) - Math.floor(from.getTime() / dayMs);
}
