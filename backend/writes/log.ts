/** The write log as people read it: filtered, with reasons in words, exported, and a single write taken back. */
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import { crmProperties } from "../connections/properties.ts";
import { recordLink } from "../connections/record-link.ts";
import type { ListOf } from "../contract/common.ts";
import type { LogEntry, LogExportQuery, LogQuery } from "../contract/log.ts";
import { reasonText } from "../contract/reasons.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { timeOf } from "../ids.ts";
import { applyBatch } from "./apply.ts";
import { csvLine } from "./csv.ts";
import { undoItems } from "./undo-units.ts";

/** Newest first. */
export async function listLog(
  house: Pick<House, "db">,
  workspaceId: string,
  query: LogQuery,
): Promise<ListOf<LogEntry>> {
  const after = readCursor(query.cursor);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const rows = await readRows(tx, workspaceId, query, query.limit + 1, after);
    const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
    const facts = await readFacts(tx, workspaceId);
    return { items: items.map((row) => toEntry(row, facts)), next_cursor };
  });
}

const csvColumns = [
  ...["created_at", "status", "reason_text", "crm_type", "crm_object_type", "crm_record_id", "record_name"],
  ...["crm_property_name", "pandora_field", "raw_value", "value_written", "previous_value", "trigger_source"],
  ...["initiated_by", "error_message", "attempts", "id"],
] as const satisfies (keyof LogEntry)[];

/** CSV lines, formula-safe, read page by page so that an export of any size stays small. */
export async function* exportLog(
  house: Pick<House, "db">,
  workspaceId: string,
  query: LogExportQuery,
): AsyncGenerator<string> {
  yield csvLine(csvColumns);
  let cursor: string | undefined;
  do {
    const { items, next_cursor } = await listLog(house, workspaceId, {
      ...query,
      limit: 200,
      ...(cursor ? { cursor } : {}),
    });
    for (const entry of items) yield csvLine(csvColumns.map((column) => entry[column]));
    cursor = next_cursor ?? undefined;
  } while (cursor);
}

/**
 * Takes one write back, at once.
 * @returns the entry that took it back, or a skipped one that says why it was left alone
 * @throws AppError not_found, nothing_to_undo (409), write_in_progress (409), crm_unavailable (503)
 */
export async function undoWrite(house: House, workspaceId: string, logId: string, by: string): Promise<LogEntry> {
  const row = await house.db.withWorkspace(workspaceId, (tx) => readOne(tx, workspaceId, logId));
  if (!row) throw notFound("log entry");
  if (row.status !== "success" || row.undone_by !== null || row.undoes !== null) {
    throw new AppError("nothing_to_undo", {
      status: 409,
      public: "Only a successful write that was not taken back yet can be undone.",
    });
  }
  const scope = { workspaceId, crm: row.crm_type, objectType: row.crm_object_type };
  const crm = await house.openCrm(workspaceId, row.crm_type, "waiting");
  const { properties } = await crmProperties(house, workspaceId, row.crm_type, row.crm_object_type);
  const byName = new Map(properties.map((property) => [property.name, property]));
  const items = await house.db.withWorkspace(workspaceId, (tx) => undoItems(tx, scope, [logId], byName));
  if (items.length === 0) {
    throw new AppError("unknown_property", {
      status: 409,
      public: "The property does not exist in the CRM any more, so there is nothing to take back.",
    });
  }
  const { results } = await applyBatch(
    { ...house, crm, leaseMs: house.config.leaseMs },
    { ...scope, runId: null, trigger: "undo", skillRunId: null, initiatedBy: by, attempt: 0, items },
  );
  const [result] = results;
  if (!result || result.kind === "deferred") throw deferredUndo(result?.kind === "deferred" ? result.why : "held");
  const madeId = result.logId;
  const made =
    madeId === null ? undefined : await house.db.withWorkspace(workspaceId, (tx) => readOne(tx, workspaceId, madeId));
  const facts = await house.db.withWorkspace(workspaceId, (tx) => readFacts(tx, workspaceId));
  if (made) return toEntry(made, facts);
  // The same refusal was logged before: say it again without another row.
  const failed = result.kind === "error" ? result : null;
  const reason = result.kind === "skipped" ? result.reason : null;
  const said = reason ?? failed?.code ?? null;
  const words = { lastWrittenAt: row.settled_at, timeZone: facts.timeZone, because: failed?.message ?? null };
  return {
    ...toEntry(row, facts),
    status: failed ? "error" : "skipped",
    skip_reason: reason,
    error_code: failed?.code ?? null,
    error_message: failed?.message ?? null,
    reason_text: said ? reasonText(said, words) : null,
    undoes: logId,
    can_undo: false,
  };
}

function deferredUndo(why: string): AppError {
  if (why === "held") {
    return new AppError("write_in_progress", {
      status: 409,
      public: "Pandora is writing this property right now. Try again in a moment.",
      retryAfterS: 5,
    });
  }
  return new AppError("crm_unavailable", {
    status: 503,
    public: "The CRM did not answer in time. Look at the log in a minute: if the write still stands, undo it again.",
    retryAfterS: 60,
  });
}

