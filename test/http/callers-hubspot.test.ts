import { expect, test } from "vitest";
import type { Role } from "../../backend/contract/session.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { install, setUp } from "../connections/setup.ts";
import { type HubSpotUser, hubSpotRequest } from "../support/callers.ts";
import { read } from "./support.ts";

const setup = await setUp();
const { house, hubspot } = setup;
const app = createApp(house, realServices);
const workspaceId = await install(setup, "hubspot");
await setup.drain();

const portalId = String(hubspot.portalId);
const member = async (email: string, role: Role, userId: string | null = null) => {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into members (workspace_id, email, name, role, role_source, hubspot_user_id)
      values (${workspaceId}, ${email}, ${email}, ${role}, 'test', ${userId})`,
  );
};
await member("ada@acme.test", "admin", "9001");
await member("rep@acme.test", "rep");

type Call = Partial<Parameters<typeof hubSpotRequest>[0]> & { as?: Partial<HubSpotUser> };
const signed = ({ as, ...call }: Call = {}) =>
  hubSpotRequest({
    ...{ publicUrl: setup.url, secret: hubspot.clientSecret, at: house.clock.now(), path: "/api/session" },
    user: { portalId, userId: "9001", userEmail: "ada@acme.test", ...as },
    ...call,
  });
const send = async ({ path, init }: ReturnType<typeof signed>) => read(await app.request(path, init));

test("a signed call is answered as the person whom HubSpot names: by user id, else by e-mail", async () => {
  const ada = await send(signed());
  expect(ada).toMatchObject({ status: 200, body: { via: "hubspot", role: "admin", user: { email: "ada@acme.test" } } });
  expect(ada.body.workspace.id).toBe(workspaceId);
  const rep = await send(signed({ as: { userId: "9002", userEmail: "Rep@acme.test" } }));
  expect(rep.body).toMatchObject({ role: "rep", user: { email: "rep@acme.test" } });
  // From then on the id alone is enough, also after the address changed in HubSpot.
  const later = await send(signed({ as: { userId: "9002", userEmail: "rep.new@acme.test" } }));
  expect(later.body).toMatchObject({ role: "rep", user: { email: "rep@acme.test" } });
});

test("somebody new is a rep when they own records in the portal, a viewer otherwise", async () => {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into crm_owners (workspace_id, crm, owner_id, email, name, active, user_id, synced_at) values
        (${workspaceId}, 'hubspot', '71', 'owner@acme.test', 'Olga Owner', true, '9100', ${house.clock.now()}),
        (${workspaceId}, 'hubspot', '72', 'gone@acme.test', 'Gus Gone', false, '9101', ${house.clock.now()})`,
  );
  const owner = await send(signed({ as: { userId: "9100", userEmail: "owner@acme.test" } }));
  expect(owner.body).toMatchObject({ role: "rep", user: { name: "Olga Owner" } });
  const stranger = await send(signed({ as: { userId: "9200", userEmail: "viewer@acme.test" } }));
  expect(stranger.body).toMatchObject({ role: "viewer", abilities: ["read"] });
  const gone = await send(signed({ as: { userId: "9101", userEmail: "gone@acme.test" } }));
  expect(gone).toMatchObject({ status: 403, body: { code: "not_a_member" } });
});

test("an unsigned, tampered, late or wrongly signed request gets nothing", async () => {
  const good = signed({ method: "PATCH", path: "/api/workspaces/me/settings", body: { name: "Changed" } });
  const headers = good.init.headers as Record<string, string>;
  const late = signed({ at: new Date(house.clock.now().getTime() - 300_001) });
  const tries = {
    unsigned: { ...good, init: { ...good.init, headers: { "content-type": "application/json" } } },
    "another body": { ...good, init: { ...good.init, body: JSON.stringify({ name: "Mine" }) } },
    "another path": { ...good, path: good.path.replace("/settings", "/members") },
    "another user": { ...good, path: good.path.replace("userId=9001", "userId=9002") },
    "another method": { ...good, init: { ...good.init, method: "POST" } },
    "another secret": signed({ secret: "guessed" }),
    "another time": { ...good, init: { ...good.init, headers: { ...headers, "x-hubspot-request-timestamp": "1" } } },
    late,
    "two portals": signed({ path: "/api/session?portalId=1" }),
    "no user": signed({ as: { userId: "" } }),
  };
  for (const [name, request] of Object.entries(tries)) {
    const { status, body } = await send(request);
    expect([name, status, body.code]).toEqual([name, 401, "unauthorized"]);
  }
  const settings = await send(signed({ path: "/api/workspaces/me/settings" }));
  expect(settings.body.name).not.toBe("Changed");
});

