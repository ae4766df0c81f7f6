import { expect, test } from "vitest";
import { createWorkspace } from "../../backend/connections/workspaces.ts";
import type { Tx } from "../../backend/db.ts";
import { skillNames } from "../../backend/skills/catalogue.ts";
import { analyseChanged } from "../../backend/skills/on-changes.ts";
import { queueSkillRun, startSkillRun } from "../../backend/skills/runtime.ts";
import { getSkillRun } from "../../backend/skills/skill-runs.ts";
import { factsHash } from "../../backend/skills/store.ts";
import { setUp } from "../connections/setup.ts";

const setup = await setUp();
const { house } = setup;

type Value = {
  crm_record_id: string;
  field: string;
  value: unknown;
  value_version: string;
  run_id: string | null;
  computed_at: Date;
};

async function newWorkspace(deals: number) {
  const id = await createWorkspace(house.db, "Skills", { email: "ada@skills.example" });
  const rows = Array.from({ length: deals }, (_, n) => ({ id: `d${String(n).padStart(5, "0")}`, n }));
  await within(
    id,
    (tx) => tx`
    insert into deals (workspace_id, crm, crm_id, name, amount, pipeline_id, stage_id, is_closed, is_won, probability,
      close_date, last_activity_at, stage_entered_at, crm_created_at, crm_updated_at, synced_at)
    select ${id}, 'hubspot', r.id, 'Deal ' || r.n, 100, 'p', 's', false, false, 0.5, '2026-12-20',
      ${new Date("2026-11-15T09:00:00Z")}, ${new Date("2026-11-01T09:00:00Z")}, '2026-10-01', '2026-11-15', now()
    from jsonb_to_recordset(${tx.json(rows)}) as r(id text, n int)`,
  );
  const run = async (record_ids?: string[]) => {
    const started = await startSkillRun(house, id, {
      skill: "deal-score",
      trigger: "manual",
      scope: { crm: "hubspot", ...(record_ids ? { record_ids } : {}) },
    });
    await setup.drain();
    return started.id;
  };
  const values = (record = "d00000") =>
    within(
      id,
      (tx) => tx<Value[]>`
    select crm_record_id, field, value, value_version::text, run_id, computed_at from record_values where crm_record_id = ${record} order by field`,
    );
  return { id, run, values };
}

function within<T>(id: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return house.db.withWorkspace(id, work);
}

test("a run stores score, texts and the stamp for each deal, and enqueues the write-back", async () => {
  const { id, run, values } = await newWorkspace(3);
  setup.delivered.length = 0;
  const runId = await run();
  const stored = await values();
  expect(stored.map((row) => row.field)).toEqual([
    "account_signals_text",
    "deal_risk_summary",
    "deal_score",
    "enhanced_deal_score",
    "next_step_recommendation",
    "pandora_last_analyzed_at",
  ]);
  expect(stored.every((row) => row.run_id === runId && row.value_version === "1")).toBe(true);
  expect(stored[2]!.value).toBe(76);
  expect(stored[5]!.value).toBe(house.clock.now().toISOString());
  const [factors] = await within(
    id,
    (tx) =>
      tx<{ factors: { points: number }[] }[]>`select factors from record_values where field = 'deal_score' limit 1`,
  );
  expect(factors!.factors.reduce((sum, factor) => sum + factor.points, 0)).toBe(76);
  expect(setup.delivered).toEqual(["writeback.run-finished"]);
  expect(await getSkillRun(house, id, runId)).toMatchObject({ status: "completed", records: 3, changed: 3 });
});

test("the same facts change nothing and trigger nothing", async () => {
  const { id, run, values } = await newWorkspace(3);
  await run();
  const before = await values();
  setup.delivered.length = 0;
  house.clock.advance(60_000);
  const again = await run();
  expect(await values()).toEqual(before);
  expect(setup.delivered).toEqual([]);
  expect(await getSkillRun(house, id, again)).toMatchObject({ status: "completed", records: 3, changed: 0 });
});

test("changed facts with an equal value raise the version, but name no change to write; changed values do", async () => {
  const { id, run, values } = await newWorkspace(1);
  const first = await run();
  // Two more contacts beyond three give no more points.
  const contacts = (from: number, to: number) =>
    within(
      id,
      (tx) => tx`
    insert into deal_contacts (workspace_id, crm, deal_id, contact_id)
    select ${id}, 'hubspot', 'd00000', 'c' || n from generate_series(${from}::int, ${to}::int) n`,
    );
  await contacts(1, 3);
  house.clock.advance(60_000);
  const second = await run();
  expect((await values())[2]).toMatchObject({ field: "deal_score", value: 86, value_version: "2", run_id: second });
  await contacts(4, 5);
  house.clock.advance(60_000);
  setup.delivered.length = 0;
  const third = await run();
  expect((await getSkillRun(house, id, third)).changed).toBe(0);
  const stored = await values();
  expect(stored.every((row) => row.value_version === "3")).toBe(true);
  expect(stored[2]).toMatchObject({ value: 86, run_id: second });
  // The stamp has moved on, and is no reason to write by itself.
  expect(stored[5]).toMatchObject({ value: house.clock.now().toISOString(), run_id: second });
  expect(stored.some((row) => row.run_id === third)).toBe(false);
  expect(setup.delivered).toEqual([]);
  expect(first).not.toBe(second);
});

