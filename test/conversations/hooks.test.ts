import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { TestWorkspace } from "../http/support.ts";
import { read } from "../http/support.ts";
import { firefliesSignature, firefliesTranscript, startFireflies } from "../support/fireflies-server.ts";
import { gongCall, gongRule } from "../support/gong-server.ts";
import { startZoom, zoomHeaders, zoomRecording } from "../support/zoom-server.ts";
import { newConversationsApp } from "./setup.ts";

const [fireflies, zoom] = [await startFireflies(), await startZoom()];
const app = await newConversationsApp({
  ...{ fireflies: fireflies.url, zoomApi: `${zoom.url}/v2`, zoomLogin: zoom.url, zoomFiles: zoom.url },
});
const { clock } = app;
const generic = {
  external_id: "1",
  title: "Intro",
  started_at: "2026-11-16T09:00:00Z",
  participants: ["bob@customer.test"],
};

async function newSource(draft: object) {
  const workspace = await app.newWorkspace();
  const { status, body } = await workspace.call("admin", "POST", "sources", draft);
  expect([status, body.errors]).toEqual([201, undefined]);
  return { workspace, source: body as { id: string; hook_url: string; hook_secret: string | null } };
}

async function send(url: string, body: string | object, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return read(await app.app.request(new URL(url).pathname, { method: "POST", body: text, headers }));
}

const sourceNow = async (workspace: TestWorkspace, id: string) =>
  (await workspace.call("admin", "GET", `sources/${id}`)).body;
const sha256 = (secret: string, body: string) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

test("a signed delivery is taken, at once and once; replays are harmless", async () => {
  const { workspace, source } = await newSource({ kind: "generic" });
  const body = JSON.stringify(generic);
  const headers = { "x-pandora-signature": sha256(source.hook_secret!, body) };
  for (let n = 0; n < 3; n += 1) {
    expect(await send(source.hook_url, body, headers)).toMatchObject({ status: 200, body: { ok: true } });
    await app.drain();
  }
  expect(await app.rows(workspace)).toMatchObject([{ title: "Intro", tellings: 1 }]);
  expect(await sourceNow(workspace, source.id)).toMatchObject({ received: 1, refused: 0, last_error: null });
});

test("a replay of what was told before does not undo what was told since; a good delivery clears the error", async () => {
  const { workspace, source } = await newSource({ kind: "generic" });
  await send(source.hook_url, generic, { "x-pandora-signature": "sha256=00" });
  expect((await sourceNow(workspace, source.id)).last_error).not.toBeNull();
  for (const title of ["First", "Second", "First"]) {
    const body = JSON.stringify({ ...generic, title });
    await send(source.hook_url, body, { "x-pandora-signature": sha256(source.hook_secret!, body) });
    await app.drain();
  }
  expect(await app.rows(workspace)).toMatchObject([{ title: "Second" }]);
  expect(await sourceNow(workspace, source.id)).toMatchObject({ last_error: null, last_error_at: null });
});

test("several in one delivery, with one that can't be read", async () => {
  const { workspace, source } = await newSource({ kind: "generic", secrets: { hook_secret: "ours" } });
  expect(source.hook_secret).toBeNull();
  const body = JSON.stringify({ conversations: [generic, { ...generic, external_id: "2", started_at: "soon" }] });
  await send(source.hook_url, body, { "x-pandora-signature": sha256("ours", body) });
  await app.drain();
  expect(await app.rows(workspace)).toHaveLength(1);
  expect((await sourceNow(workspace, source.id)).recent_refusals).toMatchObject([{ external_id: "2" }]);
});

test("who has no address and whose signature does not fit hear the same, and nothing is stored", async () => {
  const { workspace, source } = await newSource({ kind: "generic" });
  const body = JSON.stringify(generic);
  const right = sha256(source.hook_secret!, body);
  const plain = ({ status, body: { instance: _, ...rest } }: { status: number; body: Record<string, unknown> }) => ({
    status,
    rest,
  });
  const unknown = plain(await send(`http://x/webhooks/conversations/generic/${"0".repeat(32)}`, body));
  expect(unknown.status).toBe(404);
  const tries: [string, string, Record<string, string>][] = [
    [source.hook_url, body, {}],
    [source.hook_url, body, { "x-pandora-signature": sha256("wrong", body) }],
    [source.hook_url, body, { "x-pandora-signature": "" }],
    [source.hook_url, `${body} `, { "x-pandora-signature": right }],
    [source.hook_url.replace("/generic/", "/gong/"), body, { "x-pandora-signature": right }],
    [source.hook_url.replace("/generic/", "/nobody/"), body, { "x-pandora-signature": right }],
    [`${source.hook_url}0`, body, { "x-pandora-signature": right }],
  ];
  for (const [url, text, headers] of tries) expect(plain(await send(url, text, headers))).toEqual(unknown);
  await app.drain();
  expect(await app.rows(workspace)).toEqual([]);
  expect((await sourceNow(workspace, source.id)).last_error).toContain("signature");
});

