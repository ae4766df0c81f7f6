/** Reading and writing records a hundred at a time, each settled by its own result. */
import { CrmError } from "../errors.ts";
import type { ObjectType, Outcome, RecordRead, RecordWrite } from "../port.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { mergedIdsOf, mergedIdsProperty, pickProperties, plural } from "./convert.ts";
import { classifyRow } from "./errors.ts";
import { type ErrorBody, recordBatch, type WireRecord } from "./wire.ts";

/** Source: CRM objects batch endpoints, 100 inputs each. */
export const batchMax = 100;

/**
 * @param ids at most 100; one that HubSpot does not know is record_gone, also when it was merged into another
 * @param properties HubSpot leaves unknown ones out without a word: they read as null
 */
export async function readBatch(
  client: HubSpotClient,
  objectType: ObjectType,
  ids: string[],
  properties: string[],
): Promise<Outcome<RecordRead>[]> {
  const asked = [...new Set(ids.filter(isId))];
  if (asked.length === 0) return ids.map(() => gone());
  const { status, data } = await client.call({
    method: "POST",
    path: `/crm/objects/${crmVersion}/${plural[objectType]}/batch/read`,
    body: {
      inputs: asked.map((id) => ({ id })),
      properties: [...new Set([...properties, mergedIdsProperty])],
      propertiesWithHistory: [],
    },
    answer: recordBatch,
    write: false,
    rows: asked.length,
  });
  const records = new Map(data.results.map((each) => [each.id, each]));
  const merged = new Set(data.results.flatMap(mergedIdsOf));
  const refused = new Map((data.errors ?? []).flatMap((error) => idsOf(error).map((id) => [id, error] as const)));
  return ids.map((id): Outcome<RecordRead> => {
    const record = records.get(id);
    if (record) return { ok: true, value: { id, properties: pickProperties(record, properties) } };
    const error = refused.get(id);
    if (error) return { ok: false, error: classifyRow(error, status) };
    return !isId(id) || merged.has(id) ? gone() : noResult();
  });
}

/** @param writes at most 100, of distinct records; null clears */
export async function writeBatch(
  client: HubSpotClient,
  objectType: ObjectType,
  writes: RecordWrite[],
): Promise<Outcome<{ id: string }>[]> {
  const sent = writes.flatMap((write, row) => (isId(write.id) ? [{ write, row }] : []));
  if (sent.length === 0) return writes.map(() => gone());
  const { status, data } = await client.call({
    method: "POST",
    path: `/crm/objects/${crmVersion}/${plural[objectType]}/batch/update`,
    body: { inputs: sent.map(({ write, row }) => toInput(write, row)) },
    answer: recordBatch,
    write: true,
    rows: sent.length,
  });
  const done = resultsByRow(writes, data.results);
  const refused = errorsByRow(writes, data.errors ?? []);
  return writes.map((write, row): Outcome<{ id: string }> => {
    if (!isId(write.id)) return gone();
    const record = done.get(row);
    if (record) return { ok: true, value: { id: record.id } };
    const error = refused.get(row);
    return error ? { ok: false, error: classifyRow(error, status) } : noResult();
  });
}

function toInput(write: RecordWrite, row: number): object {
  const properties = Object.entries(write.properties).map(([name, value]) => [name, value ?? ""]);
  return { id: write.id, objectWriteTraceId: traceId(row), properties: Object.fromEntries(properties) };
}

function traceId(row: number): string {
  return `row-${row}`;
}

/** Answers come shuffled, and a merged record answers under its winner's id: the trace id tells the row. */
function resultsByRow(writes: RecordWrite[], results: WireRecord[]): Map<number, WireRecord> {
  const rowOf = rowsByKey(writes);
  const found = new Map<number, WireRecord>();
  for (const result of results) {
    const row = result.objectWriteTraceId ? rowOf.get(result.objectWriteTraceId) : rowOf.get(result.id);
    if (row !== undefined) found.set(row, result);
  }
  return found;
}

function errorsByRow(writes: RecordWrite[], errors: ErrorBody[]): Map<number, ErrorBody> {
  const rowOf = rowsByKey(writes);
  const found = new Map<number, ErrorBody>();
  for (const error of errors) {
    for (const key of [...(error.context?.objectWriteTraceId ?? []), ...idsOf(error)]) {
      const row = rowOf.get(key);
      if (row !== undefined) found.set(row, error);
    }
  }
  return found;
}

/** Rows by trace id and by record id; the two can't be mixed up, an id is all digits. */
function rowsByKey(writes: RecordWrite[]): Map<string, number> {
  return new Map(writes.flatMap((write, row) => [[traceId(row), row] as const, [write.id, row] as const]));
}

function idsOf(error: ErrorBody): string[] {
  const own = "id" in error && typeof error.id === "string" ? [error.id] : [];
  return [...(error.context?.ids ?? []), ...(error.context?.id ?? []), ...own];
}

/** HubSpot's ids are numbers; nothing else can be a record. */
function isId(id: string): boolean {
  return /^\d{1,19}$/.test(id);
}

function gone(): { ok: false; error: CrmError } {
  return { ok: false, error: new CrmError("record_gone", "HubSpot has no such record: it was deleted or merged.") };
}

function noResult(): { ok: false; error: CrmError } {
  return { ok: false, error: new CrmError("no_result", "HubSpot's answer does not mention this record.") };
}
