/**
 * The one port that faces the CRMs. Higher rooms know only these types; `hubspot/` and `salesforce/`
 * implement them. Ids and values cross as the CRM's own strings, converted by pure functions in `convert.ts` of each.
 */
import type { DealPort } from "./deal-port.ts";
import type { CrmError } from "./errors.ts";

export type CrmType = "hubspot" | "salesforce";

/** The objects Pandora works with. Salesforce: deal = Opportunity, company = Account, contact = Contact. */
export type ObjectType = "deal" | "company" | "contact";

/** Both CRMs' property types, mapped to one small set (DESIGN 3.2). */
export type PropertyType =
  | "number"
  | "text"
  | "textarea"
  | "rich_text"
  | "boolean"
  | "date"
  | "datetime"
  | "enum"
  | "multi_enum"
  | "currency";

/** What discovery knows of one CRM property. */
export type Property = {
  name: string;
  label: string;
  type: PropertyType;
  /** The CRM's own type, for display ("string/textarea", "Long Text Area"). */
  crmFieldType: string;
  description: string;
  /** Where the CRM lists it (HubSpot group); null in Salesforce. */
  group: string | null;
  custom: boolean;
  /** False for read-only, calculated and system properties: offered never, refused when mapped. */
  writable: boolean;
  /** Why it can't be written, in words; null when it can. */
  readOnlyReason: string | null;
  hidden: boolean;
  unique: boolean;
  /** Characters; null where the CRM sets no limit or the type has none. */
  lengthMax: number | null;
  /** Decimals kept by the CRM; null = as sent. */
  scale: number | null;
  /** Largest number of digits before the point; null = no limit known. */
  precision: number | null;
  /** Enum options; a restricted enum refuses any other value. */
  options: { value: string; label: string; active: boolean }[];
  restricted: boolean;
};

/** What may be created from the mapping editor. */
export type PropertyDraft = {
  name: string;
  label: string;
  type: Exclude<PropertyType, "multi_enum">;
  description: string;
  options?: { value: string; label: string }[];
  lengthMax?: number;
  scale?: number;
  unique?: boolean;
};

/** One record as read: a property asked for and not set is null; a record that could not be read is an error. */
export type RecordRead = {
  id: string;
  properties: Record<string, string | null>;
};

/** Properties of one record to write; null clears. Values are in wire form (crm/compatible.ts `toWire`). */
export type RecordWrite = {
  id: string;
  properties: Record<string, string | null>;
};

/** A per-record failure is a value, never a throw. Same length and order as the input. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: CrmError };

/** A mirrored record with what the mirror keeps. `raw` holds the asked-for properties, by CRM name. */
export type MirrorRecord = {
  id: string;
  objectType: ObjectType;
  properties: Record<string, string | null>;
  /** CRM modification time, UTC ISO. */
  updatedAt: string;
  createdAt: string;
  deleted: boolean;
  /** Ids this record absorbed, when the CRM tells (merges). */
  mergedIds: string[];
  /** Associated ids by object type; the first one of a kind is the primary. */
  associations: Partial<Record<ObjectType, { id: string; role: string | null }[]>>;
};

/** A call or a meeting as the CRM keeps it. `properties` by CRM name; times and lengths as the CRM spells them. */
export type ActivityRecord = {
  id: string;
  /** HubSpot: call, meeting. Salesforce: event, task (a logged call). */
  kind: "call" | "meeting" | "event" | "task";
  properties: Record<string, string | null>;
  associations: Partial<Record<ObjectType, { id: string }[]>>;
  ownerId: string | null;
  attendeeOwnerIds: string[];
  /** CRM modification time, UTC ISO. */
  updatedAt: string;
  deleted: boolean;
};

/** Somebody who is no contact yet (Salesforce). */
export type LeadRecord = {
  id: string;
  /** Lower case. */
  email: string | null;
  name: string;
  company: string | null;
  status: string | null;
  ownerId: string | null;
  isConverted: boolean;
  /** The contact it became. */
  contactId: string | null;
  /** CRM modification time, UTC ISO. */
  updatedAt: string;
  deleted: boolean;
};

/** A page of a listing; `cursor` is opaque and null at the end. Restarting with it is safe. */
export type Page<T> = { items: T[]; cursor: string | null };

export type Owner = {
  id: string;
  email: string | null;
  name: string;
  active: boolean;
  /** The CRM user behind the owner (HubSpot); Salesforce: the same id. */
  userId: string | null;
  teamIds: string[];
};

export type Stage = {
  pipelineId: string;
  pipelineLabel: string;
  stageId: string;
  stageLabel: string;
  sortOrder: number;
  isClosed: boolean;
  isWon: boolean;
  /** 0–1 */
  probability: number | null;
};

