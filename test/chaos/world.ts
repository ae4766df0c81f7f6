/** A real server process on a real database and a simulator of its own process, killed and started again at will. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../backend/clock.ts";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import type { Run } from "../../backend/contract/runs.ts";
import type { CrmType } from "../../backend/crm/port.ts";
import { type Db, openDb } from "../../backend/db.ts";
import { openInBrowser } from "../../backend/demo/browser.ts";
import { startEmbeddedPostgres } from "../../backend/embedded-postgres.ts";
import { migrate } from "../../backend/migrate.ts";
import { freePort } from "../../backend/postgres-binaries.ts";
import type { Fault } from "../../backend/simulator/faults.ts";
import type { HistoryRow } from "../../backend/simulator/history.ts";
import type { SimulatorStats } from "../../backend/simulator/http.ts";

export type ChaosWorld = {
  crm: CrmType;
  ids: string[];
  property: string;
  db: Db;
  workspaceId: string;
  /** The server's doors with an admin's key, once and as it is: what the process did not answer is an error. */
  ask(method: string, where: string, body?: object): Promise<{ status: number; body: unknown }>;
  /** The simulator, for whoever looks at it past the server. */
  simulator: { url: string; token: string };
  kill(): Promise<void>;
  start(): Promise<void>;
  sync(): Promise<string>;
  run(id: string): Promise<Run>;
  post(path: string): Promise<Run>;
  faults(faults: Fault[], seed: number): Promise<void>;
  stats(): Promise<SimulatorStats>;
  history(): Promise<HistoryRow[]>;
  /** A new version of every deal's value: `entry <version>;`. */
  newVersion(version: number): Promise<void>;
  stop(): Promise<void>;
};

/** Leases and waits of seconds, so that a death costs seconds; 10 s is the least the job engine takes for a heartbeat. */
const quick = { PANDORA_LEASE_SECONDS: "2", PANDORA_REQUEST_TIMEOUT_SECONDS: "2", PANDORA_HEARTBEAT_SECONDS: "10" };

