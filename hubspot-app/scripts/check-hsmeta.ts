/** `npm run check:hsmeta`: the project's files against our schemas, and through HubSpot's own parser. */
import path from "node:path";
import { projectFaults } from "./hsmeta.ts";

const root = path.join(import.meta.dirname, "..");
const faults = projectFaults(root);

const { translate } = await import("@hubspot/project-parsing-lib/translate");
const parsed = await translate(
  { projectSourceDir: path.join(root, "src"), platformVersion: "2026.09", accountId: 0 },
  // Its schemas come from HubSpot's servers, for who has an account.
  { skipValidation: true },
);
const known = Object.keys(parsed.intermediateRepresentation.intermediateNodesIndexedByUid);
if (parsed.skippedHsMetaFiles?.length)
  faults.push(`HubSpot's parser skips ${JSON.stringify(parsed.skippedHsMetaFiles)}`);

for (const fault of faults) console.error(fault);
console.log(`${known.length} components: ${known.join(", ")}`);
process.exitCode = faults.length > 0 ? 1 : 0;
