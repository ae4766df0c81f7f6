/** Schedules of mappings, as the directory knows them: work that falls due by the clock, in the workspace's zone. */
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import type { MappingRow } from "./mapping-rows.ts";
import { nextDue } from "./mapping-rules.ts";

const scheduleKind = "writeback.schedule";

/** Registers a mapping's schedule, or drops it where it has none or does not run. In the transaction that saves it. */
export async function keepSchedule(
  tx: Tx,
  house: House,
  workspaceId: string,
  id: string,
  rules: Pick<MappingRow, "sync_trigger" | "schedule" | "status">,
): Promise<void> {
  const zone = await timeZoneOf(tx, workspaceId);
  const cron = rules.sync_trigger === "scheduled" && rules.status === "active" ? rules.schedule : null;
  const next = cron ? nextDue(cron, zone, house.clock.now()) : null;
  if (!cron || !next) await tx`select directory_drop_schedule(${workspaceId}, ${scheduleKind}, ${id})`;
  else
    await tx`select directory_put_schedule(${workspaceId}, ${scheduleKind}, ${id}, ${cron.trim()}, ${zone}, ${next})`;
}

export async function dropSchedule(tx: Tx, workspaceId: string, id: string): Promise<void> {
  await tx`select directory_drop_schedule(${workspaceId}, ${scheduleKind}, ${id})`;
}

/** Registers all schedules anew, after the workspace's time zone changed. */
export async function rescheduleMappings(tx: Tx, house: House, workspaceId: string): Promise<void> {
  const rows = await tx<MappingRow[]>`
    select * from crm_property_mappings
    where workspace_id = ${workspaceId} and deleted_at is null and sync_trigger = 'scheduled'`;
  for (const row of rows) await keepSchedule(tx, house, workspaceId, row.id, row);
}

/** The workspace's IANA zone. */
export async function timeZoneOf(tx: Tx, workspaceId: string): Promise<string> {
  const [row] = await tx<{ time_zone: string }[]>`
    select time_zone from workspaces where workspace_id = ${workspaceId}`;
  return row?.time_zone ?? "UTC";
}
