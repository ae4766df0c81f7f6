/** Every body we know of Salesforce, and what it makes us do next. */
import { describe, expect, test } from "vitest";
import type { CrmErrorKind } from "../../backend/crm/errors.ts";
import {
  classifyBulkError,
  classifyNetwork,
  classifyResponse,
  classifyRow,
} from "../../backend/crm/salesforce/errors.ts";

type Row = [name: string, kind: CrmErrorKind, detail?: Record<string, unknown>];
const one = (errorCode: string, message: string, fields?: string[]) => [{ errorCode, message, fields }];

describe("answers of a whole call", () => {
  const rows: [status: number, body: unknown, sent: "read" | "write", ...Row][] = [
    [401, one("INVALID_SESSION_ID", "Session expired or invalid"), "write", "an old token", "token_expired"],
    [
      401,
      one("INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
      "read",
      "a session of another kind",
      "token_expired",
    ],
    [401, "", "read", "a bare 401", "token_expired"],
    [
      403,
      one("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
      "write",
      "the day's allowance",
      "quota_exhausted",
    ],
    [
      403,
      one("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
      "write",
      "too many at once",
      "retry_later",
      { afterMs: 5_000 },
    ],
    [
      400,
      one("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record"),
      "write",
      "a lock",
      "retry_later",
    ],
    [
      400,
      one(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "OppTrigger: System.DmlException: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access",
      ),
      "write",
      "a lock inside a trigger's error",
      "retry_later",
    ],
    [
      400,
      one("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "OppTrigger: something else"),
      "write",
      "a trigger that fails",
      "value_refused",
    ],
    [400, one("QUERY_TIMEOUT", "Your query request was running for too long."), "read", "a slow query", "retry_later"],
    [503, one("SERVER_UNAVAILABLE", "The server is too busy"), "read", "a busy server, reading", "retry_later"],
    [503, one("SERVER_UNAVAILABLE", "The server is too busy"), "write", "a busy server, writing", "outcome_unknown"],
    [
      500,
      one("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
      "write",
      "a server error, writing",
      "outcome_unknown",
    ],
    [502, "<html>", "read", "a gateway's page, reading", "retry_later"],
    [429, "", "write", "a plain 429", "retry_later"],
    [
      400,
      one("INVALID_FIELD", "No such column 'Gone__c' on sobject of type Opportunity"),
      "write",
      "a field that is gone",
      "unknown_property",
      { property: "Gone__c" },
    ],
    [
      400,
      one("INVALID_FIELD", "field 'Description' can not be filtered in a query call"),
      "read",
      "a filter on long text",
      "value_refused",
    ],
    [
      400,
      one("JSON_PARSER_ERROR", "Cannot deserialize instance of double from VALUE_STRING value abc"),
      "write",
      "a wrong JSON type refuses all rows",
      "batch_refused",
    ],
    [400, one("INSUFFICIENT_ACCESS", "insufficient access rights"), "write", "a missing right", "missing_scope"],
    [
      403,
      one("API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."),
      "read",
      "no API",
      "missing_scope",
    ],
    [404, one("NOT_FOUND", "The requested resource does not exist"), "read", "not there", "record_gone"],
    [404, one("ENTITY_IS_DELETED", "entity is deleted"), "write", "deleted", "record_gone"],
    [
      400,
      one("DUPLICATE_DEVELOPER_NAME", "There is already a field named X"),
      "write",
      "a field's name is taken",
      "already_exists",
    ],
    [400, one("MALFORMED_QUERY", "unexpected token: 'x'"), "read", "a fault of ours", "unexpected"],
    [418, "tea", "read", "nothing we know", "unexpected"],
    [
      400,
      { error: "invalid_grant", error_description: "expired access/refresh token" },
      "write",
      "a dead refresh token",
      "reconnect",
    ],
    [
      400,
      { error: "invalid_grant", error_description: "token request is already being processed" },
      "write",
      "a parallel refresh",
      "retry_later",
      { afterMs: 1_000 },
    ],
    [
      400,
      { error: "invalid_client", error_description: "invalid client credentials" },
      "write",
      "a wrong secret",
      "unexpected",
    ],
  ];
  test.each(rows)("%i %j (%s): %s", (status, body, sent, _name, kind, detail = {}) => {
    const error = classifyResponse(status, body, sent);
    expect(error.kind).toBe(kind);
    expect(error.detail).toMatchObject({ httpStatus: status, ...detail });
  });
});

describe("rows of a collection", () => {
  const row = (statusCode: string, message: string, fields: string[] = [], more = {}) => [
    { statusCode, message, fields, ...more },
  ];
  const matchResults = [{ matchRecords: [{ record: { attributes: { type: "Contact" }, Id: "0035g00000000001AA" } }] }];
  const rows: [items: Parameters<typeof classifyRow>[0], ...Row][] = [
    [
      row("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Close date is needed", ["CloseDate"]),
      "a validation rule",
      "value_refused",
      { property: "CloseDate" },
    ],
    [
      row("STRING_TOO_LONG", "Next Step: data value too large", ["NextStep"]),
      "too long",
      "value_refused",
      { property: "NextStep" },
    ],
    [
      row("REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", ["Name"]),
      "required",
      "value_refused",
      { property: "Name" },
    ],
    [
      row("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value for restricted picklist field: Great", [
        "Deal_Health__c",
      ]),
      "no such option",
      "value_refused",
      { property: "Deal_Health__c" },
    ],
    [
      row("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: IsWon.", ["IsWon"]),
      "read-only",
      "value_refused",
      { property: "IsWon" },
    ],
    [
      row("NUMBER_OUTSIDE_VALID_RANGE", "value outside of valid range", ["Amount"]),
      "too large a number",
      "value_refused",
    ],
    [
      row("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"),
      "one record the user may not edit",
      "value_refused",
    ],
    [
      row("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "insufficient access rights on cross-reference id"),
      "one it points to",
      "value_refused",
    ],
    [row("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"), "a lock", "retry_later"],
    [row("ENTITY_IS_DELETED", "entity is deleted"), "deleted or merged", "record_gone"],
    [row("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"), "an id that never was", "record_gone"],
    [
      row("INVALID_CROSS_REFERENCE_KEY", "Owner ID: id value of incorrect type", ["OwnerId"]),
      "a reference that leads nowhere",
      "value_refused",
      { property: "OwnerId" },
    ],
    [row("MALFORMED_ID", "Opportunity ID: id value of incorrect type", ["Id"]), "no id at all", "record_gone"],
    [
      row("DUPLICATES_DETECTED", "Use one of these records?", [], { duplicateResult: { matchResults } }),
      "a duplicate rule",
      "already_exists",
      { existingId: "0035g00000000001AA" },
    ],
    [
      row("DUPLICATE_VALUE", "duplicate value found: Key__c duplicates value on record with id: 0065g00000000A1"),
      "a unique value",
      "already_exists",
      { existingId: "0065g00000000A1" },
    ],
    [row("SOMETHING_NEW", "not known to us"), "an unknown code", "unexpected", { crmCode: "SOMETHING_NEW" }],
    [[], "no reason given", "unexpected"],
  ];
  test.each(rows)("%j: %s", (items, _name, kind, detail = {}) => {
    const error = classifyRow(items);
    expect(error.kind).toBe(kind);
    expect(error.detail).toMatchObject(detail);
  });

  test("a bulk result's one line of text is read the same way", () => {
    const error = classifyBulkError("STRING_TOO_LONG:Next Step: data value too large: x (max length=255):NextStep --");
    expect(error).toMatchObject({
      kind: "value_refused",
      detail: { crmCode: "STRING_TOO_LONG", property: "NextStep" },
    });
    expect(classifyBulkError("UNABLE_TO_LOCK_ROW:unable to obtain exclusive access: --").kind).toBe("retry_later");
    expect(classifyBulkError("no code").kind).toBe("unexpected");
  });
});

describe("no answer", () => {
  const rows: [cause: unknown, sent: "read" | "write", kind: CrmErrorKind][] = [
    [Object.assign(new Error("x"), { code: "ECONNREFUSED" }), "write", "unreachable"],
    [
      new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ENOTFOUND" }) }),
      "write",
      "unreachable",
    ],
    [Object.assign(new Error("x"), { code: "ECONNRESET" }), "write", "outcome_unknown"],
    [Object.assign(new Error("x"), { code: "ECONNRESET" }), "read", "retry_later"],
    [new DOMException("timed out", "TimeoutError"), "write", "outcome_unknown"],
    [undefined, "read", "retry_later"],
  ];
  test.each(rows)("%s, %s: %s", (cause, sent, kind) => {
    expect(classifyNetwork(cause, sent).kind).toBe(kind);
  });
});
