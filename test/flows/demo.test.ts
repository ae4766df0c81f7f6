/** The demo, small: the whole product once through, from the marketplace's button to an undo on the page. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Creation } from "../../backend/contract/creations.ts";
import type { Gap, GapSummary } from "../../backend/contract/gaps.ts";
import type { LogEntry } from "../../backend/contract/log.ts";
import type { Run } from "../../backend/contract/runs.ts";
import { createApi } from "../../backend/demo/api.ts";
import type { listDeals } from "../../backend/demo/deals.ts";
import { type Demo, runDemo } from "../../backend/demo/run.ts";
import { createTerminal } from "../../backend/demo/terminal.ts";
import { createLogger } from "../../backend/logger.ts";
import { freePort } from "../../backend/postgres-binaries.ts";

let demo: Demo;
const folder = mkdtempSync(path.join(tmpdir(), "pandora-demo-"));
chmodSync(folder, 0o755);
let printed = "";

beforeAll(async () => {
  demo = await runDemo({
    ...{ port: await freePort(), dataDir: path.join(folder, "data"), log: createLogger("silent") },
    size: { deals: 160, companies: 40, contacts: 120 },
    terminal: createTerminal({ write: (text) => (printed += text) }),
  });
});
afterAll(async () => {
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("both CRMs are connected and written to, and only what people touched was kept", async () => {
  const api = createApi(demo.url, demo.apiKey);
  const { items } = await api.get<{ items: Run[] }>("crm-writeback/runs?limit=20");
  const syncs = items.filter((run) => run.kind === "sync" && run.trigger === "manual");
  const [second, first] = syncs;
  expect(first!.totals.written).toBeGreaterThan(500);
  expect(first!.totals.skipped).toEqual({ value_predates_pandora: 24 });
  expect(second!.totals.skipped.changed_in_crm).toBe(9);
  expect(items.some((run) => run.trigger === "skill_run:deal-score" && run.totals.written > 0)).toBe(true);
  expect(printed).toMatch(/✓ First sync .* s /);
});

test("calls arrived: most belong to a deal, and gaps of each severity are listed with what to do", async () => {
  const api = createApi(demo.url, demo.apiKey);
  const summary = await api.get<GapSummary>("conversations/without-deals/summary");
  for (const severity of ["high", "medium", "low"] as const) expect(summary.by_severity[severity]).toBeGreaterThan(0);
  const { items } = await api.get<{ items: Gap[] }>("conversations/without-deals?limit=100");
  expect(items).toHaveLength(summary.pending);
  const stranger = items.find((gap) => gap.company === null && gap.title.startsWith("Discovery call"));
  expect(stranger).toMatchObject({ severity: "high", likely_cause: "deal_not_created" });
  expect(printed).toMatch(/calls, \d+ without a deal: \d+ high/);
});

test.each(["hubspot", "salesforce"] as const)(
  "a deal made of a call stands in %s with people and note, once",
  async (crm) => {
    const api = createApi(demo.url, demo.apiKey);
    const { items } = await api.get<{ items: Gap[] }>("conversations/without-deals?company=none&limit=100");
    const call = items.find((gap) => gap.title.startsWith("Discovery call"))!;
    const path = `conversations/without-deals/${call.conversation_id}/create-deal`;
    const made = await api.post<Creation>(path, { crm, deal_name: `New: ${call.title}`, amount: 12_000 });
    expect(made).toMatchObject({ status: "created", existing: false, warnings: [] });
    expect(made.contacts_created.map((contact) => contact.email?.split("@")[0])).toEqual(["mara", "tobias"]);
    for (const { crm_id } of made.contacts_created) expect(demo.crms[crm].record("contact", crm_id)).not.toBeNull();
    const deal = demo.crms[crm].record("deal", made.deal_crm_id!)!;
    expect(deal[crm === "hubspot" ? "dealname" : "Name"]).toBe(`New: ${call.title}`);
    expect(Number(deal[crm === "hubspot" ? "amount" : "Amount"])).toBe(12_000);
    const [note, ...more] = demo.crms[crm].notes(made.deal_crm_id!);
    expect(note).toContain(call.url);
    expect(more).toEqual([]);
    const again = await api.post<Creation>(path, { crm, deal_name: "A second click" });
    expect(again).toMatchObject({ existing: true, deal_crm_id: made.deal_crm_id });
    const { items: left } = await api.get<{ items: Gap[] }>("conversations/without-deals?company=none&limit=100");
    expect(left.map((gap) => gap.conversation_id)).not.toContain(call.conversation_id);
  },
);

test("the page carries what it needs, from this machine only, and opens on localhost only", async () => {
  const page = await fetch(`${demo.url}/`);
  const text = await page.text();
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(text).toContain(demo.apiKey);
  const sources = [...text.matchAll(/(?:src|href)="(\/demo\/page\/[^"]+)"/g)].map(([, file]) => file!);
  expect(sources.length).toBeGreaterThan(4);
  for (const file of sources) expect([file, (await fetch(demo.url + file)).status]).toEqual([file, 200]);
  expect(text).not.toMatch(/(src|href)="https?:/);
  expect((await fetch(`${demo.url}/demo/page/..%2f..%2fdemo.ts`)).status).toBe(404);
  expect(await statusUnderName(demo.url, "evil.example")).toBe(403);
  expect(await statusUnderName(demo.url, new URL(demo.url).host)).toBe(200);
});

test("the table shows what the CRM holds, sorted, searched and filtered", async () => {
  const read = async (query: string) => (await fetch(`${demo.url}/demo/deals?${query}`)).json() as Promise<Deals>;
  const worst = await read("crm=salesforce&sort=score&dir=asc&limit=100");
  const scores = worst.items.flatMap((deal) => deal.score ?? []);
  expect(scores.length).toBeGreaterThan(20);
  expect(scores).toEqual([...scores].sort((one, other) => one - other));
  const deal = worst.items[0]!;
  expect(demo.crms.salesforce.record("deal", deal.crm_id)?.["Pandora_Deal_Score__c"]).toBe(String(deal.score));
  const found = await read(`crm=salesforce&q=${encodeURIComponent(deal.name)}`);
  expect(found.items.map((each) => each.crm_id)).toContain(deal.crm_id);
  const fair = await read("crm=salesforce&label=Fair&limit=100");
  expect(fair.total).toBe(worst.spread.find((part) => part.label === "Fair")!.deals);
});

test("a value typed on the CRM's record page is there, and an undo leaves it alone", async () => {
  const api = createApi(demo.url, demo.apiKey);
  const { items } = await api.get<{ items: LogEntry[] }>("crm-writeback/log?status=success&limit=100");
  const entry = items.find((each) => each.can_undo && each.crm_property_name === "pandora_risk_summary")!;
  const at = { method: "POST", redirect: "manual" as const };
  const body = new URLSearchParams({ property: entry.crm_property_name, value: "I know better." });
  const refused = await fetch(entry.record_url!, { ...at, body, headers: { origin: "https://evil.example" } });
  expect(refused.status).toBe(403);
  expect((await fetch(entry.record_url!, { ...at, body, headers: { origin: demo.url } })).status).toBe(303);
  expect(await (await fetch(entry.record_url!)).text()).toContain("I know better.");
  const undone = await api.post<LogEntry>(`crm-writeback/log/${entry.id}/undo`);
  expect(undone).toMatchObject({ status: "skipped", skip_reason: "edited_since" });
  expect(demo.crms.hubspot.record("deal", entry.crm_record_id)?.["pandora_risk_summary"]).toBe("I know better.");
});

test("a second demo on the same port says that it is taken and leaves the first alone", async () => {
  const again = runDemo({
    ...{ port: Number(new URL(demo.url).port), dataDir: path.join(folder, "data"), log: createLogger("silent") },
    ...{ size: { deals: 1, companies: 1, contacts: 1 }, terminal: createTerminal({ write: () => {} }) },
  });
  await expect(again).rejects.toThrow(/Port \d+ is taken/);
  expect((await fetch(`${demo.url}/ready`)).status).toBe(200);
});

test("stopping it leaves no database running", async () => {
  await demo.stop();
  const home = readdirSync(path.join(folder, "data")).find((name) => /^postgres-\d+$/.test(name))!;
  expect(existsSync(path.join(folder, "data", home, "data/postmaster.pid"))).toBe(false);
});

type Deals = Awaited<ReturnType<typeof listDeals>>;

/** A name that an attacker's DNS points at this machine; `fetch` would not let us send it. */
function statusUnderName(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    request({ host: "127.0.0.1", port, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once("error", reject)
      .end();
  });
}
