/**
 * The shared base of both simulators: a real HTTP server with routes, faults, counters and the `__` control
 * endpoints (`/__stats`, `/__stats/reset`, `/__faults`, `/__clear`, `/__history`, `/__records/:objectType/:id`,
 * `/__edit`). Routes that begin with `/__` are never counted, delayed or hit by a fault.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../clock.ts";
import type { Fault, FaultControl } from "./faults.ts";
import type { HistoryFilter, HistoryRow } from "./history.ts";

export type SimRequest = {
  method: string;
  /** Path without the query, still percent-encoded. */
  path: string;
  /** The route's pattern, e.g. "/crm/objects/:version/:objectType". */
  pattern: string;
  /** Decoded `:name` parts of the pattern. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  /** Parsed JSON; a form body becomes a plain object; undefined when there is none. */
  body: unknown;
  rawBody: string;
  kind: RouteKind;
  /** A fault the simulator itself must act out (429, bad_row, silent_drop, expired_token); else null. */
  fault: (Fault & { roll: number }) | null;
};

export type Reply = {
  status: number;
  /** Sent as JSON, unless it is a string (sent as it stands). */
  body?: unknown;
  headers?: Record<string, string>;
  /** Records touched, for the latency. */
  records?: number;
};

/** `read` and `write` are of records: what faults aim at. */
export type RouteKind = "read" | "write" | "other";
export type Handler = (request: SimRequest) => Reply | Promise<Reply>;

export type SimulatorStats = {
  /** Calls by "METHOD /path/pattern", refused ones included. */
  calls: Record<string, number>;
  recordsRead: number;
  recordsWritten: number;
  /** Requests refused for their pace. */
  refused429: number;
  /** Hits of each fault. */
  faults: Record<string, number>;
};

export type SimulatorServer = {
  /** "http://127.0.0.1:port", no trailing slash. */
  url: string;
  stop(): Promise<void>;
  stats(): SimulatorStats;
  resetStats(): void;
};

export type SimulatorHttpOptions = {
  clock: Clock;
  /** 0 or absent: a free port. */
  port?: number;
  faults: FaultControl;
  routes: Router;
  /** Mutated by the simulator's handlers; the base adds calls. */
  counters: Counters;
  /** Runs before a handler (tokens, scopes, pace); a reply here is final. */
  before?: (request: SimRequest) => Reply | null;
  /** Headers for every answer of a handler (what is left of the allowance). */
  decorate?: (request: SimRequest) => Record<string, string>;
  /** The `500` fault's answer in this CRM's words. */
  serverError: (roll: number) => Reply;
  /** Answers a path nobody knows, and a body that is no JSON. */
  notFound: (request: { method: string; path: string }) => Reply;
  malformed: () => Reply;
  latency?: { baseMs: number; perRecordMs: number };
  control: {
    history(filter: HistoryFilter): HistoryRow[];
    /** Null when there is no such record. */
    record(objectType: string, id: string): unknown;
    /** A person edits in the CRM. */
    edit(objectType: string, id: string, properties: Record<string, string | null>): void;
  };
};

export type Counters = {
  calls: Record<string, number>;
  recordsRead: number;
  recordsWritten: number;
  refused429: number;
};

