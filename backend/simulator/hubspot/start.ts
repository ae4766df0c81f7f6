/** A HubSpot portal over real HTTP, stateful in memory, with faults on request. For demo and tests only. */
import type { Clock } from "../../clock.ts";
import type { SeedOrganisation } from "../company.ts";
import { createFaults, type FaultControl } from "../faults.ts";
import type { HistoryFilter, HistoryRow } from "../history.ts";
import { createRouter, type Reply, type SimRequest, type SimulatorStats, startSimulatorServer } from "../http.ts";
import { type Access, addAccessRoutes } from "./access.ts";
import { addAssociationRoutes } from "./associations.ts";
import { addBatchRoutes } from "./batches.ts";
import { createBurst, hubSpotRateLimit, type RateLimit } from "./burst.ts";
import { type HsObjectType, objectNames } from "./catalogue.ts";
import { defaultTypeId } from "./link-types.ts";
import { addObjectRoutes } from "./objects.ts";
import { replies } from "./replies.ts";
import { addSearchRoute } from "./search.ts";
import { seedDefinitions, seedRecords } from "./seed.ts";
import { addProperty, addSettingsRoutes, removeProperty } from "./settings.ts";
import { shownValue } from "./shown.ts";
import {
  archiveRecord,
  createPortal,
  findRecord,
  insertRecord,
  link,
  linksOf,
  mergeRecords,
  type Portal,
  type ValidationRule,
  writeValues,
} from "./state.ts";
import { asEdited, checkValue } from "./values.ts";

export type HubSpotSimulatorOptions = {
  clock: Clock;
  port?: number;
  seed?: number;
  /** Filled with this company; else empty, with one owner. */
  company?: SeedOrganisation;
  portalId?: number;
  clientId?: string;
  clientSecret?: string;
  rateLimit?: RateLimit;
  /** Search shows a write up to this much later. */
  searchLagMs?: number;
  latency?: { baseMs: number; perRecordMs: number };
  /** The company's own first. Default USD. */
  currencies?: string[];
  /** Ask on a page before redirecting back from /oauth/authorize. */
  consentPage?: boolean;
};

export type SimRecord = {
  id: string;
  /** Non-blank ones. */
  properties: Record<string, string | null>;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  mergedIds: string[];
  associations: Record<string, string[]>;
};

/** Object types are taken in singular or plural, as ids are taken of merged records. */
export type HubSpotSimulator = Pick<Access, "grant" | "dropScopes" | "grantedScopes" | "revoke"> & {
  url: string;
  portalId: number;
  clientId: string;
  clientSecret: string;
  faults: FaultControl;
  stop(): Promise<void>;
  stats(): SimulatorStats;
  resetStats(): void;
  history(filter?: HistoryFilter): HistoryRow[];
  /** Null when archived or never there. */
  record(objectType: string, id: string): SimRecord | null;
  /** Ids of living records, in the order they were made. */
  ids(objectType: string): string[];
  /** CRM ids by the keys of the company it was filled with. */
  idOf(companyKey: string): string | undefined;
  /** A person makes a record; read-only properties may be given too. */
  addRecord(objectType: string, properties: Record<string, string>): string;
  edit(objectType: string, id: string, properties: Record<string, string | null>): void;
  archive(objectType: string, id: string): void;
  merge(objectType: string, winnerId: string, loserId: string): void;
  associate(fromType: string, fromId: string, toType: string, toId: string, label?: string): void;
  addProperty(objectType: string, wanted: Parameters<typeof addProperty>[2]): void;
  removeProperty(objectType: string, name: string): void;
  addRule(rule: Omit<ValidationRule, "objectType"> & { objectType: string }): void;
  /** New records of the type need this property from now on. */
  requireField(objectType: string, name: string): void;
  /** @returns the owner's id; one who left (`active: false`) can't be given anything */
  addOwner(owner: { email: string; firstName: string; lastName: string; active: boolean }): string;
  /** An admin makes an association label. @returns its type id */
  addLabel(fromType: string, toType: string, label: string): number;
};

export async function startHubSpotSimulator(options: HubSpotSimulatorOptions): Promise<HubSpotSimulator> {
  const { clock, portalId = 4_242_001, clientId = "pandora-client", clientSecret = "pandora-secret" } = options;
  const portal = createPortal({ clock, portalId, seed: options.seed ?? 1, searchLagMs: options.searchLagMs ?? 0 });
  if (options.currencies) portal.currencies = options.currencies;
  seedDefinitions(portal, options.company);
  const keys = options.company ? seedRecords(portal, options.company) : new Map<string, string>();
  const faults = createFaults();
  const routes = createRouter();
  const installer = portal.owners[0]!;
  const access = addAccessRoutes(routes, {
    clock,
    portalId,
    clientId,
    clientSecret,
    userId: installer.userId,
    userEmail: installer.email,
    consentPage: options.consentPage ?? false,
  });
  addSearchRoute(routes, portal);
  addBatchRoutes(routes, portal);
  addObjectRoutes(routes, portal);
  addAssociationRoutes(routes, portal);
  addSettingsRoutes(routes, portal);
  const burst = createBurst(clock, options.rateLimit ?? hubSpotRateLimit, portal.counters);
  const controls = createControls(portal);
  const server = await startSimulatorServer({
    clock,
    port: options.port,
    faults,
    routes,
    counters: portal.counters,
    before: (request) => refuseVersion(request) ?? access.check(request) ?? paced(request, burst.check(request)),
    decorate: (request) => burst.headers(request),
    serverError,
    notFound: replies.notFound,
    malformed: replies.malformed,
    latency: options.latency,
    control: { history: controls.history, record: controls.record, edit: controls.edit },
  });
  return {
    url: server.url,
    portalId,
    clientId,
    clientSecret,
    faults,
    stop: server.stop,
    stats: server.stats,
    resetStats: server.resetStats,
    idOf: (key) => keys.get(key),
    grant: access.grant,
    dropScopes: access.dropScopes,
    grantedScopes: access.grantedScopes,
    revoke: access.revoke,
    ...controls,
  };
}

