/** One embedded PostgreSQL for the whole test run; each test file gets a copy of a migrated template database. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../backend/embedded-postgres.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";
import { migrate } from "../../backend/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    adminUrl: string;
    templateUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(path.join(tmpdir(), "pandora-test-"));
  chmodSync(dir, 0o755);
  const server = await startEmbeddedPostgres({
    dir,
    database: "template_pandora",
    flags: ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
  });
  await migrate(server.url);
  const queue = await openQueue({ url: server.url, log: createLogger("silent"), supervise: false });
  await queue.stop(0);
  const sql = postgres(server.adminUrl, { max: 1, onnotice() {} });
  await sql.unsafe("alter database template_pandora with is_template true");
  await sql.end();
  project.provide("adminUrl", server.adminUrl);
  project.provide("templateUrl", server.url);
  return async () => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
