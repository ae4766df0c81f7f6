/** `?envelope=1`: always HTTP 200, with the real status inside; HubSpot's fetch may hide the body of other statuses. */
import type { MiddlewareHandler } from "hono";
import type { Env } from "./door.ts";

export function envelope(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    const type = c.res.headers.get("content-type") ?? "";
    if (c.req.query("envelope") !== "1" || !type.includes("json")) return;
    const { status, headers } = c.res;
    const answer: unknown = await c.res.json();
    const wrapped = status < 400 ? { ok: true, status, data: answer } : { ok: false, status, problem: answer };
    const kept = new Headers(headers);
    kept.set("content-type", "application/json");
    kept.delete("content-length");
    c.res = undefined;
    c.res = new Response(JSON.stringify(wrapped), { status: 200, headers: kept });
  };
}
