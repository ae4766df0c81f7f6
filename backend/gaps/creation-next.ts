/** Which step comes next, and what a failure of one means. Pure: the whole of what is remembered is in the row. */
import type { CrmError } from "../crm/errors.ts";
import { type CreationRow, missingPeople } from "./creation-row.ts";

export type StepName =
  | "plan"
  | "find_company"
  | "check"
  | "people"
  | "all"
  | "company"
  | "contacts"
  | "deal"
  | "links"
  | "note"
  | "finish";

/** @param atOnce the CRM makes everything in one call (Salesforce) */
export function nextStep(row: Pick<CreationRow, "request" | "steps">, atOnce: boolean): StepName {
  const { request, steps } = row;
  const made = steps.deal?.id !== undefined;
  const needsCompany = request.newCompany !== null && steps.company?.id === undefined;
  if (!steps.plan) return "plan";
  if (!made) {
    if (needsCompany && !steps.company?.looked) return "find_company";
    if (!steps.checked) return "check";
    if (request.create.length > 0 && !steps.people) return "people";
    if (atOnce && !steps.all?.refused) return "all";
  }
  if (needsCompany) return "company";
  if (request.create.length > 0 && !steps.people) return "people";
  if (missingPeople(row).length > 0 && !steps.contacts?.done) return "contacts";
  if (!made) return "deal";
  if (!steps.links?.done) return "links";
  if (request.note && !steps.note?.done) return "note";
  return "finish";
}

export type Meaning =
  /** Nothing was done; the same again may work. */
  | { kind: "later"; afterMs: number | undefined }
  /** Nobody can work with this connection until a person has looked. */
  | { kind: "paused" }
  /** It may have been done. */
  | { kind: "unknown" }
  /** For good. */
  | { kind: "refused" };

export function meaningOf({ kind, detail }: CrmError): Meaning {
  switch (kind) {
    case "retry_later":
    case "quota_exhausted":
    case "token_expired":
    case "unreachable":
      return { kind: "later", afterMs: detail.afterMs };
    case "outcome_unknown":
    case "no_result":
      return { kind: "unknown" };
    case "reconnect":
      return { kind: "paused" };
    case "missing_scope":
    case "record_gone":
    case "value_refused":
    case "unknown_property":
    case "already_exists":
    case "batch_refused":
    case "unexpected":
      return { kind: "refused" };
    default:
      return kind satisfies never;
  }
}

const minute = 60_000;
/** So long a deal of which nothing was sent may wait for the CRM; then the person hears that it was not made. */
export const waitsBeforeMs = 15 * minute;
/** So long what was sent is looked for, and what is missing on the deal is tried. */
export const waitsAfterMs = 24 * 60 * minute;
/** HubSpot's search shows new records within half a minute (facts: 0–5 s nearly always, all by 30 s). */
export const searchLagMs = 30_000;

/** Whether anything may have reached the CRM that is not known to be there or not. */
export function isUncertain({ steps }: Pick<CreationRow, "steps">): boolean {
  const { company, all, contacts, deal } = steps;
  return [
    company?.sentAt && company.id === undefined,
    all?.sentAt && !all.refused && deal?.id === undefined,
    contacts?.sentAt && !contacts.done,
    deal?.sentAt && deal.id === undefined,
  ].some(Boolean);
}

/** True when waiting for the CRM has gone on for too long. */
export function isOverdue(row: Pick<CreationRow, "steps" | "created_at">, now: Date): boolean {
  const age = now.getTime() - row.created_at.getTime();
  const mayExist = isUncertain(row) || row.steps.deal?.id !== undefined;
  return age > (mayExist ? waitsAfterMs : waitsBeforeMs);
}

/** Ms between two tries; the attempts rise with each take-over. @param random [0, 1) */
export function pauseMs(attempts: number, afterMs: number | undefined, random: number): number {
  const base = Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 10));
  return Math.max(afterMs ?? 0, Math.round(base * (0.5 + random / 2)));
}

/** How long from now until what was sent can no longer be under way; 0: it can't any more. */
export function stillUnderWayMs(sentAt: string, requestTimeoutMs: number, now: Date, moreMs = 0): number {
  return Math.max(0, Date.parse(sentAt) + requestTimeoutMs + moreMs - now.getTime());
}
