/** Admins hear what scheduled syncs did: at most once a day, in words, and only when there is something to say. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { day, hour, minute, type NotifyWorld, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock } = await newNotifyHouse();
const reports = (address: string) => mail.to(address).filter(({ subject }) => subject.startsWith("Scheduled syncs"));

type RunIn = { totals?: object; trigger?: string; status?: string; kind?: string };

/** A run that ended two minutes ago. */
async function ran(
  world: NotifyWorld,
  { totals = {}, trigger = "schedule", status = "completed", kind = "sync" }: RunIn,
) {
  const ended = new Date(clock.now().getTime() - 2 * minute);
  const live = ["running", "queued"].includes(status);
  await world.within(
    (tx) => tx`
      insert into sync_runs (workspace_id, id, kind, trigger, status, spec, totals, initiated_by, created_at, finished_at)
      values (${world.id}, ${randomUUID()}, ${kind}, ${trigger}, ${status}, '{}', ${tx.json(totals as never)}, 'system',
        ${ended}, ${live ? null : ended})`,
  );
}

async function adminWorld(email: string) {
  // Each from a morning of its own, so that no day is another test's.
  clock.set(new Date(Math.ceil(clock.now().getTime() / day) * day + 8 * hour));
  const world = await newWorld();
  await world.person(email, "admin");
  await world.person(`rep-${email}`, "rep", "east");
  return world;
}

test("the day's scheduled syncs are one report: written, skipped by reason, failed by reason", async () => {
  const world = await adminWorld("ada@y1.test");
  await ran(world, {
    totals: { done: 50, written: 40, already_current: 3, skipped: { changed_in_crm: 5 }, errors: { record_gone: 2 } },
  });
  await ran(world, { totals: { done: 1, written: 1, skipped: { changed_in_crm: 1, no_value: 9 } } });
  await ran(world, { trigger: "manual", totals: { done: 500, written: 500 } });
  await ran(world, { kind: "dry_run", totals: { done: 500, written: 500 } });
  await world.pass(30 * minute);
  const [one, ...more] = reports("ada@y1.test");
  expect(more).toEqual([]);
  expect(one!.subject).toBe("Scheduled syncs wrote 41 values; 2 values failed");
  expect(one!.text).toContain("41 written | 3 right already | 15 skipped | 2 failed");
  expect(one!.text).toContain("Failed: the record was deleted or merged in the CRM: 2");
  expect(one!.text).toContain("Kept: someone changed it in the CRM since Pandora's last write: 6");
  expect(one!.text.indexOf("no value for this record")).toBeLessThan(one!.text.indexOf("Kept: someone"));
  expect(reports("rep-ada@y1.test")).toEqual([]);
});

test("what comes later that day is in the next day's report, once", async () => {
  const world = await adminWorld("ada@y2.test");
  await ran(world, { totals: { done: 1, written: 1 } });
  await world.look();
  clock.advance(hour);
  await ran(world, { totals: { done: 2, written: 2 } });
  await world.pass(3 * hour);
  expect(reports("ada@y2.test")).toHaveLength(1);
  clock.advance(day - 2 * hour);
  await world.pass(hour);
  expect(reports("ada@y2.test").map(({ subject }) => subject)).toEqual([
    "Scheduled syncs wrote 1 value",
    "Scheduled syncs wrote 2 values",
  ]);
});

test("syncs that changed nothing and met no error are not worth a mail; one that failed or was stopped is", async () => {
  const world = await adminWorld("ada@y3.test");
  await ran(world, { totals: { done: 9, already_current: 5, skipped: { no_value: 4 } } });
  await world.pass(hour);
  expect(reports("ada@y3.test")).toEqual([]);
  await ran(world, { status: "failed" });
  await world.pass(hour);
  expect(reports("ada@y3.test").map(({ subject }) => subject)).toEqual([
    "Scheduled syncs wrote 0 values; 1 sync did not finish",
  ]);
});

test("while another scheduled sync runs the report waits for it, but not for ever", async () => {
  const world = await adminWorld("ada@y4.test");
  await ran(world, { totals: { done: 1, written: 1 } });
  await ran(world, { status: "running" });
  await world.pass(hour);
  expect(reports("ada@y4.test")).toEqual([]);
  await world.pass(2 * hour);
  expect(reports("ada@y4.test")).toHaveLength(1);
});
