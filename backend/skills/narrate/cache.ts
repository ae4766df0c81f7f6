/** Texts kept by what they were written from: the same facts are paid for once. */
import { createHash } from "node:crypto";
import type { Config } from "../../config.ts";
import type { Tx } from "../../db.ts";
import { type NarrationItem, textKeys } from "./item.ts";
import { excerptsOf, promptVersion } from "./prompt.ts";

export type KeptAnswer = { key: string; answer: Record<string, string> };

/** Hash of prompt version, provider, model, facts, excerpts and the texts wanted; the order of keys does not matter. */
export function narrationKey(config: Pick<Config, "llm">, item: NarrationItem): string {
  const { provider, model } = config.llm ?? { provider: null, model: null };
  const from = {
    ...{ kind: item.kind, prompt: promptVersion[item.kind], provider, model },
    ...{ facts: item.facts, excerpts: excerptsOf(item), texts: textKeys(item).sort() },
  };
  return createHash("sha256")
    .update(JSON.stringify(ordered(from)))
    .digest("base64url")
    .slice(0, 32);
}

/** @returns answers by key, those that are there */
export async function readKept(tx: Tx, workspaceId: string, keys: string[]): Promise<Map<string, unknown>> {
  const rows = await tx<{ facts_hash: string; answer: unknown }[]>`
    select n.facts_hash, n.answer
    from narrations n
    join jsonb_array_elements_text(${tx.json(keys)}) as wanted(key) on wanted.key = n.facts_hash
    where n.workspace_id = ${workspaceId}`;
  return new Map(rows.map(({ facts_hash, answer }) => [facts_hash, answer]));
}

/** Two runs may have asked at once: the later answer stands, both are true to the facts. */
export async function keep(tx: Tx, workspaceId: string, answers: KeptAnswer[], now: Date): Promise<void> {
  await tx`
    insert into narrations (workspace_id, facts_hash, answer, created_at)
    select ${workspaceId}, a.key, a.answer, ${now}
    from jsonb_to_recordset(${tx.json(answers)}) as a(key text, answer jsonb)
    on conflict (workspace_id, facts_hash) do update set answer = excluded.answer, created_at = excluded.created_at`;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}
