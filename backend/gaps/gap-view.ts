/** A gap as the API shows it, from its row. Pure. */
import { recordLink } from "../connections/record-link.ts";
import { type CrmType, crmTypes, type ObjectType } from "../contract/common.ts";
import {
  type DismissReason,
  dismissReasonTexts,
  type Gap,
  likelyCauseTexts,
  type SeverityName,
} from "../contract/gaps.ts";
import { wholeDays } from "./classify.ts";
import { draftDeal } from "./draft-deal.ts";
import type { DealRow, GapRow, ParticipantRow, Place } from "./gap-rows.ts";
import { gapSettingsOf } from "./gap-settings.ts";

/** @param now UTC; days are whole ones of 24 hours, never negative */
export function gapViews(rows: readonly GapRow[], now: Date): Gap[] {
  const place = rows.find((row) => row.place !== null)?.place;
  return place ? rows.map((row) => gapView(row, place, now)) : [];
}

function gapView(row: GapRow, place: Place, now: Date): Gap {
  const link = (crm: CrmType, objectType: ObjectType, id: string) =>
    recordLink(place.ui_urls?.[crm], crm, objectType, id);
  const companies = row.companies.map(({ id, name, ...rest }) => ({
    ...rest,
    crm_id: id,
    name: name || rest.domain || "A company without a name",
    url: link(rest.crm, "company", id),
  }));
  const open = openDeals(row);
  return {
    conversation_id: row.id,
    title: row.title || "A call without a title",
    source: row.source,
    url: row.url,
    started_at: row.started_at.toISOString(),
    duration_minutes: row.duration_minutes,
    days_since: Math.max(0, wholeDays(row.started_at, now)),
    call_type: row.call_type,
    status: row.gap_status,
    severity: severityName(row.severity),
    severity_reason: row.severity_reason,
    likely_cause: isCause(row.likely_cause) ? row.likely_cause : null,
    rep: row.rep_email || row.rep_name ? { name: row.rep_name, email: row.rep_email } : null,
    company: companies.find((each) => each.is_primary) ?? companies[0] ?? null,
    company_domain: row.company_key?.startsWith("domain:") ? row.company_key.slice("domain:".length) : null,
    companies,
    participants: row.participants.map((each) => participantView(each, link)),
    participants_count: row.participants_count,
    open_deals: open.seen.map(({ id, reason, seen: _seen, ...rest }) => ({
      ...rest,
      crm_id: id,
      reason: reason ?? "Open at a company of the call.",
      url: link(rest.crm, "deal", id),
    })),
    open_deals_hidden: open.hidden,
    closed_deals: row.closed_deals,
    contacts: row.contacts,
    last_won_at: isoOf(row.last_won_at),
    deal: row.deal && {
      crm: row.deal.crm,
      crm_id: row.deal.id,
      name: row.deal.name,
      url: link(row.deal.crm, "deal", row.deal.id),
    },
    decision: decisionView(row.decision),
    being_created_by: row.being_created_by,
    prefill: prefillOf(row, place, now),
  };
}

/** 3, 2, 1 → their names; null for anything else: not judged. */
export function severityName(severity: number | null): SeverityName | null {
  return ([null, "low", "medium", "high"] as const)[severity ?? 0] ?? null;
}

/** For the CRM that knows the company, else the one connected; null where a deal was decided on, or nothing is connected. */
function prefillOf(row: GapRow, place: Place, now: Date): Gap["prefill"] {
  const [primary] = row.companies;
  const crm = primary?.crm ?? crmTypes.find((each) => place.ui_urls?.[each] !== undefined);
  if (crm === undefined || row.gap_status === "created" || row.gap_status === "linked") return null;
  const ref = (of: CrmType | null, id: string | null) => (of && id ? { crm: of, id } : null);
  const question = {
    ...{ crm, title: row.title, url: row.url, startedAt: row.started_at, durationMinutes: row.duration_minutes },
    ...{ summary: row.summary, company: primary ?? null, companyKey: row.company_key, rep: { email: row.rep_email } },
    participants: row.participants.map(({ name, email, side, ...ids }) => ({
      ...{ name, email, side },
      ...{ contact: ref(ids.contact_crm, ids.contact_id), lead: ref(ids.lead_crm, ids.lead_id) },
    })),
    ignoredDomains: gapSettingsOf(place.settings).ignored_domains,
    stages: place.stages.filter((stage) => stage.crm === crm),
    ...{ timeZone: place.time_zone, currency: place.currency },
  };
  return draftDeal(question, now);
}

const openDealsMax = 20;

/** Those the judge offers first, in its order; then the others that are open there. A deal is named once. */
function openDeals(row: GapRow): { seen: DealRow[]; hidden: number } {
  const all = new Map<string, DealRow>();
  for (const deal of [...row.offered, ...row.open_deals]) {
    const key = `${deal.crm}:${deal.id}`;
    if (!all.has(key)) all.set(key, deal);
  }
  const seen = [...all.values()].filter((deal) => deal.seen);
  return { seen: seen.slice(0, openDealsMax), hidden: all.size - seen.length };
}

function participantView(
  person: ParticipantRow,
  link: (crm: CrmType, objectType: ObjectType, id: string) => string | null,
): Gap["participants"][number] {
  const { contact_crm, contact_id } = person;
  return {
    name: person.name,
    email: person.email,
    is_internal: person.side === "internal" ? true : person.side === "external" ? false : null,
    contact_crm,
    contact_crm_id: contact_id,
    contact_url: contact_crm && contact_id ? link(contact_crm, "contact", contact_id) : null,
    is_lead: person.lead_id !== null && contact_id === null,
  };
}

function decisionView(decision: GapRow["decision"]): Gap["decision"] {
  if (!decision) return null;
  return {
    decision: decision.decision as NonNullable<Gap["decision"]>["decision"],
    reason: isReason(decision.reason) ? decision.reason : null,
    note: decision.note,
    by: decision.by,
    at: new Date(decision.at).toISOString(),
  };
}

function isoOf(at: string | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function isCause(cause: string | null): cause is keyof typeof likelyCauseTexts {
  return cause !== null && cause in likelyCauseTexts;
}

function isReason(reason: string | null): reason is DismissReason {
  return reason !== null && reason in dismissReasonTexts;
}
