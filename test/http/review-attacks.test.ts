/** What an attack on the running API brought to light, held here. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { newDatabase } from "../support/database.ts";
import { newTestApp } from "./support.ts";

const { newWorkspace } = await newTestApp(await newDatabase());
const mappings = "crm-writeback/mappings";

test("a cursor that was made up is refused with 400, whatever is inside", async () => {
  const { call } = await newWorkspace();
  const id = randomUUID();
  const at = "2026-01-01T00:00:00.000Z";
  const inside = [
    `${at}|${"-".repeat(36)}`,
    `${at}|${"a".repeat(36)}`,
    `${at}|${id}|x`,
    `${at}|`,
    `|${id}`,
    `2026-02-30T99:00:00.000Z|${id}`,
    `-271821-04-20T00:00:00.000Z|${id}`,
    `-000001-01-01T00:00:00.000Z|${id}`,
    `0000-01-01T00:00:00.000Z|${id}`,
    `+275760-09-13T00:00:00.000Z|${id}`,
    `5|${id}`,
    `\u0000|${id}`,
  ];
  const lists = ["members", "api-keys", "alerts", "crm-writeback/log", "crm-writeback/runs"];
  for (const list of lists) {
    for (const text of inside) {
      const { status, body } = await call("admin", "GET", `${list}?cursor=${Buffer.from(text).toString("base64url")}`);
      expect([list, text, status, body.code]).toEqual([list, text, 400, "bad_cursor"]);
    }
    const { status } = await call("admin", "GET", `${list}?cursor=${Buffer.from(`${at}|${id}`).toString("base64url")}`);
    expect([list, status]).toEqual([list, 200]);
  }
});

test("mappings of one field sent at the same moment: one is made, the others are asked to confirm", async () => {
  const { call, connect } = await newWorkspace();
  await connect("hubspot");
  const draft = { pandora_field: "deal_score", crm_object_type: "deal" };
  const answers = await Promise.all(
    ["score", "score_2", "line", "notes"].map((name) =>
      call("admin", "POST", mappings, { ...draft, crm_property_name: name }),
    ),
  );
  const codes = answers.map(({ status, body }) => (status === 201 ? "made" : body.code));
  expect(codes.sort()).toEqual(["duplicate_mapping", "duplicate_mapping", "duplicate_mapping", "made"]);
  expect((await call("admin", "GET", mappings)).body.items).toHaveLength(1);
});

test("an import is followed only where a CRM was connected", async () => {
  const { call, connect } = await newWorkspace();
  expect((await call("admin", "GET", "connections/hubspot/import")).status).toBe(404);
  await connect("hubspot");
  const { status, body } = await call("admin", "GET", "connections/hubspot/import");
  expect([status, body.status]).toEqual([200, "waiting"]);
  expect((await call("admin", "GET", "connections/salesforce/import")).body.code).toBe("not_found");
});

test("a new property's options must differ", async () => {
  const { call, connect } = await newWorkspace();
  await connect("hubspot");
  const options = [
    { value: "a", label: "One" },
    { value: "a", label: "Two" },
  ];
  const draft = { object_type: "deal", name: "tier_2", label: "Tier", type: "enum", options };
  const { status, body } = await call("admin", "POST", "crm-writeback/crm-properties", draft);
  expect([status, body.errors[0].field]).toEqual([422, "options"]);
});

test("every POST of the API takes a request_id, the preview too", async () => {
  const { call, connect } = await newWorkspace();
  const { body: spec } = await call(null, "GET", "/openapi.json");
  const lacking = Object.entries<Record<string, Operation>>(spec.paths)
    .flatMap(([place, operations]) => Object.entries(operations).map(([method, one]) => ({ place, method, one })))
    .filter(({ method }) => method === "post" || method === "patch")
    .filter(({ one }) => !one.requestBody.content["application/json"].schema.properties["request_id"]);
  expect(lacking.map(({ place, method }) => `${method} ${place}`)).toEqual([]);
  await connect("hubspot");
  const mapping = { pandora_field: "deal_score", crm_object_type: "deal", crm_property_name: "score" };
  const { status, body } = await call("admin", "POST", "crm-writeback/preview", { mapping, request_id: "p-1" });
  expect([status, body.decision]).toEqual([200, "write"]);
});

type Operation = {
  requestBody: { content: { "application/json": { schema: { properties: Record<string, object> } } } };
};
