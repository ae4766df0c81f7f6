/** A deal made from a call on the card: filled in, checked at the field, sent once, watched to its end. */
import {
  Alert,
  Button,
  Checkbox,
  CurrencyInput,
  DateInput,
  Input,
  Link,
  MultiSelect,
  NumberInput,
  Panel,
  SearchInput,
  Select,
  TextArea,
} from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { openCard } from "./support/open-card.tsx";
import { cardOf, creationOf, gapId, gapOf, optionsOf } from "./support/samples.ts";
import { type Asked, fakeServer, problem } from "./support/server.ts";
import { textOf } from "./support/tree.ts";

const create = `POST conversations/without-deals/${gapId}/create-deal`;

/** The card with its panel open and filled. @param more further routes, or others than usual */
async function openForm(more: Record<string, unknown> = {}) {
  const server = fakeServer({
    "GET records/deal/501": cardOf(),
    "GET deal-options": optionsOf(),
    [`GET conversations/without-deals/${gapId}`]: gapOf(),
    ...more,
  });
  const card = await openCard();
  const panel = () => card.overlay("create");
  expect(server.asked).toHaveLength(1);
  panel().find(Panel).trigger("onOpen");
  await card.waitFor(() => panel().find(Input));
  const field = <P extends { name?: string }>(kind: React.ComponentType<P>, name: string) =>
    panel()
      .findAll(kind as never)
      .find((each) => (each.props as { name?: string }).name === name)!;
  const type = (kind: React.ComponentType<never>, name: string, event: "onInput" | "onChange", value: unknown) =>
    (field(kind as never, name).trigger as (event: string, value: unknown) => void)(event, value);
  const submit = () => card.loadingButton(panel() as never, "Create deal").trigger("onClick");
  const sent = () => server.asked.filter((one) => `${one.method} ${one.path}` === create).map(({ body }) => body!);
  return { ...card, server, panel, field, type, submit, sent, read: () => textOf(panel()) };
}

test("everything is filled in with real choices, and goes out under one id", async () => {
  const form = await openForm({ [create]: creationOf() });
  expect(form.field(Input, "deal_name").props).toMatchObject({ value: "Acme – Pricing call", required: true });
  expect(form.field(Select, "pipeline_id").props).toMatchObject({
    ...{ value: "default", options: [{ label: "Sales" }, { label: "Renewals" }] },
  });
  expect(form.field(Select, "stage").props.options).toEqual([
    { value: "s1", label: "Scheduled" },
    { value: "s2", label: "Won" },
  ]);
  expect(form.field(Select, "owner_email").props.value).toBe("ann@us.test");
  expect(form.field(DateInput, "close_date").props.value).toEqual({ year: 2026, month: 11, date: 12 });
  expect(form.field(MultiSelect, "contacts").props).toMatchObject({
    ...{ value: ["k1"], options: [{ value: "k1", label: "Jo (jo@acme.test)" }] },
  });
  expect(textOf(form.panel().find(Checkbox))).toBe("Mo (mo@acme.test)");
  expect(form.read()).toContain("The deal belongs to Acme.");

  form.type(Input as never, "deal_name", "onInput", "  Acme pricing ");
  form.type(CurrencyInput as never, "amount", "onChange", 1200);
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("The deal is created"));
  expect(form.sent()).toEqual([
    {
      ...{ request_id: expect.any(String), crm: "hubspot", deal_name: "Acme pricing", amount: 1200, currency: "EUR" },
      ...{ pipeline_id: "default", stage: "s1", close_date: "2026-12-12", owner_email: "ann@us.test" },
      ...{ contacts_to_associate: ["k1"], contacts_to_create: [{ email: "mo@acme.test", name: "Mo" }] },
      ...{ company_to_create: null, notes: "From the call." },
    },
  ]);
  expect(form.panel().find(Link).props.href).toEqual({ url: "https://crm.test/0-3/900", external: true });
  expect(form.mocks.actions.refreshObjectProperties.callCount).toBe(1);
  // The list is read again when the panel is closed: until then its line carries the panel.
  expect(form.server.times("GET records/deal/501")).toBe(1);
  form.server.answer("GET records/deal/501", cardOf({ gaps: { pending: 0, worst: null, items: [] } }));
  form.panel().find(Panel).trigger("onClose");
  await form.waitFor(() => expect(form.says()).toContain("“Acme – Pricing call” was created."));
  await form.waitFor(() => expect(form.says()).toContain("Every call with this record is accounted for."));
});

