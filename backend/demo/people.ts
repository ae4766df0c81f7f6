/** What people do in the CRMs meanwhile, so that there is something to keep, to hold, to fail and to follow. */
import type { House } from "../connections/house.ts";
import type { CrmType, ListOf } from "../contract/common.ts";
import type { LogEntry } from "../contract/log.ts";
import type { Change, Run } from "../contract/runs.ts";
import type { Api } from "./api.ts";
import { type DemoCrms, propertyIn } from "./crms.ts";
import { demoCrmTypes, number, pause, score, watchRun } from "./story.ts";

/** Some reps have written a next step of their own before Pandora ever wrote one. */
export async function repsWriteFirst(house: House, workspaceId: string, crms: DemoCrms): Promise<void> {
  const rows = await openDeals(house, workspaceId);
  for (const [n, row] of rows.slice(0, 24).entries()) {
    crms[row.crm].edit("deal", row.crm_id, { [propertyIn(row.crm, "pandora_next_step")]: before[n % before.length]! });
  }
}

/** After the first sync people go on working: they rewrite what Pandora wrote, and delete a deal. */
export async function repsWriteOver(api: Api, crms: DemoCrms, runId: string): Promise<void> {
  const { items } = await api.get<ListOf<Change>>(`crm-writeback/runs/${runId}/changes?decision=write&limit=200`);
  const steps = items.filter((each) => each.crm_property_name === propertyIn(each.crm_type, "pandora_next_step"));
  for (const [n, each] of steps.slice(0, 9).entries()) {
    crms[each.crm_type].edit("deal", each.crm_record_id, { [each.crm_property_name]: after[n % after.length]! });
  }
  const gone = steps.at(-1);
  if (gone && steps.length > 10) crms[gone.crm_type].remove("deal", gone.crm_record_id);
}

/**
 * Close dates slip: the mirror notices, the deals are scored anew, and what changed is written without anyone asking.
 */
export async function dealsSlip(
  house: House,
  workspaceId: string,
  api: Api,
  crms: DemoCrms,
  progress: (text: string) => void,
): Promise<void> {
  // The one that was deleted meanwhile may still stand in our copy.
  const isThere = (deal: OpenDeal) => crms[deal.crm].record("deal", deal.crm_id) !== null;
  const open = await openDeals(house, workspaceId);
  const deals = open.filter((deal) => deal.close_date !== null && isThere(deal)).slice(30, 46);
  const later = (day: string) => new Date(Date.parse(day) + 45 * 86_400_000).toISOString().slice(0, 10);
  for (const { crm, crm_id, close_date } of deals) {
    crms[crm].edit("deal", crm_id, { [crm === "hubspot" ? "closedate" : "CloseDate"]: later(close_date!) });
  }
  await house.db.withWorkspace(workspaceId, (tx) =>
    house.queue.enqueue(
      tx,
      demoCrmTypes.map((crm) => ({
        ...{ kind: "mirror.round", payload: { workspace_id: workspaceId, crm } },
        key: `${workspaceId}:${crm}`,
      })),
    ),
  );
  const moved = new Map(deals.map((deal) => [deal.crm_id, later(deal.close_date!)]));
  for (let seen = 0; seen < deals.length; await pause(150)) {
    seen = (await openDeals(house, workspaceId)).filter((deal) => moved.get(deal.crm_id) === deal.close_date).length;
    progress(`${seen} of ${deals.length} noticed`);
  }
  const runs = demoCrmTypes.map((crm) => ({
    skill: "deal-score" as const,
    scope: { crm, record_ids: deals.filter((deal) => deal.crm === crm).map((deal) => deal.crm_id) },
  }));
  await score(house, workspaceId, runs, () => {});
  await followOwnRuns(api, progress);
}

/** Two scores are taken back; Pandora leaves them alone until they change. */
export async function undoTwo(api: Api, runId: string): Promise<void> {
  const { items } = await api.get<ListOf<LogEntry>>(`crm-writeback/log?run_id=${runId}&status=success&limit=200`);
  const own = items.filter((each) => each.pandora_field === "deal_score" && each.can_undo);
  for (const entry of own.slice(0, 2)) await api.post(`crm-writeback/log/${entry.id}/undo`);
}

/** Waits for the runs that the skill set off by itself. */
async function followOwnRuns(api: Api, progress: (text: string) => void): Promise<void> {
  for (let look = 0; look < 40; look += 1) {
    const { items } = await api.get<ListOf<Run>>("crm-writeback/runs?limit=5");
    const own = items.filter((run) => run.trigger.startsWith("skill_run:"));
    let written = 0;
    for (const run of own) written += (await watchRun(api, run.id, () => {})).totals.written;
    progress(`${number(written)} values written by themselves`);
    if (own.length === demoCrmTypes.length) return;
    await pause(100);
  }
}

type OpenDeal = { crm: CrmType; crm_id: string; close_date: string | null };

/** Open deals of both CRMs, mixed, in an order that stays. */
async function openDeals(house: House, workspaceId: string): Promise<OpenDeal[]> {
  return house.db.withWorkspace(
    workspaceId,
    (tx) => tx<OpenDeal[]>`
      select crm, crm_id, close_date::text as close_date from deals
      where workspace_id = ${workspaceId} and deleted_at is null and is_closed is not true
      order by md5(crm_id)`,
  );
}

const before = [
  "Met the CFO on Tuesday, she wants the security paper first.",
  "Waiting for legal. Ask again on the 1st.",
  "Champion is on leave, call her deputy.",
];
const after = [
  "Agreed a call with procurement for Thursday 10:00.",
  "Quote sent, they compare us with one other vendor.",
  "Moved to next quarter, budget is confirmed.",
];
