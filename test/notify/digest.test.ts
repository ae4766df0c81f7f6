/** The weekly digest: Mondays at eight where the workspace is, once, with what its reader may see, or not at all. */
import { expect, test } from "vitest";
import { createHandlers } from "../../backend/handlers.ts";
import { enqueueDue } from "../../backend/jobs/scheduler.ts";
import { dueDigest } from "../../backend/notify/look-digest.ts";
import { day, hour, minute, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock, house } = await newNotifyHouse();
const weekly = (address: string) => mail.to(address).filter(({ subject }) => subject.startsWith("Your week"));
const long = new Date("2020-01-01T00:00:00Z");

/** To a quarter before eight on a Monday of Berlin's winter time, then past eight. */
async function toMonday(world: Awaited<ReturnType<typeof newWorld>>) {
  const now = clock.now().getTime();
  const monday = Date.parse("2031-03-24T06:45:00Z");
  clock.set(new Date(monday + Math.ceil(Math.max(0, now - monday) / (7 * day)) * 7 * day));
  await world.look();
  await world.pass(90 * minute);
}

test("over a year with both changes of the clocks: every Monday at 08:00 local time, once", () => {
  for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]) {
    const seen = new Map<string, string>();
    for (let at = Date.parse("2031-01-01T00:00:00Z"); at < Date.parse("2032-01-01T00:00:00Z"); at += hour / 2) {
      // Monday has begun somewhere, and eight o'clock has not passed everywhere.
      const [day, hours] = [new Date(at).getUTCDay(), new Date(at).getUTCHours()];
      const due = (day === 0 && hours >= 20) || (day === 1 && hours < 14) ? dueDigest(new Date(at), zone, long) : null;
      if (due && !seen.has(due.monday)) seen.set(due.monday, localTime(new Date(at), zone));
    }
    expect([zone, seen.size]).toEqual([zone, 52]);
    for (const [monday, at] of seen) expect([zone, at]).toEqual([zone, `Monday ${monday} 08:00`]);
  }
});

function localTime(at: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "long" }).format(at);
  const date = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" }).format(at);
  return `${day} ${date} ${time}`;
}

test("a Monday that nobody could use is made up for until Tuesday 08:00; a new workspace waits for its first Monday", () => {
  const due = (at: string, since = long) => dueDigest(new Date(at), "Europe/Berlin", since)?.monday ?? null;
  expect(due("2031-03-31T05:59:59Z")).toBe(null);
  expect(due("2031-03-31T06:00:00Z")).toBe("2031-03-31");
  expect(due("2031-04-01T05:59:59Z")).toBe("2031-03-31");
  expect(due("2031-04-01T06:00:00Z")).toBe(null);
  expect(due("2031-03-31T15:00:00Z", new Date("2031-03-31T10:00:00Z"))).toBe(null);
  expect(dueDigest(new Date("2031-03-31T08:00:00Z"), "Mars/Olympus", long)?.monday).toBe("2031-03-31");
});

test("over a change of the clocks, with two workers on one schedule, each reader gets one mail a week", async () => {
  const world = await newWorld();
  await world.person("rita@d1.test", "rep", "east");
  await world.gap({ title: "Intro", rep: "rita@d1.test", severity: "medium" });
  const workers = [createHandlers(house), createHandlers(house)];
  // Berlin leaves winter time on Sunday, 30 March 2031.
  clock.set(new Date("2031-03-24T06:00:00Z"));
  await house.db.outside(
    (tx) => tx`select directory_put_schedule(${world.id}, 'notify.look', '', '*/10 * * * *', 'UTC', ${clock.now()})`,
  );
  const sentAt: string[] = [];
  for (const end = Date.parse("2031-03-31T09:00:00Z"); clock.now().getTime() < end; ) {
    await Promise.all([enqueueDue(house), enqueueDue(house)]);
    const before = weekly("rita@d1.test").length;
    await Promise.all(workers.map((handlers) => house.queue.drain(handlers, clock)));
    if (weekly("rita@d1.test").length > before) sentAt.push(clock.now().toISOString());
    const isNear = clock.now().getUTCDay() === 1 && [5, 6, 7].includes(clock.now().getUTCHours());
    clock.advance(isNear ? 30 * minute : clock.now().getUTCDay() === 1 ? hour : 6 * hour);
  }
  expect(sentAt).toEqual(["2031-03-24T07:00:00.000Z", "2031-03-31T06:00:00.000Z"]);
  expect(weekly("rita@d1.test")).toHaveLength(2);
  await house.db.outside((tx) => tx`select directory_drop_schedule(${world.id}, 'notify.look', '')`);
});

