import { expect, test } from "vitest";
import { onPull } from "../../backend/conversations/on-pull.ts";
import type { SourceHouse } from "../../backend/conversations/vendor-http.ts";
import type { ActivityRecord, Crm } from "../../backend/crm/port.ts";
import { AppError } from "../../backend/errors.ts";
import { enqueueDue } from "../../backend/jobs/scheduler.ts";
import type { TestWorkspace } from "../http/support.ts";
import { firefliesTranscript, startFireflies } from "../support/fireflies-server.ts";
import { gongCall, startGong } from "../support/gong-server.ts";
import { type ConversationsApp, newConversationsApp } from "./setup.ts";

const gongKeys = { access_key: "access", access_key_secret: "secret-of-gong" };

/** A vendor and an app of its own for each test: what is asked is counted. */
async function newGong(secrets: object = gongKeys) {
  const gong = await startGong();
  const app = await newConversationsApp({ gong: gong.url });
  const workspace = await app.newWorkspace();
  const { body } = await workspace.call("admin", "POST", "sources", { kind: "gong", secrets });
  const id = body.id as string;
  return { gong, app, workspace, id, ...steps(app, workspace, id) };
}

function steps(app: ConversationsApp, workspace: TestWorkspace, id: string) {
  return {
    pull: (house: SourceHouse = app.house) =>
      onPull(house, { workspace_id: workspace.id, source_id: id }, new AbortController().signal),
    source: async () => (await workspace.call("admin", "GET", `sources/${id}`)).body,
    alerts: async () =>
      (await workspace.call("admin", "GET", "alerts?state=open")).body.items as { kind: string; message: string }[],
  };
}

const callAt = (id: string, started: string) => gongCall(id, { started, title: `Call ${id}` });
const asked = (gong: { requests: { path: string }[] }, path: string) =>
  gong.requests.filter((one) => one.path.endsWith(path)).length;

test("gong: calls with people and transcripts, by pages and at Gong's pace; again nothing new is nothing changed", async () => {
  const { gong, app, workspace, pull, source } = await newGong();
  gong.state.pageSize = 2;
  gong.state.users = ["a", "b", "c"].map((name) => ({ id: name, emailAddress: `${name}@ours.test`, emailAliases: [] }));
  gong.state.calls = ["1", "2", "3", "4", "5"].map((id) => callAt(id, `2026-11-2${1}T0${id}:00:00Z`));
  gong.state.transcripts.set("1", [{ speakerId: "s2", sentences: [{ text: "Next step is a trial." }] }]);
  const before = app.clock.now().getTime();
  await pull();
  const rows = await app.rows(workspace);
  expect(rows.map((row) => row.title)).toEqual(["Call 1", "Call 2", "Call 3", "Call 4", "Call 5"]);
  expect(rows[0]!.signals).toMatchObject({ next_step: "Next step is a trial." });
  expect(rows[1]!.signals).toBeNull();
  const calls = gong.requests.length;
  expect(app.clock.now().getTime() - before).toBeGreaterThanOrEqual(Math.floor((calls - 1) * 334));
  await pull();
  expect(await app.rows(workspace)).toEqual(rows);
  expect(await source()).toMatchObject({ status: "connected", last_error: null, notes: [], refused: 0 });
});

test("gong: a transcript that was not ready is asked for again until it is there, then no more", async () => {
  const { gong, app, workspace, pull } = await newGong();
  gong.state.calls = [callAt("1", "2026-11-22T08:00:00Z")];
  await pull();
  gong.state.transcripts.set("1", [{ speakerId: "s2", sentences: [{ text: "We are very happy." }] }]);
  await pull();
  expect((await app.rows(workspace))[0]!.signals!.sentiment).toBeGreaterThan(0);
  const before = asked(gong, "/calls/transcript");
  await pull();
  expect(asked(gong, "/calls/transcript")).toBe(before);
});

test("gong: an empty window is no fault", async () => {
  const { app, workspace, pull, source } = await newGong();
  await pull();
  expect(await app.rows(workspace)).toEqual([]);
  expect(await source()).toMatchObject({ status: "connected", last_error: null, last_pulled_at: expect.any(String) });
});

test("gong: told to wait it waits as long as it is told, and goes on", async () => {
  const { gong, app, workspace, pull } = await newGong();
  gong.state.calls = [callAt("1", "2026-11-22T08:00:00Z")];
  gong.next.push({ status: 429, headers: { "retry-after": "7" } });
  const before = app.clock.now().getTime();
  await pull();
  expect(app.clock.now().getTime() - before).toBeGreaterThanOrEqual(7_000);
  expect(await app.rows(workspace)).toHaveLength(1);
});

