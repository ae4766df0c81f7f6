/** Leads of the CRM that has them (Salesforce): people who are no contacts yet. Part of each mirror round. */
import type { House } from "../connections/house.ts";
import type { Crm, LeadRecord } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { RecordsChanged } from "./on-import.ts";
import { type Position, stepRound } from "./progress.ts";
import type { Place } from "./store.ts";

/** Our clock and the CRM's disagree by less than this; changes seen twice cost nothing. */
const overlapMs = 60_000;

/**
 * All living leads the first time, then what changed since. A round that stops goes on at its cursor.
 * @param position where the last round left off; undefined: there was none
 * @returns how many changed
 */
export async function roundOfLeads(
  house: Pick<House, "db" | "clock">,
  workspaceId: string,
  opened: Crm,
  position: Position | undefined,
  recordsChanged: RecordsChanged,
  signal: AbortSignal,
): Promise<number> {
  if (!opened.leads) return 0;
  const { crm } = opened.shape;
  const startedAt = position?.cursor && position.started_at ? position.started_at : house.clock.now();
  const since = position?.since?.toISOString() ?? null;
  let cursor = position?.cursor ?? null;
  let changed = 0;
  do {
    signal.throwIfAborted();
    const page = await opened.leads(since, cursor);
    await house.db.withWorkspace(workspaceId, async (tx) => {
      const place = { workspaceId, crm, now: house.clock.now() };
      const ids = await putLeads(tx, place, page.items);
      const nextSince = new Date(startedAt.getTime() - overlapMs);
      if (!position) await beginLeads(tx, place);
      await stepRound(tx, place, "lead", { cursor: page.cursor, startedAt, nextSince });
      if (ids.length > 0) await recordsChanged(tx, workspaceId, crm, { lead: ids });
      changed += ids.length;
    });
    cursor = page.cursor;
  } while (cursor !== null);
  return changed;
}

async function beginLeads(tx: Tx, { workspaceId, crm, now }: Place): Promise<void> {
  await tx`
    insert into mirror_progress (workspace_id, crm, object_type, phase, status, started_at)
    values (${workspaceId}, ${crm}, 'lead', 'incremental', 'running', ${now})
    on conflict (workspace_id, crm, object_type) do nothing`;
}

/** @returns ids of those that are new or changed in what gaps look at */
export async function putLeads(tx: Tx, { workspaceId, crm, now }: Place, leads: LeadRecord[]): Promise<string[]> {
  if (leads.length === 0) return [];
  const rows = [...new Map(leads.map((lead) => [lead.id, lead])).values()];
  const changed = await tx<{ crm_id: string }[]>`
    insert into leads as l (workspace_id, crm, crm_id, email, name, company, status, owner_id, is_converted,
      crm_updated_at, deleted_at, synced_at)
    select ${workspaceId}, ${crm}, r.id, r.email, r.name, r.company, r.status, r."ownerId", r."isConverted",
      r."updatedAt", case when r.deleted then ${now}::timestamptz end, ${now}
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(id text, email text, name text, company text, status text,
      "ownerId" text, "isConverted" boolean, "updatedAt" timestamptz, deleted boolean)
    on conflict (workspace_id, crm, crm_id) do update set email = excluded.email, name = excluded.name,
      company = excluded.company, status = excluded.status, owner_id = excluded.owner_id,
      is_converted = excluded.is_converted, crm_updated_at = excluded.crm_updated_at,
      deleted_at = case when excluded.deleted_at is null then null else coalesce(l.deleted_at, excluded.deleted_at) end,
      synced_at = excluded.synced_at
    where (l.email, l.name, l.is_converted, l.deleted_at is null)
      is distinct from (excluded.email, excluded.name, excluded.is_converted, excluded.deleted_at is null)
    returning l.crm_id`;
  return changed.map((row) => row.crm_id);
}
