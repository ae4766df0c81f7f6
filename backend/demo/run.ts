/** The demo: a server like any other, two simulated CRMs, a company to look at, and a page. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { boot, type Pandora } from "../boot.ts";
import { readConfig } from "../config.ts";
import { createApiKey } from "../connections/api-keys.ts";
import { listWorkspaces } from "../connections/workspaces.ts";
import { eraseEmbeddedPostgres } from "../embedded-postgres.ts";
import type { Logger } from "../logger.ts";
import { createApi } from "./api.ts";
import { callsArrive } from "./conversations.ts";
import { type DemoCrms, type DemoSize, startCrms } from "./crms.ts";
import { createFront } from "./front.ts";
import { dealsSlip, repsWriteFirst, repsWriteOver, undoTwo } from "./people.ts";
import {
  connectHubSpot,
  connectSalesforce,
  mapFields,
  number,
  runAndWatch,
  scoreAll,
  waitForImports,
} from "./story.ts";
import type { Terminal } from "./terminal.ts";

export type DemoOptions = {
  port: number;
  /** Where the embedded database lives; emptied at each start. */
  dataDir: string;
  /** Another database instead, empty. */
  databaseUrl?: string;
  size: DemoSize;
  log: Logger;
  terminal: Terminal;
};

export type Demo = { url: string; apiKey: string; workspaceId: string; crms: DemoCrms; stop(): Promise<void> };

/**
 * Starts everything and plays the story up to the page.
 * @throws Error when the port is taken or a step fails; nothing stays open
 */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const { terminal } = options;
  const url = `http://localhost:${options.port}`;
  let crms: DemoCrms | null = null;
  let pandora: Pandora | null = null;
  const stop = async () => {
    await pandora?.stop(2_000);
    await Promise.allSettled([crms?.hubspot.stop(), crms?.salesforce.stop()]);
  };
  try {
    const started = await terminal.step("Simulated HubSpot and Salesforce", async (progress) => {
      const { deals, companies, contacts } = options.size;
      progress(`${number(deals)} deals, ${number(companies)} companies, ${number(contacts)} contacts each`);
      return startCrms(options.size);
    });
    crms = started;
    const front = createFront(url, started);
    const house = await terminal.step("PostgreSQL, schema, server", async () => {
      pandora = await boot(configOf(options, url, started), {
        log: options.log,
        // On this machine only: the page carries an admin's key.
        host: "127.0.0.1",
        // A demo's data is made anew each time, so it need not survive a power cut.
        databaseFlags: ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=1s"].flatMap(
          (flag) => ["-c", flag],
        ),
        beforeDatabase: () => eraseEmbeddedPostgres(path.resolve(options.dataDir)),
        front: front.before,
      });
      return pandora.house;
    });
    await terminal.step("HubSpot connected (OAuth)", () => connectHubSpot(url));
    const [workspace] = await listWorkspaces(house.db);
    const workspaceId = workspace!.workspace_id;
    const { key } = await createApiKey(house, workspaceId, { name: "Demo page", role: "admin" }, "demo");
    const api = createApi(url, key);
    await terminal.step("Salesforce connected (OAuth with PKCE)", () => connectSalesforce(api));
    await terminal.step("First import of both", (progress) => waitForImports(api, progress));
    await front.linkRecords(house, workspaceId);
    await terminal.step("The team's calls arrive", (progress) => callsArrive(house, workspaceId, api, progress));
    await terminal.step("Every deal scored", (progress) => scoreAll(house, workspaceId, progress));
    await terminal.step("Fields mapped from templates", (progress) => mapFields(api, progress));
    await repsWriteFirst(house, workspaceId, started);
    await terminal.step("Dry run", (progress) => runAndWatch(api, "dry-run", progress));
    const first = await terminal.step("First sync", (progress) => runAndWatch(api, "sync-all", progress));
    await repsWriteOver(api, started, first.id);
    await terminal.step("Close dates slip, scores follow", (progress) =>
      dealsSlip(house, workspaceId, api, started, progress),
    );
    await terminal.step("Second sync, after people changed things", (progress) =>
      runAndWatch(api, "sync-all", progress),
    );
    await undoTwo(api, first.id);
    front.open({ house, workspaceId, apiKey: key });
    return { url, apiKey: key, workspaceId, crms: started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configOf(options: DemoOptions, url: string, { hubspot, salesforce }: DemoCrms) {
  return readConfig({
    PORT: String(options.port),
    PUBLIC_URL: url,
    PANDORA_DATA_DIR: options.dataDir,
    DATABASE_URL: options.databaseUrl,
    PANDORA_KEYS: `demo:${randomBytes(32).toString("base64")}`,
    HUBSPOT_CLIENT_ID: hubspot.clientId,
    HUBSPOT_CLIENT_SECRET: hubspot.clientSecret,
    HUBSPOT_API_URL: hubspot.url,
    HUBSPOT_APP_URL: hubspot.url,
    SALESFORCE_CLIENT_ID: salesforce.clientId,
    SALESFORCE_CLIENT_SECRET: salesforce.clientSecret,
    SALESFORCE_LOGIN_URL: salesforce.url,
  });
}
