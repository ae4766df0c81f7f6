/** What people decide about a gap: it stands, it can be taken back, and two people at once do not undo each other. */

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { linkGap } from "../../backend/gaps/decide.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { newTestHouse } from "../support/house.ts";
import { type Caller, gapWorld, list, titles } from "./listed.ts";

const testApp = await newTestApp(await newDatabase());

const act = (call: Caller, id: string, what: string, body: object = {}) => call("POST", `${list}/${id}/${what}`, body);

type World = Awaited<ReturnType<typeof gapWorld>>;

const decisions = (world: World, id: string) =>
  world.within(
    async (tx) =>
      await tx<{ decision: string; reason: string | null; decided_by: string }[]>`
        select decision, reason, decided_by from gap_decisions where conversation_id = ${id} order by decided_at, id`,
  );

test("dismissed with a reason it leaves the list, says by whom, and comes back when restored", async () => {
  const world = await gapWorld(testApp);
  const rita = await world.person("rita@us.test", "rep", "east");
  const id = await world.gap({ title: "Vendor call", rep: "rita@us.test" });
  const { status, body } = await act(rita, id, "dismiss", { reason: "partner_or_vendor", note: "They sell to us" });
  expect([status, body.status]).toEqual([200, "dismissed"]);
  expect(body.decision).toMatchObject({
    ...{ decision: "dismissed", reason: "partner_or_vendor", note: "They sell to us", by: "rita" },
    at: world.clock.now().toISOString(),
  });
  expect(await titles(rita)).toEqual([]);
  expect(await titles(rita, "status=dismissed")).toEqual(["Vendor call"]);
  world.clock.advance(1_000);
  const restored = await act(rita, id, "restore");
  expect([restored.body.status, restored.body.decision.decision]).toEqual(["pending", "restored"]);
  expect(await titles(rita)).toEqual(["Vendor call"]);
  // Judged anew: it may have been linked or grown old meanwhile.
  const [row] = await world.within((tx) => tx`select dirty from conversations where id = ${id}`);
  expect(row).toEqual({ dirty: true });
  expect((await world.house.queue.pending())["gaps.sweep"]).toBeGreaterThan(0);
});

test("who did what stands in the audit trail, without the note's words", async () => {
  const world = await gapWorld(testApp);
  const rita = await world.person("rita@us.test", "rep", "east");
  const id = await world.gap({ rep: "rita@us.test" });
  await act(rita, id, "dismiss", { reason: "other", note: "Mr Smith was rude" });
  const trail = await world.within(
    (tx) => tx`select actor, action, detail from audit_events where subject = ${id} order by at`,
  );
  expect(trail).toEqual([
    { actor: expect.stringMatching(/^member:/), action: "gap.dismissed", detail: { reason: "other" } },
  ]);
});

test("an unknown reason is refused with those there are", async () => {
  const world = await gapWorld(testApp);
  const id = await world.gap();
  const { status, body } = await act(world.admin, id, "dismiss", { reason: "boring" });
  expect([status, body.errors[0].field]).toEqual([422, "reason"]);
  expect(body.errors[0].allowed).toContain("not_a_prospect");
});

test("two people who dismiss at once get the same answer, and one decision is stored", async () => {
  const world = await gapWorld(testApp);
  const id = await world.gap();
  const answers = await Promise.all(
    ["not_a_prospect", "duplicate", "other"].map((reason) => act(world.admin, id, "dismiss", { reason })),
  );
  const told = answers.map(({ status, body }) => [status, body.status, body.decision.reason]);
  expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(await decisions(world, id)).toHaveLength(1);
});

test("linked to a deal it leaves the list; the same again changes nothing, another deal is refused with the first's name", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1", { name: "Renewal" });
  await world.deal("d-2");
  const id = await world.gap();
  const { status, body } = await act(world.admin, id, "link-deal", { deal_crm_id: "d-1" });
  expect([status, body.status, body.deal]).toEqual([
    ...[200, "linked"],
    { crm: "hubspot", crm_id: "d-1", name: "Renewal", url: "https://crm.test/0-3/d-1" },
  ]);
  expect(await titles(world.admin)).toEqual([]);
  expect((await act(world.admin, id, "link-deal", { deal_crm_id: "d-1" })).status).toBe(200);
  const other = await act(world.admin, id, "link-deal", { deal_crm_id: "d-2" });
  expect([other.status, other.body.code, other.body.deal.crm_id]).toEqual([409, "already_has_deal", "d-1"]);
  expect(other.body.detail).toContain("Renewal");
  expect((await act(world.admin, id, "dismiss", { reason: "other" })).body.code).toBe("already_has_deal");
  expect((await act(world.admin, id, "restore")).body.code).toBe("already_has_deal");
  expect((await decisions(world, id)).map((each) => each.decision)).toEqual(["linked"]);
});

test("two people who link different deals at once: one is linked, the other is told which", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1");
  await world.deal("d-2");
  const id = await world.gap();
  const answers = await Promise.all(
    ["d-1", "d-2"].map((deal) => act(world.admin, id, "link-deal", { deal_crm_id: deal })),
  );
  const won = answers.find(({ status }) => status === 200)!;
  const lost = answers.find(({ status }) => status === 409)!;
  expect([lost.body.code, lost.body.deal.crm_id]).toEqual(["already_has_deal", won.body.deal.crm_id]);
  expect(await decisions(world, id)).toHaveLength(1);
});

