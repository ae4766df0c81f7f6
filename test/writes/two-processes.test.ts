/** Two real processes on one database, syncing the same workspace: no double write, one pace. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { systemClock } from "../../backend/clock.ts";
import { getRun, startRun } from "../../backend/writeback/runs.ts";
import { newTestHouse } from "../support/house.ts";

test("two processes on one database: every value is written once, and together they keep HubSpot's pace", {
  timeout: 120_000,
}, async () => {
  const t = await newTestHouse("hubspot", { clock: Object.assign(systemClock, { advance() {}, set() {} }) });
  const ids = Array.from({ length: 1_500 }, () => t.crm.addDeal());
  await t.addMapping({
    pandora_field: "deal_risk_summary",
    crm_property_name: t.property.long,
    write_mode: "append",
    append_timestamp_format: "none",
  });
  await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
  await t.setValues(ids, "deal_risk_summary", (n) => `Risk ${n}`);
  await t.setValues(ids, "deal_score", (n) => n % 100);
  const sync = { kind: "sync", mappingIds: null, objectTypes: null, trigger: "manual", initiatedBy: "ada" } as const;
  // Two runs over the same records at the same time, worked off by two processes: the worst neighbours.
  const runs = [await startRun(t.house, t.workspaceId, sync), await startRun(t.house, t.workspaceId, sync)];
  const workers = [startWorker(t.url, t.crm.url, t.token()), startWorker(t.url, t.crm.url, t.token())];
  try {
    for (;;) {
      const states = await Promise.all(runs.map((run) => getRun(t.house, t.workspaceId, run.id)));
      if (states.every((run) => run.status === "completed")) break;
      expect(states.filter((run) => run.status === "failed")).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    for (const worker of workers) worker.kill("SIGTERM");
    await Promise.all(workers.map((worker) => worker.exitCode ?? once(worker, "exit")));
  }
  for (const [n, id] of ids.entries()) expect(t.crm.value(id, t.property.long)).toBe(`Risk ${n}`);
  expect(t.crm.history()).toHaveLength(3_000);
  expect(t.crm.refused429()).toBe(0);
});

function startWorker(databaseUrl: string, crmUrl: string, token: string): ChildProcess {
  const script = new URL("../support/worker.ts", import.meta.url).pathname;
  return spawn(process.execPath, [script], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl, TEST_CRM_URL: crmUrl, TEST_CRM_TOKEN: token },
  });
}
