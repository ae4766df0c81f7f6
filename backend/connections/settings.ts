/** The workspace's settings, and what a change of them moves. */
import type { Settings, SettingsPatch } from "../contract/settings.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { recordAudit } from "./audit.ts";
import type { House } from "./house.ts";

/** @throws AppError not_found (404) */
export async function readSettings(house: Pick<House, "db">, workspaceId: string): Promise<Settings> {
  return house.db.withWorkspace(workspaceId, (tx) => settingsOf(tx, workspaceId, false));
}

/**
 * @param whenZoneChanges runs in the same transaction: schedules follow the new zone (writeback/mappings.ts)
 * @throws AppError not_found (404)
 */
export async function changeSettings(
  house: House,
  workspaceId: string,
  patch: SettingsPatch,
  by: string,
  whenZoneChanges: (tx: Tx) => Promise<void>,
): Promise<Settings> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const { request_id: _id, reps_see, ...plain } = patch;
    const before = await settingsOf(tx, workspaceId, true);
    await tx`
      update workspaces set
        name = ${plain.name ?? before.name},
        time_zone = ${plain.time_zone ?? before.time_zone},
        time_zone_source = ${plain.time_zone ? "chosen" : before.time_zone_source},
        currency = ${plain.currency ?? before.currency},
        settings = settings || ${tx.json(reps_see ? { reps_see } : {})}
      where workspace_id = ${workspaceId}`;
    if (plain.name) await tx`select directory_add_workspace(${workspaceId}, ${plain.name})`;
    const after = await settingsOf(tx, workspaceId, false);
    if (after.time_zone !== before.time_zone) await whenZoneChanges(tx);
    await recordAudit(tx, workspaceId, house.clock.now(), {
      actor: by,
      action: "settings.changed",
      subject: workspaceId,
      detail: { before, after },
    });
    return after;
  });
}

async function settingsOf(tx: Tx, workspaceId: string, lock: boolean): Promise<Settings> {
  const [row] = await tx<(Omit<Settings, "reps_see"> & { settings: { reps_see?: Settings["reps_see"] } })[]>`
    select name, time_zone, time_zone_source, currency, settings from workspaces where workspace_id = ${workspaceId}
    ${lock ? tx`for update` : tx``}`;
  if (!row) throw notFound("workspace");
  const { settings, ...plain } = row;
  return { ...plain, reps_see: settings.reps_see ?? "team" };
}
