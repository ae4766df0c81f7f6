/** The operator's command: `npm run admin -- <command>`. Uses DATABASE_URL, or the embedded database as the server does. */
import { runAdmin, usage } from "./admin.ts";
import { readConfig } from "./config.ts";
import { assertTenantSafe, openDb } from "./db.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.length === 0 || args[0] === "help" || args.includes("--help")) {
    console.log(usage);
    return args.length === 0 ? 2 : 0;
  }
  const config = readConfig(process.env);
  const server = config.databaseUrl ? null : await startEmbeddedPostgres({ dir: config.dataDir, database: "pandora" });
  const url = config.databaseUrl ?? server!.url;
  await migrate(url);
  const db = openDb(url, { poolMax: 2 });
  try {
    await assertTenantSafe(db);
    return await runAdmin(args, { db, keys: config.keys, print: console.log, complain: console.error });
  } finally {
    await db.close();
    // A database that a running server uses stays up.
    if (server?.started) await server.stop();
  }
}
