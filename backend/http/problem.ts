/** Every refusal as an RFC 9457 problem document. What we did not foresee answers 500 and says nothing of its cause. */
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Problem } from "../contract/problem.ts";
import { CrmError } from "../crm/errors.ts";
import { AppError, type FieldError } from "../errors.ts";

export type Refusal = {
  status: ContentfulStatusCode;
  problem: Problem;
  headers: Record<string, string>;
  /** True when the fault is ours and belongs into the error log. */
  ours: boolean;
};

/** @param instance id of the request, so that a person's question finds the log line */
export function refusalOf(error: unknown, instance: string): Refusal {
  const known = asAppError(error);
  const status = known.status as ContentfulStatusCode;
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (known.retryAfterS !== undefined) headers["retry-after"] = String(known.retryAfterS);
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="pandora"';
  return {
    status,
    headers,
    ours: status === 500,
    problem: {
      ...known.extra,
      type: "about:blank",
      title: titles[status] ?? "Refused",
      status,
      code: known.code,
      detail: known.public,
      instance,
      errors: known.errors,
      ...(known.retryAfterS === undefined ? {} : { retry_after_s: known.retryAfterS }),
    },
  };
}

/** What a schema refuses, field by field. @param status 422 for a body, 400 for a query */
export function invalidRequest(issues: readonly ZodIssue[], where: "body" | "query"): AppError {
  const errors = issues.flatMap((issue) => fieldErrors(issue, where));
  const first = errors[0];
  const says = errors.length === 1 && first ? `"${first.field}" ${first.message}.` : "Each fault is listed.";
  return new AppError("invalid_request", {
    status: where === "body" ? 422 : 400,
    public: `The ${where} is not as expected. ${says}`,
    errors,
  });
}

/** The part of zod's issues that is shown. */
export type ZodIssue = {
  code?: string;
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[];
  values?: readonly unknown[];
  keys?: readonly string[];
  input?: unknown;
  expected?: string;
};

function fieldErrors(issue: ZodIssue, where: string): FieldError[] {
  const at = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  if (issue.code === "unrecognized_keys") {
    return (issue.keys ?? []).map((key) => ({
      field: at ? `${at}.${key}` : key,
      code: "unknown_field",
      message: `is not known in this ${where}`,
    }));
  }
  const field = at || where;
  const allowed = issue.values?.map(String);
  if (issue.code === "invalid_value" && allowed) {
    return [{ field, code: "not_allowed", message: `must be one of ${allowed.join(", ")}`, allowed }];
  }
  if (issue.code === "invalid_type" && /received undefined/.test(issue.message)) {
    return [{ field, code: "required", message: `is missing: ${issue.expected} expected` }];
  }
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return [{ field, code: issue.code ?? "invalid", message }];
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof CrmError) return ofCrm(error);
  if (error instanceof HTTPException && error.status < 500) {
    return new AppError("invalid_request", {
      status: error.status,
      public: error.message || "The request is refused.",
    });
  }
  return new AppError("internal_error", {
    status: 500,
    public: "Something went wrong on our side. Nothing was lost; try again, and name the instance if it stays.",
    cause: error,
  });
}

/** What the CRM said, in the terms of our own caller. */
function ofCrm(error: CrmError): AppError {
  const { kind, detail } = error;
  const afterS = Math.max(1, Math.ceil((detail.afterMs ?? 5_000) / 1000));
  switch (kind) {
    case "retry_later":
      return refused("crm_busy", 503, "The CRM asks us to wait a little. Try again.", { retryAfterS: afterS });
    case "quota_exhausted":
      return refused("crm_quota_exhausted", 503, "The CRM's allowance of calls for today is used up.", {
        retryAfterS: Math.max(60, afterS),
      });
    case "token_expired":
    case "reconnect":
      return refused("needs_reconnect", 409, "The connection to the CRM was withdrawn. An admin has to reconnect it.");
    case "missing_scope":
      return refused(
        "missing_scope",
        409,
        `The connection to the CRM lacks a permission${detail.scope ? ` (${detail.scope})` : ""}. Grant it and reconnect.`,
      );
    case "record_gone":
      return refused("record_gone", 404, "This record does not exist in the CRM (any more).");
    case "already_exists":
      return refused("already_exists", 409, `The CRM has this already: ${error.message}`);
    case "value_refused":
    case "unknown_property":
    case "batch_refused":
      return refused(kind, 422, `The CRM refused it: ${error.message}`, {
        errors: detail.property ? [{ field: detail.property, code: kind, message: error.message }] : [],
      });
    case "outcome_unknown":
    case "no_result":
      return refused(
        "outcome_unknown",
        502,
        "The CRM did not answer, so it may or may not have been done. Look first.",
      );
    case "unreachable":
      return refused("crm_unreachable", 503, "The CRM can't be reached. Try again in a moment.", {
        retryAfterS: afterS,
      });
    case "unexpected":
      return refused("crm_unexpected", 502, `The CRM gave an answer we do not know: ${error.message}`);
    default:
      return kind satisfies never;
  }
}

function refused(
  code: string,
  status: number,
  says: string,
  more: { retryAfterS?: number; errors?: FieldError[] } = {},
): AppError {
  return new AppError(code, { status, public: says, ...more });
}

const titles: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};
