/** Each request: its id, its line in the log (no personal data), its count, and headers that keep a browser safe. */
import { randomUUID } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import type { House } from "../connections/house.ts";
import type { Env } from "./door.ts";
import type { Metrics } from "./metrics.ts";

export function watch(house: House, metrics: Metrics): MiddlewareHandler<Env> {
  return async (c, next) => {
    const instance = randomUUID();
    c.set("instance", instance);
    const began = performance.now();
    await next();
    const ms = performance.now() - began;
    c.header("x-request-id", instance);
    const route = routeOf(c);
    metrics.answered(c.req.method, route, c.res.status, ms / 1000);
    // The pattern, not the address: ids and search words stay out of the log.
    house.log.info("http.answered", {
      instance,
      method: c.req.method,
      route,
      status: c.res.status,
      ms: Math.round(ms),
      workspaceId: c.get("caller")?.workspaceId,
    });
  };
}

/** A page that needs more than this says so in its own Content-Security-Policy, which then stands. */
export function safeHeaders(): MiddlewareHandler {
  const rest = secureHeaders({ referrerPolicy: "no-referrer", xFrameOptions: "DENY" });
  return async (c, next) => {
    await rest(c, next);
    if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", policy);
    if (c.req.path.startsWith("/api/")) c.header("cache-control", "no-store");
  };
}

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The pattern of the door that answered; addresses nobody answers share one name, so that labels stay few. */
function routeOf(c: Context): string {
  const pattern = routePath(c, -1);
  return pattern === "" || pattern.endsWith("*") ? "none" : pattern;
}
