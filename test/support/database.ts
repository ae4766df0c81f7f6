/** A database of its own for each test file, copied from the migrated template in a few ms. */
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { type Db, openDb } from "../../backend/db.ts";

export type TestDatabase = { url: string; adminUrl: string; db: Db };

/** Call once at the top of a test file (or in beforeAll). Dropped after the file. */
export async function newDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const adminUrl = inject("adminUrl");
  const admin = postgres(adminUrl, { max: 1, onnotice() {} });
  await admin.unsafe(`create database ${name} template template_pandora owner pandora_app`);
  await admin.end();
  const url = inject("templateUrl").replace("template_pandora", name);
  const db = openDb(url);
  afterAll(async () => {
    await db.close();
    const last = postgres(adminUrl, { max: 1, onnotice() {} });
    await last.unsafe(`drop database if exists ${name} with (force)`);
    await last.end();
  });
  return { url, adminUrl: adminUrl.replace(/\/postgres$/, `/${name}`), db };
}
