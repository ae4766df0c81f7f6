/** Starting and stopping, as processes: what an operator and a supervisor see. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";
import { boot, type Pandora } from "../../backend/boot.ts";
import { openDatabase } from "../../backend/boot-database.ts";
import { readConfig } from "../../backend/config.ts";
import { openDb } from "../../backend/db.ts";
import { createLogger } from "../../backend/logger.ts";
import { freePort } from "../../backend/postgres-binaries.ts";
import { newDatabase } from "../support/database.ts";

const { url, adminUrl, db } = await newDatabase();
const root = fileURLToPath(new URL("../..", import.meta.url));
const keys = `k1:${Buffer.alloc(32, 1).toString("base64")}`;
const log = createLogger("silent");

const folders: string[] = [];
const processes: Started[] = [];
const booted: Pandora[] = [];
afterEach(async () => {
  await Promise.all(booted.splice(0).map((each) => each.stop(0)));
  for (const each of processes.splice(0)) each.child.kill("SIGKILL");
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test("the server refuses to start without its settings, and names them", async () => {
  const server = start({ PANDORA_KEYS: "", PORT: "many" });
  expect(await server.ended).toBe(1);
  expect(server.output()).toMatch(/PORT is malformed[\s\S]*PANDORA_KEYS is missing/);
});

test("a taken port is told before anything else is started", async () => {
  const first = await bootWith({ PANDORA_ROLE: "http" });
  const server = start({ PORT: String(first.port), DATABASE_URL: url });
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain(`Port ${first.port} is taken`);
});

test("a role that sees every tenant is refused, and the port is free again", async () => {
  const PORT = String(await freePort());
  await expect(bootWith({ DATABASE_URL: adminUrl, PORT })).rejects.toMatchObject({ code: "unsafe_database_role" });
  const next = await bootWith({ PORT });
  expect(next.port).toBe(Number(PORT));
});

test("role http answers and works nothing off; role worker works and answers only for its operator", async () => {
  const web = await bootWith({ PANDORA_ROLE: "http" });
  const workspace_id = "5d1b2c3e-0000-4000-8000-000000000001";
  await db.withWorkspace(workspace_id, (tx) =>
    web.house.queue.enqueue(tx, { kind: "writes.recover", payload: { workspace_id }, key: workspace_id }),
  );
  expect((await fetch(`http://127.0.0.1:${web.port}/docs`)).status).toBe(200);
  expect(await web.house.queue.pending()).toEqual({ "writes.recover": 1 });
  const worker = await bootWith({ PANDORA_ROLE: "worker" });
  await until(async () => (await web.house.queue.pending())["writes.recover"] === undefined);
  expect((await fetch(`http://127.0.0.1:${worker.port}/ready`)).status).toBe(200);
  expect(await (await fetch(`http://127.0.0.1:${worker.port}/metrics`)).text()).toContain("pandora_jobs_pending");
  expect((await fetch(`http://127.0.0.1:${worker.port}/docs`)).status).toBe(404);
});

test("asked to stop, it answers the request under way and closes everything", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = () => {};
  const inside = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const pandora = await boot(config({}), {
    log,
    front: () => ({
      async fetch() {
        arrived();
        await held;
        return new Response("late, but answered");
      },
    }),
  });
  const answer = fetch(`http://127.0.0.1:${pandora.port}/`);
  await inside;
  const stopped = pandora.stop();
  release();
  expect(await (await answer).text()).toBe("late, but answered");
  await stopped;
  await expect(fetch(`http://127.0.0.1:${pandora.port}/health`)).rejects.toThrow();
  await expect(pandora.house.db.outside((tx) => tx`select 1`)).rejects.toThrow();
});

test("killed without warning, the next start takes the database over; stopped by a signal, it stops the database too", async () => {
  const dir = newFolder();
  const PORT = String(await freePort());
  const first = start({ PORT, PANDORA_DATA_DIR: dir });
  await ready(PORT, first);
  first.child.kill("SIGKILL");
  await first.ended;
  const left = existsSync(pidFile(dir));
  const second = start({ PORT, PANDORA_DATA_DIR: dir });
  await ready(PORT, second);
  second.child.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  expect([left, existsSync(pidFile(dir))]).toEqual([true, false]);
  expect(second.output()).toContain("process.stopping");
});

test("two processes share the embedded database; the last one stops it", async () => {
  const dir = newFolder();
  const one = await openDatabase({ databaseUrl: null, dataDir: dir });
  const two = await openDatabase({ databaseUrl: null, dataDir: dir });
  const other = openDb(two.url, { poolMax: 1 });
  await other.outside((tx) => tx`select 1`);
  await one.release();
  expect(await other.outside((tx) => tx`select 1 as still`)).toMatchObject([{ still: 1 }]);
  await other.close();
  await two.release();
  expect(existsSync(pidFile(dir))).toBe(false);
});

type Started = { child: ChildProcess; ended: Promise<number | null>; output(): string };

/** @param env what differs from a clean environment */
function start(env: Record<string, string>): Started {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, ["backend/start.mjs", "main"], {
    cwd: root,
    env: { PATH, PANDORA_KEYS: keys, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream!.on("data", (chunk) => (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const started = { child, ended, output: () => text };
  processes.push(started);
  return started;
}

function config(env: Record<string, string>) {
  return readConfig({ PANDORA_KEYS: keys, DATABASE_URL: url, PORT: "0", ...env });
}

async function bootWith(env: Record<string, string>): Promise<Pandora> {
  const pandora = await boot(config(env), { log });
  booted.push(pandora);
  return pandora;
}

/** Another process gets ready in its own time: asked until it says so, or has ended. */
async function ready(port: string, server: Started): Promise<void> {
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  await until(async () => {
    if (ended) throw new Error(`It ended instead of getting ready: ${server.output()}`);
    return (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null))?.status === 200;
  });
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50));
}

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "pandora-start-"));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

function pidFile(dir: string): string {
  const home = readdirSync(dir).find((name) => /^postgres-\d+$/.test(name)) ?? "none";
  return path.join(dir, home, "data/postmaster.pid");
}