test("a deal may be left without an owner, and without a day", async () => {
  const form = await openForm({ [create]: creationOf() });
  form.type(Select as never, "owner_email", "onChange", "nobody");
  form.type(DateInput as never, "close_date", "onChange", null);
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(1));
  expect(form.sent()[0]).toMatchObject({ owner_email: null, close_date: null });
});

test("another pipeline brings its own first open stage", async () => {
  const form = await openForm();
  form.type(Select as never, "pipeline_id", "onChange", "p2");
  expect(form.field(Select, "stage").props).toMatchObject({ value: "r1", options: [{ value: "r1", label: "Open" }] });
});

test("what HubSpot would refuse is refused at the field, before anything is sent", async () => {
  const required = [
    { name: "region", label: "Region", type: "enum", options: [{ value: "emea", label: "EMEA" }] },
    { name: "seats", label: "Seats", type: "number", options: [] },
    { name: "amount", label: "Amount", type: "currency", options: [] },
  ] as const;
  const form = await openForm({
    "GET deal-options": optionsOf({ required: required as never }),
    [create]: creationOf(),
  });
  form.type(Input as never, "deal_name", "onInput", " ");
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("Some fields need a look"));
  expect(form.field(Input, "deal_name").props.validationMessage).toBe("Give the deal a name.");
  expect(form.field(CurrencyInput, "amount").props).toMatchObject({
    required: true,
    validationMessage: "HubSpot needs this.",
  });
  expect(form.field(Select, "region").props).toMatchObject({ error: true, validationMessage: "HubSpot needs this." });
  expect(form.field(NumberInput, "seats").props.error).toBe(true);
  expect(form.sent()).toEqual([]);

  form.type(Input as never, "deal_name", "onInput", "Acme");
  form.type(CurrencyInput as never, "amount", "onChange", 0);
  form.type(Select as never, "region", "onChange", "emea");
  form.type(NumberInput as never, "seats", "onChange", 40);
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(1));
  // Zero is an amount.
  expect(form.sent()[0]).toMatchObject({ amount: 0, custom_properties: { region: "emea", seats: 40 } });
});

test("the CRM's words stand at the field it names, and what was typed stays", async () => {
  const errors = [
    { field: "stage", code: "not_allowed", message: "is no stage of this pipeline" },
    { field: "contacts_to_create.0.email", code: "invalid", message: "is no address" },
  ];
  const form = await openForm({ [create]: problem(422, "value_refused", { errors }) });
  form.type(TextArea as never, "notes", "onInput", "A long note.");
  form.submit();
  await form.waitFor(() => expect(form.field(Select, "stage").props.error).toBe(true));
  expect(form.field(Select, "stage").props.validationMessage).toBe("Is no stage of this pipeline.");
  expect(form.read()).toContain("Is no address.");
  expect(form.field(TextArea, "notes").props.value).toBe("A long note.");
});

test("a fault that belongs to no field of the form is told above it", async () => {
  const errors = [{ field: "hs_priority", code: "invalid", message: "has no value “high”" }];
  const form = await openForm({ [create]: problem(422, "value_refused", { errors }) });
  form.submit();
  await form.waitFor(() => expect(form.panel().find(Alert).props.title).toBe("Please check what you entered"));
  expect(textOf(form.panel().find(Alert))).toContain("Has no value “high”.");
});

test("pressing twice creates once: one request while it is under way", async () => {
  let done: (creation: unknown) => void = () => {};
  const form = await openForm({ [create]: () => new Promise((resolve) => (done = resolve)) });
  form.submit();
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(1));
  expect(form.loadingButton(form.panel() as never, "Create deal").props.loading).toBe(true);
  done(creationOf());
  await form.waitFor(() => expect(form.read()).toContain("The deal is created"));
  expect(form.sent()).toHaveLength(1);
});

