/**
 * npm test [-- filter]: everything. Vitest plays the server, the HubSpot app and the browser; Jest plays the Lightning
 * components, because Salesforce's own preset is for Jest. With a filter or a flag only Vitest runs, with it.
 * TEST_REPORTS=folder leaves vitest.json and jest.json there.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const asked = process.argv.slice(2);
const reports = process.env.TEST_REPORTS;

const vitest = run(".", "vitest", [
  ...["run", ...asked],
  ...(reports
    ? ["--reporter=default", "--reporter=json", `--outputFile.json=${path.resolve(reports, "vitest.json")}`]
    : []),
]);
const jest =
  asked.length > 0
    ? 0
    : run("salesforce-package", "sfdx-lwc-jest", [
        ...["--", "--coverage"],
        ...(reports ? ["--json", `--outputFile=${path.resolve(reports, "jest.json")}`] : []),
      ]);
process.exit(vitest || jest);

function run(folder, command, args) {
  const { status } = spawnSync("npx", [command, ...args], { cwd: path.join(root, folder), stdio: "inherit" });
  return status ?? 1;
}
