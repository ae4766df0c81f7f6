/** The notice to a rep that a deal was made of a call of theirs. */
import { expect, test } from "vitest";
import { type AutoCreated, noticeAutoCreated } from "../../backend/notify/auto-created.ts";
import { type NotifyWorld, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, house, drain } = await newNotifyHouse();

async function made(world: NotifyWorld, conversationId: string, more: Partial<AutoCreated> = {}) {
  const deal = { dealName: "Globex: intro", dealUrl: "https://crm.test/0-3/77", repEmail: "rita@c.test" };
  await world.within((tx) => noticeAutoCreated(tx, house, { workspaceId: world.id, conversationId, ...deal, ...more }));
  await drain();
}

test("the rep is told once, with the deal's name and link; made again after an undo, they are told again", async () => {
  const world = await newWorld();
  const rita = await world.person("rita@c.test", "rep", "east");
  const call = await world.gap({ title: "Intro", rep: "rita@c.test", status: "created" });
  await made(world, call);
  await made(world, call);
  const [one, ...more] = mail.to("rita@c.test");
  expect(more).toEqual([]);
  expect(one!.subject).toBe("Pandora created a deal for a call of yours");
  expect(one!.text).toContain('"Globex: intro"');
  expect(one!.text).toContain("Open the deal: https://crm.test/0-3/77");
  expect(one!.text).toContain('your call "Intro"');
  const [notice] = (await rita("GET", "notices")).body.items;
  expect((await rita("GET", `notices/${notice.id}`)).body.text).toContain("Open the deal");
  const stored = await world.within((tx) => tx`select detail from notices`);
  expect(JSON.stringify(stored)).not.toContain("Globex");
  await world.within((tx) => tx`update conversations set generation = 1 where id = ${call}`);
  await made(world, call);
  expect(mail.to("rita@c.test")).toHaveLength(2);
});

test("nobody is told where the rep is no member, is not known, or wants no such notices", async () => {
  const world = await newWorld();
  const sam = await world.person("sam@c2.test", "rep", "east");
  await sam("PATCH", "notifications", { me: { created_deals: false } });
  for (const repEmail of ["ghost@c2.test", null, "sam@c2.test"]) {
    await made(world, await world.gap({ rep: repEmail, status: "created" }), { repEmail });
  }
  expect(await world.within((tx) => tx`select 1 from notices`)).toHaveLength(0);
});

test("when the deal's transaction is rolled back nobody is told of it", async () => {
  const world = await newWorld();
  await world.person("rita@c3.test", "rep", "east");
  const call = await world.gap({ rep: "rita@c3.test", status: "created" });
  const deal = { workspaceId: world.id, conversationId: call, dealName: "x", dealUrl: null, repEmail: "rita@c3.test" };
  await expect(
    world.within(async (tx) => {
      await noticeAutoCreated(tx, house, deal);
      throw new Error("the CRM said no");
    }),
  ).rejects.toThrow("the CRM said no");
  await drain();
  expect(mail.to("rita@c3.test")).toEqual([]);
  await made(world, call, { repEmail: "rita@c3.test" });
  expect(mail.to("rita@c3.test")).toHaveLength(1);
});
