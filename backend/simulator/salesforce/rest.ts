/** The REST resources of the data API: records, collections, queries, describe. */
import { mulberry32 } from "../faults.ts";
import type { Handler, Reply, RouteKind, SimRequest } from "../http.ts";
import { describeObject } from "./describe.ts";
import { ApiError, type Org, objectNamed, type Row, rowOf, saveError, tableOf, transaction } from "./org.ts";
import { deleteRow, failed, insertRow, type Saved, updateRow } from "./save.ts";
import { parseSoql } from "./soql-parse.ts";
import { attributes, runSoql } from "./soql-run.ts";
import { applyFieldSecurity, createCustomField } from "./tooling.ts";

export const collectionMax = 200;

/** Declares a route below /services/data/:version, its errors answered as Salesforce does. */
export type Declare = (method: string, path: string, kind: RouteKind, handler: Handler) => void;

export function addRestRoutes(on: Declare, org: Org, limit: () => { used: number; max: number }): void {
  const pages = queryPages(org);
  on("GET", "/limits", "other", () => {
    const { used, max } = limit();
    return { status: 200, body: { DailyApiRequests: { Max: max, Remaining: Math.max(0, max - used) } } };
  });
  on("GET", "/query", "read", ({ query }) => pages.first(query.get("q") ?? "", false));
  on("GET", "/queryAll", "read", ({ query }) => pages.first(query.get("q") ?? "", true));
  on("GET", "/query/:locator", "read", ({ params }) => pages.next(params.locator ?? ""));
  on("GET", "/queryAll/:locator", "read", ({ params }) => pages.next(params.locator ?? ""));
  on("GET", "/sobjects/:type/describe", "other", ({ params, headers }) =>
    describeObject(org, params.type ?? "", headers["if-modified-since"]),
  );
  on("GET", "/sobjects/:type/:id", "read", ({ params, query }) => readOne(org, params, query.get("fields")));
  on("POST", "/sobjects/:type", "write", (request) => createOne(org, request));
  on("PATCH", "/sobjects/:type/:id", "write", (request) => updateOne(org, request, request.params.id));
  on("DELETE", "/sobjects/:type/:id", "write", ({ params }) =>
    removed(deleteRow(org, objectNamed(org, params.type ?? ""), params.id)),
  );
  on("GET", "/sobjects/:type/:field/:value", "read", ({ params, query }) =>
    readOne(org, { type: params.type ?? "", id: byExternalId(org, params).id ?? "" }, query.get("fields")),
  );
  on("PATCH", "/sobjects/:type/:field/:value", "write", (request) => upsertOne(org, request));
  on("POST", "/composite/sobjects/:type", "read", (request) => retrieve(org, request));
  on("POST", "/composite/sobjects", "write", (request) => collection(org, request, "insert"));
  on("PATCH", "/composite/sobjects", "write", (request) => collection(org, request, "update"));
  on("POST", "/tooling/sobjects/CustomField", "other", ({ body }) => createCustomField(org, body));
  on("GET", "/ui-api/object-info/:type/picklist-values/:recordType/:field", "other", ({ params }) => {
    const field = objectNamed(org, params.type ?? "").fields.get((params.field ?? "").toLowerCase());
    const allowed = org.recordTypeStages.get(params.recordType ?? "") ?? field?.options ?? [];
    return { status: 200, body: { values: allowed.map((value) => ({ value, label: value })) } };
  });
}

