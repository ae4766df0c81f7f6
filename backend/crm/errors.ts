/** CRM failures, classified by what to do next (DESIGN section 9). Every body in the facts pages is a row of a table test. */

export type CrmErrorKind =
  /** 429, lock, maintenance: nothing was done; try again after `afterMs`. */
  | "retry_later"
  /** The allowance of the day is used up: pause background work for this account. */
  | "quota_exhausted"
  /** The access token was refused: refresh once, then try again. */
  | "token_expired"
  /** The connection is dead (revoked, uninstalled): only a person can reconnect. */
  | "reconnect"
  /** The grant lacks a scope or the user a right; names it in `scope`. */
  | "missing_scope"
  /** The record does not exist any more (deleted, merged). */
  | "record_gone"
  /** This record's value is refused for good (validation rule, option, length, read-only). */
  | "value_refused"
  /** A property we named does not exist (any more). */
  | "unknown_property"
  /** A unique value or a name is taken; `existingId` when the CRM tells. */
  | "already_exists"
  /** The CRM refused the whole batch because of some of its rows: bisect. */
  | "batch_refused"
  /** The answer does not cover this input, though the call succeeded. */
  | "no_result"
  /** No answer, or one that does not tell: it may or may not have been done. Read before you send again. */
  | "outcome_unknown"
  /** The CRM can't be reached at all: nothing was sent. */
  | "unreachable"
  /** The CRM answered something we do not understand; permanent until a person looks. */
  | "unexpected";

export type CrmErrorDetail = {
  /** How long to wait, ms; absent = backoff decides. */
  afterMs?: number;
  /** The property the CRM named. */
  property?: string;
  scope?: string;
  existingId?: string;
  httpStatus?: number;
  /** The CRM's own code ("INVALID_OPTION", "UNABLE_TO_LOCK_ROW"). */
  crmCode?: string;
  correlationId?: string;
};

export class CrmError extends Error {
  readonly kind: CrmErrorKind;
  readonly detail: CrmErrorDetail;

  /** @param message the CRM's own words where it has some; never a token, never a record's values */
  constructor(kind: CrmErrorKind, message: string, detail: CrmErrorDetail = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CrmError";
    this.kind = kind;
    this.detail = detail;
  }
}

/** What the write engine does with a failed write. */
export type NextStep = "retry_not_done" | "retry_unknown" | "bisect" | "park" | "gone" | "stop_connection";

/** Decides what to do after an error of this kind. `retry_not_done`: the intent is cleared; `retry_unknown`: kept as sent without an answer. */
export function nextStep(kind: CrmErrorKind): NextStep {
  switch (kind) {
    case "retry_later":
    case "quota_exhausted":
    case "token_expired":
    case "unreachable":
      return "retry_not_done";
    case "outcome_unknown":
    case "no_result":
      return "retry_unknown";
    case "batch_refused":
      return "bisect";
    case "record_gone":
      return "gone";
    case "reconnect":
    case "missing_scope":
      return "stop_connection";
    case "value_refused":
    case "unknown_property":
    case "already_exists":
    case "unexpected":
      return "park";
    default:
      return kind satisfies never;
  }
}
