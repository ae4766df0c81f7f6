/**
 * A rep's and an admin's day in a real browser: the package's own Lightning components, calls signed as Apex signs them, the
 * real server, and the simulated org behind it.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ListOf } from "../../backend/contract/common.ts";
import type { Creation } from "../../backend/contract/creations.ts";
import type { Gap } from "../../backend/contract/gaps.ts";
import type { LogEntry } from "../../backend/contract/log.ts";
import { builtBundle } from "../../salesforce-package/preview/build.ts";
import { type DemoInBrowser, startDemoInBrowser } from "./demo.ts";

let world: DemoInBrowser;

beforeAll(async () => {
  // The bundle first: no page waits for it then.
  await builtBundle();
  world = await startDemoInBrowser();
}, 300_000);
afterAll(() => world?.stop());

const gapItems = (page: Page) => page.locator('[data-id="gap"]');

/** What Apex was asked, as the page asks it. */
function callsOf(page: Page): { method: string; body: string }[] {
  const calls: { method: string; body: string }[] = [];
  page.on("request", (request) => {
    const method = /\/salesforce\/apex\/(\w+)$/.exec(request.url())?.[1];
    if (method) calls.push({ method, body: request.postData() ?? "" });
  });
  return calls;
}

async function setup(tab: string): Promise<Page> {
  const page = await world.open("/salesforce/n/Pandora_Setup", "admin");
  await page.getByRole("tab", { name: tab, exact: true }).click();
  return page;
}

/** As the rep's own page asks, signed for them: what they see, and nothing else. */
async function asRep<T>(method: string, params: object): Promise<T> {
  const headers = { cookie: "pandora_preview_user=rep", "sec-fetch-site": "same-origin" };
  const request = { method: "POST", headers, body: JSON.stringify(params) };
  const answer = await fetch(`${world.demo.url}/salesforce/apex/${method}`, request);
  return ((await answer.json()) as { value: T }).value;
}

async function pendingGap(): Promise<Gap> {
  const { items } = await asRep<ListOf<Gap>>("getGaps", { filters: { crm: "salesforce", limit: 50 } });
  const found = items.find(
    (gap) => gap.open_deals.length === 0 && gap.companies.some(({ crm }) => crm === "salesforce"),
  );
  return found!;
}

test("home: the calls without a deal, with figures", async () => {
  const page = await world.open("/salesforce", "admin");
  await gapItems(page).first().waitFor();
  await page.getByText("Waiting for a deal").waitFor();
  await world.picture(page, "salesforce-home");
  await page.close();
});

test("an opportunity's page: score with its reasons, next step, what was written", async () => {
  const page = await world.open("/salesforce/o/Opportunity", "admin");
  await page.locator("table a").first().click();
  await page.locator('[data-id="value"]').waitFor();
  await page.getByText("Why this score").waitFor();
  await page.getByText("Written to this record").waitFor();
  await world.picture(page, "salesforce-opportunity", { whole: true });
  await page.close();
});

test("a rep makes a deal of a call, once, and it stands in the org with its contacts", async () => {
  const gap = await pendingGap();
  const account = gap.companies.find(({ crm }) => crm === "salesforce")!;
  const page = await world.open(`/salesforce/r/Account/${account.crm_id}/view`, "rep");
  const calls = callsOf(page);
  await gapItems(page).first().waitFor();
  await world.picture(page, "salesforce-account", { whole: true });
  await gapItems(page).filter({ hasText: gap.title }).getByRole("button", { name: "Create deal" }).click();

  const name = page.getByLabel("Deal name");
  await name.waitFor();
  await world.picture(page, "salesforce-create-deal");
  await name.fill("");
  await page.getByRole("button", { name: "Create deal", exact: true }).last().click();
  await page.getByText("Give the deal a name.").waitFor();
  await world.picture(page, "salesforce-create-deal-fault");
  expect(calls.filter(({ method }) => method === "createDeal")).toEqual([]);

  await name.fill("Pilot from the demo call");
  await page.getByLabel("Amount").fill("24000");
  await page.getByRole("button", { name: "Create deal", exact: true }).last().dblclick();
  await page.getByText("The deal is created").waitFor();
  await world.picture(page, "salesforce-deal-created");
  expect(calls.filter(({ method }) => method === "createDeal")).toHaveLength(1);
  await page.getByRole("button", { name: "Open the deal" }).click();
  await page.getByRole("heading", { name: "Pilot from the demo call" }).waitFor();

  const made = await world.api.get<Gap>(`conversations/without-deals/${gap.conversation_id}`);
  const held = world.demo.crms.salesforce.record("deal", made.deal!.crm_id);
  expect(held).toMatchObject({ Name: "Pilot from the demo call", Amount: "24000", AccountId: account.crm_id });
  expect(world.demo.crms.salesforce.notes(made.deal!.crm_id).join()).toContain(gap.title);
  await page.close();
});