export async function startChaosWorld(crm: CrmType, deals: number): Promise<ChaosWorld> {
  const dir = mkdtempSync(path.join(tmpdir(), "pandora-chaos-"));
  chmodSync(dir, 0o755);
  const postgres = await startEmbeddedPostgres({ dir, database: "chaos" });
  await migrate(postgres.url);
  await keepValuesOurs(postgres.url);
  const simulator = await startSimulator(crm, deals);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    ...quick,
    ...{ PORT: String(port), PUBLIC_URL: base, DATABASE_URL: postgres.url, LOG_LEVEL: "fatal" },
    PANDORA_KEYS: `chaos:${Buffer.alloc(32, 5).toString("base64")}`,
    ...(crm === "hubspot"
      ? {
          ...{ HUBSPOT_API_URL: simulator.url, HUBSPOT_APP_URL: simulator.url },
          ...{ HUBSPOT_CLIENT_ID: simulator.clientId, HUBSPOT_CLIENT_SECRET: simulator.clientSecret },
        }
      : {
          SALESFORCE_LOGIN_URL: simulator.url,
          ...{ SALESFORCE_CLIENT_ID: simulator.clientId, SALESFORCE_CLIENT_SECRET: simulator.clientSecret },
        }),
  };
  let server: ChildProcess | null = null;
  const start = async () => {
    server = spawn(process.execPath, [new URL("../../backend/start.mjs", import.meta.url).pathname, "main"], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    await untilReady(base, server);
  };
  await start();
  await openInBrowser(`${base}/oauth/${crm}/start`);
  const db = openDb(postgres.url, { poolMax: 3 });
  const [workspace] = await db.outside(
    (tx) => tx<{ workspace_id: string }[]>`select workspace_id from directory_list_workspaces()`,
  );
  const workspaceId = workspace!.workspace_id;
  const { key } = await createApiKey(
    { db, clock: systemClock },
    workspaceId,
    { name: "chaos", role: "admin" },
    "chaos",
  );
  const property = crm === "hubspot" ? "description" : "Description";
  const api = async <T>(method: string, where: string, body?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await fetch(`${base}/api/workspaces/me/${where}`, {
          method,
          headers,
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const text = await answer.text();
        if (answer.ok) return JSON.parse(text) as T;
        if (answer.status < 500 && answer.status !== 429)
          throw new Error(`${method} ${where}: ${answer.status} ${text}`);
      } catch (error) {
        // Killed under our hands: it is back in a moment.
        if (attempt > 40 || !(error instanceof TypeError)) throw error;
      }
      await wait(500);
    }
  };
  const mapping = { pandora_field: "account_signals_text", crm_object_type: "deal", crm_property_name: property };
  await api("POST", "crm-writeback/mappings", {
    ...mapping,
    ...{ write_mode: "append", append_timestamp_format: "none", sync_trigger: "manual" },
  });
  return {
    ...{ crm, ids: simulator.ids, property, db, workspaceId, start, simulator },
    async ask(method, where, body) {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const sent = body ? { body: JSON.stringify(body) } : {};
      const answer = await fetch(`${base}/api/workspaces/me/${where}`, { method, headers, ...sent });
      return { status: answer.status, body: (await answer.json()) as unknown };
    },
    async kill() {
      const dying = server!;
      dying.kill("SIGKILL");
      if (dying.exitCode === null && dying.signalCode === null) await once(dying, "exit");
    },
    sync: async () => (await api<Run>("POST", "crm-writeback/sync-all", {})).id,
    run: (id) => api<Run>("GET", `crm-writeback/runs/${id}`),
    post: (where) => api<Run>("POST", where, {}),
    faults: async (faults, seed) => {
      await fetch(`${simulator.url}/__faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ faults, seed }),
      });
    },
    stats: async () => (await (await fetch(`${simulator.url}/__stats`)).json()) as SimulatorStats,
    history: async () =>
      (await (await fetch(`${simulator.url}/__history?objectType=deal&property=${property}`)).json()) as HistoryRow[],
    newVersion: (version) => putValues(db, workspaceId, crm, simulator.ids, version),
    async stop() {
      server?.kill("SIGKILL");
      await db.close();
      simulator.process.kill();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function untilReady(base: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error("the server did not start");
    const answer = await fetch(`${base}/ready`).catch(() => null);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error("the server did not become ready");
}

async function startSimulator(crm: CrmType, deals: number) {
  const script = new URL("../bench/crm-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, crm, String(deals), "30", "0.2"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", () => reject(new Error("the simulator did not start")));
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
  const told = JSON.parse(line) as { url: string; token: string; ids: string[] } & {
    clientId: string;
    clientSecret: string;
  };
  return { process: child, ...told };
}

/**
 * The import sets off the skills, half a minute later; the values compared here are the ones of `newVersion`, which come
 * without a hash of facts, and nobody else's.
 */
async function keepValuesOurs(url: string): Promise<void> {
  const db = openDb(url, { poolMax: 1 });
  await db.outside(async (tx) => {
    await tx`
      create function leave_it() returns trigger language plpgsql as 'begin return null; end'`;
    await tx`
      create trigger values_are_ours before insert or update on record_values
      for each row when (new.facts_hash <> '') execute function leave_it()`;
  });
  await db.close();
}

async function putValues(db: Db, workspaceId: string, crm: CrmType, ids: string[], version: number): Promise<void> {
  await db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into record_values (workspace_id, crm, object_type, crm_record_id, field, value, value_version, facts_hash, computed_at)
      select ${workspaceId}, ${crm}, 'deal', id, 'account_signals_text', to_jsonb('entry ' || ${version}::int || ';'), ${version}, '', now()
      from jsonb_array_elements_text(${tx.json(ids)}) as id
      on conflict (workspace_id, crm, object_type, crm_record_id, field)
        do update set value = excluded.value, value_version = excluded.value_version`,
  );
}
