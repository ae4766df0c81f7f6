/**
 * deal-score and account-score with all texts by rules over 1,000, 10,000 and 100,000 deals (a fifth as many companies):
 * time, CPU and SQL statements. Cost must grow with the number of records, not faster.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import type { Tx } from "../../backend/db.ts";
import { createLogger } from "../../backend/logger.ts";
import { queueSkillRun, runSkill } from "../../backend/skills/runtime.ts";
import { startBenchDatabase } from "./database.ts";
import type { Figure } from "./run.ts";

type Measured = { deals: number; seconds: number; cpuS: number; statements: number; again: number };

export async function skillsBench(small: boolean): Promise<Figure[]> {
  const sizes = small ? [100, 1_000] : [1_000, 10_000, 100_000];
  const measured: Measured[] = [];
  // The first run of a process pays for compiling; no size should pay for the others.
  await measure(sizes[0]!);
  for (const deals of sizes) measured.push(await measure(deals));
  const figures = measured.flatMap(figuresOf);
  for (const [n, next] of measured.entries()) {
    const before = measured[n - 1];
    if (!before) continue;
    const growth = next.cpuS / next.deals / (before.cpuS / before.deals);
    const slower = next.seconds / next.deals / (before.seconds / before.deals);
    figures.push(
      {
        what: `skills: CPU per deal at ${next.deals} against ${before.deals} deals`,
        ...{ figure: growth.toFixed(2), target: "<= 1.3", ok: growth <= 1.3 },
      },
      {
        what: `skills: time per deal, database included, at ${next.deals} against ${before.deals} deals`,
        ...{ figure: slower.toFixed(2), target: "<= 1.5", ok: slower <= 1.5 },
      },
    );
  }
  return figures;
}

function figuresOf({ deals, seconds, cpuS, statements, again }: Measured): Figure[] {
  const per1000 = (total: number) => (total / deals) * 1_000;
  const what = `skills, ${deals} deals and ${deals / 5} companies`;
  return [
    { what: `${what}: seconds in all`, figure: seconds.toFixed(1), target: "shown", ok: true },
    { what: `${what}: CPU s per 1,000 deals`, figure: per1000(cpuS).toFixed(3), target: "shown", ok: true },
    {
      what: `${what}: SQL statements per 1,000 deals`,
      // A run of any size costs its beginning and its end; what grows is four statements for each page of 1,000.
      ...{ figure: per1000(statements).toFixed(1), target: deals < 10_000 ? "shown" : "<= 10" },
      ok: deals < 10_000 || per1000(statements) <= 10,
    },
    {
      what: `${what}: values changed by a second run`,
      ...{ figure: String(again), target: "0", ok: again === 0 },
    },
  ];
}

async function measure(deals: number): Promise<Measured> {
  const { db, stop } = await startBenchDatabase();
  const now = new Date();
  // One moment for all runs: days pass between them otherwise when the bench runs over midnight.
  const clock = { ...systemClock, now: () => now };
  const house = {
    ...{
      db,
      clock,
      log: createLogger("silent"),
      config: readConfig({ PANDORA_KEYS: `bench:${Buffer.alloc(32, 1).toString("base64")}` }),
    },
    queue: { enqueue: async () => undefined },
  } as unknown as House;
  const workspaceId = randomUUID();
  await db.withWorkspace(workspaceId, (tx) => plant(tx, workspaceId, deals, now));
  await db.outside((tx) => tx`analyze`);
  const run = async (skill: string): Promise<number> => {
    const { id } = await db.withWorkspace(workspaceId, (tx) =>
      queueSkillRun(tx, house, workspaceId, { skill, trigger: "manual", scope: { crm: "hubspot" } }),
    );
    await runSkill(house, workspaceId, id);
    const [row] = await db.withWorkspace(
      workspaceId,
      (tx) => tx<{ changed: number }[]>`select changed from skill_runs where id = ${id}`,
    );
    return row!.changed;
  };
  // Let what planting left to do end first.
  await pause(200);
  const statements = db.statements();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await run("deal-score");
  await run("account-score");
  const used = process.cpuUsage(cpu);
  const result = {
    deals,
    seconds: (performance.now() - began) / 1_000,
    cpuS: (used.user + used.system) / 1e6,
    statements: db.statements() - statements,
  };
  const again = (await run("deal-score")) + (await run("account-score"));
  await stop();
  return { ...result, again };
}

/** Deals of all ages and stages, their contacts and companies, a conversation for every third deal. */
export async function plant(tx: Tx, workspaceId: string, deals: number, now: Date): Promise<void> {
  const companies = deals / 5;
  await tx`insert into workspaces (workspace_id, name) values (${workspaceId}, 'Bench')`;
  await tx`
    insert into companies (workspace_id, crm, crm_id, name, domain, industry, employees, owner_id, last_activity_at, synced_at)
    select ${workspaceId}, 'hubspot', 'c' || n, 'Company ' || n, 'c' || n || '.example', 'industry ' || n % 20, n % 3000,
      'o' || n % 50, ${now}::timestamptz - n % 200 * interval '1 day', ${now}
    from generate_series(1, ${companies}::int) n`;
  await tx`
    insert into contacts (workspace_id, crm, crm_id, email, name, job_title, phone, company_id, last_activity_at,
      crm_created_at, synced_at)
    select ${workspaceId}, 'hubspot', 'k' || n, 'p' || n || '@c' || n % ${companies}::int + 1 || '.example', 'Person ' || n,
      (array['CEO', 'VP Sales', 'Head of IT', 'Engineer', null])[n % 5 + 1], null, 'c' || n % ${companies}::int + 1,
      ${now}::timestamptz - n % 300 * interval '1 day', ${now}::timestamptz - n % 700 * interval '1 day', ${now}
    from generate_series(1, ${deals}::int) n`;
  await tx`
    insert into deals (workspace_id, crm, crm_id, name, amount, pipeline_id, stage_id, is_closed, is_won, probability,
      close_date, company_id, last_activity_at, stage_entered_at, crm_created_at, closed_at, close_date_pushes, synced_at)
    select ${workspaceId}, 'hubspot', 'd' || n, 'Deal ' || n, n % 90 * 1000, 'p' || n % 3, 's' || n % 7, n % 5 = 0,
      n % 10 = 0, (n % 10) / 10.0, (${now}::timestamptz + (n % 150 - 50) * interval '1 day')::date,
      'c' || n % ${companies}::int + 1, ${now}::timestamptz - n % 60 * interval '1 day',
      ${now}::timestamptz - n % 90 * interval '1 day', ${now}::timestamptz - n % 400 * interval '1 day',
      case when n % 5 = 0 then ${now}::timestamptz - n % 300 * interval '1 day' end, n % 4, ${now}
    from generate_series(1, ${deals}::int) n`;
  await tx`
    insert into deal_contacts (workspace_id, crm, deal_id, contact_id)
    select ${workspaceId}, 'hubspot', 'd' || n, 'k' || (n + m * 7) % ${deals}::int + 1
    from generate_series(1, ${deals}::int) n, generate_series(0, 1) m on conflict do nothing`;
  await tx`
    insert into conversations (workspace_id, id, title, source, started_at, duration_minutes, signals, facts_hash, created_at,
      updated_at, dirty, audience, deal_crm, deal_id)
    select ${workspaceId}, gen_random_uuid(), 'Call ' || n, 'generic', ${now}::timestamptz - n % 120 * interval '1 day', 30,
      jsonb_build_object('sentiment', n % 3 - 1, 'next_step_agreed', n % 2 = 0), '', ${now}, ${now}, false, 'external',
      'hubspot', 'd' || n * 3
    from generate_series(1, ${Math.floor(deals / 3)}::int) n`;
  await tx`
    insert into conversation_companies (workspace_id, conversation_id, crm, company_id, participants, method, confidence, is_primary)
    select c.workspace_id, c.id, 'hubspot', d.company_id, 1, 'contact', 1, true
    from conversations c join deals d on d.workspace_id = c.workspace_id and d.crm = 'hubspot' and d.crm_id = c.deal_id
    where c.workspace_id = ${workspaceId}`;
  await tx`
    insert into conversation_participants (workspace_id, conversation_id, ordinal, name, email, side)
    select c.workspace_id, c.id, 0, 'Person', 'p@' || c.deal_id || '.example', 'external'
    from conversations c where c.workspace_id = ${workspaceId}`;
}
