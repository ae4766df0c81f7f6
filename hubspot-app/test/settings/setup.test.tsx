/** Getting in, the overview, the templates: what is connected, what is still to do, and the way on from each failure. */
import { Alert, ErrorState, Link, LoadingButton, Modal, StatusTag, Tabs, ToggleGroup } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { AppProvider } from "@pandora/hs-shared";
import { expect, test, vi } from "vitest";
import { SettingsApp } from "../../src/app/settings/components/settings-app.tsx";
import { fakeServer, problem } from "../support/server.ts";
import { textOf } from "../support/tree.ts";
import { buttonNamed, openSettings } from "./support/open.tsx";
import { connectionOf, idOf, listed, mappingOf, repSession, runOf, sessionOf, templateOf } from "./support/samples.ts";

function openBare(session: unknown) {
  const server = fakeServer({ "GET session": session });
  const shown = createRenderer("settings");
  shown.render(
    <AppProvider context={shown.mocks.context} actions={shown.mocks.actions as never}>
      <SettingsApp />
    </AppProvider>,
  );
  return { ...shown, server, says: () => textOf(shown.getRootNode()) };
}

test("an account that is not connected is led to connecting", async () => {
  const page = openBare(problem(403, "app_not_connected", { connect_url: "https://p.test/oauth/hubspot/start" }));
  expect(page.says()).toContain("Loading Pandora's settings…");
  await vi.waitFor(() => page.find(ErrorState));
  expect(page.says()).toContain("Pandora is not connected yet");
  expect(page.find(Link).props.href).toEqual({ url: "https://p.test/oauth/hubspot/start", external: true });
});

test.each([
  ["a stranger", problem(403, "not_a_member"), "You don't have access"],
  ["an old page", problem(401, "unauthorized"), "This page is out of date"],
  ["a server that is down", 502, "Pandora can't be reached"],
  ["too many calls", problem(429, "too_many_requests", { retry_after_s: 7 }), "Try again in about 7 seconds."],
])("%s is told so, with a way on", async (_who, answer, said) => {
  const page = openBare(answer);
  await vi.waitFor(() => expect(page.says()).toContain(said));
  expect(page.says()).toMatch(/Try again|Reload the page/);
});

test("a tab is read when it is first opened, not before", async () => {
  const page = await openSettings("connection");
  await page.until(() => expect(page.says()).toContain("Connected"));
  expect(page.server.times("GET crm-writeback/mappings")).toBe(0);
  page.find(Tabs).trigger("onSelectedChange", "mappings" as never);
  await page.until(() => expect(page.server.times("GET crm-writeback/mappings")).toBe(1));
});

test("everything is well: said in one line each", async () => {
  const page = await openSettings("connection");
  await page.until(() => expect(page.says()).toContain("Nothing needs a look: no open alerts."));
  expect(page.says()).toContain("Everything is set up.");
  expect(page.says()).toContain("Acme (42)");
  expect(page.says()).toContain("by Ada");
});

test("what is wrong is said in words, and what to do", async () => {
  const scopes = ["crm.schemas.deals.write"];
  const broken = sessionOf({
    connections: [
      {
        ...{ crm: "hubspot", status: "needs_reconnect", account_id: "42", missing_scopes: scopes },
        setup_needed: ["Map a first field, or apply a template."],
      },
    ],
  });
  const page = await openSettings("connection", {
    "GET session": broken,
    "GET connections/hubspot": connectionOf({
      ...{ status: "needs_reconnect", status_reason: "HubSpot says the app was uninstalled.", missing_scopes: scopes },
    }),
    "GET alerts": listed({
      ...{ id: idOf(50), kind: "needs_reconnect", subject: "hubspot", message: "HubSpot has to be reconnected" },
      ...{ detail: {}, opened_at: new Date().toISOString(), resolved_at: null },
    }),
    "GET connections/hubspot/import": {
      ...{ crm: "hubspot", status: "failed" },
      objects: [
        {
          ...{ object_type: "deal", phase: "import", status: "failed", done: 12, error: "HubSpot was busy." },
          ...{ started_at: null, finished_at: null },
        },
      ],
    },
    "POST connections/hubspot/start": { url: "https://p.test/oauth/hubspot/start?ticket=t" },
  });
  await page.until(() => expect(page.says()).toContain("HubSpot says the app was uninstalled."));
  for (const said of [
    ...["Has to be renewed", "Create properties on deals", "HubSpot has to be reconnected", "See the templates"],
    ...["HubSpot was busy. Pandora tries again by itself.", "Map a first field, or apply a template."],
  ]) {
    await page.until(() => expect(page.says()).toContain(said));
  }
  expect(page.says()).not.toContain("crm.schemas");
  buttonNamed(page, "Reconnect").press();
  buttonNamed(page, "Reconnect").press();
  await page.until(() => expect(page.says()).toContain("The link is good for ten minutes"));
  expect(page.server.times("POST connections/hubspot/start")).toBe(1);
  const reads = page.server.times("GET connections/hubspot");
  buttonNamed(page, "I have connected it: look again").press();
  await page.until(() => expect(page.server.times("GET connections/hubspot")).toBe(reads + 1));
});