function queryPages(org: Org) {
  const open = new Map<string, { rows: Row[]; show: (row: Row) => unknown; all: boolean }>();
  const random = mulberry32(7);
  let count = 0;
  const page = (key: string, from: number): Reply => {
    const result = open.get(key);
    if (!result) throw new ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    // The server chooses the page size, differently from call to call.
    const size = result.rows.length > 2_000 && random() < 0.5 ? 1_000 : 2_000;
    const rows = result.rows.slice(from, from + size);
    const end = from + rows.length;
    const done = end >= result.rows.length;
    org.counters.recordsRead += rows.length;
    const next = done
      ? {}
      : { nextRecordsUrl: `/services/data/v68.0/${result.all ? "queryAll" : "query"}/${key}-${end}` };
    return {
      status: 200,
      records: rows.length,
      body: { totalSize: result.rows.length, done, ...next, records: rows.map(result.show) },
    };
  };
  return {
    first(text: string, all: boolean): Reply {
      if (text.length > 100_000) throw new ApiError(400, "MALFORMED_QUERY", "SOQL statement is too long");
      const parsed = parseSoql(text);
      const { rows, show } = runSoql(org, parsed, all);
      if (parsed.count) return { status: 200, body: { totalSize: rows.length, done: true, records: [] } };
      count += 1;
      const key = `01g${String(count).padStart(12, "0")}`;
      open.set(key, { rows, show, all });
      if (open.size > 50) open.delete(open.keys().next().value ?? "");
      return page(key, 0);
    },
    next(locator: string): Reply {
      const [key = "", from = ""] = locator.split("-");
      return page(key, Number(from));
    },
  };
}

function readOne(org: Org, params: Record<string, string>, fields: string | null): Reply {
  const object = objectNamed(org, params.type ?? "");
  const row = rowOf(org, object.name, params.id);
  if (!row) throw new ApiError(404, "NOT_FOUND", "The requested resource does not exist");
  if (row["IsDeleted"] === true) throw new ApiError(404, "ENTITY_IS_DELETED", "entity is deleted");
  const names = fields
    ? fields.split(",")
    : [...object.fields.values()].filter((each) => each.visible).map((each) => each.name);
  org.counters.recordsRead += 1;
  return { status: 200, records: 1, body: shown(org, object.name, row, names) };
}

function shown(org: Org, type: string, row: Row, names: string[]): Record<string, unknown> {
  const object = objectNamed(org, type);
  const record: Record<string, unknown> = { attributes: attributes(type, row) };
  for (const name of names) {
    const field = object.fields.get(name.trim().toLowerCase());
    if (!field?.visible)
      throw new ApiError(400, "INVALID_FIELD", `No such column '${name}' on sobject of type ${type}`);
    record[field.name] = row[field.name] ?? null;
  }
  return record;
}

function createOne(org: Org, request: SimRequest): Reply {
  const object = objectNamed(org, request.params.type ?? "");
  if (request.fault?.name === "bad_row") return refusal(badRow());
  const saved = insertRow(org, object, bodyOf(request), { by: "api", request });
  if (!saved.success) return refusal(saved);
  if (object.name === "PermissionSetAssignment" || object.name === "FieldPermissions") applyFieldSecurity(org);
  return { status: 201, records: 1, body: saved };
}

function updateOne(org: Org, request: SimRequest, id: string | undefined): Reply {
  const object = objectNamed(org, request.params.type ?? "");
  if (request.fault?.name === "bad_row") return refusal(badRow());
  const saved = updateRow(org, object, id, bodyOf(request), { by: "api", request });
  return saved.success ? { status: 204, records: 1 } : refusal(saved);
}

function upsertOne(org: Org, request: SimRequest): Reply {
  const { id, field, value } = byExternalId(org, request.params, true);
  if (id) {
    const reply = updateOne(org, request, id);
    return reply.status === 204 ? { status: 200, body: { id, success: true, errors: [], created: false } } : reply;
  }
  return createOne(org, { ...request, body: { ...bodyOf(request), [field]: value } });
}

function byExternalId(
  org: Org,
  params: Record<string, string>,
  mayMiss = false,
): { id: string | null; field: string; value: string } {
  const object = objectNamed(org, params.type ?? "");
  const field = object.fields.get((params.field ?? "").toLowerCase());
  if (!field?.unique || !field.visible)
    throw new ApiError(
      404,
      "NOT_FOUND",
      `Provided external ID field does not exist or is not accessible: ${params.field}`,
    );
  const value = params.value ?? "";
  const rows = [...tableOf(org, object.name).values()].filter(
    (row) => row["IsDeleted"] !== true && row[field.name] === value,
  );
  if (rows.length === 0 && !mayMiss) throw new ApiError(404, "NOT_FOUND", "The requested resource does not exist");
  return { id: rows[0] ? String(rows[0]["Id"]) : null, field: field.name, value };
}

