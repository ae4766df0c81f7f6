/**
 * One call to HubSpot: pace, token, time limit, answer. Nothing is ever sent twice here, except once more with a
 * fresh token after a refusal of the old one.
 */
import type { Client } from "@hubspot/api-client";
import type { z } from "zod";
import { CrmError } from "../errors.ts";
import type { PaceTaker } from "../port.ts";
import { type CallKind, classify, classifyTransport, timedOut } from "./errors.ts";

/** CRM API version, used in every path. */
export const crmVersion = "2026-09";

export type HubSpotRequest<T> = CallKind & {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its parts encoded. */
  path: string;
  query?: Record<string, string>;
  body?: object;
  answer: z.ZodType<T>;
  bucket?: "calls" | "search";
};

export type HubSpotClient = {
  /** @throws CrmError; for a write that may have been done, kind outcome_unknown */
  call<T>(request: HubSpotRequest<T>): Promise<{ status: number; data: T }>;
  /** Calls left in the current window, when the last answer told. */
  burstRemaining(): number | null;
};

export type HubSpotClientOptions = {
  /** API base, e.g. "https://api.hubapi.com". */
  apiUrl: string;
  accessToken: () => Promise<string>;
  /** Called once when a token is refused; resolves with a fresh one. */
  onTokenRefused: (refused: string) => Promise<string>;
  pace: PaceTaker;
  requestTimeoutMs: number;
};

type Answer = { status: number; headers: Headers; text: string };

export function createHubSpotClient(options: HubSpotClientOptions): HubSpotClient {
  let loading: Promise<Client> | undefined;
  let remaining: number | null = null;
  // Loaded on the first call: the import costs a quarter of a second, which a process that only serves pages saves.
  // Retries and limiter stay off: both are process-global in this library, and a re-sent create makes duplicates.
  const library = () => {
    loading ??= import("@hubspot/api-client").then((module) => new module.Client({ basePath: options.apiUrl }));
    return loading;
  };

  async function attempt<T>(request: HubSpotRequest<T>, token: string): Promise<{ status: number; data: T }> {
    const client = await library();
    await options.pace(request.bucket ?? "calls", 1);
    const answer = await withinTime(send(client, request, token), options.requestTimeoutMs, request);
    const left = answer.headers.get("x-hubspot-ratelimit-remaining");
    if (left !== null) remaining = Number(left);
    const body = parse(answer.text);
    if (answer.status < 200 || answer.status > 299) {
      throw classify(answer.status, Object.fromEntries(answer.headers), body, request);
    }
    const read = request.answer.safeParse(answer.text === "" ? undefined : body);
    if (!read.success) throw notUnderstood(answer.status, request);
    return { status: answer.status, data: read.data };
  }

  return {
    async call(request) {
      const token = await options.accessToken();
      try {
        return await attempt(request, token);
      } catch (error) {
        if (!isTokenRefusal(error)) throw error;
      }
      const fresh = await options.onTokenRefused(token);
      try {
        return await attempt(request, fresh);
      } catch (error) {
        if (!isTokenRefusal(error)) throw error;
        throw new CrmError(
          "reconnect",
          "HubSpot refused a fresh access token as well. Connect HubSpot again.",
          error.detail,
          error,
        );
      }
    },
    burstRemaining: () => remaining,
  };
}

async function send<T>(client: Client, request: HubSpotRequest<T>, token: string): Promise<Answer> {
  try {
    const response = (await client.apiRequest({
      method: request.method,
      path: request.path,
      ...(request.query ? { qs: request.query } : {}),
      ...(request.body ? { body: request.body } : {}),
      headers: { Authorization: `Bearer ${token}` },
    })) as unknown as Response;
    // The body belongs to the answer: a connection cut in the middle of it is an answer we did not get.
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw classifyTransport(error, request);
  }
}

/**
 * The library passes no abort signal on, so the wait ends here and the abandoned call is left to end by itself; what
 * it may still do is why a write that ran out of time is an unknown outcome.
 */
async function withinTime(answer: Promise<Answer>, ms: number, call: CallKind): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(ms, call)), ms);
  });
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function notUnderstood(httpStatus: number, call: CallKind): CrmError {
  return new CrmError(
    call.write ? "outcome_unknown" : "unexpected",
    `HubSpot answered ${httpStatus} in a shape that is not documented.`,
    { httpStatus },
  );
}

function isTokenRefusal(error: unknown): error is CrmError {
  return error instanceof CrmError && error.kind === "token_expired";
}
