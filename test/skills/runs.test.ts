/** Skill runs whole: nothing by halves, nothing twice, one sync for a burst, and never held up by the CRM. */
import { expect, test } from "vitest";
import { skillNames } from "../../backend/skills/catalogue.ts";
import { runSkill, startSkillRun } from "../../backend/skills/runtime.ts";
import { getSkillRun } from "../../backend/skills/skill-runs.ts";
import { getRun, listRuns } from "../../backend/writeback/runs.ts";
import { newTestHouse } from "../support/house.ts";
import { planting } from "./planted.ts";

async function planted(crm: "hubspot" | "salesforce" = "hubspot") {
  const t = await newTestHouse(crm);
  const p = planting(t.house, t.workspaceId, crm);
  const { db, clock } = t.house;
  return {
    ...p,
    ...t,
    /** Many deals that differ from nothing. */
    deals: (count: number) =>
      p.inside(
        (tx) => tx`
          insert into deals (workspace_id, crm, crm_id, name, is_closed, is_won, company_id, crm_created_at, synced_at)
          select ${t.workspaceId}, ${crm}, 'd' || lpad(n::text, 5, '0'), 'Deal', false, false, 'c' || n % 7, ${p.ago(40)},
            ${clock.now()} from generate_series(1, ${count}::int) n`,
      ),
    /** Storing this record's values fails, until it is mended. */
    breakAt: (id: string) =>
      db.outside(async (tx) => {
        await tx.unsafe(`create function broken() returns trigger language plpgsql as
          $$ begin raise exception 'disk full near jo@acme.test'; end $$`);
        await tx.unsafe(`create trigger broken before insert on record_values for each row
          when (new.crm_record_id = '${id}') execute function broken()`);
      }),
    mend: () => db.outside((tx) => tx`drop function broken cascade`),
    begin: (skill: string, record_ids?: string[]) =>
      startSkillRun(t.house, t.workspaceId, {
        ...{ skill, trigger: "manual", scope: { crm, ...(record_ids ? { record_ids } : {}) } },
      }),
    skillRun: (id: string) => getSkillRun(t.house, t.workspaceId, id),
    syncs: async () => (await listRuns(t.house, t.workspaceId, { limit: 50 })).items,
  };
}

test("a run that fails half way leaves nothing; tried again, it stores all of it", async () => {
  const t = await planted();
  await t.deals(1_500);
  await t.breakAt("d01400");
  const { id } = await t.begin("deal-score");
  const work = () =>
    t.handlers["skill.run"].run({ workspace_id: t.workspaceId, skill_run_id: id }, new AbortController().signal);
  await expect(work()).rejects.toThrow("disk full");
  // The first page of a thousand was stored by then.
  expect(await t.everything()).toEqual([]);
  expect(await t.skillRun(id)).toMatchObject({ status: "running", writeback: null });
  expect(await t.waiting("writeback.run-finished")).toBe(0);
  await t.mend();
  await work();
  expect(await t.skillRun(id)).toMatchObject({ status: "completed", error: null, records: 1_500, changed: 1_500 });
  // Delivered once more: done already.
  const stored = await t.everything();
  t.clock.advance(60_000);
  await work();
  expect(await t.everything()).toEqual(stored);
});

test("a run given up says so in words that name nobody, and the next one makes up for it", async () => {
  const t = await planted();
  await t.deals(3);
  await t.breakAt("d00002");
  const { id } = await t.begin("deal-score");
  await expect(t.drain()).rejects.toThrow("disk full");
  expect(await t.skillRun(id)).toMatchObject({
    ...{ status: "failed", records: 0, changed: 0, writeback: null, finished_at: t.clock.now().toISOString() },
    error: expect.stringMatching(/^Pandora met a fault of its own .* Nothing of it was stored/),
  });
  expect(await t.everything()).toEqual([]);
  await t.mend();
  const again = await t.begin("deal-score");
  await t.drain();
  expect(await t.skillRun(again.id)).toMatchObject({ status: "completed", changed: 3 });
});

