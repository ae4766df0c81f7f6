import { expect, test } from "vitest";
import { disconnect, listConnections } from "../../backend/connections/disconnect.ts";
import type { House } from "../../backend/connections/house.ts";
import { unseal } from "../../backend/connections/vault.ts";
import type { CrmType } from "../../backend/crm/port.ts";
import { install, newBrowser, type Setup, setUp } from "./setup.ts";

async function refreshToken(house: House, workspaceId: string, crm: CrmType): Promise<string> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ sealed: string }[]>`select refresh_token_sealed as sealed from crm_connections where crm = ${crm}`,
  );
  return unseal(house.config.keys, { workspaceId, crm, column: "refresh_token" }, row!.sealed);
}

const tokenCalls = (setup: Setup) => setup.hubspot.stats().calls["POST /oauth/:version/token"] ?? 0;

async function openAlerts(house: House, workspaceId: string) {
  return house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ kind: string; subject: string }[]>`select kind, subject from alerts where resolved_at is null`,
  );
}

test("a token about to run out is refreshed once, for 20 callers in each of two processes", async () => {
  const setup = await setUp();
  const { house } = setup;
  const id = await install(setup, "hubspot");
  const other = setup.secondProcess();
  const before = tokenCalls(setup);
  house.clock.advance(25 * 60_000 + 1); // 30 minutes of life, refreshed 5 before the end
  const calls = [house, other].flatMap((process) =>
    Array.from({ length: 20 }, async (_, n) => {
      const crm = await process.openCrm(id, "hubspot", n % 2 === 0 ? "waiting" : "background");
      return crm.account();
    }),
  );
  const accounts = await Promise.all(calls);
  expect(accounts).toHaveLength(40);
  expect(tokenCalls(setup) - before).toBe(1);
});

test("a token that still has time is not refreshed", async () => {
  const setup = await setUp();
  const id = await install(setup, "hubspot");
  const before = tokenCalls(setup);
  setup.house.clock.advance(24 * 60_000);
  await (await setup.secondProcess().openCrm(id, "hubspot", "waiting")).account();
  expect(tokenCalls(setup)).toBe(before);
});

test("Salesforce: refused tokens lead to one refresh over two processes, and the rotated refresh token is kept", async () => {
  const setup = await setUp();
  const { house, salesforce } = setup;
  const id = await install(setup, "salesforce");
  const first = await refreshToken(house, id, "salesforce");
  const other = setup.secondProcess();
  house.clock.advance(2 * 3_600_000 + 1); // the org's session length; nobody tells us
  const adapters = await Promise.all([house, other].map((process) => process.openCrm(id, "salesforce", "waiting")));
  await Promise.all(adapters.flatMap((crm) => Array.from({ length: 10 }, () => crm.owners())));
  expect(salesforce.oauth.refreshes()).toBe(1);
  const second = await refreshToken(house, id, "salesforce");
  expect(second).not.toBe(first);
  // The old one is dead, and using it would end the connection: the next refresh uses the new one.
  house.clock.advance(2 * 3_600_000 + 1);
  await (await other.openCrm(id, "salesforce", "waiting")).owners();
  expect(salesforce.oauth.refreshes()).toBe(2);
  expect((await listConnections(house, id))[0]?.status).toBe("connected");
});

test("a token refused before its time is replaced, and the call answers", async () => {
  const setup = await setUp();
  const id = await install(setup, "hubspot");
  const crm = await setup.house.openCrm(id, "hubspot", "waiting");
  const before = tokenCalls(setup);
  setup.hubspot.faults.set([{ name: "expired_token", rate: 1, on: "all", times: 1 }]);
  expect((await crm.find("deal", [], ["dealname"], 1)).length).toBeLessThanOrEqual(1);
  expect(tokenCalls(setup) - before).toBe(1);
});

test("a claim left by a process that died is taken over when its time is up", async () => {
  const setup = await setUp();
  const { house } = setup;
  const id = await install(setup, "hubspot");
  house.clock.advance(26 * 60_000);
  const until = new Date(house.clock.now().getTime() + 60_000);
  await house.db.withWorkspace(
    id,
    (tx) => tx`update crm_connections set refresh_claim_by = 'dead', refresh_claim_until = ${until}`,
  );
  const before = house.clock.now();
  await (await setup.secondProcess().openCrm(id, "hubspot", "waiting")).account();
  expect(house.clock.now().getTime() - before.getTime()).toBeGreaterThanOrEqual(60_000);
});

test("a removed app: needs_reconnect, one alert, background work refused; reconnecting resumes and resolves", async () => {
  const setup = await setUp();
  const { house, hubspot } = setup;
  const id = await install(setup, "hubspot");
  await setup.drain();
  hubspot.revoke();
  house.clock.advance(26 * 60_000);
  const crm = await house.openCrm(id, "hubspot", "background");
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => crm.owners()));
  expect(outcomes.every((each) => each.status === "rejected")).toBe(true);
  expect(await openAlerts(house, id)).toEqual([{ kind: "needs_reconnect", subject: "hubspot" }]);
  expect((await listConnections(house, id))[0]?.status).toBe("needs_reconnect");
  for (const process of [house, setup.secondProcess()]) {
    await expect(process.openCrm(id, "hubspot", "background")).rejects.toMatchObject({
      code: "needs_reconnect",
      status: 409,
    });
  }
  // A mirror job that meets the dead connection ends quietly instead of failing over and over.
  await house.db.withWorkspace(id, (tx) =>
    house.queue.enqueue(tx, {
      kind: "mirror.round",
      payload: { workspace_id: id, crm: "hubspot" },
      key: `${id}:hubspot`,
    }),
  );
  await setup.drain();
  setup.delivered.length = 0;
  expect((await newBrowser().open(`${setup.url}/oauth/hubspot/start`)).status).toBe(200);
  expect(await openAlerts(house, id)).toEqual([]);
  await setup.drain();
  expect(setup.delivered).toContain("runs.resume");
  expect((await (await house.openCrm(id, "hubspot", "background")).account()).accountId).toBe(String(hubspot.portalId));
});

