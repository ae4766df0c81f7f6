/** Dry run and sync, and the log: progress, reports in words, what can be done, undo with its outcomes, the way out. */
import {
  EmptyState,
  Link,
  LoadingButton,
  Modal,
  MultiSelect,
  Panel,
  ProgressBar,
  Select,
  StatisticsItem,
  StatusTag,
} from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { problem } from "../support/server.ts";
import { textOf } from "../support/tree.ts";
import { buttonNamed, openSettings } from "./support/open.tsx";
import { connectionOf, entryOf, idOf, listed, mappingOf, repSession, runOf, sessionOf } from "./support/samples.ts";

const id = idOf(20);
const change = (n: number, more = {}) => ({
  ...{ id: idOf(100 + n), mapping_id: idOf(10), crm_type: "hubspot", crm_object_type: "deal", crm_record_id: `${n}` },
  ...{ crm_property_name: "pandora_deal_score", record_name: `Deal ${n}`, record_url: null, decision: "write" },
  ...{ reason: null, reason_text: null, before: "50", after: "61" },
  ...more,
});

test("nothing has run, and there is nothing to run: the templates are the way on", async () => {
  const page = await openSettings("runs", { "GET crm-writeback/mappings": listed() });
  await page.until(() => expect(page.tab().find(EmptyState).props.title).toBe("Nothing to sync yet"));
  expect(page.says()).toContain("Nothing has run yet.");
});

test("a dry run of some mappings is started once, watched to its end, and reports in words", async () => {
  const report = { total: 10, would_change: 6, unchanged: 2, skipped: 1, invalid: 1 };
  const totals = {
    records: 10,
    done: 10,
    written: 6,
    already_current: 2,
    skipped: { no_value: 1 },
    errors: { value_refused: 1 },
  };
  let looks = 0;
  const page = await openSettings("runs", {
    "POST crm-writeback/dry-run": runOf({ kind: "dry_run", status: "queued" }),
    [`GET crm-writeback/runs/${id}`]: () => {
      looks += 1;
      if (looks > 2) return runOf({ kind: "dry_run", report, totals });
      const halfway = { ...totals, done: 5, written: 5, skipped: {}, errors: {}, already_current: 0 };
      return runOf({ kind: "dry_run", status: "running", totals: halfway, rate_per_s: 5, eta_s: 1, finished_at: null });
    },
    [`GET crm-writeback/runs/${id}/changes`]: listed(change(1)),
  });
  await page.until(() => page.find(MultiSelect));
  page.find(MultiSelect).trigger("onChange", [idOf(10)] as never);
  await page.until(() => expect(page.find(MultiSelect).props.value).toEqual([idOf(10)]));
  buttonNamed(page, "Start a dry run").press();
  buttonNamed(page, "Start a dry run").press();
  await page.until(() => expect(page.find(ProgressBar).props).toMatchObject({ value: 50, showPercentage: true }));
  expect(page.says()).toContain("5 values looked at · 10 records in scope · 5 a second · about 1 second left");
  await page.until(() => expect(page.says()).toContain("What a sync would do. Nothing was written."));
  expect(page.findAll(StatisticsItem).map(({ props }) => `${props.label} ${props.number}`)).toEqual([
    ...["Would change 6", "Right already 2", "Left alone 1", "Can't be written 1", "Values looked at 10"],
  ]);
  expect(page.says()).toContain("Pandora has no value for the record yet");
  expect(page.says()).toContain("HubSpot refused the value");
  const starts = page.server.asked.filter(({ path }) => path === "crm-writeback/dry-run");
  expect(starts.map(({ body }) => body)).toEqual([{ mapping_ids: [idOf(10)], request_id: expect.any(String) }]);
  await page.until(() => expect(page.says()).toContain("Deal 1"));
});

test("with both CRMs connected, all means all of HubSpot's that are on", async () => {
  const both = sessionOf();
  const page = await openSettings("runs", {
    "GET session": { ...both, connections: [...both.connections, { ...both.connections[0], crm: "salesforce" }] },
    "GET crm-writeback/mappings": listed(mappingOf(), mappingOf({ id: idOf(11), status: "paused" })),
    "POST crm-writeback/sync-all": runOf({ status: "queued" }),
    [`GET crm-writeback/runs/${id}`]: runOf(),
  });
  await page.until(() => page.find(MultiSelect));
  buttonNamed(page, "Sync now").press();
  await page.until(() => expect(page.server.times("POST crm-writeback/sync-all")).toBe(1));
  expect(page.server.asked.find(({ path }) => path === "crm-writeback/sync-all")!.body).toMatchObject({
    mapping_ids: [idOf(10)],
  });
});

