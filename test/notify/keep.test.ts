/** Old notices go, a problem that lasts is not told again, and the look is in place wherever it was missing. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { deleteWorkspace } from "../../backend/connections/workspaces.ts";
import { tidyNotices } from "../../backend/notify/keep.ts";
import { day, hour, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock, house } = await newNotifyHouse();

test("after three months a notice is gone; a problem that lasts so long is not told again, one told as over neither", async () => {
  const world = await newWorld();
  const ada = await world.person("ada@k1.test", "admin");
  await world.raise("source_failing", "lasts");
  await world.raise("source_failing", "passes");
  await world.look();
  await world.resolve("source_failing", "passes");
  await world.pass(hour);
  const alerts = () => mail.to("ada@k1.test").filter(({ subject }) => subject.includes("source")).length;
  expect(alerts()).toBe(3);
  clock.advance(91 * day);
  await tidyNotices(house, world.id);
  expect((await ada("GET", "notices")).body.items).toEqual([]);
  await world.pass(hour);
  expect(alerts()).toBe(3);
});

test("a workspace that was connected before there were notices is looked at from the next night on", async () => {
  const world = await newWorld();
  await tidyNotices(house, world.id);
  const due = await house.db.outside((tx) => tx`select * from directory_due(${clock.now()}, 100)`);
  expect(due.filter((row) => row.workspace_id === world.id)).toMatchObject([
    { kind: "notify.look", cron: "*/10 * * * *" },
  ]);
});

test("a workspace that is deleted takes its notices and links along", async () => {
  const world = await newWorld();
  await world.person("ada@k3.test", "admin");
  await world.raise();
  await world.look();
  const token = mail.to("ada@k3.test")[0]!.headers["list-unsubscribe"]!.split("/").at(-1)!.slice(0, -1);
  const hash = createHash("sha256").update(token).digest("hex");
  const links = () => house.db.outside((tx) => tx`select * from directory_find_unsubscribe(${hash})`);
  expect(await links()).toHaveLength(1);
  await deleteWorkspace(house.db, world.id);
  expect(await links()).toEqual([]);
});
