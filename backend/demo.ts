/** `npm run demo`: everything on this machine, nothing to set up. PORT chooses another port than 8787. */
import path from "node:path";
import { runDemo } from "./demo/run.ts";
import { createTerminal } from "./demo/terminal.ts";
import { createLogger } from "./logger.ts";
import { endOnSignals } from "./process-end.ts";

const log = createLogger(process.env["LOG_LEVEL"] || "error");
const end = endOnSignals(log);
const terminal = createTerminal(process.stdout);
const port = Number(process.env["PORT"] || 8787);
const began = performance.now();
try {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error("PORT must be a number from 1 to 65535.");
  terminal.line("\nPandora for CRM: the demo\n");
  const starting = runDemo({
    port,
    // By port: whoever holds the port owns the folder, so what is left in it is of a demo that is gone.
    dataDir: path.join(process.env["PANDORA_DATA_DIR"] || ".pandora", "demo", String(port)),
    size: { deals: 2_000, companies: 600, contacts: 3_000 },
    log,
    terminal,
  });
  end.by(async () => (await starting).stop());
  const { url } = await starting;
  terminal.line(
    `\n  Ready in ${Math.round((performance.now() - began) / 1000)} s. Open  ${url}/   (Ctrl-C stops everything)\n`,
  );
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
