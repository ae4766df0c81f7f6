/**
 * The way to one Salesforce org: jsforce's Connection for addresses, headers and parsing, our own byte transport below
 * it and our own token rule above it.
 */
import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Connection } from "jsforce";
import { Agent, request } from "undici";
import type { z } from "zod";
import { CrmError } from "../errors.ts";
import type { Limits, PaceTaker } from "../port.ts";
import { classifyNetwork, classifyResponse, type Sent } from "./errors.ts";

export const apiVersion = "68.0";

export type ClientOptions = {
  instanceUrl: string;
  /** The current access token. */
  accessToken: () => Promise<string>;
  /** Told which token was refused; answers a newer one. Throws CrmError reconnect when there is none to be had. */
  onTokenRefused: (token: string) => Promise<string>;
  pace: PaceTaker;
  /** ms without a whole answer; default 60,000 */
  requestTimeoutMs?: number;
};

export type Call = {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** From /services/data/v68.0 ("/limits"), or from the root when it begins with /services/. */
  path: string;
  /** Sent as JSON, a string as it stands. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Whether the call could change something; default by method. */
  sent?: Sent;
};

/** `body` is parsed: JSON to a value, CSV to rows, anything else text. */
export type Answer = { status: number; headers: Record<string, string>; body: unknown };

export type SalesforceClient = {
  instanceUrl: string;
  requestTimeoutMs: number;
  /** One call; a refused token is replaced and the call repeated once, nothing else is repeated.
   *  @throws CrmError for every answer of status ≥ 400 and for none */
  send(call: Call): Promise<Answer>;
  /** `send`, its body checked. @throws CrmError unexpected (reads) or outcome_unknown (writes) for another shape */
  ask<T>(call: Call, shape: z.ZodType<T>): Promise<T>;
  limits(): Limits;
  close(): Promise<void>;
};

export function createSalesforceClient(options: ClientOptions): SalesforceClient {
  const requestTimeoutMs = options.requestTimeoutMs ?? 60_000;
  const agent = new Agent({ connect: { timeout: Math.min(10_000, requestTimeoutMs) } });
  let connecting: Promise<Connection> | undefined;
  let limits: Limits = { dailyUsed: null, dailyMax: null, burstRemaining: null };

  // jsforce takes 0.2–0.8 s to import: only a process that really calls Salesforce pays for it.
  const connection = () => {
    connecting ??= import("jsforce").then(
      ({ default: jsforce }) => new jsforce.Connection({ instanceUrl: options.instanceUrl, version: apiVersion }),
    );
    return connecting;
  };

  async function attempt(call: Call, token: string): Promise<Answer> {
    const sent = sentBy(call);
    const conn = await connection();
    await options.pace("calls", 1);
    // Lets a close that arrived meanwhile be seen: a write on a dead kept-alive socket has an unknown outcome.
    await setImmediate();
    const seen: { answer?: RawAnswer } = {};
    // No refresh function is ever given to jsforce: it drops rotated refresh tokens and refreshes endlessly on a
    // constant 401. It reads the token before its first await, so setting it here is safe among concurrent calls.
    conn.accessToken = token;
    let body: unknown;
    try {
      body = await conn.request(toRequest(call), { transport: byteTransport(agent, requestTimeoutMs, seen) });
    } catch (cause) {
      if (!seen.answer) throw classifyNetwork(cause, sent);
      body = seen.answer.body;
    }
    const answer = seen.answer;
    if (!answer) throw classifyNetwork(undefined, sent);
    limits = limitsFrom(answer.headers) ?? limits;
    if (answer.statusCode >= 400) throw classifyResponse(answer.statusCode, jsonOrText(answer.body), sent);
    return { status: answer.statusCode, headers: answer.headers, body };
  }

  async function send(call: Call): Promise<Answer> {
    const token = await options.accessToken();
    try {
      return await attempt(call, token);
    } catch (error) {
      if (!isKind(error, "token_expired")) throw error;
    }
    const newer = await options.onTokenRefused(token);
    try {
      return await attempt(call, newer);
    } catch (error) {
      if (!isKind(error, "token_expired")) throw error;
      throw new CrmError("reconnect", "Salesforce refuses even a fresh token: connect again.", error.detail, error);
    }
  }

  return {
    instanceUrl: options.instanceUrl,
    requestTimeoutMs,
    send,
    async ask(call, shape) {
      const { body } = await send(call);
      const parsed = shape.safeParse(body);
      if (parsed.success) return parsed.data;
      const kind = sentBy(call) === "write" ? "outcome_unknown" : "unexpected";
      throw new CrmError(kind, "Salesforce answered in a form we do not understand.", {}, parsed.error);
    },
    limits: () => limits,
    close: async () => agent.destroy(),
  };
}

export function isKind(error: unknown, kind: CrmError["kind"]): error is CrmError {
  return error instanceof CrmError && error.kind === kind;
}

type RawAnswer = { statusCode: number; headers: Record<string, string>; body: string };

/**
 * Sends the bytes. jsforce's own transport is not used because a reply cut off in its body ends the whole process
 * (an unhandled stream error, and a promise that never settles), its time-out of 30 minutes can't be set, and it
 * repeats GET, PUT and DELETE up to five times unseen, past our pace.
 */
function byteTransport(agent: Agent, timeoutMs: number, seen: { answer?: RawAnswer }) {
  return {
    httpRequest(wanted: { url: string; method: string; headers?: Record<string, string>; body?: unknown }) {
      const answer = (async (): Promise<RawAnswer> => {
        const response = await request(wanted.url, {
          method: wanted.method as "GET",
          headers: wanted.headers ?? {},
          body: typeof wanted.body === "string" ? wanted.body : null,
          dispatcher: agent,
          // Covers connecting, waiting and the whole body.
          signal: AbortSignal.timeout(timeoutMs),
        });
        const body = await response.body.text();
        seen.answer = { statusCode: response.statusCode, headers: flat(response.headers), body };
        return seen.answer;
      })();
      return Object.assign(answer, { stream: () => new PassThrough() });
    },
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

function toRequest(call: Call) {
  const json = call.body !== undefined && typeof call.body !== "string";
  return {
    method: call.method,
    url: call.path,
    ...(call.body === undefined ? {} : { body: json ? JSON.stringify(call.body) : (call.body as string) }),
    headers: { ...(json ? { "content-type": "application/json" } : {}), ...call.headers },
  };
}

function sentBy(call: Call): Sent {
  return call.sent ?? (call.method === "GET" ? "read" : "write");
}

/** Sforce-Limit-Info: api-usage=18/5000 */
function limitsFrom(headers: Record<string, string>): Limits | null {
  const usage = /api-usage=(\d+)\/(\d+)/.exec(headers["sforce-limit-info"] ?? "");
  return usage ? { dailyUsed: Number(usage[1]), dailyMax: Number(usage[2]), burstRemaining: null } : null;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
