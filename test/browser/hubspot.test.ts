/**
 * The rep's day in a real browser: HubSpot's own bundles in a worker, signed requests to the real server, the simulated
 * account behind it.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ListOf } from "../../backend/contract/common.ts";
import type { Gap } from "../../backend/contract/gaps.ts";
import { buildAll } from "../../hubspot-app/preview/build.ts";
import { type DemoInBrowser, startDemoInBrowser } from "./demo.ts";

let world: DemoInBrowser;

beforeAll(async () => {
  // Built now: no page of the tests waits for it.
  await buildAll();
  world = await startDemoInBrowser();
}, 240_000);
afterAll(() => world?.stop());

type Example = { objectType: "deal" | "company" | "contact"; id: string; name: string; why: string };

async function examples(objectType: Example["objectType"], as: string): Promise<Example[]> {
  const answer = await fetch(`${world.demo.url}/hubspot/data/examples/${as}`);
  return ((await answer.json()) as Example[]).filter((each) => each.objectType === objectType);
}

/** Of the calls that the card asks the server for, by their address. */
function callsOf(page: Page): string[] {
  const calls: string[] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/hubspot/proxy")) return;
    const { method, url } = request.postDataJSON() as { method: string; url: string };
    calls.push(`${method} ${new URL(url).pathname}`);
  });
  return calls;
}

test("the way in: what there is to see, and who one is", async () => {
  const page = await world.open("/hubspot", "rep");
  await page.getByRole("heading", { name: "Pandora inside HubSpot" }).waitFor();
  await page.getByRole("heading", { name: "Companies" }).waitFor();
  const [company] = await examples("company", "rep");
  await page.getByRole("link", { name: company!.name }).first().waitFor();
  await world.picture(page, "hubspot-index");
  await page.getByRole("link", { name: company!.name }).first().click();
  await page.getByRole("heading", { name: /call(s)? without a deal/ }).waitFor();
  await page.close();
});

test("a rep makes a deal of a call, once, and it stands in HubSpot", async () => {
  const [company] = await examples("company", "rep");
  const page = await world.open("/hubspot", "rep");
  const calls = callsOf(page);
  await page.goto(`${world.demo.url}/hubspot/company/${company!.id}`);
  const create = page.getByRole("button", { name: "Create deal" }).first();
  await create.waitFor();
  // From opening the record to its card: one request.
  expect(calls).toEqual([`GET /api/workspaces/me/records/company/${company!.id}`]);
  await page.getByRole("button", { name: "Why this account score", exact: true }).click();
  await page.getByRole("columnheader", { name: "Points" }).first().waitFor();
  await world.picture(page, "hubspot-card");
  const conversationId = (await create.getAttribute("data-test-id"))!.replace("create-", "");

  await create.click();
  const panel = page.getByRole("dialog", { name: "Create deal" });
  const name = panel.getByLabel("Deal name");
  await name.waitFor();
  await expectValue(panel.getByLabel("Stage"), /.+/);
  await expectValue(panel.getByLabel("Owner"), /.+/);
  await world.picture(page, "hubspot-create-deal");

  await name.fill("");
  await panel.getByRole("button", { name: "Create deal" }).click();
  await panel.getByText("Give the deal a name.").waitFor();
  await world.picture(page, "hubspot-create-deal-fault");
  expect(calls.filter((call) => call.startsWith("POST"))).toEqual([]);

  await name.fill("Pilot from the intro call");
  await panel.getByLabel("Amount").fill("24000");
  await panel.getByRole("button", { name: "Create deal" }).dblclick();
  await panel.getByText("The deal is created").waitFor();
  await world.picture(page, "hubspot-deal-created");
  expect(calls.filter((call) => call.endsWith("/create-deal"))).toHaveLength(1);
  const link = (await panel.getByRole("link", { name: /Open the deal/ }).getAttribute("href"))!;
  const id = link.split("/").at(-1)!;
  expect(world.demo.crms.hubspot.record("deal", id)).toMatchObject({
    ...{ dealname: "Pilot from the intro call", amount: "24000" },
  });
  expect(world.demo.crms.hubspot.notes(id)).toHaveLength(1);

  await panel.getByRole("button", { name: "Close" }).last().click();
  await page.getByText("“Pilot from the intro call” was created.").waitFor();
  await page.getByRole("complementary").getByText("Pilot from the intro call").waitFor();
  const gap = await world.api.get<Gap>(`conversations/without-deals/${conversationId}`);
  expect(gap).toMatchObject({ status: "created", deal: { crm_id: id } });

  // The new deal's own page: Pandora meets it the first time.
  await page.goto(`${world.demo.url}/hubspot/deal/${id}`);
  await page.getByRole("heading", { name: "Pilot from the intro call" }).waitFor();
  await page.getByText("Every call with this record is accounted for.").waitFor();
  await world.picture(page, "hubspot-new-deal");
  await page.close();
});