test("too large, and signed but no JSON", async () => {
  const { source } = await newSource({ kind: "generic" });
  const large = JSON.stringify({ ...generic, transcript: "x".repeat(1_100_000) });
  expect(await send(source.hook_url, large)).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  const headers = { "x-pandora-signature": sha256(source.hook_secret!, "no json") };
  expect(await send(source.hook_url, "no json", headers)).toMatchObject({
    status: 400,
    body: { code: "malformed_json" },
  });
});

test("what waits as a job is sealed", async () => {
  const { source } = await newSource({ kind: "generic" });
  const body = JSON.stringify({ ...generic, transcript: "Bob: my secret budget" });
  await send(source.hook_url, body, { "x-pandora-signature": sha256(source.hook_secret!, body) });
  const jobs = await app.house.db.outside(
    (tx) => tx`select data::text as data from pgboss.job where name = 'source.delivery'`,
  );
  expect(JSON.stringify(jobs)).not.toContain("budget");
  await app.drain();
});

test("a paused source answers and takes nothing; a removed one has no address any more", async () => {
  const { workspace, source } = await newSource({ kind: "gong" });
  await workspace.call("admin", "PATCH", `sources/${source.id}`, { status: "paused" });
  expect((await send(source.hook_url, { callData: gongCall("1") })).status).toBe(200);
  await app.drain();
  expect(await app.rows(workspace)).toEqual([]);
  await workspace.call("admin", "PATCH", `sources/${source.id}`, { status: "connected" });
  await send(source.hook_url, { callData: gongCall("1") });
  await app.drain();
  expect(await app.rows(workspace)).toHaveLength(1);
  await workspace.call("admin", "DELETE", `sources/${source.id}`);
  expect((await send(source.hook_url, { callData: gongCall("2") })).status).toBe(404);
  expect(await app.rows(workspace)).toHaveLength(1);
});

test("gong: without a key the address is the secret; its test button stores nothing", async () => {
  const { workspace, source } = await newSource({ kind: "gong" });
  expect((await send(source.hook_url, { isTest: true, callData: gongCall("1") })).status).toBe(200);
  await app.drain();
  expect(await app.rows(workspace)).toEqual([]);
  expect((await send(source.hook_url, { isTest: false, callData: gongCall("1") })).status).toBe(200);
  await app.drain();
  expect(await app.rows(workspace)).toMatchObject([
    { source: "gong", title: "Intro with Customer", scope_hint: "external" },
  ]);
});