/** Starts the server on 127.0.0.1. */
export async function startSimulatorServer(options: SimulatorHttpOptions): Promise<SimulatorServer> {
  addControlRoutes(options);
  const server = createServer((incoming, response) => {
    serve(options, incoming, response).catch((error: unknown) => {
      // A fault of the simulator itself: say so loudly, it must not look like a CRM failure.
      response.writeHead(599, { "content-type": "text/plain" });
      response.end(`simulator bug: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  // Connections live until stop(): an idle one closed by us would look like a fault that nobody asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      // A client in this process hears of the closed sockets in the next turns of the loop; without them its next
      // call would be sent into a dead connection instead of being refused.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    stats: () => ({ ...options.counters, calls: { ...options.counters.calls }, faults: options.faults.hits() }),
    resetStats: () => resetCounters(options.counters),
  };
}

export function createCounters(): Counters {
  return { calls: {}, recordsRead: 0, recordsWritten: 0, refused429: 0 };
}

export type Router = {
  /** @param pattern path with `:name` parts; a fixed part wins over a `:name` declared later */
  on(method: string, pattern: string, kind: RouteKind, handler: Handler): void;
  match(
    method: string,
    path: string,
  ): { pattern: string; kind: RouteKind; handler: Handler; params: Record<string, string> } | null;
};

/** Routes by method and number of parts, tried in the order they were declared. */
export function createRouter(): Router {
  type Route = { pattern: string; parts: string[]; kind: RouteKind; handler: Handler };
  const routes = new Map<string, Route[]>();
  return {
    on(method, pattern, kind, handler) {
      const parts = pattern.split("/");
      const key = `${method} ${parts.length}`;
      const list = routes.get(key) ?? [];
      list.push({ pattern, parts, kind, handler });
      routes.set(key, list);
    },
    match(method, path) {
      const parts = path.split("/");
      for (const route of routes.get(`${method} ${parts.length}`) ?? []) {
        const params = matchParts(route.parts, parts);
        if (params) return { pattern: route.pattern, kind: route.kind, handler: route.handler, params };
      }
      return null;
    },
  };
}

function matchParts(pattern: string[], parts: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const actual = parts[i] ?? "";
    if (expected.startsWith(":")) params[expected.slice(1)] = decode(actual);
    else if (expected !== actual) return null;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function serve(
  options: SimulatorHttpOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { clock, faults, counters } = options;
  const rawBody = await readBody(incoming);
  const target = incoming.url ?? "/";
  const cut = target.indexOf("?");
  const path = cut < 0 ? target : target.slice(0, cut);
  const method = incoming.method ?? "GET";
  const route = options.routes.match(method, path);
  if (!route) return send(response, options.notFound({ method, path }));
  const request: SimRequest = {
    method,
    path,
    pattern: route.pattern,
    params: route.params,
    query: new URLSearchParams(cut < 0 ? "" : target.slice(cut + 1)),
    headers: incoming.headers,
    body: undefined,
    rawBody,
    kind: route.kind,
    fault: null,
  };
  try {
    request.body = parseBody(rawBody, incoming.headers["content-type"] ?? "");
  } catch {
    return send(response, options.malformed());
  }
  if (path.startsWith("/__")) return send(response, await route.handler(request));

  const name = `${method} ${route.pattern}`;
  counters.calls[name] = (counters.calls[name] ?? 0) + 1;
  const fault = faults.draw(route.kind);
  if (fault?.name === "reset") return cutOff(incoming.socket);
  request.fault = fault;
  // Half of the server errors come after the work is done, as in real life.
  const work = async () => options.before?.(request) ?? (await route.handler(request));
  if (fault?.name === "500" && fault.roll >= 0.5) return send(response, options.serverError(fault.roll));
  const reply = await work();
  if (fault?.name === "lost_reply") return cutOff(incoming.socket);
  if (fault?.name === "slow") await clock.sleep(fault.ms ?? 0);
  if (options.latency) await clock.sleep(options.latency.baseMs + options.latency.perRecordMs * (reply.records ?? 0));
  if (fault?.name === "500") return send(response, options.serverError(fault.roll));
  send(response, { ...reply, headers: { ...options.decorate?.(request), ...reply.headers } });
}

function cutOff(socket: Socket): void {
  socket.resetAndDestroy();
}

function send(response: ServerResponse, reply: Reply): void {
  const text = reply.body === undefined ? "" : typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  const type = typeof reply.body === "string" ? "text/html;charset=utf-8" : "application/json;charset=utf-8";
  response.writeHead(reply.status, { ...(text ? { "content-type": type } : {}), ...reply.headers });
  response.end(text);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(raw: string, contentType: string): unknown {
  if (raw === "") return undefined;
  if (contentType.startsWith("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(raw));
  // CSV and XML bodies are for the handler to read from rawBody.
  if (contentType !== "" && !contentType.includes("json")) return undefined;
  return JSON.parse(raw);
}

function addControlRoutes(options: SimulatorHttpOptions): void {
  const { routes, faults, counters, control } = options;
  routes.on("GET", "/__stats", "other", () => ({ status: 200, body: { ...counters, faults: faults.hits() } }));
  routes.on("POST", "/__stats/reset", "other", () => {
    resetCounters(counters);
    return { status: 204 };
  });
  routes.on("POST", "/__faults", "other", ({ body }) => {
    const wanted = body as { faults: Fault[]; seed?: number };
    faults.set(wanted.faults, wanted.seed);
    return { status: 204 };
  });
  routes.on("POST", "/__clear", "other", () => {
    faults.clear();
    return { status: 204 };
  });
  routes.on("GET", "/__history", "other", ({ query }) => {
    const filter: HistoryFilter = {};
    for (const key of ["objectType", "id", "property"] as const) filter[key] = query.get(key) ?? undefined;
    return { status: 200, body: control.history(filter) };
  });
  routes.on("GET", "/__records/:objectType/:id", "other", ({ params }) => {
    const record = control.record(params.objectType!, params.id!);
    return record ? { status: 200, body: record } : { status: 404, body: { message: "no such record" } };
  });
  routes.on("POST", "/__edit", "other", ({ body }) => {
    const edit = body as { objectType: string; id: string; properties: Record<string, string | null> };
    control.edit(edit.objectType, edit.id, edit.properties);
    return { status: 204 };
  });
}

function resetCounters(counters: Counters): void {
  Object.assign(counters, createCounters());
}
