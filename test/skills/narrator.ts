/** A house with a stand-in model, and deals to write about. */
import { randomUUID } from "node:crypto";
import { steppedClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import { type NarrationItem, narrate, newBudget } from "../../backend/skills/narrate.ts";
import { newDatabase } from "../support/database.ts";
import { startModelServer } from "../support/model-server.ts";

export const vendors = ["openai", "anthropic"] as const;
export const keys = `test:${Buffer.alloc(32, 7).toString("base64")}`;

/** One for the whole test file; each narrator has a workspace of its own in it. */
const { db } = await newDatabase();

/** @param settings further LLM_… settings */
export async function newNarrator(vendor: (typeof vendors)[number], settings: Record<string, string> = {}) {
  const server = await startModelServer();
  const clock = steppedClock();
  const lines: unknown[] = [];
  const write = (event: string, fields?: object) => void lines.push({ event, ...fields });
  const config = readConfig({
    PANDORA_KEYS: keys,
    ...{ LLM_PROVIDER: vendor, LLM_API_KEY: "the-key", LLM_MODEL: "stand-in" },
    LLM_BASE_URL: vendor === "openai" ? `${server.url}/v1` : server.url,
    ...settings,
  });
  const house = { db, clock, config, log: { debug: write, info: write, warn: write, error: write } };
  const newWorkspace = async () => {
    const id = randomUUID();
    await db.outside((tx) => tx`select directory_add_workspace(${id}, 'Acme')`);
    await db.withWorkspace(
      id,
      (tx) => tx`insert into workspaces (workspace_id, name, time_zone) values (${id}, 'Acme', 'Europe/Berlin')`,
    );
    return id;
  };
  const workspaceId = await newWorkspace();
  return {
    ...{ house, server, clock, workspaceId, newWorkspace },
    calls: () => server.questions.length,
    logged: () => JSON.stringify(lines),
    /** One page of a run of its own, unless a budget is given. */
    tell: async (
      items: NarrationItem[],
      options: { budget?: ReturnType<typeof newBudget>; signal?: AbortSignal; workspaceId?: string } = {},
    ) => {
      const budget = options.budget ?? newBudget(config, clock);
      const results = await narrate(house, options.workspaceId ?? workspaceId, items, { ...options, budget });
      return { results, report: budget.report() };
    },
    plant: (key: string, answer: Record<string, string>) =>
      db.withWorkspace(
        workspaceId,
        (tx) => tx`
        insert into narrations (workspace_id, facts_hash, answer, created_at)
        values (${workspaceId}, ${key}, ${tx.json(answer)}, ${clock.now()})`,
      ),
  };
}

export function dealItem(daysIdle = 34): NarrationItem {
  const sentence = `The last activity was ${daysIdle} days ago.`;
  return {
    kind: "deal",
    facts: {
      ...{ name: "Northwind renewal", score: 61, daysIdle },
      factors: [
        { key: "activity", sentence },
        { key: "contacts", sentence: "Only one contact is involved." },
      ],
    },
    excerpts: ["We talked about the rollout."],
    rules: {
      risk_summary: `Score 61. Main risk: ${sentence}`,
      next_step: "Offer two times for a short call.",
      signals: "One conversation.",
    },
  };
}

export function without(item: NarrationItem, text: string): NarrationItem {
  return { ...item, rules: Object.fromEntries(Object.entries(item.rules).filter(([key]) => key !== text)) };
}