export type AccountInfo = {
  /** Portal id or org id. */
  accountId: string;
  name: string;
  /** IANA zone of the account, for append stamps and date_only. */
  timeZone: string;
  /** ISO 4217 */
  currency: string;
  multiCurrency: boolean;
  /** Where a record opens: `${uiUrl}` with `{objectType}` and `{id}` placeholders filled by `recordUrl`. */
  uiUrl: string;
  /** The user the connection acts as. */
  userId: string;
};

/** What is left of the CRM's allowance, when the CRM says; nulls when unknown. */
export type Limits = {
  dailyUsed: number | null;
  dailyMax: number | null;
  burstRemaining: number | null;
};

export type Filter =
  | { property: string; op: "eq"; value: string }
  | { property: string; op: "in"; values: string[] }
  | { property: string; op: "contains"; value: string };

/** Sizes of one call, and how long it may take. */
export type CrmShape = {
  crm: CrmType;
  readBatchMax: number;
  writeBatchMax: number;
  /** After this many ms without an answer the adapter gives up; recovery waits this out before reading. */
  requestTimeoutMs: number;
};

/** Below this many records collections cost fewer calls and answer at once. */
export const bulkFrom = 2_000;

/** Taken before each CRM call; resolves when the call may go. Implemented by crm/pace.ts. */
export type PaceTaker = {
  (bucket: "calls" | "search", calls: number): Promise<void>;
  /** Takes slots ahead; the next `calls` calls go at once. */
  reserve(calls: number): Promise<void>;
};

export type Crm = {
  shape: CrmShape;
  account(): Promise<AccountInfo>;
  /** All properties of an object, the non-writable ones included. */
  describeProperties(objectType: ObjectType): Promise<Property[]>;
  /** @throws CrmError missing_scope | value_refused | already_exists */
  createProperty(objectType: ObjectType, draft: PropertyDraft): Promise<Property>;
  /** Current values. ids.length ≤ shape.readBatchMax. A record that is gone: error kind record_gone. */
  readBatch(objectType: ObjectType, ids: string[], properties: string[]): Promise<Outcome<RecordRead>[]>;
  /**
   * Writes all properties of each record, one call (bisected by the caller when `batch_refused`).
   * Each input is settled by its own result; an input the answer does not cover is `no_result`.
   * writes.length ≤ shape.writeBatchMax; ids are distinct.
   * A refusal of the whole call is thrown as CrmError; a lost reply throws outcome_unknown.
   */
  writeBatch(objectType: ObjectType, writes: RecordWrite[]): Promise<Outcome<{ id: string }>[]>;
  /**
   * Salesforce only, for more than `bulkFrom` records written without a read: a job of any size in about six calls.
   * Writes long after it was asked to, so never for mappings that read first. Outcomes in the order given.
   */
  bulkUpdate?(objectType: ObjectType, writes: RecordWrite[]): Promise<Outcome<{ id: string }>[]>;
  /** Search; may lag behind writes in HubSpot. At most `limit` records. */
  find(objectType: ObjectType, filters: Filter[], properties: string[], limit: number): Promise<RecordRead[]>;
  /** Everything, for the first import. */
  listAll(objectType: ObjectType, properties: string[], cursor: string | null): Promise<Page<MirrorRecord>>;
  /** Changed at or after `since` (UTC ISO), deletions included. Pages are complete even beyond the CRM's search cap. */
  listChangedSince(
    objectType: ObjectType,
    since: string,
    properties: string[],
    cursor: string | null,
  ): Promise<Page<MirrorRecord>>;
  /**
   * Calls and meetings changed at or after `since` (UTC ISO), future ones included. HubSpot does not tell of deleted
   * ones; Salesforce does.
   */
  activities?(since: string, cursor: string | null): Promise<Page<ActivityRecord>>;
  /** Salesforce only. @param since UTC ISO; null = all that live */
  leads?(since: string | null, cursor: string | null): Promise<Page<LeadRecord>>;
  /**
   * Salesforce only: gives our package in the org the key it signs its calls with. Repeating it does no harm.
   * @throws CrmError record_gone: no package | missing_scope: the connecting user is no Pandora admin there
   */
  handOverKey?(keyId: string, key: string): Promise<void>;
  /** Making deals, and what belongs to them. */
  deals: DealPort;
  owners(): Promise<Owner[]>;
  stages(): Promise<Stage[]>;
  limits(): Limits;
  /** Takes pace slots ahead: the next `calls` calls of this connection go without waiting. */
  reserve(calls: number): Promise<void>;
  recordUrl(account: { uiUrl: string }, objectType: ObjectType, id: string): string;
  /** Frees sockets. */
  close(): Promise<void>;
};
