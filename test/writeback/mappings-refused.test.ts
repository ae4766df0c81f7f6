import { beforeAll, expect, test } from "vitest";
import { dealProperties, newTestApp, property, type TestWorkspace } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";

const { newWorkspace } = await newTestApp(await newDatabase());
const mappings = "crm-writeback/mappings";
const score = { pandora_field: "deal_score", crm_object_type: "deal", crm_property_name: "score" };
const risks = { ...score, pandora_field: "deal_risk_summary", crm_property_name: "notes" };
const analyzed = { ...score, pandora_field: "pandora_last_analyzed_at", crm_property_name: "moment" };

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await newWorkspace();
  await workspace.connect("hubspot", { deal: [...dealProperties, property("taken", "number")] });
  const taken = { ...score, pandora_field: "enhanced_deal_score", crm_property_name: "taken", status: "paused" };
  expect((await workspace.call("admin", "POST", mappings, taken)).status).toBe(201);
});

/** [what, draft, field, code, something of what is allowed] */
const refused: [string, object, string, string, string | null][] = [
  ["unknown field", { ...score, pandora_field: "deal_mood" }, "pandora_field", "unknown_field", "deal_score"],
  ["a field of another object", { ...score, crm_object_type: "contact" }, "crm_object_type", "wrong_object", "deal"],
  ["unknown property", { ...score, crm_property_name: "nope" }, "crm_property_name", "unknown_property", "score"],
  ["read-only property", { ...score, crm_property_name: "total" }, "crm_property_name", "read_only_property", "score"],
  ["unique property", { ...score, crm_property_name: "code" }, "crm_property_name", "unique_property", "score"],
  ["number into a flag", { ...score, crm_property_name: "flag" }, "crm_property_name", "incompatible_type", "number"],
  ["number into a date", { ...score, crm_property_name: "due" }, "crm_property_name", "incompatible_type", "number"],
  ["number into several", { ...score, crm_property_name: "tags" }, "crm_property_name", "incompatible_type", "number"],
  [
    "text into a number",
    { ...risks, crm_property_name: "score" },
    "crm_property_name",
    "incompatible_type",
    "textarea",
  ],
  [
    "a moment into a number",
    { ...analyzed, crm_property_name: "score" },
    "crm_property_name",
    "incompatible_type",
    "date",
  ],
  ["unknown transform", { ...score, value_transform: "double" }, "value_transform", "bad_transform", "round:n"],
  [
    "transform without its number",
    { ...score, value_transform: "round" },
    "value_transform",
    "bad_transform",
    "round:n",
  ],
  ["empty transform", { ...score, value_transform: "" }, "value_transform", "bad_transform", "raw"],
  ["trailing bar", { ...score, value_transform: "raw |" }, "value_transform", "bad_transform", "raw"],
  ["rounding text", { ...risks, value_transform: "round:1" }, "value_transform", "transform_does_not_fit", "raw"],
  [
    "the day of a number",
    { ...score, value_transform: "date_only" },
    "value_transform",
    "transform_does_not_fit",
    "raw",
  ],
  [
    "a label in a number",
    { ...score, value_transform: "score_label" },
    "value_transform",
    "transform_does_not_fit",
    "raw",
  ],
  [
    "capitals in a number",
    { ...score, value_transform: "uppercase" },
    "value_transform",
    "transform_does_not_fit",
    "raw",
  ],
  [
    "a day in a moment",
    { ...analyzed, value_transform: "date_only" },
    "value_transform",
    "transform_does_not_fit",
    "raw",
  ],
  [
    "unknown condition",
    { ...score, write_condition: "score > 3" },
    "write_condition",
    "bad_condition",
    "score_above:n",
  ],
  ["half a condition", { ...score, write_condition: "score_above:1 and" }, "write_condition", "bad_condition", null],
  [
    "score of a text",
    { ...risks, write_condition: "score_above:1" },
    "write_condition",
    "condition_does_not_fit",
    "field_is_blank",
  ],
  [
    "blank without reading",
    { ...score, skip_read: true, write_condition: "field_is_blank" },
    "write_condition",
    "needs_read",
    null,
  ],
  ["append to a number", { ...score, write_mode: "append" }, "write_mode", "append_needs_text", "overwrite"],
  [
    "append to options",
    { ...score, crm_property_name: "tier", write_mode: "append_if_changed" },
    "write_mode",
    "append_needs_text",
    "overwrite",
  ],
  [
    "append to a date",
    { ...analyzed, crm_property_name: "due", write_mode: "append" },
    "write_mode",
    "append_needs_text",
    "overwrite",
  ],
  [
    "keep edits of what is never replaced",
    { ...score, write_mode: "never_overwrite", keep_human_edits: true },
    "keep_human_edits",
    "overwrite_only",
    "false",
  ],
  [
    "keep edits in an append",
    { ...risks, write_mode: "append", keep_human_edits: true },
    "keep_human_edits",
    "overwrite_only",
    "false",
  ],
  [
    "skip_read in an append",
    { ...risks, write_mode: "append", skip_read: true },
    "skip_read",
    "overwrite_only",
    "false",
  ],
  [
    "skip_read for blanks only",
    { ...score, write_mode: "never_overwrite", skip_read: true },
    "skip_read",
    "overwrite_only",
    "false",
  ],
  [
    "keep edits without reading",
    { ...score, skip_read: true, keep_human_edits: true },
    "keep_human_edits",
    "needs_read",
    "false",
  ],
  ["clear without reading", { ...score, skip_read: true, when_empty: "clear" }, "when_empty", "needs_read", "keep"],
  [
    "clear in an append",
    { ...risks, write_mode: "append", when_empty: "clear" },
    "when_empty",
    "overwrite_only",
    "keep",
  ],
  [
    "clear for blanks only",
    { ...score, write_mode: "never_overwrite", when_empty: "clear" },
    "when_empty",
    "overwrite_only",
    "keep",
  ],
  ["scheduled without a schedule", { ...score, sync_trigger: "scheduled" }, "schedule", "required", "0 6 * * *"],
  [
    "a malformed schedule",
    { ...score, sync_trigger: "scheduled", schedule: "61 * * * *" },
    "schedule",
    "bad_schedule",
    "0 6 * * *",
  ],
  [
    "seconds",
    { ...score, sync_trigger: "scheduled", schedule: "* * * * * *" },
    "schedule",
    "bad_schedule",
    "0 6 * * *",
  ],
  ["a nickname", { ...score, sync_trigger: "scheduled", schedule: "@daily" }, "schedule", "bad_schedule", "0 6 * * *"],
  [
    "30 February",
    { ...score, sync_trigger: "scheduled", schedule: "0 0 30 2 *" },
    "schedule",
    "bad_schedule",
    "0 6 * * *",
  ],
  ["a schedule nobody looks at", { ...score, schedule: "0 6 * * *" }, "schedule", "schedule_not_used", "null"],
  [
    "open deals of contacts",
    {
      ...score,
      pandora_field: "contact_engagement_score",
      crm_object_type: "contact",
      record_filter: { open_deals: true },
    },
    "record_filter.open_deals",
    "deals_only",
    "owners",
  ],
  [
    "pipelines of contacts",
    {
      ...score,
      pandora_field: "contact_engagement_score",
      crm_object_type: "contact",
      record_filter: { pipelines: ["1"] },
    },
    "record_filter.pipelines",
    "deals_only",
    "owners",
  ],
];

