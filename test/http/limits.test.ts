import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newTestApp, read } from "./support.ts";

const { app, clock, newWorkspace } = await newTestApp(await newDatabase());

test("a workspace may send 500 requests a minute, shared by all its callers; another one is not touched", async () => {
  const busy = await newWorkspace();
  const calm = await newWorkspace();
  const statuses: number[] = [];
  for (let n = 0; n < 510; n += 10) {
    const some = await Promise.all(
      Array.from({ length: 10 }, (_, k) => busy.call(k % 2 ? "admin" : "viewer", "GET", "crm-writeback/fields")),
    );
    statuses.push(...some.map((answer) => answer.status));
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(500);
  expect(statuses.slice(500)).toEqual(Array(10).fill(429));
  const refused = await busy.call("admin", "GET", "crm-writeback/fields");
  expect(refused.body).toMatchObject({ code: "too_many_requests", retry_after_s: 1 });
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await calm.call("admin", "GET", "crm-writeback/fields")).status).toBe(200);
  clock.advance(1_200);
  const later = [];
  for (let n = 0; n < 12; n += 1) later.push((await busy.call("admin", "GET", "crm-writeback/fields")).status);
  expect(later).toEqual([...Array(10).fill(200), 429, 429]);
});

test("twenty heavy requests a minute; the light ones go on", async () => {
  const { call } = await newWorkspace();
  const statuses = [];
  for (let n = 0; n < 21; n += 1) statuses.push((await call("admin", "GET", "crm-writeback/log/export")).status);
  expect(statuses).toEqual([...Array(20).fill(200), 429]);
  const refused = await call("admin", "POST", "crm-writeback/dry-run", {});
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3"]);
  expect((await call("admin", "GET", "crm-writeback/log")).status).toBe(200);
  clock.advance(3_000);
  expect((await call("admin", "GET", "crm-writeback/log/export")).status).toBe(200);
});

test("a 429 is not kept under its request_id", async () => {
  const { call, connect } = await newWorkspace();
  await connect("hubspot");
  for (let n = 0; n < 20; n += 1) await call("admin", "GET", "crm-writeback/log/export");
  const body = { request_id: "h-1", mapping_ids: ["00000000-0000-4000-8000-000000000000"] };
  expect((await call("admin", "POST", "crm-writeback/dry-run", body)).status).toBe(429);
  clock.advance(60_000);
  expect((await call("admin", "POST", "crm-writeback/dry-run", body)).status).not.toBe(429);
});

test("a caller who is nobody costs no workspace anything", async () => {
  const { id, call } = await newWorkspace();
  for (let n = 0; n < 5; n += 1)
    expect((await read(await app.request(`/api/workspaces/${id}/settings`))).status).toBe(401);
  expect((await call("admin", "GET", "settings")).status).toBe(200);
});
