import { expect, test } from "vitest";
import { unseal } from "../../backend/connections/vault.ts";
import type { SourceKind } from "../../backend/contract/sources.ts";
import { ingest } from "../../backend/conversations/ingest.ts";
import type { Converted, IncomingConversation } from "../../backend/conversations/shape.ts";
import { readTranscripts } from "../../backend/conversations/transcripts.ts";
import type { TestWorkspace } from "../http/support.ts";
import { newConversationsApp, person, told } from "./setup.ts";

const app = await newConversationsApp();
const { house, clock } = app;

async function addSource(workspace: TestWorkspace, kind: "generic" | "gong" = "generic") {
  const { body } = await workspace.call("admin", "POST", "sources", { kind });
  return { id: body.id as string, kind: kind as SourceKind };
}

async function newWorld() {
  const workspace = await app.newWorkspace();
  const [one, two] = [await addSource(workspace), await addSource(workspace, "gong")];
  const tell = (source: typeof one, ...calls: Partial<IncomingConversation>[]) =>
    ingest(
      house,
      workspace.id,
      source,
      calls.map((call): Converted => ({ ok: true, conversation: told(call) })),
    );
  return { workspace, one, two, tell, rows: () => app.rows(workspace) };
}

test("a delivery sent twice is one conversation, and the second time changes nothing", async () => {
  const { one, tell, rows } = await newWorld();
  expect(await tell(one, {})).toEqual({ created: 1, updated: 0, unchanged: 0, refused: [] });
  const [before] = await rows();
  expect(await tell(one, {})).toEqual({ created: 0, updated: 0, unchanged: 1, refused: [] });
  expect(await rows()).toEqual([before]);
  expect(before).toMatchObject({ title: "Intro", duration_minutes: 30, dirty: true, tellings: 1 });
  expect(before!.participants.map((one) => [one.email, one.domain])).toEqual([
    ["ada@ours.test", "ours.test"],
    ["bob@customer.test", "customer.test"],
  ]);
});

test("what changed is changed, and an older telling changes nothing of it", async () => {
  const { one, tell, rows } = await newWorld();
  await tell(one, { title: "First", toldAt: "2026-11-20T10:00:00.000Z" });
  expect(await tell(one, { title: "Second", toldAt: "2026-11-20T12:00:00.000Z" })).toMatchObject({ updated: 1 });
  expect(await tell(one, { title: "Late", toldAt: "2026-11-20T11:00:00.000Z" })).toMatchObject({ unchanged: 1 });
  expect(await rows()).toMatchObject([{ title: "Second" }]);
});

test("a summary and a transcript told earlier stay when a later delivery brings none", async () => {
  const { workspace, one, tell, rows } = await newWorld();
  await tell(one, { summary: "Bob is very happy.", transcript: "Bob: Next step is the trial.\nAda: Sounds good." });
  await tell(one, { title: "Renamed" });
  const [row] = await rows();
  expect(row).toMatchObject({ title: "Renamed", summary: "Bob is very happy." });
  expect(row!.signals).toMatchObject({ next_step: "Next step is the trial." });
  const texts = await house.db.withWorkspace(workspace.id, (tx) =>
    readTranscripts(tx, house.config.keys, workspace.id, [row!.id]),
  );
  expect(texts.get(row!.id)).toContain("Next step is the trial.");
});

test("a transcript is stored sealed, for its workspace only, and deleted when its time is over", async () => {
  const { workspace, one, tell } = await newWorld();
  await tell(one, { transcript: "Bob: my secret budget" });
  const stored = () =>
    house.db.withWorkspace(
      workspace.id,
      (tx) => tx<{ text_sealed: string; delete_after: Date }[]>`select * from conversation_transcripts`,
    );
  const [row] = await stored();
  expect(row!.text_sealed).not.toContain("budget");
  const place = { workspaceId: workspace.id, crm: "conversation", column: "transcript" };
  expect(unseal(house.config.keys, place, row!.text_sealed)).toBe("Bob: my secret budget");
  expect(row!.delete_after.toISOString()).toBe("2027-02-14T09:00:00.000Z");
  const startedAt = clock.now();
  clock.set(new Date("2027-02-14T09:00:00Z"));
  await house.db.withWorkspace(workspace.id, (tx) =>
    house.queue.enqueue(tx, { kind: "workspace.tidy", payload: { workspace_id: workspace.id }, key: workspace.id }),
  );
  await app.drain();
  clock.set(startedAt);
  expect(await stored()).toEqual([]);
});

