/** HubSpot's answers in its own words, one function per body. */
import type { Reply } from "../http.ts";
import type { ValueError } from "./values.ts";

let issued = 0;
/** Looks like HubSpot's; only has to differ from call to call. */
function correlationId(): string {
  issued += 1;
  return `00000000-0000-4000-8000-${String(issued).padStart(12, "0")}`;
}

function refusal(status: number, category: string, message: string, more: object = {}): Reply {
  return { status, body: { status: "error", message, correlationId: correlationId(), category, ...more } };
}

export const replies = {
  expiredToken: (minutes: number, at: string) =>
    refusal(401, "EXPIRED_AUTHENTICATION", `The OAuth token used to make this call expired ${minutes} minute(s) ago.`, {
      context: { "expire time": [at] },
    }),
  noToken: () =>
    refusal(
      401,
      "INVALID_AUTHENTICATION",
      "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    ),
  missingScopes: (scopes: string[]) =>
    refusal(
      403,
      "MISSING_SCOPES",
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
      {
        errors: [
          {
            message: "One or more of the following scopes are required.",
            context: { requiredGranularScopes: scopes },
          },
        ],
        links: { scopes: "https://developers.hubspot.com/scopes" },
      },
    ),
  tenSecondly: (): Reply => ({
    status: 429,
    body: {
      status: "error",
      message: "You have reached your ten_secondly_rolling limit.",
      errorType: "RATE_LIMIT",
      correlationId: correlationId(),
      policyName: "TEN_SECONDLY_ROLLING",
    },
  }),
  searchSecondly: () => refusal(429, "RATE_LIMITS", "You have reached your secondly limit."),
  invalid: (message: string, more: object = {}) => refusal(400, "VALIDATION_ERROR", message, more),
  /** HubSpot puts the list of bad values into the sentence, as JSON. */
  invalidValues: (errors: ValueError[]) =>
    refusal(400, "VALIDATION_ERROR", `Property values were not valid: ${JSON.stringify(errors)}`, {
      errors: errors.map((error) => ({
        message: error.message,
        code: error.error,
        context: { propertyName: [error.name] },
      })),
    }),
  conflict: (message: string) => refusal(409, "CONFLICT", message),
  noObject: () =>
    refusal(404, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.", {
      subCategory: "crm.objects.NOT_FOUND",
    }),
  notFound: (): Reply => ({ status: 404, body: "<html><body><h2>HTTP ERROR 404</h2></body></html>" }),
  malformed: () => refusal(400, "VALIDATION_ERROR", "Invalid input JSON: unable to parse the request body"),
  /** Gateways in front of HubSpot answer with a page. */
  gateway: (status: 502 | 524): Reply => ({
    status,
    body: `<!DOCTYPE html><html><head><title>hubapi.com | ${status}: ${status === 524 ? "A timeout occurred" : "Bad gateway"}</title></head><body>cloudflare</body></html>`,
  }),
  serverError: (): Reply => ({
    status: 500,
    body: { status: "error", message: "internal error", correlationId: correlationId() },
  }),
  badRefreshToken: (): Reply => ({
    status: 400,
    body: {
      error: "invalid_grant",
      error_description: "missing or invalid refresh token",
      status: "BAD_REFRESH_TOKEN",
      message: "missing or invalid refresh token",
      correlationId: correlationId(),
    },
  }),
  badGrant: (status: string, message: string): Reply => ({
    status: 400,
    body: { error: "invalid_grant", error_description: message, status, message, correlationId: correlationId() },
  }),
};

/** One entry of a batch answer's `errors`. */
export function rowError(
  category: string,
  message: string,
  context: Record<string, string[]>,
  more: object = {},
): object {
  return { status: "error", category, message, context, links: {}, errors: [], ...more };
}

/** A batch answer; 207 as soon as a row failed. */
export function batchReply(results: unknown[], errors: object[], at: string, okStatus = 200): Reply {
  return {
    status: errors.length > 0 ? 207 : okStatus,
    records: results.length,
    body: {
      status: "COMPLETE",
      results,
      ...(errors.length > 0 ? { numErrors: errors.length, errors } : {}),
      startedAt: at,
      completedAt: at,
    },
  };
}
