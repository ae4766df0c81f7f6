/** The port to a model: one question, one answer or a fault. One adapter per wire format behind it. */
import type { Clock } from "../../clock.ts";
import type { Config } from "../../config.ts";
import type { Why } from "./item.ts";
import type { Prompt } from "./prompt.ts";

export type Llm = NonNullable<Config["llm"]>;
export type Usage = { input: number; output: number };

export type Reply =
  | { ok: true; content: unknown; usage: Usage | null }
  | {
      ok: false;
      why: Why;
      /** The vendor's wish, ms; null: it gave none. */
      retryAfterMs: number | null;
      usage: Usage | null;
    };

export type Model = {
  /** How many ways of asking for JSON there are, the strictest first. */
  ways: number;
  /** @throws whatever is not the model's fault, and what aborting the signal brings up */
  ask(prompt: Prompt, way: number, options: { signal: AbortSignal; clock: Clock }): Promise<Reply>;
};

/** Tokens of an answer, at most; models that think before they write count their thoughts in. */
export const outputMax = 3_000;

/** The error classes that both vendors' packages name alike. */
export type SdkErrors = {
  APIError: abstract new (...args: never[]) => Error & { status: unknown; headers: unknown };
  APIConnectionError: abstract new (...args: never[]) => Error;
  APIConnectionTimeoutError: abstract new (...args: never[]) => Error;
};

/** What a package's error means. @throws the error itself when it is none of the vendor's */
export function faultOf(error: unknown, sdk: SdkErrors, now: Date): Reply {
  const fault = (why: Why, retryAfterMs: number | null = null): Reply => ({
    ok: false,
    why,
    retryAfterMs,
    usage: null,
  });
  if (error instanceof sdk.APIConnectionTimeoutError) return fault("timeout");
  if (error instanceof sdk.APIConnectionError) return fault("unreachable");
  if (error instanceof sdk.APIError && typeof error.status === "number") {
    const { status } = error;
    if (status === 429) return fault("rate_limited", retryAfterMs(error.headers, now));
    if (status >= 500) return fault("unavailable", retryAfterMs(error.headers, now));
    if (status === 401 || status === 403) return fault("not_allowed");
    if (status === 404) return fault("not_found");
    return fault(status === 408 ? "timeout" : "bad_request");
  }
  // An answer that breaks off in the middle, and one that calls itself JSON and is none.
  if (error instanceof TypeError && error.message === "terminated") return fault("unreachable");
  if (error instanceof SyntaxError) return fault("not_json");
  throw error;
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3), or both vendors' retry-after-ms. */
function retryAfterMs(headers: unknown, now: Date): number | null {
  if (!(headers instanceof Headers)) return null;
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const value = headers.get("retry-after");
  if (!value) return null;
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
