/** Words for the tests of whole flows: start a run, work it off, look at what it left behind. */
import type { Alert } from "../../backend/contract/alerts.ts";
import type { Change, Run } from "../../backend/contract/runs.ts";
import { listChanges } from "../../backend/writeback/changes.ts";
import { getRun, type RunStart, startRun } from "../../backend/writeback/runs.ts";
import type { TestHouse } from "../support/house.ts";

/** What it takes to run: a house from anywhere, and the workspace in it. */
export type Played = Pick<TestHouse, "house" | "workspaceId" | "clock" | "drain">;

export function start(t: Played, set: Partial<RunStart> = {}): Promise<Run> {
  return startRun(t.house, t.workspaceId, {
    ...{ kind: "sync", mappingIds: null, objectTypes: null, trigger: "manual", initiatedBy: "ada" },
    ...set,
  });
}

/** Starts a run and works off everything that is due. */
export async function play(t: Played, set: Partial<RunStart> = {}): Promise<Run> {
  const { id } = await start(t, set);
  return finish(t, id);
}

/** Works off what is due, then what was put off, until the run stands still. */
export async function finish(t: Played, runId: string, rounds = 5): Promise<Run> {
  for (let round = 0; ; round += 1) {
    await t.drain();
    const run = await getRun(t.house, t.workspaceId, runId);
    if (!["queued", "running", "cancelling"].includes(run.status) || round === rounds) return run;
    t.clock.advance(180_000);
  }
}

/** Deals with the same properties, and a value each. */
export async function deals(
  t: TestHouse,
  count: number,
  field: string,
  valueAt: (n: number) => string | number | null,
  properties: Record<string, string> = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => t.crm.addDeal(properties));
  await setValues(t, field, new Map(ids.map((id, n) => [id, valueAt(n)])));
  return ids;
}

/** Many values in one go. @param version of all of them */
export async function setValues(
  t: TestHouse,
  field: string,
  values: Map<string, string | number | null>,
  version = 1,
): Promise<void> {
  const rows = [...values].map(([id, value]) => ({ id, value }));
  await t.house.db.withWorkspace(t.workspaceId, async (tx) => {
    await tx`
      insert into deals (workspace_id, crm, crm_id, name, synced_at)
      select ${t.workspaceId}, ${t.crm.type}, r.id, 'Deal ' || r.id, ${t.clock.now()}
      from jsonb_to_recordset(${tx.json(rows)}) as r(id text) on conflict do nothing`;
    await tx`
      insert into record_values as v
        (workspace_id, crm, object_type, crm_record_id, field, value, value_version, facts_hash, computed_at)
      select ${t.workspaceId}, ${t.crm.type}, 'deal', r.id, ${field}, r.value, ${version}, '', ${t.clock.now()}
      from jsonb_to_recordset(${tx.json(rows)}) as r(id text, value jsonb)
      on conflict (workspace_id, crm, object_type, crm_record_id, field) do update
        set value = excluded.value, value_version = excluded.value_version`;
  });
}

/** Sets columns of the mirrored deals. */
export async function mirror(t: TestHouse, ids: string[], set: Record<string, unknown>): Promise<void> {
  await t.house.db.withWorkspace(
    t.workspaceId,
    (tx) => tx`update deals set ${tx(set as never)} where workspace_id = ${t.workspaceId} and crm_id in ${tx(ids)}`,
  );
}

export async function openAlerts(t: Played): Promise<Pick<Alert, "kind" | "subject" | "message">[]> {
  return t.house.db.withWorkspace(
    t.workspaceId,
    (tx) => tx<Pick<Alert, "kind" | "subject" | "message">[]>`
      select kind, subject, message from alerts where workspace_id = ${t.workspaceId} and resolved_at is null
      order by opened_at`,
  );
}

/** All pages of what a run changed or would change. */
export async function allChanges(t: TestHouse, runId: string, decision?: Change["decision"]): Promise<Change[]> {
  const all: Change[] = [];
  let cursor: string | undefined;
  do {
    const page = await listChanges(t.house, t.workspaceId, runId, {
      limit: 3,
      ...(decision ? { decision } : {}),
      ...(cursor ? { cursor } : {}),
    });
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return all;
}