test("a call is dismissed with a reason, and comes back", async () => {
  const company = (await examples("company", "rep"))[0]!;
  const page = await world.open(`/hubspot/company/${company.id}`, "rep");
  await page.getByRole("button", { name: "Dismiss" }).first().click();
  const modal = page.getByRole("dialog", { name: "Dismiss this call?" });
  await modal.getByRole("button", { name: "Dismiss", exact: true }).click();
  await modal.getByText("Choose a reason.").waitFor();
  await modal.getByLabel("Reason").selectOption({ label: "A partner or a vendor" });
  await modal.getByLabel("Note").fill("They want to resell us.");
  await world.picture(page, "hubspot-dismiss");
  await modal.getByRole("button", { name: "Dismiss", exact: true }).click();
  await page.getByText(/was dismissed\./).waitFor();
  await page.getByRole("button", { name: "Show dismissed calls" }).click();
  await page.getByText(/They want to resell us\./).waitFor();
  await world.picture(page, "hubspot-dismissed");
  await page.getByRole("button", { name: "Restore" }).first().click();
  await page.getByText(/is back on the list\./).waitFor();
  await page.getByRole("button", { name: "Create deal" }).first().waitFor();
  await page.close();
});

test("a call is linked to a deal that is there, the likely ones first", async () => {
  const { items } = await world.api.get<ListOf<Gap>>("conversations/without-deals?crm=hubspot&limit=100");
  const gap = items.find(({ open_deals, company }) => open_deals.length > 1 && company?.crm === "hubspot")!;
  const page = await world.open(`/hubspot/company/${gap.company!.crm_id}`, "admin");
  await page.getByRole("button", { name: "Link to a deal" }).first().click();
  const panel = page.getByRole("dialog", { name: "Link to a deal" });
  await panel.getByText("Probably one of these").waitFor();
  await panel.getByLabel("Search deals").fill(gap.company!.name.slice(0, 4));
  await panel.getByRole("button", { name: "Link", exact: true }).nth(Math.min(5, gap.open_deals.length)).waitFor();
  await world.picture(page, "hubspot-link");
  await panel.getByRole("button", { name: "Link", exact: true }).first().click();
  await page.getByText(`Linked to “${gap.open_deals[0]!.name}”.`).waitFor();
  const linked = await world.api.get<Gap>(`conversations/without-deals/${gap.conversation_id}`);
  expect(linked).toMatchObject({ status: "linked", deal: { crm_id: gap.open_deals[0]!.crm_id } });
  await page.close();
});

test("where a deal may be there already, it is shown first, and nothing is made", async () => {
  const { items } = await world.api.get<ListOf<Gap>>("conversations/without-deals?crm=hubspot&limit=100");
  const gap = items.find(({ open_deals, company }) => open_deals.length > 1 && company?.crm === "hubspot")!;
  const page = await world.open(`/hubspot/company/${gap.company!.crm_id}`, "admin");
  await page.locator(`[data-test-id="create-${gap.conversation_id}"]`).click();
  const panel = page.getByRole("dialog", { name: "Create deal" });
  await panel.getByLabel("Deal name").waitFor();
  await panel.getByRole("button", { name: "Create deal" }).click();
  await panel.getByText("There may be a deal for this already").waitFor();
  await panel.getByRole("button", { name: "Create a new deal anyway" }).waitFor();
  await world.picture(page, "hubspot-duplicate");
  await panel.getByRole("button", { name: "Link instead" }).first().click();
  await page.getByText(/^Linked to “/).waitFor();
  const linked = await world.api.get<Gap>(`conversations/without-deals/${gap.conversation_id}`);
  expect(linked.status).toBe("linked");
  await page.close();
});

