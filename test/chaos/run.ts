/**
 * npm run chaos [-- --quick] [-- --seed 7] [-- --only writes|creations]: real processes killed with `kill -9` at seeded points of an append sync,
 * restarted each time; first with a well-behaved CRM, then with lost replies, 429s, expired tokens, silent drops and bad
 * rows on together. At the end nothing is lost, no entry stands twice, and the log equals the CRM. Then the same while deals
 * are made: one for each call, with everything on it (creation.ts).
 */
import { setTimeout as wait } from "node:timers/promises";
import type { CrmType } from "../../backend/crm/port.ts";
import { type Fault, mulberry32 } from "../../backend/simulator/faults.ts";
import { type CreationRound, playCreations } from "./creation.ts";
import { inspect } from "./inspect.ts";
import { type ChaosWorld, startChaosWorld } from "./world.ts";

const quick = process.argv.includes("--quick");
const seed = Number(process.argv[process.argv.indexOf("--seed") + 1]) || 20_261_122;
const troubles: Fault[] = [
  { name: "lost_reply", rate: 0.08 },
  { name: "429", rate: 0.08, on: "all" },
  { name: "expired_token", rate: 0.04, on: "all" },
  { name: "silent_drop", rate: 0.08 },
  { name: "bad_row", rate: 0.08 },
];

type Round = { crm: CrmType; kills: number; faults: Fault[] };
const rounds: Round[] = quick
  ? [
      { crm: "hubspot", kills: 5, faults: [] },
      { crm: "salesforce", kills: 5, faults: troubles },
    ]
  : [
      { crm: "hubspot", kills: 25, faults: [] },
      { crm: "salesforce", kills: 25, faults: [] },
      { crm: "hubspot", kills: 25, faults: troubles },
      { crm: "salesforce", kills: 25, faults: troubles },
    ];

const making: Fault[] = troubles.filter(({ name }) => name !== "bad_row");
const creations: CreationRound[] = quick
  ? [
      { crm: "hubspot", kills: 3, newCompanies: 0, faults: [] },
      { crm: "salesforce", kills: 3, newCompanies: 2, faults: [] },
    ]
  : [
      { crm: "hubspot", kills: 15, newCompanies: 2, faults: [] },
      { crm: "salesforce", kills: 15, newCompanies: 2, faults: [] },
      { crm: "hubspot", kills: 15, newCompanies: 2, faults: making },
      { crm: "salesforce", kills: 15, newCompanies: 2, faults: making },
    ];

console.log(`chaos, seed ${seed}`);
const only = process.argv[process.argv.indexOf("--only") + 1];
const plays = [
  ...(only === "creations" ? [] : rounds.map((round) => (n: number) => play(round, seed + n))),
  ...(only === "writes" ? [] : creations.map((round) => (n: number) => playCreations(round, seed + n))),
];
let failed = 0;
for (const [n, playOne] of plays.entries()) {
  const faults = await playOne(n);
  for (const fault of faults.slice(0, 40)) console.error(`  ${fault}`);
  failed += faults.length;
}
console.log(
  failed === 0
    ? "Nothing lost, nothing twice, the log equal to the CRM, one deal for each call."
    : `${failed} faults (seed ${seed}).`,
);
process.exit(failed === 0 ? 0 : 1);

async function play({ crm, kills, faults }: Round, roundSeed: number): Promise<string[]> {
  const random = mulberry32(roundSeed);
  const world = await startChaosWorld(crm, quick ? 600 : 1_200);
  try {
    let version = 0;
    let runId: string | null = null;
    await world.faults(faults, roundSeed);
    for (let kill = 0; kill < kills; kill++) {
      if (runId === null || isOver((await world.run(runId)).status)) {
        version += 1;
        await world.newVersion(version);
        runId = await world.sync();
      }
      await untilBusy(world, 1 + Math.floor(random() * 4));
      // Somewhere inside the next call: before it, on its way, after its reply, before it is settled.
      await wait(random() * 150);
      await world.kill();
      await world.start();
    }
    await world.faults([], 0);
    await untilOver(world, runId!);
    const listed = await world.run(runId!);
    if (listed.status === "completed_with_errors") {
      await untilOver(world, (await world.post(`crm-writeback/runs/${runId}/retry-failed`)).id);
    }
    // One more version with nothing in the way: whatever had been put off is found.
    version += 1;
    await world.newVersion(version);
    await untilOver(world, await world.sync());
    const { rows, faults: found } = await inspect(world, version);
    const stats = await world.stats();
    const struck = Object.entries(stats.faults)
      .map(([name, n]) => `${name} ${n}`)
      .join(", ");
    console.log(
      `${crm}: ${kills} kills, ${version} versions of ${world.ids.length} records, ${rows} writes in the CRM${struck ? `, faults: ${struck}` : ""}: ${found.length} faults`,
    );
    return found;
  } finally {
    await world.stop();
  }
}

/** Waits for some more writes to reach the CRM, so that each kill hits work; not for ever, a stalled job waits for its heartbeat. */
async function untilBusy(world: ChaosWorld, writes: number): Promise<void> {
  const written = async () => (await world.stats()).recordsWritten;
  const target = (await written()) + writes * 100;
  for (let n = 0; n < 250 && (await written()) < target; n++) await wait(100);
}

async function untilOver(world: ChaosWorld, runId: string): Promise<void> {
  for (let n = 0; n < 600; n++) {
    const run = await world.run(runId);
    if (isOver(run.status)) return;
    if (run.status === "paused") await world.post(`crm-writeback/runs/${runId}/resume`);
    await wait(500);
  }
  throw new Error(`run ${runId} did not end: ${JSON.stringify(await world.run(runId))}`);
}

function isOver(status: string): boolean {
  return ["completed", "completed_with_errors", "failed", "cancelled"].includes(status);
}
