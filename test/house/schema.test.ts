/**
 * test/schema.sql is the database as the migrations make it, for people to read. After a new migration, refresh it:
 * npx vitest run test/house/schema.test.ts -u
 */
import { expect, test } from "vitest";
import type { Tx } from "../../backend/db.ts";
import { newDatabase } from "../support/database.ts";

const { db } = await newDatabase();

test("test/schema.sql is what the migrations make (npx vitest run test/house/schema.test.ts -u refreshes it)", async () => {
  const schema = await db.outside(describeSchema);
  expect(schema).toContain("table crm_write_log partitioned by range");
  await expect(schema).toMatchFileSnapshot("../schema.sql");
});

/** Read from the catalog: the embedded server brings no pg_dump. The log's partitions are left out; they come by the month. */
async function describeSchema(tx: Tx): Promise<string> {
  const tables = await tx<{ oid: string; name: string; kind: string; forced: boolean; by: string | null }[]>`
    select c.oid::text as oid, c.relname as name, c.relkind as kind, c.relforcerowsecurity as forced,
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as by
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`;
  const parts = [header];
  for (const { oid, name, forced, by } of tables) {
    const lines = [...(await columns(tx, oid)), ...(await constraints(tx, oid))].map((line) => `  ${line}`);
    parts.push(`table ${name}${by ? ` partitioned by ${by.toLowerCase()}` : ""} (\n${lines.join(",\n")}\n)`);
    const more = [...(await indexes(tx, oid)), ...(await policies(tx, oid)), ...(await triggers(tx, oid))];
    if (forced) more.push("row level security forced");
    if (more.length > 0) parts.push(more.join("\n"));
  }
  return `${[...parts, ...(await functions(tx))].join("\n\n")}\n`;
}

const header =
  "-- The schema that the migrations make, read from the catalog by test/house/schema.test.ts. Not run by anything.";

async function columns(tx: Tx, oid: string): Promise<string[]> {
  const rows = await tx<{ line: string }[]>`
    select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
      'default ' || pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${oid}::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`;
  return rows.map((row) => row.line);
}

/** Without the not-null ones, which PostgreSQL lists as constraints from version 18 on. */
async function constraints(tx: Tx, oid: string): Promise<string[]> {
  const rows = await tx<{ line: string }[]>`
    select conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
    where conrelid = ${oid}::oid and contype <> 'n' order by contype desc, conname`;
  return rows.map((row) => row.line);
}

async function indexes(tx: Tx, oid: string): Promise<string[]> {
  const rows = await tx<{ line: string }[]>`
    select pg_get_indexdef(i.indexrelid) as line from pg_index i
    where i.indrelid = ${oid}::oid and not exists (select 1 from pg_constraint where conindid = i.indexrelid) order by 1`;
  return rows.map((row) => row.line.replace("public.", "").replace("ON ONLY ", "ON "));
}

async function policies(tx: Tx, oid: string): Promise<string[]> {
  const rows = await tx<{ line: string }[]>`
    select concat_ws(' ', 'policy', polname, 'using', pg_get_expr(polqual, polrelid),
      'with check ' || pg_get_expr(polwithcheck, polrelid)) as line
    from pg_policy where polrelid = ${oid}::oid order by polname`;
  return rows.map((row) => row.line);
}

async function triggers(tx: Tx, oid: string): Promise<string[]> {
  const rows = await tx<{ line: string }[]>`
    select pg_get_triggerdef(oid) as line from pg_trigger where tgrelid = ${oid}::oid and not tgisinternal order by tgname`;
  return rows.map((row) => row.line);
}

async function functions(tx: Tx): Promise<string[]> {
  const rows = await tx<{ body: string }[]>`
    select pg_get_functiondef(oid) as body from pg_proc
    where pronamespace = 'public'::regnamespace order by proname, pronargs`;
  return rows.map((row) => row.body.trimEnd());
}
