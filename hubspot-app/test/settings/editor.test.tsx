/** The editor of a mapping: only what fits is offered, faults stand at their field, typed text stays, the preview follows. */
import { Alert, Checkbox, Input, MultiSelect, Panel, SearchInput, Select, ToggleGroup } from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { problem } from "../support/server.ts";
import { textOf } from "../support/tree.ts";
import { buttonNamed, openSettings, type Page } from "./support/open.tsx";
import { fieldOf, idOf, listed, mappingOf, propertyOf, triedOf } from "./support/samples.ts";

const properties = {
  ...listed(
    propertyOf(),
    propertyOf({ name: "notes", label: "Deal notes", type: "textarea", custom: false }),
    propertyOf({ name: "closedate", label: "Close date", type: "date", custom: false }),
    propertyOf({ name: "taken", label: "Taken", mapped_by: idOf(99) }),
    propertyOf({ name: "key", label: "Key", unique: true }),
  ),
  fetched_at: "2026-11-12T08:00:00.000Z",
};

async function openEditor(routes = {}) {
  const page = await openSettings("mappings", {
    "GET crm-writeback/crm-properties": properties,
    "GET crm-writeback/filter-choices": {
      crm: "hubspot",
      pipelines: [{ id: "p1", label: "New business" }],
      owners: [{ id: "o1", label: "Ann" }],
    },
    "POST crm-writeback/preview": triedOf(),
    ...routes,
  });
  await page.until(() => page.overlay("add-mapping"));
  return { ...page, ...editing(() => page.overlay("add-mapping")) };
}

function editing(panel: () => ReturnType<Page["overlay"]>) {
  panel().find(Panel).trigger("onOpen");
  // Components have no names of their own: fields are found by theirs.
  const select = (name: string) => panel().find(Select, { name });
  const choose = (name: string, value: string | number) => select(name).trigger("onChange", value as never);
  const input = (name: string) => panel().find(Input, { name });
  const type = (name: string, text: string) => input(name).trigger("onInput", text as never);
  const group = (name: string) =>
    panel()
      .findAll(ToggleGroup)
      .find(({ props }) => props.name === name);
  const choice = (name: string, value: string) => group(name)!.trigger("onChange", value as never);
  return { panel, select, choose, input, type, group, choice, inside: () => textOf(panel()) };
}

async function withScore(routes = {}) {
  const editor = await openEditor(routes);
  await editor.until(() => editor.select("field"));
  editor.choose("field", "deal_score");
  await editor.until(() => editor.select("property"));
  return editor;
}

test("the panel asks nothing of the server before it is opened", async () => {
  const page = await openSettings("mappings");
  await page.until(() => page.overlay("add-mapping"));
  expect(page.server.times("GET crm-writeback/crm-properties")).toBe(0);
});

test("only properties that can hold the value and are free are offered", async () => {
  const editor = await withScore();
  expect(editor.select("property").props.options.map(({ label }) => label)).toEqual([
    "Pandora deal score (number, your own)",
    "Deal notes (multi-line text, HubSpot's)",
  ]);
  expect(editor.select("property").props.description).toContain("1 more is left out");
});

test("saving too early says at the field what is missing, and sends nothing", async () => {
  const editor = await openEditor();
  await editor.until(() => editor.select("field"));
  buttonNamed(editor.panel(), "Save mapping").press();
  await editor.until(() => expect(editor.select("field").props.validationMessage).toBe("Choose a value."));
  editor.choose("field", "deal_score");
  await editor.until(() =>
    expect(editor.select("property").props.validationMessage).toBe("Choose a property, or create one."),
  );
  buttonNamed(editor.panel(), "Save mapping").press();
  expect(editor.server.times("POST crm-writeback/mappings")).toBe(0);
});

test("what is chosen is sent in the API's terms, with what is proposed", async () => {
  const editor = await withScore({ "POST crm-writeback/mappings": mappingOf() });
  editor.choose("property", "pandora_deal_score");
  await editor.until(() => expect(editor.select("property").props.value).toBe("pandora_deal_score"));
  buttonNamed(editor.panel(), "Add a condition").press();
  await editor.until(() => editor.input("condition-number-0"));
  editor.type("condition-number-0", "70");
  editor.choice("trigger", "scheduled");
  await editor.until(() => editor.select("every"));
  editor.choose("every", "weekdays");
  await editor.until(() => expect(editor.select("every").props.value).toBe("weekdays"));
  editor.choose("hour", 7);
  await editor.until(() => expect(editor.select("hour").props.value).toBe(7));
  editor
    .panel()
    .find(MultiSelect, { name: "owners" })
    .trigger("onChange", ["o1"] as never);
  await editor.until(() => expect(editor.panel().find(MultiSelect, { name: "owners" }).props.value).toEqual(["o1"]));
  buttonNamed(editor.panel(), "Save mapping").press();
  buttonNamed(editor.panel(), "Save mapping").press();
  await editor.until(() => expect(editor.inside()).toContain("The mapping is saved"));
  const sent = editor.server.asked.filter(({ method, path }) => method === "POST" && path === "crm-writeback/mappings");
  expect(sent).toHaveLength(1);
  expect(sent[0]!.body).toMatchObject({
    ...{ request_id: expect.any(String), crm_type: "hubspot", pandora_field: "deal_score", crm_object_type: "deal" },
    ...{ crm_property_name: "pandora_deal_score", write_mode: "overwrite", keep_human_edits: true, skip_read: false },
    ...{
      write_condition: "score_above:70",
      value_transform: "raw",
      sync_trigger: "scheduled",
      schedule: "0 7 * * 1-5",
    },
    record_filter: { open_deals: true, owners: ["o1"] },
  });
});

