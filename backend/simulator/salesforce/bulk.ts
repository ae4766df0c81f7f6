/** Bulk API 2.0: ingest jobs (update and insert, CSV) and query jobs. A job is worked on when closed, and is done two polls later. */
import type { Reply, SimRequest } from "../http.ts";
import { ApiError, nextId, type Org, objectNamed } from "./org.ts";
import type { Declare } from "./rest.ts";
import { insertRow, type Saved, updateRow } from "./save.ts";
import { parseSoql } from "./soql-parse.ts";
import { runSoql } from "./soql-run.ts";
import { JsonTypeError, type SaveError } from "./values.ts";

type Done = { cells: string[]; saved: Saved };
type Job = {
  id: string;
  object: string;
  operation: string;
  state: string;
  csv: string;
  polls: number;
  header: string[];
  done: Done[];
  unprocessed: string[][];
  /** Rows after which the job is aborted; null = none. */
  rows: string[][];
};

/** @param stopAfter the next ingest job fails after so many rows, the rest unprocessed */
export function addBulkRoutes(on: Declare, org: Org): { stopAfter(rows: number): void } {
  const jobs = new Map<string, Job>();
  let stopAfter: number | null = null;
  const jobOf = ({ params }: SimRequest): Job => {
    const job = jobs.get(params.id ?? "");
    if (job) return job;
    throw new ApiError(404, "NOT_FOUND", "The requested resource does not exist");
  };
  const open = (object: string, operation: string): Job => {
    const job: Job = {
      id: nextId(org, "Job"),
      object,
      operation,
      state: "Open",
      csv: "",
      polls: 0,
      header: [],
      done: [],
      unprocessed: [],
      rows: [],
    };
    jobs.set(job.id, job);
    return job;
  };

  on("POST", "/jobs/ingest", "other", ({ body }) => {
    const { object = "", operation = "" } = body as { object?: string; operation?: string };
    if (operation !== "update" && operation !== "insert")
      throw new ApiError(400, "INVALIDJOB", `Operation ${operation} is not supported.`);
    return { status: 200, body: view(open(objectNamed(org, object).name, operation)) };
  });
  on("PUT", "/jobs/ingest/:id/batches", "other", (request) => {
    const job = jobOf(request);
    if (job.state !== "Open" || job.csv !== "")
      throw new ApiError(400, "INVALIDJOBSTATE", "A batch was uploaded already.");
    if (Buffer.byteLength(request.rawBody) > 100_000_000)
      throw new ApiError(400, "FILE_SIZE_LIMIT_EXCEEDED", "Upload is larger than 150 MB in base64.");
    job.csv = request.rawBody;
    return { status: 201 };
  });
  on("PATCH", "/jobs/ingest/:id", "write", (request) => {
    const job = jobOf(request);
    const { state } = request.body as { state?: string };
    if (job.state !== "Open") throw new ApiError(400, "INVALIDJOBSTATE", "Changing a closed job is not allowed.");
    if (state === "Aborted") job.state = "Aborted";
    else work(org, job, request, stopAfter);
    stopAfter = null;
    return { status: 200, records: job.done.length, body: view(job) };
  });
  on("GET", "/jobs/ingest/:id", "other", (request) => ({ status: 200, body: view(polled(jobOf(request))) }));
  on("GET", "/jobs/ingest/:id/successfulResults", "read", (request) => successes(jobOf(request)));
  on("GET", "/jobs/ingest/:id/failedResults", "read", (request) => failures(jobOf(request)));
  on("GET", "/jobs/ingest/:id/unprocessedrecords", "read", (request) => {
    const job = jobOf(request);
    return csvReply([job.header, ...job.unprocessed]);
  });
  on("POST", "/jobs/query", "other", ({ body }) => {
    const { query = "", operation = "" } = body as { query?: string; operation?: string };
    const parsed = parseSoql(query);
    if (parsed.children.length > 0 || parsed.count)
      throw new ApiError(400, "API_ERROR", "Bulk queries take no subqueries and no aggregates.");
    const { rows, show } = runSoql(org, parsed, operation === "queryAll");
    const job = open(parsed.from, operation);
    job.header = parsed.fields;
    job.rows = rows.map((row) => {
      const record = show(row);
      return parsed.fields.map((path) =>
        cellOf(path.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown> | null)?.[part], record)),
      );
    });
    job.state = "UploadComplete";
    return { status: 200, body: view(job) };
  });
  on("GET", "/jobs/query/:id", "other", (request) => ({ status: 200, body: view(polled(jobOf(request))) }));
  on("GET", "/jobs/query/:id/results", "read", (request) => {
    const job = jobOf(request);
    if (job.state !== "JobComplete") throw new ApiError(400, "INVALIDJOBSTATE", "The job is not complete.");
    const from = Number(request.query.get("locator") ?? 0);
    const rows = job.rows.slice(from, from + Number(request.query.get("maxRecords") ?? 50_000));
    const end = from + rows.length;
    org.counters.recordsRead += rows.length;
    return csvReply([job.header, ...rows], { "sforce-locator": end < job.rows.length ? String(end) : "null" });
  });
  return {
    stopAfter: (rows) => {
      stopAfter = rows;
    },
  };
}

