/** Whose gaps a rep sees, in every list, figure, search and act; and who may act at all. */
import { expect, test } from "vitest";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { gapWorld, list, titles } from "./listed.ts";

const testApp = await newTestApp(await newDatabase());

/** Rita and Sam share a team, Uma has another; two calls are nobody's. */
async function teams() {
  const world = await gapWorld(testApp);
  const rita = await world.person("rita@us.test", "rep", "east");
  await world.person("sam@us.test", "rep", "east");
  const uma = await world.person("uma@us.test", "rep", "west");
  const guest = await world.person("guest@us.test", "viewer");
  await world.company("c-rita", { owner: "rita@us.test" });
  await world.company("c-free");
  await world.gap({ title: "rita's", rep: "rita@us.test", severity: "high", ago: 1 });
  await world.gap({ title: "sam's", rep: "sam@us.test", severity: "high", ago: 2 });
  await world.gap({ title: "uma's", rep: "uma@us.test", severity: "high", ago: 3 });
  await world.gap({ title: "nobody's, of rita's company", companies: ["c-rita"], ago: 4 });
  await world.gap({ title: "nobody's", companies: ["c-free"], ago: 5 });
  const aliased = await world.gap({ title: "rita's by another address", rep: "rita@us.test", ago: 6 });
  await world.within((tx) => tx`update conversations set rep_email = 'r.alias@us.test' where id = ${aliased}`);
  return { world, rita, uma, guest };
}

const ofRita = ["rita's", "nobody's, of rita's company", "rita's by another address"];

test("a rep sees their own, their team's or all, as the workspace says; an admin all", async () => {
  const { world, rita, uma, guest } = await teams();
  const seen = (call: typeof rita) => titles(call, "sort=newest");
  const all = ["rita's", "sam's", "uma's", "nobody's, of rita's company", "nobody's", "rita's by another address"];
  expect(await seen(world.admin)).toEqual(all);
  expect(await seen(rita)).toEqual(["rita's", "sam's", ...ofRita.slice(1)]);
  expect(await seen(uma)).toEqual(["uma's"]);
  expect(await seen(guest)).toEqual([]);
  await world.repsSee("own");
  expect(await seen(rita)).toEqual(ofRita);
  await world.repsSee("all");
  expect(await seen(uma)).toEqual(all);
  expect(await seen(guest)).toEqual(all);
});

test("no filter, order, page or search shows more than is in sight", async () => {
  const { world, rita } = await teams();
  await world.repsSee("own");
  expect(await titles(rita, "rep=sam@us.test")).toEqual([]);
  expect(await titles(rita, "rep=rita@us.test")).toEqual(["rita's"]);
  expect(await titles(rita, "company=c-rita")).toEqual([ofRita[1]]);
  expect(await titles(rita, "company=c-free")).toEqual([]);
  expect(await titles(rita, "q=nobody")).toEqual([ofRita[1]]);
  expect(await titles(rita, "q=sam")).toEqual([]);
  expect(await titles(world.admin, "q=sam")).toEqual(["sam's"]);
  expect(await titles(rita, "sort=longest&limit=200")).toEqual(ofRita);
});

test("the figures and the trend count what is in sight", async () => {
  const { world, rita, uma } = await teams();
  await world.repsSee("own");
  const pending = async (call: typeof rita) => (await call("GET", `${list}/summary`)).body.pending;
  expect([await pending(world.admin), await pending(rita), await pending(uma)]).toEqual([6, 3, 1]);
  const { body } = await rita("GET", `${list}/trend?weeks=2`);
  expect(body.weeks.reduce((sum: number, week: { found: number }) => sum + week.found, 0)).toBe(3);
});

test("what is not in sight can't be opened or acted on: it is not there", async () => {
  const { world, uma } = await teams();
  await world.repsSee("own");
  const { body } = await world.admin("GET", `${list}?rep=rita@us.test`);
  const id = body.items[0].conversation_id;
  expect((await uma("GET", `${list}/${id}`)).status).toBe(404);
  for (const [act, more] of [
    ["dismiss", { reason: "other" }],
    ["restore", {}],
    ["unlink", {}],
  ] as const) {
    expect([act, (await uma("POST", `${list}/${id}/${act}`, more)).status]).toEqual([act, 404]);
  }
  await world.deal("d-uma", { owner: "uma@us.test" });
  expect((await uma("POST", `${list}/${id}/link-deal`, { deal_crm_id: "d-uma" })).body.code).toBe("not_found");
  expect((await world.admin("GET", `${list}/${id}`)).body.status).toBe("pending");
});

test("another workspace's gap is not there either", async () => {
  const { world } = await teams();
  const other = await gapWorld(testApp);
  const foreign = await other.gap({ title: "foreign" });
  expect((await world.admin("GET", `${list}/${foreign}`)).status).toBe(404);
  expect((await world.admin("POST", `${list}/${foreign}/dismiss`, { reason: "other" })).status).toBe(404);
  expect(await titles(world.admin, "q=foreign")).toEqual([]);
});

test("a viewer reads and may not act; the answer says so", async () => {
  const { world, guest } = await teams();
  await world.repsSee("all");
  const { body } = await guest("GET", list);
  const id = body.items[0].conversation_id;
  for (const [act, more] of [
    ["dismiss", { reason: "other" }],
    ["restore", {}],
    ["link-deal", { deal_crm_id: "d-1" }],
    ["unlink", {}],
  ] as const) {
    const { status, body: says } = await guest("POST", `${list}/${id}/${act}`, more);
    expect([act, status, says.needs]).toEqual([act, 403, "act_on_gaps"]);
  }
});

test("deals of people out of sight are counted, not shown; they can't be linked or searched", async () => {
  const { world, rita } = await teams();
  await world.repsSee("own");
  await world.deal("d-rita", { name: "Acme rita", company: "c-rita", owner: "rita@us.test" });
  await world.deal("d-free", { name: "Acme free", company: "c-rita" });
  await world.deal("d-uma", { name: "Acme uma", company: "c-rita", owner: "uma@us.test" });
  const { body } = await rita("GET", `${list}?company=c-rita`);
  const [gap] = body.items;
  expect(gap.open_deals.map((deal: { name: string }) => deal.name).sort()).toEqual(["Acme free", "Acme rita"]);
  expect(gap.open_deals_hidden).toBe(1);
  const found = async (call: typeof rita) =>
    (await call("GET", "crm-search?objectType=deal&q=acme")).body.items.map((deal: { crm_id: string }) => deal.crm_id);
  expect(await found(rita)).toEqual(["d-free", "d-rita"]);
  expect(await found(world.admin)).toEqual(["d-free", "d-rita", "d-uma"]);
  const linked = await rita("POST", `${list}/${gap.conversation_id}/link-deal`, { deal_crm_id: "d-uma" });
  expect([linked.status, linked.body.code]).toEqual([404, "no_such_deal"]);
});
