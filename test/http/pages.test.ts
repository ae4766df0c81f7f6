import path from "node:path";
import { expect, test } from "vitest";
import { errorCodes, reasonText, skipReasons } from "../../backend/contract/reasons.ts";
import { readGuides } from "../../backend/http/help.ts";
import { playExample } from "../../backend/http/help-example.ts";
import { serveApp } from "../../backend/http/server.ts";
import { newDatabase } from "../support/database.ts";
import { newTestApp, read } from "./support.ts";

const { app, house } = await newTestApp(await newDatabase());
type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: { in: string; name: string }[];
  responses: object;
  requestBody: { content: Record<string, { schema: object }> };
};
const get = async (url: string) => read(await app.request(url));

test("the OpenAPI document describes every door once, with all its parameters and no dangling reference", async () => {
  const { status, body } = await get("/openapi.json");
  expect([status, body.openapi]).toEqual([200, expect.stringMatching(/^3\.1/)]);
  const doors = app.routes
    .filter((route) => route.path.startsWith("/api/") && !["ALL", "HEAD"].includes(route.method))
    .map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, "{$1}").replace(/\/$/, "")}`);
  const described: string[] = [];
  const ids: string[] = [];
  for (const [place, operations] of Object.entries<Record<string, Operation>>(body.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (place.startsWith("/api/")) described.push(`${method.toUpperCase()} ${place}`);
      else continue;
      ids.push(operation.operationId);
      expect([place, operation.summary, operation.tags]).toEqual([place, expect.any(String), [expect.any(String)]]);
      const declared = operation.parameters.filter((one) => one.in === "path").map((one) => one.name);
      expect(declared.sort()).toEqual([...place.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort());
      expect(Object.keys(operation.responses)).toContain("default");
      if (["post", "patch"].includes(method))
        expect(operation.requestBody.content["application/json"]?.schema).toBeTruthy();
    }
  }
  expect(described.sort()).toEqual([...new Set(doors)].sort());
  expect(new Set(ids).size).toBe(ids.length);
  const text = JSON.stringify(body);
  for (const [, ref] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = ref!
      .split("/")
      .reduce((node: unknown, part) => (node as Record<string, unknown>)?.[part], body as unknown);
    expect([ref, target]).toEqual([ref, expect.anything()]);
  }
  expect(
    body.paths["/api/workspaces/{workspaceId}/crm-writeback/mappings"].post.requestBody.content["application/json"]
      .schema.required,
  ).toEqual(["pandora_field", "crm_object_type", "crm_property_name"]);
});

test("/docs shows each door, loads nothing from elsewhere and runs no script", async () => {
  const { status, body, headers } = await get("/docs");
  expect(status).toBe(200);
  expect(body).toContain("/api/workspaces/{workspaceId}/crm-writeback/mappings/{mappingId}");
  expect(body).not.toMatch(/<script|src=|https?:\/\/(?!pandora\.test|json-schema\.org)/);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("every guide renders, its links lead somewhere, and its examples come from the planner", async () => {
  const index = await get("/help");
  expect(index.status).toBe(200);
  const guides = readGuides(path.join(import.meta.dirname, "../../backend/help"));
  expect(guides.map((guide) => guide.key)).toEqual([
    ...["write-modes", "mappings", "custom-properties", "reading-the-log", "scores", "conversation-gaps", "sources"],
    ...["notices", "in-hubspot", "in-salesforce", "data-and-privacy"],
  ]);
  for (const guide of guides) {
    expect(index.body).toContain(`href="/help/${guide.key}"`);
    const page = await get(`/help/${guide.key}`);
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/\{\{|language-example|undefined/);
    for (const [, link] of page.body.matchAll(/href="(\/[^"#]*)/g))
      expect([link, (await get(link)).status]).toEqual([link, 200]);
  }
  const modes = (await get("/help/write-modes")).body;
  expect(modes).toContain("[Nov 9, 2026] The close date moved twice.");
  expect(modes).toContain("Kept: someone changed it in the CRM since Pandora");
  const log = (await get("/help/reading-the-log")).body;
  for (const code of [...skipReasons, ...errorCodes]) expect(log).toContain(`<code>${code}</code>`);
  expect((await get("/help/nothing")).body.code).toBe("not_found");
});

test("an example plays as the product would: what one step writes is what the next one finds", () => {
  const rows = playExample({
    field: "deal_risk_summary",
    property: { label: "Journal", type: "textarea" },
    mapping: { write_mode: "append_if_changed" },
    current: null,
    steps: [
      { on: "2026-11-02", value: "a" },
      { on: "2026-11-09", value: "a" },
      { on: "2026-11-16", value: "b" },
    ],
  });
  expect(rows.map((row) => row.after)).toEqual([
    "[Nov 2, 2026] a",
    "[Nov 2, 2026] a",
    "[Nov 2, 2026] a\n---\n[Nov 16, 2026] b",
  ]);
  expect(rows[1]?.says).toBe("Skipped: the value is the same as in Pandora's write of 2 Nov");
});

test("every reason has words that differ from its code", () => {
  for (const code of [...skipReasons, ...errorCodes]) {
    expect(reasonText(code)).toMatch(/^[A-Z].{15,}[^.]$/);
    expect(reasonText(code)).not.toContain("_");
  }
  const facts = { lastWrittenAt: new Date("2026-11-12T23:30:00Z"), timeZone: "Europe/Berlin" };
  expect(reasonText("changed_in_crm", facts)).toBe(
    "Kept: someone changed it in the CRM since Pandora's write of 13 Nov",
  );
  expect(reasonText("of_a_later_version")).toBe("Of a later version");
});

test("/health, /ready and /metrics answer without a caller; not ready is 503", async () => {
  expect((await get("/health")).body).toEqual({ ok: true });
  expect((await get("/ready")).status).toBe(200);
  const { outside } = house.db;
  house.db.outside = () => Promise.reject(new Error("gone"));
  expect((await get("/ready")).status).toBe(503);
  house.db.outside = outside;
  const { body } = await get("/metrics");
  expect(body).toContain('pandora_http_requests_total{method="GET",route="/health",status="200"} 1');
  expect(body).toContain("pandora_jobs_pending");
});

test("answers carry headers that keep a browser safe, and an id to ask after", async () => {
  const { headers, body } = await get("/api/session");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-request-id")).toBe(body.instance);
});

test("the request log holds the pattern of the address, never the address, a key or a body", async () => {
  const lines: string[] = [];
  const { info } = house.log;
  house.log.info = (event, fields) => lines.push(JSON.stringify({ event, ...fields }));
  await app.request("/api/workspaces/me/members?q=ada@b.example", { headers: { authorization: "Bearer secret-key" } });
  house.log.info = info;
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"status":401');
  expect(lines[0]).not.toMatch(/ada|secret-key/);
});

test("a server that is told to stop answers what is under way, then takes no more", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const slow = {
    async fetch() {
      arrived.resolve();
      await held;
      return new Response("done");
    },
  };
  const server = await serveApp(slow, 0);
  const answer = fetch(`http://localhost:${server.port}/`);
  await arrived.promise;
  const stopped = server.stop();
  release();
  expect(await (await answer).text()).toBe("done");
  await stopped;
  await expect(fetch(`http://localhost:${server.port}/`)).rejects.toThrow();
});

test("a port that is taken is said so", async () => {
  const server = await serveApp(app, 0);
  await expect(serveApp(app, server.port)).rejects.toThrow(/is taken.*PORT=/);
  expect(await (await fetch(`http://localhost:${server.port}/health`)).json()).toEqual({ ok: true });
  await server.stop();
});