type LogRow = {
  id: string;
  workspace_id: string;
  mapping_id: string | null;
  run_id: string | null;
  crm_type: CrmType;
  crm_object_type: ObjectType;
  crm_record_id: string;
  crm_property_name: string;
  pandora_field: string | null;
  write_condition: string | null;
  record_name: string | null;
  raw_value: LogEntry["raw_value"];
  value: string | null;
  value_written: string | null;
  previous_value: string | null;
  previous_known: boolean;
  expected_value: string | null;
  value_version: string | null;
  sent_at: Date | null;
  status: LogEntry["status"];
  skip_reason: LogEntry["skip_reason"];
  error_code: LogEntry["error_code"];
  error_message: string | null;
  http_status_code: number | null;
  trigger_source: LogEntry["trigger_source"];
  trigger_skill_run_id: string | null;
  initiated_by: string;
  attempts: number;
  undone_by: string | null;
  undoes: string | null;
  created_at: Date;
  settled_at: Date | null;
  last_written_at: string | null;
};

function columns(tx: Tx) {
  return tx`
    l.id, l.workspace_id, l.mapping_id, l.run_id, l.crm_type, l.crm_object_type, l.crm_record_id, l.crm_property_name,
    l.raw_value, l.value, l.value_written, l.previous_value, l.previous_known, l.expected_value,
    l.value_version::text as value_version, l.sent_at, l.status, l.skip_reason, l.error_code, l.error_message,
    l.http_status_code, l.trigger_source, l.trigger_skill_run_id, l.initiated_by, l.attempts, l.undone_by, l.undoes,
    l.created_at, l.settled_at, m.pandora_field, m.write_condition, s.memory ->> 'lastWrittenAt' as last_written_at,
    coalesce(d.name, c.name, p.name) as record_name`;
}

function joins(tx: Tx) {
  return tx`
    left join crm_property_mappings m on m.workspace_id = l.workspace_id and m.id = l.mapping_id
    left join crm_write_state s on s.workspace_id = l.workspace_id and s.crm = l.crm_type
      and s.object_type = l.crm_object_type and s.crm_record_id = l.crm_record_id and s.property = l.crm_property_name
    left join deals d on l.crm_object_type = 'deal' and d.workspace_id = l.workspace_id and d.crm = l.crm_type and d.crm_id = l.crm_record_id
    left join companies c on l.crm_object_type = 'company' and c.workspace_id = l.workspace_id and c.crm = l.crm_type and c.crm_id = l.crm_record_id
    left join contacts p on l.crm_object_type = 'contact' and p.workspace_id = l.workspace_id and p.crm = l.crm_type and p.crm_id = l.crm_record_id`;
}

async function readRows(
  tx: Tx,
  workspaceId: string,
  query: LogExportQuery,
  limit: number,
  after: { at: Date; id: string } | null,
): Promise<LogRow[]> {
  return tx<LogRow[]>`
    select ${columns(tx)}
    from (
      select * from crm_write_log l where l.workspace_id = ${workspaceId}
        ${query.mapping_id ? tx`and l.mapping_id = ${query.mapping_id}` : tx``}
        ${query.record_id ? tx`and l.crm_record_id = ${query.record_id}` : tx``}
        ${query.run_id ? tx`and l.run_id = ${query.run_id}` : tx``}
        ${query.status ? tx`and l.status = ${query.status}` : tx``}
        ${query.crm ? tx`and l.crm_type = ${query.crm}` : tx``}
        ${query.object_type ? tx`and l.crm_object_type = ${query.object_type}` : tx``}
        ${after ? tx`and (l.created_at, l.id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by l.created_at desc, l.id desc limit ${limit}
    ) l ${joins(tx)}
    order by l.created_at desc, l.id desc`;
}

async function readOne(tx: Tx, workspaceId: string, id: string): Promise<LogRow | undefined> {
  const at = timeOf(id);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999) return undefined;
  const [row] = await tx<LogRow[]>`
    select ${columns(tx)} from crm_write_log l ${joins(tx)}
    where l.workspace_id = ${workspaceId} and l.id = ${id} and l.created_at = ${at}`;
  return row;
}

type Facts = { timeZone: string; uiUrls: Map<string, string> };

async function readFacts(tx: Tx, workspaceId: string): Promise<Facts> {
  const [workspace] = await tx<
    { time_zone: string }[]
  >`select time_zone from workspaces where workspace_id = ${workspaceId}`;
  const rows = await tx<
    { crm: string; ui_url: string }[]
  >`select crm, ui_url from crm_connections where workspace_id = ${workspaceId}`;
  return { timeZone: workspace?.time_zone ?? "UTC", uiUrls: new Map(rows.map((row) => [row.crm, row.ui_url])) };
}

function toEntry(row: LogRow, facts: Facts): LogEntry {
  const { previous_known, write_condition, last_written_at, ...shared } = row;
  const reason = row.skip_reason ?? row.error_code;
  return {
    ...shared,
    value_version: row.value_version === null ? null : Number(row.value_version),
    sent_at: row.sent_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    settled_at: row.settled_at?.toISOString() ?? null,
    reason_text: reason
      ? reasonText(reason, {
          lastWrittenAt: last_written_at,
          timeZone: facts.timeZone,
          condition: write_condition,
          because: row.error_message,
        })
      : null,
    can_undo: row.status === "success" && row.undone_by === null && row.undoes === null && previous_known,
    record_url: recordLink(facts.uiUrls.get(row.crm_type), row.crm_type, row.crm_object_type, row.crm_record_id),
  };
}
