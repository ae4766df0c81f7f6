/** What a run changed (from the log) or would change (a dry run), to page through. */
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import { recordLink } from "../connections/record-link.ts";
import type { ListOf } from "../contract/common.ts";
import { reasonText } from "../contract/reasons.ts";
import type { Change, ChangesQuery } from "../contract/runs.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { timeOf } from "../ids.ts";
import { readRun } from "./run-store.ts";

export async function listChanges(
  house: Pick<House, "db">,
  workspaceId: string,
  runId: string,
  query: ChangesQuery,
): Promise<ListOf<Change>> {
  const after = readCursor(query.cursor);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const run = await readRun(tx, workspaceId, runId);
    if (!run) throw notFound("run");
    const rows =
      run.kind === "dry_run"
        ? await plannedRows(tx, workspaceId, runId, query, after?.id ?? null)
        : await loggedRows(tx, workspaceId, runId, query, after);
    const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: timeOf(row.id), id: row.id }));
    const links = await tx<
      { crm: CrmType; ui_url: string }[]
    >`select crm, ui_url from crm_connections where workspace_id = ${workspaceId}`;
    const uiUrls = new Map(links.map((link) => [link.crm, link.ui_url]));
    return {
      items: items.map((row) => ({
        ...row,
        reason_text: row.reason ? reasonText(row.reason) : null,
        record_url: recordLink(uiUrls.get(row.crm_type), row.crm_type, row.crm_object_type, row.crm_record_id),
      })),
      next_cursor,
    };
  });
}

type ChangeRow = Omit<Change, "reason_text" | "record_url">;

function names(tx: Tx) {
  return tx`
    left join deals d on x.crm_object_type = 'deal' and d.workspace_id = x.workspace_id and d.crm = x.crm_type and d.crm_id = x.crm_record_id
    left join companies c on x.crm_object_type = 'company' and c.workspace_id = x.workspace_id and c.crm = x.crm_type and c.crm_id = x.crm_record_id
    left join contacts p on x.crm_object_type = 'contact' and p.workspace_id = x.workspace_id and p.crm = x.crm_type and p.crm_id = x.crm_record_id`;
}

async function plannedRows(
  tx: Tx,
  workspaceId: string,
  runId: string,
  { crm, decision, limit }: ChangesQuery,
  after: string | null,
): Promise<ChangeRow[]> {
  return tx<ChangeRow[]>`
    select x.id, x.mapping_id, x.crm_type, x.crm_object_type, x.crm_record_id, x.crm_property_name,
      coalesce(d.name, c.name, p.name) as record_name, x.decision, x.reason, x.before, x.after
    from (
      select * from run_changes where workspace_id = ${workspaceId} and run_id = ${runId}
        ${decision ? tx`and decision = ${decision}` : tx``}
        ${crm ? tx`and crm_type = ${crm}` : tx``}
        ${after === null ? tx`` : tx`and id < ${after}::uuid`}
      order by id desc limit ${limit + 1}
    ) x ${names(tx)} order by x.id desc`;
}

async function loggedRows(
  tx: Tx,
  workspaceId: string,
  runId: string,
  { crm, decision, limit }: ChangesQuery,
  after: { at: Date; id: string } | null,
): Promise<ChangeRow[]> {
  return tx<ChangeRow[]>`
    select x.id, coalesce(x.mapping_id, '00000000-0000-0000-0000-000000000000') as mapping_id, x.crm_type, x.crm_object_type,
      x.crm_record_id, x.crm_property_name, coalesce(d.name, c.name, p.name) as record_name, x.decision,
      coalesce(x.skip_reason, x.error_code) as reason, x.previous_value as before,
      case when x.decision = 'write' then x.value_written else x.previous_value end as after
    from (
      select *, case status when 'skipped' then 'skip' when 'error' then 'error' else 'write' end as decision
      from crm_write_log where workspace_id = ${workspaceId} and run_id = ${runId} and status <> 'cancelled'
        ${crm ? tx`and crm_type = ${crm}` : tx``}
        ${!decision ? tx`` : tx`and status in ${tx(decision === "skip" ? ["skipped"] : decision === "error" ? ["error"] : ["success", "pending"])}`}
        ${after ? tx`and (created_at, id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by created_at desc, id desc limit ${limit + 1}
    ) x ${names(tx)} order by x.created_at desc, x.id desc`;
}
