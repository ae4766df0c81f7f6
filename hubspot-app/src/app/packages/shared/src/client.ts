/**
 * Calls our server through HubSpot's fetch, which signs each request and says who sits at the screen. Always with
 * `envelope=1`: the real status travels inside a 200, because the bodies of other statuses may not arrive.
 */
import type { Envelope } from "./dto.ts";
import { failureOfProblem, failureOfStatus, failureWithoutAnswer, type Result } from "./failure.ts";
import { callBackend, type Method } from "./sdk.ts";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** What every mutation carries: HubSpot's fetch sends a request again when no answer came. */
export type Once = { request_id: string };

export type Client = {
  /** Where the server is, for links to its pages. */
  server: string;
  /** @param path under the caller's own workspace: "records/deal/1" */
  get<T>(path: string, query?: Query): Promise<Result<T>>;
  send<T>(method: "POST" | "PUT" | "PATCH", path: string, body: Once & Record<string, unknown>): Promise<Result<T>>;
  /** DELETE has no body: the request's id stands in the query. */
  remove<T>(path: string, query: Once & Query): Promise<Result<T>>;
};

/** Reading is quick or not worth waiting for; making a deal may take the CRM a while (the server answers within 8 s). */
const readWithinMs = 10_000;
const sendWithinMs = 20_000;

export function createClient(server: string): Client {
  const call = async <T>(method: Method, path: string, query: Query, body?: Record<string, unknown>) => {
    const timeoutMs = method === "GET" ? readWithinMs : sendWithinMs;
    const url = `${server}/api/${path === "session" ? path : `workspaces/me/${path}`}?${queryText({ ...query, envelope: 1 })}`;
    const began = Date.now();
    let answer: Response;
    try {
      answer = await callBackend(url, { method, timeoutMs, ...(body ? { body } : {}) });
    } catch {
      // HubSpot's fetch does not say why it gave up; the time that went by does.
      return { ok: false, failure: failureWithoutAnswer(Date.now() - began >= timeoutMs * 0.9) } as Result<T>;
    }
    return readAnswer<T>(answer);
  };
  return {
    server,
    get: (path, query = {}) => call("GET", path, query),
    send: (method, path, body) => call(method, path, {}, body),
    remove: (path, query) => call("DELETE", path, query),
  };
}

async function readAnswer<T>(answer: Response): Promise<Result<T>> {
  let read: unknown;
  try {
    read = await answer.json();
  } catch {
    return { ok: false, failure: failureOfStatus(answer.ok ? 502 : answer.status) };
  }
  const envelope = read as Partial<Envelope<T>> | null;
  if (envelope?.ok === true && "data" in envelope) {
    return { ok: true, data: envelope.data as T, status: envelope.status ?? 200 };
  }
  if (envelope?.ok === false && "problem" in envelope && envelope.problem) {
    return { ok: false, failure: failureOfProblem(envelope.problem, envelope.status ?? 500) };
  }
  return { ok: false, failure: failureOfStatus(answer.ok ? 502 : answer.status) };
}

function queryText(query: Query): string {
  return Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join("&");
}
