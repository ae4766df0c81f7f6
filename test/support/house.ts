/** A workspace connected to a simulator, in a database of its own, with a clock that is stepped. */
import { randomUUID } from "node:crypto";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House, Lane } from "../../backend/connections/house.ts";
import type { WriteMode } from "../../backend/contract/mappings.ts";
import { createHubSpotCrm } from "../../backend/crm/hubspot/crm.ts";
import { createPace } from "../../backend/crm/pace.ts";
import type { Crm, CrmType, ObjectType } from "../../backend/crm/port.ts";
import { createSalesforceCrm } from "../../backend/crm/salesforce/crm.ts";
import { createHandlers } from "../../backend/handlers.ts";
import type { Handlers } from "../../backend/jobs/kinds.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";
import { type FaultControl, mulberry32 } from "../../backend/simulator/faults.ts";
import type { HistoryRow } from "../../backend/simulator/history.ts";
import { startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";
import { startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";
import { afterwards } from "./afterwards.ts";
import { newDatabase } from "./database.ts";

/** What both simulators can do, in neutral words. */
export type TestCrm = {
  type: CrmType;
  url: string;
  faults: FaultControl;
  addDeal(properties?: Record<string, string>): string;
  edit(id: string, properties: Record<string, string | null>): void;
  archive(id: string): void;
  value(id: string, property: string): string | null;
  /** Values the API wrote to a property, oldest first. */
  written(id: string, property: string): (string | null)[];
  /** What the API wrote, oldest first. */
  history(): HistoryRow[];
  /** People's edits included. */
  allHistory(): HistoryRow[];
  /** Writes over the API behind the engine's back. */
  writeAsApi(id: string, properties: Record<string, string>): Promise<void>;
  calls(part?: string): number;
  refused429(): number;
  revoke(): void;
  removeProperty(name: string): void;
  token(): string;
  stop(): Promise<void>;
  adapter(options: { pace: ReturnType<typeof createPace>; clock: House["clock"]; requestTimeoutMs: number }): Crm;
};

export type TestHouse = {
  house: House;
  clock: SteppedClock;
  crm: TestCrm;
  workspaceId: string;
  handlers: Handlers;
  url: string;
  /** Properties of the test deals: one of each kind that matters. */
  property: { text: string; number: string; long: string };
  /** An access token of the simulator, for other processes. */
  token(): string;
  drain(): Promise<number>;
  /** Values of many deals in one statement. */
  setValues(ids: string[], field: string, value: (n: number) => number | string | null): Promise<void>;
  setValue(id: string, field: string, value: number | string | null, version?: number): Promise<void>;
  addMapping(mapping: Partial<MappingColumns> & { pandora_field: string; crm_property_name: string }): Promise<string>;
  log(): Promise<LogRow[]>;
  states(): Promise<{ leased: number; pending: number }>;
};

type MappingColumns = {
  pandora_field: string;
  crm_property_name: string;
  write_mode: WriteMode;
  write_condition: string | null;
  value_transform: string;
  keep_human_edits: boolean;
  skip_read: boolean;
  when_empty: "keep" | "clear";
  append_max_entries: number | null;
  append_timestamp_format: "prefix" | "suffix" | "none";
  record_filter: object;
  sync_trigger: "after_skill_run" | "scheduled" | "manual";
  status: "active" | "paused" | "broken";
  crm_object_type: ObjectType;
};

export type LogRow = {
  id: string;
  crm_record_id: string;
  crm_property_name: string;
  status: string;
  skip_reason: string | null;
  error_code: string | null;
  value_written: string | null;
  previous_value: string | null;
  attempts: number;
  run_id: string | null;
  undoes: string | null;
  undone_by: string | null;
  trigger_source: string;
};

export async function newTestHouse(
  type: CrmType,
  options: { clock?: SteppedClock; leaseSeconds?: number } = {},
): Promise<TestHouse> {
  // Far in the future: whatever the stepped clock calls later is later for the job engine too, whose clock is the wall.
  const clock = options.clock ?? steppedClock(new Date("2031-03-03T09:00:00Z"));
  const { url, db } = await newDatabase();
  const crm = type === "hubspot" ? await hubSpotCrm(clock) : await salesforceCrm(clock);
  const log = createLogger("silent");
  const queue = await openQueue({ url, log, supervise: false });
  const config = readConfig({
    PANDORA_KEYS: `test:${Buffer.alloc(32, 7).toString("base64")}`,
    PANDORA_LEASE_SECONDS: String(options.leaseSeconds ?? 120),
  });
  const opened = new Map<Lane, Crm>();
  const workspaceId = randomUUID();
  const house: House = {
    ...{ db, queue, clock, log, config, random: mulberry32(7) },
    openCrm: async (workspace, crmType, lane) => {
      const found = opened.get(lane);
      if (found) return found;
      const pace = createPace({ db, clock, workspaceId: workspace, crm: crmType, lane });
      const made = crm.adapter({ pace, clock, requestTimeoutMs: 30_000 });
      opened.set(lane, made);
      return made;
    },
  };
  const handlers = createHandlers(house);
  afterwards(async () => {
    await queue.stop(0);
    await Promise.all([...opened.values()].map((one) => one.close()));
    await crm.stop();
  });
  await db.outside((tx) => tx`select directory_add_workspace(${workspaceId}, 'Acme')`);
  await db.withWorkspace(workspaceId, async (tx) => {
    await tx`insert into workspaces (workspace_id, name, time_zone) values (${workspaceId}, 'Acme', 'Europe/Berlin')`;
    await tx`
      insert into crm_connections (workspace_id, crm, account_id, status, instance_url, ui_url)
      values (${workspaceId}, ${type}, '42', 'connected', ${crm.url}, ${`${crm.url}/{objectType}/{id}`})`;
  });
  const property =
    type === "hubspot"
      ? { text: "hs_next_step", number: "pandora_score", long: "description" }
      : { text: "NextStep", number: "Pandora_Score__c", long: "Description" };
  return {
    ...{ house, clock, crm, workspaceId, handlers, url, property },
    token: crm.token,
    drain: () => queue.drain(handlers, clock),
    setValues: (ids, field, value) =>
      db.withWorkspace(workspaceId, async (tx) => {
        const rows = ids.map((id, n) => ({ id, value: value(n) }));
        await tx`
          insert into deals (workspace_id, crm, crm_id, name, synced_at)
          select ${workspaceId}, ${type}, r.id, 'Deal ' || r.id, ${clock.now()} from jsonb_to_recordset(${tx.json(rows)}) as r(id text)
          on conflict do nothing`;
        await tx`
          insert into record_values (workspace_id, crm, object_type, crm_record_id, field, value, facts_hash, computed_at)
          select ${workspaceId}, ${type}, 'deal', r.id, ${field}, r.value, '', ${clock.now()}
          from jsonb_to_recordset(${tx.json(rows)}) as r(id text, value jsonb)`;
      }),
    setValue: (id, field, value, version) =>
      db.withWorkspace(workspaceId, async (tx) => {
        await tx`
          insert into deals (workspace_id, crm, crm_id, name, synced_at) values (${workspaceId}, ${type}, ${id}, ${`Deal ${id}`}, ${clock.now()})
          on conflict do nothing`;
        await tx`
          insert into record_values as v (workspace_id, crm, object_type, crm_record_id, field, value, value_version, facts_hash, computed_at)
          values (${workspaceId}, ${type}, 'deal', ${id}, ${field}, ${tx.json(value)}, ${version ?? 1}, '', ${clock.now()})
          on conflict (workspace_id, crm, object_type, crm_record_id, field) do update
            set value = excluded.value, value_version = ${version ?? 1}`;
      }),
    addMapping: async (mapping) => {
      const id = randomUUID();
      await db.withWorkspace(
        workspaceId,
        (tx) =>
          tx`insert into crm_property_mappings ${tx({
            ...{
              workspace_id: workspaceId,
              id,
              crm_type: type,
              crm_object_type: "deal",
              crm_property_label: mapping.crm_property_name,
            },
            ...{ crm_field_type: "", sync_trigger: "manual", write_mode: "overwrite" },
            ...mapping,
            ...(mapping.record_filter ? { record_filter: tx.json(mapping.record_filter as never) } : {}),
          } as never)}`,
      );
      return id;
    },
    log: () =>
      db.withWorkspace(
        workspaceId,
        (tx) => tx<LogRow[]>`
        select * from crm_write_log where workspace_id = ${workspaceId} order by created_at, id`,
      ),
    states: async () => {
      const [row] = await db.withWorkspace(
        workspaceId,
        (tx) => tx<{ leased: number; pending: number }[]>`
          select count(*) filter (where lease_until > ${clock.now()})::int as leased,
            count(*) filter (where pending_log_id is not null)::int as pending
          from crm_write_state where workspace_id = ${workspaceId}`,
      );
      return row!;
    },
  };
}

async function hubSpotCrm(clock: SteppedClock): Promise<TestCrm> {
  const simulator = await startHubSpotSimulator({ clock, seed: 7 });
  simulator.addProperty("deal", { name: "pandora_score", label: "Score", type: "number", fieldType: "number" });
  const grant = simulator.grant();
  return {
    type: "hubspot",
    url: simulator.url,
    faults: simulator.faults,
    addDeal: (properties = {}) => simulator.addRecord("deal", { dealname: "Deal", ...properties }),
    edit: (id, properties) => simulator.edit("deal", id, properties),
    archive: (id) => simulator.archive("deal", id),
    value: (id, property) => simulator.record("deal", id)?.properties[property] ?? null,
    written: (id, property) =>
      simulator
        .history({ objectType: "deal", id, property })
        .filter((row) => row.by === "api")
        .map((row) => row.value),
    history: () => simulator.history().filter((row) => row.by === "api"),
    allHistory: () => simulator.history(),
    writeAsApi: (id, properties) =>
      callApi(`${simulator.url}/crm/objects/2026-09/deals/${id}`, grant.accessToken, { properties }),
    calls: (part = "/batch/") => countCalls(simulator.stats().calls, part),
    refused429: () => simulator.stats().refused429,
    revoke: () => simulator.revoke(),
    removeProperty: (name) => simulator.removeProperty("deal", name),
    token: () => grant.accessToken,
    stop: () => simulator.stop(),
    adapter: (options) =>
      createHubSpotCrm({
        ...options,
        apiUrl: simulator.url,
        accessToken: async () => grant.accessToken,
        onTokenRefused: async () => {
          grant.accessToken = simulator.grant().accessToken;
          return grant.accessToken;
        },
      }),
  };
}

async function salesforceCrm(clock: SteppedClock): Promise<TestCrm> {
  const simulator = await startSalesforceSimulator({ clock });
  simulator.addField("deal", "Pandora_Score__c", "double", { label: "Score", scale: 0, precision: 5 });
  const grant = simulator.oauth.grant();
  return {
    type: "salesforce",
    url: simulator.url,
    faults: simulator.faults,
    addDeal: (properties = {}) =>
      simulator.addRecord("deal", { Name: "Deal", StageName: "Prospecting", CloseDate: "2026-12-31", ...properties }),
    edit: (id, properties) => simulator.edit("deal", id, properties),
    archive: (id) => simulator.remove("deal", id),
    value: (id, property) => textOf(simulator.record("deal", id), property),
    written: (id, property) =>
      simulator
        .history({ objectType: "deal", id, property })
        .filter((row) => row.by === "api")
        .map((row) => row.value),
    history: () => simulator.history().filter((row) => row.by === "api"),
    allHistory: () => simulator.history(),
    writeAsApi: (id, properties) =>
      callApi(`${simulator.url}/services/data/v68.0/sobjects/Opportunity/${id}`, grant.accessToken, properties),
    calls: (part = "/composite/") => countCalls(simulator.stats().calls, part),
    refused429: () => simulator.stats().refused429,
    revoke: () => simulator.revoke(),
    removeProperty: (name) => simulator.removeField("deal", name),
    token: () => grant.accessToken,
    stop: () => simulator.stop(),
    adapter: (options) =>
      createSalesforceCrm({
        ...options,
        instanceUrl: simulator.url,
        accessToken: async () => grant.accessToken,
        onTokenRefused: async () => {
          grant.accessToken = simulator.oauth.grant().accessToken;
          return grant.accessToken;
        },
      }),
  };
}

function countCalls(calls: Record<string, number>, part: string): number {
  return Object.entries(calls).reduce((sum, [name, n]) => sum + (name.includes(part) ? n : 0), 0);
}

function textOf(record: unknown, property: string): string | null {
  const fields = record as { properties?: Record<string, unknown> } & Record<string, unknown>;
  const value = fields?.properties?.[property] ?? fields?.[property] ?? null;
  return value === null ? null : String(value);
}

async function callApi(url: string, token: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(url, { method: "PATCH", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the simulator refused: ${answer.status} ${await answer.text()}`);
}
