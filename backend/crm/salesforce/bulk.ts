/**
 * Bulk API 2.0: many writes without a read, and large exports, in a handful of calls.
 * Nothing is processed before the upload is closed; until then a failure means "not done".
 * Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest" and "Query".
 */
import type { Clock } from "../../clock.ts";
import { CrmError } from "../errors.ts";
import type { ObjectType, Outcome, RecordWrite } from "../port.ts";
import { isKind, type SalesforceClient } from "./client.ts";
import { sobjectOf } from "./convert.ts";
import type { Described, Describes } from "./describe.ts";
import { classifyBulkError } from "./errors.ts";
import { isRecordId } from "./soql.ts";
import { type BulkJob, bulkJob, csvRows, type QueriedRow } from "./wire.ts";

/** Well under the 150 MB limit, and small enough to hold in memory. */
const jobBytesMax = 20_000_000;
const jobPatienceMs = 60 * 60_000;

/** Updates any number of records, in jobs of at most 20 MB.
 *  @param writes ids are distinct; properties in wire form, null clears, a property not named stays
 *  @returns one outcome per write, same order; unprocessed rows are retry_later, rows no result names are no_result */
export async function bulkUpdate(
  client: SalesforceClient,
  describes: Describes,
  clock: Clock,
  objectType: ObjectType,
  writes: Iterable<RecordWrite> | AsyncIterable<RecordWrite>,
): Promise<Outcome<{ id: string }>[]> {
  const outcomes: Outcome<{ id: string }>[] = [];
  const described = await describes.of(objectType);
  let part: RecordWrite[] = [];
  let bytes = 0;
  const flush = async () => {
    const rows = part;
    part = [];
    bytes = 0;
    if (rows.length > 0) outcomes.push(...(await runJob(client, clock, objectType, described, rows)));
  };
  for await (const write of writes) {
    part.push(write);
    bytes += sizeOf(write);
    if (bytes >= jobBytesMax) await flush();
  }
  await flush();
  return outcomes;
}

/** Runs a query as a job and hands its rows out page by page, all values as text ("" for null).
 *  @param statement from `soql()`; deleted records included */
export async function* bulkQuery(
  client: SalesforceClient,
  clock: Clock,
  statement: string,
  rowsMax = 50_000,
): AsyncGenerator<QueriedRow[]> {
  const body = { operation: "queryAll", query: statement };
  const job = await client.ask({ method: "POST", path: "/jobs/query", body, sent: "read" }, bulkJob);
  const done = await waitFor(client, clock, `/jobs/query/${job.id}`);
  if (done.state !== "JobComplete") throw new CrmError("unexpected", `The export job ended as ${done.state}.`);
  let locator: string | undefined;
  do {
    const query = new URLSearchParams({ maxRecords: String(rowsMax), ...(locator ? { locator } : {}) });
    const page = await resultPage(client, `/jobs/query/${job.id}/results?${query}`);
    yield page.rows;
    locator = page.locator;
  } while (locator);
}

async function runJob(
  client: SalesforceClient,
  clock: Clock,
  objectType: ObjectType,
  described: Described,
  writes: RecordWrite[],
): Promise<Outcome<{ id: string }>[]> {
  const settled = new Map<string, Outcome<{ id: string }>>();
  const sendable = writes.filter((write) => {
    const refusal = refusalOf(write, described);
    if (refusal) settled.set(key(write.id), { ok: false, error: refusal });
    return !refusal;
  });
  if (sendable.length > 0) {
    const path = await upload(client, objectType, csvOf(sendable, described));
    const job = await close(client, clock, path);
    await collect(client, path, job, settled);
  }
  return writes.map((write) => {
    const outcome = settled.get(key(write.id));
    if (!outcome)
      return { ok: false, error: new CrmError("no_result", "The bulk job's results do not name this record.") };
    return outcome.ok ? { ok: true, value: { id: write.id } } : outcome;
  });
}

async function upload(client: SalesforceClient, objectType: ObjectType, csv: string): Promise<string> {
  const body = { object: sobjectOf(objectType), operation: "update", contentType: "CSV", lineEnding: "LF" };
  return notDone(async () => {
    const job = await client.ask({ method: "POST", path: "/jobs/ingest", body }, bulkJob);
    const path = `/jobs/ingest/${job.id}`;
    await client.send({ method: "PUT", path: `${path}/batches`, body: csv, headers: { "content-type": "text/csv" } });
    return path;
  });
}