test("gong: one missing permission switches that feature off and says so; a new key asks for it again", async () => {
  const { gong, app, workspace, id, pull, source, alerts } = await newGong();
  gong.state.calls = [callAt("1", "2026-11-22T08:00:00Z")];
  gong.state.refused.add("calls/transcript").add("users");
  await pull();
  expect(await app.rows(workspace)).toHaveLength(1);
  expect((await source()).notes).toEqual([expect.stringContaining("users"), expect.stringContaining("transcripts")]);
  expect(await source()).toMatchObject({ status: "connected", last_error: null });
  expect(await alerts()).toEqual([]);
  const before = asked(gong, "/calls/transcript");
  await pull();
  expect(asked(gong, "/calls/transcript")).toBe(before);
  gong.state.refused.clear();
  gong.state.transcripts.set("1", [{ speakerId: "s2", sentences: [{ text: "Great." }] }]);
  await workspace.call("admin", "PATCH", `sources/${id}`, { secrets: gongKeys });
  await pull();
  expect((await source()).notes).toEqual([]);
  expect((await app.rows(workspace))[0]!.signals).not.toBeNull();
});

test("a failing source backs off, is told once, and the alert closes when it works again", async () => {
  const { gong, app, workspace, pull, source, alerts } = await newGong({
    access_key: "access",
    access_key_secret: "not-the-secret",
  });
  const waits: number[] = [];
  for (let n = 0; n < 8; n += 1) {
    await pull();
    const { retry_at, status } = await source();
    expect(status).toBe("failing");
    waits.push(Math.round((Date.parse(retry_at) - app.clock.now().getTime()) / 60_000));
    const before = gong.requests.length;
    await pull();
    expect(gong.requests.length).toBe(before);
    app.clock.set(new Date(retry_at));
  }
  expect(waits).toEqual([10, 20, 40, 80, 160, 320, 360, 360]);
  expect(await alerts()).toMatchObject([{ kind: "source_failing", message: expect.stringContaining("access key") }]);
  expect((await alerts())[0]!.message).not.toContain("not-the-secret");
  gong.state.key.secret = "not-the-secret";
  await pull();
  expect(await source()).toMatchObject({ status: "connected", last_error: null, retry_at: null });
  expect(await alerts()).toEqual([]);
  expect(await app.rows(workspace)).toEqual([]);
});

test("a vendor that is down is a failing source too, and a later answer heals it", async () => {
  const { gong, app, pull, source } = await newGong();
  gong.next.push({ status: 503, text: "down" });
  await pull();
  expect(await source()).toMatchObject({
    status: "failing",
    last_error: expect.stringContaining("error of its own (503)"),
  });
  app.clock.advance(600_000);
  gong.next.push({ status: 200, text: "<html>" });
  await pull();
  expect((await source()).last_error).toContain("can't be read");
  app.clock.advance(1_200_000);
  await pull();
  expect(await source()).toMatchObject({ status: "connected", last_error: null });
});

test("a crash between two pages: the next pull goes on there and repeats nothing", async () => {
  const { gong, app, workspace, pull } = await newGong();
  gong.state.pageSize = 2;
  gong.state.calls = ["1", "2", "3", "4", "5"].map((id) => callAt(id, `2026-11-21T0${id}:00:00Z`));
  // It dies when it wants to store the second page.
  let stores = 0;
  const dying: SourceHouse = {
    ...app.house,
    queue: {
      ...app.house.queue,
      enqueue: async (tx, jobs) => {
        stores += 1;
        if (stores === 2) throw new Error("killed");
        await app.house.queue.enqueue(tx, jobs);
      },
    },
  };
  await expect(pull(dying)).rejects.toThrow("killed");
  expect((await app.rows(workspace)).map((row) => row.title)).toEqual(["Call 1", "Call 2"]);
  app.clock.advance(3_600_000);
  const before = gong.requests.length;
  // A call filed meanwhile belongs to the next window, and does not shift the pages of this one.
  gong.state.calls.push(callAt("6", app.clock.now().toISOString()));
  await pull();
  const pages = gong.requests
    .slice(before)
    .filter((one) => one.path.endsWith("/extensive"))
    .map((one) => one.json as { cursor?: string });
  expect(pages.map((one) => one.cursor)).toEqual(["2", "4"]);
  expect((await app.rows(workspace)).map((row) => [row.title, row.tellings])).toEqual(
    ["1", "2", "3", "4", "5"].map((id) => [`Call ${id}`, 1]),
  );
  app.clock.advance(60_000);
  await pull();
  expect(await app.rows(workspace)).toHaveLength(6);
});

