/**
 * `npm run build:alone`: the project copied out of the repository, its packages installed as HubSpot's servers install them,
 * and built there: what only builds beside our server's sources would fail at the upload.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildBundles } from "./bundles.ts";

const root = path.join(import.meta.dirname, "..");
const copy = mkdtempSync(path.join(tmpdir(), "pandora-hubspot-"));
try {
  for (const name of ["hsproject.json", "src"]) {
    cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: (from) => !["node_modules", "dist"].includes(path.basename(from)),
    });
  }
  const app = path.join(copy, "src/app");
  // Not `npm ci`: HubSpot makes its lock file from the same manifests.
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--omit=optional"], {
    cwd: app,
    stdio: "inherit",
  });
  const bundles = await buildBundles(app, path.join(copy, "dist"));
  for (const { name, gzipped, faults } of bundles) {
    console.log(`${name} builds alone: ${gzipped} bytes gzipped`);
    for (const fault of faults) console.error(fault);
  }
  process.exitCode = bundles.some(({ faults }) => faults.length > 0) ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