test("disconnecting asks what becomes of the data, and sends it once", async () => {
  const page = await openSettings("connection", { "DELETE connections/hubspot": { deleted: true } });
  await page.until(() => page.overlay("disconnect"));
  const question = () => page.overlay("disconnect");
  expect(question().find(Modal).props.variant).toBe("danger");
  question()
    .find(ToggleGroup)
    .trigger("onChange", "delete" as never);
  await page.until(() => expect(question().find(Alert).props.title).toContain("Deleted is deleted"));
  question().find(LoadingButton).trigger("onClick");
  question().find(LoadingButton).trigger("onClick");
  await page.until(() => expect(page.told()).toContain("HubSpot is disconnected."));
  const sent = page.server.asked.filter(({ method }) => method === "DELETE");
  expect(sent.map(({ query }) => query.get("delete_data"))).toEqual(["1"]);
});

test("reading goes on: the numbers follow by themselves", async () => {
  const progress = (status: string, done: number) => ({
    ...{ crm: "hubspot", status },
    objects: [
      {
        ...{ object_type: "deal", phase: "import", status, done, error: null },
        ...{ started_at: null, finished_at: null },
      },
    ],
  });
  const page = await openSettings("connection", {
    "GET connections/hubspot/import": (_asked: unknown, times: number) =>
      times < 2 ? progress("running", 100) : progress("done", 250),
  });
  await page.until(() => expect(page.says()).toContain("Pandora is reading your HubSpot for the first time."));
  await page.until(() => expect(page.says()).toContain("250"));
  expect(page.says()).not.toContain("for the first time.");
});

test("who is no admin sees the connection, and no way to end it", async () => {
  const page = await openSettings("connection", { "GET session": repSession() });
  await page.until(() => expect(page.says()).toContain("Acme (42)"));
  expect(() => page.overlay("disconnect")).toThrow();
  expect(() => buttonNamed(page, "Reconnect")).toThrow();
});

test("a template says what it makes; applied, it says what was made, and goes on to a dry run", async () => {
  const applied = {
    ...{ key: "deal-health", created_properties: ["a"], created_mappings: [mappingOf()], kept_mappings: [] },
  };
  const page = await openSettings("templates", {
    "GET crm-writeback/templates": listed(templateOf()),
    "POST crm-writeback/templates/deal-health/apply": applied,
    "POST crm-writeback/dry-run": runOf({ kind: "dry_run" }),
  });
  await page.until(() => expect(page.says()).toContain("Property and mapping are made"));
  const done = templateOf();
  done.mappings[0]!.already_mapped = true;
  page.server.answer("GET crm-writeback/templates", listed(done));
  const apply = buttonNamed(page, "Apply Deal health");
  apply.press();
  apply.press();
  await page.until(() => expect(page.says()).toContain("1 property was created. 1 mapping was made."));
  await page.until(() => expect(page.tab().find(StatusTag).text).toBe("Applied"));
  const sent = page.server.asked.filter(({ path }) => path.endsWith("/apply"));
  expect(sent.map(({ body }) => body)).toEqual([{ crm: "hubspot", request_id: expect.any(String) }]);
  buttonNamed(page, "Start a dry run").press();
  await page.until(() => expect(page.server.times("POST crm-writeback/dry-run")).toBe(1));
});

test("a template that HubSpot refuses says why, and can be tried again", async () => {
  const page = await openSettings("templates", {
    "GET crm-writeback/templates": listed(templateOf()),
    "POST crm-writeback/templates/deal-health/apply": problem(409, "missing_scope"),
  });
  await page.until(() => buttonNamed(page, "Apply Deal health"));
  buttonNamed(page, "Apply Deal health").press();
  await page.until(() => expect(page.says()).toContain("Says missing_scope."));
  expect(page.findByTestId(LoadingButton, "apply-deal-health").props.loading).toBe(false);
});

test("templates are looked at by everybody, applied by admins", async () => {
  const page = await openSettings("templates", {
    "GET session": repSession(),
    "GET crm-writeback/templates": listed(templateOf()),
  });
  await page.until(() => expect(page.says()).toContain("Property and mapping are made"));
  expect(() => buttonNamed(page, "Apply Deal health")).toThrow();
});
