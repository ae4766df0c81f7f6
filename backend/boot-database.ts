/** The database to work with: the one that DATABASE_URL names, else the embedded one of this project. */
import type { Config } from "./config.ts";
import { openDb } from "./db.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";

export type OpenedDatabase = {
  /** Connects as the application's role. */
  url: string;
  /** Stops the embedded database unless another process still uses it; leaves any other alone. */
  release(): Promise<void>;
};

/**
 * Starts the embedded database, or takes over one that runs on the same folder already (another process of ours, or one
 * that outlived a `kill -9`).
 * @param flags extra server flags of the embedded database
 */
export async function openDatabase(
  config: Pick<Config, "databaseUrl" | "dataDir">,
  flags: string[] = [],
): Promise<OpenedDatabase> {
  if (config.databaseUrl) return { url: config.databaseUrl, async release() {} };
  const server = await startEmbeddedPostgres({ dir: config.dataDir, database: "pandora", flags });
  return {
    url: server.url,
    async release() {
      // The last one out turns off the light: two processes may share the folder, and either may end first.
      if (!(await isUsedByOthers(server))) await server.stop();
    },
  };
}

async function isUsedByOthers(server: EmbeddedPostgres): Promise<boolean> {
  const admin = openDb(server.adminUrl, { poolMax: 1 });
  try {
    // Our own connections, just closed, are listed for a moment more.
    for (let look = 0; look < 10; look += 1) {
      const [row] = await admin.outside(
        (tx) => tx<{ others: number }[]>`
          select count(*)::int as others from pg_stat_activity
          where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      if (row?.others === 0) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  } catch {
    return false; // it does not answer: nothing is lost by stopping it
  } finally {
    await admin.close();
  }
}
