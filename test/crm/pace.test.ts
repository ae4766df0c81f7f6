import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { steppedClock } from "../../backend/clock.ts";
import { createPace, paceRules } from "../../backend/crm/pace.ts";
import { newDatabase } from "../support/database.ts";

const { db } = await newDatabase();

async function account() {
  const workspaceId = randomUUID();
  await db.outside((tx) => tx`select directory_add_workspace(${workspaceId}, 'Acme')`);
  await db.withWorkspace(
    workspaceId,
    (tx) => tx`insert into workspaces (workspace_id, name, time_zone) values (${workspaceId}, 'Acme', 'UTC')`,
  );
  const clock = steppedClock();
  const start = clock.now().getTime();
  return {
    clock,
    passed: () => clock.now().getTime() - start,
    pace: (lane: "waiting" | "background" = "background", crm: "hubspot" | "salesforce" = "hubspot") =>
      createPace({ db, clock, workspaceId, crm, lane }),
  };
}

describe("background", () => {
  test("calls are spread evenly: 97 in any 10 s, never a burst", async () => {
    const { pace, passed } = await account();
    const take = pace();
    const times: number[] = [];
    for (let n = 0; n < 120; n += 1) {
      await take("calls", 1);
      times.push(passed());
    }
    const inWindow = times.map((at) => times.filter((other) => other >= at && other < at + 10_000).length);
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(98);
    expect(Math.max(...inWindow)).toBeGreaterThanOrEqual(96);
    // Waits are whole milliseconds, rounded up: never early.
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(102);
  });

  test("two processes share one pace", async () => {
    const { pace, passed } = await account();
    const [one, two] = [pace(), pace()];
    for (let n = 0; n < 50; n += 1) await Promise.all([one("calls", 1), two("calls", 1)]);
    // 100 calls at 97 in 10 s; two that slept at the same time moved the one clock twice.
    expect(passed()).toBeGreaterThanOrEqual(99 * 103);
  });

  test("a rest does not save up calls", async () => {
    const { pace, passed, clock } = await account();
    const take = pace();
    await take("calls", 1);
    clock.advance(3_600_000);
    const before = passed();
    for (let n = 0; n < 11; n += 1) await take("calls", 1);
    expect(passed() - before).toBeGreaterThanOrEqual(10 * 103);
  });

  test("search has a bucket of its own, at four a second", async () => {
    const { pace, passed } = await account();
    const take = pace();
    for (let n = 0; n < 50; n += 1) await take("calls", 1);
    const before = passed();
    await take("search", 1);
    expect(passed()).toBe(before);
    for (let n = 0; n < 8; n += 1) await take("search", 1);
    expect(passed() - before).toBe(8 * 250);
  });

  test("reserved calls go at once, the next one waits for all of them", async () => {
    const { pace, passed } = await account();
    const take = pace();
    await take.reserve(4);
    const before = passed();
    for (let n = 0; n < 4; n += 1) await take("calls", 1);
    expect(passed()).toBe(before);
    expect(before).toBeGreaterThanOrEqual(309);
    await take("calls", 1);
    expect(passed()).toBeGreaterThan(before + 100);
  });
});

describe("people waiting at a screen", () => {
  test("do not wait behind a busy background", async () => {
    const { pace, passed } = await account();
    await pace().reserve(500);
    const before = passed();
    await pace("waiting")("calls", 1);
    expect(passed()).toBe(before);
  });
  test("may take seven at once; after that they queue with the background", async () => {
    const { pace, passed } = await account();
    const take = pace("waiting");
    for (let n = 0; n < 8; n += 1) await take("calls", 1);
    expect(passed()).toBe(0); // seven of their own, one of an idle background
    await take("calls", 1);
    expect(passed()).toBe(104);
    await pace().reserve(10);
    const before = passed();
    await take("calls", 1);
    expect(passed() - before).toBeLessThan(200);
  });
  test("both lanes together stay below the account's 110 in any 10 s, and 5 searches a second", async () => {
    const { pace, clock } = await account();
    const times: number[] = [];
    const takers = [pace(), pace("waiting")];
    // Both as greedy as they can be, after a long rest.
    clock.advance(60_000);
    for (let n = 0; n < 250; n += 1) {
      for (const take of takers) {
        await take("calls", 1);
        times.push(clock.now().getTime());
      }
    }
    const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 10_000).length));
    expect(busiest).toBeLessThanOrEqual(110);
    const perSecond = (lane: "waiting" | "background") =>
      Math.ceil(1_000 / paceRules("hubspot", lane, "search")[0]!.everyMs);
    expect(perSecond("background") + perSecond("waiting")).toBeLessThanOrEqual(5);
  });
});

test("workspaces and CRMs do not slow each other down", async () => {
  const [one, two] = [await account(), await account()];
  await one.pace().reserve(200);
  await two.pace()("calls", 1);
  expect(two.passed()).toBe(0);
  const before = one.passed();
  await one.pace("background", "salesforce")("calls", 1);
  expect(one.passed()).toBe(before);
});
