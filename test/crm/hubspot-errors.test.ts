import { describe, expect, test } from "vitest";
import type { CrmErrorDetail, CrmErrorKind } from "../../backend/crm/errors.ts";
import { type CallKind, classify, classifyRow, classifyTransport, timedOut } from "../../backend/crm/hubspot/errors.ts";

const badValues = (...errors: { name: string; error: string; message: string }[]) => ({
  status: "error",
  category: "VALIDATION_ERROR",
  correlationId: "c-1",
  message: `Property values were not valid: ${JSON.stringify(errors.map((each) => ({ isValid: false, ...each })))}`,
});
const option = {
  name: "dealtype",
  error: "INVALID_OPTION",
  message: 'Umbrella was not one of the allowed options: [label: "New"]',
};
const html = "<!DOCTYPE html><html><head><title>524: A timeout occurred</title></head></html>";
const read: CallKind = { write: false };
const write: CallKind = { write: true };
const many: CallKind = { write: true, rows: 100 };

type Row = [
  what: string,
  status: number,
  headers: Record<string, string>,
  body: unknown,
  CallKind,
  CrmErrorKind,
  CrmErrorDetail,
];
const rows: Row[] = [
  [
    "token ran out",
    401,
    {},
    { category: "EXPIRED_AUTHENTICATION", message: "The OAuth token … expired 16 minute(s) ago." },
    write,
    "token_expired",
    { httpStatus: 401 },
  ],
  [
    "token unknown",
    401,
    {},
    { category: "INVALID_AUTHENTICATION", message: "Authentication credentials not found." },
    read,
    "token_expired",
    { crmCode: "INVALID_AUTHENTICATION" },
  ],
  ["401 as a page", 401, {}, html, read, "token_expired", {}],
  [
    "scope missing",
    403,
    {},
    {
      category: "MISSING_SCOPES",
      message: "some words",
      errors: [{ message: "some words", context: { requiredGranularScopes: ["crm.objects.deals.write"] } }],
    },
    write,
    "missing_scope",
    { scope: "crm.objects.deals.write" },
  ],
  [
    "record not there",
    404,
    {},
    { category: "OBJECT_NOT_FOUND", message: "Object not found." },
    read,
    "record_gone",
    { httpStatus: 404 },
  ],
  ["path not there", 404, {}, html, read, "unexpected", { httpStatus: 404 }],
  [
    "ten seconds",
    429,
    {},
    {
      message: "You have reached your ten_secondly_rolling limit.",
      errorType: "RATE_LIMIT",
      policyName: "TEN_SECONDLY_ROLLING",
    },
    write,
    "retry_later",
    { afterMs: 10_000, crmCode: "RATE_LIMIT" },
  ],
  [
    "search",
    429,
    {},
    { category: "RATE_LIMITS", message: "You have reached your secondly limit." },
    read,
    "retry_later",
    { afterMs: 1000 },
  ],
  [
    "429 with Retry-After",
    429,
    { "retry-after": "7" },
    { message: "some words", policyName: "TEN_SECONDLY_ROLLING" },
    write,
    "retry_later",
    { afterMs: 7000 },
  ],
  ["429 as a page", 429, {}, html, write, "retry_later", { afterMs: 10_000 }],
  [
    "day used up",
    429,
    {},
    { message: "You have reached your daily limit.", policyName: "DAILY" },
    write,
    "quota_exhausted",
    {},
  ],
  ["locked", 423, {}, { category: "LOCKED", message: "locked" }, write, "retry_later", { afterMs: 2000 }],
  [
    "moving house",
    477,
    { "retry-after": "86400" },
    { message: "migration in progress" },
    write,
    "retry_later",
    { afterMs: 86_400_000 },
  ],
  ["moving house, as a page", 477, { "retry-after": "60" }, html, write, "retry_later", { afterMs: 60_000 }],
  [
    "500 on a write",
    500,
    {},
    { status: "error", message: "internal error" },
    write,
    "outcome_unknown",
    { httpStatus: 500 },
  ],
  ["500 on a read", 500, {}, { status: "error", message: "internal error" }, read, "retry_later", {}],
  ["524 on a write", 524, {}, html, write, "outcome_unknown", { httpStatus: 524 }],
  ["502 on a read", 502, {}, html, read, "retry_later", { httpStatus: 502 }],
  ["503 on a write", 503, {}, "", write, "outcome_unknown", {}],
  [
    "one bad option",
    400,
    {},
    badValues(option),
    write,
    "value_refused",
    { property: "dealtype", crmCode: "INVALID_OPTION", correlationId: "c-1" },
  ],
  [
    "one bad option among many rows",
    400,
    {},
    badValues(option),
    many,
    "batch_refused",
    { property: "dealtype", crmCode: "INVALID_OPTION" },
  ],
  [
    "unknown property",
    400,
    {},
    badValues({ name: "old_one", error: "PROPERTY_DOESNT_EXIST", message: 'Property "old_one" does not exist' }),
    write,
    "unknown_property",
    { property: "old_one" },
  ],
  [
    "read-only",
    400,
    {},
    badValues({
      name: "createdate",
      error: "READ_ONLY_VALUE",
      message: '"createdate" is a read only property; its value cannot be set.',
    }),
    write,
    "value_refused",
    { property: "createdate", crmCode: "READ_ONLY_VALUE" },
  ],
  [
    "a broken list in the sentence",
    400,
    {},
    { category: "VALIDATION_ERROR", message: "Property values were not valid: [{" },
    write,
    "value_refused",
    {},
  ],
  [
    "admin rule",
    400,
    {},
    {
      category: "VALIDATION_ERROR",
      message: "some words",
      errors: [
        { message: "must be 5 digits", code: "PROPERTY_VALIDATION_RULE_FAILED", context: { propertyName: ["zip"] } },
      ],
    },
    write,
    "value_refused",
    { property: "zip" },
  ],
  [
    "unique value taken",
    400,
    {},
    {
      category: "VALIDATION_ERROR",
      message:
        "Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=0-3, propertyName=conversation, value=abc} on new object. 77 already has that value.",
    },
    write,
    "already_exists",
    { existingId: "77", property: "conversation" },
  ],
  [
    "contact exists",
    409,
    {},
    { category: "CONFLICT", message: "Contact already exists. Existing ID: 4711" },
    write,
    "already_exists",
    { existingId: "4711" },
  ],
  [
    "property exists",
    409,
    {},
    { category: "CONFLICT", message: "A property named 'x' already exists." },
    write,
    "already_exists",
    {},
  ],
  [
    "same id twice",
    400,
    {},
    { category: "VALIDATION_ERROR", message: "Duplicate IDs found in batch input: [12]. IDs must be unique" },
    many,
    "unexpected",
    {},
  ],
  ["too large a batch", 413, {}, html, many, "batch_refused", {}],
  ["a status nobody knows", 418, {}, { message: "teapot" }, write, "unexpected", { httpStatus: 418 }],
];

