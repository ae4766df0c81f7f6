/** HubSpot's refusals, told by what to do next. Pure. */
import { CrmError, type CrmErrorDetail, type CrmErrorKind } from "../errors.ts";
import { type ErrorBody, embeddedErrors, errorBody } from "./wire.ts";

export type CallKind = {
  /** A write: without a clear answer its outcome is unknown. */
  write: boolean;
  /** Records in the call; a refusal of several is `batch_refused`. Default 1. */
  rows?: number;
};

const tenSeconds = 10_000;
const locked = 2000;

/**
 * Names an answer that is not 2xx.
 * @param headers lower-cased names
 * @param body parsed JSON, or the text where it is none (gateways answer with HTML)
 * Source: HubSpot error handling and usage guidelines; bodies recorded in test/crm/hubspot-errors.test.ts
 */
export function classify(status: number, headers: Record<string, string>, body: unknown, call: CallKind): CrmError {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return classifyPage(status, headers, call);
  const told = parsed.data;
  const detail = detailOf(told, status);
  const error = (kind: CrmErrorKind, more: CrmErrorDetail = {}) =>
    new CrmError(kind, scrub(told.message) || `HubSpot answered ${status}.`, { ...detail, ...more });
  switch (status) {
    case 400:
    case 413:
    case 422: {
      const refused = classifyRefusal(told, status);
      if ((call.rows ?? 1) === 1 || !isRowFault(refused.kind)) return refused;
      return new CrmError("batch_refused", refused.message, refused.detail);
    }
    case 401:
      return error("token_expired");
    case 403:
      return error("missing_scope", { scope: scopeOf(told) });
    case 404:
      return error(told.category === "OBJECT_NOT_FOUND" ? "record_gone" : "unexpected");
    case 409:
      return classifyRefusal(told, status);
    case 423:
      return error("retry_later", { afterMs: Math.max(locked, retryAfterMs(headers) ?? 0) });
    case 429:
      if (/DAILY/i.test(told.policyName ?? "") || /daily/i.test(told.message)) return error("quota_exhausted");
      return error("retry_later", { afterMs: retryAfterMs(headers) ?? pauseMs(told) });
    case 477:
      return error("retry_later", { afterMs: retryAfterMs(headers) });
    default:
      return status >= 500 ? serverFault(call, error) : error("unexpected");
  }
}

/** Names one entry of a batch answer's `errors`. */
export function classifyRow(row: ErrorBody, status: number): CrmError {
  const detail = detailOf(row, status);
  const message = scrub(row.message) || "HubSpot refused this record.";
  switch (row.category) {
    case "OBJECT_NOT_FOUND":
      return new CrmError("record_gone", message, detail);
    case "RATE_LIMITS":
      return new CrmError("retry_later", message, { ...detail, afterMs: pauseMs(row) });
    case "MISSING_SCOPES":
      return new CrmError("missing_scope", message, { ...detail, scope: scopeOf(row) });
    default:
      return classifyRefusal(row, status);
  }
}

/** The request never left, or nobody knows whether it arrived. */
export function classifyTransport(cause: unknown, call: CallKind): CrmError {
  const codes = causeCodes(cause);
  if (codes.some((code) => neverSent.has(code))) {
    return new CrmError(
      "unreachable",
      "HubSpot can't be reached: nothing was sent. Check the network and try again.",
      {},
      cause,
    );
  }
  return noAnswer("The connection to HubSpot broke before it answered.", call, cause);
}

/** No answer within the time allowed. */
export function timedOut(ms: number, call: CallKind): CrmError {
  return noAnswer(`HubSpot did not answer within ${ms} ms.`, call);
}

function noAnswer(message: string, call: CallKind, cause?: unknown): CrmError {
  return new CrmError(call.write ? "outcome_unknown" : "retry_later", message, {}, cause);
}

const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
]);

function causeCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ("code" in at && typeof at.code === "string") codes.push(at.code);
    // Several addresses were tried (localhost over IPv4 and IPv6): each tells its own.
    if (at instanceof AggregateError) for (const each of at.errors) codes.push(...causeCodes(each));
  }
  return codes;
}