test("the clock asks each source every ten minutes, at once when it is made, and never while it is paused", async () => {
  const { gong, app, workspace, id } = await newGong();
  await app.drain();
  expect(asked(gong, "/extensive")).toBe(1);
  app.clock.advance(600_000);
  expect(await enqueueDue(app.house)).toBe(1);
  await app.drain();
  expect(asked(gong, "/extensive")).toBe(2);
  await workspace.call("admin", "PATCH", `sources/${id}`, { status: "paused" });
  app.clock.advance(600_000);
  expect(await enqueueDue(app.house)).toBe(0);
  await app.drain();
  expect(asked(gong, "/extensive")).toBe(2);
});

test("fireflies: the back-fill goes by pages of fifty; its refusals come with status 200", async () => {
  const fireflies = await startFireflies();
  const app = await newConversationsApp({ fireflies: fireflies.url });
  const workspace = await app.newWorkspace();
  fireflies.state.transcripts = Array.from({ length: 120 }, (_, n) =>
    firefliesTranscript(`f${n}`, { date: Date.UTC(2026, 10, 1) + n * 3_600_000, calendar_id: null }),
  );
  const { body } = await workspace.call("admin", "POST", "sources", {
    kind: "fireflies",
    secrets: { api_key: "key-of-fireflies" },
  });
  const { pull, source } = steps(app, workspace, body.id);
  await pull();
  expect(await app.rows(workspace)).toHaveLength(120);
  const skips = fireflies.requests.map((one) => (one.json as { variables: { skip: number } }).variables.skip);
  expect(skips).toEqual([0, 50, 100]);
  fireflies.state.apiKey = "another";
  await pull();
  expect(await source()).toMatchObject({
    status: "failing",
    last_error: expect.stringContaining("refuses the API key"),
  });
});

const meeting = (id: string, more: Partial<ActivityRecord> = {}): ActivityRecord => ({
  ...{ id, kind: "meeting", ownerId: "o1", attendeeOwnerIds: [], updatedAt: "2026-11-20T10:00:00Z", deleted: false },
  properties: { hs_meeting_title: `Meeting ${id}`, hs_meeting_start_time: "2026-11-16T09:00:00Z" },
  associations: { contact: [{ id: "c1" }], deal: [{ id: "d1" }] },
  ...more,
});

/** A connected HubSpot whose mirror knows one owner and one contact. */
async function newHubSpot(activities: Crm["activities"]) {
  const app = await newConversationsApp();
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  await app.house.db.withWorkspace(workspace.id, async (tx) => {
    const now = app.clock.now();
    await tx`
      insert into crm_owners (workspace_id, crm, owner_id, email, name, active, synced_at)
      values (${workspace.id}, 'hubspot', 'o1', 'Ada@ours.test', 'Ada', true, ${now})`;
    await tx`
      insert into contacts (workspace_id, crm, crm_id, email, name, synced_at)
      values (${workspace.id}, 'hubspot', 'c1', 'bob@customer.test', 'Bob', ${now})`;
  });
  app.house.openCrm = async () => ({ activities, account: async () => ({}) }) as unknown as Crm;
  const { status, body } = await workspace.call("admin", "POST", "sources", { kind: "hubspot" });
  expect(status).toBe(201);
  return { app, workspace, id: body.id as string, ...steps(app, workspace, body.id) };
}

test("hubspot: meetings by pages, with the people of the mirror; asked again only for what changed since", async () => {
  const questions: [string, string | null][] = [];
  const { app, workspace, pull } = await newHubSpot(async (since, cursor) => {
    questions.push([since, cursor]);
    return cursor === null
      ? { items: [meeting("1")], cursor: "more" }
      : { items: [meeting("2", { deleted: true })], cursor: null };
  });
  const at = app.clock.now().getTime();
  await pull();
  expect(await app.rows(workspace)).toMatchObject([
    {
      ...{ title: "Meeting 1", source: "hubspot", host_email: "ada@ours.test" },
      participants: [
        { email: "ada@ours.test", affiliation: "internal" },
        { email: "bob@customer.test", name: "Bob" },
      ],
    },
  ]);
  await pull();
  const day = 86_400_000;
  expect(questions).toEqual([
    [new Date(at - 90 * day).toISOString(), null],
    [new Date(at - 90 * day).toISOString(), "more"],
    [new Date(at - 60_000).toISOString(), null],
    [new Date(at - 60_000).toISOString(), "more"],
  ]);
});

test("hubspot: a connection that lists no activities says so; a dead one waits for its reconnect without a word of its own", async () => {
  const { app, pull, source, alerts } = await newHubSpot(undefined);
  await pull();
  expect(await source()).toMatchObject({
    status: "failing",
    last_error: expect.stringContaining("does not list calls"),
  });
  app.clock.advance(600_000);
  app.house.openCrm = () => Promise.reject(new AppError("needs_reconnect", { status: 409, public: "Reconnect." }));
  const before = await source();
  await pull();
  expect(await source()).toEqual(before);
  expect(await alerts()).toHaveLength(1);
});
