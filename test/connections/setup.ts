/** A house on a database of its own, both simulators beside it, and our OAuth doors over real HTTP. */
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, expect } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { type Config, readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import { oauthRoutes } from "../../backend/connections/oauth-routes.ts";
import { createOpenCrm } from "../../backend/connections/open-crm.ts";
import type { CrmType } from "../../backend/crm/port.ts";
import { openDb } from "../../backend/db.ts";
import type { Handlers, JobKind } from "../../backend/jobs/kinds.ts";
import { jobKinds } from "../../backend/jobs/kinds.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";
import { importGivenUp, onImport } from "../../backend/mirror/on-import.ts";
import { onRound } from "../../backend/mirror/on-round.ts";
import type { SeedOrganisation } from "../../backend/simulator/company.ts";
import { startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";
import { startSalesforceSimulator } from "../../backend/simulator/salesforce/simulator.ts";
import { analyseChanged } from "../../backend/skills/on-changes.ts";
import { onSkillRun, skillRunGivenUp } from "../../backend/skills/on-skill-run.ts";
import { newDatabase } from "../support/database.ts";

type Hs = Awaited<ReturnType<typeof startHubSpotSimulator>>;
type Sf = Awaited<ReturnType<typeof startSalesforceSimulator>>;

export type Setup = {
  house: House & { clock: SteppedClock };
  hubspot: Hs;
  salesforce: Sf;
  /** Where our own doors answer. */
  url: string;
  /** Another process on the same database. */
  secondProcess(): House;
  /** Runs due jobs of these rooms; jobs of other rooms are noted only. */
  drain(): Promise<number>;
  /** Kinds of jobs of other rooms that were delivered, in order. */
  delivered: JobKind[];
};

// Registered when a test file imports this: a hook registered inside a running test would never run.
const endings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Call at the top of a test file, or in a test that needs a house of its own; stopped after the file. */
export async function setUp(options: { company?: SeedOrganisation; dailyLimit?: number } = {}): Promise<Setup> {
  const clock = steppedClock();
  const { url: databaseUrl, db } = await newDatabase();
  const hubspot = await startHubSpotSimulator({ clock, company: options.company });
  const salesforce = await startSalesforceSimulator({
    clock,
    ...(options.company ? { company: options.company } : {}),
    ...(options.dailyLimit ? { dailyLimit: options.dailyLimit } : {}),
  });
  const doors: { app?: Hono } = {};
  const server = await listen((request) => doors.app!.fetch(request));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = configFor(url, hubspot, salesforce);
  const log = createLogger("silent");
  const queue = await openQueue({ url: databaseUrl, log, supervise: false });
  const openCrm = createOpenCrm({ db, clock, log, config });
  const house = { db, queue, clock, log, config, openCrm };
  doors.app = new Hono().route("/oauth", oauthRoutes(house));
  const extra: { close(): Promise<void> }[] = [];
  const delivered: JobKind[] = [];
  endings.push(async () => {
    await queue.stop(0);
    await openCrm.close();
    for (const each of [...extra, db]) await each.close();
    server.closeAllConnections();
    server.close();
    await hubspot.stop();
    await salesforce.stop();
  });
  return {
    house,
    hubspot,
    salesforce,
    url,
    secondProcess() {
      const otherDb = openDb(databaseUrl, { poolMax: 3 });
      const other = createOpenCrm({ db: otherDb, clock, log, config });
      extra.push(other, otherDb);
      return { db: otherDb, queue, clock, log, config, openCrm: other };
    },
    drain: () => queue.drain(handlers(house, delivered), clock),
    delivered,
  };
}

export function configFor(publicUrl: string, hubspot: Hs, salesforce: Sf): Config {
  return readConfig({
    PUBLIC_URL: publicUrl,
    PANDORA_KEYS: `k1:${randomBytes(32).toString("base64")}`,
    HUBSPOT_CLIENT_ID: hubspot.clientId,
    HUBSPOT_CLIENT_SECRET: hubspot.clientSecret,
    HUBSPOT_API_URL: hubspot.url,
    HUBSPOT_APP_URL: hubspot.url,
    SALESFORCE_CLIENT_ID: salesforce.clientId,
    SALESFORCE_CLIENT_SECRET: salesforce.clientSecret,
    SALESFORCE_LOGIN_URL: salesforce.url,
    LOG_LEVEL: "silent",
  });
}

/** A browser: keeps cookies by host, follows redirects one by one. */
export function newBrowser() {
  const jar = new Map<string, string>();
  const step = async (address: string): Promise<Response> => {
    const { host } = new URL(address);
    const cookies = [...jar]
      .filter(([key]) => key.startsWith(`${host} `))
      .map(([key, value]) => `${key.split(" ")[1]}=${value}`);
    const answer = await fetch(address, {
      redirect: "manual",
      headers: cookies.length > 0 ? { cookie: cookies.join("; ") } : {},
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/max-age=0/i.test(line)) jar.delete(`${host} ${pair.slice(0, at)}`);
      else jar.set(`${host} ${pair.slice(0, at)}`, pair.slice(at + 1));
    }
    return answer;
  };
  return {
    jar,
    step,
    /** Follows redirects to the page they end at. @param until stop before opening an address that holds this */
    async open(address: string, until?: string): Promise<{ status: number; text: string; url: string }> {
      for (let at = address, hops = 0; hops < 10; hops += 1) {
        if (until && at.includes(until)) return { status: 0, text: "", url: at };
        const answer = await step(at);
        const next = answer.headers.get("location");
        if (!next) return { status: answer.status, text: await answer.text(), url: at };
        at = new URL(next, at).href;
      }
      throw new Error("the redirects do not end");
    },
  };
}

/** Installs as from the marketplace. @returns the workspace's id */
export async function install(setup: Setup, crm: CrmType): Promise<string> {
  const page = await newBrowser().open(`${setup.url}/oauth/${crm}/start`);
  expect(page.text).toContain("is connected");
  const account = crm === "hubspot" ? String(setup.hubspot.portalId) : setup.salesforce.orgId;
  return workspaceOf(setup, crm, account);
}

export async function workspaceOf(setup: Setup, crm: CrmType, account: string): Promise<string> {
  const [row] = await setup.house.db.outside(
    (tx) => tx<{ id: string | null }[]>`select directory_find_account(${crm}, ${account}) as id`,
  );
  if (!row?.id) throw new Error(`account ${account} belongs to nobody`);
  return row.id;
}

function handlers(house: House, delivered: JobKind[]): Handlers {
  const analyse = analyseChanged(house);
  const mine: Partial<Handlers> = {
    "mirror.import": {
      run: (payload, signal) => onImport(house, payload, signal, analyse),
      givenUp: (payload, error) => importGivenUp(house, payload, error),
    },
    "mirror.round": { run: (payload, signal) => onRound(house, payload, signal, analyse) },
    "skill.run": {
      run: (payload, signal) => onSkillRun(house, payload, signal),
      givenUp: (payload, error) => skillRunGivenUp(house, payload, error),
    },
  };
  const others = (Object.keys(jobKinds) as JobKind[]).map((kind) => [
    kind,
    { run: async () => void delivered.push(kind) },
  ]);
  return { ...Object.fromEntries(others), ...mine } as Handlers;
}

function listen(answer: (request: Request) => Response | Promise<Response>): Promise<Server> {
  const server = createServer(getRequestListener(answer));
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