function classifyPage(status: number, headers: Record<string, string>, call: CallKind): CrmError {
  const error = (kind: CrmErrorKind, more: CrmErrorDetail = {}) =>
    new CrmError(kind, `HubSpot answered ${status} with a page instead of data.`, { httpStatus: status, ...more });
  if (status === 401) return error("token_expired");
  if (status === 429) return error("retry_later", { afterMs: retryAfterMs(headers) ?? tenSeconds });
  if (status === 423 || status === 477) return error("retry_later", { afterMs: retryAfterMs(headers) ?? locked });
  if (status === 413 && (call.rows ?? 1) > 1) return error("batch_refused");
  return status >= 500 ? serverFault(call, error) : error("unexpected");
}

/** A server that fails may have done the work before. */
function serverFault(call: CallKind, error: (kind: CrmErrorKind) => CrmError): CrmError {
  return error(call.write ? "outcome_unknown" : "retry_later");
}

/** What is wrong with the request, most telling part first. */
function classifyRefusal(told: ErrorBody, status: number): CrmError {
  const detail = detailOf(told, status);
  const existingId =
    /Existing ID: (\d+)/.exec(told.message)?.[1] ?? /\. (\d+) already has that value/.exec(told.message)?.[1];
  const [first] = embedded(told.message);
  const listed = told.errors?.[0];
  const crmCode = first?.error || listed?.code || told.category || undefined;
  const property =
    first?.name || listed?.context?.propertyName?.[0] || listed?.context?.properties?.[0] || propertyIn(told.message);
  const message = scrub(first?.message || told.message || listed?.message || `HubSpot answered ${status}.`);
  const known = { ...detail, crmCode, property };
  if (crmCode === "CONFLICTING_UNIQUE_VALUE" || existingId || told.category === "CONFLICT") {
    return new CrmError("already_exists", message, { ...known, existingId });
  }
  if (crmCode === "PROPERTY_DOESNT_EXIST") return new CrmError("unknown_property", message, known);
  if (/Duplicate IDs found in batch input/.test(told.message)) return new CrmError("unexpected", message, known);
  return new CrmError(
    told.category === "VALIDATION_ERROR" || property ? "value_refused" : "unexpected",
    message,
    known,
  );
}

/** A refusal that one row caused, so that the others may still be written. */
function isRowFault(kind: CrmErrorKind): boolean {
  return kind === "value_refused" || kind === "unknown_property" || kind === "already_exists";
}

function embedded(message: string): { name: string; error: string; message: string }[] {
  const from = message.indexOf("[");
  if (!message.startsWith("Property values were not valid") || from < 0) return [];
  try {
    return embeddedErrors.parse(JSON.parse(message.slice(from)));
  } catch {
    return [];
  }
}

function propertyIn(message: string): string | undefined {
  return /propertyName=([a-z0-9_]+)/.exec(message)?.[1];
}

function detailOf(told: ErrorBody, httpStatus: number): CrmErrorDetail {
  return { httpStatus, crmCode: told.category || told.errorType || told.error, correlationId: told.correlationId };
}

function scopeOf(told: ErrorBody): string | undefined {
  const scopes = told.errors?.flatMap(
    (each) => each.context?.requiredGranularScopes ?? each.context?.requiredScopes ?? [],
  );
  return scopes && scopes.length > 0 ? scopes.join(" ") : undefined;
}

/** Retry-After in seconds; HubSpot does not promise it. */
function retryAfterMs(headers: Record<string, string>): number | undefined {
  const seconds = Number(headers["retry-after"]);
  return headers["retry-after"] !== undefined && seconds >= 0 ? seconds * 1000 : undefined;
}

/** Search counts by the second and says so in words only; everything else by ten seconds. */
function pauseMs(told: ErrorBody): number {
  return /\bsecondly limit/i.test(told.message) || told.policyName === "SECONDLY" ? 1000 : tenSeconds;
}

/** HubSpot repeats the refused value in its sentence; we log these sentences, and values are not ours to log. */
function scrub(message: string): string {
  return message
    .replace(/^[\s\S]*? (was not (?:a valid|one of))/, "The value $1")
    .replace(/^[\s\S]*? (is not midnight UTC)/, "The value $1")
    .replace(/^[\s\S]*? is at .*? UTC, not midnight!?/, "The value is not midnight UTC")
    .replace(/^Email address [\s\S]*? is invalid/, "The e-mail address is invalid")
    .replace(/value=[\s\S]*?\} on /, "value=…} on ")
    .replace(/^Property values were not valid[\s\S]*$/, "HubSpot refused a property value.")
    .slice(0, 500);
}