test("open deals of the account are shown first, and one is linked instead", async () => {
  const { items } = await world.api.get<ListOf<Gap>>("conversations/without-deals?crm=salesforce&limit=50");
  const gap = items.find((each) => each.open_deals.some(({ crm }) => crm === "salesforce"))!;
  const page = await world.open("/salesforce/n/Pandora_Gaps", "admin");
  await page.getByLabel("Search calls").fill(gap.title);
  const row = gapItems(page).filter({ hasText: gap.title });
  await row.first().getByRole("button", { name: "Create deal" }).click();
  await page.getByLabel("Deal name").waitFor();
  await page.getByRole("button", { name: "Create deal", exact: true }).last().click();
  await page.getByText("There may be a deal for this already").waitFor();
  await world.picture(page, "salesforce-duplicate");
  await page.getByRole("button", { name: "Link instead" }).first().click();
  await page
    .getByText(/^Linked to/)
    .first()
    .waitFor();
  const linked = await world.api.get<Gap>(`conversations/without-deals/${gap.conversation_id}`);
  expect([linked.status, linked.deal?.crm]).toEqual(["linked", "salesforce"]);
  await page.close();
});

test("a call is dismissed with a reason, and restored", async () => {
  const gap = await pendingGap();
  const page = await world.open("/salesforce/n/Pandora_Gaps", "admin");
  await page.getByLabel("Search calls").fill(gap.title);
  await expect.poll(() => gapItems(page).count(), { timeout: 20_000 }).toBe(1);
  await gapItems(page).first().getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("button", { name: "Dismiss", exact: true }).last().click();
  await page.getByText("Choose a reason.").waitFor();
  await page.getByRole("combobox", { name: "Reason" }).click();
  await page.getByRole("option", { name: "A partner or a vendor" }).click();
  await world.picture(page, "salesforce-dismiss");
  await page.getByRole("button", { name: "Dismiss", exact: true }).last().click();
  await page.getByText("No call matches these filters.").waitFor();
  await page.getByRole("combobox", { name: "Show" }).click();
  await page.getByRole("option", { name: "Dismissed" }).click();
  await gapItems(page).getByText("A partner or a vendor").waitFor();
  await gapItems(page).first().getByRole("button", { name: "Restore" }).click();
  await page.getByText("is back on the list").first().waitFor();
  expect((await world.api.get<Gap>(`conversations/without-deals/${gap.conversation_id}`)).status).toBe("pending");
  await page.close();
});

test("a viewer sees the calls and no buttons; without the permission there is nothing to see", async () => {
  const viewer = await world.open("/salesforce/n/Pandora_Gaps", "viewer");
  await viewer.locator('[data-id="viewer"]').waitFor();
  expect(await gapItems(viewer).count()).toBeGreaterThan(0);
  expect(await gapItems(viewer).getByRole("button").count()).toBe(0);
  await world.picture(viewer, "salesforce-viewer");
  await viewer.goto(`${world.demo.url}/salesforce/n/Pandora_Setup`);
  await viewer.getByText("You can't open this tab.").waitFor();
  await viewer.goto(`${world.demo.url}/salesforce?as=no-access`);
  await viewer.getByText("You don't have access").waitFor();
  expect(await gapItems(viewer).count()).toBe(0);
  await world.picture(viewer, "salesforce-no-access");
  await viewer.close();
});

test("an admin: connection, a template, a mapping with its preview", async () => {
  const page = await setup("Connection");
  await page.getByText("All is set up.").waitFor();
  await world.picture(page, "salesforce-connection");

  await page.getByRole("tab", { name: "Mappings", exact: true }).click();
  const template = page.locator('[data-id="template"]').filter({ hasText: "Account health" });
  await template.getByRole("button", { name: "Apply" }).click();
  await template.getByText("In use").waitFor();
  await page.locator('[data-id="mapping"]').filter({ hasText: "Pandora account score" }).waitFor();
  await world.picture(page, "salesforce-mappings", { whole: true });

  await page.locator("lightning-toast button").first().click();
  const row = page.locator('[data-id="mapping"]').filter({ hasText: "Pandora deal score" });
  await row.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByPlaceholder("Number").fill("20");
  const search = page.getByLabel("Try it on a record");
  await search.fill("a");
  await page.locator('button[data-action="choose"], lightning-button[data-action="choose"] button').first().click();
  await page.locator('[data-id="result"]').getByText(/^A/).first().waitFor();
  await world.picture(page, "salesforce-editor");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The mapping is saved.").first().waitFor();
  const { items } = await world.api.get<ListOf<{ crm_property_name: string; write_condition: string | null }>>(
    "crm-writeback/mappings?crm=salesforce",
  );
  const saved = items.find((each) => each.crm_property_name === "Pandora_Deal_Score__c");
  expect(saved?.write_condition).toBe("score_above:20");
  await page.close();
});

