/**
 * Asks a model for the texts of a run before its transaction: no transaction waits for somebody else's server. What comes
 * back is keyed by the facts it was written from, so that facts which change in between simply find the rules' text.
 */
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import type { SkillName } from "./catalogue.ts";
import { type NarrationItem, type NarrationReport, narrate, newBudget } from "./narrate.ts";
import { accountItems } from "./score-accounts.ts";
import { dealItems } from "./score-deals.ts";
import type { KeptTexts, SkillPlan } from "./skill-plan.ts";

type Items = { items: { id: string; key: string; item: NarrationItem }[]; last: string | null };

/** @returns texts by narration key, and what came of asking (null: no model is configured, or the skill has no texts) */
export async function narrateAhead(
  house: House,
  skill: SkillName,
  plan: SkillPlan,
  signal?: AbortSignal,
): Promise<{ texts: KeptTexts; report: NarrationReport | null }> {
  const texts = new Map<string, Record<string, string>>();
  const told = asked[skill];
  if (!house.config.llm || !told) return { texts, report: null };
  const budget = newBudget(house.config, house.clock);
  let after: string | null = "";
  while (after !== null) {
    const from: string = after;
    const page: Items = await house.db.withWorkspace(plan.workspaceId, async (tx) => {
      const found = await told.items(tx, { ...plan, config: house.config }, from);
      return { ...found, items: await stale(tx, plan, told, found.items) };
    });
    const results = await narrate(
      house,
      plan.workspaceId,
      page.items.map(({ item }) => item),
      { budget, ...(signal ? { signal } : {}) },
    );
    for (const [n, result] of results.entries()) if (result.by === "model") texts.set(page.items[n]!.key, result.texts);
    after = page.last;
  }
  return { texts, report: budget.report() };
}

type Told = {
  objectType: "deal" | "company";
  /** Whose facts hash tells whether the text is still of these facts. */
  field: string;
  items(tx: Tx, plan: SkillPlan & { config: House["config"] }, after: string): Promise<Items>;
};

const asked: Partial<Record<SkillName, Told>> = {
  "deal-score": { objectType: "deal", field: "deal_risk_summary", items: dealItems },
  "account-score": { objectType: "company", field: "account_signals_text", items: accountItems },
};

/** Those whose text was written from other facts, or not yet. */
async function stale(
  tx: Tx,
  { workspaceId, crm }: SkillPlan,
  { objectType, field }: Told,
  items: Items["items"],
): Promise<Items["items"]> {
  if (items.length === 0) return [];
  const pairs = items.map(({ id, key }) => ({ id, key }));
  const fresh = await tx<{ id: string }[]>`
    select g.id from jsonb_to_recordset(${tx.json(pairs)}) as g(id text, key text)
    join record_values v on v.workspace_id = ${workspaceId} and v.crm = ${crm} and v.object_type = ${objectType}
      and v.crm_record_id = g.id and v.field = ${field} and v.facts_hash = g.key`;
  const known = new Set(fresh.map((row) => row.id));
  return items.filter(({ id }) => !known.has(id));
}
