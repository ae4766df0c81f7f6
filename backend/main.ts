/** The server: `npm start`. Reads the environment, starts, and stops cleanly on SIGINT or SIGTERM. */
import { boot } from "./boot.ts";
import { type Config, readConfig } from "./config.ts";
import { createLogger } from "./logger.ts";
import { endOnSignals } from "./process-end.ts";

const config = configOrExit();
const log = createLogger(config.logLevel);
const end = endOnSignals(log);
try {
  const starting = boot(config, { log });
  // Asked to stop while still starting: start first, so that nothing is left half open, then stop.
  end.by(async (graceMs) => (await starting).stop(graceMs));
  const { port } = await starting;
  console.error(
    config.role === "worker"
      ? `Pandora works jobs off. Health and metrics: http://localhost:${port}`
      : `Pandora answers at ${config.publicUrl}`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