/** OAuth calls have no share in the pace of the CRM. */
function paced(request: SimRequest, refused: Reply | null): Reply | null {
  return request.path.startsWith("/oauth/") ? null : refused;
}

function refuseVersion({ params }: SimRequest): Reply | null {
  return params.version === undefined || params.version === "2026-09" || params.version === "2026-03"
    ? null
    : replies.notFound();
}

/** Gateways answer with pages, HubSpot itself with JSON. */
function serverError(roll: number): Reply {
  const third = Math.floor(roll * 6) % 3;
  if (third === 0) return replies.gateway(524);
  return third === 1 ? replies.gateway(502) : replies.serverError();
}

function createControls(portal: Portal) {
  const typeOf = (name: string): HsObjectType => {
    const type = objectNames[name];
    if (!type) throw new Error(`HubSpot has no object called ${name}`);
    return type;
  };
  const recordOf = (name: string, id: string) => {
    const record = findRecord(portal, typeOf(name), id);
    if (!record) throw new Error(`There is no ${name} ${id}`);
    return record;
  };
  /** What a person types is checked like any value, but read-only ones may be set up. */
  const typed = (type: HsObjectType, properties: Record<string, string | null>) => {
    const values: Record<string, string> = {};
    for (const [name, given] of Object.entries(properties)) {
      const property = portal.properties[type].get(name);
      if (!property) throw new Error(`HubSpot ${type} have no property ${name}`);
      const checked = property.modificationMetadata.readOnlyValue
        ? { ok: true as const, value: given ?? "" }
        : checkValue(property, given ?? "", portal.ownerIds);
      if (!checked.ok) throw new Error(`${name}: ${checked.message}`);
      values[name] = asEdited(property, checked.value);
    }
    return values;
  };
  return {
    history: (filter: HistoryFilter = {}): HistoryRow[] =>
      portal.history.rows(filter.objectType ? { ...filter, objectType: typeOf(filter.objectType) } : filter),
    record(name: string, id: string): SimRecord | null {
      const type = typeOf(name);
      const record = findRecord(portal, type, id);
      if (!record || record.id !== id) return null;
      const properties: Record<string, string | null> = {};
      for (const property of portal.properties[type].keys()) {
        const value = shownValue(portal, record, property);
        if (value !== null) properties[property] = value;
      }
      return {
        id,
        properties,
        createdAt: new Date(record.createdAt).toISOString(),
        updatedAt: new Date(record.updatedAt).toISOString(),
        archived: false,
        mergedIds: [...record.mergedIds],
        associations: Object.fromEntries(
          (["deals", "companies", "contacts", "notes"] as const).map((to) => [
            to,
            linksOf(portal, type, id, to).map(([toId]) => toId),
          ]),
        ),
      };
    },
    ids: (name: string) =>
      [...portal.objects[typeOf(name)].values()].filter((each) => each.archivedAt === null).map((each) => each.id),
    addRecord(name: string, properties: Record<string, string>): string {
      const type = typeOf(name);
      const given =
        type === "deals"
          ? { pipeline: "default", dealstage: firstStage(portal, properties.pipeline), ...properties }
          : properties;
      return insertRecord(portal, type, typed(type, given), "person").id;
    },
    edit: (name: string, id: string, properties: Record<string, string | null>) =>
      writeValues(portal, recordOf(name, id), typed(typeOf(name), properties), "person"),
    archive: (name: string, id: string) => archiveRecord(portal, recordOf(name, id)),
    merge: (name: string, winnerId: string, loserId: string) => mergeRecords(portal, typeOf(name), winnerId, loserId),
    associate(fromName: string, fromId: string, toName: string, toId: string, label?: string) {
      const [from, to] = [typeOf(fromName), typeOf(toName)];
      const type = { category: "HUBSPOT_DEFINED" as const, typeId: defaultTypeId(from, to), label: null };
      link(portal, { type: from, id: fromId }, to, toId, type);
      if (label) link(portal, { type: from, id: fromId }, to, toId, { category: "USER_DEFINED", typeId: 190, label });
    },
    addProperty: (name: string, wanted: Parameters<typeof addProperty>[2]): void => {
      addProperty(portal, typeOf(name), wanted);
    },
    removeProperty: (name: string, property: string) => removeProperty(portal, typeOf(name), property),
    addRule: (rule: Omit<ValidationRule, "objectType"> & { objectType: string }): void => {
      portal.rules.push({ ...rule, objectType: typeOf(rule.objectType) });
    },
    requireField: (name: string, property: string): void => {
      portal.required[typeOf(name)].add(property);
    },
    addOwner({ active, ...person }: Parameters<HubSpotSimulator["addOwner"]>[0]): string {
      const n = portal.owners.length;
      const id = String(70_000_001 + n);
      portal.owners.push({ id, userId: 5_000_001 + n, ...person, team: null, archived: !active });
      if (active) portal.ownerIds.add(id);
      return id;
    },
    addLabel(fromName: string, toName: string, label: string): number {
      const typeId = 301 + portal.labels.length;
      portal.labels.push({ from: typeOf(fromName), to: typeOf(toName), typeId, label });
      return typeId;
    },
  };
}

function firstStage(portal: Portal, pipelineId = "default"): string {
  return portal.pipelines.find((each) => each.id === pipelineId)?.stages[0]?.id ?? "";
}
