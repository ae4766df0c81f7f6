/** Batch endpoints: strict about the whole request, then row by row. Answers come back shuffled. */
import type { Reply, Router, SimRequest } from "../http.ts";
import { acceptProperties, withDefaults } from "./accept.ts";
import type { HsObjectType } from "./catalogue.ts";
import { type NewLink, refuseLinks } from "./link-types.ts";
import { linkNew, objectRoute } from "./objects.ts";
import { batchReply, replies, rowError } from "./replies.ts";
import { refuseMissing } from "./required.ts";
import { shownRecord } from "./shown.ts";
import {
  archiveRecord,
  findByProperty,
  findRecord,
  type HsRecord,
  insertRecord,
  type Portal,
  resolveId,
  writeValues,
} from "./state.ts";
import { isoTime, type ValueError } from "./values.ts";

type BatchInput = {
  id: string;
  idProperty?: string;
  objectWriteTraceId?: string;
  properties?: Record<string, unknown>;
  associations?: NewLink[];
};

const batchMax = 100;

/** Adds read, create, update, upsert and archive. */
export function addBatchRoutes(routes: Router, portal: Portal): void {
  const path = "/crm/objects/:version/:objectType/batch";
  routes.on(
    "POST",
    `${path}/read`,
    "read",
    objectRoute((request, type) => readBatch(portal, request, type)),
  );
  routes.on(
    "POST",
    `${path}/create`,
    "write",
    objectRoute((request, type) => createBatch(portal, request, type)),
  );
  routes.on(
    "POST",
    `${path}/update`,
    "write",
    objectRoute((request, type) => updateBatch(portal, request, type)),
  );
  routes.on(
    "POST",
    `${path}/upsert`,
    "write",
    objectRoute((request, type) => upsertBatch(portal, request, type)),
  );
  routes.on(
    "POST",
    `${path}/archive`,
    "write",
    objectRoute((request, type) => archiveBatch(portal, request, type)),
  );
}

function readBatch(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const body = request.body as { inputs: BatchInput[]; properties?: string[]; idProperty?: string };
  const refused = refuseInputs(body?.inputs, false) ?? refuseIdProperty(portal, type, body.idProperty);
  if (refused) return refused;
  const archived = request.query.get("archived") === "true";
  const found = new Map<string, object>();
  const missing: string[] = [];
  for (const [row, { id }] of body.inputs.entries()) {
    if (dropped(request, row, body.inputs.length)) continue;
    const record = archived
      ? portal.objects[type].get(String(id))
      : locate(portal, type, { id, idProperty: body.idProperty });
    if (record && (record.archivedAt !== null) === archived) {
      found.set(record.id, shownRecord(portal, record, body.properties ?? null));
    } else missing.push(String(id));
  }
  portal.counters.recordsRead += found.size;
  const errors = missing.length > 0 ? [notFoundError(type, missing)] : [];
  return batchReply(shuffled(portal, [...found.values()]), errors, now(portal));
}

function updateBatch(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: BatchInput[] };
  const refused = refuseInputs(inputs, true);
  if (refused) return refused;
  const rows = inputs.map((input) => ({ input, record: locate(portal, type, input) }));
  const checked = checkRows(portal, request, type, rows);
  if ("status" in checked) return checked;
  const results: object[] = [];
  const errors: object[] = [];
  for (const [row, { input, record }] of rows.entries()) {
    if (dropped(request, row, rows.length)) continue;
    if (!record) errors.push(notFoundError(type, [String(input.id)], input.objectWriteTraceId));
    else if (isBadRow(request, row, rows.length)) errors.push(badRowError(input));
    else {
      writeValues(portal, record, checked.values[row]!, "api");
      results.push(shownRecord(portal, record, Object.keys(input.properties ?? {}), trace(input)));
    }
  }
  portal.counters.recordsWritten += results.length;
  return batchReply(shuffled(portal, results), errors, now(portal));
}

function createBatch(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: BatchInput[] };
  const refused = refuseInputs(inputs, false);
  if (refused) return refused;
  const rows = inputs.map((input) => ({ input, record: undefined }));
  const checked = checkRows(portal, request, type, rows);
  if ("status" in checked) return checked;
  const unfit =
    refuseTwins(type, checked.values) ??
    first(checked.values, (values) => refuseMissing(portal, type, values)) ??
    first(inputs, (input) => refuseLinks(portal, type, input.associations ?? []));
  if (unfit) return unfit;
  const results: object[] = [];
  const errors: object[] = [];
  for (const [row, { input }] of rows.entries()) {
    if (dropped(request, row, rows.length)) continue;
    if (isBadRow(request, row, rows.length)) errors.push(badRowError(input));
    else {
      const record = insertRecord(portal, type, withDefaults(type, checked.values[row]!), "api");
      linkNew(portal, record, input.associations ?? []);
      results.push(shownRecord(portal, record, Object.keys(input.properties ?? {}), trace(input)));
    }
  }
  portal.counters.recordsWritten += results.length;
  return batchReply(shuffled(portal, results), errors, now(portal), 201);
}