test("an audit that fails half way keeps what was found before", async () => {
  const t = await planted();
  await t.deals(2);
  await t.run("data-quality-audit");
  const before = await t.findings();
  await t.house.db.outside(async (tx) => {
    await tx.unsafe(`create function broken() returns trigger language plpgsql as
      $$ begin raise exception 'disk full'; end $$`);
    await tx.unsafe("create trigger broken before delete on findings for each row execute function broken()");
  });
  await t.change("deals", "d00001", { amount: 5, owner_id: "o1" });
  await expect(t.run("data-quality-audit")).rejects.toThrow("disk full");
  expect(await t.findings()).toEqual(before);
});

test.each(["hubspot", "salesforce"] as const)(
  "%s: the same facts again change and enqueue nothing, whichever skill",
  async (crm) => {
    const t = await planted(crm);
    await t.owner("o1", { email: "ann@us.test" });
    await t.company("c1", { industry: "Software", owner_id: "o1", last_activity_at: t.ago(4) });
    await t.contact("k1", { company_id: "c1", email: "jo@c1.test", job_title: "VP Sales", last_activity_at: t.ago(4) });
    await t.deal("d1", { company_id: "c1", contacts: ["k1"], amount: 100, close_date: "2031-02-01", owner_id: "o1" });
    await t.deal("d2", { stage_id: "s", pipeline_id: "p", stage_entered_at: t.ago(9) });
    await t.deal("d3", { is_closed: true, is_won: true, closed_at: t.ago(30), company_id: "c1" });
    await t.call({ deal: "d1", companies: ["c1"], people: ["k1"], sentiment: 0.5, nextStep: true });
    await t.call({ companies: ["c1"], gap_status: "pending", severity: 3, rep_email: "ann@us.test" });
    for (const skill of skillNames) await t.begin(skill);
    await t.drain();
    // What the audit found is counted in.
    await t.drain();
    const before = { values: await t.everything(), findings: await t.findings() };
    expect(before.values.length).toBeGreaterThan(20);
    expect(before.findings.length).toBeGreaterThan(3);
    t.clock.advance(60_000);
    for (const skill of skillNames) {
      const { id } = await t.begin(skill);
      await runSkill(t.house, t.workspaceId, id);
      expect(await t.skillRun(id)).toMatchObject({ skill, status: "completed", changed: 0, writeback: null });
    }
    expect({ values: await t.everything(), findings: await t.findings() }).toEqual(before);
    const { "skill.run": started, ...others } = await t.house.queue.pending();
    // The six that were begun, none besides.
    expect([started, others]).toEqual([6, {}]);
  },
);

test("a burst of runs makes one sync for each skill that has something mapped, seen from both sides", async () => {
  const t = await planted();
  const ids = [1, 2, 3].map(() => t.crm.addDeal());
  for (const id of ids) await t.deal(id, { company_id: "c1" });
  await t.company("c1");
  await t.addMapping({
    ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
  });
  await t.addMapping({ pandora_field: "deal_risk_summary", crm_property_name: t.property.long });
  const begun: string[] = [];
  for (const one of ids) {
    const { id } = await t.begin("deal-score", [one]);
    await runSkill(t.house, t.workspaceId, id);
    begun.push(id);
  }
  const account = await t.begin("account-score");
  await runSkill(t.house, t.workspaceId, account.id);
  expect(await t.skillRun(begun[0]!)).toMatchObject({
    status: "completed",
    writeback: "waiting",
    writeback_run_ids: [],
  });
  await t.drain();
  const syncs = await t.syncs();
  expect(syncs).toMatchObject([
    { trigger: "skill_run:deal-score", status: "completed", totals: { records: 3, done: 3, written: 3 } },
  ]);
  for (const id of begun) {
    expect(await t.skillRun(id)).toMatchObject({ writeback: "done", writeback_run_ids: [syncs[0]!.id] });
  }
  // Nothing of the account's is mapped: done, and no sync.
  expect(await t.skillRun(account.id)).toMatchObject({ writeback: "done", writeback_run_ids: [] });
  expect([t.crm.calls("/batch/read"), t.crm.calls("/batch/update")]).toEqual([1, 1]);
  expect((await t.log()).map((row) => row.trigger_source)).toEqual(Array(3).fill("skill_run:deal-score"));
});

