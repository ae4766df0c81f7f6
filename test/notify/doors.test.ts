/** Wishes, the list of notices, the test mail, and the link at the foot of each mail. */
import { expect, test } from "vitest";
import { notice, noticeInFull, noticeList, notifications, testMail } from "../../backend/contract/notifications.ts";
import { minute, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock, app, house } = await newNotifyHouse();

test("without a choice everything is on; a choice is one's own, and stays", async () => {
  const world = await newWorld();
  const rita = await world.person("rita@o1.test", "rep", "east");
  const sam = await world.person("sam@o1.test", "rep", "east");
  const before = notifications.parse((await rita("GET", "notifications")).body);
  expect(before).toMatchObject({
    mail_set_up: true,
    me: { email: "rita@o1.test", gap_alerts: true, unsubscribed_at: null },
  });
  const { body } = await rita("PATCH", "notifications", { me: { gap_alerts: false } });
  expect(notifications.parse(body).me).toMatchObject({ gap_alerts: false, weekly_digest: true });
  await rita("PATCH", "notifications", { me: { weekly_digest: false } });
  expect((await rita("GET", "notifications")).body.me).toMatchObject({ gap_alerts: false, weekly_digest: false });
  expect((await sam("GET", "notifications")).body.me).toMatchObject({ gap_alerts: true, weekly_digest: true });
});

test("who switched calls off gets none; who switched the workspace off spares all, and only an admin may", async () => {
  const world = await newWorld();
  const rita = await world.person("rita@o2.test", "rep", "east");
  const ada = await world.person("ada@o2.test", "admin");
  await world.person("sam@o2.test", "rep", "east");
  await rita("PATCH", "notifications", { me: { gap_alerts: false } });
  for (const rep of ["rita@o2.test", "sam@o2.test"]) await world.gap({ rep, severity: "high" });
  await world.look();
  expect([mail.to("rita@o2.test").length, mail.to("sam@o2.test").length]).toEqual([0, 1]);
  expect((await rita("PATCH", "notifications", { workspace: { gap_alerts: false } })).status).toBe(403);
  const { body } = await ada("PATCH", "notifications", { workspace: { gap_alerts: false } });
  expect(notifications.parse(body).workspace).toMatchObject({ gap_alerts: false, problem_alerts: true });
  await world.gap({ rep: "sam@o2.test", severity: "high" });
  await world.pass(120 * minute);
  expect(mail.to("sam@o2.test")).toHaveLength(1);
  const [audit] = await world.within(
    (tx) => tx`select actor, detail from audit_events where action = 'notifications.changed'`,
  );
  expect(audit).toMatchObject({ actor: expect.stringMatching(/^member:/), detail: { gap_alerts: false } });
});

test("a key that belongs to nobody reads the workspace's switches and has no notices of its own", async () => {
  const world = await newWorld();
  const { body } = await world.admin("GET", "notifications");
  expect([notifications.parse(body).me, body.workspace.weekly_digest]).toEqual([null, true]);
  for (const [method, path, sent] of [
    ["PATCH", "notifications", { me: { gap_alerts: false } }],
    ["GET", "notices", undefined],
  ] as const) {
    expect((await world.admin(method, path, sent)).body.code).toBe("no_member");
  }
  expect((await world.admin("GET", "notices?whose=all")).status).toBe(200);
});

