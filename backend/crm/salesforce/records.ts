/** Reads and writes of up to 200 records by composite/sobjects; every input is settled by its own result. */
import { CrmError } from "../errors.ts";
import type { ObjectType, Outcome, RecordRead, RecordWrite } from "../port.ts";
import { isKind, type SalesforceClient } from "./client.ts";
import { fromJson, sameId, sobjectOf, toJson } from "./convert.ts";
import type { Described, Describes } from "./describe.ts";
import { classifyRow } from "./errors.ts";
import { isRecordId } from "./soql.ts";
import { retrievedRows, saveRows } from "./wire.ts";

export const batchMax = 200;

/** @throws CrmError unknown_property; a row that Salesforce leaves null is record_gone */
export async function readRecords(
  client: SalesforceClient,
  describes: Describes,
  objectType: ObjectType,
  ids: string[],
  properties: string[],
): Promise<Outcome<RecordRead>[]> {
  withinBatch(ids.length);
  if (ids.length === 0) return [];
  const fields = await describes.named(objectType, properties);
  const askable = ids.filter(isRecordId);
  const rows = askable.length === 0 ? [] : await retrieve(askable);
  let next = 0;
  return ids.map((id) => {
    const row = isRecordId(id) ? rows[next++] : null;
    if (!row) return gone();
    const values = properties.map((name, at) => [name, fromJson(row[fields[at]?.name ?? name], fields[at])]);
    return { ok: true, value: { id, properties: Object.fromEntries(values) } };
  });

  async function retrieve(wanted: string[]) {
    const names = [...new Set(["Id", ...fields.map((field) => field.name)])];
    const call = {
      method: "POST" as const,
      path: `/composite/sobjects/${sobjectOf(objectType)}`,
      body: { ids: wanted, fields: names },
      sent: "read" as const,
    };
    const answer = await client.ask(call, retrievedRows).catch(async (error: unknown) => {
      if (isKind(error, "unknown_property")) await describes.again(objectType);
      throw error;
    });
    if (
      answer.length !== wanted.length ||
      answer.some((row, at) => row && !sameId(String(row["Id"]), wanted[at] ?? ""))
    ) {
      throw new CrmError(
        "unexpected",
        "Salesforce's answer does not match the records asked for; nothing was taken from it.",
      );
    }
    return answer;
  }
}

/** Rows we know to be refused are not sent: a refused call counts against us. */
export async function writeRecords(
  client: SalesforceClient,
  describes: Describes,
  objectType: ObjectType,
  writes: RecordWrite[],
): Promise<Outcome<{ id: string }>[]> {
  withinBatch(writes.length);
  if (writes.length === 0) return [];
  const names = [...new Set(writes.flatMap((write) => Object.keys(write.properties)))];
  let described = await describes.of(objectType);
  const stale = names.some((name) => !described.find(name));
  if (stale) described = await describes.again(objectType);
  try {
    return await send(client, objectType, described, writes);
  } catch (error) {
    if (!isKind(error, "unknown_property")) throw error;
    // A field vanished since we looked. Salesforce refused the whole call, so nothing was done: look again, and leave
    // out only the records that name it.
    const fresh = await describes.again(objectType);
    if (names.every((name) => fresh.find(name))) throw error;
    return send(client, objectType, fresh, writes);
  }
}

async function send(
  client: SalesforceClient,
  objectType: ObjectType,
  described: Described,
  writes: RecordWrite[],
): Promise<Outcome<{ id: string }>[]> {
  const prepared = writes.map((write) => toRecord(objectType, described, write));
  const records = prepared.flatMap((row) => (row.ok ? [row.value] : []));
  const answer =
    records.length === 0
      ? []
      : await client.ask(
          { method: "PATCH", path: "/composite/sobjects", body: { allOrNone: false, records } },
          saveRows,
        );
  const whole = answer.length === records.length;
  let next = 0;
  return prepared.map((row, at) => {
    if (!row.ok) return row;
    const result = whole ? answer[next++] : undefined;
    const id = writes[at]?.id ?? "";
    if (!result) return noResult();
    if (result.id && !sameId(result.id, id)) return noResult();
    if (result.success) return result.id ? { ok: true, value: { id } } : noResult();
    return { ok: false, error: classifyRow(result.errors) };
  });
}

function toRecord(objectType: ObjectType, described: Described, write: RecordWrite): Outcome<Record<string, unknown>> {
  if (!isRecordId(write.id)) return gone();
  const record: Record<string, unknown> = { attributes: { type: sobjectOf(objectType) }, id: write.id };
  for (const [name, value] of Object.entries(write.properties)) {
    const field = described.find(name);
    if (!field) {
      const words = `Salesforce has no field ${name}, or the connected user may not see it.`;
      return { ok: false, error: new CrmError("unknown_property", words, { property: name }) };
    }
    const json = toJson(value, field);
    if (!json.ok) return json;
    record[field.name] = json.value;
  }
  return { ok: true, value: record };
}

function withinBatch(count: number): void {
  if (count <= batchMax) return;
  throw new CrmError("unexpected", `Salesforce takes at most ${batchMax} records in a call; ${count} were given.`);
}

function gone(): Outcome<never> {
  return {
    ok: false,
    error: new CrmError("record_gone", "The record no longer exists, or the connected user may not see it."),
  };
}

function noResult(): Outcome<never> {
  return { ok: false, error: new CrmError("no_result", "Salesforce's answer does not cover this record.") };
}