test("gong: with a key only its own token passes", async () => {
  const [rule, other] = [gongRule(), gongRule()];
  const { workspace, source } = await newSource({ kind: "gong", secrets: { public_key: rule.publicKey } });
  const body = JSON.stringify({ callData: gongCall("1") });
  const nowS = Math.floor(clock.now().getTime() / 1000);
  const refused: [string, string | undefined][] = [
    ["none", undefined],
    ["not a token", "Bearer abc"],
    ["another rule's", other.token(body)],
    ["another body's", rule.token(`${body} `)],
    ["another address's", rule.token(body, { webhook_url: "https://elsewhere.test" })],
    ["expired", rule.token(body, { exp: nowS - 3600 })],
    ["unsigned", `${rule.token(body, {}, { alg: "none" }).split(".").slice(0, 2).join(".")}.`],
    ["one that chooses its own check", rule.token(body, {}, { alg: "HS256" })],
  ];
  for (const [what, token] of refused) {
    const answer = await send(source.hook_url, body, token === undefined ? {} : { authorization: token });
    expect([what, answer.status]).toEqual([what, 404]);
  }
  await app.drain();
  expect(await app.rows(workspace)).toEqual([]);
  const token = rule.token(body, { exp: nowS + 60, webhook_url: source.hook_url });
  expect((await send(source.hook_url, body, { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await send(source.hook_url, body, { authorization: token })).status).toBe(200);
  await app.drain();
  expect(await app.rows(workspace)).toHaveLength(1);
});

test("fireflies: transcribed and summarised are one conversation, fetched by its id", async () => {
  const { workspace, source } = await newSource({
    ...{ kind: "fireflies", secrets: { api_key: fireflies.state.apiKey, hook_secret: "shared" } },
  });
  fireflies.state.transcripts = [firefliesTranscript("f1", { summary: null })];
  const ping = async (body: object) => {
    const text = JSON.stringify(body);
    const answer = await send(source.hook_url, text, { "x-hub-signature": firefliesSignature("shared", text) });
    await app.drain();
    return answer.status;
  };
  expect((await send(source.hook_url, { meetingId: "f1", eventType: "Transcription completed" })).status).toBe(404);
  expect(await ping({ meeting_id: "f1", event: "meeting.transcribed", timestamp: 1 })).toBe(200);
  expect(await app.rows(workspace)).toMatchObject([{ title: "Intro with Customer", summary: null }]);
  fireflies.state.transcripts = [firefliesTranscript("f1")];
  expect(await ping({ meeting_id: "f1", event: "meeting.summarized", timestamp: 2 })).toBe(200);
  expect(await app.rows(workspace)).toMatchObject([{ summary: expect.stringContaining("liked"), tellings: 1 }]);
  const asked = fireflies.requests.length;
  expect(await ping({ meeting_id: "f9", event: "meeting.deleted" })).toBe(200);
  expect(fireflies.requests.length).toBe(asked);
});

test("fireflies: a refused key is said in words, and the meeting is listed as missing", async () => {
  const { workspace, source } = await newSource({ kind: "fireflies", secrets: { api_key: "old key" } });
  await send(source.hook_url, { meetingId: "f7", eventType: "Transcription completed" });
  await app.drain();
  const now = await sourceNow(workspace, source.id);
  expect(now.last_error).toContain("refuses the API key");
  expect(now.recent_refusals).toMatchObject([
    { external_id: "f7", reason: expect.stringContaining("could not be fetched") },
  ]);
  expect(JSON.stringify(now)).not.toContain("secret detail");
});

const zoomSecrets = {
  hook_secret: "zoom-token",
  account_id: "acc",
  client_id: "client",
  client_secret: "secret-of-zoom",
};
const nowS = () => Math.floor(clock.now().getTime() / 1000);

test("zoom: the handshake is answered within the request, and signs nothing that could stand for an event", async () => {
  const { source } = await newSource({ kind: "zoom", secrets: zoomSecrets });
  const shake = (plainToken: unknown) => JSON.stringify({ event: "endpoint.url_validation", payload: { plainToken } });
  const encryptedToken = createHmac("sha256", "zoom-token").update("abc123").digest("hex");
  expect(await send(source.hook_url, shake("abc123"))).toMatchObject({
    status: 200,
    body: { plainToken: "abc123", encryptedToken },
  });
  const signed = zoomHeaders("zoom-token", shake("abc123"), nowS());
  expect((await send(source.hook_url, shake("abc123"), signed)).body).toEqual({ plainToken: "abc123", encryptedToken });
  expect((await send(source.hook_url, shake("abc123"), zoomHeaders("wrong", shake("abc123"), nowS()))).status).toBe(
    404,
  );
  for (const token of [`v0:${nowS()}:{}`, "", 1, null])
    expect((await send(source.hook_url, shake(token))).status).toBe(404);
});

test("zoom: participants by pages and the transcript, the uuid encoded twice where it must be", async () => {
  const { workspace, source } = await newSource({ kind: "zoom", secrets: zoomSecrets });
  for (const uuid of ["/a/b==", "a//b==", "plain=="]) {
    zoom.state.participants.set(uuid, [
      { name: "Ada", user_email: "ada@ours.test" },
      { name: "Bob", user_email: "bob@customer.test" },
      { name: "Dr. Eve", user_email: "" },
    ]);
    zoom.state.files.set("/moved", { text: "WEBVTT\n\n1\n00:00.000 --> 00:01.000\nBob: Next step is a trial." });
    zoom.state.files.set("/rec/1", { status: 302, headers: { location: "/moved" } });
    const files = [{ file_type: "TRANSCRIPT", download_url: `${zoom.url}/rec/1` }];
    const body = JSON.stringify(zoomRecording(uuid, { recording_files: files, id: null }));
    expect((await send(source.hook_url, body, zoomHeaders("zoom-token", body, nowS()))).status).toBe(200);
    await app.drain();
  }
  const rows = await app.rows(workspace);
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    expect(row.participants.map((one) => one.name)).toEqual(["Ada", "Bob", "Dr. Eve"]);
    expect(row.signals).toMatchObject({ next_step: "Next step is a trial." });
  }
  const asked = zoom.requests.map((one) => one.url).filter((url) => url.includes("past_meetings"));
  expect(asked).toEqual(
    expect.arrayContaining([
      expect.stringContaining("/%252Fa%252Fb%253D%253D/"),
      expect.stringContaining("/plain%3D%3D/"),
    ]),
  );
});

test("zoom: old, unsigned and foreign deliveries are refused", async () => {
  const { workspace, source } = await newSource({ kind: "zoom", secrets: { hook_secret: "zoom-token" } });
  const body = JSON.stringify(zoomRecording("u1"));
  for (const headers of [
    {},
    zoomHeaders("wrong", body, nowS()),
    zoomHeaders("zoom-token", `${body} `, nowS()),
    zoomHeaders("zoom-token", body, nowS() - 301),
    zoomHeaders("zoom-token", body, nowS() + 301),
  ]) {
    expect((await send(source.hook_url, body, headers)).status).toBe(404);
  }
  expect((await send(source.hook_url, body, zoomHeaders("zoom-token", body, nowS() - 299))).status).toBe(200);
  await app.drain();
  expect(await app.rows(workspace)).toMatchObject([{ participants: [{ email: "ada@ours.test" }] }]);
  expect((await sourceNow(workspace, source.id)).notes).toEqual([expect.stringContaining("who took part")]);
});

test("zoom: a transcript's address elsewhere is not followed, and no token goes there", async () => {
  const { workspace, source } = await newSource({ kind: "zoom", secrets: { hook_secret: "zoom-token" } });
  for (const [uuid, address] of [
    ["e1", "https://evil.test/rec"],
    ["e2", "https://zoom.us.evil.test/rec"],
    ["e3", "http://zoom.us/rec"],
    ["e4", `${zoom.url}/out`],
  ]) {
    zoom.state.files.set("/out", { status: 302, headers: { location: `${fireflies.url}/steal` } });
    const files = [{ file_type: "TRANSCRIPT", download_url: address }];
    const body = JSON.stringify(zoomRecording(uuid!, { recording_files: files }));
    const before = fireflies.requests.length;
    await send(source.hook_url, body, zoomHeaders("zoom-token", body, nowS()));
    await app.drain();
    expect(fireflies.requests.length).toBe(before);
  }
  expect(await app.rows(workspace)).toEqual([]);
  const { recent_refusals } = await sourceNow(workspace, source.id);
  expect(recent_refusals).toHaveLength(4);
  expect(recent_refusals[0].reason).toContain("not one of Zoom's own");
});

test("zoom: the transcript that came first and the recording that came late are one, in either order", async () => {
  const { workspace, source } = await newSource({ kind: "zoom", secrets: { hook_secret: "zoom-token" } });
  zoom.state.files.set("/rec/2", { text: "WEBVTT\n\n1\n00:00.000 --> 00:01.000\nBob: great" });
  const files = [{ file_type: "TRANSCRIPT", download_url: `${zoom.url}/rec/2` }];
  const late = {
    ...zoomRecording("u1", { recording_files: [] }, "recording.completed"),
    event_ts: Date.UTC(2026, 10, 16, 9, 50),
  };
  for (const each of [zoomRecording("u1", { recording_files: files, topic: "Named anew" }), late]) {
    const body = JSON.stringify(each);
    await send(source.hook_url, body, zoomHeaders("zoom-token", body, nowS()));
    await app.drain();
  }
  expect(await app.rows(workspace)).toMatchObject([
    { title: "Named anew", tellings: 1, signals: { sentiment: expect.any(Number) } },
  ]);
});
