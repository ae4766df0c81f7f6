/** A database full of conversations, made inside it: companies, contacts, deals, calls and who was in them. */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import type { Db, Tx } from "../../backend/db.ts";
import { type BenchDatabase, startBenchDatabase } from "./database.ts";

export type GapsSize = { conversations: number; companies: number; contacts: number; deals: number; pending: number };

export type GapsWorld = { database: BenchDatabase; workspaceId: string; size: GapsSize };

/** 200 reps in 20 teams. */
export const reps = 200;
const teams = 20;
/** Every 200th company's calls are this one's: a customer of very many calls and contacts. */
export const largest = "c0";

const full: GapsSize = {
  ...{ conversations: 1_000_000, companies: 200_000, contacts: 1_000_000 },
  ...{ deals: 200_000, pending: 60_000 },
};

export async function startGapsWorld(small: boolean): Promise<GapsWorld> {
  const database = await startBenchDatabase();
  const share = small ? 100 : 1;
  const size = Object.fromEntries(Object.entries(full).map(([name, n]) => [name, n / share])) as GapsSize;
  const workspaceId = randomUUID();
  const sql = postgres(database.url, { max: 1, onnotice() {} });
  // Made at the end, all at once: row by row they cost most of the time.
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'public' and indexname not like '%_pkey'
      and tablename in ('conversations', 'conversation_participants', 'conversation_companies', 'contacts')`;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  await fill(database.db, workspaceId, size);
  // Somebody else's rows stand between.
  const other = Object.fromEntries(Object.entries(size).map(([name, n]) => [name, n / 20])) as GapsSize;
  await fill(database.db, randomUUID(), other);
  for (const { definition } of indexes) await sql.unsafe(definition);
  // As the server does by itself in time; it can't be done in a transaction.
  await sql`vacuum analyze`;
  await sql.end();
  return { database, workspaceId, size };
}

/** Mirror and conversations of one workspace. */
export async function fill(db: Db, workspaceId: string, size: GapsSize): Promise<void> {
  await db.withWorkspace(workspaceId, async (tx) => {
    await tx`insert into workspaces (workspace_id, name, time_zone) values (${workspaceId}, 'Bench', 'Europe/Berlin')`;
    await tx`
      insert into crm_connections (workspace_id, crm, account_id, status, instance_url, ui_url)
      values (${workspaceId}, 'hubspot', ${workspaceId}, 'connected', 'https://crm.test', 'https://crm.test/{objectType}/{id}')`;
    await tx`select directory_bind_account('hubspot', ${workspaceId}, ${workspaceId})`;
    await tx`
      insert into members (workspace_id, email, name, role, role_source, hubspot_user_id)
      values (${workspaceId}, 'admin@us.test', 'Admin', 'admin', 'bench', 'admin@us.test')`;
    await tx`
      insert into crm_owners (workspace_id, crm, owner_id, email, name, active, team_ids, synced_at)
      select ${workspaceId}, 'hubspot', 'o' || n, 'rep' || n || '@us.test', 'Rep ' || n, true, array['t' || n % ${teams}::int], now()
      from generate_series(0, ${reps - 1}::int) n`;
    await fillMirror(tx, workspaceId, size);
  });
  const pageSize = 100_000;
  for (let from = 0; from < size.conversations; from += pageSize) {
    const to = Math.min(from + pageSize, size.conversations) - 1;
    await db.withWorkspace(workspaceId, (tx) => fillConversations(tx, workspaceId, size, from, to));
  }
}

async function fillMirror(tx: Tx, workspaceId: string, size: GapsSize): Promise<void> {
  await tx`
    insert into companies (workspace_id, crm, crm_id, name, domain, owner_id, synced_at)
    select ${workspaceId}, 'hubspot', 'c' || n, ${word(tx, tx`n`)} || ' ' || ${word(tx, tx`n / 40`)} || ' ' || n,
      'c' || n || '.example', 'o' || n % ${reps}::int, now()
    from generate_series(0, ${size.companies - 1}::int) n`;
  await tx`
    insert into contacts (workspace_id, crm, crm_id, name, email, company_id, synced_at)
    select ${workspaceId}, 'hubspot', 'p' || n, ${word(tx, tx`n`)} || ' ' || ${word(tx, tx`n / 7`)},
      'p' || n || '@c' || ${companyOf(tx, size)} || '.example', 'c' || ${companyOf(tx, size)}, now()
    from generate_series(0, ${size.contacts - 1}::int) n`;
  await tx`
    insert into deals (workspace_id, crm, crm_id, name, company_id, owner_id, is_closed, is_won, closed_at, amount, currency,
      crm_created_at, last_activity_at, synced_at)
    select ${workspaceId}, 'hubspot', 'd' || n, ${word(tx, tx`n`)} || ' renewal ' || n, 'c' || ${companyOf(tx, size)},
      'o' || n % ${reps}::int, n % 3 <> 0, n % 3 = 1, case when n % 3 <> 0 then now() - n % 900 * interval '1 day' end,
      n % 977 * 100, case when n % 5 = 0 then 'USD' else 'EUR' end, now() - n % 1100 * interval '1 day',
      now() - n % 90 * interval '1 day', now()
    from generate_series(0, ${size.deals - 1}::int) n`;
}

/** Ids grow, as those of real ones do. Calls of the last two years; the newest are gaps, most of these pending. Three people in each, two companies in every tenth. */
async function fillConversations(tx: Tx, workspaceId: string, size: GapsSize, from: number, to: number): Promise<void> {
  const every = Math.floor(size.conversations / size.pending);
  await tx`
    create temporary table made on commit drop as
    select n, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || substr(md5(n::text), 1, 12))::uuid as id, ${companyOf(tx, size)} as company, n % 20 <> 7 as has_company, n % 33 <> 5 as has_rep,
      ((n * 31::bigint + n / 7) % ${reps}::int)::int as rep, case when n % ${every}::int = 0 then 'pending'
        when n % ${every * 2}::int = 1 then (array['dismissed', 'created', 'linked'])[1 + n / 11 % 3] end as status
    from generate_series(${from}::int, ${to}::int) n`;
  await tx`
    insert into conversations (workspace_id, id, title, source, started_at, duration_minutes, facts_hash, created_at,
      updated_at, dirty, audience, rep_owner_crm, rep_owner_id, rep_email, rep_name, company_crm, company_id, company_key,
      gap_status, severity, severity_reason, likely_cause, offered_deals, judged_at)
    select ${workspaceId}, m.id, ${word(tx, tx`m.n / 17`)} || ' call with ' || ${word(tx, tx`m.n / 3`)}, 'gong',
      now() - (m.n * 7919::bigint % 2000000) * interval '32 seconds', m.n % 71, '', now(), now(), false, 'external',
      case when has_rep then 'hubspot' end, case when has_rep then 'o' || rep end,
      case when has_rep then 'rep' || rep || '@us.test' end, case when has_rep then 'Rep ' || rep end,
      case when has_company then 'hubspot' end, case when has_company then 'c' || company end,
      case when has_company then 'company:hubspot:c' || company else 'domain:x' || m.n || '.test' end,
      status, case when status is not null then 1 + m.n / 13 % 3 end, 'Less than 7 days old.',
      case when status is not null then (array['deal_linking_gap', 'early_stage', 'deal_not_created', 'unknown'])[1 + m.n / 29 % 4] end,
      jsonb_build_array(jsonb_build_object('crm', 'hubspot', 'id', 'd' || m.n % ${size.deals}::int, 'reason', 'Same owner.')), now()
    from made m`;
  await tx`
    insert into conversation_participants (workspace_id, conversation_id, ordinal, name, email, side, domain, contact_crm, contact_id)
    select ${workspaceId}, m.id, o, ${word(tx, tx`m.n + o * 13`)} || ' ' || ${word(tx, tx`m.n / 5 + o`)},
      case when o = 0 then 'rep' || rep || '@us.test' else 'p' || (m.n + o) || '@c' || company || '.example' end,
      case when o = 0 then 'internal' else 'external' end, case when o = 0 then 'us.test' else 'c' || company || '.example' end,
      case when o > 0 then 'hubspot' end, case when o > 0 then 'p' || (m.n + o) % ${size.contacts}::int end
    from made m cross join generate_series(0, 2) o`;
  await tx`
    insert into conversation_companies (workspace_id, conversation_id, crm, company_id, participants, method, confidence, is_primary)
    select ${workspaceId}::uuid, m.id, 'hubspot', 'c' || company, 2, 'contact', 0.9, true from made m where has_company
    union all
    select ${workspaceId}::uuid, m.id, 'hubspot', 'c' || (company + 1) % ${size.companies}::int, 1, 'contact', 0.9, false
    from made m where has_company and m.n % 10 = 3`;
  await tx`select refresh_gap_words(array(select id from made where status is not null))`;
}

/** Number n's company; every 200th is the largest one. */
function companyOf(tx: Tx, size: GapsSize) {
  return tx`(case when n % 200 = 100 then 0 else (n * 7919::bigint % ${size.companies}::int)::int end)`;
}

/** One of 900 words, each as common as the others, some beginning alike. */
function word(tx: Tx, n: ReturnType<Tx>) {
  const first = tx`(array['acme','beta','cor','delta','eco','fin','gamma','helio','inter','jade','kilo','lumen','macro','nova','omni',
    'pro','quanta','rho','sigma','terra','ultra','vera','wave','xeno','yield','zeta','intro','demo','quarterly','review'])`;
  const second = tx`(array['','line','soft','tech','ware','works','lab','net','gen','flow','point','base','core','dyne','form',
    'graph','hub','ion','jet','kit','link','mind','node','plex','rise','scope','trade','view','wise','zone'])`;
  return tx`(${first}[1 + (${n}) % 30] || ${second}[1 + (${n}) / 30 % 30])`;
}
