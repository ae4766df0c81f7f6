/** Skill account-score: the facts of companies page by page, their scores and signals, stored on them and their open deals. */
import type { Config } from "../config.ts";
import type { Tx } from "../db.ts";
import { readOwnColumns } from "../mirror/store.ts";
import { type AccountFactsRow, type AccountScope, accountFacts, openDealsOf, wonProfile } from "./account-facts.ts";
import { type FitFacts, fitOf, type WonProfile } from "./account-fit.ts";
import { accountScore, enhancedAccountScore } from "./account-score.ts";
import { dealFacts, type FactsScope, hasConversations } from "./deal-facts.ts";
import { dealSignalsValue } from "./deal-values.ts";
import { readExcerpts } from "./excerpts.ts";
import { type NarrationItem, narrationKey } from "./narrate.ts";
import type { Score } from "./score.ts";
import { dealScope } from "./score-deals.ts";
import { accountSignals } from "./signals-text.ts";
import { pageSize, type SkillPlan, type SkillRunResult, type SkillWork } from "./skill-plan.ts";
import { factsHash, type NewValue, putValues } from "./store.ts";
import type { ScoringSettings } from "./weights.ts";

export async function scoreAccounts(tx: Tx, plan: SkillWork): Promise<SkillRunResult> {
  const run = await beginRun(tx, plan);
  const deals = await dealScope(tx, plan);
  const totals = { records: 0, changed: 0, report: {} };
  let after = "";
  for (;;) {
    const page = await judgedPage(tx, plan, run, after, plan.config.llm !== null);
    totals.records += page.length;
    totals.changed += await putValues(
      tx,
      { ...plan, objectType: "company" },
      page.flatMap((account) => accountValues(account, plan)),
    );
    const said = await sayOnDeals(tx, plan, deals, page);
    totals.records += said.records;
    totals.changed += said.changed;
    if (page.length < pageSize) return totals;
    after = page.at(-1)!.crmRecordId;
  }
}

/** One page of what a model is to be asked about companies, with the key under which its text is kept. */
export async function accountItems(
  tx: Tx,
  plan: Pick<SkillWork, "config"> & SkillPlan,
  after: string,
): Promise<{ items: { id: string; key: string; item: NarrationItem }[]; last: string | null }> {
  const page = await judgedPage(tx, plan, await beginRun(tx, plan), after, true);
  const items = page.map((account) => ({
    id: account.crmRecordId,
    key: narrationKey(plan.config, accountItem(account)),
    item: accountItem(account),
  }));
  return { items, last: page.length < pageSize ? null : page.at(-1)!.crmRecordId };
}

type Run = { scope: AccountScope; profile: WonProfile };
type Judged = AccountFactsRow & { score: Score; fit: FitFacts; enhanced: Score; excerpts: string[] };

async function beginRun(tx: Tx, { workspaceId, crm, now }: SkillPlan): Promise<Run> {
  const own = await readOwnColumns(tx, workspaceId, crm);
  return {
    scope: { workspaceId, crm, now, own: own.company, hasConversations: await hasConversations(tx, workspaceId) },
    profile: await wonProfile(tx, { workspaceId, crm }),
  };
}

async function judgedPage(
  tx: Tx,
  plan: SkillPlan,
  { scope, profile }: Run,
  after: string,
  withExcerpts: boolean,
): Promise<Judged[]> {
  const rows = await accountFacts(tx, scope, { after, limit: pageSize, ids: plan.ids });
  const ids = rows.map((row) => row.crmRecordId);
  const said = withExcerpts ? await readExcerpts(tx, plan, "company", ids) : new Map<string, string[]>();
  return rows.map((row) => {
    const fit = fitOf(profile, row.facts, plan.scoring.enhanced_account_score.thresholds.customers_min);
    return {
      ...row,
      fit,
      score: accountScore(row.facts, plan.scoring),
      enhanced: enhancedAccountScore(row.facts, fit, plan.scoring),
      excerpts: said.get(row.crmRecordId) ?? [],
    };
  });
}

function accountValues(
  account: Judged,
  { scoring, config, texts }: { scoring: ScoringSettings; config: Pick<Config, "llm">; texts: SkillWork["texts"] },
): NewValue[] {
  const { facts, fit, score, enhanced } = account;
  const item = accountItem(account);
  const key = config.llm ? narrationKey(config, item) : factsHash(facts, fit, scoring.account_score);
  const record = { crm_record_id: account.crmRecordId };
  return [
    {
      ...{ ...record, field: "account_score", value: score.score, factors: score.factors },
      facts_hash: factsHash(facts, scoring.account_score),
    },
    {
      ...{ ...record, field: "enhanced_account_score", value: enhanced.score, factors: enhanced.factors },
      facts_hash: factsHash(facts, fit, scoring.account_score, scoring.enhanced_account_score),
    },
    {
      ...{ ...record, field: "account_signals_text", factors: [], facts_hash: key },
      value: texts.get(key)?.["signals"] ?? item.rules["signals"]!,
    },
  ];
}

/** What a model is shown of a company. */
function accountItem({ facts, fit, score, enhanced, excerpts }: Judged): NarrationItem {
  return {
    kind: "company",
    facts: { ...facts, score: score.score, factors: enhanced.factors.map(({ key, sentence }) => ({ key, sentence })) },
    excerpts,
    rules: { signals: accountSignals(facts, score, fit) },
  };
}

/** Writes on the companies' open deals what is going on at their account. @returns how many deals, and how many changed */
async function sayOnDeals(
  tx: Tx,
  plan: SkillWork,
  scope: FactsScope,
  page: Judged[],
): Promise<{ records: number; changed: number }> {
  const accounts = new Map(page.map((account) => [account.crmRecordId, account]));
  const links = await openDealsOf(tx, plan, [...accounts.keys()]);
  let changed = 0;
  for (let at = 0; at < links.length; at += pageSize) {
    const ids = links.slice(at, at + pageSize).map((link) => link.deal_id);
    const deals = await dealFacts(tx, scope, { after: "", limit: ids.length, ids });
    const values = deals.map((deal) => {
      const { facts, score, fit } = accounts.get(deal.companyId!)!;
      return dealSignalsValue(deal, { facts, score, fit }, [fit, plan.scoring.account_score]);
    });
    changed += await putValues(tx, { ...plan, objectType: "deal" }, values);
  }
  return { records: links.length, changed };
}