test("one meeting told by two sources is one conversation: by its conference, or by time, host and customer", async () => {
  const { one, two, tell, rows } = await newWorld();
  await tell(one, { meetingKey: "zoom:9991112223", hostEmail: null });
  await tell(two, { externalId: "g-1", meetingKey: "zoom:9991112223", startedAt: "2026-11-16T09:04:00.000Z" });
  await tell(one, { externalId: "call-2", startedAt: "2026-11-17T09:00:00.000Z" });
  await tell(two, {
    ...{ externalId: "g-2", startedAt: "2026-11-17T09:09:00.000Z", title: "" },
    participants: [person("ada@ours.test"), person("bob@customer.test"), person("eve@customer.test", "Eve")],
  });
  const all = await rows();
  expect(all.map((row) => [row.tellings, row.source])).toEqual([
    [2, "generic"],
    [2, "gong"],
  ]);
  expect(all[1]!.title).toBe("Intro");
  expect(all[1]!.participants.map((one) => one.name)).toEqual(["Ada", "Bob", "Eve"]);
});

test("what is near but not the same meeting stays apart", async () => {
  const { one, two, tell, rows } = await newWorld();
  const day = (n: number) => `2026-11-${n}T09:00:00.000Z`;
  await tell(
    one,
    { externalId: "a", startedAt: day(10) },
    { externalId: "b", startedAt: day(11) },
    { externalId: "c", startedAt: day(12) },
    { externalId: "d", startedAt: day(13), participants: [person("ada@ours.test"), person("fred@fireflies.ai")] },
    { externalId: "e", startedAt: day(14), meetingKey: "zoom:5550001112" },
  );
  await tell(
    two,
    { externalId: "A", startedAt: "2026-11-10T09:11:00.000Z" }, // eleven minutes later
    { externalId: "B", startedAt: day(11), hostEmail: "leo@ours.test" }, // another host
    { externalId: "C", startedAt: day(12), participants: [person("ada@ours.test"), person("kim@else.test")] }, // other people
    { externalId: "D", startedAt: day(13), participants: [person("ada@ours.test"), person("fred@fireflies.ai")] }, // a bot
    { externalId: "E", startedAt: day(15), meetingKey: "zoom:5550001112" }, // next day in the same room
  );
  expect((await rows()).map((row) => row.tellings)).toEqual(Array(10).fill(1));
  // The same source's two calls within minutes are two calls.
  await tell(one, { externalId: "f", startedAt: "2026-11-10T09:05:00.000Z" });
  expect(await rows()).toHaveLength(10);
});

test("two that proved to be one are joined, and part again when a correction says so", async () => {
  const { one, two, tell, rows } = await newWorld();
  await tell(one, { meetingKey: null, hostEmail: null });
  await tell(two, { externalId: "g", meetingKey: "meet:abc-defg-hij" });
  expect(await rows()).toHaveLength(2);
  await tell(one, { meetingKey: "meet:abc-defg-hij", hostEmail: null });
  expect(await rows()).toMatchObject([{ tellings: 2 }]);
  await tell(one, { meetingKey: null, hostEmail: null });
  expect(await rows()).toMatchObject([{ tellings: 1 }, { tellings: 1 }]);
});

test("what people decided about is never dropped: two decided rows stay two, an undecided one joins the decided", async () => {
  const { workspace, one, two, tell, rows } = await newWorld();
  await tell(one, { hostEmail: null });
  await tell(two, { externalId: "g", meetingKey: "meet:abc-defg-hij" });
  const decide = (title: string) =>
    house.db.withWorkspace(
      workspace.id,
      (tx) => tx`
        insert into gap_decisions (workspace_id, id, conversation_id, decision, decided_by, decided_at)
        select ${workspace.id}, gen_random_uuid(), id, 'dismissed', 'test', ${clock.now()} from conversations where title = ${title}`,
    );
  await tell(one, { title: "Decided", hostEmail: null });
  await decide("Decided");
  await tell(one, { title: "Decided", meetingKey: "meet:abc-defg-hij", hostEmail: null });
  const [joined, ...none] = await rows();
  expect(none).toEqual([]);
  const decisions = await house.db.withWorkspace(workspace.id, (tx) => tx`select conversation_id from gap_decisions`);
  expect(decisions).toMatchObject([{ conversation_id: joined!.id }]);
  await tell(two, { externalId: "g-2", title: "Other", startedAt: "2026-11-16T08:00:00.000Z", participants: [] });
  await decide("Other");
  await tell(two, { externalId: "g-2", title: "Other", meetingKey: "meet:abc-defg-hij", participants: [] });
  expect(await rows()).toHaveLength(2);
});