test("after a time-out the same request goes out under the same id, until its outcome is known", async () => {
  const form = await openForm({ [create]: 504 });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("No answer yet"));
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(2));
  form.server.answer(create, problem(409, "dismissed"));
  await form.waitFor(() => expect(form.loadingButton(form.panel() as never, "Create deal").props.loading).toBe(false));
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("Says dismissed."));
  // A refusal is an outcome: what is asked for next is something else.
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(4));
  const ids = form.sent().map((body) => body["request_id"]);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).toBe(ids[0]);
  expect(ids[3]).not.toBe(ids[0]);
});

test("a changed form is another request", async () => {
  const form = await openForm({ [create]: 504 });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("No answer yet"));
  form.type(Input as never, "deal_name", "onInput", "Another name");
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(2));
  expect(form.sent()[1]!["request_id"]).not.toBe(form.sent()[0]!["request_id"]);
});

const candidate = {
  crm: "hubspot",
  crm_id: "700",
  name: "Acme 2026",
  url: null,
  stage: "Scheduled",
  amount: 500,
  close_date: null,
  owner: "Ann",
};

test("a deal that may be the same is shown; the call is linked to it instead", async () => {
  const link = `POST conversations/without-deals/${gapId}/link-deal`;
  const form = await openForm({
    [create]: problem(409, "duplicate_suspected", { candidates: [candidate], candidates_hidden: 2 }),
    [link]: gapOf({ status: "linked" }),
  });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("There may be a deal for this already"));
  expect(form.read()).toContain("Acme 2026 Scheduled · 500 · Ann");
  expect(form.read()).toContain("2 more open deals there are not yours to see.");
  form.loadingButton(form.panel() as never, "Link instead").trigger("onClick");
  await form.waitFor(() => expect(form.says()).toContain("Linked to “Acme 2026”."));
  expect(form.server.asked.find(({ path }) => path.endsWith("link-deal"))!.body).toMatchObject({
    ...{ deal_crm_id: "700", crm: "hubspot", request_id: expect.any(String) },
  });
  expect(form.mocks.actions.closeOverlay.calls.at(-1)).toEqual([`create-${gapId}`]);
});

test("… or a new one is made anyway, said explicitly", async () => {
  const form = await openForm({
    [create]: ({ body }: Asked) =>
      body!["confirm_duplicate"] ? creationOf() : problem(409, "duplicate_suspected", { candidates: [candidate] }),
  });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("Acme 2026"));
  form.loadingButton(form.panel() as never, "Create a new deal anyway").trigger("onClick");
  await form.waitFor(() => expect(form.read()).toContain("The deal is created"));
  expect(form.sent().map((body) => body["confirm_duplicate"])).toEqual([undefined, true]);
});

test("a deal that takes long is watched; what did not go along is told in words", async () => {
  const inProgress = creationOf({ status: "in_progress", deal_crm_id: null, deal_url: null });
  const warnings = [{ code: "note_failed", message: "The note could not be added.", field: "notes" }];
  const form = await openForm({
    [create]: inProgress,
    [`GET creations/${inProgress.creation_id}`]: (_asked: Asked, times: number) =>
      times < 2 ? inProgress : creationOf({ status: "created_with_warnings", warnings }),
  });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("HubSpot takes a moment"));
  await form.waitFor(() => expect(form.read()).toContain("The deal is created"), { timeoutInMs: 10_000 });
  expect(form.read()).toContain("not everything went along: The note could not be added.");
  expect(form.sent()).toHaveLength(1);
});

test("the panel may be closed meanwhile: the card tells when the deal is there", async () => {
  const inProgress = creationOf({ status: "in_progress", deal_crm_id: null, deal_url: null });
  const form = await openForm({ [create]: inProgress, [`GET creations/${inProgress.creation_id}`]: creationOf() });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("HubSpot takes a moment"));
  form.server.answer("GET records/deal/501", cardOf({ gaps: { pending: 0, worst: null, items: [] } }));
  form.panel().find(Panel).trigger("onClose");
  await form.waitFor(() => expect(form.says()).toContain("Every call with this record"), { timeoutInMs: 10_000 });
  expect(form.says()).toContain("“Acme – Pricing call” was created.");
});

