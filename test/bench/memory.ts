/** Memory stays flat: a sync of 100,000 records, 3 mappings. */
import type { Figure } from "./run.ts";
import { assertDone } from "./sync.ts";
import { startWorld } from "./world.ts";

export async function memoryBench(small: boolean): Promise<Figure[]> {
  const deals = small ? 1_000 : 100_000;
  const world = await startWorld("salesforce", deals);
  await world.map({ field: "deal_score", property: world.property.number });
  await world.map({ field: "next_step_recommendation", property: world.property.text });
  await world.map({ field: "deal_risk_summary", property: world.property.long, mode: "append" });
  await world.values("deal_score", (n) => n % 101);
  await world.values("next_step_recommendation", (n) => `Call the champion about deal ${n}`);
  await world.values("deal_risk_summary", (n) => `No contact for ${n % 60} days.`);
  const run = await world.sync();
  assertDone(run, deals * 3);
  await world.stop();
  return [
    {
      what: `Memory at ${deals} records, MB (peak, whole process)`,
      figure: run.rssMaxMb.toFixed(0),
      target: "<= 250",
      ok: run.rssMaxMb <= 250,
    },
  ];
}