test("a sync that paused says why, and goes on or is cancelled", async () => {
  const paused = runOf({ status: "paused", status_reason: "It would replace more than half of the values." });
  const page = await openSettings("runs", {
    "GET crm-writeback/runs": listed(paused),
    [`GET crm-writeback/runs/${id}`]: paused,
    [`POST crm-writeback/runs/${id}/resume`]: runOf({ status: "running", finished_at: null }),
  });
  await page.until(() => expect(page.says()).toContain("It would replace more than half of the values."));
  expect(buttonNamed(page, "Cancel")).toBeTruthy();
  page.server.answer(`GET crm-writeback/runs/${id}`, runOf());
  buttonNamed(page, "Go on").press();
  await page.until(() => expect(page.says()).toContain("Written and confirmed"));
  await page.until(() => expect(page.says()).not.toContain("It paused and asks"));
});

test("undo of a run is asked about; failed values can be tried again", async () => {
  const run = runOf({
    totals: { records: 3, done: 3, written: 2, already_current: 0, skipped: {}, errors: { no_result: 1 } },
  });
  const page = await openSettings("runs", {
    "GET crm-writeback/runs": listed(run),
    [`GET crm-writeback/runs/${id}`]: run,
    [`GET crm-writeback/runs/${id}/changes`]: listed(change(1)),
    [`POST crm-writeback/runs/${id}/undo`]: runOf({ id: idOf(21), kind: "undo" }),
    [`GET crm-writeback/runs/${idOf(21)}`]: runOf({ id: idOf(21), kind: "undo" }),
  });
  await page.until(() => page.overlay("run-undo"));
  expect(buttonNamed(page, "Try the failed ones again")).toBeTruthy();
  expect(page.overlay("run-undo").find(Modal).props).toMatchObject({ title: "Undo the whole run?", variant: "danger" });
  page.overlay("run-undo").find(LoadingButton).trigger("onClick");
  await page.until(() => expect(page.says()).toContain("Put back"));
  expect(page.server.times(`POST crm-writeback/runs/${id}/undo`)).toBe(1);
});

test("changes are paged through and filtered", async () => {
  const page = await openSettings("runs", {
    "GET crm-writeback/runs": listed(runOf()),
    [`GET crm-writeback/runs/${id}`]: runOf(),
    [`GET crm-writeback/runs/${id}/changes`]: ({ query }: { query: URLSearchParams }) => {
      if (query.get("decision") === "skip")
        return listed(change(9, { decision: "skip", reason_text: "Kept as it is" }));
      return query.get("cursor") ? listed(change(2)) : { items: [change(1)], next_cursor: "next" };
    },
  });
  await page.until(() => expect(page.says()).toContain("Deal 1"));
  buttonNamed(page, "Show more").press();
  await page.until(() => expect(page.says()).toContain("Deal 2"));
  page.find(Select, { name: "changes-kind" }).trigger("onChange", "skip" as never);
  await page.until(() => expect(page.says()).toContain("Kept as it is"));
  expect(page.says()).not.toContain("Deal 2");
});

test("who is no admin sees runs, and starts none", async () => {
  const page = await openSettings("runs", {
    "GET session": repSession(),
    "GET crm-writeback/runs": listed(runOf()),
    [`GET crm-writeback/runs/${id}`]: runOf(),
    [`GET crm-writeback/runs/${id}/changes`]: listed(change(1)),
  });
  await page.until(() => expect(page.says()).toContain("Deal 1"));
  expect(() => buttonNamed(page, "Sync now")).toThrow();
  expect(() => page.overlay("run-undo")).toThrow();
});

const withLog = (routes = {}) => openSettings("log", { "GET crm-writeback/log": listed(entryOf()), ...routes });

test("an entry says what, why, who and when, and leads to the record", async () => {
  const page = await withLog({
    "GET crm-writeback/log": listed(
      entryOf(),
      entryOf({
        ...{ id: idOf(31), status: "skipped", reason_text: "Kept: someone changed it", previous_value: "Mine" },
        ...{ can_undo: false, trigger_source: "skill_run:deal-score", initiated_by: "pandora", crm_type: "salesforce" },
      }),
    ),
  });
  await page.until(() => expect(page.says()).toContain("Acme renewal"));
  expect(page.says()).toContain("Before: 50 After: 61");
  expect(page.says()).toContain("Ada, by hand");
  expect(page.says()).toContain("Stays: Mine");
  expect(page.says()).toContain("Pandora, after an analysis");
  expect(page.says()).toContain("Deals, Salesforce");
  expect(page.tab().find(Link).props.href).toEqual({ url: "https://hs.test/deal/501", external: true });
  expect(page.tab().findAll(StatusTag).map(textOf)).toEqual(["Written", "Left alone"]);
  expect(page.says()).not.toMatch(/0190f3c2|pandora_deal_score|skill_run/);
});

