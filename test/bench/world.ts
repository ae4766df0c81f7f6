/** A workspace with many deals on a simulator of its own process, and a worker in this process to be measured. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import type { Run } from "../../backend/contract/runs.ts";
import type { Crm, CrmType } from "../../backend/crm/port.ts";
import { openDb } from "../../backend/db.ts";
import { startEmbeddedPostgres } from "../../backend/embedded-postgres.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";
import { migrate } from "../../backend/migrate.ts";
import type { SimulatorStats } from "../../backend/simulator/http.ts";
import { getRun, startRun } from "../../backend/writeback/runs.ts";
import { openAdapter } from "./adapter.ts";
import type { Bare, Usage } from "./worker.ts";

export type Measured = {
  run: Run;
  calls: number;
  statements: number;
  cpuS: number;
  wallS: number;
  rssMaxMb: number;
  refused: number;
};

export type World = {
  house: House;
  workspaceId: string;
  ids: string[];
  property: { number: string; text: string; long: string };
  map(mapping: { field: string; property: string; mode?: string; skip_read?: boolean }): Promise<void>;
  /** Sets a field of all deals. */
  values(field: string, value: (n: number) => number | string): Promise<void>;
  clearMappings(): Promise<void>;
  sync(): Promise<Measured>;
  /** CPU s of reading and writing so many records by the adapter alone. */
  bare(records: number): Promise<number>;
  stats(): Promise<SimulatorStats>;
  stop(): Promise<void>;
};