/** Starts the work, and waits for its end. A lost reply is no reason to guess: the job itself tells its state. */
async function close(client: SalesforceClient, clock: Clock, path: string): Promise<BulkJob> {
  for (let tries = 0; ; tries += 1) {
    try {
      await client.ask({ method: "PATCH", path, body: { state: "UploadComplete" } }, bulkJob);
    } catch (error) {
      if (!isKind(error, "outcome_unknown") || tries >= 3) throw error;
      const now = await client.ask({ method: "GET", path }, bulkJob);
      if (now.state === "Open") continue;
    }
    return waitFor(client, clock, path);
  }
}

async function waitFor(client: SalesforceClient, clock: Clock, path: string): Promise<BulkJob> {
  const until = clock.now().getTime() + jobPatienceMs;
  for (let pause = 1_000; ; pause = Math.min(30_000, pause * 2)) {
    const job = await client.ask({ method: "GET", path }, bulkJob).catch((error: unknown) => {
      if (isKind(error, "retry_later")) return null;
      throw error;
    });
    if (job && ["JobComplete", "Failed", "Aborted"].includes(job.state)) return job;
    if (clock.now().getTime() > until) {
      throw new CrmError(
        "outcome_unknown",
        "Salesforce has not finished the bulk job within an hour; read before sending again.",
      );
    }
    await clock.sleep(pause);
  }
}

async function collect(
  client: SalesforceClient,
  path: string,
  job: BulkJob,
  settled: Map<string, Outcome<{ id: string }>>,
): Promise<void> {
  for await (const row of results(client, `${path}/successfulResults`)) {
    const id = row["sf__Id"] || row["Id"] || "";
    settled.set(key(id), { ok: true, value: { id } });
  }
  for await (const row of results(client, `${path}/failedResults`)) {
    settled.set(key(row["Id"] || row["sf__Id"] || ""), { ok: false, error: classifyBulkError(row["sf__Error"] ?? "") });
  }
  for await (const row of results(client, `${path}/unprocessedrecords`)) {
    const words = job.errorMessage || "Salesforce ended the bulk job before it came to this record.";
    settled.set(key(row["Id"] ?? ""), { ok: false, error: new CrmError("retry_later", words) });
  }
}

async function* results(client: SalesforceClient, path: string): AsyncGenerator<Record<string, string>> {
  let locator: string | undefined;
  do {
    const page = await resultPage(client, locator ? `${path}?locator=${encodeURIComponent(locator)}` : path);
    yield* page.rows;
    locator = page.locator;
  } while (locator);
}

async function resultPage(client: SalesforceClient, path: string) {
  const answer = await client.send({ method: "GET", path });
  const rows = csvRows.safeParse(answer.body === "" ? [] : answer.body);
  if (!rows.success) throw new CrmError("outcome_unknown", "The bulk job's results can't be read.", {}, rows.error);
  const locator = answer.headers["sforce-locator"];
  return { rows: rows.data, locator: locator && locator !== "null" ? locator : undefined };
}

/** Before the close nothing is processed, so an unknown outcome is a "not done". */
async function notDone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isKind(error, "outcome_unknown")) throw error;
    throw new CrmError("retry_later", "The bulk job was not started; nothing was written.", error.detail, error);
  }
}

function refusalOf(write: RecordWrite, described: Described): CrmError | null {
  if (!isRecordId(write.id)) return new CrmError("record_gone", "That is not the id of a Salesforce record.");
  const unknown = Object.keys(write.properties).find((name) => !described.find(name));
  if (unknown === undefined) return null;
  return new CrmError("unknown_property", `Salesforce has no field ${unknown}, or the connected user may not see it.`, {
    property: unknown,
  });
}

function csvOf(writes: RecordWrite[], described: Described): string {
  const names = [...new Set(writes.flatMap((write) => Object.keys(write.properties)))];
  const header = ["Id", ...names.map((name) => described.find(name)?.name ?? name)];
  const lines = writes.map((write) =>
    [write.id, ...names.map((name) => cell(write.properties[name]))].map(quoted).join(","),
  );
  return `${[header.map(quoted).join(","), ...lines].join("\n")}\n`;
}

// An empty cell leaves the field alone; #N/A clears it.
function cell(value: string | null | undefined): string {
  if (value === undefined) return "";
  return value === null || value === "" ? "#N/A" : value;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function sizeOf(write: RecordWrite): number {
  let size = write.id.length + 2;
  for (const value of Object.values(write.properties)) size += Buffer.byteLength(value ?? "") + 3;
  return size;
}

const key = (id: string) => id.slice(0, 15);