test("an admin: dry run, sync, log, undo", async () => {
  const page = await setup("Sync");
  await page.locator('[data-id="run"]').waitFor();
  const earlier = await page.locator('[data-id="run"]').getAttribute("data-run");
  await page.getByRole("button", { name: "Dry run", exact: true }).click();
  await expect.poll(() => page.locator('[data-id="run"]').getAttribute("data-run")).not.toBe(earlier);
  await finished(page, "Dry run");
  await page.getByText("Would change").waitFor();
  await page.locator('[data-id="change"]').first().waitFor();
  await world.picture(page, "salesforce-dry-run");
  const dry = await page.locator('[data-id="run"]').getAttribute("data-run");

  await page.getByRole("button", { name: "Sync now", exact: true }).click();
  await expect.poll(() => page.locator('[data-id="run"]').getAttribute("data-run")).not.toBe(dry);
  await finished(page, "Sync");
  await world.picture(page, "salesforce-sync");

  await page.getByRole("tab", { name: "Log", exact: true }).click();
  const entry = page.locator('[data-id="entry"]').filter({ has: page.getByRole("button", { name: "Undo" }) });
  await entry.first().waitFor();
  await world.picture(page, "salesforce-log");
  await entry.first().getByRole("button", { name: "Undo" }).click();
  await page.getByText("Taken back.").first().waitFor();
  const { items } = await world.api.get<ListOf<LogEntry>>("crm-writeback/log?crm=salesforce&limit=200");
  const undoing = items.find((each) => each.undoes !== null && each.status === "success")!;
  const undone = items.find(({ id }) => id === undoing.undoes)!;
  const held = world.demo.crms.salesforce.record(undone.crm_object_type, undone.crm_record_id);
  expect(held?.[undone.crm_property_name] ?? null).toBe(undone.previous_value);
  await page.close();
});

test("an admin: thresholds are refused at the field, then saved; sources, people, notices", async () => {
  const page = await setup("Calls without a deal");
  const domains = page.getByLabel("Your own e-mail domains");
  await domains.fill("acme");
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await page.getByText("Must be a domain, like acme.com.").first().waitFor();
  expect(await domains.inputValue()).toBe("acme");
  await world.picture(page, "salesforce-settings", { whole: true });
  await domains.fill("acme-cloud.example");
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await page.getByText("Saved.").first().waitFor();
  for (const [tab, shown, picture] of [
    ["Sources", '[data-id="source"]', "salesforce-sources"],
    ["People", '[data-id="member"]', "salesforce-people"],
    ["Notices", '[data-whose="workspace"]', "salesforce-notices"],
  ] as const) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await page.locator(shown).first().waitFor();
    await world.picture(page, picture);
  }
  await page.close();
});

test("an org without a key is not connected, and says who can help", async () => {
  const { apps } = world.demo.crms;
  const held = apps.signingKey;
  apps.signingKey = () => null;
  try {
    const page = await world.open("/salesforce/n/Pandora_Setup", "admin");
    await page.getByRole("button", { name: "Connect Pandora" }).waitFor();
    await world.picture(page, "salesforce-connect");
    apps.signingKey = held;
    await page.getByRole("button", { name: "I have connected: look again" }).click();
    await page.getByText("Connection and health").waitFor();
    await page.close();
  } finally {
    apps.signingKey = held;
  }
});

test("what was made twice is made once: the same request again gives the first answer", async () => {
  const gap = await pendingGap();
  const body = { crm: "salesforce", deal_name: "Twice", request_id: "browser-twice" };
  const path = `conversations/without-deals/${gap.conversation_id}/create-deal`;
  const [one, two] = [await world.api.post<Creation>(path, body), await world.api.post<Creation>(path, body)];
  expect(two.deal_crm_id).toBe(one.deal_crm_id);
});

test("no page complained", () => {
  expect(world.complaints.filter((line) => !/favicon|status of (403|422|409)|500 \(Internal/.test(line))).toEqual([]);
});

async function finished(page: Page, kind: string): Promise<void> {
  await expect.poll(() => page.locator('[data-id="kind"]').textContent(), { timeout: 60_000 }).toBe(kind);
  await expect.poll(() => page.locator('[data-id="progress"]').count(), { timeout: 60_000 }).toBe(0);
  await page.locator('[data-id="tile"]').first().waitFor();
}
