/** Job mirror.round: what changed since the last round. Safe to repeat: a change seen twice is stored once. */
import type { House } from "../connections/house.ts";
import type { CrmType } from "../crm/port.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { roundOfLeads } from "./leads.ts";
import { propertiesOf, type RecordsChanged } from "./on-import.ts";
import { putOrganisation, readOrganisation } from "./organisation.ts";
import { storePage } from "./page.ts";
import { again, pausing } from "./pause.ts";
import { mirroredObjects, type Position, readPositions, stepRound } from "./progress.ts";
import { readOwnColumns } from "./store.ts";

/** Our clock and the CRM's disagree by less than this; changes seen twice cost nothing. */
const overlapMs = 60_000;

export function onRound(
  house: House,
  { workspace_id: workspaceId, crm }: JobPayload<"mirror.round">,
  signal: AbortSignal,
  recordsChanged: RecordsChanged,
): Promise<void> {
  return pausing(house, { kind: "mirror.round", workspaceId, crm }, () =>
    round(house, workspaceId, crm, recordsChanged, signal),
  );
}

async function round(
  house: House,
  workspaceId: string,
  crm: CrmType,
  recordsChanged: RecordsChanged,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock } = house;
  const opened = await house.openCrm(workspaceId, crm, "background");
  const positions = await db.withWorkspace(workspaceId, (tx) => readPositions(tx, workspaceId, crm));
  if (mirroredObjects.some((objectType) => positions.get(objectType)?.phase !== "incremental")) {
    // Changes make no sense before everything is there; an import that was given up is taken up again.
    return again(house, { kind: "mirror.import", workspaceId, crm });
  }
  const organisation = await readOrganisation(opened);
  await db.withWorkspace(workspaceId, async (tx) => {
    const deal = await putOrganisation(tx, { workspaceId, crm, now: clock.now() }, organisation);
    if (deal.length > 0) await recordsChanged(tx, workspaceId, crm, { deal });
  });
  let changed = 0;
  for (const objectType of mirroredObjects) {
    const properties = await propertiesOf(opened, objectType);
    const position = positions.get(objectType)!;
    const startedAt = startOf(position, clock.now());
    const since = position.since!.toISOString();
    let cursor = position.cursor;
    do {
      signal.throwIfAborted();
      const page = await opened.listChangedSince(objectType, since, properties, cursor);
      await db.withWorkspace(workspaceId, async (tx) => {
        const place = { workspaceId, crm, now: clock.now() };
        const own = await readOwnColumns(tx, workspaceId, crm);
        const stored = await storePage(tx, place, objectType, page.items, own);
        const nextSince = new Date(startedAt.getTime() - overlapMs);
        await stepRound(tx, place, objectType, { cursor: page.cursor, startedAt, nextSince });
        if (stored.changed.length > 0) await recordsChanged(tx, workspaceId, crm, { [objectType]: stored.changed });
        changed += stored.changed.length;
      });
      cursor = page.cursor;
    } while (cursor !== null);
  }
  changed += await roundOfLeads(house, workspaceId, opened, positions.get("lead"), recordsChanged, signal);
  await db.withWorkspace(workspaceId, (tx) => recordsChanged(tx, workspaceId, crm, {}));
  house.log.info("mirror.round", { workspaceId, crm, changed });
}

/** A round that was interrupted goes on under its first beginning, or changes made meanwhile would be missed. */
function startOf(position: Position, now: Date): Date {
  return position.cursor !== null && position.started_at ? position.started_at : now;
}