function retrieve(org: Org, { params, body }: SimRequest): Reply {
  const object = objectNamed(org, params.type ?? "");
  const { ids, fields } = body as { ids: unknown[]; fields: string[] };
  if (!Array.isArray(ids) || !Array.isArray(fields))
    throw new ApiError(400, "JSON_PARSER_ERROR", "ids and fields are required");
  if (ids.length > 2_000)
    throw new ApiError(
      400,
      "EXCEEDED_ID_LIMIT",
      "record limit reached. cannot submit more than 2000 records in this operation",
    );
  shown(org, object.name, {}, fields);
  const records = ids.map((id) => {
    const row = rowOf(org, object.name, id);
    return row && row["IsDeleted"] !== true ? shown(org, object.name, row, fields) : null;
  });
  org.counters.recordsRead += records.length;
  return { status: 200, records: records.length, body: records };
}

function collection(org: Org, request: SimRequest, how: "insert" | "update"): Reply {
  const { allOrNone, records } = request.body as { allOrNone?: boolean; records?: Record<string, unknown>[] };
  if (!Array.isArray(records)) throw new ApiError(400, "JSON_PARSER_ERROR", "The records field is required");
  if (records.length > collectionMax)
    throw new ApiError(
      400,
      "EXCEEDED_ID_LIMIT",
      `record limit reached. cannot submit more than ${collectionMax} records in this operation`,
    );
  const types = records.map((record) => (record.attributes as { type?: string } | undefined)?.type ?? "");
  const chunks = types.filter((type, at) => type !== types[at - 1]).length;
  if (chunks > 10)
    throw new ApiError(
      400,
      "INVALID_BATCH_SIZE",
      "Can not operate on more than 10 sobject types or chunks of them in one request",
    );
  const roll = request.fault?.roll ?? 0;
  const struck = Math.floor(roll * records.length);
  const dropped = request.fault?.name === "silent_drop" ? struck : -1;
  const bad = request.fault?.name === "bad_row" ? struck : -1;
  const rows = transaction(org, () => {
    const saved = records.flatMap((record, at) => {
      if (at === dropped) return [];
      return [at === bad ? badRow() : saveOne(org, request, types[at] ?? "", record, how)];
    });
    const keep = !allOrNone || saved.every((row) => row.success);
    return { keep, value: keep ? saved : saved.map(rolledBack) };
  });
  return { status: 200, records: records.length, body: rows };
}

function saveOne(
  org: Org,
  request: SimRequest,
  type: string,
  record: Record<string, unknown>,
  how: "insert" | "update",
): Saved {
  const object = objectNamed(org, type);
  const writer = { by: "api" as const, request };
  return how === "insert"
    ? insertRow(org, object, record, writer)
    : updateRow(org, object, record.id ?? record.Id, record, writer);
}

function rolledBack(row: Saved): Saved {
  if (!row.success) return row;
  return failed(
    saveError(
      "ALL_OR_NONE_OPERATION_ROLLED_BACK",
      "Record rolled back because not all records were valid and the request was using AllOrNone header",
    ),
  );
}

function badRow(): Saved {
  return failed(saveError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "A rule of this organisation refuses the record."));
}

function removed(saved: Saved): Reply {
  return saved.success ? { status: 204 } : refusal(saved);
}

/** A single record's refusal is an array of `errorCode`s, and 404 when the record is not there. */
export function refusal(saved: Saved): Reply {
  const errors = saved.success ? [] : saved.errors;
  const gone = errors.some(
    (error) =>
      error.statusCode === "ENTITY_IS_DELETED" ||
      (error.statusCode === "INVALID_CROSS_REFERENCE_KEY" && error.fields.length === 0),
  );
  return {
    status: gone ? 404 : 400,
    body: errors.map(({ statusCode, ...rest }) => ({ errorCode: statusCode, ...rest })),
  };
}

function bodyOf(request: SimRequest): Record<string, unknown> {
  if (typeof request.body === "object" && request.body !== null && !Array.isArray(request.body))
    return request.body as Record<string, unknown>;
  throw new ApiError(
    400,
    "JSON_PARSER_ERROR",
    "The HTTP entity body is required, but this request has no entity body.",
  );
}
