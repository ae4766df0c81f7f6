/** A Salesforce org over real HTTP: stateful, strict, in memory, all time from the clock. For the demo and the tests. */
import type { Clock } from "../../clock.ts";
import type { SeedOrganisation } from "../company.ts";
import { createFaults, type FaultControl } from "../faults.ts";
import type { HistoryFilter, HistoryRow } from "../history.ts";
import { createRouter, type Reply, type SimRequest, type SimulatorStats, startSimulatorServer } from "../http.ts";
import { addBulkRoutes } from "./bulk.ts";
import { addCompositeRoutes } from "./composite.ts";
import { looksLikeId, with18 } from "./ids.ts";
import { addOAuthRoutes, type OAuthState } from "./oauth.ts";
import {
  ApiError,
  createOrg,
  type DuplicateRule,
  type Org,
  rowOf,
  salesforceName,
  type ValidationRule,
} from "./org.ts";
import { addPackageRoutes, type InstalledPackage } from "./package.ts";
import { addPeople, type People } from "./people.ts";
import { addRestRoutes, type Declare } from "./rest.ts";
import { standardObjects } from "./schema.ts";
import { orgIdOf, type SeedIds, seedOrg, stagesOf, type TaskStatusSeed } from "./seed.ts";
import { JsonTypeError } from "./values.ts";

export type SalesforceSimulatorOptions = {
  clock: Clock;
  port?: number;
  /** What the org holds; absent: an empty org with one user. */
  company?: SeedOrganisation;
  /** 18 characters. */
  orgId?: string;
  namespace?: string;
  clientId?: string;
  clientSecret?: string;
  /** Calls per rolling 24 h; default 100,000. */
  dailyLimit?: number;
  /** Default true, as the vendor demands of partners. */
  refreshRotation?: boolean;
  /** With a latency, two requests that write below one account at the same time conflict. */
  latency?: { baseMs: number; perRecordMs: number };
  /** The first is the corporate one; several make the org multi-currency. Default EUR. */
  currencies?: string[];
  timeZone?: string;
  /** Our package as installed from the start; absent: not installed. */
  package?: { namespace: string };
  /** The first is given to new tasks. Default: English. */
  taskStatuses?: TaskStatusSeed[];
};

export type SalesforceSimulator = People & {
  /** Instance and login address in one. */
  url: string;
  orgId: string;
  clientId: string;
  clientSecret: string;
  faults: FaultControl;
  /** Ids by the seed's keys. */
  ids: SeedIds;
  oauth: OAuthState;
  stop(): Promise<void>;
  stats(): SimulatorStats;
  history(filter?: HistoryFilter): HistoryRow[];
  addValidationRule(rule: ValidationRule): void;
  addDuplicateRule(rule: DuplicateRule): void;
  /** The next `times` writes to this record, or below this account, are refused with UNABLE_TO_LOCK_ROW. */
  lockRow(id: string, times: number): void;
  /** The next bulk job stops after so many rows. */
  stopBulkAfter(rows: number): void;
  /** Our package in this org: install it, take the admin permission away, and what it was handed. */
  package: InstalledPackage;
  /** The customer ends the connection. */
  revoke(): void;
};

export async function startSalesforceSimulator(options: SalesforceSimulatorOptions): Promise<SalesforceSimulator> {
  const { clock, company, currencies = ["EUR"], timeZone = "Europe/Berlin", taskStatuses = english } = options;
  const stages = [...new Set(stagesOf(company).map((stage) => stage.name))];
  const org = createOrg({
    clock,
    orgId: options.orgId ?? orgIdOf(1),
    ...(options.namespace ? { namespace: options.namespace } : {}),
    objects: standardObjects(
      stages,
      currencies,
      taskStatuses.map((each) => each.name),
      clock.now().getTime(),
    ),
    lockMs: options.latency?.baseMs ?? 0,
  });
  const ids = seedOrg(org, { ...(company ? { company } : {}), timeZone, currencies, taskStatuses });
  const faults = createFaults();
  const routes = createRouter();
  const budget = createBudget(clock, options.dailyLimit ?? 100_000);
  const clientId = options.clientId ?? "3MVG9.pandora.simulator";
  const clientSecret = options.clientSecret ?? "simulator-secret";
  let url = "";
  const oauth = addOAuthRoutes(routes, {
    clock,
    orgId: org.orgId,
    userId: () => org.userId,
    user: () => ({
      email: String(rowOf(org, "User", org.userId)?.["Email"]),
      name: String(rowOf(org, "User", org.userId)?.["Name"]),
    }),
    clientId,
    clientSecret,
    refreshRotation: options.refreshRotation ?? true,
    instanceUrl: () => url,
  });
  const on: Declare = (method, path, kind, handler) =>
    routes.on(method, `/services/data/:version${path}`, kind, (request) => answered(request, handler, budget));
  addRestRoutes(on, org, budget.state);
  addCompositeRoutes(on, org, routes);
  const bulk = addBulkRoutes(on, org);
  const installed = addPackageRoutes(routes, oauth, options.package ?? null);
  const people = addPeople(org);

  const server = await startSimulatorServer({
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    faults,
    routes,
    counters: org.counters,
    before: (request) => gate(org, oauth, budget, request),
    serverError: () =>
      errors(
        500,
        "UNKNOWN_EXCEPTION",
        "An unexpected error occurred. Please include this ErrorId if you contact support",
        budget,
      ),
    notFound: () => errors(404, "NOT_FOUND", "The requested resource does not exist", budget),
    malformed: () => errors(400, "JSON_PARSER_ERROR", "Unexpected character in the request body", budget),
    ...(options.latency ? { latency: options.latency } : {}),
    control: {
      history: (filter) => org.history.rows(named(filter)),
      record: (objectType, id) => people.record(objectType, id),
      edit: (objectType, id, properties) => people.edit(objectType, id, properties),
    },
  });
  url = server.url;

  return {
    ...people,
    url,
    orgId: org.orgId,
    clientId,
    clientSecret,
    faults,
    ids,
    oauth,
    package: installed,
    stop: () => server.stop(),
    stats: () => server.stats(),
    history: (filter = {}) => org.history.rows(named(filter)),
    addValidationRule: (rule) => org.rules.push({ ...rule, object: salesforceName(rule.object) }),
    addDuplicateRule: (rule) => org.duplicateRules.push({ ...rule, object: salesforceName(rule.object) }),
    lockRow: (id, times) => org.lockedTimes.set(id.slice(0, 15), times),
    stopBulkAfter: (rows) => bulk.stopAfter(rows),
    revoke: () => oauth.revokeAll(),
  };
}

