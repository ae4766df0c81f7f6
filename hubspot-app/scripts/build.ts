/** `npm run build`: the three bundles into dist/, each with its weight. */
import path from "node:path";
import { buildBundles, gzippedBytesMax } from "./bundles.ts";

const root = path.join(import.meta.dirname, "..");
const bundles = await buildBundles(path.join(root, "src/app"), path.join(root, "dist"));
for (const { name, bytes, gzipped, faults } of bundles) {
  const kb = (n: number) => `${(n / 1000).toFixed(1)} kB`;
  console.log(
    `${name.padEnd(10)} ${kb(bytes).padStart(9)}  gzipped ${kb(gzipped).padStart(8)} of ${kb(gzippedBytesMax)}`,
  );
  for (const fault of faults) console.error(fault);
}
process.exitCode = bundles.some(({ faults }) => faults.length > 0) ? 1 : 0;