test("tokens that are refused even when fresh end the connection at the third call, not at the first", async () => {
  const setup = await setUp();
  const { house, hubspot } = setup;
  const id = await install(setup, "hubspot");
  const crm = await house.openCrm(id, "hubspot", "waiting");
  hubspot.faults.set([{ name: "expired_token", rate: 1, on: "all" }]);
  const kinds: string[] = [];
  for (let n = 0; n < 3; n += 1)
    kinds.push(
      await crm.owners().then(
        () => "ok",
        (error) => error.kind,
      ),
    );
  expect(kinds).toEqual(["token_expired", "token_expired", "reconnect"]);
  expect(await openAlerts(house, id)).toHaveLength(1);
});

test("at 80 % of Salesforce's daily allowance background work falls silent for an hour; people go on", async () => {
  const setup = await setUp({ dailyLimit: 40 });
  const { house } = setup;
  const id = await install(setup, "salesforce");
  const background = await house.openCrm(id, "salesforce", "background");
  let calls = 0;
  let error: unknown = null;
  while (error === null && calls < 60) {
    error = await background.find("deal", [], ["Name"], 1).then(
      () => null,
      (caught: unknown) => caught,
    );
    calls += 1;
  }
  expect(error).toMatchObject({ kind: "quota_exhausted" });
  await expect(background.owners()).rejects.toMatchObject({ kind: "quota_exhausted" });
  await expect(house.openCrm(id, "salesforce", "background")).rejects.toMatchObject({
    code: "crm_quiet",
    retryAfterS: 3600,
  });
  expect(await (await house.openCrm(id, "salesforce", "waiting")).owners()).not.toHaveLength(0);
  house.clock.advance(25 * 3_600_000);
  expect(await (await house.openCrm(id, "salesforce", "background")).owners()).not.toHaveLength(0);
});

test.each(["hubspot", "salesforce"] as const)(
  "%s: disconnecting revokes, deletes tokens and leases, frees the account; data goes on request",
  async (crm) => {
    const setup = await setUp();
    const { house } = setup;
    const id = await install(setup, crm);
    await setup.drain();
    const token = await refreshToken(house, id, crm);
    await house.db.withWorkspace(id, async (tx) => {
      const states = ["unsent", "sent"].map((name) => ({ name, pending: name === "sent" ? id : null }));
      await tx`
      insert into crm_write_state (workspace_id, crm, object_type, crm_record_id, property, lease_owner, lease_until, pending_log_id)
      select ${id}, ${crm}, 'deal', r.name, 'amount', 'someone', now(), r.pending
      from jsonb_to_recordset(${tx.json(states)}) as r(name text, pending uuid)`;
      await tx`
      insert into companies (workspace_id, crm, crm_id, synced_at) values (${id}, ${crm}, 'kept', now())`;
    });
    await disconnect(house, id, crm, { deleteData: false, by: "member:ada" });
    const after = await house.db.withWorkspace(id, async (tx) => ({
      leases: await tx`select crm_record_id, lease_owner from crm_write_state order by crm_record_id`,
      tokens: await tx`select status, access_token_sealed, refresh_token_sealed from crm_connections`,
      companies: await tx`select crm_id from companies where crm_id = 'kept'`,
    }));
    expect(after.tokens).toEqual([{ status: "disconnected", access_token_sealed: null, refresh_token_sealed: null }]);
    expect(after.leases).toEqual([
      { crm_record_id: "sent", lease_owner: "someone" },
      { crm_record_id: "unsent", lease_owner: null },
    ]);
    expect(after.companies).toHaveLength(1);
    await expect(house.openCrm(id, crm, "waiting")).rejects.toMatchObject({ code: "not_connected", status: 409 });
    await expect(disconnect(house, id, crm, { deleteData: false, by: "x" })).rejects.toMatchObject({
      code: "not_connected",
    });
    const [bound] = await house.db.outside(
      (tx) =>
        tx`select directory_find_account(${crm}, ${crm === "hubspot" ? String(setup.hubspot.portalId) : setup.salesforce.orgId}) as id`,
    );
    expect(bound?.id).toBeNull();
    const due = await house.db.outside((tx) => tx`select kind from directory_due('2030-01-01', 10)`);
    // Telling people goes on: that a connection ended is news.
    expect(due.filter((row) => row.kind !== "notify.look")).toEqual([]);
    // At the CRM the grant is gone as well.
    const refused = await refreshAt(setup, crm, token);
    expect(refused).toBe(400);
    await disconnect(house, id, crm, { deleteData: true, by: "member:ada" });
    const left = await house.db.withWorkspace(
      id,
      (tx) => tx`select crm_id from companies union all select property from crm_write_state`,
    );
    expect(left).toEqual([]);
  },
);

async function refreshAt(setup: Setup, crm: CrmType, token: string): Promise<number> {
  const app = setup.house.config[crm]!;
  const base =
    crm === "hubspot" ? `${setup.hubspot.url}/oauth/2026-03/token` : `${setup.salesforce.url}/services/oauth2/token`;
  const answer = await fetch(base, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: token,
      client_id: app.clientId,
      client_secret: app.clientSecret,
    }),
  });
  return answer.status;
}
