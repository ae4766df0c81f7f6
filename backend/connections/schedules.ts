/** What falls due by the clock for a connected workspace. Rows stand in the directory, because the clock knows no workspace. */
import { Cron } from "croner";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

/** Puts the standing schedules of a connection in place, and those of its mappings, which a disconnect had dropped. */
export async function putSchedules(tx: Tx, workspaceId: string, crm: CrmType, now: Date): Promise<void> {
  const [workspace] = await tx<{ time_zone: string }[]>`select time_zone from workspaces`;
  const zone = workspace?.time_zone ?? "UTC";
  const mappings = await tx<{ id: string; schedule: string }[]>`
    select id, schedule from crm_property_mappings
    where crm_type = ${crm} and deleted_at is null and status = 'active' and sync_trigger = 'scheduled'
      and schedule is not null`;
  const wanted = [
    { kind: "mirror.round", key: crm, cron: "*/5 * * * *", zone: "UTC" },
    { kind: "writes.recover", key: "", cron: "* * * * *", zone: "UTC" },
    { kind: "notify.look", key: "", cron: "*/10 * * * *", zone: "UTC" },
    // Where the package came after the connection, and once a month a new one.
    ...(crm === "salesforce"
      ? [{ kind: "connections.hand-over-key", key: "", cron: "*/15 * * * *", zone: "UTC" }]
      : []),
    // At night for the people who use it.
    { kind: "workspace.tidy", key: "", cron: "17 3 * * *", zone },
    ...mappings.map(({ id, schedule }) => ({ kind: "writeback.schedule", key: id, cron: schedule, zone })),
  ];
  const rows = wanted.map((row) => ({ ...row, next_at: nextAt(row.cron, row.zone, now) })).filter((row) => row.next_at);
  await tx`
    select directory_put_schedule(${workspaceId}, r.kind, r.key, r.cron, r.zone, r.next_at)
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(kind text, key text, cron text, zone text, next_at timestamptz)`;
}

/** Drops what only this connection needs; what the workspace needs goes with its last connection. */
export async function dropSchedules(tx: Tx, workspaceId: string, crm: CrmType): Promise<void> {
  await tx`select directory_drop_schedule(${workspaceId}, 'mirror.round', ${crm})`;
  if (crm === "salesforce") await tx`select directory_drop_schedule(${workspaceId}, 'connections.hand-over-key', '')`;
  await tx`
    select directory_drop_schedule(${workspaceId}, 'writeback.schedule', id::text)
    from crm_property_mappings where crm_type = ${crm}`;
  const [other] = await tx`select 1 from crm_connections where crm <> ${crm} and status <> 'disconnected'`;
  if (other) return;
  await tx`
    select directory_drop_schedule(${workspaceId}, kind, '')
    from unnest(array['writes.recover', 'workspace.tidy']) as kind`;
}

function nextAt(cron: string, zone: string, now: Date): Date | null {
  return new Cron(cron, { timezone: zone }).nextRun(now);
}