test("pages of a thousand: every deal once, few statements, only the named ones when named", async () => {
  const { id, run } = await newWorkspace(2_300);
  const before = house.db.statements();
  const runId = await run();
  expect(await getSkillRun(house, id, runId)).toMatchObject({ records: 2_300, changed: 2_300 });
  expect(house.db.statements() - before).toBeLessThan(30);
  const named = await run(["d00001", "d02000", "gone"]);
  expect(await getSkillRun(house, id, named)).toMatchObject({ records: 2 });
});

test("what Pandora writes itself is not counted as a fact", async () => {
  const { id, run, values } = await newWorkspace(1);
  await within(
    id,
    (tx) => tx`
    insert into crm_property_mappings (workspace_id, crm_type, pandora_field, crm_object_type, crm_property_name,
      crm_property_label, crm_field_type, sync_trigger, write_mode)
    values (${id}, 'hubspot', 'deal_score', 'deal', 'closedate', 'Close date', 'date', 'manual', 'overwrite')`,
  );
  await run();
  const before = await values();
  await within(
    id,
    (tx) => tx`update deals set close_date = '2026-01-01', close_date_pushes = 5, crm_updated_at = now()`,
  );
  await run();
  expect(await values()).toEqual(before);
});

test("a stage's usual time is the median of five or more open deals in it", async () => {
  const { id, run, values } = await newWorkspace(5);
  // Four deals entered long ago: for them 21 days in stage are usual, for the workspace 60.
  await within(id, (tx) => tx`update deals set stage_entered_at = '2026-09-23T09:00:00Z' where crm_id <> 'd00000'`);
  await run();
  const stage = async () => {
    const [row] = await within(
      id,
      (tx) => tx<{ factors: { key: string; sentence: string }[] }[]>`
      select factors from record_values where crm_record_id = 'd00001' and field = 'deal_score'`,
    );
    return row!.factors.find((factor) => factor.key === "time_in_stage")!.sentence;
  };
  expect(await stage()).toBe("It has been in this stage for 60 days; 60 days are usual here.");
  await within(id, (tx) => tx`update deals set deleted_at = now() where crm_id = 'd00004'`);
  await run();
  expect(await stage()).toBe("It has been in this stage for 60 days; 21 days would be common.");
  expect((await values("d00004"))[0]!.value_version).toBe("1");
});

test("a burst of changes makes one waiting run with all its deals; too many become all", async () => {
  const { id } = await newWorkspace(1);
  // Ahead of the database's own clock too: a job that has to wait is then held by both.
  house.clock.set(new Date("2100-01-01T09:00:00Z"));
  const analyse = analyseChanged(house);
  await within(id, async (tx) => {
    await analyse(tx, id, "hubspot", { deal: ["a", "b"] });
    await analyse(tx, id, "hubspot", { deal: ["b", "c"] });
  });
  const scopes = () =>
    within(
      id,
      (tx) => tx<{ scope: object; status: string }[]>`select scope, status from skill_runs
        where workspace_id = ${id} and skill = 'deal-score' order by created_at`,
    );
  expect(await scopes()).toEqual([{ scope: { crm: "hubspot", record_ids: ["a", "b", "c"] }, status: "queued" }]);
  await within(id, (tx) => analyse(tx, id, "hubspot", { deal: Array.from({ length: 2_001 }, (_, n) => `x${n}`) }));
  expect(await scopes()).toEqual([{ scope: { crm: "hubspot" }, status: "queued" }]);
  house.clock.advance(29_000);
  await setup.drain();
  expect((await scopes())[0]?.status).toBe("queued");
  house.clock.advance(2_000);
  await setup.drain();
  expect((await scopes())[0]?.status).toBe("completed");
  // A quiet day later everything is looked at again, once.
  await within(id, (tx) => analyse(tx, id, "hubspot", {}));
  expect(await scopes()).toHaveLength(1);
  house.clock.advance(25 * 3_600_000);
  await within(id, (tx) => analyse(tx, id, "hubspot", {}));
  await within(id, (tx) => analyse(tx, id, "hubspot", {}));
  expect(await scopes()).toHaveLength(2);
  await setup.drain();
});

test("an unknown skill is refused with what there is; another workspace's run is not found", async () => {
  const { id, run } = await newWorkspace(1);
  const runId = await run();
  const asked = { skill: "horoscope", trigger: "manual", scope: { crm: "hubspot" as const } };
  await expect(within(id, (tx) => queueSkillRun(tx, house, id, asked))).rejects.toMatchObject({
    code: "unknown_skill",
    status: 422,
    errors: [{ field: "skill", allowed: skillNames }],
  });
  const other = await newWorkspace(0);
  await expect(getSkillRun(house, other.id, runId)).rejects.toMatchObject({ code: "not_found", status: 404 });
});

test("the hash of facts does not depend on the order they are written in", () => {
  const facts = {
    isClosed: false,
    isWon: false,
    daysIdle: 1,
    hasActivity: true,
    daysToClose: null,
    daysInStage: 2,
    usualDaysInStage: 3,
    probability: 0.5,
    contacts: 1,
    closeDatePushes: 0,
    amountDrops: 0,
  };
  const turned = Object.fromEntries(Object.entries(facts).reverse()) as typeof facts;
  expect(factsHash(turned)).toBe(factsHash(facts));
  expect(factsHash({ ...facts, contacts: 2 })).not.toBe(factsHash(facts));
});
