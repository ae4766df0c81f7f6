/** Why a call gave nothing, in the terms of what a person can do about it. Pure. */
import type { Candidate, FieldErrorShape, Problem } from "./dto.ts";

export type FailureKind =
  /** No answer in time: it may have been done. */
  | "slow"
  /** Our server can't be reached, or fails. */
  | "down"
  /** Too many calls; `retryAfterS` says how long to wait. */
  | "busy"
  /** HubSpot is slow, refuses us for a while, or did not say what it did. */
  | "crm_busy"
  /** Nobody has connected Pandora to this account. */
  | "not_connected"
  /** The connection was withdrawn or lacks a permission: an admin has to renew it. */
  | "reconnect"
  /** Known, but not allowed; or not known at all. */
  | "no_permission"
  /** HubSpot's signature did not hold: the page is old. */
  | "stale_page"
  | "not_found"
  /** Somebody was faster, or something like it is there already. */
  | "conflict"
  /** What was typed can't be taken; `errors` names the fields. */
  | "refused";

export type Failure = {
  kind: FailureKind;
  /** Stable; null when no server of ours answered. */
  code: string | null;
  /** The server's sentence; null when it said none. */
  says: string | null;
  errors: FieldErrorShape[];
  retryAfterS: number | null;
  /** Where an admin connects Pandora. */
  connectUrl: string | null;
  /** Deals that may be meant. */
  candidates: Candidate[];
  /** Further ones that are not the person's to see. */
  candidatesHidden: number;
  /** False: it may or may not have been done, so the same request is sent again under the same id. */
  isOutcomeKnown: boolean;
};

export type Result<T> = { ok: true; data: T; status: number } | { ok: false; failure: Failure };

/** @param late nothing came before our own patience ended */
export function failureWithoutAnswer(late: boolean): Failure {
  return { ...bare(late ? "slow" : "down"), isOutcomeKnown: false };
}

/** HubSpot's own refusals and whatever stands between it and us. */
export function failureOfStatus(status: number): Failure {
  if (status === 429) return { ...bare("busy"), isOutcomeKnown: false };
  if (status === 408 || status === 504) return { ...bare("slow"), isOutcomeKnown: false };
  return { ...bare("down"), isOutcomeKnown: false };
}

export function failureOfProblem(problem: Problem, status: number): Failure {
  const { code } = problem;
  const more = problem as Problem & {
    retry_after_s?: number;
    connect_url?: string;
    candidates?: Candidate[];
    candidates_hidden?: number;
  };
  return {
    kind: kindOf(code, status),
    code,
    says: problem.detail,
    errors: problem.errors ?? [],
    retryAfterS: more.retry_after_s ?? null,
    connectUrl: more.connect_url ?? null,
    candidates: more.candidates ?? [],
    candidatesHidden: more.candidates_hidden ?? 0,
    isOutcomeKnown: status < 500 && status !== 429 && code !== "request_in_progress",
  };
}

/** The sentence for each field; of several the first. */
export function fieldMessages(failure: Failure | null): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const { field, message } of failure?.errors ?? []) messages[field] ??= sentence(message);
  return messages;
}

const kinds: Record<string, FailureKind> = {
  app_not_connected: "not_connected",
  not_connected: "not_connected",
  needs_reconnect: "reconnect",
  missing_scope: "reconnect",
  not_a_member: "no_permission",
  forbidden: "no_permission",
  unauthorized: "stale_page",
  crm_busy: "crm_busy",
  crm_unreachable: "crm_busy",
  crm_quota_exhausted: "crm_busy",
  crm_unexpected: "crm_busy",
  outcome_unknown: "crm_busy",
  request_in_progress: "slow",
};

function kindOf(code: string, status: number): FailureKind {
  const known = kinds[code];
  if (known) return known;
  if (status === 429) return "busy";
  if (status === 401) return "stale_page";
  if (status === 403) return "no_permission";
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  return status >= 500 ? "down" : "refused";
}

function bare(kind: FailureKind): Omit<Failure, "isOutcomeKnown"> {
  return {
    kind,
    code: null,
    says: null,
    errors: [],
    retryAfterS: null,
    connectUrl: null,
    candidates: [],
    candidatesHidden: 0,
  };
}

/** "must be one of …" → "Must be one of …." */
function sentence(text: string): string {
  const trimmed = text.trim();
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
