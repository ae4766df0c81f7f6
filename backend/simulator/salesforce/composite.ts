/** composite (25 subrequests) and composite/graph: several calls in one, results referenced as @{ref.id}. */
import type { Reply, Router, SimRequest } from "../http.ts";
import { ApiError, type Org, transaction } from "./org.ts";
import type { Declare } from "./rest.ts";

type Sub = { method: string; url: string; referenceId: string; body?: unknown };
type Result = { referenceId: string; httpStatusCode: number; httpHeaders: Record<string, string>; body: unknown };

export function addCompositeRoutes(on: Declare, org: Org, router: Router): void {
  on("POST", "/composite", "write", async (request) => {
    const { allOrNone = false, compositeRequest } = request.body as { allOrNone?: boolean; compositeRequest?: Sub[] };
    if (!Array.isArray(compositeRequest)) throw new ApiError(400, "JSON_PARSER_ERROR", "compositeRequest is required");
    if (compositeRequest.length > 25)
      throw new ApiError(400, "BATCH_SIZE_EXCEEDED", "The composite request contains more than 25 subrequests.");
    const results = run(org, router, request, compositeRequest, allOrNone);
    return { status: 200, records: results.length, body: { compositeResponse: results } };
  });
  on("POST", "/composite/graph", "write", async (request) => {
    const { graphs } = request.body as { graphs?: { graphId: string; compositeRequest: Sub[] }[] };
    if (!Array.isArray(graphs)) throw new ApiError(400, "JSON_PARSER_ERROR", "graphs is required");
    const nodes = graphs.reduce((sum, graph) => sum + graph.compositeRequest.length, 0);
    if (graphs.length > 75 || nodes > 500)
      throw new ApiError(400, "LIMIT_EXCEEDED", "At most 75 graphs and 500 nodes are allowed.");
    const answered = graphs.map((graph) => {
      const compositeResponse = run(org, router, request, graph.compositeRequest, true);
      const isSuccessful = compositeResponse.every((result) => result.httpStatusCode < 300);
      return { graphId: graph.graphId, graphResponse: { compositeResponse }, isSuccessful };
    });
    return { status: 200, records: nodes, body: { graphs: answered } };
  });
}

function run(org: Org, router: Router, outer: SimRequest, subs: Sub[], allOrNone: boolean): Result[] {
  return transaction(org, () => {
    const done = new Map<string, unknown>();
    const results: Result[] = [];
    for (const sub of subs) {
      const reply = one(router, outer, resolved(sub, done));
      if (reply.status < 300) done.set(sub.referenceId, reply.body);
      results.push({
        referenceId: sub.referenceId,
        httpStatusCode: reply.status,
        httpHeaders: {},
        body: reply.body ?? null,
      });
      if (allOrNone && reply.status >= 300) break;
    }
    const keep =
      !allOrNone || (results.length === subs.length && results.every((result) => result.httpStatusCode < 300));
    return { keep, value: keep ? results : haltedAll(subs, results) };
  });
}

function one(router: Router, outer: SimRequest, sub: Sub): Reply {
  const [path = "", search = ""] = sub.url.split("?");
  const route = router.match(sub.method, path);
  if (!route || path.includes("/composite"))
    return { status: 404, body: [{ errorCode: "NOT_FOUND", message: "The requested resource does not exist" }] };
  const reply = route.handler({
    ...outer,
    method: sub.method,
    path,
    pattern: route.pattern,
    params: route.params,
    query: new URLSearchParams(search),
    body: sub.body,
    kind: route.kind,
    fault: null,
  });
  if (reply instanceof Promise)
    throw new ApiError(400, "INVALID_REQUEST", "This resource can't be used in a composite request.");
  return reply;
}

/** Replaces @{ref.path} by what an earlier subrequest answered. */
function resolved(sub: Sub, done: Map<string, unknown>): Sub {
  const text = JSON.stringify(sub).replace(/@\{(\w+)((?:\.\w+|\[\d+\])*)\}/g, (_, ref: string, path: string) => {
    let value = done.get(ref);
    for (const part of path.match(/\w+/g) ?? []) value = (value as Record<string, unknown> | undefined)?.[part];
    return value === undefined ? `@{unresolved.${ref}}` : String(value);
  });
  return JSON.parse(text) as Sub;
}

function haltedAll(subs: Sub[], results: Result[]): Result[] {
  return subs.map((sub, at) => {
    const result = results[at];
    if (result && result.httpStatusCode >= 300) return result;
    const body = [
      {
        errorCode: "PROCESSING_HALTED",
        message: "The transaction was rolled back since another operation in the same transaction failed.",
      },
    ];
    return { referenceId: sub.referenceId, httpStatusCode: 400, httpHeaders: {}, body };
  });
}
