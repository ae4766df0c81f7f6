/**
 * Text by a model, with the rules' text as the safety net: whatever the model does – late, wrong, talked into something by
 * a transcript – each item has a text, and where the rules' text stands, the reason.
 */
import { randomBytes } from "node:crypto";
import type { House } from "../connections/house.ts";
import { ask } from "./narrate/ask.ts";
import type { Budget } from "./narrate/budget.ts";
import { type KeptAnswer, keep, narrationKey, readKept } from "./narrate/cache.ts";
import { judge } from "./narrate/check.ts";
import { byRules, type Narrated, type NarrationItem, textKeys } from "./narrate/item.ts";
import type { Llm } from "./narrate/model.ts";
import { openModel } from "./narrate/open-model.ts";
import { promptFor } from "./narrate/prompt.ts";

export { type Budget, type NarrationReport, newBudget } from "./narrate/budget.ts";
export { narrationKey } from "./narrate/cache.ts";
export type { Narrated, NarrationItem, Why } from "./narrate/item.ts";

type Needs = Pick<House, "db" | "clock" | "log" | "config">;

const callsInFlight = 4;

/**
 * Asks the model for the items whose facts are new, and keeps its answers. Call it outside of any transaction: it waits for
 * the model. One read and one write of the cache, whatever the number of items. Without a model the rules' texts come
 * back at once.
 * @param items up to about 1,000; equal ones are asked for once
 * @param options.budget of the whole run, from `newBudget`; `budget.report()` tells what came of it
 * @param options.signal ends the asking; what was answered by then is kept
 * @returns one result per item, same order; never a fault of the model's
 * @throws the signal's reason, and faults of ours
 */
export async function narrate(
  house: Needs,
  workspaceId: string,
  items: NarrationItem[],
  options: { budget: Budget; signal?: AbortSignal },
): Promise<Narrated[]> {
  const { llm } = house.config;
  const { budget, signal } = options;
  if (!llm) {
    budget.count(
      items.map((item) => byRules(item, null)),
      0,
    );
    return items.map((item) => byRules(item, null));
  }
  // Where the rules have nothing to say, a model would make something up.
  const keys = items.map((item) => (textKeys(item).length > 0 ? narrationKey(house.config, item) : null));
  const wanted = new Map(items.flatMap((item, n) => (keys[n] ? [[keys[n], item] as const] : [])));
  if (wanted.size === 0) return items.map((item) => byRules(item, null));

  const kept = await house.db.withWorkspace(workspaceId, (tx) => readKept(tx, workspaceId, [...wanted.keys()]));
  const results = new Map<string, Narrated>();
  for (const [key, item] of wanted) {
    // Judged again: the rules of checking may have grown stricter since.
    const judged = kept.has(key) ? judge(item, kept.get(key)) : null;
    if (judged?.ok) results.set(key, byModel(judged));
  }
  const cached = keys.filter((key) => key !== null && results.has(key)).length;
  const open = [...wanted].filter(([key]) => !results.has(key));
  const outcome = await settled(
    inFlight(open, signal, async ([key, item], ending) => {
      results.set(key, await oneText({ ...house, llm }, item, budget, ending));
    }),
  );
  await keepAnswers(house, workspaceId, open, results);
  if (outcome.failed) throw outcome.error;

  const all = items.map((item, n) => {
    const key = keys[n];
    return key ? withOwnRules(item, results.get(key)!) : byRules(item, null);
  });
  const answered = all.filter((_, n) => keys[n] !== null);
  budget.count(answered, cached);
  const written = answered.filter(({ by }) => by === "model").length;
  house.log.info("skills.narrated", {
    ...{ workspaceId, items: answered.length, cached, asked: open.length },
    ...{ by_model: written, by_rules: answered.length - written },
  });
  return all;
}

async function oneText(
  house: Needs & { llm: Llm },
  item: NarrationItem,
  budget: Budget,
  signal: AbortSignal,
): Promise<Narrated> {
  const model = await openModel(house.llm);
  const prompt = promptFor(item, randomBytes(12).toString("hex"));
  const asked = await ask({ model, llm: house.llm, clock: house.clock, budget, signal }, prompt);
  if ("why" in asked) return byRules(item, asked.why);
  const judged = judge(item, asked.content);
  return judged.ok ? byModel(judged) : byRules(item, judged.why);
}

async function keepAnswers(
  house: Needs,
  workspaceId: string,
  open: (readonly [string, NarrationItem])[],
  results: Map<string, Narrated>,
): Promise<void> {
  const answers = open.flatMap(([key, item]): KeptAnswer[] => {
    const result = results.get(key);
    if (result?.by !== "model") return [];
    const texts = Object.fromEntries(textKeys(item).map((name) => [name, result.texts[name]!]));
    return [{ key, answer: { ...texts, main_risk: result.main_risk! } }];
  });
  if (answers.length === 0) return;
  await house.db.withWorkspace(workspaceId, (tx) => keep(tx, workspaceId, answers, house.clock.now()));
}

/**
 * A few at a time. The first that fails for a reason of ours, or the caller's signal, ends the others too, and all have
 * ended when this returns: no call goes on behind the caller's back.
 */
async function inFlight<T>(
  all: T[],
  signal: AbortSignal | undefined,
  work: (each: T, ending: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const ending = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const queue = all.values();
  const worker = async () => {
    for (const each of queue) {
      ending.throwIfAborted();
      await work(each, ending).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: callsInFlight }, worker));
  signal?.throwIfAborted();
  if (ends.some(({ status }) => status === "rejected")) throw failed.signal.reason;
}

async function settled(work: Promise<void>): Promise<{ failed: false } | { failed: true; error: unknown }> {
  return work.then(
    () => ({ failed: false as const }),
    (error: unknown) => ({ failed: true as const, error }),
  );
}

function byModel({ texts, main_risk }: { texts: Record<string, string>; main_risk: string }): Narrated {
  return { texts, by: "model", why: null, main_risk };
}

/** Equal facts share an answer; where the rules' text stands, it is each item's own. */
function withOwnRules(item: NarrationItem, result: Narrated): Narrated {
  return result.by === "model" ? result : byRules(item, result.why);
}
