/** What tests and the chaos run steer the portal by. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { steppedClock } from "../../backend/clock.ts";
import { generateCompany } from "../../backend/simulator/company.ts";
import { type HubSpotSimulator, startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";

const open: HubSpotSimulator[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
  for (const child of children.splice(0)) child.kill();
});
async function start(options: Partial<Parameters<typeof startHubSpotSimulator>[0]> = {}) {
  const hub = await startHubSpotSimulator({ clock: steppedClock(), ...options });
  open.push(hub);
  return hub;
}
const json = async (url: string, body?: object) => {
  const answer = await fetch(
    url,
    body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {},
  );
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
};
const write = (hub: { url: string; accessToken: string }, id: string, value: string) =>
  fetch(`${hub.url}/crm/objects/2026-09/deals/batch/update`, {
    method: "POST",
    headers: { authorization: `Bearer ${hub.accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ inputs: [{ id, properties: { hs_next_step: value } }] }),
  });

test("counts, faults, history and a person's edit, all over HTTP", async () => {
  const hub = await start();
  const caller = { url: hub.url, ...hub.grant() };
  const id = hub.addRecord("deal", { dealname: "Litware – Pilot" });
  await write(caller, id, "by the app");
  await json(`${hub.url}/__edit`, { objectType: "deal", id, properties: { hs_next_step: "by a person" } });
  const history = await json(`${hub.url}/__history?objectType=deal&id=${id}&property=hs_next_step`);
  expect(history).toMatchObject([
    { value: "by the app", by: "api", objectType: "deals", id },
    { value: "by a person", by: "person" },
  ]);
  expect(history[1].n).toBeGreaterThan(history[0].n);
  expect(await json(`${hub.url}/__records/deal/${id}`)).toMatchObject({
    id,
    properties: { hs_next_step: "by a person" },
  });

  await json(`${hub.url}/__faults`, { faults: [{ name: "lost_reply", rate: 1 }], seed: 4 });
  await expect(write(caller, id, "lost")).rejects.toThrow();
  expect(hub.record("deal", id)?.properties.hs_next_step).toBe("lost");
  await json(`${hub.url}/__clear`, {});
  expect((await write(caller, id, "heard")).status).toBe(200);
  const stats = await json(`${hub.url}/__stats`);
  expect(stats).toMatchObject({
    calls: { "POST /crm/objects/:version/:objectType/batch/update": 3 },
    recordsWritten: 3,
    faults: { lost_reply: 1 },
  });
  await json(`${hub.url}/__stats/reset`, {});
  expect((await json(`${hub.url}/__stats`)).calls).toEqual({});
});

test("the same seed strikes the same calls", async () => {
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const hub = await start();
      const caller = { url: hub.url, ...hub.grant() };
      const id = hub.addRecord("deal", { dealname: "A" });
      hub.faults.set([{ name: "500", rate: 0.5 }], 11);
      const statuses: number[] = [];
      for (let i = 0; i < 12; i += 1) statuses.push((await write(caller, id, String(i))).status);
      return { statuses, accepted: hub.history({ id, objectType: "deal" }).filter((row) => row.by === "api").length };
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
  const failed = runs[0]!.statuses.filter((status) => status >= 500).length;
  expect(failed).toBeGreaterThan(0);
  expect(runs[0]!.accepted).toBeGreaterThan(12 - failed);
});

test("a seeded company is the same each time, believable, and all of it is in the portal", async () => {
  const options = { seed: 5, now: new Date("2026-11-22T00:00:00Z"), deals: 200, companies: 60, contacts: 300 };
  const company = generateCompany(options);
  expect(generateCompany(options)).toEqual(company);
  expect(generateCompany({ ...options, seed: 6 })).not.toEqual(company);
  expect(new Set(company.companies.map((each) => each.domain)).size).toBe(60);
  expect(new Set(company.contacts.map((each) => each.email)).size).toBe(300);
  expect(company.contacts.every((each) => each.email.endsWith(".example"))).toBe(true);
  expect(company.deals.every((each) => each.name.includes(" – "))).toBe(true);
  expect(company.deals.every((each) => each.createdAt < options.now)).toBe(true);
  const hub = await start({ company });
  expect([hub.ids("deal").length, hub.ids("company").length, hub.ids("contact").length]).toEqual([200, 60, 300]);
  expect(hub.history()).toEqual([]);
  const deal = company.deals.find((each) => each.contacts.length > 0)!;
  expect(hub.record("deal", hub.idOf(deal.key)!)?.associations.companies).toEqual([hub.idOf(deal.companyKey)]);
});

test("scopes an admin left out are not granted, and a page can ask first", async () => {
  const hub = await start({ consentPage: true });
  hub.dropScopes(["crm.schemas.deals.write"]);
  const query = new URLSearchParams({
    client_id: hub.clientId,
    redirect_uri: "https://pandora.example/cb",
    scope: "oauth",
    optional_scope: "crm.schemas.deals.write crm.objects.deals.read",
    state: "s",
  });
  const page = await (await fetch(`${hub.url}/oauth/authorize?${query}`)).text();
  const [allow, cancel] = [...page.matchAll(/href="([^"]+)"/g)].map(
    (match) => hub.url + match[1]!.replaceAll("&amp;", "&"),
  );
  const refused = await fetch(cancel!, { redirect: "manual" });
  expect(refused.headers.get("location")).toBe("https://pandora.example/cb?state=s&error=access_denied");
  const back = new URL((await fetch(allow!, { redirect: "manual" })).headers.get("location")!);
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: hub.clientId,
    client_secret: hub.clientSecret,
    redirect_uri: "https://pandora.example/cb",
    code: back.searchParams.get("code")!,
  });
  const tokens = (await (await fetch(`${hub.url}/oauth/2026-09/token`, { method: "POST", body })).json()) as {
    scopes: string[];
  };
  expect(tokens.scopes).toEqual(["oauth", "crm.objects.deals.read"]);
  expect(hub.grantedScopes()).toEqual(tokens.scopes);
});

test("the portal runs as a process of its own", async () => {
  const entry = path.resolve(import.meta.dirname, "../../backend/simulator/hubspot/serve.ts");
  const child = spawn(process.execPath, [entry, "--deals", "20"], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  const told = JSON.parse(line.toString());
  const answer = await fetch(`${told.url}/crm/objects/2026-09/deals?limit=100`, {
    headers: { authorization: `Bearer ${told.accessToken}` },
  });
  const body = (await answer.json()) as { results: unknown[] };
  expect(body.results).toHaveLength(20);
});