test("filters are asked for in the API's terms; where nothing matches, they can be cleared", async () => {
  const page = await withLog();
  await page.until(() => page.find(Select, { name: "log-status" }));
  page.server.answer("GET crm-writeback/log", listed());
  page.find(Select, { name: "log-status" }).trigger("onChange", "error" as never);
  await page.until(() => expect(page.says()).toContain("Nothing matches these filters."));
  const last = page.server.asked.filter(({ path }) => path === "crm-writeback/log").at(-1)!;
  expect(last.query.get("status")).toBe("error");
  page.server.answer("GET crm-writeback/log", listed(entryOf()));
  buttonNamed(page, "Clear the filters").press();
  await page.until(() => expect(page.says()).toContain("Acme renewal"));
});

test.each([
  ["put back", entryOf({ status: "success", undoes: idOf(30) }), "Put back: Pandora deal score of Acme renewal."],
  [
    "left alone",
    entryOf({ status: "skipped", reason_text: "Left alone: someone changed it in the CRM since Pandora's last write" }),
    "Left alone: someone changed it in the CRM since Pandora's last write.",
  ],
  ["not certain", entryOf({ status: "error", reason_text: "Failed: gone" }), "Not put back. Failed: gone."],
  ["refused", problem(409, "write_in_progress"), "Something changed meanwhile. Says write_in_progress."],
])("an undo is %s, and says so; pressed twice it is asked for once", async (_what, answer, said) => {
  const page = await withLog({ [`POST crm-writeback/log/${idOf(30)}/undo`]: answer });
  await page.until(() => page.findByTestId(LoadingButton, `undo-${idOf(30)}`));
  const button = page.findByTestId(LoadingButton, `undo-${idOf(30)}`);
  button.trigger("onClick");
  button.trigger("onClick");
  await page.until(() => expect(page.told()).toContain(said));
  expect(page.server.times(`POST crm-writeback/log/${idOf(30)}/undo`)).toBe(1);
});

test("who may not undo sees no button for it", async () => {
  const page = await withLog({ "GET session": repSession() });
  await page.until(() => expect(page.says()).toContain("Acme renewal"));
  expect(() => page.findByTestId(LoadingButton, `undo-${idOf(30)}`)).toThrow();
});

test("the log is copied page by page, formula-safe, with the filters that are set", async () => {
  const page = await withLog({
    "GET crm-writeback/log": ({ query }: { query: URLSearchParams }) =>
      query.get("cursor")
        ? listed(entryOf({ id: idOf(32), record_name: "=HYPERLINK()" }))
        : { items: [entryOf()], next_cursor: "next" },
    "POST crm-writeback/log/export-link": {
      url: "https://p.test/downloads/log?ticket=t",
      expires_at: "2026-11-12T08:10:00Z",
    },
  });
  await page.until(() => page.overlay("export-log"));
  const panel = () => page.overlay("export-log");
  panel().find(Panel).trigger("onOpen");
  await page.until(() => buttonNamed(panel(), "Copy"));
  buttonNamed(panel(), "Copy").press();
  await page.until(() => expect(page.told()).toContain("2 entries are on the clipboard."));
  const [text] = page.mocks.actions.copyTextToClipboard.calls[0]!;
  expect(text).toMatch(/^When,What happened,Reason,Object,Record,/);
  expect(text).toContain("'=HYPERLINK()");
  buttonNamed(panel(), "Make a download link").press();
  await page.until(() =>
    expect(panel().find(Link).props.href).toMatchObject({ url: expect.stringContaining("ticket=t") }),
  );
});

test("a connection that has to be renewed is said where the log can't be read", async () => {
  const page = await withLog({
    "GET connections/hubspot": connectionOf({ status: "needs_reconnect" }),
    "GET crm-writeback/log": problem(503, "down"),
  });
  await page.until(() => expect(page.says()).toContain("Pandora can't be reached"));
});

test("a later look that fails leaves what is there, and says that it may be old", async () => {
  const page = await withLog();
  await page.until(() => expect(page.says()).toContain("Acme renewal"));
  page.server.answer("GET crm-writeback/log", 502);
  buttonNamed(page, "Refresh").press();
  await page.until(() => expect(page.says()).toContain("What you see may be a little old: the last look failed."));
  expect(page.says()).toContain("Acme renewal");
});
