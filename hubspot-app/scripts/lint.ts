/** `npm run lint`: HubSpot's rules, folder by folder, each with its own config as `hs project lint` has it. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

const app = path.join(import.meta.dirname, "../src/app");
const eslint = path.join(path.dirname(createRequire(import.meta.url).resolve("eslint/package.json")), "bin/eslint.js");
for (const folder of ["cards", "pages", "settings", "packages/shared"]) {
  const { status } = spawnSync(process.execPath, [eslint, ".", "--max-warnings", "0"], {
    cwd: path.join(app, folder),
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
