/**
 * Salesforce failures, classified by what to do next. Pure.
 * Source: REST API Developer Guide, "Status Codes and Error Responses"; bodies seen are rows of test/crm/salesforce-errors.test.ts.
 */
import { CrmError, type CrmErrorDetail, type CrmErrorKind } from "../errors.ts";
import { type ErrorItem, errorBody, oauthErrorBody } from "./wire.ts";

/** Whether the call could have changed something: decides between "try again" and "may or may not be done". */
export type Sent = "read" | "write";

/** Classifies an answer of status ≥ 400. `body` is the parsed JSON, or text where it was none. */
export function classifyResponse(status: number, body: unknown, sent: Sent): CrmError {
  const oauth = oauthErrorBody.safeParse(body);
  if (oauth.success) return classifyOAuth(status, oauth.data.error, oauth.data.error_description);
  const items = errorBody.safeParse(body);
  const item = items.success ? items.data[0] : undefined;
  // The identity service says it in a way of its own.
  if (!item && body === "Bad_OAuth_Token") return withoutBody(401, sent);
  if (!item) return withoutBody(status, sent);
  const code = item.errorCode ?? item.statusCode ?? `HTTP_${status}`;
  const detail: CrmErrorDetail = { httpStatus: status, ...detailOf(item, code) };
  if (status === 401) return new CrmError("token_expired", item.message, detail);
  if (status >= 500) return serverError(sent, code, item.message, detail);
  return new CrmError(bodyKind(code, item.message, status), item.message || code, detail);
}

/** Classifies a row of a collections, composite or bulk answer: a failure of that record only. */
export function classifyRow(items: ErrorItem[]): CrmError {
  const item = items[0];
  if (!item) return new CrmError("unexpected", "Salesforce refused the record without saying why.");
  const code = item.statusCode ?? item.errorCode ?? "UNKNOWN";
  const detail = detailOf(item, code);
  return new CrmError(rowKind(code, item), item.message || code, detail);
}

/** Classifies a call that got no answer. @param cause what the HTTP client threw */
export function classifyNetwork(cause: unknown, sent: Sent): CrmError {
  const code = causeCode(cause);
  if (neverSent.has(code)) {
    return new CrmError("unreachable", "Salesforce can't be reached; nothing was sent.", { crmCode: code }, cause);
  }
  const kind: CrmErrorKind = sent === "write" ? "outcome_unknown" : "retry_later";
  return new CrmError(kind, "Salesforce did not answer in full.", { crmCode: code }, cause);
}

/** One line of a bulk result's `sf__Error`: "CODE:message:fields --". */
export function classifyBulkError(text: string): CrmError {
  const match = /^([A-Z][A-Z0-9_]*):([\s\S]*?)(?::([A-Za-z0-9_,.\s]*?))?(?:\s*--)?$/.exec(text);
  if (!match) return new CrmError("unexpected", text || "Salesforce refused the record without saying why.");
  const fields = (match[3] ?? "")
    .split(",")
    .map((field) => field.trim())
    .filter(Boolean);
  return classifyRow([{ statusCode: match[1], message: (match[2] ?? "").trim(), fields }]);
}

function classifyOAuth(status: number, code: string, description: string): CrmError {
  const detail = { httpStatus: status, crmCode: code };
  if (/already being processed/i.test(description)) {
    return new CrmError("retry_later", "Another refresh of this connection is running.", { ...detail, afterMs: 1_000 });
  }
  if (status >= 500 || code === "server_error" || code === "temporarily_unavailable") {
    return new CrmError("retry_later", "Salesforce's sign-in service is unavailable.", detail);
  }
  if (code === "invalid_grant" || code === "inactive_user" || code === "inactive_org") {
    return new CrmError("reconnect", `Salesforce ended this connection (${description || code}).`, detail);
  }
  return new CrmError("unexpected", `Salesforce refused the sign-in: ${description || code}.`, detail);
}

function withoutBody(status: number, sent: Sent): CrmError {
  const detail = { httpStatus: status };
  if (status === 401) return new CrmError("token_expired", "Salesforce refused the access token.", detail);
  if (status === 429) return new CrmError("retry_later", "Salesforce asks to slow down.", detail);
  if (status >= 500) return serverError(sent, `HTTP_${status}`, "Salesforce has a problem.", detail);
  if (status === 404) return new CrmError("record_gone", "Salesforce has no such record.", detail);
  return new CrmError("unexpected", `Salesforce answered ${status} without an explanation.`, detail);
}

function serverError(sent: Sent, code: string, message: string, detail: CrmErrorDetail): CrmError {
  const kind: CrmErrorKind = sent === "write" ? "outcome_unknown" : "retry_later";
  return new CrmError(kind, message || code, detail);
}