test("a write-back that fails never fails the run, and what it could not write is not lost", async () => {
  const t = await planted();
  const id = t.crm.addDeal();
  await t.deal(id);
  await t.addMapping({
    ...{ pandora_field: "deal_score", crm_property_name: t.property.number, sync_trigger: "after_skill_run" },
  });
  t.crm.removeProperty(t.property.number);
  const first = await t.begin("deal-score");
  await t.drain();
  const refused = await t.skillRun(first.id);
  expect(refused).toMatchObject({ status: "completed", error: null, changed: 1, writeback: "done" });
  expect(await getRun(t.house, t.workspaceId, refused.writeback_run_ids[0]!)).toMatchObject({ totals: { written: 0 } });

  // The job that starts the sync fails itself.
  await t.inside(
    (tx) => tx`update crm_property_mappings set status = 'active', crm_property_name = ${t.property.text}`,
  );
  await t.house.db.outside(async (tx) => {
    await tx.unsafe(`create function broken() returns trigger language plpgsql as
      $$ begin raise exception 'disk full'; end $$`);
    await tx.unsafe("create trigger broken before insert on sync_runs for each row execute function broken()");
  });
  await t.change("deals", id, { last_activity_at: t.ago(1) });
  const second = await t.begin("deal-score");
  await expect(t.drain()).rejects.toThrow("disk full");
  expect(await t.skillRun(second.id)).toMatchObject({ status: "completed", error: null, writeback: "waiting" });
  await t.mend();
  await t.change("deals", id, { last_activity_at: t.ago(20) });
  const third = await t.begin("deal-score");
  await t.drain();
  // One sync makes up for both.
  const [made] = (await t.skillRun(third.id)).writeback_run_ids;
  expect((await t.skillRun(second.id)).writeback_run_ids).toEqual([made]);
  expect(t.crm.value(id, t.property.text)).toBe(String((await t.values("deal", id))["deal_score"]!.value));
});

test("runs over the same records at the same time wait for each other, and each value is stored once", async () => {
  const t = await planted();
  await t.deals(1_200);
  for (let n = 0; n < 7; n += 1) await t.company(`c${n}`);
  await t.run("data-quality-audit");
  const ids = Array.from({ length: 1_200 }, (_, n) => `d${String(1_200 - n).padStart(5, "0")}`);
  const runs = [
    await t.begin("deal-score"),
    await t.begin("account-score"),
    await startSkillRun(t.house, t.workspaceId, {
      ...{ skill: "deal-score", trigger: "mirror", scope: { crm: "hubspot", record_ids: ids } },
    }),
    await startSkillRun(t.house, t.workspaceId, {
      ...{ skill: "account-score", trigger: "mirror", scope: { crm: "hubspot", record_ids: ["c6", "c3", "c1"] } },
    }),
  ];
  // One of them is delivered twice.
  await Promise.all([...runs, runs[0]!].map(({ id }) => runSkill(t.house, t.workspaceId, id)));
  const ended = await Promise.all(runs.map(({ id }) => t.skillRun(id)));
  expect(ended.map(({ status }) => status)).toEqual(Array(4).fill("completed"));
  // Whichever was first changed them, the other found nothing to change.
  expect([ended[0]!.changed, ended[2]!.changed].toSorted((a, b) => a - b)).toEqual([0, 1_200]);
  const versions = await t.inside(
    (tx) =>
      tx`select distinct value_version::int as v from record_values where field in ('deal_score', 'account_score')`,
  );
  expect(versions).toEqual([{ v: 1 }]);
});

test("tables that were filled a moment ago are made known to the planner before they are read", async () => {
  const t = await planted();
  const known = async () => {
    const rows = await t.house.db.outside(
      (tx) => tx<{ name: string }[]>`
        select relname as name from pg_class where relname in ('deals', 'conversations', 'findings') and reltuples > 0
          order by 1`,
    );
    return rows.map(({ name }) => name);
  };
  await t.deals(600);
  await t.inside(async (tx) => {
    await tx`
      insert into conversations (workspace_id, id, source, started_at, facts_hash, created_at, updated_at, deal_crm, deal_id)
      select ${t.workspaceId}, gen_random_uuid(), 'generic', ${t.ago(5)}, '', now(), now(), 'hubspot', crm_id from deals`;
    // Told at once; else the database tells when it is idle.
    await tx`select pg_stat_force_next_flush()`;
  });
  expect(await known()).toEqual([]);
  await t.run("deal-score");
  expect(await known()).toEqual(["conversations", "deals"]);
  // Found in bulk, and read next by the scores that rest on it.
  await t.run("data-quality-audit");
  expect(await known()).toEqual(["conversations", "deals", "findings"]);
});
