/** Listings for the mirror: whole pages by keyset, deletions and merges included. */
import { CrmError } from "../errors.ts";
import type { MirrorRecord, ObjectType, Page } from "../port.ts";
import type { SalesforceClient } from "./client.ts";
import { mirrorRecord, sameId, sobjectOf } from "./convert.ts";
import type { Describes } from "./describe.ts";
import { type Condition, chunkForUrl, isRecordId, type Query, soql } from "./soql.ts";
import { type QueriedRow, queryPage } from "./wire.ts";

const pageSize = 2_000;

/** Runs a query to its end, whatever the page sizes. A part is never presented as the whole. */
export async function queryAllRows(client: SalesforceClient, query: Query, withDeleted = false): Promise<QueriedRow[]> {
  const resource = withDeleted ? "queryAll" : "query";
  return follow(client, `/${resource}?q=${encodeURIComponent(soql(query))}`);
}

/** One page of everything that lives, ordered by id. */
export async function listAllPage(
  client: SalesforceClient,
  describes: Describes,
  objectType: ObjectType,
  properties: string[],
  cursor: string | null,
): Promise<Page<MirrorRecord>> {
  const after = cursor === null ? null : parseCursor(cursor).id;
  const plan = await planFor(describes, objectType, properties);
  const rows = await queryAllRows(client, {
    ...plan.query,
    ...(after ? { where: { field: "Id", op: ">", value: { id: after } } as Condition } : {}),
    orderBy: ["Id"],
    limit: pageSize,
  });
  const items = await records(client, objectType, properties, plan, rows);
  return { items, cursor: rows.length < pageSize ? null : cursorOf(rows.at(-1)) };
}

/** One page of what changed at or after `since` (and in the minute before), by (SystemModstamp, Id), deletions and merges included.
 *  @param since UTC ISO */
export async function listChangedPage(
  client: SalesforceClient,
  describes: Describes,
  objectType: ObjectType,
  since: string,
  properties: string[],
  cursor: string | null,
): Promise<Page<MirrorRecord>> {
  const plan = await planFor(describes, objectType, properties);
  const rows = await queryAllRows(
    client,
    {
      ...plan.query,
      where: cursor === null ? from(since) : beyond(parseCursor(cursor)),
      orderBy: ["SystemModstamp", "Id"],
      limit: pageSize,
    },
    true,
  );
  const items = await records(client, objectType, properties, plan, rows);
  await addMerges(client, objectType, properties, plan, rows, items);
  return { items, cursor: rows.length < pageSize ? null : cursorOf(rows.at(-1)) };
}

type Plan = { query: Query; fieldOf: Parameters<typeof mirrorRecord>[3] };

async function planFor(describes: Describes, objectType: ObjectType, properties: string[]): Promise<Plan> {
  const fields = await describes.named(objectType, properties);
  const byName = new Map(properties.map((name, index) => [name, fields[index]]));
  const described = await describes.of(objectType);
  const own = ["Id", "IsDeleted", "CreatedDate", "SystemModstamp"];
  if (objectType !== "company") own.push("AccountId");
  if (described.find("MasterRecordId")) own.push("MasterRecordId");
  const select = [...new Set([...own, ...fields.map((field) => field.name)])];
  const query: Query = { select, from: sobjectOf(objectType) };
  if (objectType === "deal") {
    query.children = [{ relation: "OpportunityContactRoles", select: ["ContactId", "Role", "IsPrimary"] }];
  }
  return { query, fieldOf: (name) => byName.get(name) };
}

async function records(
  client: SalesforceClient,
  objectType: ObjectType,
  properties: string[],
  plan: Plan,
  rows: QueriedRow[],
): Promise<MirrorRecord[]> {
  const items: MirrorRecord[] = [];
  for (const row of rows) {
    const roles = await childRows(client, row["OpportunityContactRoles"]);
    items.push(mirrorRecord(objectType, row, properties, plan.fieldOf, roles));
  }
  return items;
}

/** Tells each survivor what it absorbed; a survivor outside this page is read and added. */
async function addMerges(
  client: SalesforceClient,
  objectType: ObjectType,
  properties: string[],
  plan: Plan,
  rows: QueriedRow[],
  items: MirrorRecord[],
): Promise<void> {
  const absorbed = new Map<string, string[]>();
  for (const row of rows) {
    const master = row["MasterRecordId"];
    if (typeof master === "string") absorbed.set(master, [...(absorbed.get(master) ?? []), String(row["Id"])]);
  }
  const missing = [...absorbed.keys()].filter((master) => !items.some((item) => sameId(item.id, master)));
  for (const ids of chunkForUrl(missing)) {
    const where: Condition = { field: "Id", op: "in", values: ids.map((id) => ({ id })) };
    const survivors = await queryAllRows(client, { ...plan.query, where }, true);
    items.push(...(await records(client, objectType, properties, plan, survivors)));
  }
  for (const [master, losers] of absorbed) {
    items.find((item) => sameId(item.id, master))?.mergedIds.push(...losers);
  }
}

async function childRows(client: SalesforceClient, child: unknown): Promise<QueriedRow[]> {
  if (child === null || child === undefined) return [];
  const page = queryPage.safeParse(child);
  if (!page.success) throw new CrmError("unexpected", "Salesforce answered related records in an unknown form.");
  const rows = page.data.records;
  if (page.data.done) return rows;
  return [...rows, ...(await follow(client, nextUrl(page.data.nextRecordsUrl)))];
}

async function follow(client: SalesforceClient, path: string): Promise<QueriedRow[]> {
  const rows: QueriedRow[] = [];
  let next: string | null = path;
  while (next !== null) {
    const page: ReturnType<typeof queryPage.parse> = await client.ask({ method: "GET", path: next }, queryPage);
    for (const row of page.records) rows.push(row);
    next = page.done ? null : nextUrl(page.nextRecordsUrl);
  }
  return rows;
}

/** Only a path of the same org is followed. */
function nextUrl(url: string | undefined): string {
  if (url?.startsWith("/services/data/")) return url;
  throw new CrmError("unexpected", "Salesforce says there is more, but not where; the listing was not used.");
}

type Position = { at: string; id: string };

// A long transaction is stamped when it began and seen when it is committed: looking back a minute finds it.
const overlapMs = 60_000;

function from(since: string): Condition {
  const at = new Date(Date.parse(since) - overlapMs).toISOString();
  return { field: "SystemModstamp", op: ">=", value: { datetime: at } };
}

function beyond({ at, id }: Position): Condition {
  return {
    any: [
      { field: "SystemModstamp", op: ">", value: { datetime: at } },
      {
        all: [
          { field: "SystemModstamp", op: "=", value: { datetime: at } },
          { field: "Id", op: ">", value: { id } },
        ],
      },
    ],
  };
}

function cursorOf(row: QueriedRow | undefined): string {
  const at = String(row?.["SystemModstamp"] ?? "").replace(/([+-]\d{2})(\d{2})$/, "$1:$2");
  return `${new Date(at).toISOString()}|${String(row?.["Id"])}`;
}

function parseCursor(cursor: string): Position {
  const [at = "", id = ""] = cursor.split("|");
  if (Number.isNaN(Date.parse(at)) || !isRecordId(id)) {
    throw new CrmError("unexpected", "The listing's cursor is not one of ours; start the listing again.");
  }
  return { at, id };
}
