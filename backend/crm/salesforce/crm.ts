/** The port, over Salesforce. */
import type { Clock } from "../../clock.ts";
import type { Crm, Filter, ObjectType, Outcome, PaceTaker, RecordRead, RecordWrite } from "../port.ts";
import { listActivities } from "./activities.ts";
import { bulkQuery, bulkUpdate } from "./bulk.ts";
import { createSalesforceClient, type SalesforceClient } from "./client.ts";
import { fromJson, propertyOf, sobjectOf } from "./convert.ts";
import { createCustomField } from "./create-property.ts";
import { createDealPort } from "./deals.ts";
import { createDescribes, type DescribeCache, type Describes } from "./describe.ts";
import { listLeads } from "./leads.ts";
import { listAllPage, listChangedPage, queryAllRows } from "./listing.ts";
import { accountOf, ownersOf, stagesOf } from "./organisation.ts";
import { putSigningKey } from "./package.ts";
import { batchMax, readRecords, writeRecords } from "./records.ts";
import { type Condition, chunkForUrl, type Literal, type Query, soql } from "./soql.ts";
import type { DescribedField, QueriedRow } from "./wire.ts";

export type SalesforceCrmOptions = {
  /** "https://acme.my.salesforce.com" */
  instanceUrl: string;
  accessToken: () => Promise<string>;
  /** Called once when Salesforce refuses `token`; answers a newer one, or throws CrmError reconnect. */
  onTokenRefused: (token: string) => Promise<string>;
  pace: PaceTaker;
  clock: Clock;
  /** ms; default 60,000 */
  requestTimeoutMs?: number;
  /** Of the package, without underscores: its fields are found by their plain names too. */
  namespace?: string;
  /** Shared by adapters of the same connection, so that they describe an object once in five minutes. */
  describes?: DescribeCache;
};

export type SalesforceCrm = Crm & {
  /** For more than 2,000 records under skip_read: about six calls per job. Outcomes in the order given. */
  bulkUpdate(
    objectType: ObjectType,
    writes: Iterable<RecordWrite> | AsyncIterable<RecordWrite>,
  ): Promise<Outcome<{ id: string }>[]>;
  /** A large export by a job; rows as text, "" for null, deleted records included. */
  bulkQuery(query: Query): AsyncGenerator<QueriedRow[]>;
};

export function createSalesforceCrm(options: SalesforceCrmOptions): SalesforceCrm {
  const client = createSalesforceClient(options);
  const describes = createDescribes(client, options.clock, options.describes ?? new Map(), options.namespace);
  return {
    shape: {
      crm: "salesforce",
      readBatchMax: batchMax,
      writeBatchMax: batchMax,
      requestTimeoutMs: client.requestTimeoutMs,
    },
    account: () => accountOf(client, describes),
    describeProperties: async (objectType) => (await describes.of(objectType)).fields.map(propertyOf),
    createProperty: (objectType, draft) => createCustomField(client, describes, objectType, draft),
    readBatch: (objectType, ids, properties) => readRecords(client, describes, objectType, ids, properties),
    writeBatch: (objectType, writes) => writeRecords(client, describes, objectType, writes),
    find: (objectType, filters, properties, limit) =>
      findRecords(client, describes, objectType, filters, properties, limit),
    listAll: (objectType, properties, cursor) => listAllPage(client, describes, objectType, properties, cursor),
    listChangedSince: (objectType, since, properties, cursor) =>
      listChangedPage(client, describes, objectType, since, properties, cursor),
    activities: (since, cursor) => listActivities(client, since, cursor),
    leads: (since, cursor) => listLeads(client, since, cursor),
    handOverKey: (keyId, key) => putSigningKey(client, keyId, key),
    deals: createDealPort(client, describes),
    owners: () => ownersOf(client),
    stages: () => stagesOf(client),
    limits: () => client.limits(),
    reserve: (calls) => options.pace.reserve(calls),
    recordUrl: (account, objectType, id) =>
      account.uiUrl.replace("{objectType}", sobjectOf(objectType)).replace("{id}", encodeURIComponent(id)),
    close: () => client.close(),
    bulkUpdate: (objectType, writes) => bulkUpdate(client, describes, options.clock, objectType, writes),
    bulkQuery: (query) => bulkQuery(client, options.clock, soql(query)),
  };
}

async function findRecords(
  client: SalesforceClient,
  describes: Describes,
  objectType: ObjectType,
  filters: Filter[],
  properties: string[],
  limit: number,
): Promise<RecordRead[]> {
  const fields = await describes.named(objectType, properties);
  const filtered = await describes.named(
    objectType,
    filters.map((filter) => filter.property),
  );
  const found = new Map<string, RecordRead>();
  for (const where of conditions(filters, filtered)) {
    if (found.size >= limit) break;
    const rows = await queryAllRows(client, {
      select: [...new Set(["Id", ...fields.map((field) => field.name)])],
      from: sobjectOf(objectType),
      ...(where ? { where } : {}),
      orderBy: ["Id"],
      limit: limit - found.size,
    });
    for (const row of rows) {
      const values = properties.map((name, at) => [name, fromJson(row[fields[at]?.name ?? name], fields[at])]);
      found.set(String(row["Id"]), { id: String(row["Id"]), properties: Object.fromEntries(values) });
    }
  }
  return [...found.values()];
}

/** One condition per query: a long list is split so that each query fits into an address. */
function conditions(filters: Filter[], fields: DescribedField[]): (Condition | null)[] {
  let queries: Condition[][] = [[]];
  for (const [at, filter] of filters.entries()) {
    const field = fields[at];
    if (!field) continue;
    const parts = oneFilter(filter, field);
    queries = queries.flatMap((query) => parts.map((part) => [...query, part]));
  }
  return queries.map((all) => (all.length === 0 ? null : { all }));
}

function oneFilter(filter: Filter, field: DescribedField): Condition[] {
  switch (filter.op) {
    case "eq":
      return [{ field: field.name, op: "=", value: literal(filter.value, field) }];
    case "contains":
      return [{ field: field.name, op: "contains", text: filter.value }];
    case "in":
      // No value, no query: an empty list matches nothing.
      return chunkForUrl([...new Set(filter.values)]).map((values) => ({
        field: field.name,
        op: "in",
        values: values.map((value) => literal(value, field)),
      }));
    default:
      return filter satisfies never;
  }
}

function literal(value: string, field: DescribedField): Literal {
  switch (field.type) {
    case "boolean":
      return { boolean: value === "true" };
    case "double":
    case "int":
    case "long":
    case "percent":
    case "currency":
      return { number: Number(value) };
    case "date":
      return { date: value };
    case "datetime":
      return { datetime: value };
    default:
      return { string: value };
  }
}