test("a dismissed call can be linked; one person links while another dismisses: never both", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1");
  for (let round = 0; round < 4; round += 1) {
    const id = await world.gap();
    const [dismissed, linked] = await Promise.all([
      act(world.admin, id, "dismiss", { reason: "other" }),
      act(world.admin, id, "link-deal", { deal_crm_id: "d-1" }),
    ]);
    expect(linked.status).toBe(200);
    expect([200, 409]).toContain(dismissed.status);
    expect((await world.admin("GET", `${list}/${id}`)).body).toMatchObject({
      status: "linked",
      deal: { crm_id: "d-1" },
    });
  }
});

test("unlinked it is open again, and the linker may not put that deal back; linking it by hand may", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1");
  const id = await world.gap({ status: "linked", deal: "d-1" });
  const stale = await act(world.admin, id, "unlink", { deal_crm_id: "d-7" });
  expect([stale.status, stale.body.code]).toEqual([409, "deal_changed"]);
  const answers = await Promise.all([1, 2].map(() => act(world.admin, id, "unlink", { deal_crm_id: "d-1" })));
  expect(answers.map(({ status, body }) => [status, body.status, body.deal])).toEqual([
    [200, "pending", null],
    [200, "pending", null],
  ]);
  const refused = () =>
    world.within((tx) => tx`select refused_deals, generation, dirty from conversations where id = ${id}`);
  expect(await refused()).toEqual([{ refused_deals: [{ crm: "hubspot", id: "d-1" }], generation: 0, dirty: true }]);
  // Decisions are told by their moments: two within one millisecond have no order.
  testApp.clock.advance(1_000);
  await act(world.admin, id, "link-deal", { deal_crm_id: "d-1" });
  expect((await refused())[0]).toMatchObject({ refused_deals: [] });
  expect((await decisions(world, id)).map((each) => each.decision)).toEqual(["unlinked", "linked"]);
});

test("what the linker linked can be taken off too, and is listed then", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1");
  const id = await world.gap({ title: "Found again", status: null, deal: "d-1", method: "contact" });
  expect(await titles(world.admin)).toEqual([]);
  expect((await act(world.admin, id, "unlink", { deal_crm_id: "d-1" })).body).toMatchObject({
    status: "pending",
    deal: null,
  });
  expect(await titles(world.admin)).toEqual(["Found again"]);
});

test("taking a call off the deal that was made for it makes room for another one", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1");
  const id = await world.gap({ status: "created", deal: "d-1" });
  await act(world.admin, id, "unlink");
  const [row] = await world.within((tx) => tx`select generation from conversations where id = ${id}`);
  expect(row).toEqual({ generation: 1 });
});

test("while somebody has a deal made for it, others are told who", async () => {
  const world = await gapWorld(testApp);
  await world.person("rita@us.test", "rep", "east");
  await world.deal("d-1");
  const id = await world.gap();
  await world.within(
    (tx) => tx`
      insert into deal_creations (workspace_id, id, conversation_id, generation, crm, state, deal_key, request,
        requested_by, created_at)
      select ${world.id}, ${randomUUID()}, ${id}, 0, 'hubspot', 'sent', 'k', '{}', 'member:' || m.id, ${world.clock.now()}
      from members m where m.email = 'rita@us.test'`,
  );
  expect((await world.admin("GET", `${list}/${id}`)).body.being_created_by).toBe("rita");
  for (const [what, body] of [
    ["dismiss", { reason: "other" }],
    ["link-deal", { deal_crm_id: "d-1" }],
  ] as const) {
    const answer = await act(world.admin, id, what, body);
    expect([what, answer.status, answer.body.code]).toEqual([what, 409, "being_created"]);
    expect(answer.body.detail).toContain("rita");
  }
});

test("what is no gap any more is refused in words", async () => {
  const world = await gapWorld(testApp);
  const id = await world.gap({ status: null });
  for (const [what, body] of [
    ["dismiss", { reason: "other" }],
    ["restore", {}],
    ["unlink", {}],
  ] as const) {
    const answer = await act(world.admin, id, what, body);
    expect([what, answer.status, answer.body.code]).toEqual([what, 409, "not_a_gap"]);
  }
});

test("a deal that was deleted can't be linked", async () => {
  const world = await gapWorld(testApp);
  await world.deal("d-1", { deleted: true });
  const id = await world.gap();
  const { status, body } = await act(world.admin, id, "link-deal", { deal_crm_id: "d-1" });
  expect([status, body.code]).toEqual([409, "deal_deleted"]);
});

test("a deal made a moment ago is looked up in the CRM, linked, and mirrored soon; one that is not there is refused", async () => {
  const { house, crm, workspaceId, clock } = await newTestHouse("hubspot");
  const id = randomUUID();
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into conversations (workspace_id, id, source, started_at, facts_hash, created_at, updated_at, gap_status, severity)
      values (${workspaceId}, ${id}, 'gong', ${clock.now()}, '', ${clock.now()}, ${clock.now()}, 'pending', 2)`,
  );
  const viewer = { workspaceId, role: "admin", user: { name: "Ada", email: null }, actor: "api_key:x" } as const;
  const missing = linkGap(house, viewer, id, { deal_crm_id: "999999" });
  await expect(missing).rejects.toMatchObject({ code: "no_such_deal", status: 404 });
  const fresh = crm.addDeal({ dealname: "Fresh" });
  const gap = await linkGap(house, viewer, id, { deal_crm_id: fresh });
  expect(gap).toMatchObject({ status: "linked", deal: { crm: "hubspot", crm_id: fresh, name: null } });
  expect((await house.queue.pending())["mirror.round"]).toBe(1);
});