test("a deal whose score has moved shows by how much, why, and when", async () => {
  const deals = await examples("deal", "admin");
  const moved = deals.find(({ why }) => why === "its score has moved") ?? deals[0]!;
  const page = await world.open(`/hubspot/deal/${moved.id}`, "admin");
  await page
    .getByRole("img", { name: /^Score \d+ of 100$/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Why this deal score", exact: true }).click();
  await page.getByRole("columnheader", { name: "Points" }).first().waitFor();
  await page.getByRole("button", { name: "Written to this record" }).click();
  await page.getByRole("columnheader", { name: "Pandora's value" }).waitFor();
  await world.picture(page, "hubspot-deal", { whole: true });
  await page.close();
});

test("a viewer sees the calls, and no button that changes one", async () => {
  const [company] = await examples("company", "viewer");
  const page = await world.open(`/hubspot/company/${company!.id}`, "viewer");
  await page.getByText(/ask an admin of Pandora for the role of a rep/).waitFor();
  for (const name of ["Create deal", "Link to a deal", "Dismiss"]) {
    expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
  }
  await world.picture(page, "hubspot-viewer");
  await page.close();
});

test("a server that is down, late or busy gives a way on, and nothing typed is lost", async () => {
  const [company] = await examples("company", "rep");
  const page = await world.open("/hubspot", "rep");
  const answers: (number | "real")[] = [503, 504, 429];
  await page.route("**/hubspot/proxy", async (route) => {
    const next = answers.shift() ?? "real";
    if (next === "real") await route.continue();
    else await route.fulfill({ status: next, body: "<html>Bad gateway</html>", contentType: "text/html" });
  });
  await page.goto(`${world.demo.url}/hubspot/company/${company!.id}`);
  const again = page.getByRole("button", { name: "Try again" });
  for (const title of ["Pandora can't be reached", "No answer yet", "A little too fast"]) {
    await page.getByRole("heading", { name: title }).waitFor();
    if (title === "No answer yet") await world.picture(page, "hubspot-no-answer");
    await again.click();
  }
  await page.getByRole("button", { name: "Dismiss" }).first().click();
  const modal = page.getByRole("dialog", { name: "Dismiss this call?" });
  await modal.getByLabel("Reason").selectOption({ label: "Another reason" });
  await modal.getByLabel("Note").fill("Typed before the cut.");
  answers.push(503);
  await modal.getByRole("button", { name: "Dismiss", exact: true }).click();
  await modal.getByText("Pandora can't be reached").waitFor();
  expect(await modal.getByLabel("Note").inputValue()).toBe("Typed before the cut.");
  await modal.getByRole("button", { name: "Dismiss", exact: true }).click();
  await page.getByText(/was dismissed\./).waitFor();
  await page.getByRole("button", { name: "Restore" }).first().click();
  await page.getByText(/is back on the list\./).waitFor();
  await page.close();
  // The browser tells of each answer that was no success.
  world.complaints.splice(0, Number.POSITIVE_INFINITY, ...world.complaints.filter((line) => !/503|504|429/.test(line)));
});

test("everything goes by keyboard: a panel opens, keeps the focus, and gives it back", async () => {
  const [company] = await examples("company", "rep");
  const page = await world.open(`/hubspot/company/${company!.id}`, "rep");
  const button = page.getByRole("button", { name: "Create deal" }).first();
  await button.focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: "Create deal" });
  await panel.getByLabel("Deal name").waitFor();
  for (let step = 0; step < 40; step += 1) await page.keyboard.press("Tab");
  expect(await panel.evaluate((box) => box.contains(box.ownerDocument.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  expect(await button.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  await page.close();
});

test("the home page shows the team's calls, week by week, and what to look at first", async () => {
  const page = await world.open("/hubspot/home", "rep");
  await page.getByText("Waiting for a deal").waitFor();
  await page.getByRole("img", { name: /^Week by week/ }).waitFor();
  await page.getByRole("heading", { name: /^Look at these first/ }).waitFor();
  await page.getByText("Last sync").waitFor();
  await world.picture(page, "hubspot-home", { whole: true });
  await page.close();
});

test("what the pages' scripts complained of: nothing", () => {
  expect(world.complaints).toEqual([]);
});

async function expectValue(field: ReturnType<Page["getByLabel"]>, value: RegExp): Promise<void> {
  expect(await field.locator("option:checked").textContent()).toMatch(value);
}