test("notices page by page, one's own; an admin sees everybody's, nobody another workspace's", async () => {
  const world = await newWorld();
  const ada = await world.person("ada@o4.test", "admin");
  const rita = await world.person("rita@o4.test", "rep", "east");
  for (let n = 0; n < 5; n += 1) await world.raise("source_failing", `s-${n}`);
  await world.gap({ rep: "rita@o4.test", severity: "high", title: "Rita's" });
  await world.look();
  const seen: string[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await ada("GET", `notices?whose=all&limit=2${cursor}`);
    seen.push(...noticeList.parse(body).items.map(({ id }) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  expect([seen.length, new Set(seen).size]).toEqual([6, 6]);
  const [own, ...more] = (await rita("GET", "notices")).body.items;
  expect([notice.parse(own).kind, more]).toEqual(["gaps_high", []]);
  expect((await rita("GET", "notices?whose=all")).status).toBe(403);
  expect(noticeInFull.parse((await ada("GET", `notices/${own.id}`)).body).text).toContain("Rita's");
  const [alert] = (await ada("GET", "notices")).body.items;
  expect((await rita("GET", `notices/${alert.id}`)).status).toBe(404);
  const other = await newWorld();
  const eve = await other.person("eve@o4.test", "admin");
  expect((await eve("GET", `notices/${own.id}`)).status).toBe(404);
  expect((await eve("GET", "notices?whose=all")).body.items).toEqual([]);
});

test("a test mail goes to whoever asks, and says what the mail server answered", async () => {
  const world = await newWorld();
  const rita = await world.person("rita@o5.test", "rep", "east");
  const good = testMail.parse((await rita("POST", "notifications/test", {})).body);
  expect(good).toEqual({
    sent: true,
    message: expect.stringMatching(/^The mail server took it and said: 250 .*Taken, thank you/),
  });
  expect(mail.to("rita@o5.test")[0]!.subject).toBe("A test from Pandora");
  mail.answer({ status: 550 });
  const refused = (await rita("POST", "notifications/test", {})).body;
  mail.answer(null);
  expect(refused).toEqual({ sent: false, message: "The mail server said: 550 No such mailbox here" });
  await mail.stop();
  expect((await rita("POST", "notifications/test", {})).body).toMatchObject({
    sent: false,
    message: expect.stringContaining("could not be reached"),
  });
  await mail.start();
  expect((await world.admin("POST", "notifications/test", {})).status).toBe(409);
});

test("without a mail server the test says who can set one up", async () => {
  const without = await newNotifyHouse({ mail: false });
  const world = await without.newWorld();
  const rita = await world.person("rita@o6.test", "rep", "east");
  const { status, body } = await rita("POST", "notifications/test", {});
  expect([status, body.code]).toEqual([409, "mail_not_set_up"]);
  expect(body.detail).toContain("SMTP_URL");
});

/** The link at the foot of a mail to this person. */
function linkTo(address: string): string {
  const link = mail.to(address).at(-1)!.headers["list-unsubscribe"]!.slice(1, -1);
  return new URL(link).pathname;
}

test("opening the link changes nothing; the button stops everything, until they subscribe again", async () => {
  const world = await newWorld();
  const ada = await world.person("ada@o7.test", "admin");
  const alan = await world.person("alan@o7.test", "admin");
  await world.raise();
  await world.look();
  const link = linkTo("ada@o7.test");
  const opened = await app.request(link);
  expect(opened.status).toBe(200);
  expect(opened.headers.get("content-security-policy")).toContain("form-action 'self'");
  expect(opened.headers.get("cache-control")).toBe("no-store");
  expect(await opened.text()).toContain('<form method="post">');
  await app.request(link, { method: "HEAD" });
  expect((await ada("GET", "notifications")).body.me.unsubscribed_at).toBe(null);
  // As a mail program does it: one POST, no page (RFC 8058).
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const done = await app.request(link, { method: "POST", headers, body: "List-Unsubscribe=One-Click" });
  expect(done.status).toBe(200);
  expect((await ada("GET", "notifications")).body.me.unsubscribed_at).toBe(clock.now().toISOString());
  expect(await (await app.request(link)).text()).not.toContain("<form");
  expect((await app.request(link, { method: "POST" })).status).toBe(200);
  await world.raise("mapping_broken", "m-1");
  await world.look();
  expect([mail.to("ada@o7.test").length, mail.to("alan@o7.test").length]).toEqual([1, 2]);
  await ada("PATCH", "notifications", { me: { subscribed: true } });
  await world.raise("run_failed", "r-1");
  await world.look();
  expect(
    mail
      .to("ada@o7.test")
      .map(({ subject }) => subject)
      .at(-1),
  ).toBe("A sync failed");
  expect((await alan("GET", "notifications")).body.me.unsubscribed_at).toBe(null);
});

test("a link that is cut off, guessed or of somebody who left says so, and a later key of the ring leaves old links working", async () => {
  const world = await newWorld();
  await world.person("ada@o8.test", "admin");
  const rita = await world.person("rita@o8.test", "rep", "east");
  await world.raise();
  await world.look();
  const link = linkTo("ada@o8.test");
  for (const wrong of [link.slice(0, -1), `${link.slice(0, -1)}_`, "/unsubscribe/x", "/unsubscribe/%00"]) {
    for (const method of ["GET", "POST"])
      expect([wrong, (await app.request(wrong, { method })).status]).toEqual([wrong, 404]);
  }
  const { keys } = house.config;
  house.config.keys = [{ id: "k2", key: Buffer.alloc(32, 9) }, ...keys];
  await rita("POST", "notifications/test", {});
  house.config.keys = [house.config.keys[0]!];
  expect((await app.request(linkTo("rita@o8.test"))).status).toBe(200);
  expect((await app.request(link)).status).toBe(200);
  house.config.keys = keys;
  await world.within((tx) => tx`delete from members where email = 'ada@o8.test'`);
  expect((await app.request(link, { method: "POST" })).status).toBe(404);
});

test("no token, address or call stands in the database's directory or in a notice as text", async () => {
  const world = await newWorld();
  await world.person("rita@o9.test", "rep", "east");
  await world.gap({ rep: "rita@o9.test", severity: "high", title: "Whispered" });
  await world.look();
  const token = linkTo("rita@o9.test").split("/").at(-1)!;
  const stored = await world.within((tx) => tx`select to_jsonb(n) as row from notices n`);
  expect(JSON.stringify(stored)).not.toMatch(/Whispered|rita@/);
  const [found] = await house.db.outside((tx) => tx`select * from directory_find_unsubscribe(${token})`);
  expect(found).toBe(undefined);
});
