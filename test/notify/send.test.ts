/** From the outbox to the mail server: once, again when it must be, and given up in words. */
import { expect, test } from "vitest";
import { readFailure, type SmtpError } from "../../backend/notify/mail.ts";
import { onLook } from "../../backend/notify/on-look.ts";
import { onSend } from "../../backend/notify/on-send.ts";
import { hour, minute, newNotifyHouse } from "./setup.ts";

const { newWorld, mail, clock, drain, house } = await newNotifyHouse();

async function toldWorld(email: string) {
  const world = await newWorld();
  const ada = await world.person(email, "admin");
  // Not the digest of a Monday that passes meanwhile.
  const notices = async () =>
    (await ada("GET", "notices")).body.items.filter(({ kind }: { kind: string }) => kind === "alert");
  return { ...world, ada, notices };
}

test("a mail says who it is for and from, how to stop it, and carries the notice's own id", async () => {
  const world = await toldWorld("ada@s1.test");
  await world.raise();
  await world.look();
  const [notice] = await world.notices();
  const [one] = mail.to("ada@s1.test");
  expect(notice).toMatchObject({ status: "sent", attempts: 1, to: { name: "ada", email: "ada@s1.test" } });
  expect(one!.messageId).toBe(`<${notice.id}@mail.test>`);
  expect(one!.headers).toMatchObject({
    from: "Pandora <pandora@mail.test>",
    to: "ada <ada@s1.test>",
    "list-unsubscribe": expect.stringMatching(/^<http:\/\/pandora\.test\/unsubscribe\/[\w-]{43}>$/),
    "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    "auto-submitted": "auto-generated",
  });
  const link = one!.headers["list-unsubscribe"]!.slice(1, -1);
  expect(one!.text).toContain(`No more e-mails from Pandora: ${link}`);
  expect(one!.html).toContain(`href="${link}"`);
  expect(one!.text).toContain("http://pandora.test/help/notices");
});

test("while the mail server is down a notice waits, longer each time, and goes out when it is back", async () => {
  const world = await toldWorld("ada@s2.test");
  await world.raise();
  await mail.stop();
  await world.look();
  const [waiting] = await world.notices();
  expect([waiting.status, waiting.attempts]).toEqual(["queued", 1]);
  expect(waiting.status_text).toMatch(/^Waiting to be sent\. The mail server could not be reached.*\(E\w+\)\.$/);
  clock.advance(2 * minute);
  await drain();
  clock.advance(2 * minute);
  await drain();
  expect((await world.notices())[0].attempts).toBe(2);
  await mail.start();
  clock.advance(5 * minute);
  await drain();
  expect(mail.to("ada@s2.test")).toHaveLength(1);
  expect((await world.notices())[0]).toMatchObject({
    status: "sent",
    attempts: 3,
    status_text: expect.stringMatching(/^Sent/),
  });
});

test("after a day without success it is parked, and shown with the server's words", async () => {
  const world = await toldWorld("ada@s3.test");
  await world.raise();
  mail.answer({ status: 451 });
  const began = clock.now().getTime();
  await world.look();
  for (let n = 0; n < 40 && (await world.notices())[0].status === "queued"; n += 1) {
    clock.advance(hour);
    await drain();
  }
  mail.answer(null);
  const [notice] = await world.notices();
  expect(notice).toMatchObject({ status: "failed", attempts: 8 });
  expect(notice.status_text).toMatch(
    /^Not sent\. Given up after 8 tries\. The mail server said: 451 .*Try again later/,
  );
  expect((clock.now().getTime() - began) / hour).toBeGreaterThan(20);
  clock.advance(48 * hour);
  await drain();
  expect(mail.to("ada@s3.test")).toEqual([]);
});

test.each(["recipient", "data"] as const)("a final no (550) at the %s is not asked again", async (at) => {
  const world = await toldWorld(`ada@${at}.test`);
  await world.raise();
  mail.answer({ status: 550, at });
  await world.look();
  mail.answer(null);
  clock.advance(48 * hour);
  await drain();
  const [notice] = await world.notices();
  expect([notice.status, notice.attempts]).toEqual(["failed", 1]);
  expect(notice.status_text).toContain("550");
  expect(notice.status_text).toContain("No such mailbox here");
  expect(mail.to(`ada@${at}.test`)).toEqual([]);
});

test("when the answer is lost it is sent again under the same id: the only double there is", async () => {
  const world = await toldWorld("ada@s5.test");
  await world.raise();
  mail.answer("cut");
  await world.look();
  expect((await world.notices())[0].status).toBe("queued");
  mail.answer(null);
  clock.advance(2 * minute);
  await drain();
  const [one, two, ...more] = mail.to("ada@s5.test");
  expect(more).toEqual([]);
  expect(one!.messageId).toBe(two!.messageId);
  expect(one!.text).toBe(two!.text);
});