const english: TaskStatusSeed[] = [
  { name: "Not Started", closed: false },
  { name: "In Progress", closed: false },
  { name: "Completed", closed: true },
];

type Budget = { take(): boolean; state(): { used: number; max: number }; header(): Record<string, string> };

/** Calls of the last 24 hours, by the clock, counted by the hour. */
function createBudget(clock: Clock, max: number): Budget {
  const byHour = new Map<number, number>();
  const hour = () => Math.floor(clock.now().getTime() / 3_600_000);
  const used = () => {
    let sum = 0;
    for (const [at, calls] of byHour) {
      if (at <= hour() - 24) byHour.delete(at);
      else sum += calls;
    }
    return sum;
  };
  return {
    take() {
      if (used() >= max) return false;
      byHour.set(hour(), (byHour.get(hour()) ?? 0) + 1);
      return true;
    },
    state: () => ({ used: used(), max }),
    header: () => ({ "sforce-limit-info": `api-usage=${used()}/${max}` }),
  };
}

/** Version, token and allowance, before any resource. */
function gate(org: Org, oauth: OAuthState, budget: Budget, request: SimRequest): Reply | null {
  if (!request.path.startsWith("/services/data/")) return null;
  const version = /^v(\d+)\.0$/.exec(request.params.version ?? "");
  if (!version || Number(version[1]) < 50)
    return errors(404, "NOT_FOUND", "The requested resource does not exist", budget);
  const refusal = oauth.refusal(request.headers.authorization);
  if (refusal || request.fault?.name === "expired_token") {
    // Salesforce words it in two ways, under the same status and code.
    const words =
      refusal === "missing" ? "This session is not valid for use with the REST API" : "Session expired or invalid";
    return errors(401, "INVALID_SESSION_ID", words, budget);
  }
  if (request.fault?.name === "429") {
    org.counters.refused429 += 1;
    return errors(
      403,
      "REQUEST_LIMIT_EXCEEDED",
      "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
      budget,
    );
  }
  if (!budget.take()) return errors(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", budget);
  return null;
}

function answered(
  request: SimRequest,
  handler: (request: SimRequest) => Reply | Promise<Reply>,
  budget: Budget,
): Reply | Promise<Reply> {
  try {
    const reply = handler(request);
    if (reply instanceof Promise) return reply.then(limited, refused);
    return limited(reply);
  } catch (error) {
    return refused(error);
  }

  function limited(reply: Reply): Reply {
    return { ...reply, headers: { ...budget.header(), ...reply.headers } };
  }

  function refused(error: unknown): Reply {
    if (error instanceof JsonTypeError) return errors(400, "JSON_PARSER_ERROR", error.message, budget);
    if (error instanceof ApiError) return errors(error.status, error.code, error.message, budget, error.fields);
    throw error;
  }
}

function errors(status: number, errorCode: string, message: string, budget: Budget, fields?: string[]): Reply {
  return { status, body: [{ message, errorCode, ...(fields ? { fields } : {}) }], headers: budget.header() };
}

/** The history is kept under the port's object types. */
function named(filter: HistoryFilter): HistoryFilter {
  const objectType =
    { Opportunity: "deal", Account: "company", Contact: "contact" }[filter.objectType ?? ""] ?? filter.objectType;
  const id = filter.id !== undefined && looksLikeId(filter.id) ? { id: with18(filter.id) } : {};
  return { ...filter, ...(objectType ? { objectType } : {}), ...id };
}
