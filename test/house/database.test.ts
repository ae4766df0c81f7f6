import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { expect, test } from "vitest";
import { assertTenantSafe, openDb } from "../../backend/db.ts";
import { guardedTx } from "../../backend/guarded-tx.ts";
import { migrate } from "../../backend/migrate.ts";
import { newDatabase } from "../support/database.ts";

const { url, adminUrl, db } = await newDatabase();

async function addWorkspace(name: string): Promise<string> {
  const id = randomUUID();
  await db.withWorkspace(id, (tx) => tx`insert into workspaces (workspace_id, name) values (${id}, ${name})`);
  return id;
}

test("a query outside withWorkspace sees no tenant row", async () => {
  const mine = await addWorkspace("Mine");
  const outside = await db.outside((tx) => tx`select * from workspaces`);
  expect(outside).toHaveLength(0);
  const inside = await db.withWorkspace(mine, (tx) => tx`select name from workspaces`);
  expect(inside.map((row) => row.name)).toEqual(["Mine"]);
});

test("every tenant table forces row-level security and begins its primary key with workspace_id", async () => {
  const tables = await db.outside(
    (tx) => tx<{ name: string; forced: boolean; first: string | null }[]>`
      select c.relname as name, c.relforcerowsecurity and c.relrowsecurity as forced,
        (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
          where i.indrelid = c.oid and i.indisprimary) as first
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')
        and c.relname <> 'schema_migrations' and c.relname not like 'directory_%'`,
  );
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter((table) => !table.forced || table.first !== "workspace_id")).toEqual([]);
});

test("another workspace's row can be neither written nor moved", async () => {
  const mine = await addWorkspace("Mine");
  const other = await addWorkspace("Other");
  await expect(
    db.withWorkspace(
      mine,
      (tx) => tx`insert into members (workspace_id, email, role) values (${other}, 'x@y.example', 'rep')`,
    ),
  ).rejects.toThrow(/row-level security/);
});

test("directory rows are reached through their functions only", async () => {
  const mine = await addWorkspace("Mine");
  await db.outside((tx) => tx`select directory_bind_account('hubspot', '42', ${mine})`);
  expect(await db.outside((tx) => tx`select * from directory_crm_accounts`)).toHaveLength(0);
  const [found] = await db.outside((tx) => tx`select directory_find_account('hubspot', '42') as id`);
  expect(found?.id).toBe(mine);
  const other = await addWorkspace("Other");
  const [bound] = await db.outside((tx) => tx`select directory_bind_account('hubspot', '42', ${other}) as id`);
  expect(bound?.id).toBe(mine);
});

test("a superuser is refused as the application's role", async () => {
  const asAdmin = openDb(adminUrl);
  await expect(assertTenantSafe(asAdmin)).rejects.toMatchObject({ code: "unsafe_database_role" });
  await asAdmin.close();
  await assertTenantSafe(db);
});

test("several replicas migrating at once: one applies, the others wait; a changed file is refused", async () => {
  const results = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(results).toEqual([[], [], []]); // the template is migrated already
  const admin = postgres(url, { max: 1, onnotice() {} });
  await admin`update schema_migrations set checksum = 'other' where name like '0001%'`;
  await expect(migrate(url)).rejects.toThrow(/changed after it was applied/);
  await admin.end();
});

test("backends killed mid-transaction leave nothing half done and nothing of one tenant in another", async () => {
  const sql = postgres(url, { max: 4, fetch_types: false, max_pipeline: 1, onnotice() {} } as never);
  const killer = postgres(adminUrl, { max: 1, onnotice() {} });
  const workspaces = await Promise.all([addWorkspace("A"), addWorkspace("B"), addWorkspace("C")]);
  let killed = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 120 }, (_, n) =>
      guardedTx(sql as never, async (tx) => {
        const workspace = workspaces[n % 3]!;
        await tx`select set_config('app.workspace_id', ${workspace}, true)`;
        await tx`insert into alerts (workspace_id, kind, subject, message) values (${workspace}, 'first', ${`s${n}`}, ${workspace})`;
        if (n % 5 === 0) {
          const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
          await killer`select pg_terminate_backend(${backend!.pid})`;
          killed += 1;
        }
        await tx`insert into alerts (workspace_id, kind, subject, message) values (${workspace}, 'second', ${`s${n}`}, ${workspace})`;
      }),
    ),
  );
  expect(killed).toBeGreaterThan(15);
  expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBeGreaterThanOrEqual(killed);
  const rows =
    await killer`select subject, workspace_id = message::uuid as own, count(*)::int as n from alerts group by 1, 2`;
  expect(rows.filter((row) => !row.own || row.n !== 2)).toEqual([]);
  await killer.end();
  await sql.end({ timeout: 2 });
});
