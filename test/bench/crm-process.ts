/**
 * A simulator in a process of its own, so that only our own work is measured. Prints one line of JSON when it listens.
 * node test/bench/crm-process.ts hubspot|salesforce <deals> <base ms> <ms per record>
 */
import { systemClock } from "../../backend/clock.ts";
import { startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";
import { startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";

const [crm = "hubspot", deals = "1000", baseMs = "0", perRecordMs = "0"] = process.argv.slice(2);
const latency = { baseMs: Number(baseMs), perRecordMs: Number(perRecordMs) };
const count = Number(deals);
if (crm === "hubspot") {
  const simulator = await startHubSpotSimulator({ clock: systemClock, latency });
  simulator.addProperty("deal", { name: "pandora_score", label: "Score", type: "number", fieldType: "number" });
  const ids = Array.from({ length: count }, (_, n) => simulator.addRecord("deal", { dealname: `Deal ${n}` }));
  ready(simulator, simulator.grant().accessToken, ids);
} else {
  const simulator = await startSalesforceSimulator({ clock: systemClock, latency, dailyLimit: 10_000_000 });
  simulator.addField("deal", "Pandora_Score__c", "double", { label: "Score", scale: 0, precision: 5 });
  const ids = Array.from({ length: count }, (_, n) => simulator.addRecord("deal", { Name: `Deal ${n}` }));
  ready(simulator, simulator.oauth.grant().accessToken, ids);
}

type App = { url: string; clientId: string; clientSecret: string };

function ready({ url, clientId, clientSecret }: App, token: string, ids: string[]): void {
  process.stdout.write(`${JSON.stringify({ url, clientId, clientSecret, token, ids })}\n`);
}
