/**
 * Runs the portal as a process of its own:
 * `node backend/simulator/hubspot/serve.ts --port 0 --seed 1 --deals 2000 --lag 3000`.
 * Prints one line of JSON, `{ url, portalId, clientId, clientSecret, accessToken, refreshToken }`, when it listens.
 */
import { parseArgs } from "node:util";
import { systemClock } from "../../clock.ts";
import { generateCompany } from "../company.ts";
import { startHubSpotSimulator } from "./start.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    deals: { type: "string", default: "2000" },
    lag: { type: "string", default: "0" },
    max: { type: "string", default: "110" },
  },
});
const deals = Number(values.deals);
const simulator = await startHubSpotSimulator({
  clock: systemClock,
  port: Number(values.port),
  seed: Number(values.seed),
  searchLagMs: Number(values.lag),
  rateLimit: { max: Number(values.max), windowMs: 10_000 },
  company: generateCompany({
    seed: Number(values.seed),
    now: new Date(),
    deals,
    companies: Math.ceil(deals * 0.3),
    contacts: Math.ceil(deals * 1.5),
  }),
});
const { url, portalId, clientId, clientSecret } = simulator;
process.stdout.write(`${JSON.stringify({ url, portalId, clientId, clientSecret, ...simulator.grant() })}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator.stop());
