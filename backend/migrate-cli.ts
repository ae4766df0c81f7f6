/** `npm run migrate`: brings the database up to date and ends. Uses DATABASE_URL, or the embedded database. */
import { randomBytes } from "node:crypto";
import { openDatabase } from "./boot-database.ts";
import { readConfig } from "./config.ts";
import { migrate } from "./migrate.ts";

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(): Promise<number> {
  // Migrating seals nothing: a deployment step needs the database's address, and none of the secrets.
  const unused = `unused:${randomBytes(32).toString("base64")}`;
  const database = await openDatabase(readConfig({ PANDORA_KEYS: unused, ...process.env }));
  try {
    const applied = await migrate(database.url);
    console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
    return 0;
  } finally {
    await database.release();
  }
}
