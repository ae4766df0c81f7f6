/** HubSpot behind the CRM port. */
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { CrmError } from "../errors.ts";
import type { Crm, Filter, ObjectType, Owner, PaceTaker, Property, PropertyDraft, RecordRead } from "../port.ts";
import { listActivities } from "./activities.ts";
import { batchMax, readBatch, writeBatch } from "./batch.ts";
import { createHubSpotClient, crmVersion, type HubSpotClient } from "./client.ts";
import {
  fromDraft,
  nameProblem,
  pandoraGroup,
  pickProperties,
  plural,
  toAccount,
  toOwner,
  toProperty,
  toSearchFilters,
  toStages,
  typeIds,
} from "./convert.ts";
import { createDealPort } from "./deals.ts";
import { listAll, listChangedSince } from "./listing.ts";
import { accountDetails, groupList, ownerPage, pipelineList, property, propertyList, recordPage } from "./wire.ts";

export type HubSpotCrmOptions = {
  /** API base, e.g. "https://api.hubapi.com". */
  apiUrl: string;
  /** A token that should still live. */
  accessToken: () => Promise<string>;
  /** The token was refused: resolves with a fresh one, or throws CrmError reconnect. */
  onTokenRefused: (refused: string) => Promise<string>;
  pace: PaceTaker;
  clock: Clock;
  /** Ms; default 30 s. */
  requestTimeoutMs?: number;
  /** The HubSpot user who installed the app, from the token exchange: the account endpoint does not tell. */
  userId?: string;
};

const requestTimeoutMs = 30_000;
/** Results of one search page, and of one search. */
const searchPage = 200;
const searchMax = 10_000;

export function createHubSpotCrm(options: HubSpotCrmOptions): Crm {
  const timeout = options.requestTimeoutMs ?? requestTimeoutMs;
  const client = createHubSpotClient({ ...options, requestTimeoutMs: timeout });
  return {
    shape: { crm: "hubspot", readBatchMax: batchMax, writeBatchMax: batchMax, requestTimeoutMs: timeout },
    account: async () =>
      toAccount(await get(client, `/account-info/${crmVersion}/details`, accountDetails), options.userId ?? ""),
    describeProperties: async (objectType) => {
      const { results } = await get(client, propertiesPath(objectType), propertyList);
      return results.map(toProperty);
    },
    createProperty: (objectType, draft) => createProperty(client, objectType, draft),
    readBatch: (objectType, ids, properties) => readBatch(client, objectType, ids, properties),
    writeBatch: (objectType, writes) => writeBatch(client, objectType, writes),
    find: (objectType, filters, properties, limit) => find(client, objectType, filters, properties, limit),
    listAll: (objectType, properties, cursor) => listAll(client, objectType, properties, cursor),
    listChangedSince: (objectType, since, properties, cursor) =>
      listChangedSince(client, options.clock, objectType, since, properties, cursor),
    activities: (since, cursor) => listActivities(client, options.clock, since, cursor),
    deals: createDealPort(client, (objectType, draft) => createProperty(client, objectType, draft)),
    owners: async () => [...(await listOwners(client, false)), ...(await listOwners(client, true))],
    stages: async () => toStages((await get(client, `/crm/pipelines/${crmVersion}/deals`, pipelineList)).results),
    limits: () => ({ dailyUsed: null, dailyMax: null, burstRemaining: client.burstRemaining() }),
    reserve: (calls) => options.pace.reserve(calls),
    recordUrl: ({ uiUrl }, objectType, id) =>
      uiUrl.replace("{objectType}", typeIds[objectType]).replace("{id}", encodeURIComponent(id)),
    // Node's own fetch keeps the sockets and lets idle ones go after four seconds.
    close: async () => {},
  };
}

async function get<T>(
  client: HubSpotClient,
  path: string,
  answer: z.ZodType<T>,
  query?: Record<string, string>,
): Promise<T> {
  const { data } = await client.call({ method: "GET", path, answer, write: false, ...(query ? { query } : {}) });
  return data;
}

async function createProperty(client: HubSpotClient, objectType: ObjectType, draft: PropertyDraft): Promise<Property> {
  const problem = nameProblem(draft.name);
  if (problem) throw new CrmError("value_refused", problem, { property: draft.name });
  await ensureGroup(client, objectType);
  const path = propertiesPath(objectType);
  const { data } = await client.call({ method: "POST", path, body: fromDraft(draft), answer: property, write: true });
  return toProperty(data);
}

async function ensureGroup(client: HubSpotClient, objectType: ObjectType): Promise<void> {
  const path = `${propertiesPath(objectType)}/groups`;
  const { results } = await get(client, path, groupList);
  if (results.some((group) => group.name === pandoraGroup.name)) return;
  try {
    const body = { ...pandoraGroup, displayOrder: -1 };
    await client.call({ method: "POST", path, body, answer: z.unknown(), write: true });
  } catch (error) {
    // Two people made properties at once: the other one's group will do.
    if (!(error instanceof CrmError && error.kind === "already_exists")) throw error;
  }
}

function propertiesPath(objectType: ObjectType): string {
  return `/crm/properties/${crmVersion}/${plural[objectType]}`;
}

async function find(
  client: HubSpotClient,
  objectType: ObjectType,
  filters: Filter[],
  properties: string[],
  limit: number,
): Promise<RecordRead[]> {
  const found: RecordRead[] = [];
  let after: string | undefined;
  const wanted = Math.min(limit, searchMax);
  do {
    const size: number = Math.min(searchPage, wanted - found.length);
    const { data } = await client.call({
      method: "POST",
      path: `/crm/objects/${crmVersion}/${plural[objectType]}/search`,
      body: {
        filterGroups: filters.length > 0 ? [{ filters: toSearchFilters(filters) }] : [],
        properties,
        limit: size,
        ...(after ? { after } : {}),
      },
      answer: recordPage,
      bucket: "search",
      write: false,
    });
    for (const each of data.results) found.push({ id: each.id, properties: pickProperties(each, properties) });
    after = data.paging?.next?.after;
  } while (after !== undefined && found.length < wanted);
  return found;
}

async function listOwners(client: HubSpotClient, archived: boolean): Promise<Owner[]> {
  const owners: Owner[] = [];
  let after: string | undefined;
  do {
    const query = { limit: "500", archived: String(archived), ...(after ? { after } : {}) };
    const page = await get(client, `/crm/owners/${crmVersion}`, ownerPage, query);
    owners.push(...page.results.map(toOwner));
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return owners;
}
