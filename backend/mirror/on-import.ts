/** Job mirror.import: everything there is, once. Stops at any page and goes on there, in this process or another. */
import type { House } from "../connections/house.ts";
import { takeAccount } from "../connections/install.ts";
import type { Crm, CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { putOrganisation, readOrganisation } from "./organisation.ts";
import { storePage } from "./page.ts";
import { again, pausing } from "./pause.ts";
import { beginImport, markFailed, mirroredObjects, readPositions, stepImport } from "./progress.ts";
import { askedProperties } from "./properties.ts";
import { readOwnColumns } from "./store.ts";

/** Ids by object; null: all of them. */
export type ChangedRecords = Partial<Record<ObjectType | "lead", string[] | null>>;

/**
 * Told in the transaction that stores changed records, so that they are analysed and their conversations judged.
 * @param changed empty: a round ended, and days may have passed without any change
 */
export type RecordsChanged = (tx: Tx, workspaceId: string, crm: CrmType, changed: ChangedRecords) => Promise<void>;

/** Then it makes room for another job, so that no job outlives its time limit (an hour). */
const pagesMax = 500;

export function onImport(
  house: House,
  { workspace_id: workspaceId, crm }: JobPayload<"mirror.import">,
  signal: AbortSignal,
  recordsChanged: RecordsChanged,
): Promise<void> {
  return pausing(house, { kind: "mirror.import", workspaceId, crm }, () =>
    importAll(house, workspaceId, crm, recordsChanged, signal),
  );
}

/** The import failed for the last time: what was reached stays, and the next round takes it up again. */
export async function importGivenUp(
  house: House,
  { workspace_id: workspaceId, crm }: JobPayload<"mirror.import">,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : "unknown";
  await house.db.withWorkspace(workspaceId, (tx) => markFailed(tx, workspaceId, crm, reason));
}

/** Names of an object's properties worth asking for. */
export async function propertiesOf(opened: Crm, objectType: ObjectType): Promise<string[]> {
  const existing = await opened.describeProperties(objectType);
  return askedProperties(opened.shape.crm, objectType, new Set(existing.map((property) => property.name)));
}

async function importAll(
  house: House,
  workspaceId: string,
  crm: CrmType,
  recordsChanged: RecordsChanged,
  signal: AbortSignal,
): Promise<void> {
  const { db, clock } = house;
  const opened = await house.openCrm(workspaceId, crm, "background");
  await ensureAccount(house, workspaceId, crm);
  await importOrganisation(house, workspaceId, crm, opened);
  let pages = 0;
  for (const objectType of mirroredObjects) {
    const position = await db.withWorkspace(workspaceId, async (tx) => {
      const found = (await readPositions(tx, workspaceId, crm)).get(objectType);
      if (found?.phase !== "incremental") await beginImport(tx, { workspaceId, crm, now: clock.now() }, objectType);
      return found;
    });
    if (position?.phase === "incremental") continue;
    const properties = await propertiesOf(opened, objectType);
    let cursor = position?.cursor ?? null;
    do {
      signal.throwIfAborted();
      if (pages >= pagesMax) return again(house, { kind: "mirror.import", workspaceId, crm });
      const page = await opened.listAll(objectType, properties, cursor);
      await db.withWorkspace(workspaceId, async (tx) => {
        const place = { workspaceId, crm, now: clock.now() };
        const own = await readOwnColumns(tx, workspaceId, crm);
        const { living } = await storePage(tx, place, objectType, page.items, own);
        await stepImport(tx, place, objectType, { cursor: page.cursor, count: living });
        // One look over everything once everything is there, not one per object.
        if (objectType === "deal" && page.cursor === null) {
          await recordsChanged(tx, workspaceId, crm, { deal: null, company: null, contact: null });
        }
      });
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== null);
    house.log.info("mirror.imported", { workspaceId, crm, objectType });
  }
  // Until autovacuum comes by, the planner believes these tables to be empty: counting a run's records over 2,000 deals
  // then took 6 s instead of 0.1 s (npm run demo).
  await db.outside((tx) => tx`analyze companies, contacts, deals, deal_contacts`);
}

/** The install could not read the account (the CRM was slow): now is the time. */
async function ensureAccount(house: House, workspaceId: string, crm: CrmType): Promise<void> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ account_name: string }[]>`select account_name from crm_connections where crm = ${crm}`,
  );
  if (row?.account_name === "") await takeAccount(house, workspaceId, crm);
}

async function importOrganisation(house: House, workspaceId: string, crm: CrmType, opened: Crm): Promise<void> {
  const organisation = await readOrganisation(opened);
  const place = { workspaceId, crm, now: house.clock.now() };
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const positions = await readPositions(tx, workspaceId, crm);
    await putOrganisation(tx, place, organisation);
    for (const part of ["owners", "stages"] as const) {
      if (positions.get(part)?.phase === "incremental") continue;
      await beginImport(tx, place, part);
      await stepImport(tx, place, part, { cursor: null, count: organisation[part].length });
    }
  });
}