test("history is offered for text only, with its own questions", async () => {
  const editor = await withScore();
  editor.choose("property", "pandora_deal_score");
  await editor.until(() => expect(editor.group("mode")!.props.options).toHaveLength(2));
  editor.choose("property", "notes");
  await editor.until(() => expect(editor.group("mode")!.props.options).toHaveLength(4));
  editor.choice("mode", "append");
  await editor.until(() => editor.select("stamp"));
  expect(editor.group("humans")).toBeUndefined();
  editor.type("max-entries", "0");
  await editor.until(() => expect(editor.input("max-entries").props.value).toBe("0"));
  buttonNamed(editor.panel(), "Save mapping").press();
  await editor.until(() =>
    expect(editor.input("max-entries").props.validationMessage).toBe("A whole number from 1 to 1000."),
  );
  expect(editor.input("max-entries").props.value).toBe("0");
});

test("writing without reading warns, and takes back what needs reading", async () => {
  const editor = await withScore();
  editor
    .panel()
    .find(Checkbox, { name: "skip-read" })
    .trigger("onChange", true as never);
  await editor.until(() => expect(editor.inside()).toContain("Writes can't be undone this way"));
  expect(editor.group("humans")).toBeUndefined();
});

test("the preview follows what is typed, on the example and on a real record", async () => {
  const editor = await withScore({
    "GET crm-search": {
      items: [
        {
          crm: "hubspot",
          object_type: "deal",
          crm_id: "501",
          name: "Acme renewal",
          detail: null,
          is_open: true,
          url: null,
        },
      ],
    },
  });
  editor.choose("property", "pandora_deal_score");
  await editor.until(() => expect(editor.inside()).toContain("from “blank” to “61”"));
  editor.server.answer(
    "POST crm-writeback/preview",
    triedOf({ before: "50", record_name: "Acme renewal", decision: "skip", reason_text: "Kept: someone changed it" }),
  );
  editor
    .panel()
    .find(SearchInput, { name: "preview-record" })
    .trigger("onInput", "Acme" as never);
  await editor.until(() => buttonNamed(editor.panel(), "Acme renewal"));
  buttonNamed(editor.panel(), "Acme renewal").press();
  await editor.until(() => expect(editor.inside()).toContain("Kept: someone changed it"));
  const asked = editor.server.asked.filter(({ path }) => path === "crm-writeback/preview");
  expect(asked.at(-1)!.body).toMatchObject({ crm_record_id: "501", mapping: { crm_type: "hubspot" } });
  expect(new Set(asked.map(({ body }) => body!["request_id"])).size).toBe(asked.length);
});

test("while something is wrong the preview asks nothing, and says so", async () => {
  const editor = await withScore();
  editor.choose("property", "pandora_deal_score");
  await editor.until(() => expect(editor.server.times("POST crm-writeback/preview")).toBe(1));
  buttonNamed(editor.panel(), "Add a condition").press();
  await editor.until(() => editor.input("condition-number-0"));
  editor.type("condition-number-0", "much");
  await editor.until(() => expect(editor.inside()).toContain("Correct the marked fields to see what would happen."));
  expect(editor.input("condition-number-0").props).toMatchObject({ error: true, value: "much" });
});

test("a second mapping of a value is a question; the answer is sent along", async () => {
  const fault = {
    field: "confirm_duplicate",
    code: "duplicate_mapping",
    message: "mapped to x (mapping 0190) already",
  };
  const editor = await withScore({
    "POST crm-writeback/mappings": problem(409, "invalid_mapping", { errors: [fault] }),
  });
  editor.choose("property", "pandora_deal_score");
  await editor.until(() => expect(editor.select("property").props.value).toBe("pandora_deal_score"));
  buttonNamed(editor.panel(), "Save mapping").press();
  await editor.until(() => buttonNamed(editor.panel(), "Yes, map it a second time"));
  expect(editor.inside()).not.toContain("0190");
  editor.server.answer("POST crm-writeback/mappings", mappingOf());
  buttonNamed(editor.panel(), "Yes, map it a second time").press();
  await editor.until(() => expect(editor.inside()).toContain("The mapping is saved"));
  const sent = editor.server.asked.filter(({ method, path }) => method === "POST" && path === "crm-writeback/mappings");
  expect(sent.map(({ body }) => body!["confirm_duplicate"])).toEqual([undefined, true]);
});

