/** Alerts: one open alert per matter (kind and subject), however often it is raised. */
import { randomUUID } from "node:crypto";
import type { Alert } from "../contract/alerts.ts";
import type { ListOf } from "../contract/common.ts";
import type { Tx } from "../db.ts";
import type { House } from "./house.ts";
import { page, readCursor } from "./paging.ts";

export type NewAlert = {
  /** What kind of matter: needs_reconnect, mapping_broken, run_paused, … */
  kind: string;
  /** What it is about: a CRM, a mapping id, a run id. */
  subject: string;
  /** One sentence for an admin: what is wrong and what to do. */
  message: string;
  detail?: Record<string, unknown>;
};

/** @returns true when it was not open yet, so that it is told once */
export async function raiseAlert(tx: Tx, workspaceId: string, at: Date, alert: NewAlert): Promise<boolean> {
  const rows = await tx`
    insert into alerts (workspace_id, id, kind, subject, message, detail, opened_at)
    values (${workspaceId}, ${randomUUID()}, ${alert.kind}, ${alert.subject}, ${alert.message},
      ${tx.json((alert.detail ?? {}) as never)}, ${at})
    on conflict (workspace_id, kind, subject) where resolved_at is null do nothing
    returning id`;
  return rows.length > 0;
}

/** Closes the open alert of a matter. @returns false when none was open */
export async function resolveAlert(
  tx: Tx,
  workspaceId: string,
  at: Date,
  matter: { kind: string; subject: string },
): Promise<boolean> {
  const rows = await tx`
    update alerts set resolved_at = ${at}
    where workspace_id = ${workspaceId} and kind = ${matter.kind} and subject = ${matter.subject} and resolved_at is null
    returning id`;
  return rows.length > 0;
}

/** Newest first. */
export async function listAlerts(
  house: Pick<House, "db">,
  workspaceId: string,
  query: { state: "open" | "resolved" | "all"; limit: number; cursor?: string },
): Promise<ListOf<Alert>> {
  const after = readCursor(query.cursor);
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<AlertRow[]>`
      select id, kind, subject, message, detail, opened_at, resolved_at from alerts
      where workspace_id = ${workspaceId}
        and (${query.state} = 'all' or (resolved_at is null) = (${query.state} = 'open'))
        ${after ? tx`and (date_trunc('milliseconds', opened_at), id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', opened_at) desc, id desc limit ${query.limit + 1}`,
  );
  const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.opened_at, id: row.id }));
  return { items: items.map(toAlert), next_cursor };
}

type AlertRow = Omit<Alert, "opened_at" | "resolved_at"> & { opened_at: Date; resolved_at: Date | null };

function toAlert(row: AlertRow): Alert {
  return { ...row, opened_at: row.opened_at.toISOString(), resolved_at: row.resolved_at?.toISOString() ?? null };
}