test("a telling taken back takes its conversation along, unless somebody else tells of it too", async () => {
  const { workspace, one, two, tell, rows } = await newWorld();
  const takeBack = (source: typeof one, externalId: string) =>
    ingest(house, workspace.id, source, [{ ok: true, gone: { externalId, toldAt: null } }]);
  await tell(one, { meetingKey: "meet:abc-defg-hij", transcript: "Bob: yes" });
  await tell(two, { externalId: "g", meetingKey: "meet:abc-defg-hij" });
  await takeBack(one, "call-1");
  expect(await rows()).toMatchObject([{ tellings: 1 }]);
  expect(await house.db.withWorkspace(workspace.id, (tx) => tx`select 1 from conversation_transcripts`)).toHaveLength(
    0,
  );
  await takeBack(two, "g");
  expect(await rows()).toEqual([]);
  clock.advance(1000);
  expect(await tell(one, { title: "Back" })).toMatchObject({ created: 1 });
});

test("a conversation planned for later and one that can't be read are refused with the reason, and settled once they can", async () => {
  const { workspace, one, tell } = await newWorld();
  await ingest(house, workspace.id, one, [
    { ok: false, externalId: "call-1", reason: "It has no readable start time." },
    { ok: false, externalId: null, reason: "It has no external_id." },
    { ok: true, conversation: told({ externalId: "later", startedAt: "2026-12-24T09:00:00.000Z" }) },
  ]);
  const source = async () => (await workspace.call("admin", "GET", `sources/${one.id}`)).body;
  expect(await source()).toMatchObject({ received: 3, refused: 3 });
  expect((await source()).recent_refusals.map((row: { reason: string }) => row.reason)).toEqual(
    expect.arrayContaining([expect.stringContaining("not taken place yet"), "It has no external_id."]),
  );
  await tell(one, {});
  expect((await source()).recent_refusals).toHaveLength(2);
});

test("of the refusals the latest 200 are kept", async () => {
  const { workspace, one } = await newWorld();
  const some = (from: number, count: number): Converted[] =>
    Array.from({ length: count }, (_, n) => ({ ok: false, externalId: `x${from + n}`, reason: "No." }));
  await ingest(house, workspace.id, one, some(0, 150));
  clock.advance(1000);
  await ingest(house, workspace.id, one, some(1000, 150));
  const kept = await house.db.withWorkspace(
    workspace.id,
    (tx) => tx<{ external_id: string }[]>`select external_id from source_refusals`,
  );
  expect(kept).toHaveLength(200);
  expect(kept.filter((row) => row.external_id.length === 5)).toHaveLength(150);
});

test("a thousand at once cost as many statements as ten", async () => {
  const { one, tell } = await newWorld();
  const cost = async (from: number, count: number) => {
    const before = house.db.statements();
    const calls = Array.from({ length: count }, (_, n) => ({
      ...{
        externalId: `n${from + n}`,
        transcript: "Bob: yes",
        startedAt: new Date(1.76e12 + (from + n) * 1e6).toISOString(),
      },
    }));
    expect((await tell(one, ...calls)).created).toBe(count);
    return house.db.statements() - before;
  };
  const [few, many] = [await cost(0, 10), await cost(100, 1000)];
  expect(many).toBe(few);
  expect(many).toBeLessThanOrEqual(15);
});

test("two sources telling of one meeting at the same moment make one conversation", async () => {
  const { workspace, one, two, tell, rows } = await newWorld();
  // Open connections, so that neither has to wait for one.
  await Promise.all([1, 2, 3].map(() => house.db.withWorkspace(workspace.id, (tx) => tx`select pg_sleep(0.05)`)));
  // Only two for each meeting: a third one would find both and join them.
  for (const n of [10, 11, 12, 13, 14]) {
    const call = { meetingKey: "zoom:9991112223", startedAt: `2026-11-${n}T09:00:00.000Z`, externalId: `e${n}` };
    await Promise.all([tell(one, call), tell(two, call)]);
  }
  expect((await rows()).map((row) => row.tellings)).toEqual([2, 2, 2, 2, 2]);
});

test("after storing, the gaps are looked at again; when nothing changed they are not", async () => {
  const { one, tell } = await newWorld();
  await app.drain();
  await tell(one, {});
  expect((await house.queue.pending())["gaps.sweep"]).toBe(1);
  await app.drain();
  await tell(one, {});
  expect((await house.queue.pending())["gaps.sweep"] ?? 0).toBe(0);
});
