/** Skill deal-score: reads the facts of deals page by page, decides, stores. */
import type { Tx } from "../db.ts";
import { readOwnColumns } from "../mirror/store.ts";
import { type DealFactsRow, dealFacts, type FactsScope, hasConversations, stageUsual } from "./deal-facts.ts";
import { type DealToSay, dealItem, dealTextHash, dealValues } from "./deal-values.ts";
import { readExcerpts } from "./excerpts.ts";
import type { NarrationItem } from "./narrate.ts";
import { pageSize, type SkillPlan, type SkillRunResult, type SkillWork } from "./skill-plan.ts";
import { putValues } from "./store.ts";

export async function scoreDeals(tx: Tx, plan: SkillWork): Promise<SkillRunResult> {
  const scope = await dealScope(tx, plan);
  const totals = { records: 0, changed: 0, report: {} };
  const place = { workspaceId: plan.workspaceId, crm: plan.crm, objectType: "deal" as const, runId: plan.runId };
  let after = "";
  for (;;) {
    const page = await dealFacts(tx, scope, { after, limit: pageSize, ids: plan.ids });
    const deals = await withExcerpts(tx, plan, page, plan.config.llm !== null);
    totals.records += page.length;
    totals.changed += await putValues(
      tx,
      { ...place, now: plan.now },
      deals.flatMap((deal) => dealValues(deal, plan)),
    );
    if (page.length < pageSize) return totals;
    after = page.at(-1)!.crmRecordId;
  }
}

/** One page of what a model is to be asked about deals, with the key under which its text is kept. */
export async function dealItems(
  tx: Tx,
  plan: Pick<SkillWork, "config"> & SkillPlan,
  after: string,
): Promise<{ items: { id: string; key: string; item: NarrationItem }[]; last: string | null }> {
  const page = await dealFacts(tx, await dealScope(tx, plan), { after, limit: pageSize, ids: plan.ids });
  const deals = await withExcerpts(tx, plan, page, true);
  const items = deals
    .filter(({ deal }) => !deal.isClosed)
    .map((deal) => {
      const item = dealItem(deal, plan.scoring);
      return { id: deal.crmRecordId, key: dealTextHash(deal, item, plan.scoring, plan.config), item };
    });
  return { items, last: page.length < pageSize ? null : page.at(-1)!.crmRecordId };
}

/** What all pages of a run share. */
export async function dealScope(tx: Tx, { workspaceId, crm, now }: SkillPlan): Promise<FactsScope> {
  const own = await readOwnColumns(tx, workspaceId, crm);
  return {
    ...{ workspaceId, crm, now, own: own.deal },
    usual: await stageUsual(tx, { workspaceId, crm, now }),
    hasConversations: await hasConversations(tx, workspaceId),
  };
}

async function withExcerpts(tx: Tx, plan: SkillPlan, page: DealFactsRow[], read: boolean): Promise<DealToSay[]> {
  const said = read
    ? await readExcerpts(
        tx,
        plan,
        "deal",
        page.flatMap((row) => (row.deal.isClosed ? [] : row.crmRecordId)),
      )
    : new Map<string, string[]>();
  return page.map((row) => ({ ...row, excerpts: said.get(row.crmRecordId) ?? [] }));
}
