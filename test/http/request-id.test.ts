import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newTestApp } from "./support.ts";

const { clock, house, newWorkspace } = await newTestApp(await newDatabase());

test("the same request twice is done once, and answered alike; another body is refused", async () => {
  const { call } = await newWorkspace();
  const body = { email: "a@b.example", role: "rep", request_id: "r-1" };
  const first = await call("admin", "POST", "members", body);
  const again = await call("admin", "POST", "members", { request_id: "r-1", role: "rep", email: "a@b.example" });
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  const other = await call("admin", "POST", "members", { ...body, role: "admin" });
  expect([other.status, other.body.code]).toEqual([422, "request_id_reused"]);
  // The same id at another door is another request too.
  expect((await call("admin", "PATCH", "settings", { request_id: "r-1" })).body.code).toBe("request_id_reused");
});

test("`me` and the workspace's id are one place; another caller's request ids are their own", async () => {
  const { call, id } = await newWorkspace();
  const body = { email: "a@b.example", role: "rep", request_id: "r-1" };
  const first = await call("admin", "POST", `/api/workspaces/${id}/members`, body);
  expect((await call("admin", "POST", "/api/workspaces/me/members", body)).body).toEqual(first.body);
  expect((await call("viewer", "POST", "members", body)).status).toBe(403);
});

test("a refusal is answered again as it was, until a day has passed", async () => {
  const { call } = await newWorkspace();
  const body = { email: "a@b.example", role: "rep" };
  await call("admin", "POST", "members", body);
  const refused = await call("admin", "POST", "members", { ...body, request_id: "r-2" });
  expect([refused.status, refused.body.code]).toEqual([409, "member_exists"]);
  const { items } = (await call("admin", "GET", "members")).body;
  await call("admin", "DELETE", `members/${items[0].id}`);
  const replay = await call("admin", "POST", "members", { ...body, request_id: "r-2" });
  expect(replay.body).toEqual(refused.body);
  expect(replay.headers.get("content-type")).toContain("application/problem+json");
  clock.advance(24 * 3_600_000);
  expect((await call("admin", "POST", "members", { ...body, request_id: "r-2" })).status).toBe(201);
});

test("DELETE carries its request_id in the query", async () => {
  const { call } = await newWorkspace();
  const { id } = (await call("admin", "POST", "members", { email: "a@b.example", role: "rep" })).body;
  const first = await call("admin", "DELETE", `members/${id}?request_id=d-1`);
  const again = await call("admin", "DELETE", `members/${id}?request_id=d-1`);
  expect([first.status, again.status]).toEqual([200, 200]);
  expect((await call("admin", "DELETE", `members/${id}?request_id=d-2`)).status).toBe(404);
});

test("an answer of 5xx is not kept: the same request is tried again", async () => {
  const { call, id } = await newWorkspace();
  const body = { email: "a@b.example", role: "rep", request_id: "r-3" };
  await house.db.withWorkspace(id, (tx) => tx`alter table audit_events rename to audit_gone`);
  expect((await call("admin", "POST", "members", body)).status).toBe(500);
  await house.db.withWorkspace(id, (tx) => tx`alter table audit_gone rename to audit_events`);
  expect((await call("admin", "POST", "members", body)).status).toBe(201);
});

test("while the first runs the second waits, then is told so; a dead first one is taken over", async () => {
  const { call, id } = await newWorkspace();
  const body = { email: "a@b.example", role: "rep", request_id: "r-4" };
  await call("admin", "POST", "members", body);
  // As it stands while the first request is under way, or after its process died.
  await house.db.withWorkspace(
    id,
    (tx) =>
      tx`update request_results set state = 'running', status = null, response = null, created_at = ${clock.now()}`,
  );
  const before = clock.now().getTime();
  const answer = await call("admin", "POST", "members", body);
  expect([answer.status, answer.body.code]).toEqual([409, "request_in_progress"]);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(clock.now().getTime() - before).toBe(2_000);
  clock.advance(5 * 60_000);
  expect((await call("admin", "POST", "members", body)).body.code).toBe("member_exists");
});

test("twenty of the same at once: one is done, and all get its answer", async () => {
  const { call } = await newWorkspace();
  const body = { email: "a@b.example", role: "rep", request_id: "r-5" };
  const answers = await Promise.all(Array.from({ length: 20 }, () => call("admin", "POST", "members", body)));
  const done = answers.filter((answer) => answer.status === 201);
  expect(new Set(done.map((answer) => answer.body.id)).size).toBe(1);
  // The stepped clock runs the waits out at once, so a waiter may be told to come again; it is never done twice.
  expect(
    answers.filter((answer) => answer.status !== 201).every((one) => one.body.code === "request_in_progress"),
  ).toBe(true);
  expect((await call("admin", "GET", "members")).body.items).toHaveLength(1);
});
