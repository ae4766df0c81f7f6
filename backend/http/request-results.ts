/**
 * A mutation sent twice is done once: the same `request_id` and body give the stored answer for 24 h (2xx and 4xx
 * except 429; never a 5xx), another body is refused, and while the first is still running the second waits a little.
 */
import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { House } from "../connections/house.ts";
import { requestId as requestIdShape } from "../contract/common.ts";
import { AppError } from "../errors.ts";
import type { Env } from "./door.ts";

const keptHours = 24;
// No request runs that long: one that still says "running" then died with its process.
const deadAfterMinutes = 5;
const waitStepMs = 100;
const waitSteps = 20;

export function onceByRequestId(house: House): MiddlewareHandler<Env> {
  return async (c, next) => {
    const id = idOf(c.req.method, c.get("body"), c.req.query("request_id"));
    if (!id) return next();
    const caller = c.get("caller");
    const place = { workspaceId: caller.workspaceId, actor: caller.actor, id };
    const sent = {
      method: c.req.method,
      path: pathOf(c.req.path),
      body: c.get("body"),
      query: c.req.query("delete_data"),
    };
    const stored = await claim(house, place, createHash("sha256").update(canonicalJson(sent)).digest("hex"));
    if (stored) {
      const type = stored.status >= 400 ? "application/problem+json" : "application/json";
      return c.json(stored.response as object, stored.status as ContentfulStatusCode, { "content-type": type });
    }
    await next();
    await settle(house, place, c.res, c.get("replay"));
  };
}

type Place = { workspaceId: string; actor: string; id: string };
type Stored = { status: number; response: unknown };

/** @returns null when this request is the first and has to do the work */
async function claim(house: House, place: Place, bodyHash: string): Promise<Stored | null> {
  for (let step = 0; step <= waitSteps; step += 1) {
    const found = await claimOrRead(house, place, bodyHash);
    if (found === "mine") return null;
    if (found.body_hash !== bodyHash) {
      throw new AppError("request_id_reused", {
        status: 422,
        public: "This request_id was used for another request. Take a new one for each thing you want done.",
        errors: [{ field: "request_id", code: "request_id_reused", message: "was used with another body" }],
      });
    }
    if (found.state === "done") return { status: found.status ?? 200, response: found.response };
    if (step < waitSteps) await house.clock.sleep(waitStepMs);
  }
  throw new AppError("request_in_progress", {
    status: 409,
    public: "The first request with this request_id is still running. Ask again in a moment.",
    retryAfterS: 1,
  });
}

type ResultRow = { body_hash: string; state: "running" | "done"; status: number | null; response: unknown };

async function claimOrRead(house: House, place: Place, bodyHash: string): Promise<"mine" | ResultRow> {
  const now = house.clock.now();
  return house.db.withWorkspace(place.workspaceId, async (tx) => {
    const mine = await tx`
      insert into request_results as r (workspace_id, caller, request_id, body_hash, state, created_at)
      values (${place.workspaceId}, ${place.actor}, ${place.id}, ${bodyHash}, 'running', ${now})
      on conflict (workspace_id, caller, request_id) do update
        set body_hash = excluded.body_hash, state = 'running', status = null, response = null,
          created_at = excluded.created_at
        where r.created_at <= ${new Date(now.getTime() - keptHours * 3_600_000)}
          or (r.state = 'running' and r.created_at <= ${new Date(now.getTime() - deadAfterMinutes * 60_000)})
      returning true`;
    if (mine.length > 0) return "mine";
    const [row] = await tx<ResultRow[]>`
      select body_hash, state, status, response from request_results
      where workspace_id = ${place.workspaceId} and caller = ${place.actor} and request_id = ${place.id}`;
    // Released between the two statements: the next round claims it.
    return row ?? { body_hash: bodyHash, state: "running", status: null, response: null };
  });
}

async function settle(house: House, place: Place, answer: Response, replay: unknown): Promise<void> {
  const { status } = answer;
  const type = answer.headers.get("content-type") ?? "";
  if (status >= 500 || status === 429 || !type.includes("json")) return release(house, place);
  const response = replay ?? (await answer.clone().json());
  await house.db.withWorkspace(
    place.workspaceId,
    (tx) => tx`
      update request_results set state = 'done', status = ${status}, response = ${tx.json(response as never)}
      where workspace_id = ${place.workspaceId} and caller = ${place.actor} and request_id = ${place.id}`,
  );
}

/** A failure of ours is no answer: the caller may try again under the same id. */
async function release(house: House, place: Place): Promise<void> {
  await house.db.withWorkspace(
    place.workspaceId,
    (tx) => tx`
      delete from request_results
      where workspace_id = ${place.workspaceId} and caller = ${place.actor} and request_id = ${place.id}`,
  );
}

function idOf(method: string, body: unknown, inQuery: string | undefined): string | null {
  if (method === "GET" || method === "HEAD") return null;
  const given = method === "DELETE" ? inQuery : (body as { request_id?: unknown } | undefined)?.request_id;
  // A malformed one is refused by the door's own schema.
  return requestIdShape.safeParse(given).success ? (given as string) : null;
}

/** `me` and the workspace's id are the same place. */
function pathOf(path: string): string {
  return path.replace(/^\/api\/workspaces\/[^/]+/, "");
}

/** The same members in another order are the same body. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [two]) => (one < two ? -1 : 1)))
      : part,
  );
}
