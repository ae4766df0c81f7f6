/** Guards the body of a request before anything reads it: size, kind, depth, and text the database can hold. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { AppError } from "../errors.ts";
import type { Env } from "./door.ts";

const bytesMax = 1_048_576;
const depthMax = 20;

/**
 * Leaves the parsed JSON in `body`; an empty body counts as `{}`.
 * @throws AppError body_too_large (413) | unsupported_media_type (415) | malformed_json | too_deep | bad_text (400)
 */
export function guardBody(): MiddlewareHandler<Env> {
  // Counting a stream costs a third of the throughput, so only bodies of unknown length go through it.
  const counted = bodyLimit({
    maxSize: bytesMax,
    onError: () => {
      throw tooLarge();
    },
  });
  return async (c, next) => {
    if (hasBadText(decoded(c.req.url))) throw badText("The address");
    if (c.req.method === "GET" || c.req.method === "HEAD") return next();
    const length = c.req.header("content-length");
    if (length !== undefined && !(Number(length) <= bytesMax)) throw tooLarge();
    const read = async () => {
      c.set("body", parse(await c.req.text(), c.req.header("content-type")));
      await next();
    };
    return length === undefined && c.req.raw.body ? counted(c, read) : read();
  };
}

function parse(text: string, contentType: string | undefined): unknown {
  const kind = contentType?.split(";")[0]?.trim().toLowerCase();
  if (text === "" && kind !== "application/json") return {};
  if (kind !== "application/json") {
    throw new AppError("unsupported_media_type", {
      status: 415,
      public: "Send the body as JSON, with Content-Type: application/json.",
    });
  }
  if (depthOf(text) > depthMax) {
    throw new AppError("too_deep", { public: `The JSON is nested more than ${depthMax} levels deep.` });
  }
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("malformed_json", { public: "The body must be a JSON object: { … }." });
  }
  if (hasBadText(value)) throw badText("The body");
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const says = text === "" ? "The body is empty: send {} or leave Content-Type out." : "The body is not valid JSON.";
    throw new AppError("malformed_json", { public: says });
  }
}

/** Counted on the text, before parsing: brackets inside strings do not nest. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let n = 0; n < text.length; n += 1) {
    const char = text[n];
    if (inString) {
      if (char === "\\") n += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") deepest = Math.max(deepest, ++depth);
    else if (char === "}" || char === "]") depth -= 1;
  }
  return deepest;
}

/** PostgreSQL can't store a NUL, nor half of a surrogate pair in JSON. */
function hasBadText(value: unknown): boolean {
  if (typeof value === "string") return value.includes("\u0000") || !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, part]) => hasBadText(key) || hasBadText(part));
}

/** @throws AppError bad_text (400) for escapes that are no text */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    throw badText("The address");
  }
}

function badText(what: string): AppError {
  return new AppError("bad_text", { public: `${what} holds characters that are no text (a NUL or half a character).` });
}

function tooLarge(): AppError {
  return new AppError("body_too_large", { status: 413, public: "The body is larger than 1 MB. Send less at once." });
}
