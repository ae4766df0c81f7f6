/** A database of its own for each test file, copied from the migrated template in a few ms. */
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { type Db, openDb } from "../../backend/db.ts";
import { afterwards } from "./afterwards.ts";

export type TestDatabase = { url: string; adminUrl: string; db: Db };

/** Dropped after the test that asked for it, or after the file when asked for at its top. */
export async function newDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const adminUrl = inject("adminUrl");
  const admin = postgres(adminUrl, { max: 1, onnotice() {} });
  await admin.unsafe(`create database ${name} template template_pandora owner pandora_app`);
  await admin.end();
  const url = inject("templateUrl").replace("template_pandora", name);
  const db = openDb(url);
  afterwards(async () => {
    await db.close();
    const last = postgres(adminUrl, { max: 1, onnotice() {} });
    await last.unsafe(`drop database if exists ${name} with (force)`);
    await last.end();
  });
  return { url, adminUrl: adminUrl.replace(/\/postgres$/, `/${name}`), db };
}
