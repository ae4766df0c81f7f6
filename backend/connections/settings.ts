/** The workspace's settings, and what a change of them moves. */
import { withGapDefaults } from "../contract/gap-settings.ts";
import type { Settings, SettingsPatch } from "../contract/settings.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { recordAudit } from "./audit.ts";
import type { House } from "./house.ts";

/** @throws AppError not_found (404) */
export async function readSettings(house: Pick<House, "db">, workspaceId: string): Promise<Settings> {
  return house.db.withWorkspace(workspaceId, (tx) => settingsOf(tx, workspaceId, false));
}

/** What higher rooms do about a change, in its transaction. */
export type SettingsMoves = {
  /** Schedules follow the new zone (writeback/mapping-schedules.ts). */
  zone(tx: Tx): Promise<void>;
  /** Conversations are judged anew (gaps/touch.ts). */
  gaps(tx: Tx): Promise<void>;
};

/** @throws AppError not_found (404) */
export async function changeSettings(
  house: House,
  workspaceId: string,
  patch: SettingsPatch,
  by: string,
  moves: SettingsMoves,
): Promise<Settings> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const { request_id: _id, reps_see, gaps, transcript_days, ...plain } = patch;
    const before = await settingsOf(tx, workspaceId, true);
    await tx`
      update workspaces set
        name = ${plain.name ?? before.name},
        time_zone = ${plain.time_zone ?? before.time_zone},
        time_zone_source = ${plain.time_zone ? "chosen" : before.time_zone_source},
        currency = ${plain.currency ?? before.currency},
        settings = settings || ${tx.json({ ...(reps_see ? { reps_see } : {}), ...(transcript_days ? { transcript_days } : {}) })}
          || jsonb_build_object('gaps', coalesce(settings -> 'gaps', '{}') || ${tx.json(gaps ?? {})})
      where workspace_id = ${workspaceId}`;
    if (plain.name) await tx`select directory_add_workspace(${workspaceId}, ${plain.name})`;
    const after = await settingsOf(tx, workspaceId, false);
    if (after.transcript_days < before.transcript_days) {
      const days = after.transcript_days - before.transcript_days;
      await tx`
        update conversation_transcripts set delete_after = delete_after + ${days}::int * interval '1 day'
        where workspace_id = ${workspaceId}`;
    }
    if (after.time_zone !== before.time_zone) await moves.zone(tx);
    if (JSON.stringify(after.gaps) !== JSON.stringify(before.gaps)) await moves.gaps(tx);
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
  const [row] = await tx<(Omit<Settings, "reps_see" | "gaps" | "transcript_days"> & { settings: StoredSettings })[]>`
    select name, time_zone, time_zone_source, currency, settings from workspaces where workspace_id = ${workspaceId}
    ${lock ? tx`for update` : tx``}`;
  if (!row) throw notFound("workspace");
  const { settings, ...plain } = row;
  return {
    ...plain,
    reps_see: settings.reps_see ?? "team",
    gaps: withGapDefaults(settings.gaps),
    transcript_days: settings.transcript_days ?? 90,
  };
}

type StoredSettings = { reps_see?: Settings["reps_see"]; gaps?: unknown; transcript_days?: number };