function bodyKind(code: string, message: string, status: number): CrmErrorKind {
  if (code === "INVALID_SESSION_ID") return "token_expired";
  // A JSON type error names one value but refuses every record of the call.
  if (code === "JSON_PARSER_ERROR") return "batch_refused";
  if (
    code.startsWith("INSUFFICIENT_ACCESS") ||
    code === "FUNCTIONALITY_NOT_ENABLED" ||
    code === "API_DISABLED_FOR_ORG"
  ) {
    return "missing_scope";
  }
  const known = kindOf(code, message);
  if (known) return known;
  return status === 404 ? "record_gone" : "unexpected";
}

function rowKind(code: string, item: ErrorItem): CrmErrorKind {
  // The record's own id is refused with no field named; a field named means the value points nowhere.
  if (code === "INVALID_CROSS_REFERENCE_KEY" || code === "MALFORMED_ID") {
    return (item.fields ?? []).every((field) => field === "Id") ? "record_gone" : "value_refused";
  }
  // One record the user may not edit says nothing about the others, so the connection goes on.
  if (code.startsWith("INSUFFICIENT_ACCESS")) return "value_refused";
  return kindOf(code, item.message) ?? "unexpected";
}

function kindOf(code: string, message: string): CrmErrorKind | null {
  // Triggers wrap a lock in their own error.
  if (code === "UNABLE_TO_LOCK_ROW" || message.includes("UNABLE_TO_LOCK_ROW")) return "retry_later";
  if (code === "REQUEST_LIMIT_EXCEEDED") return /concurrent/i.test(message) ? "retry_later" : "quota_exhausted";
  if (code === "INVALID_FIELD") return /can ?not be filtered/i.test(message) ? "value_refused" : "unknown_property";
  if (retryable.has(code)) return "retry_later";
  if (gone.has(code)) return "record_gone";
  if (taken.has(code)) return "already_exists";
  if (refused.has(code)) return "value_refused";
  return null;
}

function detailOf(item: ErrorItem, code: string): CrmErrorDetail {
  const detail: CrmErrorDetail = { crmCode: code };
  // Salesforce sends no Retry-After; the limit is on requests of 20 s and more that run at the same time.
  if (code === "REQUEST_LIMIT_EXCEEDED" && /concurrent/i.test(item.message)) detail.afterMs = 5_000;
  // Names the user in its words and no field.
  const property = code === "INACTIVE_OWNER_OR_USER" ? "OwnerId" : (item.fields?.[0] ?? namedColumn(item.message));
  if (property) detail.property = property;
  if (code.startsWith("INSUFFICIENT_ACCESS")) detail.scope = property ?? code;
  if (taken.has(code)) {
    const existing = matchedId(item) ?? /record with id:\s*([A-Za-z0-9]{15,18})/.exec(item.message)?.[1];
    if (existing) detail.existingId = existing;
  }
  return detail;
}

function namedColumn(message: string): string | undefined {
  return (
    /No such column '([^']+)'/.exec(message)?.[1] ??
    /(?:bad value for restricted picklist field|fields?):\s*([A-Za-z0-9_]+)/.exec(message)?.[1]
  );
}

/** The first matching record's id in a DUPLICATES_DETECTED row, wherever the duplicate result nests it. */
function matchedId(node: unknown, depth = 0): string | undefined {
  if (depth > 8 || typeof node !== "object" || node === null) return undefined;
  const record = "record" in node ? node.record : undefined;
  if (typeof record === "object" && record !== null && "Id" in record && typeof record.Id === "string")
    return record.Id;
  for (const child of Object.values(node)) {
    const found = matchedId(child, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function causeCode(cause: unknown, depth = 0): string {
  if (depth > 4 || typeof cause !== "object" || cause === null) return "NO_ANSWER";
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  if ("cause" in cause && cause.cause) return causeCode(cause.cause, depth + 1);
  return "name" in cause && typeof cause.name === "string" ? cause.name : "NO_ANSWER";
}

const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const retryable = new Set([
  "QUERY_TIMEOUT",
  "SERVER_UNAVAILABLE",
  "REQUEST_RUNNING_TOO_LONG",
  "API_CURRENTLY_DISABLED",
]);
const gone = new Set(["ENTITY_IS_DELETED", "NOT_FOUND"]);
const taken = new Set(["DUPLICATES_DETECTED", "DUPLICATE_VALUE", "DUPLICATE_DEVELOPER_NAME", "DUPLICATE_EXTERNAL_ID"]);
const refused = new Set([
  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
  "ENTITY_IS_LOCKED",
  "FIELD_CUSTOM_VALIDATION_EXCEPTION",
  "FIELD_FILTER_VALIDATION_EXCEPTION",
  "FIELD_INTEGRITY_EXCEPTION",
  "INACTIVE_OWNER_OR_USER",
  "INVALID_EMAIL_ADDRESS",
  "INVALID_FIELD_FOR_INSERT_UPDATE",
  "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
  "INVALID_TYPE_ON_FIELD_IN_RECORD",
  "JSON_PARSER_ERROR",
  "NUMBER_OUTSIDE_VALID_RANGE",
  "REQUIRED_FIELD_MISSING",
  "STRING_TOO_LONG",
]);
