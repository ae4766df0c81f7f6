/** Reps hear of calls that became pressing: once, at most hourly, and of nothing they may not see. */
import { expect, test } from "vitest";
import { day, hour, minute, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock } = await newNotifyHouse();

test("calls that turned high are one mail to their rep, with company, call and reason", async () => {
  const world = await newWorld();
  await world.person("rita@g1.test", "rep", "east");
  await world.company("c-1", { name: "Globex & Sons <GmbH>" });
  await world.gap({ title: "Intro call", rep: "rita@g1.test", severity: "high", companies: ["c-1"], ago: 200 });
  await world.gap({ title: "Demo", rep: "rita@g1.test", severity: "high", ago: 190 });
  await world.gap({ title: "Chat", rep: "rita@g1.test", severity: "medium" });
  await world.look();
  const [one, ...more] = mail.to("rita@g1.test");
  expect(more).toEqual([]);
  expect(one!.subject).toBe("2 calls without a deal need you now");
  expect(one!.text).toContain("[high] Globex & Sons <GmbH>: Intro call");
  expect(one!.text).toContain("Tue, Mar 11, 2:00 AM, 30 minutes, 8 days ago");
  expect(one!.text).toContain("https://crm.test/0-2/c-1");
  expect(one!.text).toContain("No company in the CRM: Demo");
  expect(one!.text).not.toContain("Chat");
  expect(one!.html).toContain("Globex &amp; Sons &lt;GmbH&gt;");
  expect(one!.html).not.toContain("<GmbH>");
});

test("within the hour a rep is told once; what turns high meanwhile comes with the next mail", async () => {
  const world = await newWorld();
  await world.person("rita@g2.test", "rep", "east");
  const call = (title: string) => world.gap({ title, rep: "rita@g2.test", severity: "high" });
  await call("first");
  await world.look();
  clock.advance(10 * minute);
  await call("second");
  await call("third");
  await world.pass(40 * minute);
  expect(mail.to("rita@g2.test")).toHaveLength(1);
  await world.pass(30 * minute);
  const [, next, ...more] = mail.to("rita@g2.test");
  expect(more).toEqual([]);
  expect(next!.subject).toBe("2 calls without a deal need you now");
  expect(next!.text).not.toContain("first");
});

test("a told call is not told again while it goes up and down within a day; after longer it is news", async () => {
  const world = await newWorld();
  await world.person("rita@g3.test", "rep", "east");
  const id = await world.gap({ title: "Intro", rep: "rita@g3.test", severity: "high" });
  await world.pass(2 * hour);
  await world.setSeverity(id, 2);
  await world.pass(2 * hour);
  await world.setSeverity(id, 3);
  await world.pass(2 * hour);
  expect(mail.to("rita@g3.test")).toHaveLength(1);
  await world.setSeverity(id, 2);
  await world.look();
  clock.advance(day + hour);
  await world.look();
  await world.setSeverity(id, 3);
  await world.look();
  expect(mail.to("rita@g3.test")).toHaveLength(2);
});

test("a rep who is no member is told nothing, nor is anybody else; nor later, when they join", async () => {
  const world = await newWorld();
  await world.person("ada@g4.test", "admin");
  await world.gap({ title: "Intro", rep: "ghost@g4.test", severity: "high" });
  await world.look();
  await world.person("ghost@g4.test", "rep", "east");
  await world.pass(2 * hour);
  expect([mail.to("ada@g4.test"), mail.to("ghost@g4.test")]).toEqual([[], []]);
});

test("nothing goes to a rep who may not see it: no CRM user of theirs, no sight", async () => {
  const world = await newWorld();
  const guest = await world.person("guest@g5.test", "rep");
  await world.gap({ title: "Intro", rep: "guest@g5.test", severity: "high" });
  await world.look();
  expect(mail.to("guest@g5.test")).toEqual([]);
  const [notice] = (await guest("GET", "notices")).body.items;
  expect([notice.status, notice.status_text]).toEqual(["suppressed", "Left out. There was nothing left to say."]);
});

test("what was settled between the look and the mail is left out", async () => {
  const world = await newWorld();
  await world.person("rita@g6.test", "rep", "east");
  const ids: string[] = [];
  for (const title of ["kept", "settled"]) ids.push(await world.gap({ title, rep: "rita@g6.test", severity: "high" }));
  mail.answer({ status: 451 });
  await world.look();
  mail.answer(null);
  await world.within((tx) => tx`update conversations set gap_status = 'dismissed' where id = ${ids[1]!}`);
  clock.advance(2 * minute);
  await world.look();
  const [one, ...more] = mail.to("rita@g6.test");
  expect([one!.subject, more]).toEqual(["1 call without a deal needs you now", []]);
  expect(one!.text).toContain("kept");
  expect(one!.text).not.toContain("settled");
});

test("many at once are a number, and five of them named", async () => {
  const world = await newWorld();
  await world.person("rita@g7.test", "rep", "east");
  for (let n = 0; n < 23; n += 1)
    await world.gap({ title: `Intro ${n}`, rep: "rita@g7.test", severity: "high", ago: n + 1 });
  await world.look();
  const [one] = mail.to("rita@g7.test");
  expect(one!.subject).toBe("23 calls without a deal need you now");
  expect(one!.text.match(/\[high\]/g)).toHaveLength(5);
  expect(one!.text).toContain("And 18 more calls.");
});

test("another workspace's rep of the same address hears of their own workspace only", async () => {
  const [one, other] = [await newWorld(), await newWorld()];
  for (const world of [one, other]) await world.person("rita@g8.test", "rep", "east");
  await one.gap({ title: "Of the first", rep: "rita@g8.test", severity: "high" });
  await other.gap({ title: "Of the second", rep: "rita@g8.test", severity: "high" });
  await one.look();
  await other.look();
  const texts = mail.to("rita@g8.test").map(({ text }) => text);
  expect(texts).toHaveLength(2);
  expect(texts.filter((text) => text.includes("Of the first") && text.includes("Of the second"))).toEqual([]);
});
