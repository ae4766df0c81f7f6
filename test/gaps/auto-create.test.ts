/** Deals by the workspace's own rule: off until an admin says so, never past the cap, never where a person decided. */
import { describe, expect, test } from "vitest";
import { AppError } from "../../backend/errors.ts";
import { onAutoCreate } from "../../backend/gaps/auto-create.ts";
import type { DealTold } from "../../backend/gaps/creation-work.ts";
import { onCreateDeal } from "../../backend/gaps/on-create-deal.ts";
import { noticeAutoCreated } from "../../backend/notify/auto-created.ts";
import { type CreationWorld, creationWorld, told as nobody } from "./creation-world.ts";

const rule = { enabled: true, min_age_days: 3, severity: ["high"], causes: [], daily_cap: 2 };

/** A world with its rule switched on, and what the rep would hear of. */
async function ruled(type: "hubspot" | "salesforce", more: object = {}) {
  const world = await creationWorld(type);
  const heard: { conversationId: string; dealName: string; repEmail: string | null }[] = [];
  const told: DealTold = async (_tx, _house, made) => void heard.push(made);
  const put = await world.admin("PUT", "auto-create", { ...rule, ...more });
  expect(put.status).toBe(200);
  const run = () => onAutoCreate(world.house, { workspace_id: world.workspaceId }, new AbortController().signal, told);
  const dryRun = async (body: object = {}) => (await world.admin("POST", "auto-create/dry-run", body)).body;
  return { ...world, world, heard, told, run, dryRun, made: () => origins(world) };
}

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, () => {
    test("it makes what the dry run listed, tells the rep, and each deal is whole", async () => {
      const { call, run, dryRun, heard, crm, rep, rita } = await ruled(type);
      const one = await call({ title: "First" });
      const listed = await dryRun();
      expect(listed.would_create).toMatchObject([
        { conversation_id: one.id, crm: type, contacts: 3, new_company: null },
      ]);
      await run();
      const { body } = await rita("GET", `conversations/without-deals/${one.id}`);
      expect(body).toMatchObject({ status: "created", decision: { by: "Pandora" } });
      expect(crm.dealAt(body.deal.crm_id)!.properties[crm.deals.fields.owner]).toBe(rep.id);
      expect(crm.dealAt(body.deal.crm_id)!.contacts).toHaveLength(3);
      expect(heard).toMatchObject([{ conversationId: one.id, repEmail: rep.email }]);
      expect(crm.dealAt(body.deal.crm_id)!.properties[crm.deals.fields.name]).toBe(heard[0]!.dealName);
      await run();
      expect(heard).toHaveLength(1);
    });

    test("the cap holds, for two processes at once as well, and the next day goes on where the workspace is", async () => {
      const { call, run, heard, made, clock, dryRun, world } = await ruled(type);
      await world.admin("PATCH", "settings", { time_zone: "Pacific/Kiritimati" });
      for (let n = 0; n < 5; n++) await call({ title: `Call ${n}`, fresh: 0 });
      await Promise.all([run(), run()]);
      expect([heard.length, await made()]).toEqual([2, 2]);
      expect((await dryRun()).skipped.map((each: { reason: string }) => each.reason)).toEqual([
        "over_cap",
        "over_cap",
        "over_cap",
      ]);
      // It is 23:00 on Kiritimati: half an hour later is the same day, an hour after that is not.
      clock.advance(1_800_000);
      await run();
      expect(heard).toHaveLength(2);
      clock.advance(3_600_000);
      await run();
      expect(heard).toHaveLength(4);
    });
  });
}

test("off by default: nothing is made, and only an admin switches it on", async () => {
  const world = await creationWorld("hubspot");
  await world.call();
  expect((await world.rita("GET", "auto-create")).body).toMatchObject({ enabled: false, daily_cap: 10 });
  expect((await world.rita("PUT", "auto-create", rule)).status).toBe(403);
  await onAutoCreate(world.house, { workspace_id: world.workspaceId }, new AbortController().signal, nobody);
  expect(await world.rows()).toEqual([]);
  const dry = await world.admin("POST", "auto-create/dry-run", { rule: { severity: ["high"], causes: [] } });
  expect(dry.body.would_create).toHaveLength(1);
  expect(await world.rows()).toEqual([]);
});

test("switched on it is looked at soon and every hour; switched off no more", async () => {
  const { world } = await ruled("hubspot");
  const schedules = () =>
    world.house.db.outside(
      (tx) => tx`select kind from directory_due(${new Date(world.clock.now().getTime() + 7_200_000)}, 50)
        where workspace_id = ${world.workspaceId}`,
    );
  expect((await world.house.queue.pending())["gaps.auto-create"]).toBe(1);
  expect(await schedules()).toEqual([{ kind: "gaps.auto-create" }]);
  await world.admin("PUT", "auto-create", { enabled: false });
  expect(await schedules()).toEqual([]);
  const trail = await world.within((tx) => tx`select action from audit_events where action = 'auto_create.changed'`);
  expect(trail).toHaveLength(2);
});

