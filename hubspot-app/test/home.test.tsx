/** The home page: tiles, whose calls, week by week, what to look at first, and what is running. */
import { BarChart, Button, ErrorState, ProgressBar, StatisticsItem, StatusTag, TableRow } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import type { GapSummary, GapTrend, Run, Session } from "@pandora/hs-shared";
import { expect, test } from "vitest";
import { HomePage } from "../src/app/pages/components/HomePage.tsx";
import { gapId, gapOf } from "./support/samples.ts";
import { type FakeServer, fakeServer, problem } from "./support/server.ts";
import { textOf } from "./support/tree.ts";

const session = {
  workspace: { id: gapId, name: "Acme", time_zone: "UTC", currency: "EUR" },
  user: { id: "u", name: "Ann", email: null },
  ...{ role: "rep", via: "hubspot", connections: [], abilities: ["read", "act_on_gaps"] },
} satisfies Session as Session;

const summary: GapSummary = {
  ...{ pending: 7, by_severity: { high: 4, medium: 2, low: 1 }, by_cause: [] },
  by_rep: [
    { rep: "Ann", email: "ann@us.test", high: 4, medium: 1, low: 0, pending: 5 },
    { rep: null, email: null, high: 0, medium: 1, low: 1, pending: 2 },
  ],
  this_month: { created: 3, linked: 2, dismissed: 1, since: "2026-11-01T00:00:00.000Z" },
  estimated_pipeline: { by_currency: [{ currency: "EUR", amount: 84_000, median: 12_000, deals: 40, share: 1 }] },
  estimated_pipeline_text: "7 calls × 12,000 EUR.",
};

const trend: GapTrend = {
  weeks: [{ week: "2026-11-09", found: 6, created: 1, linked: 1, dismissed: 1, still_open: 3 }],
};

function runOf(change: Partial<Run>): Run {
  return {
    ...{ id: gapId, kind: "sync", trigger: "manual", status: "completed", status_reason: null, by_mapping: [] },
    totals: { done: 50, written: 20, already_current: 30, skipped: {}, errors: {}, records: 100 },
    ...{ rate_per_s: 12, eta_s: 90, crm_calls: 3, initiated_by: "Ann", created_at: "2026-11-12T08:00:00.000Z" },
    ...{ started_at: "2026-11-12T08:00:00.000Z", finished_at: "2026-11-12T08:10:00.000Z" },
    ...change,
  };
}

function open(more: Record<string, unknown> = {}): { server: FakeServer; page: ReturnType<typeof draw> } {
  const server = fakeServer({
    "GET session": session,
    "GET conversations/without-deals/summary": summary,
    "GET conversations/without-deals/trend": trend,
    "GET conversations/without-deals": { items: [gapOf()], next_cursor: null },
    "GET crm-writeback/runs": { items: [runOf({})], next_cursor: null },
    ...more,
  });
  return { server, page: draw() };
}

function draw() {
  const shown = createRenderer("pages");
  shown.render(<HomePage context={shown.mocks.context} actions={shown.mocks.actions} />);
  return { ...shown, says: () => textOf(shown.getRootNode()) };
}

test("tiles, whose calls, the weeks, the first calls with their actions, and the last sync", async () => {
  const { page } = open();
  await page.waitFor(() => {
    expect(page.findAll(BarChart)).toHaveLength(2);
    page.find(StatusTag);
    page.findByTestId(Button, `create-${gapId}`);
  });
  expect(page.findAll(StatisticsItem).map(({ props }) => [props.label, props.number])).toEqual([
    ["Waiting for a deal", "7"],
    ["May be worth", "€84,000"],
    ["Deals created this month", "3"],
    ["Linked this month", "2"],
    ["Dismissed this month", "1"],
  ]);
  expect(page.findAll(TableRow).map(textOf)).toEqual([
    ...["Rep High Medium Low Total", "Ann 4 1 0 5", "No rep known 0 1 1 2"],
  ]);
  const [bySeverity, byWeek] = page.findAll(BarChart).map(({ props }) => props.data);
  expect(bySeverity).toEqual([
    { severity: "High", calls: 4 },
    { severity: "Medium", calls: 2 },
    { severity: "Low", calls: 1 },
  ]);
  expect(byWeek).toContainEqual({ week: "Nov 9", kind: "Still open", calls: 3 });
  expect(page.says()).toContain("Look at these first (1 of 7)");
  expect(page.says()).toMatch(/Sync: Done 20 written, 50 looked at · Finished/);
});

test("a viewer may look, and is offered nothing else", async () => {
  const { page } = open({ "GET session": { ...session, role: "viewer", abilities: ["read"] } });
  await page.waitFor(() => expect(page.says()).toContain("Pricing call"));
  expect(page.findAll(Button)).toEqual([]);
});

test("nothing to do is good news", async () => {
  const { page } = open({
    "GET conversations/without-deals": { items: [], next_cursor: null },
    "GET conversations/without-deals/summary": { ...summary, pending: 0, by_rep: [], estimated_pipeline: null },
    "GET conversations/without-deals/trend": { weeks: [{ ...trend.weeks[0]!, found: 0 }] },
    "GET crm-writeback/runs": { items: [], next_cursor: null },
  });
  await page.waitFor(() => expect(page.says()).toContain("All calls have their deal"));
  await page.waitFor(() => expect(page.says()).toContain("Nothing has been synced yet."));
  expect(page.says()).toContain("Not known yet");
  expect(page.says()).toContain("No call without a deal in the last weeks.");
});

test("an account that is not connected gives one message, and asks for nothing more", async () => {
  const { server, page } = open({
    "GET session": problem(403, "app_not_connected", { connect_url: "https://x.test/start" }),
  });
  await page.waitFor(() => page.find(ErrorState));
  expect(page.says()).toContain("not connected yet");
  expect(page.says()).toContain("Connect Pandora");
  expect(server.asked).toHaveLength(1);
});

test("one part that fails leaves the others standing, and is read again by itself", async () => {
  const { server, page } = open({ "GET conversations/without-deals/trend": 502 });
  await page.waitFor(() => page.find(ErrorState));
  await page.waitFor(() => expect(page.findAll(StatisticsItem)).toHaveLength(5));
  server.answer("GET conversations/without-deals/trend", trend);
  page.find(ErrorState).find(Button).trigger("onClick");
  await page.waitFor(() => expect(page.maybeFind(ErrorState)).toBeNull());
  expect(server.times("GET session")).toBe(1);
});

test("a sync that runs shows how far it is, and ends as what it became", async () => {
  const running = runOf({ status: "running", finished_at: null, by_mapping: [{}, {}] as never });
  const { page } = open({
    "GET crm-writeback/runs": { items: [running], next_cursor: null },
    [`GET crm-writeback/runs/${gapId}`]: runOf({ status: "completed_with_errors" }),
  });
  await page.waitFor(() => page.find(ProgressBar));
  expect(page.find(ProgressBar).props).toMatchObject({ title: "Sync: Running", value: 50, maxValue: 200 });
  expect(page.find(ProgressBar).props.valueDescription).toBe(
    "20 written, 50 looked at · 12 a second · about 2 min left",
  );
  await page.waitFor(() => expect(page.find(StatusTag).props.variant).toBe("warning"), { timeoutInMs: 10_000 });
  expect(page.says()).toContain("Done, some values failed");
});
