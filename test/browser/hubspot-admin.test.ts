/**
 * The admin's day in a real browser, on the settings page: connect, apply a template, make a mapping while looking at what
 * it would do, dry run, sync, log, undo. HubSpot's own bundle in a worker, signed requests, the real server, a simulated
 * account behind it.
 */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildAll } from "../../hubspot-app/preview/build.ts";
import { type DemoInBrowser, startDemoInBrowser } from "./demo.ts";

let world: DemoInBrowser;

beforeAll(async () => {
  // Built now: no page of the tests waits for it.
  await buildAll();
  world = await startDemoInBrowser();
}, 240_000);
afterAll(() => world?.stop());

async function settings(tab: string, as: "admin" | "rep" | "viewer" = "admin"): Promise<Page> {
  const page = await world.open("/hubspot/settings", as);
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  await goTo(page, tab);
  return page;
}

async function goTo(page: Page, tab: string): Promise<void> {
  await page.getByRole("tab", { name: tab, exact: true }).click();
  await page.getByRole("tab", { name: tab, exact: true, selected: true }).waitFor();
}

/** The run that is shown, above the list of past ones. */
const shownRun = (page: Page): Locator => page.locator("section.tile").first();

test("connecting goes through HubSpot and back; the overview says how the connection is", async () => {
  const page = await settings("Overview");
  await page.getByText("Everything is set up.").waitFor();
  await page.getByText("Nothing needs a look: no open alerts.").waitFor();
  await world.picture(page, "hubspot-settings-overview");
  await page.getByRole("button", { name: "Reconnect" }).click();
  const [consent] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Continue in HubSpot" }).click(),
  ]);
  await consent.getByRole("heading", { name: /connected/i }).waitFor();
  await consent.close();
  await page.getByRole("button", { name: "I have connected it: look again" }).click();
  await page.getByText("The link is good for ten minutes").waitFor({ state: "hidden" });
  await page.getByText("Connected", { exact: true }).first().waitFor();
  // Ending the connection is asked about, and nothing happens when one thinks better of it.
  await page.getByRole("button", { name: "Disconnect" }).click();
  const question = page.getByRole("dialog", { name: "Disconnect HubSpot?" });
  await question.getByText("Delete it:").click();
  await question.getByText("Deleted is deleted").waitFor();
  await world.picture(page, "hubspot-settings-disconnect");
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "hidden" });
  await page.close();
});

test("a template makes properties and mappings in one step", async () => {
  const page = await settings("Templates");
  const tile = page.locator("section.tile", { hasText: "Account health" });
  await tile.getByText("Property and mapping are made").first().waitFor();
  await tile.getByRole("button", { name: "Apply Account health" }).click();
  await tile.getByText("“Account health” is applied").waitFor();
  await tile.getByText("3 properties were created. 3 mappings were made.").waitFor();
  await world.picture(page, "hubspot-settings-template");
  await goTo(page, "Mappings");
  await page.getByRole("row", { name: /Account score/ }).waitFor();
  await page.close();
});

/** A deal that Pandora has scored, and the only one of its name: people choose by names. */
async function aScoredDeal(): Promise<{ id: string; name: string }> {
  type Found = { crm_type: string; crm_record_id: string; record_name: string; pandora_field: string };
  const { items } = await world.api.get<{ items: Found[] }>(
    "crm-writeback/log?limit=200&status=success&object_type=deal",
  );
  for (const { crm_type, crm_record_id: id, record_name: name, pandora_field } of items) {
    if (crm_type !== "hubspot" || pandora_field !== "pandora_last_analyzed_at") continue;
    const asked = new URLSearchParams({ objectType: "deal", crm: "hubspot", q: name });
    const named = await world.api.get<{ items: unknown[] }>(`crm-search?${asked}`);
    if (named.items.length === 1) return { id, name };
  }
  throw new Error("Each of these deals shares its name with another one.");
}