test("delivered twice at once, or again after it was sent, the job sends one mail", async () => {
  const world = await toldWorld("ada@s6.test");
  await world.raise();
  await onLook(house, { workspace_id: world.id });
  const [notice] = await world.notices();
  const payload = { workspace_id: world.id, notice_id: notice.id };
  await Promise.all([onSend(house, payload), onSend(house, payload), onSend(house, payload)]);
  await onSend(house, payload);
  clock.advance(hour);
  await drain();
  expect(mail.to("ada@s6.test")).toHaveLength(1);
});

test("a sender that died in the middle is waited for; then the notice goes out", async () => {
  const world = await toldWorld("ada@s7.test");
  await world.raise();
  await onLook(house, { workspace_id: world.id });
  const leased = new Date(clock.now().getTime() + 3 * minute);
  await world.within((tx) => tx`update notices set lease_until = ${leased}, attempts = 1`);
  await drain();
  expect(mail.to("ada@s7.test")).toEqual([]);
  clock.advance(4 * minute);
  await drain();
  expect(mail.to("ada@s7.test")).toHaveLength(1);
});

test("who switched it off, unsubscribed or lost the role while it waited gets nothing", async () => {
  const world = await newWorld();
  const callers = new Map<string, Awaited<ReturnType<typeof world.person>>>();
  for (const name of ["off", "left", "demoted", "stays"])
    callers.set(name, await world.person(`${name}@s8.test`, "admin"));
  await world.raise();
  await onLook(house, { workspace_id: world.id });
  await callers.get("off")!("PATCH", "notifications", { me: { problem_alerts: false } });
  await callers.get("left")!("PATCH", "notifications", { me: { subscribed: false } });
  await world.within((tx) => tx`update members set role = 'rep' where email = 'demoted@s8.test'`);
  await drain();
  expect(mail.taken.flatMap(({ to }) => to).filter((to) => to.endsWith("@s8.test"))).toEqual(["stays@s8.test"]);
  const [notice] = (await callers.get("left")!("GET", "notices")).body.items;
  expect(notice.status_text).toBe("Left out. They unsubscribed from Pandora's e-mails.");
});

test("a person whose address nobody knows is not written to", async () => {
  const world = await newWorld();
  await world.person("user-7@hubspot.invalid", "admin");
  await world.raise();
  await world.look();
  expect(mail.to("user-7@hubspot.invalid")).toEqual([]);
});

test("without a mail server notices stay in the app, in words", async () => {
  const without = await newNotifyHouse({ mail: false });
  const world = await without.newWorld();
  const ada = await world.person("ada@s9.test", "admin");
  await world.raise();
  await world.look();
  const [notice] = (await ada("GET", "notices")).body.items;
  expect([notice.status, notice.status_text]).toEqual(["in_app", "Here only: no mail server is set up"]);
  expect((await ada("GET", `notices/${notice.id}`)).body.text).toContain("Gong brings no conversations");
  expect(without.mail.taken).toEqual([]);
});

test("a refused login is the operator's to mend: it is tried again, and no password is told", async () => {
  const guarded = await newNotifyHouse({ login: "right-one" });
  const smtp = { ...guarded.house.config.smtp!, url: guarded.mail.url.replace("right-one", "wrong-secret") };
  const world = await guarded.newWorld();
  const ada = await world.person("ada@s10.test", "admin");
  await world.raise();
  const right = guarded.house.config.smtp;
  guarded.house.config.smtp = smtp;
  await world.look();
  const [notice] = (await ada("GET", "notices")).body.items;
  expect(notice.status_text).toBe("Waiting to be sent. The mail server refused Pandora's login. Check SMTP_URL.");
  guarded.house.config.smtp = right;
  guarded.clock.advance(2 * minute);
  await guarded.drain();
  expect(guarded.mail.to("ada@s10.test")).toHaveLength(1);
});

test("what a failure means: the server's own 5xx is final, everything else may be tried again", () => {
  const rows: [SmtpError, "later" | "refused"][] = [
    [{ code: "EENVELOPE", responseCode: 550, response: "550 no" }, "refused"],
    [{ code: "EMESSAGE", responseCode: 554, response: "554 spam" }, "refused"],
    [{ code: "EENVELOPE", responseCode: 450, response: "450 later" }, "later"],
    [{ code: "EAUTH", responseCode: 535, response: "535 no" }, "later"],
    [{ code: "ETIMEDOUT" }, "later"],
    [{ code: "ECONNECTION" }, "later"],
    [{ code: "ETLS" }, "later"],
    [{}, "later"],
  ];
  for (const [error, kind] of rows) expect([error, readFailure(error).kind]).toEqual([error, kind]);
});
