/** One question put to a model within the run's budget: its time-out, one retry, and the way the server understands. */
import type { Clock } from "../../clock.ts";
import type { Budget } from "./budget.ts";
import type { Why } from "./item.ts";
import { type Llm, type Model, outputMax, type Reply } from "./model.ts";
import type { Prompt } from "./prompt.ts";

export type Asked = { content: unknown } | { why: Why };

/** What an answer usually takes of its limit: reserved beforehand, the vendor's own count is settled after. */
const outputUsual = Math.ceil(outputMax / 6);
/** Where a server that is busy does not say for how long. */
const waitDefaultMs = 1_000;
/** Faults that tell about the server, not about this question: many in a row end the asking. */
const ofServer: Why[] = [
  "timeout",
  "unreachable",
  "rate_limited",
  "unavailable",
  "not_allowed",
  "not_found",
  "bad_request",
];

/** The way each server understood, for as long as the process lives. */
const understood = new WeakMap<Model, number>();

type Asking = { model: Model; llm: Llm; clock: Clock; budget: Budget; signal: AbortSignal };

/** @throws the signal's reason when it fires, and what is a fault of ours */
export async function ask(asking: Asking, prompt: Prompt): Promise<Asked> {
  const { model, clock, budget, signal } = asking;
  const tokens = prompt.tokens + outputUsual;
  let retried = false;
  let way = understood.get(model) ?? 0;
  for (;;) {
    const stop = budget.reserve(tokens);
    if (stop) return { why: stop };
    const reply = await once(asking, prompt, way);
    budget.settle(tokens, reply.ok || !isUnpaid(reply.why) ? reply.usage : { input: 0, output: 0 });
    if (!reply.ok && reply.why === "bad_request" && way + 1 < model.ways) {
      way += 1;
      continue;
    }
    // Remembered only once it worked: a question refused for its content must not change how the next ones are put.
    if (way > 0 && reply.ok) understood.set(model, Math.max(way, understood.get(model) ?? 0));
    if (!reply.ok && !retried && (reply.why === "rate_limited" || reply.why === "unavailable")) {
      const waitMs = reply.retryAfterMs ?? waitDefaultMs;
      if (waitMs < budget.leftMs()) {
        retried = true;
        await clock.sleep(waitMs, signal);
        continue;
      }
    }
    budget.note(reply.ok || !ofServer.includes(reply.why) ? null : reply.why);
    return reply.ok ? { content: reply.content } : { why: reply.why };
  }
}

async function once({ model, llm, clock, budget, signal }: Asking, prompt: Prompt, way: number): Promise<Reply> {
  signal.throwIfAborted();
  const late = AbortSignal.timeout(Math.max(1, Math.min(llm.timeoutMs, budget.leftMs())));
  try {
    return await model.ask(prompt, way, { signal: AbortSignal.any([signal, late]), clock });
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) return { ok: false, why: "timeout", retryAfterMs: null, usage: null };
    throw error;
  }
}

/** Refused before the model began, and so not charged; a time-out may have been. */
function isUnpaid(why: Why): boolean {
  return ofServer.includes(why) && why !== "timeout";
}