test("a mapping is made while looking at what it would do, tried out, synced, looked up and undone", async () => {
  const deal = await aScoredDeal();
  const page = await settings("Mappings");
  await page.getByRole("button", { name: "Add a mapping" }).click();
  const panel = page.getByRole("dialog", { name: "New mapping" });
  await panel.getByLabel("Pandora's value *").selectOption({ label: "Deal score" });
  await panel.getByLabel("HubSpot property *").waitFor();

  // Saving too early says what is missing, at the field.
  await panel.getByRole("button", { name: "Save mapping" }).click();
  await panel.getByText("Choose a property, or create one.").waitFor();

  await panel.getByRole("button", { name: "Create a new property" }).click();
  await panel.getByLabel("Label *").fill("Pandora deal health");
  await expect.poll(() => panel.getByLabel("Internal name *").inputValue()).toBe("pandora_deal_health");
  await panel.getByLabel("Kind").selectOption({ label: "choice from a list" });
  await panel.getByRole("button", { name: "Create property" }).click();
  await page.getByText("“Pandora deal health” was created in the group Pandora.").waitFor();
  await expect
    .poll(() => panel.getByLabel("HubSpot property *").locator("option:checked").textContent())
    .toContain("Pandora deal health");
  await panel.getByRole("button", { name: "Create a new property" }).click();

  // As it is, the number is no choice of the list: the preview says so before anything is saved.
  await panel.getByText("Would be left alone").first().waitFor();
  await panel.getByRole("button", { name: "Add a step" }).click();
  await panel.getByLabel("First").selectOption({ label: "in words: Excellent, Good, Fair, At Risk" });
  await panel.getByText("Would be written").first().waitFor();
  await panel.getByLabel("Try it on one of your records").fill(deal.name);
  await panel.getByRole("button", { name: deal.name, exact: true }).click();
  await panel.getByText(`On ${deal.name}, as it stands in HubSpot now:`).waitFor();
  await panel.getByRole("link", { name: deal.name }).waitFor();
  await world.picture(page, "hubspot-settings-editor-preview");

  // Bad input is refused at the field, and goes no further.
  await panel.getByRole("button", { name: "Add a condition" }).click();
  await panel.getByLabel("Number").fill("plenty");
  await panel.getByText("A number from").waitFor();
  await panel.getByText("Correct the marked fields to see what would happen.").waitFor();
  await panel.getByLabel("Number").fill("5");
  await panel.getByText("Would be written").first().waitFor();

  // The score is mapped already: a question, not a refusal.
  await panel.getByRole("button", { name: "Save mapping" }).click();
  await panel.getByText("This value is mapped already").waitFor();
  await world.picture(page, "hubspot-settings-editor");
  await panel.getByRole("button", { name: "Yes, map it a second time" }).click();
  await panel.getByText("The mapping is saved").waitFor();

  await panel.getByRole("button", { name: "Dry run first" }).click();
  await page.getByText("What a sync would do. Nothing was written.").waitFor();
  const run = shownRun(page);
  await run.getByText("Done", { exact: true }).waitFor();
  await run
    .getByRole("row", { name: /Pandora deal health/ })
    .first()
    .waitFor();
  expect(world.demo.crms.hubspot.record("deal", deal.id)?.["pandora_deal_health"] ?? null).toBeNull();
  await world.picture(page, "hubspot-settings-dry-run", { whole: true });

  // All mappings, and one write that HubSpot takes its time for: deals or companies are through, the others are not.
  world.demo.crms.apps.hubspotFaults.set([{ name: "slow", rate: 1, on: "writes", ms: 8_000, times: 1 }]);
  await page.locator("[data-test-id=start-sync]").click();
  await page.getByRole("progressbar", { name: "Sync under way" }).waitFor();
  await page.getByText(/[1-9][\d,]* values looked at .* a second/).waitFor();
  await world.picture(page, "hubspot-settings-sync-progress");
  world.demo.crms.apps.hubspotFaults.clear();
  await run.getByRole("button", { name: "Undo this run" }).waitFor();
  const written = world.demo.crms.hubspot.record("deal", deal.id)?.["pandora_deal_health"];
  expect(["Excellent", "Good", "Fair", "At Risk"]).toContain(written);
  await world.picture(page, "hubspot-settings-sync-done", { whole: true });

  // The log, of this mapping and record.
  await goTo(page, "Log");
  await page.getByLabel("Mapping").selectOption({ label: "Pandora deal health (Deals)" });
  await page.getByLabel("Record", { exact: true }).fill(deal.name);
  await page.getByRole("button", { name: deal.name, exact: true }).click();
  const entry = page
    .getByRole("row")
    .filter({ hasText: deal.name })
    .filter({ hasText: `After: ${written}` });
  await entry.waitFor();
  await world.picture(page, "hubspot-settings-log");
  await entry.getByRole("button", { name: "Undo" }).click();
  await page.getByText(`Put back: Pandora deal health of ${deal.name}.`).waitFor();
  await page.getByText("Written, then undone").waitFor();
  expect(world.demo.crms.hubspot.record("deal", deal.id)?.["pandora_deal_health"] ?? null).toBeNull();
  await page.close();
});

test("an undo leaves alone what somebody changed since, and says so", async () => {
  const page = await settings("Log");
  await page.getByLabel("Mapping").selectOption({ label: "Pandora deal health (Deals)" });
  await page.getByLabel("What happened").selectOption({ label: "Written" });
  const undoable = page.getByRole("row").filter({ has: page.getByRole("button", { name: "Undo", exact: true }) });
  const address = await undoable.first().getByRole("link").first().getAttribute("href");
  // The very same one, also when the list is read again meanwhile.
  const row = undoable.filter({ has: page.locator(`a[href="${address}"]`) }).first();
  const id = address!.split("/").at(-1)!;
  const health = () => world.demo.crms.hubspot.record("deal", id)?.["pandora_deal_health"];
  const typed = health() === "Good" ? "Fair" : "Good";
  world.demo.crms.hubspot.edit("deal", id, { pandora_deal_health: typed });
  await row.getByRole("button", { name: "Undo" }).click();
  await page.getByText(/^Left alone: someone changed it/i).waitFor();
  expect(health()).toBe(typed);
  await page.close();
});

