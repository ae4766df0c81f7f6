/** How a refusal looks (RFC 9457), and the envelope for callers whose fetch hides the body of an error. */
import { z } from "zod";

export const fieldError = z.object({
  field: z.string().describe("Path of the offending field, dotted"),
  code: z.string(),
  message: z.string(),
  allowed: z.array(z.string()).optional().describe("What would be accepted, where it can be listed or shown"),
});
export type FieldErrorShape = z.infer<typeof fieldError>;

/** Further members may follow (`candidates`, `retry_after_s`, …). */
export const problem = z.looseObject({
  type: z.string().describe("A page about this kind of problem"),
  title: z.string(),
  status: z.number().int(),
  code: z.string().describe("Stable, snake_case: switch on this one"),
  detail: z.string().describe("One sentence for people: what to do"),
  instance: z.string().describe("Id of this request; the server's log has it too"),
  errors: z.array(fieldError),
});
export type Problem = z.infer<typeof problem>;

/** Answer of `?envelope=1`: always HTTP 200. */
export function envelopeOf<T extends z.ZodType>(data: T) {
  return z.discriminatedUnion("ok", [
    z.object({ ok: z.literal(true), status: z.number().int(), data }),
    z.object({ ok: z.literal(false), status: z.number().int(), problem }),
  ]);
}

export type Envelope<T> = { ok: true; status: number; data: T } | { ok: false; status: number; problem: Problem };
