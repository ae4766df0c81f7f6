/** The preview acts as whoever was chosen: only its own pages get at that, and it refuses what Apex would refuse. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSalesforcePreview, type SalesforcePreview } from "../../salesforce-package/preview/server.ts";

const seen = "0065g0000000001AAA";
const asked: { method: string; target: string; proof: string; body: string }[] = [];
let answer: { status: number; body: string } = { status: 200, body: "{}" };
let backend: Server;
let preview: SalesforcePreview;
let isConnected = true;

beforeAll(async () => {
  backend = createServer((request, reply) => {
    let body = "";
    request.on("data", (part) => {
      body += String(part);
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      asked.push({ method, target: url, proof: String(headers["x-pandora-assertion"] ?? ""), body });
      reply.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  preview = createSalesforcePreview({
    base: "/salesforce",
    backendUrl: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    orgId: "00D5g0000000001EAA",
    signingKey: () => (isConnected ? { keyId: "k1", key: Buffer.alloc(32, 1).toString("base64") } : null),
    users: [
      {
        ...{ key: "admin", title: "Admin", name: "Ada" },
        userId: "0055g0000000001AAA",
        permissions: ["Pandora_User", "Pandora_Admin"],
      },
      { ...{ key: "rep", title: "Rep", name: "Rita" }, userId: "0055g0000000002AAA", permissions: ["Pandora_User"] },
    ],
    records: { list: async () => ({ columns: [], rows: [] }), read: () => null, exists: (id) => id === seen },
  });
});
afterAll(() => new Promise((resolve) => backend.close(resolve)));

function post(path: string, headers: Record<string, string>, body: object = {}): Promise<Response> {
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return preview.fetch(new Request(`http://localhost:8787/salesforce/${path}`, request));
}
const own = { origin: "http://localhost:8787" };
const problemOf = async (response: Response) =>
  JSON.parse(((await response.json()) as { message: string }).message) as Record<string, unknown>;

test("another site, another host and another method get nothing", async () => {
  asked.length = 0;
  expect((await post("apex/getSession", { origin: "https://evil.example" })).status).toBe(403);
  expect((await post("apex/getSession", {})).status).toBe(403);
  expect((await post("apex/getSession", { "sec-fetch-site": "cross-site" })).status).toBe(403);
  const rebound = new Request("http://evil.example:8787/salesforce", { headers: own });
  expect((await preview.fetch(rebound)).status).toBe(403);
  expect((await preview.fetch(new Request("http://localhost:8787/salesforce/apex/getSession"))).status).toBe(404);
  expect(asked).toEqual([]);
});

test("no file outside of its folders is served", async () => {
  for (const path of ["slds/..%2f..%2fpackage.json", "frame/..%2fserver.ts", "slds/%2e%2e/%2e%2e/lwc/package.json"]) {
    const response = await preview.fetch(new Request(`http://localhost:8787/salesforce/${path}`));
    expect(response.status, path).toBe(404);
  }
});

test("forwards what the Apex would, signed for the chosen person", async () => {
  asked.length = 0;
  answer = {
    status: 200,
    body: JSON.stringify({ items: [{ crm_record_id: seen }, { crm_record_id: "0065g0000000002AAA" }] }),
  };
  const filters = { status: "pending", rep: "", q: "a b&c" };
  const response = await post("apex/getGaps", { ...own, cookie: "pandora_preview_user=rep" }, { filters });
  expect(await response.json()).toEqual({ value: { items: [{ crm_record_id: seen }] } });
  expect(asked[0]!.target).toBe("/api/workspaces/me/conversations/without-deals?status=pending&q=a+b%26c");
  const claims = JSON.parse(Buffer.from(asked[0]!.proof.split(".")[1]!, "base64url").toString()) as Record<
    string,
    string
  >;
  expect([claims["sub"], claims["htm"], claims["htu"]]).toEqual(["0055g0000000002AAA", "GET", asked[0]!.target]);
});

test("a value can't leave its place in the path", async () => {
  asked.length = 0;
  await post("apex/undoRun", own, { runId: "../../members", request: { request_id: "r" } });
  expect(asked[0]!.target).toBe("/api/workspaces/me/crm-writeback/runs/..%2F..%2Fmembers/undo");
  expect(asked[0]!.body).toBe('{"request_id":"r"}');
});

test("permissions, connection and refusals are told as Apex tells them", async () => {
  asked.length = 0;
  const rep = { ...own, cookie: "pandora_preview_user=rep" };
  expect((await problemOf(await post("apex/startSync", rep, { request: {} })))["code"]).toBe("no_permission");
  isConnected = false;
  expect((await problemOf(await post("apex/getSession", own)))["code"]).toBe("app_not_connected");
  isConnected = true;
  expect(asked).toEqual([]);
  answer = { status: 422, body: JSON.stringify({ code: "x", detail: "No.", instance: "i", errors: [{ field: "a" }] }) };
  expect(await problemOf(await post("apex/startSync", own, { request: {} }))).toEqual({
    ...{ status: 422, code: "x", message: "No.", errors: [{ field: "a" }] },
  });
  answer = { status: 502, body: "<html>" };
  expect((await problemOf(await post("apex/getSession", own)))["code"]).toBe("unexpected");
});
