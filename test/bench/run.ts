/**
 * npm run bench [-- sync|skip-read|pace|memory|skills|sweep|gaps …] [-- --small]: figures as counts and ratios, the target
 * beside each.
 * `--small` plays every part with few records, so that nothing rots; its figures mean nothing.
 */
import { gapsBench } from "./gaps.ts";
import { memoryBench } from "./memory.ts";
import { paceBench } from "./pace.ts";
import { skillsBench } from "./skills.ts";
import { sweepBench } from "./sweep.ts";
import { skipReadBench, syncBench } from "./sync.ts";

export type Figure = { what: string; figure: string; target: string; ok: boolean };

const parts: Record<string, (small: boolean) => Promise<Figure[]>> = {
  sync: syncBench,
  "skip-read": skipReadBench,
  pace: paceBench,
  memory: memoryBench,
  skills: skillsBench,
  sweep: sweepBench,
  gaps: gapsBench,
};

const asked = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const small = process.argv.includes("--small");
const strange = asked.filter((name) => !(name in parts));
if (strange.length > 0) {
  console.error(`There is no bench "${strange[0]}". Choose from: ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  process.stderr.write(`${name} …\n`);
  figures.push(...(await parts[name]!(small)));
}
print(figures);
process.exit(0);

function print(rows: Figure[]): void {
  const width = (key: "what" | "figure" | "target") => Math.max(key.length, ...rows.map((row) => row[key].length));
  const [what, figure, target] = [width("what"), width("figure"), width("target")];
  const line = (a: string, b: string, c: string, d: string) =>
    `| ${a.padEnd(what)} | ${b.padStart(figure)} | ${c.padEnd(target)} | ${d} |`;
  console.log(line("what", "figure", "target", "met"));
  console.log(line("-".repeat(what), "-".repeat(figure), "-".repeat(target), "---"));
  for (const row of rows) console.log(line(row.what, row.figure, row.target, row.ok ? "yes" : "NO"));
}
