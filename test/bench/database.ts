/** A migrated PostgreSQL of its own for a part of the bench that needs no CRM; durability is off, as everywhere here. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Db, openDb } from "../../backend/db.ts";
import { startEmbeddedPostgres } from "../../backend/embedded-postgres.ts";
import { migrate } from "../../backend/migrate.ts";

export type BenchDatabase = { db: Db; url: string; stop(): Promise<void> };

export async function startBenchDatabase(): Promise<BenchDatabase> {
  const dir = mkdtempSync(path.join(tmpdir(), "pandora-bench-"));
  chmodSync(dir, 0o755);
  const postgres = await startEmbeddedPostgres({ dir, database: "bench", flags: ["-c", "fsync=off"] });
  await migrate(postgres.url);
  const db = openDb(postgres.url);
  return {
    ...{ db, url: postgres.url },
    async stop() {
      await db.close();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