function work(org: Org, job: Job, request: SimRequest, stopAfter: number | null): void {
  const [header = [], ...rows] = parseCsv(job.csv);
  job.header = header;
  const object = objectNamed(org, job.object);
  job.state = "UploadComplete";
  for (const [at, cells] of rows.entries()) {
    if (stopAfter !== null && at >= stopAfter) {
      job.unprocessed.push(cells);
      continue;
    }
    const named = header.map((name, column) => [name, cells[column] ?? ""] as const);
    const values = Object.fromEntries(
      named.filter(([, cell]) => cell !== "").map(([name, cell]) => [name, cell === "#N/A" ? null : cell]),
    );
    job.done.push({ cells, saved: saveRow(org, job, request, values, object) });
  }
}

function saveRow(
  org: Org,
  job: Job,
  request: SimRequest,
  values: Record<string, unknown>,
  object: ReturnType<typeof objectNamed>,
): Saved {
  const writer = { by: "api" as const, request };
  try {
    return job.operation === "insert"
      ? insertRow(org, object, values, writer)
      : updateRow(org, object, values["Id"], values, writer);
  } catch (error) {
    // A CSV has no types: what would refuse a JSON call refuses one row here.
    if (error instanceof JsonTypeError)
      return {
        success: false,
        errors: [{ statusCode: "INVALID_TYPE_ON_FIELD_IN_RECORD", message: error.message, fields: [] }],
      };
    if (error instanceof ApiError)
      return { success: false, errors: [{ statusCode: "INVALIDFIELD", message: error.message, fields: [] }] };
    throw error;
  }
}

function polled(job: Job): Job {
  if (job.state !== "UploadComplete" && job.state !== "InProgress") return job;
  job.polls += 1;
  job.state = job.polls < 2 ? "InProgress" : job.unprocessed.length > 0 ? "Failed" : "JobComplete";
  return job;
}

function view(job: Job) {
  const failedRows = job.done.filter((row) => !row.saved.success).length;
  return {
    id: job.id,
    object: job.object,
    operation: job.operation,
    state: job.state,
    contentType: "CSV",
    apiVersion: 68,
    numberRecordsProcessed: job.done.length,
    numberRecordsFailed: failedRows,
    ...(job.state === "Failed" ? { errorMessage: "InternalServerError : the job was stopped" } : {}),
  };
}

function successes(job: Job): Reply {
  const rows = job.done.flatMap(({ cells, saved }) => (saved.success ? [[saved.id, "false", ...cells]] : []));
  return csvReply([["sf__Id", "sf__Created", ...job.header], ...rows]);
}

function failures(job: Job): Reply {
  const rows = job.done.flatMap(({ cells, saved }) =>
    saved.success ? [] : [["", errorText(saved.errors[0]), ...cells]],
  );
  return csvReply([["sf__Id", "sf__Error", ...job.header], ...rows]);
}

function errorText(error: SaveError | undefined): string {
  return error ? `${error.statusCode}:${error.message}:${error.fields.join(",")} --` : "UNKNOWN_EXCEPTION:unknown: --";
}

function csvReply(rows: string[][], headers: Record<string, string> = {}): Reply {
  const text = `${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n")}\n`;
  return { status: 200, records: rows.length - 1, body: text, headers: { "content-type": "text/csv", ...headers } };
}

function cellOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1);
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    } else {
      const end = /[,\n]/g;
      end.lastIndex = at;
      const stop = end.exec(text)?.index ?? text.length;
      cell = text.slice(at, stop);
      at = stop;
    }
    row.push(cell);
    if (text[at] !== ",") {
      rows.push(row);
      row = [];
    }
    at += 1;
  }
  return rows;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