test("the log leaves HubSpot by a link for one download, or over the clipboard", async () => {
  const page = await settings("Log");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Export" }).click();
  const panel = page.getByRole("dialog", { name: "Export the log" });
  await panel.getByRole("button", { name: "Make a download link" }).click();
  const link = panel.getByRole("link", { name: "Download the CSV file" });
  await link.waitFor();
  await page.getByRole("row").nth(5).waitFor();
  await world.picture(page, "hubspot-settings-export");
  const address = (await link.getAttribute("href"))!;
  const first = await fetch(address);
  expect(first.headers.get("content-disposition")).toContain("pandora-write-log.csv");
  expect((await first.text()).split("\r\n").length).toBeGreaterThan(100);
  expect((await fetch(address)).status).toBe(410);
  await panel.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByText(/entries are on the clipboard/).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^When,What happened,Reason,/);
  await page.close();
});

test("a source is connected with its own fields; the rules of gaps refuse bad input at the field", async () => {
  const page = await settings("Conversations");
  await page.getByRole("button", { name: "Connect a source" }).click();
  const panel = page.getByRole("dialog", { name: "Connect a source" });
  await panel.getByLabel("Access key", { exact: true }).waitFor();
  await panel.getByLabel("Tool").selectOption({ label: "Your own system" });
  await panel.getByLabel("Name").fill("Our dialler");
  await panel.getByRole("button", { name: "Connect", exact: true }).click();
  await panel.getByText("Copy the signing secret now").waitFor();
  expect(await panel.getByLabel("Address for the tool to call").inputValue()).toContain("/webhooks/conversations/");
  await panel.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("row", { name: /Our dialler/ }).waitFor();

  await page.getByLabel("Domains that are no prospects").fill("agency.test, not a domain");
  await page.keyboard.press("Tab");
  await page.getByText("“not a domain” is no domain.").waitFor();
  expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
  await page.getByLabel("Domains that are no prospects").fill("agency.test");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved. All calls are judged anew").waitFor();

  await page.getByRole("button", { name: "Show what it would make now" }).click();
  await page.getByRole("heading", { name: /would be made/ }).waitFor();
  await world.picture(page, "hubspot-settings-conversations", { whole: true });
  await page.close();
});

test("people, keys and the workspace", async () => {
  const page = await settings("People");
  await page.getByText("The last admin stays.").waitFor();
  await page.getByRole("button", { name: "Add a person" }).click();
  const person = page.getByRole("dialog", { name: "Add a person" });
  await person.getByLabel("E-mail address *").fill("no address");
  await person.getByRole("button", { name: "Add", exact: true }).click();
  await person.getByText("An e-mail address.").waitFor();
  await person.getByLabel("E-mail address *").fill("ada@acme-cloud.example");
  await person.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("row", { name: /ada@acme-cloud.example/ }).waitFor();
  await page.getByRole("button", { name: "Make a key" }).click();
  const key = page.getByRole("dialog", { name: "Make an API key" });
  await key.getByLabel("What it is for *").fill("Reports");
  await key.getByRole("button", { name: "Make key" }).click();
  expect(await key.getByLabel("API key").inputValue()).toMatch(/^pandora_/);
  await key.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("row", { name: /Reports/ }).waitFor();
  await world.picture(page, "hubspot-settings-people", { whole: true });
  await page.close();
});

test("a change of weights is seen on real records before it is saved", async () => {
  const page = await settings("Scoring");
  await page.getByLabel("Recent activity").fill("60");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await page.getByRole("heading", { name: "What would change" }).waitFor();
  await page.getByText("records were scored both ways").waitFor();
  await world.picture(page, "hubspot-settings-scoring");
  await page.close();
});

test("who is no admin looks, and changes nothing", async () => {
  const page = await settings("Mappings", "rep");
  await page.getByText("You can look, but not change").waitFor();
  await page
    .getByRole("row", { name: /Deal score/ })
    .first()
    .waitFor();
  expect(await page.getByRole("button", { name: "Add a mapping" }).count()).toBe(0);
  expect(await page.getByRole("switch").count()).toBe(0);
  await goTo(page, "Conversations");
  await page.getByRole("heading", { name: "For admins" }).waitFor();
  await world.picture(page, "hubspot-settings-read-only");
  await page.close();
});

test("nothing in the pages complained", () => {
  expect(world.complaints).toEqual([]);
});
