/** Reads what the CRM holds for a batch, in as few calls as there are batches; failures are values. */
import type { ErrorCode } from "../contract/reasons.ts";
import { CrmError, nextStep } from "../crm/errors.ts";
import type { Crm, ObjectType, Outcome, RecordRead } from "../crm/port.ts";
import { chunked } from "./planned.ts";
import { type Key, keyOf } from "./store.ts";

export type Read =
  | { kind: "value"; value: string | null }
  /** A failed read is not a blank: the record waits for a retry. `refused`: the CRM's words, where waiting may not help. */
  | { kind: "not_read"; afterMs: number | undefined; refused: string | null }
  /** Never to be read again: the record or the property is gone. */
  | { kind: "error"; code: ErrorCode; message: string };

export type Currents = {
  of(key: string): Read;
  /** After a recovery wrote something: what stands there now. */
  put(key: string, value: string | null): void;
  calls: number;
  fatal: CrmError | null;
};

export async function readCurrents(crm: Crm, objectType: ObjectType, wanted: Key[]): Promise<Currents> {
  const ids = [...new Set(wanted.map((key) => key.id))];
  const properties = [...new Set(wanted.map((key) => key.property))];
  const found = new Map<string, Read>();
  const outcome = { calls: 0, fatal: null as CrmError | null };
  const chunks = chunked(ids, crm.shape.readBatchMax);
  // One statement for the slots of all the calls.
  if (properties.length > 0 && chunks.length > 0) await crm.reserve(chunks.length);
  await Promise.all(chunks.map((chunk) => readChunk(crm, objectType, chunk, properties, found, outcome)));
  return {
    of: (key) => found.get(key) ?? { kind: "not_read", afterMs: undefined, refused: null },
    put: (key, value) => found.set(key, { kind: "value", value }),
    get calls() {
      return outcome.calls;
    },
    fatal: outcome.fatal,
  };
}

async function readChunk(
  crm: Crm,
  objectType: ObjectType,
  ids: string[],
  properties: string[],
  found: Map<string, Read>,
  outcome: { calls: number; fatal: CrmError | null },
): Promise<void> {
  if (properties.length === 0) return;
  let records: Outcome<RecordRead>[];
  outcome.calls += 1;
  try {
    records = await crm.readBatch(objectType, ids, properties);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const lost = error.detail.property;
    // One property was removed in the CRM: the others are read without it.
    if (error.kind === "unknown_property" && lost !== undefined && properties.includes(lost)) {
      for (const id of ids)
        found.set(keyOf({ id, property: lost }), { kind: "error", code: "unknown_property", message: error.message });
      await readChunk(
        crm,
        objectType,
        ids,
        properties.filter((name) => name !== lost),
        found,
        outcome,
      );
      return;
    }
    if (error.kind === "reconnect" || error.kind === "missing_scope") outcome.fatal ??= error;
    for (const id of ids) {
      for (const property of properties) found.set(keyOf({ id, property }), notRead(error));
    }
    return;
  }
  records.forEach((record, index) => {
    const id = ids[index]!;
    for (const property of properties) found.set(keyOf({ id, property }), readOf(record, property));
  });
}

function readOf(record: Outcome<RecordRead>, property: string): Read {
  if (record.ok) return { kind: "value", value: record.value.properties[property] ?? null };
  const { kind, message } = record.error;
  if (kind === "record_gone" || kind === "unknown_property") return { kind: "error", code: kind, message };
  return notRead(record.error);
}

function notRead(error: CrmError): Read {
  const step = nextStep(error.kind);
  const refused = step === "park" || step === "bisect" ? error.message : null;
  return { kind: "not_read", afterMs: error.detail.afterMs, refused };
}
