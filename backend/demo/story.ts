/** What happens before the page opens: two CRMs are connected, read, scored and written to. */
import type { House } from "../connections/house.ts";
import type { CrmType } from "../contract/common.ts";
import type { ImportProgress } from "../contract/connections.ts";
import type { Run } from "../contract/runs.ts";
import { type SkillName, skillNames } from "../skills/catalogue.ts";
import { type SkillScope, startSkillRun } from "../skills/runtime.ts";
import { getSkillRun } from "../skills/skill-runs.ts";
import type { Api } from "./api.ts";
import { openInBrowser } from "./browser.ts";

export const demoCrmTypes: readonly CrmType[] = ["hubspot", "salesforce"];

/** Both through the real OAuth round trip: HubSpot from its marketplace, which makes the workspace; Salesforce from inside. */
export async function connectHubSpot(base: string): Promise<void> {
  await openInBrowser(`${base}/oauth/hubspot/start`);
}

export async function connectSalesforce(api: Api): Promise<void> {
  const { url } = await api.post<{ url: string }>("connections/salesforce/start");
  await openInBrowser(url);
}

/** Waits for the first import of both CRMs. @throws Error in the import's words when it fails */
export async function waitForImports(api: Api, progress: (text: string) => void): Promise<void> {
  for (;;) {
    const both = await Promise.all(demoCrmTypes.map((crm) => api.get<ImportProgress>(`connections/${crm}/import`)));
    const objects = both.flatMap((each) => each.objects);
    const failed = objects.find((each) => each.status === "failed");
    if (failed) throw new Error(`The import of ${failed.object_type} failed: ${failed.error}`);
    const records = objects.reduce((sum, each) => sum + each.done, 0);
    progress(`${number(records)} records`);
    if (both.every((each) => each.status === "done")) return;
    await pause(200);
  }
}

/** Scores every deal of both CRMs; the other skills follow behind, while the story goes on. */
export async function scoreAll(house: House, workspaceId: string, progress: (text: string) => void): Promise<void> {
  const runs = skillNames.flatMap((skill) => demoCrmTypes.map((crm) => ({ skill, scope: { crm } })));
  const ofDeals = runs.filter(({ skill }) => skill === "deal-score");
  await score(house, workspaceId, ofDeals, progress);
  for (const run of runs) {
    if (!ofDeals.includes(run)) await startSkillRun(house, workspaceId, { ...run, trigger: "schedule" });
  }
}

/** Runs skills over what the scopes name, and waits for it. */
export async function score(
  house: House,
  workspaceId: string,
  runs: { skill: SkillName; scope: SkillScope }[],
  progress: (text: string) => void,
): Promise<void> {
  const started = await Promise.all(
    runs.map((run) => startSkillRun(house, workspaceId, { ...run, trigger: "manual" })),
  );
  for (;;) {
    const all = await Promise.all(started.map(({ id }) => getSkillRun(house, workspaceId, id)));
    const failed = all.find((run) => run.status === "failed");
    if (failed) throw new Error(`Scoring failed: ${failed.error}`);
    progress(`${number(all.reduce((sum, run) => sum + run.records, 0))} records`);
    if (all.every((run) => run.status === "completed")) return;
    await pause(100);
  }
}

/** Score, risks, next step and date on every open deal of both CRMs; in HubSpot a journal of changes as well. */
export async function mapFields(api: Api, progress: (text: string) => void): Promise<void> {
  let made = 0;
  const apply = async (key: string, crm: CrmType) => {
    const applied = await api.post<{ created_properties: string[] }>(`crm-writeback/templates/${key}/apply`, { crm });
    made += applied.created_properties.length;
    progress(`${made} properties made`);
  };
  for (const crm of demoCrmTypes) await apply("deal-health", crm);
  await apply("deal-journal", "hubspot");
}

/** @returns the finished run */
export async function runAndWatch(
  api: Api,
  kind: "sync-all" | "dry-run",
  progress: (text: string) => void,
): Promise<Run> {
  const { id } = await api.post<Run>(`crm-writeback/${kind}`);
  return watchRun(api, id, progress);
}

export async function watchRun(api: Api, id: string, progress: (text: string) => void): Promise<Run> {
  for (;;) {
    const run = await api.get<Run>(`crm-writeback/runs/${id}`);
    progress(progressOf(run));
    if (!["queued", "running", "cancelling"].includes(run.status)) return run;
    await pause(150);
  }
}

function progressOf({ totals, rate_per_s, eta_s, status }: Run): string {
  if (status === "queued") return "waiting";
  const parts = [`${number(totals.done)} values`];
  if (totals.records !== null) parts.unshift(`${number(totals.records)} records`);
  if (rate_per_s !== null) parts.push(`${number(Math.round(rate_per_s))}/s`);
  if (eta_s) parts.push(`${eta_s} s left`);
  return parts.join(" · ");
}

export function number(n: number): string {
  return n.toLocaleString("en-US");
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