function upsertBatch(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: BatchInput[] };
  const refused = refuseInputs(inputs, true);
  if (refused) return refused;
  const unnamed = first(inputs, (input) => refuseIdProperty(portal, type, input.idProperty ?? "(none)"));
  if (unnamed) return unnamed;
  const rows = inputs.map((input) => ({
    input: { ...input, properties: { [input.idProperty!]: input.id, ...input.properties } },
    record: locate(portal, type, input),
  }));
  const checked = checkRows(portal, request, type, rows);
  if ("status" in checked) return checked;
  const results = rows.flatMap(({ input, record }, row) => {
    if (dropped(request, row, rows.length)) return [];
    const values = checked.values[row]!;
    if (record) writeValues(portal, record, values, "api");
    const kept = record ?? insertRecord(portal, type, withDefaults(type, values), "api");
    return [shownRecord(portal, kept, Object.keys(input.properties), { ...trace(input), new: !record })];
  });
  portal.counters.recordsWritten += results.length;
  return batchReply(shuffled(portal, results), [], now(portal));
}

function archiveBatch(portal: Portal, request: SimRequest, type: HsObjectType): Reply {
  const { inputs } = request.body as { inputs: BatchInput[] };
  const refused = refuseInputs(inputs, false);
  if (refused) return refused;
  for (const { id } of inputs) {
    const record = findRecord(portal, type, String(id));
    if (record) archiveRecord(portal, record);
  }
  portal.counters.recordsWritten += inputs.length;
  return { status: 204 };
}

function refuseInputs(inputs: BatchInput[] | undefined, distinct: boolean): Reply | null {
  if (!Array.isArray(inputs)) return replies.invalid("Invalid input JSON: some required fields were not set: [inputs]");
  if (inputs.length > batchMax) {
    return replies.invalid(`The maximum number of inputs supported in a batch request is ${batchMax}`);
  }
  const seen = new Set<string>();
  const twice = inputs.map((input) => String(input.id)).filter((id) => seen.size === seen.add(id).size);
  if (!distinct || twice.length === 0) return null;
  return replies.invalid(`Duplicate IDs found in batch input: [${twice.join(", ")}]. IDs must be unique`);
}

function refuseIdProperty(portal: Portal, type: HsObjectType, name: string | undefined): Reply | null {
  if (name === undefined || portal.properties[type].get(name)?.hasUniqueValue) return null;
  return replies.invalid(`idProperty ${name} is not a unique property of ${type}`);
}

/** A batch that conflicts with itself makes nothing. */
function refuseTwins(type: HsObjectType, rows: Record<string, string>[]): Reply | null {
  const addresses = type === "contacts" ? rows.map((values) => values.email ?? "").filter(Boolean) : [];
  return new Set(addresses).size === addresses.length ? null : replies.conflict("Contact already exists.");
}

function first<T>(items: T[], refuse: (item: T) => Reply | null): Reply | null {
  for (const item of items) {
    const refused = refuse(item);
    if (refused) return refused;
  }
  return null;
}

/** One refused value refuses the whole batch. */
function checkRows(
  portal: Portal,
  request: SimRequest,
  type: HsObjectType,
  rows: { input: BatchInput; record: HsRecord | undefined }[],
): Reply | { values: Record<string, string>[] } {
  const errors: ValueError[] = [];
  const values: Record<string, string>[] = [];
  for (const { input, record } of rows) {
    const enforce = request.params.version !== "2026-03";
    const accepted = acceptProperties(portal, type, input.properties ?? {}, record ?? null, enforce);
    if (accepted.conflict) return accepted.conflict;
    errors.push(...accepted.errors);
    values.push(accepted.values);
  }
  return errors.length > 0 ? replies.invalidValues(errors) : { values };
}

function locate(portal: Portal, type: HsObjectType, input: { id: string; idProperty?: string }): HsRecord | undefined {
  return input.idProperty
    ? findByProperty(portal, type, input.idProperty, String(input.id))
    : findRecord(portal, type, resolveId(portal, type, String(input.id)));
}

function notFoundError(type: HsObjectType, ids: string[], traceId?: string): object {
  const message = `Could not get some ${type} objects, they may be deleted or not exist. Check that ids are valid.`;
  return rowError("OBJECT_NOT_FOUND", message, { ids, ...(traceId ? { objectWriteTraceId: [traceId] } : {}) });
}

function badRowError(input: BatchInput): object {
  const name = Object.keys(input.properties ?? {})[0] ?? "";
  return rowError(
    "VALIDATION_ERROR",
    `Property values were not valid: ${JSON.stringify([{ isValid: false, message: `"${name}" was refused by a rule`, error: "PROPERTY_VALIDATION_RULE_FAILED", name }])}`,
    {
      ids: [String(input.id)],
      ...(input.objectWriteTraceId ? { objectWriteTraceId: [input.objectWriteTraceId] } : {}),
    },
  );
}

/** COMPLETE, and yet some rows are neither done nor mentioned: one, and every fifth. */
function dropped(request: SimRequest, row: number, count: number): boolean {
  if (request.fault?.name !== "silent_drop") return false;
  return row === Math.floor(request.fault.roll * count) || (count > 5 && row % 5 === 4);
}

function isBadRow(request: SimRequest, row: number, count: number): boolean {
  return request.fault?.name === "bad_row" && row === Math.floor(request.fault.roll * count);
}

function trace(input: BatchInput): object {
  return input.objectWriteTraceId ? { objectWriteTraceId: input.objectWriteTraceId } : {};
}

function shuffled<T>(portal: Portal, items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(portal.random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}

function now(portal: Portal): string {
  return isoTime(portal.clock.now().getTime());
}
