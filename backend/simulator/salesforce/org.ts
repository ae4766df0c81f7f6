/** The simulated org's state: rows, what guards them, and what was accepted. All time from the clock. */
import type { Clock } from "../../clock.ts";
import type { ObjectType } from "../../contract/common.ts";
import { createHistory, type History, type HistoryRow } from "../history.ts";
import { type Counters, createCounters } from "../http.ts";
import type { SimObject } from "./field.ts";
import { looksLikeId, makeId } from "./ids.ts";
import { type SaveError, type Stored, salesforceTime } from "./values.ts";

export type Row = Record<string, Stored>;

/** Refuses a record that shares a value with another; one that does not block is passed with allowSave=true. */
export type DuplicateRule = { object: string; field: string; blocks: boolean };

export type ValidationRule = { object: string; field: string; message: string; refuses: (row: Row) => boolean };

export type Org = {
  clock: Clock;
  orgId: string;
  /** The user the connection acts as. */
  userId: string;
  /** Who works in the org past the API. */
  personId: string;
  namespace: string | null;
  objects: Map<string, SimObject>;
  /** By object, then by the id's first 15 characters. */
  tables: Map<string, Map<string, Row>>;
  counters: Counters;
  history: History;
  /** Writers refused by `lockRow`, left over per id. */
  lockedTimes: Map<string, number>;
  /** Accounts held by a request until a time, ms. */
  accountLocks: Map<string, { request: object; until: number }>;
  rules: ValidationRule[];
  duplicateRules: DuplicateRule[];
  /** How long a write holds its account, ms; the latency of its request. */
  lockMs: number;
  /** Stages a record type allows, by its id. */
  recordTypeStages: Map<string, string[]>;
  journal: { undo: (() => void)[]; accepted: Omit<HistoryRow, "n">[] } | null;
  sequence: Map<string, number>;
};

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: string[] | undefined;
  constructor(status: number, code: string, message: string, fields?: string[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export function createOrg(given: {
  clock: Clock;
  orgId: string;
  namespace?: string;
  objects: Map<string, SimObject>;
  lockMs: number;
}): Org {
  return {
    ...given,
    namespace: given.namespace ?? null,
    userId: makeId("User", 1),
    personId: makeId("User", 90_001),
    tables: new Map([...given.objects.keys()].map((name) => [name, new Map()])),
    counters: createCounters(),
    history: createHistory(),
    lockedTimes: new Map(),
    accountLocks: new Map(),
    rules: [],
    // The org's standard rule: a contact's address is taken.
    duplicateRules: [{ object: "Contact", field: "Email", blocks: false }],
    recordTypeStages: new Map(),
    journal: null,
    sequence: new Map(),
  };
}

/** The object's API name, letter case aside. @throws ApiError as Salesforce does for an unknown type */
export function objectNamed(org: Org, name: string): SimObject {
  const found =
    org.objects.get(name) ?? [...org.objects.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  throw new ApiError(404, "NOT_FOUND", "The requested resource does not exist");
}

export function tableOf(org: Org, object: string): Map<string, Row> {
  const table = org.tables.get(object);
  if (!table) throw new Error(`no table ${object}`);
  return table;
}

/** The row, deleted ones included. */
export function rowOf(org: Org, object: string, id: unknown): Row | undefined {
  return looksLikeId(id) ? tableOf(org, object).get(id.slice(0, 15)) : undefined;
}

export function nextId(org: Org, object: string): string {
  const n = (org.sequence.get(object) ?? 0) + 1;
  org.sequence.set(object, n);
  return makeId(object, n);
}

export function makeFieldId(org: Org): string {
  return nextId(org, "CustomField");
}

/** Puts a finished row in place, remembering how to take it back. */
export function place(org: Org, object: string, row: Row): void {
  const table = tableOf(org, object);
  const key = String(row["Id"]).slice(0, 15);
  const before = table.get(key);
  table.set(key, row);
  org.journal?.undo.push(() => {
    if (before) table.set(key, before);
    else table.delete(key);
  });
}

/** Runs `work` as one transaction: undone as a whole when it answers false. */
export function transaction<T>(org: Org, work: () => { keep: boolean; value: T }): T {
  if (org.journal) return work().value;
  org.journal = { undo: [], accepted: [] };
  const journal = org.journal;
  let keep = false;
  try {
    const done = work();
    keep = done.keep;
    return done.value;
  } finally {
    org.journal = null;
    if (keep) for (const row of journal.accepted) org.history.push(row);
    else for (const undo of journal.undo.reverse()) undo();
  }
}

/** Writes down each changed value of the three main objects. */
export function remember(org: Org, object: string, id: string, values: Row, by: "api" | "person"): void {
  const objectType = portTypes[object];
  if (!objectType) return;
  for (const [property, value] of Object.entries(values)) {
    const row = { objectType, id, property, value: asText(value), at: org.clock.now().toISOString(), by };
    if (org.journal) org.journal.accepted.push(row);
    else org.history.push(row);
  }
}

/** A stored value in the port's form: text, times in ISO with Z. */
export function asText(value: Stored | undefined): string | null {
  if (value === null || value === undefined) return null;
  return String(value).replace(/^(\d{4}-\d{2}-\d{2}T[\d:.]+)\+0000$/, "$1Z");
}

export function now(org: Org): string {
  return salesforceTime(org.clock.now());
}

export function saveError(statusCode: string, message: string, fields: string[] = []): SaveError {
  return { statusCode, message, fields };
}

const portTypes: Record<string, ObjectType> = { Opportunity: "deal", Account: "company", Contact: "contact" };

/** "deal" or "Opportunity" as the Salesforce name. */
export function salesforceName(objectType: string): string {
  return { deal: "Opportunity", company: "Account", contact: "Contact" }[objectType] ?? objectType;
}
