import { expect, test } from "vitest";
import { disconnect, listConnections } from "../../backend/connections/disconnect.ts";
import { startConnect } from "../../backend/connections/install.ts";
import { createWorkspace } from "../../backend/connections/workspaces.ts";
import { startHubSpotSimulator } from "../../backend/simulator/hubspot/start.ts";
import { install, newBrowser, setUp, workspaceOf } from "./setup.ts";

const setup = await setUp();
const { house, hubspot, salesforce, url } = setup;

test("a HubSpot marketplace install makes the workspace, its admin, the sealed tokens, schedules and the first import", async () => {
  const browser = newBrowser();
  const page = await browser.open(`${url}/oauth/hubspot/start`);
  expect(page).toMatchObject({ status: 200 });
  expect(page.text).toContain("HubSpot is connected");
  expect(page.text).toContain("A workspace was made for you");
  expect(page.text).not.toContain("permissions are missing");
  const id = await workspaceOf(setup, "hubspot", String(hubspot.portalId));
  const seen = await house.db.withWorkspace(id, async (tx) => ({
    members: await tx`select role, role_source, hubspot_user_id from members where role = 'admin'`,
    workspace: await tx`select name, time_zone, time_zone_source, currency from workspaces`,
    row: await tx<Record<string, string>[]>`select * from crm_connections`,
    audit: await tx`select action, subject from audit_events`,
  }));
  expect(seen.members).toEqual([{ role: "admin", role_source: "install", hubspot_user_id: expect.any(String) }]);
  expect(seen.workspace[0]).toMatchObject({ time_zone_source: "crm" });
  expect(seen.workspace[0]!.name).not.toBe("");
  expect(seen.audit).toEqual([{ action: "connection.connected", subject: "hubspot" }]);
  expect(seen.row[0]).toMatchObject({ status: "connected", account_id: String(hubspot.portalId) });
  expect(seen.row[0]!.access_token_sealed).toMatch(/^v1:k1:/);
  expect(JSON.stringify(seen.row[0])).not.toContain("sim-");
  const due = await house.db.outside(
    (tx) => tx`select kind, key from directory_due(${new Date("2027-01-01T00:00:00Z")}, 10)`,
  );
  expect(due.map((row) => row.kind).sort()).toEqual([
    "mirror.round",
    "notify.look",
    "workspace.tidy",
    "writes.recover",
  ]);
  expect(await house.queue.pending()).toMatchObject({ "mirror.import": 1, "runs.resume": 1 });
  expect(browser.jar.size).toBe(0);
});

test("a Salesforce install proves the org by its own user info, with PKCE, and joins nobody else's workspace", async () => {
  const id = await install(setup, "salesforce");
  const [connection] = await listConnections(house, id);
  expect(connection).toMatchObject({
    crm: "salesforce",
    status: "connected",
    account_id: salesforce.orgId,
    time_zone: "Europe/Berlin",
    currency: "EUR",
    missing_scopes: [],
  });
  const [workspace] = await house.db.withWorkspace(id, (tx) => tx`select time_zone, currency from workspaces`);
  expect(workspace).toEqual({ time_zone: "Europe/Berlin", currency: "EUR" });
  const [admin] = await house.db.withWorkspace(id, (tx) => tx`select email, role from members`);
  expect(admin).toMatchObject({ role: "admin", email: expect.stringContaining("@") });
});

test("installing the same portal again comes back to its workspace", async () => {
  const before = await workspaceOf(setup, "hubspot", String(hubspot.portalId));
  const page = await newBrowser().open(`${url}/oauth/hubspot/start`);
  expect(page.text).toContain("It belongs to the workspace");
  expect(await workspaceOf(setup, "hubspot", String(hubspot.portalId))).toBe(before);
});

test("a portal of one workspace can't be connected to a second one", async () => {
  const other = await createWorkspace(house.db, "Second", { email: "eve@second.example" });
  const page = await newBrowser().open(startConnect(house, other, "hubspot", "member:x").url);
  expect(page.status).toBe(409);
  expect(page.text).toContain("another Pandora workspace");
  expect(await listConnections(house, other)).toEqual([]);
});

test("connecting from inside binds to that workspace; a second, different portal is refused until the first is gone", async () => {
  const own = await startHubSpotSimulator({
    clock: house.clock,
    portalId: 77,
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecret,
  });
  const third = await startHubSpotSimulator({
    clock: house.clock,
    portalId: 78,
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecret,
  });
  const at = (simulator: { url: string }) => ({
    ...house.config.hubspot!,
    apiUrl: simulator.url,
    appUrl: simulator.url,
  });
  const original = house.config.hubspot;
  try {
    const id = await createWorkspace(house.db, "Inside", { email: "ada@inside.example" });
    house.config.hubspot = at(own);
    const page = await newBrowser().open(startConnect(house, id, "hubspot", "member:ada").url);
    expect(page.text).toContain("Inside");
    expect(await listConnections(house, id)).toMatchObject([{ account_id: "77", connected_by: "member:ada" }]);
    house.config.hubspot = at(third);
    const refused = await newBrowser().open(startConnect(house, id, "hubspot", "member:ada").url);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("Disconnect that one first");
    house.config.hubspot = at(own);
    await disconnect(house, id, "hubspot", { deleteData: false, by: "member:ada" });
    house.config.hubspot = at(third);
    expect((await newBrowser().open(startConnect(house, id, "hubspot", "member:ada").url)).status).toBe(200);
    expect(await listConnections(house, id)).toMatchObject([{ account_id: "78", status: "connected" }]);
  } finally {
    house.config.hubspot = original;
    await own.stop();
    await third.stop();
  }
});

