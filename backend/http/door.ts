/** What every door is made of: checked input, a right that is needed, and its entry in the OpenAPI document. */
import { Hono, type MiddlewareHandler } from "hono";
import { describeRoute, resolver, validator } from "hono-openapi";
import { z } from "zod";
import { problem } from "../contract/problem.ts";
import type { Ability } from "../contract/session.ts";
import { AppError, notFound } from "../errors.ts";
import type { Caller } from "./caller.ts";
import { invalidRequest, type ZodIssue } from "./problem.ts";

/** What the middlewares leave for the doors. */
export type Env = {
  Variables: {
    instance: string;
    caller: Caller;
    /** The parsed JSON body of a mutation. */
    body: unknown;
    /** What a repeated request is answered instead of the first answer: without its secret. */
    replay: unknown;
  };
};

export function newDoors(): Hono<Env> {
  return new Hono<Env>();
}

/** Checks the JSON body. @throws AppError invalid_request (422) with every fault */
export function body<T extends z.ZodType>(schema: T) {
  return validator("json", schema, refuse("body"));
}

/** Checks the query; `envelope` may stand in any. @throws AppError invalid_request (400) with every fault */
export function query<T extends z.ZodRawShape>(schema: z.ZodObject<T>) {
  return validator("query", schema.extend({ envelope: z.enum(["0", "1"]).optional() }), refuse("query"));
}

/** Checks ids in the path: what can't be an id can't be found. @throws AppError not_found (404) */
export function path<T extends z.ZodType>(schema: T, what: string) {
  return validator("param", schema, (result) => {
    if (!result.success) throw notFound(what);
  });
}

/** Lets only callers pass who may do this. @throws AppError forbidden (403) */
export function needs(ability: Ability): MiddlewareHandler<Env> {
  return async (c, next) => {
    const caller = c.get("caller");
    if (!caller.abilities.includes(ability)) {
      throw new AppError("forbidden", {
        status: 403,
        public: `Your role (${caller.role}) may not do this. Ask an admin of the workspace.`,
        extra: { needs: ability },
      });
    }
    await next();
  };
}

/**
 * Describes a door for /openapi.json.
 * @param answers schema by status; null: no body
 */
export function says(
  tag: string,
  summary: string,
  answers: Record<number, z.ZodType | null>,
  options: { description?: string; media?: string; open?: boolean } = {},
): MiddlewareHandler {
  const responses = Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: Number(status) === 202 ? "Accepted: it is under way" : "Done",
        ...(schema
          ? { content: { [options.media ?? "application/json"]: { schema: resolver(schema, { io: "output" }) } } }
          : {}),
      },
    ]),
  );
  return describeRoute({
    tags: [tag],
    summary,
    ...(options.description ? { description: options.description } : {}),
    ...(options.open ? { security: [] } : {}),
    responses: {
      ...responses,
      default: {
        description: "Refused (RFC 9457)",
        content: { "application/problem+json": { schema: resolver(problem, { io: "output" }) } },
      },
    },
  });
}

function refuse(where: "body" | "query") {
  return (result: { success: boolean; error?: unknown }) => {
    if (!result.success) throw invalidRequest(result.error as readonly ZodIssue[], where);
  };
}
