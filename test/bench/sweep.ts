/**
 * Joining and judging conversations: everything anew, and 10,000 changed ones among many. What one conversation costs must
 * not depend on how many there are.
 */
import { randomUUID } from "node:crypto";
import { systemClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import { onSweep } from "../../backend/gaps/on-sweep.ts";
import { createLogger } from "../../backend/logger.ts";
import { startBenchDatabase } from "./database.ts";
import { fill } from "./gaps-world.ts";
import type { Figure } from "./run.ts";

type Measured = { what: string; judged: number; seconds: number; cpuS: number; statements: number };

export async function sweepBench(small: boolean): Promise<Figure[]> {
  const [few, many, changed] = small ? [500, 1_000, 500] : [10_000, 40_000, 10_000];
  // The first run of a process pays for compiling; no size should pay for the others.
  await measure(small ? 500 : 1_000, 0);
  const [first] = await measure(few, 0);
  const [all, part] = await measure(many, changed);
  const growth = (of: (one: Measured) => number) => of(all!) / all!.judged / (of(first!) / first!.judged);
  const [slower, cpu] = [growth((one) => one.seconds), growth((one) => one.cpuS)];
  return [
    ...[first!, all!, part!].flatMap(figuresOf),
    {
      what: `sweep: time per conversation, database included, at ${many} against ${few}`,
      ...{ figure: slower.toFixed(2), target: "<= 1.5", ok: slower <= 1.5 },
    },
    {
      what: `sweep: CPU per conversation at ${many} against ${few}`,
      ...{ figure: cpu.toFixed(2), target: "<= 1.3", ok: cpu <= 1.3 },
    },
  ];
}

function figuresOf({ what, judged, seconds, cpuS, statements }: Measured): Figure[] {
  const per1000 = (total: number) => (total / judged) * 1_000;
  return [
    { what: `sweep, ${what}: seconds in all`, figure: seconds.toFixed(1), target: "shown", ok: true },
    { what: `sweep, ${what}: CPU s per 1,000`, figure: per1000(cpuS).toFixed(3), target: "shown", ok: true },
    {
      what: `sweep, ${what}: SQL statements per 1,000`,
      figure: per1000(statements).toFixed(1),
      target: "shown",
      ok: true,
    },
  ];
}

/** @returns a full look at all of them; then, if asked for, a look at so many changed ones */
async function measure(conversations: number, changed: number): Promise<Measured[]> {
  const database = await startBenchDatabase();
  const { db } = database;
  const house = {
    ...{ db, clock: systemClock, log: createLogger("silent") },
    config: readConfig({ PANDORA_KEYS: `bench:${Buffer.alloc(32, 1).toString("base64")}` }),
    queue: { enqueue: async () => undefined },
  } as unknown as House;
  const workspaceId = randomUUID();
  await fill(db, workspaceId, {
    ...{ conversations, companies: conversations / 5, contacts: conversations },
    ...{ deals: conversations / 5, pending: conversations / 16 },
  });
  await db.outside((tx) => tx`analyze`);
  const sweep = async (what: string, judged: number): Promise<Measured> => {
    await db.withWorkspace(
      workspaceId,
      (tx) => tx`
        update conversations set dirty = true
        where workspace_id = ${workspaceId} and id in (
          select id from conversations where workspace_id = ${workspaceId} order by id limit ${judged})`,
    );
    const [statements, cpu, began] = [db.statements(), process.cpuUsage(), performance.now()];
    do await onSweep(house, { workspace_id: workspaceId }, new AbortController().signal);
    while (await someLeft());
    const used = process.cpuUsage(cpu);
    const seconds = (performance.now() - began) / 1_000;
    return { what, judged, seconds, cpuS: (used.user + used.system) / 1e6, statements: db.statements() - statements };
  };
  const someLeft = async () =>
    (await db.withWorkspace(workspaceId, (tx) => tx`select 1 from conversations where dirty limit 1`)).length > 0;
  const results = [await sweep(`all ${conversations} anew`, conversations)];
  if (changed > 0) results.push(await sweep(`${changed} changed of ${conversations}`, changed));
  await database.stop();
  return results;
}