test("who declines lands on a friendly page, and nothing was made", async () => {
  const asking = await startHubSpotSimulator({
    clock: house.clock,
    portalId: 79,
    consentPage: true,
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecret,
  });
  const original = house.config.hubspot;
  house.config.hubspot = { ...original!, apiUrl: asking.url, appUrl: asking.url };
  try {
    const browser = newBrowser();
    const consent = await browser.open(`${url}/oauth/hubspot/start`);
    const cancel = /href="([^"]*answer=cancel[^"]*)"/.exec(consent.text)![1]!.replaceAll("&amp;", "&");
    const page = await browser.open(new URL(cancel, asking.url).href);
    expect(page.status).toBe(403);
    expect(page.text).toContain("You declined");
    expect(page.text).toContain('href="/oauth/hubspot/start"');
    await expect(workspaceOf(setup, "hubspot", "79")).rejects.toThrow("nobody");
  } finally {
    house.config.hubspot = original;
    await asking.stop();
  }
});

test("a scope that was not granted is named, on the page and in the connection", async () => {
  const poor = await startHubSpotSimulator({
    clock: house.clock,
    portalId: 80,
    clientId: hubspot.clientId,
    clientSecret: hubspot.clientSecret,
  });
  const original = house.config.hubspot;
  house.config.hubspot = { ...original!, apiUrl: poor.url, appUrl: poor.url };
  try {
    const browser = newBrowser();
    const authorize = await browser.open(`${url}/oauth/hubspot/start`, poor.url);
    const narrowed = new URL(authorize.url);
    const scopes = narrowed.searchParams.get("scope")!.split(" ");
    narrowed.searchParams.set("scope", scopes.filter((scope) => scope !== "crm.schemas.deals.write").join(" "));
    const page = await browser.open(narrowed.href);
    expect(page.text).toContain("Some permissions are missing");
    expect(page.text).toContain("crm.schemas.deals.write");
    const id = await workspaceOf(setup, "hubspot", "80");
    expect(await listConnections(house, id)).toMatchObject([{ missing_scopes: ["crm.schemas.deals.write"] }]);
  } finally {
    house.config.hubspot = original;
    await poor.stop();
  }
});

test("a state that was forged, used before, run out or begun in another browser connects nothing", async () => {
  const browser = newBrowser();
  const reached = await browser.open(`${url}/oauth/hubspot/start`, "/callback");
  const cookie = [...browser.jar][0]!;
  // Another browser: the state without its cookie.
  const stranger = await newBrowser().open(reached.url);
  expect(stranger.status).toBe(400);
  expect(stranger.text).toContain("not begun in this browser");
  // A victim who has begun a flow of their own is led to the attacker's callback: two halves that do not belong together.
  const victim = newBrowser();
  await victim.open(`${url}/oauth/hubspot/start`, "/callback");
  expect((await victim.open(reached.url)).status).toBe(400);
  const forged = new URL(reached.url);
  forged.searchParams.set("state", `${forged.searchParams.get("state")!.slice(0, -6)}AAAAAA`);
  expect((await browser.step(forged.href)).status).toBe(400);
  // The browser's cookie was taken by the failed attempt; with it back, the flow works once …
  browser.jar.set(...cookie);
  expect((await browser.open(reached.url)).status).toBe(200);
  // … and not twice.
  browser.jar.set(...cookie);
  expect((await browser.open(reached.url)).text).toContain("was used already");
  const late = newBrowser();
  const later = await late.open(`${url}/oauth/hubspot/start`, "/callback");
  house.clock.advance(10 * 60_000 + 1);
  expect((await late.open(later.url)).status).toBe(400);
});

test("a ticket from inside a workspace opens once", async () => {
  const id = await createWorkspace(house.db, "Ticket", { email: "ada@ticket.example" });
  const ticket = startConnect(house, id, "salesforce", "member:ada").url;
  expect((await newBrowser().step(ticket)).status).toBe(302);
  const again = await newBrowser().open(ticket);
  expect(again.status).toBe(400);
});

test("Salesforce hosts: only Salesforce's own and the configured one are ever opened", async () => {
  const id = await createWorkspace(house.db, "Hosts", { email: "ada@hosts.example" });
  for (const host of [
    "evil.example",
    "login.salesforce.com.evil.example",
    "127.0.0.1:1",
    "acme.my.salesforce.com@evil.example",
  ]) {
    expect(() => startConnect(house, id, "salesforce", "member:ada", { loginHost: host })).toThrow(
      /salesforce_host_refused/,
    );
    const page = await newBrowser().open(`${url}/oauth/salesforce/start?my_domain=${encodeURIComponent(host)}`);
    expect(page.status).toBe(422);
  }
  const sandbox = await newBrowser().step(
    startConnect(house, id, "salesforce", "member:ada", { loginHost: "https://acme--uat.sandbox.my.salesforce.com/" })
      .url,
  );
  const target = new URL(sandbox.headers.get("location")!);
  expect(target.host).toBe("acme--uat.sandbox.my.salesforce.com");
  expect(target.searchParams.get("code_challenge_method")).toBe("S256");
});
