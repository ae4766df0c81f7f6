/** How far the mirror has come: what a person sees, and where the jobs go on. */
import type { House } from "../connections/house.ts";
import type { ImportProgress } from "../contract/connections.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";

/** Companies first, so that contacts and deals find theirs. */
export const mirroredObjects: readonly ObjectType[] = ["company", "contact", "deal"];
type Part = ObjectType | "owners" | "stages";

/** Progress by object. `status` is the import's as a whole; once done, it stays done while later rounds run. */
export async function importProgress(
  house: Pick<House, "db">,
  workspaceId: string,
  crm: CrmType,
): Promise<ImportProgress> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<ProgressRow[]>`
      select object_type, phase, status, done, error, started_at, finished_at from mirror_progress
      where workspace_id = ${workspaceId} and crm = ${crm}`,
  );
  const objects = parts.map((part) => {
    const row = rows.find((each) => each.object_type === part);
    return {
      object_type: part,
      phase: row?.phase ?? ("import" as const),
      status: row?.status ?? ("waiting" as const),
      done: row?.done ?? 0,
      error: row?.error ?? null,
      started_at: row?.started_at?.toISOString() ?? null,
      finished_at: row?.finished_at?.toISOString() ?? null,
    };
  });
  return { crm, status: overall(objects), objects };
}

/** Pure. */
export function overall(objects: Pick<ProgressRow, "phase" | "status">[]): ImportProgress["status"] {
  const imports = objects.map((each) => (each.phase === "incremental" ? "done" : each.status));
  if (imports.includes("failed")) return "failed";
  if (imports.every((status) => status === "done")) return "done";
  return imports.every((status) => status === "waiting") ? "waiting" : "running";
}

export type Position = {
  phase: "import" | "incremental";
  status: ProgressRow["status"];
  cursor: string | null;
  since: Date | null;
  started_at: Date | null;
};

export async function readPositions(tx: Tx, workspaceId: string, crm: CrmType): Promise<Map<string, Position>> {
  const rows = await tx<({ object_type: string } & Position)[]>`
    select object_type, phase, status, cursor, since, started_at from mirror_progress
    where workspace_id = ${workspaceId} and crm = ${crm}`;
  return new Map(rows.map(({ object_type, ...position }) => [object_type, position]));
}

/** Begins an import, or goes on with one: the moment changes are asked for from is that of the first beginning. */
export async function beginImport(tx: Tx, place: Where, part: Part): Promise<void> {
  const { workspaceId, crm, now } = place;
  await tx`
    insert into mirror_progress as p (workspace_id, crm, object_type, phase, status, since, started_at)
    values (${workspaceId}, ${crm}, ${part}, 'import', 'running', ${now}, ${now})
    on conflict (workspace_id, crm, object_type) do update set status = 'running', error = null,
      since = coalesce(p.since, excluded.since), started_at = coalesce(p.started_at, excluded.started_at)`;
}

/** One page further. A null cursor ends the import; from then on rounds ask for changes. */
export async function stepImport(
  tx: Tx,
  place: Where,
  part: Part,
  step: { cursor: string | null; count: number },
): Promise<void> {
  const { workspaceId, crm, now } = place;
  const ended = step.cursor === null;
  await tx`
    update mirror_progress set cursor = ${step.cursor}, done = done + ${step.count},
      status = ${ended ? "done" : "running"}, phase = ${ended ? "incremental" : "import"},
      finished_at = ${ended ? now : null}
    where workspace_id = ${workspaceId} and crm = ${crm} and object_type = ${part}`;
}

/** One page of a round further. `startedAt` is when its first page was asked for: the next round asks from there. */
export async function stepRound(
  tx: Tx,
  place: Where,
  part: Part | "lead",
  step: { cursor: string | null; startedAt: Date; nextSince: Date },
): Promise<void> {
  const { workspaceId, crm, now } = place;
  const ended = step.cursor === null;
  await tx`
    update mirror_progress set cursor = ${step.cursor}, status = ${ended ? "done" : "running"}, error = null,
      since = ${ended ? step.nextSince : tx`since`}, started_at = ${step.startedAt},
      finished_at = ${ended ? now : tx`finished_at`}
    where workspace_id = ${workspaceId} and crm = ${crm} and object_type = ${part}`;
}

/** The job was given up: what was reached stays, and the next round or import goes on from there. */
export async function markFailed(tx: Tx, workspaceId: string, crm: CrmType, reason: string): Promise<void> {
  await tx`
    update mirror_progress set status = 'failed', error = ${reason}
    where workspace_id = ${workspaceId} and crm = ${crm} and status <> 'done'`;
}

type Where = { workspaceId: string; crm: CrmType; now: Date };
type ProgressRow = {
  object_type: Part;
  phase: "import" | "incremental";
  status: "waiting" | "running" | "done" | "failed";
  done: number;
  error: string | null;
  started_at: Date | null;
  finished_at: Date | null;
};
const parts: readonly Part[] = ["owners", "stages", ...mirroredObjects];
