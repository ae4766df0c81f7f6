/** Admins hear of each change of a matter's state once, recovery included; flapping is one matter. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AlertRow, alertsToTell } from "../../backend/notify/episodes.ts";
import { onLook } from "../../backend/notify/on-look.ts";
import { hour, minute, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock, house } = await newNotifyHouse();
const subjects = (address: string) => mail.to(address).map(({ subject }) => subject);

test("a problem is told to each admin once, and once more when it is over", async () => {
  const world = await newWorld();
  await world.person("ada@a1.test", "admin");
  await world.person("alan@a1.test", "admin");
  await world.person("rita@a1.test", "rep", "east");
  await world.raise();
  await world.pass(30 * minute);
  expect(subjects("ada@a1.test")).toEqual(["A source brings no calls any more"]);
  expect(mail.to("ada@a1.test")[0]!.text).toContain("Gong brings no conversations: it refuses the key.");
  await world.resolve();
  await world.pass(hour);
  expect(subjects("ada@a1.test")).toEqual(["A source brings no calls any more", "Solved: A source brings calls again"]);
  expect(subjects("alan@a1.test")).toHaveLength(2);
  expect(subjects("rita@a1.test")).toEqual([]);
});

test("the same matter, broken again an hour later, is told again; another matter is its own", async () => {
  const world = await newWorld();
  await world.person("ada@a2.test", "admin");
  await world.raise();
  await world.pass(20 * minute);
  await world.resolve();
  await world.pass(hour);
  await world.raise();
  await world.raise("needs_reconnect", "hubspot", "HubSpot ended the connection.");
  await world.pass(20 * minute);
  expect(subjects("ada@a2.test").sort()).toEqual([
    "A source brings no calls any more",
    "A source brings no calls any more",
    "HubSpot has to be connected again",
    "Solved: A source brings calls again",
  ]);
});

test("what fails and recovers again and again within ten minutes is one notice, and one when it has settled", async () => {
  const world = await newWorld();
  await world.person("ada@a3.test", "admin");
  for (let n = 0; n < 8; n += 1) {
    await world.raise();
    clock.advance(4 * minute);
    await world.look();
    await world.resolve();
    clock.advance(4 * minute);
    await world.look();
  }
  expect(subjects("ada@a3.test")).toEqual(["A source brings no calls any more"]);
  await world.pass(30 * minute);
  expect(subjects("ada@a3.test")).toHaveLength(2);
});

test("what was over before anybody looked is told once, as solved", async () => {
  const world = await newWorld();
  await world.person("ada@a4.test", "admin");
  await world.raise();
  clock.advance(2 * minute);
  await world.resolve();
  clock.advance(2 * minute);
  await world.pass(hour);
  expect(subjects("ada@a4.test")).toEqual(["Solved: A source brings calls again"]);
});

test("two workers that look at the same moment tell it once", async () => {
  const world = await newWorld();
  await world.person("ada@a5.test", "admin");
  await world.raise();
  await Promise.all(Array.from({ length: 6 }, () => onLook(house, { workspace_id: world.id })));
  await world.look();
  expect(subjects("ada@a5.test")).toHaveLength(1);
});

test("who becomes an admin later is not told of what was over before", async () => {
  const world = await newWorld();
  await world.person("ada@a6.test", "admin");
  await world.raise();
  await world.pass(20 * minute);
  await world.resolve();
  await world.pass(hour);
  await world.person("late@a6.test", "admin");
  await world.pass(hour);
  expect(subjects("late@a6.test")).toEqual([]);
});

test("another workspace's problem is another workspace's", async () => {
  const [one, other] = [await newWorld(), await newWorld()];
  await one.person("ada@a7.test", "admin");
  await other.person("eve@a7.test", "admin");
  await one.raise("mapping_broken", "m-1", "The mapping to “Secret score” is stopped.");
  await one.pass(20 * minute);
  await other.pass(20 * minute);
  expect(subjects("ada@a7.test")).toHaveLength(1);
  expect(subjects("eve@a7.test")).toEqual([]);
});

/** Alternating moments of failing and recovering, minutes apart. */
const changes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 14 });

test("however a matter flaps: tellings alternate, none is told twice, and the last one says how it stands", () => {
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 30 }), (gaps, every) => {
      const start = Date.parse("2031-03-19T09:00:00Z");
      let at = start;
      const moments = gaps.map((gap) => {
        at += gap * minute;
        return at;
      });
      const all = moments.flatMap((opened, n): AlertRow[] => {
        const resolved = moments[n + 1];
        const row = { id: `a${n}`, kind: "k", subject: "s", opened_at: new Date(opened) };
        return n % 2 === 0 ? [{ ...row, resolved_at: resolved === undefined ? null : new Date(resolved) }] : [];
      });
      const told = new Set<string>();
      const heard: string[] = [];
      for (let now = start; now < at + 3 * hour; now += every * minute) {
        const known = all
          .filter((row) => row.opened_at.getTime() <= now)
          .map((row) => (row.resolved_at && row.resolved_at.getTime() > now ? { ...row, resolved_at: null } : row));
        const tellings = alertsToTell(known, told, new Date(now));
        expect(tellings.length).toBeLessThanOrEqual(1 + known.length);
        for (const telling of tellings) {
          expect(told.has(telling.key)).toBe(false);
          told.add(telling.key);
          heard.push(telling.state);
        }
      }
      const lasts = moments.length % 2 === 1;
      expect(heard.at(-1)).toBe(lasts ? "open" : "over");
      for (const [n, state] of heard.entries()) if (state === "open" && n > 0) expect(heard[n - 1]).toBe("over");
    }),
    { numRuns: 200 },
  );
});