test.each(refused)("refused when saved: %s", async (_what, draft, field, code, allowed) => {
  const { status, body } = await workspace.call("admin", "POST", mappings, draft);
  expect([status, body.code]).toEqual([422, "invalid_mapping"]);
  expect(body.errors.map((one: { field: string; code: string }) => [one.field, one.code])).toEqual([[field, code]]);
  expect(body.errors[0].message).toMatch(/\w{3}/);
  if (allowed) expect(body.errors[0].allowed).toContain(allowed);
});

const conflicts: [string, object, string, string][] = [
  [
    "a property that a paused mapping writes",
    { ...score, crm_property_name: "taken" },
    "crm_property_name",
    "property_taken",
  ],
  [
    "the same field a second time",
    { ...score, pandora_field: "enhanced_deal_score" },
    "confirm_duplicate",
    "duplicate_mapping",
  ],
];

test.each(conflicts)("409 when saved: %s", async (_what, draft, field, code) => {
  const { status, body } = await workspace.call("admin", "POST", mappings, draft);
  expect([status, body.code, body.errors[0].field, body.errors[0].code]).toEqual([409, code, field, code]);
});

const saved: [string, object][] = [
  ["the same field again, confirmed", { ...score, pandora_field: "enhanced_deal_score", confirm_duplicate: true }],
  ["a label into text", { ...score, crm_property_name: "line", value_transform: "score_label | uppercase" }],
  ["a label into options", { ...score, crm_property_name: "tier", value_transform: "score_label" }],
  ["the day of a moment into a date", { ...analyzed, crm_property_name: "due", value_transform: "date_only" }],
  ["a moment into a moment", analyzed],
  ["a journal", { ...risks, write_mode: "append", append_max_entries: 5, write_condition: "field_is_blank" }],
  ["several conditions", { ...score, write_condition: "score_above:10 and score_changed_by:2.5 and field_is_blank" }],
  ["fast and blind", { ...score, skip_read: true, write_condition: "score_below:90" }],
  ["clearing", { ...score, when_empty: "clear", keep_human_edits: true }],
  ["an internal property that can be written", { ...risks, crm_property_name: "hs_next_step" }],
  ["account means company", { ...score, pandora_field: "account_score", crm_object_type: "account" }],
  ["filtered", { ...score, record_filter: { open_deals: true, pipelines: ["default"], owners: ["7"] } }],
  ["the first of March only", { ...score, sync_trigger: "scheduled", schedule: "0 0 1 3 *" }],
];

test.each(saved)("saved: %s", async (_what, draft) => {
  const made = await workspace.call("admin", "POST", mappings, draft);
  expect([made.status, made.body.errors]).toEqual([201, undefined]);
  expect((await workspace.call("admin", "DELETE", `${mappings}/${made.body.id}`)).status).toBe(200);
});

test("all faults come at once, in the order of the form", async () => {
  const draft = {
    ...score,
    crm_property_name: "nope",
    value_transform: "x",
    write_condition: "y",
    sync_trigger: "scheduled",
  };
  const { body } = await workspace.call("admin", "POST", mappings, draft);
  const fields = body.errors.map((one: { field: string }) => one.field);
  expect(fields).toEqual(["crm_property_name", "value_transform", "write_condition", "schedule"]);
});