test("the server's fault stands at its field until that is changed; what was chosen stays", async () => {
  const errors = [
    { field: "crm_property_name", code: "read_only_property", message: "“Pandora deal score” is read-only" },
  ];
  const editor = await withScore({ "POST crm-writeback/mappings": problem(422, "invalid_mapping", { errors }) });
  editor.choose("property", "pandora_deal_score");
  await editor.until(() => expect(editor.select("property").props.value).toBe("pandora_deal_score"));
  buttonNamed(editor.panel(), "Save mapping").press();
  await editor.until(() =>
    expect(editor.select("property").props.validationMessage).toBe("“Pandora deal score” is read-only."),
  );
  expect(editor.select("field").props.value).toBe("deal_score");
  editor.choose("property", "notes");
  await editor.until(() => expect(editor.select("property").props.validationMessage).toBeUndefined());
});

test("a property is created without leaving, and is chosen then", async () => {
  const made = propertyOf({ name: "pandora_health", label: "Pandora health" });
  const editor = await withScore({ "POST crm-writeback/crm-properties": made });
  editor.type("new-property-label", "");
  await editor.until(() => expect(editor.input("new-property-label").props.value).toBe(""));
  buttonNamed(editor.panel(), "Create property").press();
  await editor.until(() =>
    expect(editor.input("new-property-label").props.validationMessage).toBe("Give the property a label."),
  );
  editor.type("new-property-label", "Pandora health");
  await editor.until(() => expect(editor.input("new-property-name").props.value).toBe("pandora_health"));
  buttonNamed(editor.panel(), "Create property").press();
  await editor.until(() => expect(editor.select("property").props.value).toBe("pandora_health"));
  expect(
    editor.server.asked.find(({ path, method }) => method === "POST" && path.endsWith("crm-properties"))!.body,
  ).toEqual({
    ...{ request_id: expect.any(String), crm: "hubspot", object_type: "deal", name: "pandora_health" },
    ...{ label: "Pandora health", type: "number", description: "How healthy the deal is" },
  });
});

test("a mapping that is there is shown as it is; object and value stay, the rest can be changed", async () => {
  const own = mappingOf({
    ...{ write_condition: "score_above:70 and field_is_blank", value_transform: "round:1 | round:0" },
    ...{ sync_trigger: "scheduled", schedule: "*/5 * * * *", append_separator: " / " },
  });
  const page = await openSettings("mappings", {
    "GET crm-writeback/mappings": listed(own),
    "GET crm-writeback/crm-properties": properties,
    [`PATCH crm-writeback/mappings/${own.id}`]: own,
  });
  await page.until(() => page.overlay(`edit-${own.id}`));
  const editor = editing(() => page.overlay(`edit-${own.id}`));
  await page.until(() => editor.input("cron"));
  expect(editor.select("object").props.readOnly).toBe(true);
  expect(editor.select("field").props).toMatchObject({ readOnly: true, value: "deal_score" });
  expect(editor.input("cron").props.value).toBe("*/5 * * * *");
  expect(editor.select("condition-kind-1").props.value).toBe("field_is_blank");
  expect(editor.input("step-number-1").props.value).toBe("0");
  editor.choice("trigger", "manual");
  await page.until(() => expect(editor.group("trigger")!.props.value).toBe("manual"));
  await page.until(() => editor.select("property"));
  buttonNamed(editor.panel(), "Save changes").press();
  await page.until(() => expect(editor.inside()).toContain("The mapping is saved"));
  const { body } = page.server.asked.find(({ method }) => method === "PATCH")!;
  expect(body).toMatchObject({ sync_trigger: "manual", schedule: null, append_separator: " / " });
  expect(body).not.toHaveProperty("pandora_field");
  expect(body).not.toHaveProperty("crm_object_type");
});

test("HubSpot's properties can't be read: the way out is in the panel", async () => {
  const editor = await openEditor({ "GET crm-writeback/crm-properties": problem(503, "crm_unreachable") });
  await editor.until(() => editor.select("field"));
  editor.choose("field", "deal_score");
  await editor.until(() => expect(editor.inside()).toContain("Says crm_unreachable."));
  editor.server.answer("GET crm-writeback/crm-properties", properties);
  buttonNamed(editor.panel(), "Try again").press();
  await editor.until(() => editor.select("property"));
  expect(editor.select("field").props.value).toBe("deal_score");
});

test("another object offers its own values", async () => {
  const editor = await openEditor({
    "GET crm-writeback/fields": listed(
      fieldOf(),
      fieldOf({ name: "account_score", label: "Account score", object_types: ["company"] }),
    ),
  });
  await editor.until(() => editor.select("object"));
  editor.choose("object", "company");
  await editor.until(() =>
    expect(editor.select("field").props.options).toEqual([{ value: "account_score", label: "Account score" }]),
  );
  expect(editor.panel().maybeFind(Checkbox, { name: "open-deals" })).toBeNull();
  expect(editor.panel().maybeFind(Alert)).toBeNull();
});