test("it keeps off where a deal may be there, nobody would own it, or a person decided; each with its reason", async () => {
  const { call, run, dryRun, crm, world, heard, admin, rita } = await ruled("hubspot", { daily_cap: 50 });
  const open = await call({ title: "Open deal", fresh: 0 });
  await world.within(
    (tx) => tx`
      insert into deals (workspace_id, crm, crm_id, name, company_id, is_closed, synced_at)
      values (${world.workspaceId}, 'hubspot', '991', 'There', ${open.company}, false, now())`,
  );
  await call({ title: "No rep", rep: null });
  await call({ title: "Gone rep", rep: "gone@acme.example" });
  const mail = await call({ title: "Free mail", company: null, domain: "gmail.com" });
  await world.within((tx) => tx`update conversations set company_key = 'mail:jo@gmail.com' where id = ${mail.id}`);
  const undone = await call({ title: "Undone", fresh: 0 });
  const made = await world.create(rita, undone);
  expect((await rita("POST", `creations/${made.body.creation_id}/undo`, {})).body.status).toBe("undone");
  const dismissed = await call({ title: "Dismissed" });
  await admin("POST", `conversations/without-deals/${dismissed.id}/dismiss`, { reason: "other" });
  const { would_create, skipped } = await dryRun();
  expect(would_create).toEqual([]);
  const reasons = Object.fromEntries(
    skipped.map((each: { title: string; reason: string }) => [each.title, each.reason]),
  );
  expect(reasons).toEqual({
    ...{ "Open deal": "open_deals", "No rep": "no_rep", "Gone rep": "rep_not_in_crm" },
    ...{ "Free mail": "no_company", Undone: "tried_before" },
  });
  expect(skipped.every((each: { reason_text: string }) => each.reason_text.length > 20)).toBe(true);
  await run();
  expect([heard, crm.dealIds().length]).toEqual([[], 0]);
});

test("a deal that the mirror has not seen yet stops it, and it does not try again", async () => {
  const { call, run, heard, crm, dryRun } = await ruled("hubspot");
  const one = await call();
  crm.addDeal({ name: "Made a moment ago", companyId: one.company!, stage: crm.stages.open });
  await run();
  expect(heard).toEqual([]);
  expect((await dryRun()).skipped).toMatchObject([{ conversation_id: one.id, reason: "tried_before" }]);
});

test("too young, less pressing, of another cause: not touched", async () => {
  const { call, dryRun, within } = await ruled("hubspot", { causes: ["deal_not_created"] });
  const [young, medium, other] = [await call(), await call(), await call()];
  await within(async (tx) => {
    await tx`update conversations set started_at = started_at + interval '7 days' where id = ${young!.id}`;
    await tx`update conversations set severity = 2 where id = ${medium!.id}`;
    await tx`update conversations set likely_cause = 'unknown' where id = ${other!.id}`;
  });
  expect(await dryRun()).toMatchObject({ would_create: [], skipped: [] });
});

test("put off by the CRM, its job ends it, and the rep hears of it then", async () => {
  const { world, call, run, heard, told, crm, clock } = await ruled("salesforce");
  const one = await call();
  crm.faults.set([{ name: "429", rate: 1, on: "all" }]);
  await run();
  crm.faults.clear();
  const [row] = await world.rows(one);
  expect([row!.state, heard]).toEqual(["claimed", []]);
  clock.advance(60_000);
  await onCreateDeal(world.house, { workspace_id: world.workspaceId, creation_id: row!.id }, told);
  expect([(await world.rows(one))[0]!.state, heard.length]).toEqual(["done", 1]);
});

test("a dead connection ends the round, and the call is taken up once it is back", async () => {
  const { world, call, run, heard } = await ruled("hubspot");
  await call();
  await call();
  world.adapter.refusal = new AppError("needs_reconnect", { status: 409, public: "Reconnect the CRM." });
  await run();
  expect([heard.length, (await world.rows()).length]).toEqual([0, 1]);
  world.adapter.refusal = null;
  await run();
  expect([heard.length, (await world.rows()).map(({ state }) => state).sort()]).toEqual([
    2,
    ["done", "done", "failed"],
  ]);
});

test("the rep's notice stands in the outbox once", async () => {
  const world = await creationWorld("hubspot");
  await world.admin("PUT", "auto-create", rule);
  await world.call();
  await onAutoCreate(world.house, { workspace_id: world.workspaceId }, new AbortController().signal, noticeAutoCreated);
  const notices = await world.within((tx) => tx`select kind from notices`);
  expect(notices).toEqual([{ kind: "deal_created" }]);
});

async function origins(world: CreationWorld): Promise<number> {
  const rows = await world.within((tx) => tx`select 1 from deal_creations where origin = 'rule' and state = 'done'`);
  return rows.length;
}