test("when HubSpot did not say what it did, the rep looks first and then asks again", async () => {
  const form = await openForm({
    [create]: ({ body }: Asked) =>
      body!["confirm_duplicate"] ? creationOf() : creationOf({ status: "outcome_unknown", deal_crm_id: null }),
  });
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("did not say whether the deal was made"));
  const again = form.panel().find(Alert).find(Button);
  expect(textOf(again)).toBe("I looked: create it again");
  again.trigger("onClick");
  await form.waitFor(() => expect(form.read()).toContain("The deal is created"));
});

test("a deal that failed later brings the form back, with its faults", async () => {
  const inProgress = creationOf({ status: "in_progress" });
  const error = {
    ...{ code: "value_refused", message: "HubSpot refused it.", candidates: [], candidates_hidden: 0 },
    errors: [{ field: "close_date", code: "invalid", message: "lies in the past" }],
  };
  const form = await openForm({
    [create]: inProgress,
    [`GET creations/${inProgress.creation_id}`]: creationOf({ status: "failed", error }),
  });
  form.submit();
  await form.waitFor(() => expect(form.field(DateInput, "close_date")?.props.error).toBe(true), {
    timeoutInMs: 10_000,
  });
  expect(form.field(DateInput, "close_date").props.validationMessage).toBe("Lies in the past.");
});

test("a company HubSpot does not know is made along, unless the rep says no", async () => {
  const options = optionsOf();
  const prefill = { ...options.prefill, company_to_create: { name: "Halden", domain: "halden.test" } };
  const form = await openForm({
    "GET deal-options": { ...options, prefill },
    [`GET conversations/without-deals/${gapId}`]: gapOf({ company: null }),
    [create]: 504,
  });
  expect(form.field(Input, "company_name").props.value).toBe("Halden");
  form.submit();
  await form.waitFor(() => expect(form.read()).toContain("No answer yet"));
  expect(form.sent()[0]!["company_to_create"]).toEqual({ name: "Halden", domain: "halden.test" });
  form
    .panel()
    .find(Checkbox)
    .trigger("onChange", false as never);
  await form.waitFor(() => expect(form.field(Input, "company_name")).toBeUndefined());
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(2));
  expect(form.sent()[1]!["company_to_create"]).toBeNull();
});

test("another contact is found by search and put on the deal", async () => {
  const item = {
    crm: "hubspot",
    object_type: "contact",
    crm_id: "k9",
    name: "Ida",
    detail: "ida@acme.test",
    is_open: null,
    url: null,
  };
  const form = await openForm({ "GET crm-search": { items: [item] }, [create]: creationOf() });
  form
    .panel()
    .find(SearchInput)
    .trigger("onInput", "id" as never);
  await form.waitFor(() => expect(form.read()).toContain("Ida · ida@acme.test"));
  const asked = form.server.asked.at(-1)!;
  expect([asked.query.get("objectType"), asked.query.get("q")]).toEqual(["contact", "id"]);
  form
    .panel()
    .findAll(Button)
    .find((button) => textOf(button) === "Add")!
    .trigger("onClick");
  form.submit();
  await form.waitFor(() => expect(form.sent()).toHaveLength(1));
  expect(form.sent()[0]!["contacts_to_associate"]).toEqual(["k1", "k9"]);
});

test("a form that can't be filled in says why, and is filled in at the next try", async () => {
  const server = fakeServer({ "GET records/deal/501": cardOf(), "GET deal-options": 502 });
  const card = await openCard();
  card.overlay("create").find(Panel).trigger("onOpen");
  await card.waitFor(() => expect(textOf(card.overlay("create"))).toContain("can't be reached"));
  server.answer("GET deal-options", optionsOf());
  server.answer(`GET conversations/without-deals/${gapId}`, gapOf());
  card
    .overlay("create")
    .findAll(Button)
    .find((button) => textOf(button) === "Try again")!
    .trigger("onClick");
  await card.waitFor(() => card.overlay("create").find(Input));
});
