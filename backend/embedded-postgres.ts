/**
 * A real PostgreSQL inside the project: binaries from npm (else the system's), data in a folder, started or adopted.
 * Survives `kill -9` and a stale pid file; as root it runs as another user, as PostgreSQL demands.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { findPostgresBinaries, freePort, type RunAs, runAs } from "./postgres-binaries.ts";

const run = promisify(execFile);

export type EmbeddedPostgres = {
  /** Connects as `pandora_app`: owner of the database, no superuser. */
  url: string;
  /** Connects as the cluster's superuser; for making and dropping databases in tests only. */
  adminUrl: string;
  started: boolean;
  pid: number;
  stop(): Promise<void>;
};

/**
 * @param options.dir state folder (data, log, passwords)
 * @param options.flags extra server flags, such as `-c fsync=off` in tests
 * @throws Error with the end of the server's log when it does not start
 */
export async function startEmbeddedPostgres(options: {
  dir: string;
  database: string;
  flags?: string[];
}): Promise<EmbeddedPostgres> {
  const as = runAs();
  mkdirSync(options.dir, { recursive: true, mode: 0o755 });
  const { bin, major } = await findPostgresBinaries(options.dir, as);
  const cluster = openCluster(path.resolve(options.dir), major, as);
  await initialise(cluster, bin, as);
  const alive = livePostmaster(cluster.data);
  const port = alive?.port ?? (await start(cluster, bin, as, options.flags ?? []));
  const pid = Number(readFileSync(cluster.pidFile, "utf8").split("\n")[0]);
  const passwords = JSON.parse(readFileSync(cluster.passwordFile, "utf8")) as { admin: string; app: string };
  const adminUrl = `postgres://pandora_admin:${passwords.admin}@127.0.0.1:${port}/postgres`;
  await ensureDatabase(adminUrl, options.database, passwords.app);
  return {
    url: `postgres://pandora_app:${passwords.app}@127.0.0.1:${port}/${options.database}`,
    adminUrl,
    started: !alive,
    pid,
    async stop() {
      try {
        process.kill(pid, "SIGINT");
      } catch {
        return; // already gone
      }
      const until = Date.now() + 20_000;
      while (livePostmaster(cluster.data) && Date.now() < until) await wait(15);
    },
  };
}

/** Stops what still runs in the folder, and removes it with everything in it. For data that can be made anew. */
export async function eraseEmbeddedPostgres(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir).filter((each) => each.startsWith("postgres-"))) {
    const data = path.join(dir, name, "data");
    const until = Date.now() + 20_000;
    for (let running = livePostmaster(data); running && Date.now() < until; running = livePostmaster(data)) {
      try {
        process.kill(running.pid, "SIGINT");
      } catch {
        break; // gone in between
      }
      await wait(50);
    }
  }
  rmSync(dir, { recursive: true, force: true });
}

type Cluster = { home: string; data: string; pidFile: string; logFile: string; passwordFile: string };

function openCluster(dir: string, major: string, as: RunAs): Cluster {
  const home = path.join(dir, `postgres-${major}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (as.uid !== undefined) chownSync(home, as.uid, as.gid ?? as.uid);
  const data = path.join(home, "data");
  return {
    home,
    data,
    pidFile: path.join(data, "postmaster.pid"),
    logFile: path.join(home, "log"),
    passwordFile: path.join(home, "passwords.json"),
  };
}

async function initialise(cluster: Cluster, bin: string, as: RunAs): Promise<void> {
  const ready = path.join(cluster.home, "ready");
  if (existsSync(ready) && existsSync(path.join(cluster.data, "PG_VERSION"))) return;
  rmSync(cluster.data, { recursive: true, force: true });
  const passwords = { admin: randomBytes(18).toString("base64url"), app: randomBytes(18).toString("base64url") };
  writeFileSync(cluster.passwordFile, JSON.stringify(passwords), { mode: 0o600 });
  const forInitdb = path.join(cluster.home, "initdb-password");
  writeFileSync(forInitdb, passwords.admin, { mode: 0o600 });
  if (as.uid !== undefined) chownSync(forInitdb, as.uid, as.gid ?? as.uid);
  await run(
    path.join(bin, "initdb"),
    [
      ...["-D", cluster.data, "-U", "pandora_admin", "--pwfile", forInitdb, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
    ],
    { ...as, cwd: cluster.home },
  );
  rmSync(forInitdb);
  writeFileSync(ready, "");
}

async function start(cluster: Cluster, bin: string, as: RunAs, flags: string[]): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    rmSync(cluster.pidFile, { force: true });
    const port = await freePort();
    const log = openSync(cluster.logFile, "a");
    // Detached: Ctrl-C in the terminal must reach us first, and us only; we stop the database last.
    const child = spawn(
      path.join(bin, "postgres"),
      [
        ...["-D", cluster.data, "-p", String(port), "-c", "listen_addresses=127.0.0.1"],
        ...["-c", "unix_socket_directories=", "-c", "max_connections=200", ...flags],
      ],
      { ...as, cwd: cluster.home, stdio: ["ignore", log, log], detached: true },
    );
    closeSync(log);
    child.unref();
    if (await becomesReady(child, cluster.pidFile)) return port;
    const tail = readFileSync(cluster.logFile, "utf8").slice(-1500);
    // Orphaned backends of a killed postmaster may still be leaving.
    if (attempt >= 20 || !/still in use|address already in use/i.test(tail)) {
      throw new Error(`The embedded PostgreSQL did not start. Its log (${cluster.logFile}) ends with:\n${tail}`);
    }
    await wait(200);
  }
}

async function becomesReady(child: ChildProcess, pidFile: string): Promise<boolean> {
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  const until = Date.now() + 60_000;
  while (!exited && Date.now() < until) {
    try {
      // Line 8 of the pid file is the server's own state.
      if (/^ready/.test(readFileSync(pidFile, "utf8").split("\n")[7] ?? "")) return true;
    } catch {
      // not written yet
    }
    await wait(15);
  }
  return false;
}

/** A live postmaster on our data directory; zombies and re-used process ids do not count. */
function livePostmaster(data: string): { port: number; pid: number } | undefined {
  try {
    const [pid, directory, , port] = readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
    process.kill(Number(pid), 0);
    if (directory !== data) return undefined;
    if (process.platform === "linux") {
      const stat = /\((.*)\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
      if (!stat || stat[2] === "Z" || !/^(postgres|postmaster)/.test(stat[1] ?? "")) return undefined;
    }
    return { port: Number(port), pid: Number(pid) };
  } catch {
    return undefined;
  }
}

async function ensureDatabase(adminUrl: string, database: string, appPassword: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, fetch_types: false, onnotice() {} });
  try {
    const [role] = await sql`select 1 from pg_roles where rolname = 'pandora_app'`;
    if (!role) await sql.unsafe(`create role pandora_app login nosuperuser nobypassrls password '${appPassword}'`);
    const [exists] = await sql`select 1 from pg_database where datname = ${database}`;
    if (!exists) await sql.unsafe(`create database "${database}" owner pandora_app`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
