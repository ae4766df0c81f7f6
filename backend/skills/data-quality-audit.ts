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
  const counts: Record<string, number> = {};
  const records =
    (await eachPage(tx, plan, counts, dealQuality, dealFindings)) +
    (await eachPage(tx, plan, counts, companyQuality, companyFindings)) +
    (await eachPage(tx, plan, counts, contactQuality, contactFindings));
  await dropOldFindings(tx, { ...plan, skill });
  const report = {
    findings: counts,
    completeness: await completeness(tx, plan),
    coverage_gaps: await coverageGaps(tx, plan),
  };
  return { records, changed: 0, report };
}

async function eachPage<Row extends { crm_id: string }>(
  tx: Tx,
  plan: SkillPlan,
  counts: Record<string, number>,
  read: (tx: Tx, scope: QualityScope, page: { after: string; limit: number }) => Promise<Row[]>,
  judge: (row: Row) => NewFinding[],
): Promise<number> {
  let after = "";
  let records = 0;
  for (;;) {
    const page = await read(tx, plan, { after, limit: pageSize });
    const findings = page.flatMap(judge);
    await putFindings(tx, { ...plan, skill }, findings);
    for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
    records += page.length;
    if (page.length < pageSize) return records;
    after = page.at(-1)!.crm_id;
  }
}

async function coverageGaps(tx: Tx, { workspaceId, now }: SkillPlan) {
  const totals = await gapTotals(tx, workspaceId, { all: true, owners: [], emails: [] });
  const high = (await highGaps(tx, workspaceId, gapsMax)).map(({ started_at, rep_email: _email, ...gap }) =>
    adviseOn({ ...gap, days_since: Math.max(0, Math.floor((now.getTime() - started_at.getTime()) / 86_400_000)) }),
  );
  return { ...totals, patterns: patternsOf(totals), high };
}
