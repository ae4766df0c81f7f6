/** Runs the plain SQL files of `migrations/` in order, once each, however many replicas start at the same time. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";

export const migrationsDir = fileURLToPath(new URL("../migrations", import.meta.url));

/**
 * @returns names of the migrations applied by this call
 * @throws Error when the database can't be reached, or an applied migration is missing or was changed since
 */
export async function migrate(url: string, dir = migrationsDir): Promise<string[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice() {}, idle_timeout: 0, max_lifetime: null });
  try {
    await takeLock(sql).catch((error: unknown) => {
      throw asOutOfReach(error, url);
    });
    await sql.unsafe(
      "create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())",
    );
    const applied = await sql<{ name: string; checksum: string }[]>`select name, checksum from schema_migrations`;
    const files = readdirSync(dir)
      .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
      .sort();
    const todo = pendingMigrations(
      files.map((file) => ({ file, text: readFileSync(path.join(dir, file), "utf8").replaceAll("\r\n", "\n") })),
      new Map(applied.map((row) => [row.name, row.checksum])),
    );
    for (const { file, text, checksum } of todo) await applyOne(sql, file, text, checksum);
    await sql.unsafe("select ensure_log_partitions(now() - interval '1 month', 15)");
    return todo.map(({ file }) => file);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

// No server there, no such host, no answer in time; wrong password, not let in, no such database.
const outOfReach = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "CONNECT_TIMEOUT", "28P01", "28000", "3D000"];

/** It is the first thing that talks to the database: says where it tried, without the password. */
function asOutOfReach(error: unknown, url: string): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (!code || !outOfReach.includes(code)) return error;
  const { host, pathname } = new URL(url);
  return new Error(
    `The database at ${host}${pathname} can't be used: ${message}. Check DATABASE_URL, and that PostgreSQL is running.`,
    { cause: error },
  );
}

type Pending = { file: string; text: string; checksum: string };

function pendingMigrations(files: { file: string; text: string }[], applied: Map<string, string>): Pending[] {
  const names = new Set(files.map(({ file }) => file));
  for (const name of applied.keys()) {
    if (!names.has(name))
      throw new Error(`The database has migration ${name}, which this version does not know. Run the newer version.`);
  }
  return files.flatMap(({ file, text }) => {
    const checksum = createHash("sha256").update(text).digest("hex");
    const before = applied.get(file);
    if (before === undefined) return [{ file, text, checksum }];
    if (before !== checksum)
      throw new Error(`Migration ${file} was changed after it was applied. Put it back and add a new file.`);
    return [];
  });
}

async function applyOne(sql: postgres.Sql, file: string, text: string, checksum: string): Promise<void> {
  // `-- no-transaction` is for CREATE INDEX CONCURRENTLY and the like.
  if (/^-- no-transaction$/m.test(text)) {
    for (const statement of text.split(/;\s*$/m)) {
      if (statement.replace(/--.*$/gm, "").trim()) await sql.unsafe(statement);
    }
    await sql`insert into schema_migrations (name, checksum) values (${file}, ${checksum})`;
    return;
  }
  // One simple-protocol message is one transaction of its own; no guard is needed for a connection used only here.
  const row = `insert into schema_migrations (name, checksum) values ('${file}', '${checksum}')`;
  await sql.unsafe(`begin;\n${text}\n;${row};\ncommit`);
}

// Polled: a blocking wait for an advisory lock deadlocks with CREATE INDEX CONCURRENTLY.
async function takeLock(sql: postgres.Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ ok: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended('pandora.migrate', 0)) as ok`;
    if (row?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