test("a portal that is not connected is told how to connect, and sees nothing of anybody", async () => {
  const answer = await send(signed({ as: { portalId: "99999" } }));
  expect(answer).toMatchObject({ status: 403, body: { code: "app_not_connected" } });
  expect(answer.body.connect_url).toBe(`${setup.url}/oauth/hubspot/start`);
});

test("another workspace's id in the path is not there, however well the call is signed", async () => {
  const other = await send(signed({ path: "/api/workspaces/7b0e6f6c-9a3c-4b6e-8f5e-0a8b9c0d1e2f/settings" }));
  expect(other.status).toBe(404);
});

test("HubSpot's own retry acts once and gets the same answer; its signature is as good the second time", async () => {
  const body = { email: "new@acme.test", role: "rep", request_id: "hubspot-retries-once" };
  const once = signed({ method: "POST", path: "/api/workspaces/me/members?envelope=1", body });
  const [first, second] = [await send(once), await send(once)];
  expect(first.body).toMatchObject({ ok: true, status: 201, data: { email: "new@acme.test" } });
  expect(second.body).toEqual(first.body);
  // Signed anew, a moment later, as a person who presses twice sends it.
  house.clock.advance(2_000);
  const again = await send(signed({ method: "POST", path: "/api/workspaces/me/members?envelope=1", body }));
  expect(again.body).toEqual(first.body);
});

test("a refusal comes in the envelope too, since HubSpot hides the body of other statuses", async () => {
  const viewer = { userId: "9200", userEmail: "viewer@acme.test" };
  const refused = await send(
    signed({ as: viewer, method: "PATCH", path: "/api/workspaces/me/settings?envelope=1", body: { name: "x" } }),
  );
  expect(refused).toMatchObject({ status: 200, body: { ok: false, status: 403, problem: { code: "forbidden" } } });
  const late = await send(signed({ path: "/api/session?envelope=1", secret: "guessed" }));
  expect(late).toMatchObject({ status: 200, body: { ok: false, status: 401 } });
});

test("what HubSpot appends does not disturb a door that takes no other parameters", async () => {
  const fields = await send(signed({ path: "/api/workspaces/me/crm-writeback/fields?objectType=deal" }));
  expect(fields.status).toBe(200);
  const wrong = await send(signed({ path: "/api/workspaces/me/crm-writeback/fields?objectTyp=deal" }));
  expect(wrong.status).toBe(400);
});

test("a record made a moment ago is told apart from one that is not there, by asking HubSpot with this portal's token", async () => {
  const id = hubspot.addRecord("deal", { dealname: "Made a moment ago" });
  const card = (record: string, as = {}) => send(signed({ as, path: `/api/workspaces/me/records/deal/${record}` }));
  expect((await card(id)).body).toMatchObject({ code: "not_seen_yet", status: 404 });
  expect(await house.queue.pending()).toMatchObject({ "mirror.round": 1 });
  expect((await card("999999999")).body).toMatchObject({ code: "not_found", status: 404 });
  house.clock.advance(60_000);
  await setup.drain();
  house.clock.advance(60_000);
  await setup.drain();
  expect((await card(id)).status).toBe(200);
  // Somebody else's record is not there for a rep, whatever HubSpot says.
  await house.db.withWorkspace(workspaceId, (tx) => tx`update deals set owner_id = '71' where crm_id = ${id}`);
  expect((await card(id, { userId: "9002", userEmail: "rep@acme.test" })).body.code).toBe("not_found");
});

test("after a disconnect the portal's calls get nothing", async () => {
  await realServices.disconnect(house, workspaceId, "hubspot", { deleteData: false, by: "test" });
  expect((await send(signed())).body.code).toBe("app_not_connected");
});
