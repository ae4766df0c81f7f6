/** Conversations, people and scoring: each form refuses bad input at the field, keeps what was typed, and sends what changed. */
import {
  Dropdown,
  ErrorState,
  Input,
  LoadingButton,
  Modal,
  Panel,
  Select,
  StatusTag,
  TextArea,
  Toggle,
  ToggleGroup,
} from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { problem } from "../support/server.ts";
import { textOf } from "../support/tree.ts";
import { buttonNamed, openSettings, type Page } from "./support/open.tsx";
import { idOf, listed, repSession, settingsOf, sourceOf } from "./support/samples.ts";

const rule = {
  ...{ enabled: false, severity: ["high"], causes: ["deal_not_created"], min_age_days: 3, pipeline_id: null },
  ...{ stage: null, owner: "rep", daily_cap: 10 },
};

const conversations = (routes = {}) =>
  openSettings("conversations", {
    "GET sources": listed(sourceOf()),
    "GET settings": settingsOf(),
    "GET auto-create": rule,
    "GET crm-writeback/filter-choices": { crm: "hubspot", pipelines: [], owners: [] },
    ...routes,
  });

const field = (place: { find: Page["find"] }, name: string) => place.find(Input, { name });
const type = (place: { find: Page["find"] }, name: string, text: string) =>
  field(place, name).trigger("onInput", text as never);
const button = (page: Page, testId: string) => page.findByTestId(LoadingButton, testId);

test("a source says how it is doing, in words", async () => {
  const page = await conversations({
    "GET sources": listed(
      sourceOf({
        ...{ status: "failing", last_error: "Gong refuses the key.", refused: 2, last_seen_at: null },
        recent_refusals: [{ external_id: "x", reason: "The call has no date.", refused_at: "2026-11-12T08:00:00Z" }],
      }),
    ),
  });
  for (const said of ["Failing", "Gong refuses the key.", "never", "2 refused", "The call has no date."]) {
    await page.until(() => expect(page.says()).toContain(said));
  }
});

test("a test of a source tells what was found", async () => {
  const page = await conversations({
    [`POST sources/${idOf(40)}/test`]: { ok: false, message: "Gong refuses the key. Make a new one." },
  });
  await page.until(() => button(page, `test-${idOf(40)}`));
  button(page, `test-${idOf(40)}`).trigger("onClick");
  await page.until(() => expect(page.says()).toContain("It does not work"));
  expect(page.says()).toContain("Gong refuses the key. Make a new one.");
});

test("each tool has its own fields; a secret that was made is shown once", async () => {
  const page = await conversations({
    "POST sources": { ...sourceOf({ kind: "generic", name: "Dialler" }), hook_secret: "s3cret" },
  });
  await page.until(() => page.overlay("add-source"));
  const panel = () => page.overlay("add-source");
  panel().find(Panel).trigger("onOpen");
  await page.until(() => field(panel(), "source-access_key"));
  expect(field(panel(), "source-access_key_secret").props.type).toBe("password");
  type(panel(), "source-base-url", "us-1.api.gong.io");
  await page.until(() => expect(field(panel(), "source-base-url").props.value).toBe("us-1.api.gong.io"));
  buttonNamed(panel(), "Connect").press();
  await page.until(() =>
    expect(field(panel(), "source-base-url").props.validationMessage).toBe("An address that begins with https://"),
  );
  expect(page.server.times("POST sources")).toBe(0);
  panel()
    .find(Select)
    .trigger("onChange", "generic" as never);
  await page.until(() => expect(panel().findAll(Input)).toHaveLength(1));
  buttonNamed(panel(), "Connect").press();
  await page.until(() => expect(textOf(panel())).toContain("Copy the signing secret now"));
  expect(field(panel(), "hook-secret").props).toMatchObject({ value: "s3cret", readOnly: true });
});

test("the server's fault stands at the secret; what was typed stays", async () => {
  const errors = [{ field: "secrets.access_key", code: "required", message: "Gong needs an access key" }];
  const page = await conversations({ "POST sources": problem(422, "invalid_source", { errors }) });
  await page.until(() => page.overlay("add-source"));
  const panel = () => page.overlay("add-source");
  panel().find(Panel).trigger("onOpen");
  await page.until(() => field(panel(), "source-name"));
  type(panel(), "source-name", "Our Gong");
  await page.until(() => expect(field(panel(), "source-name").props.value).toBe("Our Gong"));
  buttonNamed(panel(), "Connect").press();
  await page.until(() =>
    expect(field(panel(), "source-access_key").props.validationMessage).toBe("Gong needs an access key."),
  );
  expect(field(panel(), "source-name").props.value).toBe("Our Gong");
});