/** @param latency of the simulated CRM, ms */
export async function startWorld(crm: CrmType, deals: number, latency = { baseMs: 0, perRecordMs: 0 }): Promise<World> {
  const dir = mkdtempSync(path.join(tmpdir(), "pandora-bench-"));
  chmodSync(dir, 0o755);
  const postgres = await startEmbeddedPostgres({ dir, database: "bench", flags: ["-c", "fsync=off"] });
  await migrate(postgres.url);
  const simulator = await startCrmProcess(crm, deals, latency);
  const log = createLogger("error");
  const db = openDb(postgres.url);
  const queue = await openQueue({ url: postgres.url, log, supervise: false });
  const config = readConfig({ PANDORA_KEYS: `bench:${Buffer.alloc(32, 1).toString("base64")}` });
  const opened: Crm[] = [];
  const house: House = {
    ...{ db, queue, clock: systemClock, log, config },
    openCrm: async (workspaceId, type, lane) => {
      const made = await openAdapter(simulator, type, { db, workspaceId, lane });
      opened.push(made);
      return made;
    },
  };
  const worker = await startWorker([postgres.url, crm, simulator.url, simulator.token]);
  const workspaceId = await addWorkspace(house, crm, simulator.url);
  const stats = async () => (await (await fetch(`${simulator.url}/__stats`)).json()) as SimulatorStats;
  const names =
    crm === "hubspot"
      ? ["pandora_score", "hs_next_step", "description"]
      : ["Pandora_Score__c", "NextStep", "Description"];
  return {
    ...{ house, workspaceId, ids: simulator.ids, stats },
    property: { number: names[0]!, text: names[1]!, long: names[2]! },
    map: (mapping) => addMapping(house, workspaceId, crm, mapping),
    values: (field, value) => putValues(house, workspaceId, crm, simulator.ids, field, value),
    clearMappings: async () => {
      await db.withWorkspace(
        workspaceId,
        (tx) => tx`update crm_property_mappings set deleted_at = now(), is_active = false`,
      );
    },
    bare: async (records) => {
      const properties = {
        [names[0]!]: "7",
        [names[1]!]: "Call the champion again",
        [names[2]!]: "No contact for long.",
      };
      const before = await worker.usage();
      const after = await worker.usage({ workspaceId, ids: simulator.ids.slice(0, records), properties });
      return after.cpuS - before.cpuS;
    },
    sync: () => measure(house, workspaceId, stats, worker.usage),
    async stop() {
      await queue.stop(1_000);
      for (const one of opened) await one.close();
      await db.close();
      worker.process.kill();
      simulator.process.kill();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function measure(
  house: House,
  workspaceId: string,
  stats: () => Promise<SimulatorStats>,
  usage: (asked?: "reset") => Promise<Usage>,
): Promise<Measured> {
  const [before, used] = [await stats(), await usage("reset")];
  const started = performance.now();
  const start = { kind: "sync", mappingIds: null, objectTypes: null, trigger: "manual", initiatedBy: "bench" } as const;
  const { id } = await startRun(house, workspaceId, start);
  let run = await getRun(house, workspaceId, id);
  while (!["completed", "completed_with_errors", "failed", "paused"].includes(run.status)) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    run = await getRun(house, workspaceId, id);
  }
  const [after, spent] = [await stats(), await usage()];
  const sum = (calls: Record<string, number>) => Object.values(calls).reduce((a, b) => a + b, 0);
  return {
    run,
    calls: sum(after.calls) - sum(before.calls),
    statements: spent.statements - used.statements,
    cpuS: spent.cpuS - used.cpuS,
    wallS: (performance.now() - started) / 1000,
    rssMaxMb: spent.rssMaxMb,
    refused: after.refused429 - before.refused429,
  };
}

async function startWorker(args: string[]) {
  // With the limits of `npm start` (package.json).
  const execArgv = ["--max-old-space-size=384", "--max-semi-space-size=32"];
  const child = fork(new URL("./worker.ts", import.meta.url).pathname, args, { execArgv });
  await once(child, "message");
  return {
    process: child,
    usage: async (asked: "look" | "reset" | Bare = "look"): Promise<Usage> => {
      const answer = once(child, "message");
      child.send(asked);
      return (await answer)[0] as Usage;
    },
  };
}

async function startCrmProcess(crm: CrmType, deals: number, latency: { baseMs: number; perRecordMs: number }) {
  const script = new URL("./crm-process.ts", import.meta.url).pathname;
  const args = [script, crm, String(deals), String(latency.baseMs), String(latency.perRecordMs)];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", () => reject(new Error("the simulator did not start")));
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
  return { process: child, ...(JSON.parse(line) as { url: string; token: string; ids: string[] }) };
}

async function addWorkspace(house: House, crm: CrmType, url: string): Promise<string> {
  const id = randomUUID();
  await house.db.withWorkspace(id, async (tx) => {
    await tx`insert into workspaces (workspace_id, name) values (${id}, 'Bench')`;
    await tx`insert into crm_connections (workspace_id, crm, account_id, status, instance_url) values (${id}, ${crm}, '1', 'connected', ${url})`;
  });
  return id;
}

async function addMapping(
  house: House,
  workspaceId: string,
  crm: CrmType,
  mapping: { field: string; property: string; mode?: string; skip_read?: boolean },
): Promise<void> {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into crm_property_mappings (workspace_id, crm_type, pandora_field, crm_object_type, crm_property_name,
        crm_property_label, crm_field_type, sync_trigger, write_mode, skip_read)
      values (${workspaceId}, ${crm}, ${mapping.field}, 'deal', ${mapping.property}, ${mapping.property}, '', 'manual',
        ${mapping.mode ?? "overwrite"}, ${mapping.skip_read ?? false})`,
  );
}

async function putValues(
  house: House,
  workspaceId: string,
  crm: CrmType,
  ids: string[],
  field: string,
  value: (n: number) => number | string,
): Promise<void> {
  for (let at = 0; at < ids.length; at += 5_000) {
    const rows = ids.slice(at, at + 5_000).map((id, n) => ({ id, value: value(at + n) }));
    await house.db.withWorkspace(workspaceId, async (tx) => {
      await tx`
        insert into deals (workspace_id, crm, crm_id, name, synced_at)
        select ${workspaceId}, ${crm}, r.id, 'Deal', now() from jsonb_to_recordset(${tx.json(rows)}) as r(id text)
        on conflict do nothing`;
      await tx`
        insert into record_values as v (workspace_id, crm, object_type, crm_record_id, field, value, facts_hash, computed_at)
        select ${workspaceId}, ${crm}, 'deal', r.id, ${field}, r.value, '', now()
        from jsonb_to_recordset(${tx.json(rows)}) as r(id text, value jsonb)
        on conflict (workspace_id, crm, object_type, crm_record_id, field)
          do update set value = excluded.value, value_version = v.value_version + 1`;
    });
  }
  await house.db.withWorkspace(workspaceId, (tx) => tx`analyze deals, record_values`);
}
