/** What happens before the page opens: two CRMs are connected, read, scored and written to, and people get in between. */
import type { House } from "../connections/house.ts";
import type { CrmType, ListOf } from "../contract/common.ts";
import type { ImportProgress } from "../contract/connections.ts";
import type { LogEntry } from "../contract/log.ts";
import type { Change, Run } from "../contract/runs.ts";
import { getSkillRun, startSkillRun } from "../skills/runtime.ts";
import type { Api } from "./api.ts";
import { openInBrowser } from "./browser.ts";
import { type DemoCrms, propertyIn } from "./crms.ts";

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

/** Scores every deal of both CRMs. */
export async function scoreDeals(house: House, workspaceId: string, progress: (text: string) => void): Promise<void> {
  const runs = await Promise.all(
    demoCrmTypes.map((crm) =>
      startSkillRun(house, workspaceId, { skill: "deal-score", trigger: "manual", scope: { crm } }),
    ),
  );
  for (;;) {
    const all = await Promise.all(runs.map(({ id }) => getSkillRun(house, workspaceId, id)));
    const failed = all.find((run) => run.status === "failed");
    if (failed) throw new Error(`Scoring failed: ${failed.error}`);
    progress(`${number(all.reduce((sum, run) => sum + run.records, 0))} deals`);
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

/** Some reps have written a next step of their own before Pandora ever wrote one. */
export async function repsWriteFirst(house: House, workspaceId: string, crms: DemoCrms): Promise<void> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ crm: CrmType; crm_id: string }[]>`
      select crm, crm_id from deals
      where workspace_id = ${workspaceId} and deleted_at is null and is_closed is not true
      order by md5(crm_id) limit 24`,
  );
  for (const [n, row] of rows.entries()) {
    crms[row.crm].edit("deal", row.crm_id, {
      [propertyIn(row.crm, "pandora_next_step")]: repsOwn[n % repsOwn.length]!,
    });
  }
}

/** @returns the finished run */
export async function runAndWatch(
  api: Api,
  kind: "sync-all" | "dry-run",
  progress: (text: string) => void,
): Promise<Run> {
  const { id } = await api.post<Run>(`crm-writeback/${kind}`);
  for (;;) {
    const run = await api.get<Run>(`crm-writeback/runs/${id}`);
    progress(progressOf(run));
    if (!["queued", "running", "cancelling"].includes(run.status)) return run;
    await pause(150);
  }
}

/** After the first sync people go on working: they rewrite, delete, and one write is taken back. */
export async function peopleGoOn(api: Api, crms: DemoCrms, runId: string): Promise<void> {
  const { items } = await api.get<ListOf<Change>>(`crm-writeback/runs/${runId}/changes?decision=write&limit=200`);
  const steps = items.filter((each) => each.crm_property_name === propertyIn(each.crm_type, "pandora_next_step"));
  for (const [n, each] of steps.slice(0, 9).entries()) {
    crms[each.crm_type].edit("deal", each.crm_record_id, { [each.crm_property_name]: later[n % later.length]! });
  }
  const gone = steps.at(-1);
  if (gone && steps.length > 10) crms[gone.crm_type].remove("deal", gone.crm_record_id);
  const touched = new Set([...steps.slice(0, 9), ...(gone ? [gone] : [])].map((each) => each.crm_record_id));
  const { items: log } = await api.get<ListOf<LogEntry>>(`crm-writeback/log?run_id=${runId}&status=success&limit=200`);
  const scores = log.filter(
    (each) => each.pandora_field === "deal_score" && each.can_undo && !touched.has(each.crm_record_id),
  );
  for (const entry of scores.slice(0, 2)) await api.post(`crm-writeback/log/${entry.id}/undo`);
}

const repsOwn = [
  "Met the CFO on Tuesday, she wants the security paper first.",
  "Waiting for legal. Ask again on the 1st.",
  "Champion is on leave, call her deputy.",
];
const later = [
  "Agreed a call with procurement for Thursday 10:00.",
  "Quote sent, they compare us with one other vendor.",
  "Moved to next quarter, budget is confirmed.",
];

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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