test("a rep's digest holds their own calls only; an admin's the team's, by rep, with the pipeline", async () => {
  const world = await newWorld();
  for (const [email, role] of [
    ["rita@d2.test", "rep"],
    ["sam@d2.test", "rep"],
  ] as const)
    await world.person(email, role, "east");
  await world.person("ada@d2.test", "admin");
  await world.repsSee("own");
  for (const [n, amount] of [1000, 2000, 3000].entries()) await world.deal(`d-${n}`, { amount, currency: "EUR" });
  await world.gap({ title: "Rita's intro", rep: "rita@d2.test", severity: "high" });
  await world.gap({ title: "Sam's secret call", rep: "sam@d2.test", severity: "medium" });
  await toMonday(world);
  const [rita] = weekly("rita@d2.test");
  expect(rita!.subject).toBe("Your week: 1 call of yours without a deal");
  expect(rita!.text).toContain("Rita's intro");
  expect(rita!.text).toContain("About 2,000 EUR: 1 call without a deal");
  expect(rita!.text + rita!.html).not.toMatch(/Sam|sam@|The whole team/);
  const [ada] = weekly("ada@d2.test");
  expect(ada!.subject).toBe("Your week: 2 calls of the team without a deal");
  expect(ada!.text).toContain("1 high | 1 medium | 0 low");
  for (const part of ["Rita's intro", "Sam's secret call", "rita: 1 (1 high)", "sam: 1", "About 4,000 EUR"]) {
    expect(ada!.text).toContain(part);
  }
  expect(ada!.text.indexOf("Rita's intro")).toBeLessThan(ada!.text.indexOf("Sam's secret call"));
});

test("whoever sees all gets the team's beside their own; a team's sight stays one's own in the mail", async () => {
  const world = await newWorld();
  await world.person("rita@d3.test", "rep", "east");
  await world.person("sam@d3.test", "rep", "east");
  await world.gap({ title: "Rita's intro", rep: "rita@d3.test" });
  await world.gap({ title: "Sam's call", rep: "sam@d3.test" });
  await world.repsSee("team");
  await toMonday(world);
  expect(weekly("rita@d3.test")[0]!.text).not.toContain("Sam's call");
  await world.repsSee("all");
  await toMonday(world);
  const [, rita] = weekly("rita@d3.test");
  expect(rita!.subject).toBe("Your week: 1 call of yours without a deal");
  expect(rita!.text).toContain("The whole team");
  expect(rita!.text).toContain("Sam's call");
});

test("last week's decisions are counted from Monday to Monday, and alone are something to say", async () => {
  const world = await newWorld();
  await world.person("rita@d4.test", "rep", "east");
  const decide = async (decision: string, at: string) => {
    const status = { created: "created", linked: "linked", dismissed: "dismissed" }[decision] as "created";
    const id = await world.gap({ rep: "rita@d4.test", status });
    await world.within(
      (tx) => tx`
        insert into gap_decisions (workspace_id, id, conversation_id, decision, decided_by, decided_at)
        values (${world.id}, gen_random_uuid(), ${id}, ${decision}, 'pandora', ${new Date(at)})`,
    );
  };
  clock.set(new Date("2031-06-09T05:00:00Z"));
  // Berlin is two hours ahead: the week runs from Sunday 22:00 UTC to Sunday 22:00 UTC.
  await decide("created", "2031-06-01T21:59:00Z");
  await decide("created", "2031-06-01T22:00:00Z");
  await decide("created", "2031-06-08T21:59:00Z");
  await decide("dismissed", "2031-06-08T22:00:00Z");
  await decide("dismissed", "2031-06-04T12:00:00Z");
  await world.pass(90 * minute);
  const [mailed, ...more] = weekly("rita@d4.test");
  expect([mailed!.subject, more]).toEqual(["Your week: no call without a deal", []]);
  expect(mailed!.text).toContain("2 deals created, 0 calls linked to a deal, 1 dismissed.");
  expect(mailed!.text).toContain("Mon, Jun 2 – Sun, Jun 8");
});

test("where there is nothing to say nothing is sent, and the list says so", async () => {
  const world = await newWorld();
  const rita = await world.person("rita@d5.test", "rep", "east");
  await world.person("ada@d5.test", "admin");
  await toMonday(world);
  expect([weekly("rita@d5.test"), weekly("ada@d5.test")]).toEqual([[], []]);
  const [notice] = (await rita("GET", "notices")).body.items;
  expect([notice.kind, notice.status]).toEqual(["digest", "suppressed"]);
  expect((await rita("GET", `notices/${notice.id}`)).body.text).toBe(null);
});

test("the digest of a week stands as it was sent: read later, its figures are the same", async () => {
  const world = await newWorld();
  const rita = await world.person("rita@d6.test", "rep", "east");
  await world.gap({ title: "Intro", rep: "rita@d6.test" });
  await toMonday(world);
  await world.gap({ title: "Another", rep: "rita@d6.test" });
  const [notice] = (await rita("GET", "notices")).body.items;
  const { text } = (await rita("GET", `notices/${notice.id}`)).body;
  expect(text).toContain("1 call of yours without a deal");
  expect(text).toContain("Intro");
  expect(text).not.toContain("Another");
});