test("removing a source is asked about", async () => {
  const page = await conversations({ [`DELETE sources/${idOf(40)}`]: { deleted: true } });
  await page.until(() => page.find(Dropdown));
  const remove = page.findAll(Dropdown.ButtonItem).find((item) => textOf(item) === "Remove")!;
  expect(remove.props.overlay!.find(Modal).props.variant).toBe("danger");
  remove.props.overlay!.find(LoadingButton).trigger("onClick");
  await page.until(() => expect(page.told()).toContain("Gong is removed."));
});

test("only what changed of the rules is sent; bad input is refused at its field", async () => {
  const page = await conversations({ "PATCH settings": settingsOf() });
  await page.until(() => field(page, "aging_days"));
  expect(button(page, "save-gaps").props.disabled).toBe(true);
  type(page, "aging_days", "soon");
  await page.until(() =>
    expect(field(page, "aging_days").props.validationMessage).toBe("A whole number from 1 to 365."),
  );
  type(page, "aging_days", "10");
  page.find(TextArea, { name: "ignored_domains" }).trigger("onInput", "agency.test,  partner.test" as never);
  await page.until(() => expect(button(page, "save-gaps").props.disabled).toBe(false));
  button(page, "save-gaps").trigger("onClick");
  button(page, "save-gaps").trigger("onClick");
  await page.until(() => expect(page.told()).toHaveLength(1));
  expect(page.server.asked.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([
    {
      request_id: expect.any(String),
      gaps: { aging_days: 10, ignored_domains: ["agency.test", "partner.test"] },
    },
  ]);
});

test("automatic deals are tried out, asked about, and only then switched on", async () => {
  const call = { conversation_id: idOf(60), title: "Pricing call", company: "Acme", rep: "Ann" };
  const page = await conversations({
    "POST auto-create/dry-run": {
      would_create: [{ ...call, crm: "hubspot", deal_name: "Acme: pricing", contacts: 2, new_company: null }],
      skipped: [{ ...call, reason: "no_rep", reason_text: "Nobody of ours is known." }],
      ...{ made_today: 1, daily_cap: 10 },
    },
    "PUT auto-create": { ...rule, enabled: true },
  });
  await page.until(() => button(page, "auto-try"));
  button(page, "auto-try").trigger("onClick");
  await page.until(() => expect(page.says()).toContain("1 deal would be made"));
  expect(page.says()).toContain("Nobody of ours is known.");
  expect(page.says()).toContain("1 of at most 10 made today.");
  type(page, "auto-cap", "0");
  await page.until(() => expect(field(page, "auto-cap").props.validationMessage).toBe("A whole number from 1 to 200."));
  type(page, "auto-cap", "5");
  await page.until(() => expect(textOf(page.overlay("auto-on"))).toContain("up to 5 deals a day"));
  page.overlay("auto-on").find(LoadingButton).trigger("onClick");
  await page.until(() => expect(page.told()).toContain("Automatic deals are on."));
  expect(page.server.asked.find(({ method }) => method === "PUT")!.body).toMatchObject({ enabled: true, daily_cap: 5 });
});

test("conversations are for admins: nobody else asks the server for anything", async () => {
  const page = await conversations({ "GET session": repSession() });
  await page.until(() =>
    expect(page.tab().find(ErrorState).props).toMatchObject({ title: "For admins", type: "lock" }),
  );
  expect(page.server.times("GET sources")).toBe(0);
});

const wishes = {
  ...{ weekly_digest: true, gap_alerts: true, sync_reports: false, problem_alerts: true, created_deals: true },
};
const member = (change = {}) => ({
  ...{ id: idOf(2), email: "ada@acme.test", name: "Ada", role: "admin", role_source: "install" },
  ...{ created_at: "2026-11-12T08:00:00Z", ...change },
});
const people = (routes = {}) =>
  openSettings("people", {
    "GET members": listed(
      member(),
      member({ id: idOf(3), email: "bob@acme.test", name: "", role: "rep", role_source: "crm" }),
    ),
    "GET notifications": {
      mail_set_up: true,
      me: { ...wishes, email: "ada@acme.test", unsubscribed_at: null },
      workspace: wishes,
    },
    "GET settings": settingsOf(),
    "GET api-keys": listed(),
    ...routes,
  });

test("the last admin stays; others are changed in one press", async () => {
  const page = await people({ [`PATCH members/${idOf(3)}`]: member({ id: idOf(3), name: "Bob", role: "viewer" }) });
  await page.until(() => expect(page.says()).toContain("The last admin stays."));
  expect(page.says()).toContain("Ada (you)");
  expect(page.tab().findAll(Dropdown)).toHaveLength(1);
  const viewer = page.findAll(Dropdown.ButtonItem).find((item) => textOf(item) === "Make bob@acme.test viewer")!;
  viewer.trigger("onClick");
  await page.until(() => expect(page.told()).toContain("Bob is Viewer now."));
  expect(page.server.asked.find(({ method }) => method === "PATCH")!.body).toMatchObject({ role: "viewer" });
});

test("a person is added; an address that is none is refused at the field and stays", async () => {
  const page = await people({ "POST members": member({ id: idOf(4), name: "Cy", role: "rep" }) });
  await page.until(() => page.overlay("add-member"));
  const panel = () => page.overlay("add-member");
  panel().find(Panel).trigger("onOpen");
  await page.until(() => field(panel(), "member-email"));
  type(panel(), "member-email", "cy@");
  await page.until(() => expect(field(panel(), "member-email").props.value).toBe("cy@"));
  buttonNamed(panel(), "Add").press();
  await page.until(() => expect(field(panel(), "member-email").props.validationMessage).toBe("An e-mail address."));
  expect(field(panel(), "member-email").props.value).toBe("cy@");
  expect(page.server.times("POST members")).toBe(0);
  type(panel(), "member-email", "cy@acme.test");
  await page.until(() => expect(field(panel(), "member-email").props.value).toBe("cy@acme.test"));
  buttonNamed(panel(), "Add").press();
  await page.until(() => expect(page.told()).toContain("Cy was added."));
});

test("a key is shown once", async () => {
  const key = {
    ...{ id: idOf(70), name: "Reports", role: "viewer", member_id: null, prefix: "pandora_ab", created_by: "x" },
    ...{ created_at: "2026-11-12T08:00:00Z", last_used_at: null, revoked_at: null },
  };
  const page = await people({ "POST api-keys": { ...key, key: "pandora_abcdef" } });
  await page.until(() => page.overlay("add-key"));
  const panel = () => page.overlay("add-key");
  panel().find(Panel).trigger("onOpen");
  await page.until(() => field(panel(), "key-name"));
  buttonNamed(panel(), "Make key").press();
  await page.until(() => expect(field(panel(), "key-name").props.validationMessage).toBe("Please fill this in."));
  type(panel(), "key-name", "Reports");
  await page.until(() => expect(field(panel(), "key-name").props.value).toBe("Reports"));
  page.server.answer("GET api-keys", listed(key));
  buttonNamed(panel(), "Make key").press();
  await page.until(() => expect(field(panel(), "made-key").props.value).toBe("pandora_abcdef"));
  await page.until(() => expect(page.says()).toContain("begins with pandora_ab"));
  expect(page.says()).not.toContain("pandora_abcdef");
});

test("one's own notices and the workspace's are switched apart", async () => {
  const page = await people({
    "PATCH notifications": {
      mail_set_up: true,
      me: { ...wishes, gap_alerts: false, email: "ada@acme.test", unsubscribed_at: null },
      workspace: wishes,
    },
  });
  await page.until(() => page.find(Toggle, { name: "me-gap_alerts" }));
  page.find(Toggle, { name: "me-gap_alerts" }).trigger("onChange", false as never);
  await page.until(() => expect(page.find(Toggle, { name: "me-gap_alerts" }).props.checked).toBe(false));
  expect(page.find(Toggle, { name: "all-gap_alerts" }).props.checked).toBe(true);
  expect(page.server.asked.find(({ method }) => method === "PATCH")!.body).toEqual({
    ...{ me: { gap_alerts: false }, request_id: expect.any(String) },
  });
});

test("a time zone that is none is refused; what reps see is sent alone when it alone changed", async () => {
  const page = await people({ "PATCH settings": settingsOf({ reps_see: "own" }) });
  await page.until(() => field(page, "workspace-zone"));
  type(page, "workspace-zone", "Berlin time");
  await page.until(() =>
    expect(field(page, "workspace-zone").props.validationMessage).toBe("A time zone like Europe/Berlin."),
  );
  expect(button(page, "save-workspace").props.disabled).toBe(true);
  type(page, "workspace-zone", "Europe/Berlin");
  page.find(ToggleGroup, (node) => node.props.name === "reps-see").trigger("onChange", "own" as never);
  await page.until(() => expect(button(page, "save-workspace").props.disabled).toBe(false));
  button(page, "save-workspace").trigger("onClick");
  await page.until(() => expect(page.told()).toContain("Saved."));
  expect(page.server.asked.find(({ method }) => method === "PATCH")!.body).toEqual({
    ...{ reps_see: "own", request_id: expect.any(String) },
  });
});

test("who is no admin has their own notices only", async () => {
  const page = await people({ "GET session": repSession() });
  await page.until(() => page.find(Toggle, { name: "me-gap_alerts" }));
  expect(page.maybeFind(Toggle, { name: "all-gap_alerts" })).toBeNull();
  expect(page.maybeFind(Toggle, { name: "me-sync_reports" })).toBeNull();
  expect(page.server.times("GET api-keys")).toBe(0);
});

const scoring = listed({
  ...{ score: "deal_score", label: "Deal score" },
  weights: [
    { key: "activity", label: "Recent activity", explanation: "How long ago", default: 25, value: 25 },
    { key: "amount", label: "Amount cuts", explanation: "How often", default: 4, value: 4 },
  ],
  thresholds: [
    { key: "activity_full_days", label: "All points", unit: "days", default: 3, value: 3, min: 0, max: 90 },
    { key: "activity_none_days", label: "No points", unit: "days", default: 30, value: 30, min: 1, max: 365 },
  ],
});

test("weights are tried on real records before they are saved; only what changed is sent", async () => {
  const page = await openSettings("scoring", {
    "GET skills/scoring": scoring,
    "POST skills/scoring/preview": {
      ...{ score: "deal_score", records: 320, up: 12, down: 3, mean_before: 61, mean_after: 63 },
      samples: [{ crm_record_id: "501", record_name: "Acme renewal", before: 50, after: 70 }],
    },
    "PATCH skills/scoring": scoring,
  });
  await page.until(() => field(page, "weight-activity"));
  type(page, "weight-activity", "200");
  await page.until(() =>
    expect(field(page, "weight-activity").props.validationMessage).toBe("A number from 0 to 100."),
  );
  type(page, "weight-activity", "40");
  await page.until(() => expect(button(page, "preview-scoring").props.disabled).toBe(false));
  button(page, "preview-scoring").trigger("onClick");
  await page.until(() => expect(page.says()).toContain("320 records were scored both ways. Nothing is saved yet."));
  expect(page.says()).toContain("Acme renewal");
  const change = { deal_score: { weights: { activity: 40 }, thresholds: {} } };
  expect(page.server.asked.find(({ path }) => path.endsWith("/preview"))!.body).toMatchObject({ scoring: change });
  page.overlay("save-scoring").find(LoadingButton).trigger("onClick");
  await page.until(() => expect(page.told()).toContain("Saved. Your records are being scored anew."));
  expect(page.server.asked.find(({ method }) => method === "PATCH")!.body).toMatchObject({ scoring: change });
});

test("limits in the wrong order and weights that are all 0 are refused", async () => {
  const page = await openSettings("scoring", { "GET skills/scoring": scoring });
  await page.until(() => field(page, "limit-activity_full_days"));
  type(page, "limit-activity_full_days", "40");
  await page.until(() =>
    expect(field(page, "limit-activity_full_days").props.validationMessage).toContain("has to lie before"),
  );
  type(page, "weight-activity", "0");
  type(page, "weight-amount", "0");
  await page.until(() => expect(page.says()).toContain("At least one weight has to be above 0."));
  buttonNamed(page, "Back to the usual values").press();
  await page.until(() => expect(page.says()).not.toContain("At least one weight"));
});

test("who is no admin reads the weights, and changes none", async () => {
  const page = await openSettings("scoring", { "GET session": repSession(), "GET skills/scoring": scoring });
  await page.until(() => expect(field(page, "weight-activity").props.readOnly).toBe(true));
  expect(() => buttonNamed(page, "Show what would change")).toThrow();
  expect(page.tab().findAll(StatusTag)).toHaveLength(0);
});
