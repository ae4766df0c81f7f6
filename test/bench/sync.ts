/** A full sync of 20,000 deals × 3 mappings against each simulator: calls, statements, CPU; a second sync writes nothing. */
import type { CrmType } from "../../backend/crm/port.ts";
import type { Figure } from "./run.ts";
import { type Measured, startWorld, type World } from "./world.ts";

export async function syncBench(small: boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const crm of ["hubspot", "salesforce"] as const) {
    const deals = small ? 400 : 20_000;
    const world = await startWorld(crm, deals);
    await mapThree(world, {});
    const first = await world.sync();
    assertDone(first, deals * 3);
    const second = await world.sync();
    const bareRecords = Math.min(deals, 4_000);
    const bare = (await world.bare(bareRecords)) / bareRecords;
    figures.push(
      ...syncFigures(crm, deals, first),
      bareFigure(crm, bare, first.cpuS / deals),
      secondFigure(crm, second),
    );
    await world.stop();
  }
  return figures;
}

export async function skipReadBench(small: boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  const deals = small ? 400 : 20_000;
  const hubspot = await startWorld("hubspot", deals);
  await mapThree(hubspot, { skip_read: true });
  const run = await hubspot.sync();
  assertDone(run, deals * 3);
  figures.push(per1000("HubSpot calls per 1,000 records under skip_read", run.calls, deals, 10.5));
  await hubspot.stop();
  const org = small ? 2_500 : 20_000;
  const salesforce = await startWorld("salesforce", org);
  await mapThree(salesforce, { skip_read: true });
  const bulk = await salesforce.sync();
  assertDone(bulk, org * 3);
  const { calls } = await salesforce.stats();
  const ofBulk = Object.entries(calls).filter(([name]) => name.includes("/jobs/ingest"));
  const sum = (pattern: RegExp) => ofBulk.reduce((total, [name, n]) => total + (pattern.test(name) ? n : 0), 0);
  const jobs = sum(/^POST .*\/jobs\/ingest$/);
  const polls = sum(/^GET .*\/jobs\/ingest\/:[a-zA-Z]+$/);
  const perJob = jobs === 0 ? Number.POSITIVE_INFINITY : (sum(/./) - polls) / jobs;
  figures.push({
    what: `Salesforce Bulk: calls per job beside its ${polls} polls (${jobs} jobs, ${org} records)`,
    ...{ figure: perJob.toFixed(1), target: "<= 6", ok: perJob <= 6 },
  });
  await salesforce.stop();
  return figures;
}

async function mapThree(world: World, rules: { skip_read?: boolean }): Promise<void> {
  const { property } = world;
  await world.map({ field: "deal_score", property: property.number, ...rules });
  await world.map({ field: "next_step_recommendation", property: property.text, ...rules });
  await world.map({
    field: "deal_risk_summary",
    property: property.long,
    ...(rules.skip_read ? rules : { mode: "append" }),
  });
  await world.values("deal_score", (n) => n % 101);
  await world.values("next_step_recommendation", (n) => `Call the champion about deal ${n}`);
  await world.values("deal_risk_summary", (n) => `No contact for ${n % 60} days; the close date moved ${n % 4} times.`);
}

function syncFigures(crm: CrmType, deals: number, first: Measured): Figure[] {
  const name = crm === "hubspot" ? "HubSpot" : "Salesforce";
  return [
    per1000(
      `${name} calls per 1,000 records, 3 mappings (${deals} deals)`,
      first.calls,
      deals,
      crm === "hubspot" ? 21 : 10.5,
    ),
    per1000(`${name}: SQL statements per 1,000 records, log rows included`, first.statements, deals, 60),
    {
      what: `${name}: CPU s per 1,000 records, log rows included`,
      figure: ((first.cpuS * 1000) / deals).toFixed(3),
      ...{ target: "<= 0.1", ok: (first.cpuS * 1000) / deals <= 0.1 },
    },
    {
      what: `${name}: memory at ${deals} records, MB (peak, whole process)`,
      ...{ figure: first.rssMaxMb.toFixed(0), target: "<= 250", ok: first.rssMaxMb <= 250 },
    },
  ];
}

/** CPU seconds depend on the machine and on who else works on it; beside the calls alone they say what the engine adds. */
function bareFigure(crm: CrmType, bare: number, sync: number): Figure {
  const name = crm === "hubspot" ? "HubSpot" : "Salesforce";
  return {
    what: `${name}: of these, the adapter's calls alone (read + write); ratio ${(sync / bare).toFixed(1)}`,
    figure: (bare * 1000).toFixed(3),
    ...{ target: "to compare", ok: true },
  };
}

function secondFigure(crm: CrmType, second: Measured): Figure {
  const { written } = second.run.totals;
  const name = crm === "hubspot" ? "HubSpot" : "Salesforce";
  return {
    what: `${name}: writes of a second sync with nothing changed`,
    figure: String(written),
    target: "0",
    ok: written === 0,
  };
}

export function per1000(what: string, count: number, records: number, most: number): Figure {
  const figure = (count * 1000) / records;
  return { what, figure: figure.toFixed(1), target: `<= ${most}`, ok: figure <= most };
}

export function assertDone({ run }: Measured, values: number): void {
  if (run.status === "completed" && run.totals.written === values) return;
  throw new Error(
    `the sync ended ${run.status} (${run.status_reason}) with ${JSON.stringify(run.totals)}, wanted ${values} written`,
  );
}