describe("HubSpot's refusals, by what to do next", () => {
  test.each(rows)("%s", (_, status, headers, body, call, kind, detail) => {
    const error = classify(status, headers, body, call);
    expect(error.kind).toBe(kind);
    expect(error.detail).toMatchObject(detail);
    expect(error.message).toMatch(/\w/);
  });

  test("a refused value is not repeated in our words", () => {
    const secrets = [
      badValues(option),
      badValues({ name: "amount", error: "INVALID_LONG", message: "Umbrella was not a valid long." }),
      badValues({ name: "email", error: "INVALID_EMAIL", message: "Email address Umbrella is invalid" }),
      {
        category: "VALIDATION_ERROR",
        message:
          "Cannot set PropertyValueCoordinates{portalId=1, propertyName=k, value=Umbrella} on 5. 6 already has that value.",
      },
      { category: "VALIDATION_ERROR", message: 'Property values were not valid: [{"broken": "Umbrella"' },
    ];
    for (const body of secrets) expect(classify(400, {}, body, write).message).not.toContain("Umbrella");
  });

  test("a row's own error", () => {
    const gone = { message: "Could not get some deals objects", category: "OBJECT_NOT_FOUND", context: { ids: ["1"] } };
    expect(classifyRow(gone, 207).kind).toBe("record_gone");
    expect(classifyRow(badValues(option), 207)).toMatchObject({
      kind: "value_refused",
      detail: { property: "dealtype" },
    });
    expect(classifyRow({ message: "slow down", category: "RATE_LIMITS" }, 207).kind).toBe("retry_later");
    expect(classifyRow({ message: "no", category: "MISSING_SCOPES" }, 207).kind).toBe("missing_scope");
    expect(classifyRow({ message: "?", category: "NEW_CATEGORY" }, 207).kind).toBe("unexpected");
  });

  test("what never left is unreachable; what may have arrived is unknown, or a read to be repeated", () => {
    const failed = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
    expect(classifyTransport(failed("ECONNREFUSED"), write).kind).toBe("unreachable");
    expect(classifyTransport(failed("ENOTFOUND"), write).kind).toBe("unreachable");
    expect(classifyTransport(failed("UND_ERR_SOCKET"), write).kind).toBe("outcome_unknown");
    expect(classifyTransport(failed("ECONNRESET"), write).kind).toBe("outcome_unknown");
    expect(classifyTransport(failed("ECONNRESET"), read).kind).toBe("retry_later");
    expect(timedOut(30_000, write).kind).toBe("outcome_unknown");
    expect(timedOut(30_000, read).kind).toBe("retry_later");
  });
});
