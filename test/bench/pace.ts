/** Under HubSpot's own limit and a believable latency: how near the sync comes to its share, and how long a person waits. */
import type { Figure } from "./run.ts";
import { assertDone } from "./sync.ts";
import { startWorld } from "./world.ts";

/** 60 ms a call and 1.6 ms a record: what recorded traffic shows. */
const latency = { baseMs: 60, perRecordMs: 1.6 };
/** HubSpot allows 110 calls in 10 s; a tenth is kept for people. */
const shareOfBackground = 99 / 10;

export async function paceBench(small: boolean): Promise<Figure[]> {
  const deals = small ? 1_000 : 20_000;
  const world = await startWorld("hubspot", deals, latency);
  await world.map({ field: "deal_score", property: world.property.number });
  await world.values("deal_score", (n) => n % 101);
  const waits: number[] = [];
  let syncing = true;
  // A person opens a record every two seconds while the sync runs.
  const person = (async () => {
    const crm = await world.house.openCrm(world.workspaceId, "hubspot", "waiting");
    while (syncing) {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const started = performance.now();
      await crm.readBatch("deal", [world.ids[0]!], [world.property.number]);
      waits.push(performance.now() - started);
    }
  })();
  const run = await world.sync();
  syncing = false;
  await person;
  assertDone(run, deals);
  await world.stop();
  const rate = (run.calls - waits.length) / run.wallS;
  const share = (rate / shareOfBackground) * 100;
  const longest = Math.max(...waits);
  return [
    {
      what: `Pace: share of the background's 99 calls in 10 s used, % (${deals} deals)`,
      figure: share.toFixed(0),
      target: ">= 95",
      ok: share >= 95,
    },
    { what: "Pace: 429 answers", figure: String(run.refused), target: "0", ok: run.refused === 0 },
    {
      what: `Pace: longest wait of a person, ms (${waits.length} looks)`,
      figure: longest.toFixed(0),
      target: "<= 1000",
      ok: longest <= 1_000,
    },
  ];
}
