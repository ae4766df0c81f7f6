import { expect, test } from "vitest";
import { handOverKey, keyStep } from "../../backend/connections/salesforce-keys.ts";
import { sessionOf } from "../../backend/connections/session.ts";
import { reseal } from "../../backend/connections/vault.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { install, setUp } from "../connections/setup.ts";
import { salesforceRequest } from "../support/callers.ts";
import { read } from "./support.ts";

const setup = await setUp();
const { house, salesforce } = setup;
const apps = [house, setup.secondProcess()].map((each) => createApp(each, realServices));
const workspaceId = await install(setup, "salesforce");
await setup.drain();

const userOf = (n: number) => `005000000000${String(n).padStart(3, "0")}AAA`;
const owner = async (n: number, email: string, active = true) => {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into crm_owners (workspace_id, crm, owner_id, email, name, active, user_id, synced_at)
      values (${workspaceId}, 'salesforce', ${userOf(n)}, ${email}, ${`User ${n}`}, ${active}, ${userOf(n)}, ${house.clock.now()})`,
  );
};

type Call = Partial<Parameters<typeof salesforceRequest>[0]>;
const signed = (call: Call = {}) =>
  salesforceRequest({
    ...{ key: salesforce.package.setting()!, orgId: salesforce.orgId, userId: userOf(1) },
    ...{ path: "/api/session", at: house.clock.now() },
    ...call,
  });
const send = async ({ path, init }: ReturnType<typeof signed>, app = apps[0]!) => read(await app.request(path, init));
test("without the package there is no key to sign with; once installed, the org is handed one", async () => {
  await handOverKey(house, workspaceId);
  expect(salesforce.package.setting()).toBeNull();
  salesforce.package.install("pandora_crm");
  salesforce.package.permit(false);
  await handOverKey(house, workspaceId);
  expect(salesforce.package.setting()).toBeNull();
  salesforce.package.permit(true);
  await handOverKey(house, workspaceId);
  expect(Buffer.from(salesforce.package.setting()!.signingKey, "base64")).toHaveLength(32);
  // Nothing is left to do.
  await handOverKey(house, workspaceId);
  expect(salesforce.package.handOvers()).toBe(1);
});

test("a signed call is answered as the org's user, who is a rep when they own records", async () => {
  await owner(1, "sam@acme.test");
  const answer = await send(signed());
  expect(answer).toMatchObject({
    status: 200,
    body: { via: "salesforce", role: "rep", user: { email: "sam@acme.test" } },
  });
  expect(answer.body.workspace.id).toBe(workspaceId);
  const posted = await send(
    signed({ method: "PATCH", path: "/api/workspaces/me/settings", body: { name: "By a rep" } }),
  );
  expect(posted).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test("a user who is deactivated in the org, or whom nothing tells of, gets nothing", async () => {
  await owner(2, "gone@acme.test", false);
  for (const n of [2, 3]) {
    expect(await send(signed({ userId: userOf(n) }))).toMatchObject({ status: 403, body: { code: "not_a_member" } });
  }
  // Addresses are not unique in an org: the second user does not become the first.
  await owner(4, "sam@acme.test");
  expect((await send(signed({ userId: userOf(4) }))).body.code).toBe("not_a_member");
});

test("forged, late, early, changed and foreign assertions get nothing", async () => {
  const now = Math.floor(house.clock.now().getTime() / 1000);
  const body = { name: "Changed" };
  const good = signed({ method: "PATCH", path: "/api/workspaces/me/settings", body });
  const [head, , mac] = (good.init.headers as Record<string, string>)["x-pandora-assertion"]!.split(".");
  const withToken = (token: string) => ({
    path: "/api/session",
    init: { headers: { "x-pandora-assertion": token } } as RequestInit,
  });
  const none = Buffer.from(JSON.stringify({ alg: "none", kid: salesforce.package.setting()!.keyId })).toString(
    "base64url",
  );
  const [, claims] = (signed().init.headers as Record<string, string>)["x-pandora-assertion"]!.split(".");
  const guessed = { ...salesforce.package.setting()!, signingKey: Buffer.alloc(32, 1).toString("base64") };
  const tries = {
    "a guessed key": signed({ key: guessed }),
    "an unknown key id": signed({ key: { ...salesforce.package.setting()!, keyId: "k0" } }),
    "another org, with this org's key": signed({ orgId: "00D000000000009EAA" }),
    "no algorithm": withToken(`${none}.${claims}.`),
    "claims under another's signature": withToken(`${head}.${claims}.${mac}`),
    nonsense: withToken("a.b.c"),
    "too long ago": signed({ at: new Date((now - 121) * 1000) }),
    "not yet": signed({ at: new Date((now + 62) * 1000) }),
    "good for an hour": signed({ change: { exp: now + 3600 } }),
    "another audience": signed({ change: { aud: "other" } }),
    "another path": { ...good, path: "/api/workspaces/me/notifications" },
    "another query": { ...signed(), path: "/api/session?crm=hubspot" },
    "another method": { ...good, init: { ...good.init, method: "POST" } },
    "another body": { ...good, init: { ...good.init, body: JSON.stringify({ name: "Mine" }) } },
    "another user": signed({ change: { sub: "not-an-id" } }),
  };
  for (const [name, request] of Object.entries(tries)) {
    const { status, body: answer } = await send(request);
    expect([name, status, answer.code]).toEqual([name, 401, "unauthorized"]);
  }
});

test("an assertion is taken once, whichever replica it comes to; a clock a minute off is forgiven", async () => {
  const once = signed();
  const answers = await Promise.all(apps.map((app) => send(once, app)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  expect((await send(once)).status).toBe(401);
  const behind = signed({ at: new Date(house.clock.now().getTime() - 110_000) });
  expect((await send(behind)).status).toBe(200);
  expect((await send(behind, apps[1]!)).status).toBe(401);
});

test("a month later the org gets a new key; calls signed a moment before it came still hold, and no longer after that", async () => {
  const old = salesforce.package.setting()!;
  expect(
    keyStep({ key_id: "k", created_at: house.clock.now(), handed_over_at: house.clock.now() }, house.clock.now()),
  ).toBe("none");
  house.clock.advance(30 * 86_400_000);
  await handOverKey(house, workspaceId);
  const fresh = salesforce.package.setting()!;
  expect(fresh.keyId).not.toBe(old.keyId);
  expect((await send(signed({ key: old }))).status).toBe(200);
  house.clock.advance(10 * 60_000);
  expect((await send(signed({ key: old }))).status).toBe(401);
  expect((await send(signed({ key: fresh }))).status).toBe(200);
});

test("a lost reply to the hand-over costs nothing: the same key is handed over again", async () => {
  const before = salesforce.package.setting()!;
  house.clock.advance(30 * 86_400_000);
  // The session is renewed first, so that the reply that gets lost is the package's.
  await (await house.openCrm(workspaceId, "salesforce", "background")).owners();
  salesforce.faults.set([{ name: "lost_reply", rate: 1, times: 1, on: "all" }]);
  await expect(handOverKey(house, workspaceId)).rejects.toMatchObject({ name: "CrmError" });
  const received = salesforce.package.setting()!;
  expect(received.keyId).not.toBe(before.keyId);
  expect((await send(signed({ key: received }))).status).toBe(200);
  await handOverKey(house, workspaceId);
  expect(salesforce.package.setting()).toEqual(received);
});

test("a sandbox copy holds the key under another org's id, and gets nothing", async () => {
  // The copied setting names the org it was made for; the package compares, and a forged one fails here.
  expect((await send(signed({ orgId: "00D0000000000SbEAA" }))).body.code).toBe("unauthorized");
});

test("keys are sealed at rest, and sealed anew with the ring", async () => {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ key_sealed: string }[]>`select key_sealed from salesforce_keys order by created_at desc limit 1`,
  );
  expect(row!.key_sealed).not.toContain(salesforce.package.setting()!.signingKey);
  house.config.keys.unshift({ id: "k2", key: Buffer.alloc(32, 9) });
  await reseal(house.db, house.config.keys);
  expect((await send(signed())).status).toBe(200);
  const left = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`select 1 from salesforce_keys where not starts_with(key_sealed, 'v1:k2:')`,
  );
  expect(left).toHaveLength(0);
});

test("the admin reads what is left to do in the org", async () => {
  const steps = async () => {
    const caller = {
      workspaceId,
      role: "admin",
      via: "api_key",
      abilities: [],
      user: { id: "", name: "", email: null },
    } as const;
    return (await sessionOf(house, caller)).connections[0]!.setup_needed;
  };
  const mapping = "Map a first field, or apply a template.";
  expect(await steps()).toEqual([mapping]);
  salesforce.package.uninstall();
  house.clock.advance(30 * 86_400_000);
  await handOverKey(house, workspaceId);
  expect(await steps()).toEqual([
    mapping,
    "Install the Pandora package in Salesforce, so that people see Pandora there.",
  ]);
  // Deployed from source, without a namespace.
  salesforce.package.install(null);
  salesforce.package.permit(false);
  await handOverKey(house, workspaceId);
  expect(await steps()).toEqual([mapping, "In Salesforce, give the connecting user the permission set Pandora Admin."]);
  salesforce.package.permit(true);
  await handOverKey(house, workspaceId);
  expect(await steps()).toEqual([mapping]);
  expect((await send(signed())).status).toBe(200);
});

test("after a disconnect the org's calls get nothing, and connecting again hands over a new key", async () => {
  const before = salesforce.package.setting()!;
  await realServices.disconnect(house, workspaceId, "salesforce", { deleteData: false, by: "test" });
  expect((await send(signed())).status).toBe(401);
  const again = await install(setup, "salesforce");
  await handOverKey(house, again);
  expect(salesforce.package.setting()!.keyId).not.toBe(before.keyId);
});
