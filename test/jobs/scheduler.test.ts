import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { enqueueDue } from "../../backend/jobs/scheduler.ts";
import { newTestHouse } from "../support/house.ts";

test("a schedule nobody can read is dropped, and the others still fall due", async () => {
  const t = await newTestHouse("hubspot");
  const due = new Date(t.clock.now().getTime() - 1_000);
  const put = (workspace: string, kind: string, cron: string, zone: string) =>
    t.house.db.outside((tx) => tx`select directory_put_schedule(${workspace}, ${kind}, '', ${cron}, ${zone}, ${due})`);
  await put(randomUUID(), "workspace.tidy", "not a cron", "UTC");
  await put(randomUUID(), "workspace.tidy", "* * * * *", "Mars/Olympus");
  await put(randomUUID(), "no.such.kind", "* * * * *", "UTC");
  await put(t.workspaceId, "workspace.tidy", "17 3 * * *", "UTC");
  expect(await enqueueDue(t.house)).toBe(4);
  expect(await t.house.queue.pending()).toEqual({ "workspace.tidy": 1 });
  expect(await enqueueDue(t.house)).toBe(0);
  t.clock.advance(24 * 3_600_000);
  expect(await enqueueDue(t.house)).toBe(1);
});
