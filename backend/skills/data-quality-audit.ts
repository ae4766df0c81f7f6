/** Skill data-quality-audit: what is missing or stale, record by record, and the calls that no deal accounts for. */
import type { Tx } from "../db.ts";
import { gapTotals, highGaps } from "../gaps/summary.ts";
import { adviseOn, patternsOf } from "./coverage-gaps.ts";
import { companyQuality, completeness, contactQuality, dealQuality, type QualityScope } from "./quality-facts.ts";
import { companyFindings, contactFindings, dealFindings } from "./quality-findings.ts";
import { pageSize, type SkillPlan, type SkillRunResult } from "./skill-plan.ts";
import { dropOldFindings, type NewFinding, putFindings } from "./store.ts";

const skill = "data-quality-audit";
/** High gaps with an action each; the rest is on the gaps page. */
const gapsMax = 50;

export async function auditDataQuality(tx: Tx, plan: SkillPlan): Promise<SkillRunResult> {
  const found: Found = { records: 0, counts: {}, deals: new Set() };
  await eachPage(tx, plan, found, dealQuality, dealFindings);
  await eachPage(tx, plan, found, companyQuality, companyFindings);
  await eachPage(tx, plan, found, contactQuality, contactFindings);
  for (const id of await dropOldFindings(tx, { ...plan, skill })) found.deals.add(id);
  // As with a run's values: what was just stored in bulk is read next, by the scores that rest on it.
  if (found.deals.size > 500) await tx`analyze findings`;
  const report = {
    findings: found.counts,
    completeness: await completeness(tx, plan),
    coverage_gaps: await coverageGaps(tx, plan),
  };
  return { records: found.records, changed: 0, report, again: await restingOn(tx, plan, [...found.deals]) };
}

type Found = {
  records: number;
  /** Findings by kind. */
  counts: Record<string, number>;
  /** Of which something else is said than before. */
  deals: Set<string>;
};

async function eachPage<Row extends { crm_id: string }>(
  tx: Tx,
  plan: SkillPlan,
  found: Found,
  read: (tx: Tx, scope: QualityScope, page: { after: string; limit: number }) => Promise<Row[]>,
  judge: (row: Row) => NewFinding[],
): Promise<void> {
  let after = "";
  for (;;) {
    const page = await read(tx, plan, { after, limit: pageSize });
    const findings = page.flatMap(judge);
    for (const id of await putFindings(tx, { ...plan, skill }, findings)) found.deals.add(id);
    for (const { kind } of findings) found.counts[kind] = (found.counts[kind] ?? 0) + 1;
    found.records += page.length;
    if (page.length < pageSize) return;
    after = page.at(-1)!.crm_id;
  }
}

/** A deal's score with conversations counts its findings, and account-score says them on the deals of a company. */
async function restingOn(
  tx: Tx,
  { workspaceId, crm }: SkillPlan,
  dealIds: string[],
): Promise<NonNullable<SkillRunResult["again"]>> {
  if (dealIds.length === 0) return [];
  const companies = await tx<{ id: string }[]>`
    select distinct company_id as id from deals
    where workspace_id = ${workspaceId} and crm = ${crm} and company_id is not null
      and crm_id in (select jsonb_array_elements_text(${tx.json(dealIds)}))`;
  return [
    { skill: "deal-score", ids: dealIds },
    { skill: "account-score", ids: companies.map((row) => row.id) },
  ];
}

async function coverageGaps(tx: Tx, { workspaceId, now }: SkillPlan) {
  const totals = await gapTotals(tx, workspaceId, { all: true, owners: [], emails: [] });
  const high = (await highGaps(tx, workspaceId, gapsMax)).map(({ started_at, rep_email: _email, ...gap }) =>
    adviseOn({ ...gap, days_since: Math.max(0, Math.floor((now.getTime() - started_at.getTime()) / 86_400_000)) }),
  );
  return { ...totals, patterns: patternsOf(totals), high };
}
