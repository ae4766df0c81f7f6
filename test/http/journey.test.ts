import { expect, test } from "vitest";
import type { z } from "zod";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import { alertList } from "../../backend/contract/alerts.ts";
import { listOf } from "../../backend/contract/common.ts";
import { connectionList } from "../../backend/contract/connections.ts";
import { crmProperty, crmPropertyList } from "../../backend/contract/crm-properties.ts";
import { pandoraField } from "../../backend/contract/fields.ts";
import { logEntry, logList } from "../../backend/contract/log.ts";
import { mapping, tryResult } from "../../backend/contract/mappings.ts";
import { changeList, run, runList } from "../../backend/contract/runs.ts";
import { session } from "../../backend/contract/session.ts";
import { settings } from "../../backend/contract/settings.ts";
import { template, templateApplied } from "../../backend/contract/templates.ts";
import type { CrmType } from "../../backend/crm/port.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { newTestHouse } from "../support/house.ts";
import { read } from "./support.ts";

const wb = "crm-writeback";

async function newCaller(type: CrmType) {
  const setup = await newTestHouse(type);
  const { house, workspaceId } = setup;
  const app = createApp(house, realServices);
  const { key } = await createApiKey(house, workspaceId, { name: "admin", role: "admin" }, "test");
  /** Calls, and holds the answer against the contract. */
  async function call<T extends z.ZodType>(
    shape: T,
    method: string,
    path: string,
    body?: object,
  ): Promise<z.output<T>> {
    const answer = await read(
      await app.request(path.startsWith("/") ? path : `/api/workspaces/me/${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    );
    expect([path, answer.status < 300, answer.status < 300 ? "" : answer.body]).toEqual([path, true, ""]);
    return shape.parse(answer.body);
  }
  return { ...setup, app, key, call };
}

test.each(["hubspot", "salesforce"] as const)(
  "from an empty %s to written, logged and undone, by the API alone",
  async (type) => {
    const { call, crm, drain, setValue, app, key } = await newCaller(type);
    await call(session, "GET", "/api/session");
    await call(settings, "GET", "settings");
    await call(listOf(pandoraField), "GET", `${wb}/fields?objectType=deal`);
    await call(connectionList, "GET", "connections");
    const open = crm.addDeal();
    await setValue(open, "deal_score", 61.4);
    await setValue(open, "deal_risk_summary", "No activity for 23 days.");

    const offered = (await call(listOf(template), "GET", `${wb}/templates`)).items;
    expect(offered.map((one) => one.key)).toEqual([
      "deal-health",
      "deal-journal",
      "account-health",
      "contact-engagement",
    ]);
    expect(offered[0]!.mappings.every((one) => one.creates_property && !one.already_mapped)).toBe(true);
    const applied = await call(templateApplied, "POST", `${wb}/templates/deal-health/apply`, {});
    expect(applied.created_properties).toHaveLength(4);
    expect(applied.created_mappings).toHaveLength(4);
    expect(applied.created_mappings.every((one) => one.keep_human_edits && one.record_filter.open_deals)).toBe(true);
    const again = await call(templateApplied, "POST", `${wb}/templates/deal-health/apply`, {});
    expect([again.created_properties, again.created_mappings, again.kept_mappings.length]).toEqual([[], [], 4]);
    const [score, summary] = applied.created_mappings.map((one) => one.crm_property_name) as [string, string];
    const list = await call(crmPropertyList, "GET", `${wb}/crm-properties?objectType=deal`);
    expect(list.items.find((one) => one.name === score)?.mapped_by).toBe(applied.created_mappings[0]!.id);

    const tried = await call(tryResult, "POST", `${wb}/mappings/${applied.created_mappings[0]!.id}/test`, {
      crm_record_id: open,
    });
    expect(tried).toMatchObject({ decision: "write", before: null, after: "61", written: false });
    expect(crm.value(open, score)).toBeNull();

    const dry = await call(run, "POST", `${wb}/dry-run`, {});
    await drain();
    expect((await call(run, "GET", `${wb}/runs/${dry.id}`)).report).toMatchObject({ would_change: 2 });
    expect((await call(changeList, "GET", `${wb}/runs/${dry.id}/changes?decision=write`)).items).toHaveLength(2);
    expect(crm.history()).toEqual([]);

    const sync = await call(run, "POST", `${wb}/sync-all`, { request_id: "sync-1" });
    expect((await call(run, "POST", `${wb}/sync-all`, { request_id: "sync-1" })).id).toBe(sync.id);
    await drain();
    const done = await call(run, "GET", `${wb}/runs/${sync.id}`);
    expect([done.status, done.totals.written]).toEqual(["completed", 2]);
    expect([crm.value(open, score), crm.value(open, summary)]).toEqual(["61", "No activity for 23 days."]);
    expect((await call(runList, "GET", `${wb}/runs`)).items.map((one) => one.id)).toContain(sync.id);

    const entries = (await call(logList, "GET", `${wb}/log?run_id=${sync.id}&status=success`)).items;
    expect(entries.map((one) => one.can_undo)).toEqual([true, true]);
    const first = await call(logList, "GET", `${wb}/log?run_id=${sync.id}&limit=1`);
    const second = await call(logList, "GET", `${wb}/log?run_id=${sync.id}&limit=1&cursor=${first.next_cursor}`);
    expect(second.items[0]!.id).not.toBe(first.items[0]!.id);
    const csv = await read(
      await app.request(`/api/workspaces/me/${wb}/log/export`, { headers: { authorization: `Bearer ${key}` } }),
    );
    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.body).toContain("No activity for 23 days.");

    const ofScore = entries.find((one) => one.crm_property_name === score)!;
    await call(logEntry, "POST", `${wb}/log/${ofScore.id}/undo`, {});
    expect(crm.value(open, score)).toBeNull();
    const { items } = await call(listOf(mapping), "GET", `${wb}/mappings`);
    const shown = items.find((one) => one.crm_property_name === score)!;
    expect(shown.recent_writes.length).toBeGreaterThan(0);
    expect(shown.recent_writes[0]!.record_url).toContain(open);
    await call(alertList, "GET", "alerts");
  },
);

test.each(["hubspot", "salesforce"] as const)(
  "a property made in %s can be mapped at once; made twice it is refused",
  async (type) => {
    const { call, app, key } = await newCaller(type);
    const draft = { object_type: "deal", name: "pandora_mood", label: "Mood", type: "textarea" };
    const made = await call(crmProperty, "POST", `${wb}/crm-properties`, draft);
    const rules = {
      pandora_field: "deal_risk_summary",
      crm_object_type: "deal",
      crm_property_name: made.name,
      write_mode: "append",
    };
    await call(mapping, "POST", `${wb}/mappings`, rules);
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const post = async (body: object) =>
      read(
        await app.request(`/api/workspaces/me/${wb}/crm-properties`, {
          method: "POST",
          headers,
          body: JSON.stringify(body),
        }),
      );
    const twice = await post(draft);
    expect([twice.status, twice.body.code]).toEqual([409, "already_exists"]);
    expect((await post({ ...draft, name: "pandora_kind", type: "enum" })).body.errors[0].field).toBe("options");
    const badName = type === "hubspot" ? "Pandora_Kind" : "pandora__kind";
    expect((await post({ ...draft, name: badName })).body.errors[0].field).toBe("name");
  },
);

test("an unsaved mapping is previewed on a sample, appending as the engine would", async () => {
  const { call } = await newCaller("hubspot");
  const preview = await call(tryResult, "POST", `${wb}/preview`, {
    mapping: {
      pandora_field: "deal_risk_summary",
      crm_object_type: "deal",
      crm_property_name: "description",
      write_mode: "append",
    },
    sample_value: "Close date moved.",
    sample_current: "Met at the fair.",
  });
  expect(preview).toMatchObject({
    decision: "write",
    written: false,
    before: "Met at the fair.",
    after: "Met at the fair.\n---\n[Mar 3, 2031] Close date moved.",
  });
});

test("adopting overwrites, once, what stood there before Pandora", async () => {
  const { call, crm, drain, setValue, property } = await newCaller("hubspot");
  const deal = crm.addDeal({ [property.text]: "typed by a rep" });
  await setValue(deal, "deal_risk_summary", "Pandora's view");
  const rules = {
    pandora_field: "deal_risk_summary",
    crm_object_type: "deal",
    crm_property_name: property.text,
    keep_human_edits: true,
  };
  const { id } = await call(mapping, "POST", `${wb}/mappings`, rules);
  await call(run, "POST", `${wb}/sync-all`, { mapping_ids: [id] });
  await drain();
  expect(crm.value(deal, property.text)).toBe("typed by a rep");
  await call(run, "POST", `${wb}/mappings/${id}/adopt`, {});
  await drain();
  expect(crm.value(deal, property.text)).toBe("Pandora's view");
});
