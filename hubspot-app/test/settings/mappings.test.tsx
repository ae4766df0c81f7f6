/** The list of mappings: its states, what each row says, and what can be done with one. */
import {
  Dropdown,
  EmptyState,
  ErrorState,
  LoadingButton,
  Modal,
  StatusTag,
  TableRow,
  Toggle,
} from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { problem } from "../support/server.ts";
import { textOf } from "../support/tree.ts";
import { buttonNamed, openSettings } from "./support/open.tsx";
import { fieldOf, idOf, listed, mappingOf, repSession, runOf } from "./support/samples.ts";

const place = `crm-writeback/mappings/${idOf(10)}`;

test("loading first, then each mapping in words", async () => {
  let answer = (_: unknown) => {};
  const page = await openSettings("mappings", {
    "GET crm-writeback/mappings": () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  await page.until(() => expect(page.says()).toContain("Loading…"));
  answer(
    listed(
      mappingOf({
        recent_writes: [
          {
            ...{ log_id: idOf(1), crm_record_id: "501", record_name: "Acme renewal", record_url: null },
            ...{ value_written: "61", status: "success", reason_text: null, at: new Date().toISOString() },
          },
        ],
      }),
      mappingOf({
        ...{ id: idOf(11), write_mode: "append", sync_trigger: "scheduled", schedule: "0 6 * * 1-5" },
        ...{
          status: "broken",
          status_reason: "The property was deleted in HubSpot.",
          write_condition: "score_above:70",
        },
      }),
    ),
  );
  await page.until(() => expect(page.findAll(TableRow).length).toBeGreaterThan(2));
  const said = page.says();
  expect(said).toContain("Replace, but keep what people changed");
  expect(said).toContain("Wrote “61”");
  expect(said).toContain("Acme renewal");
  expect(said).toContain("Monday to Friday at 06:00");
  expect(said).toContain("under a condition");
  expect(said).toContain("The property was deleted in HubSpot.");
  expect(page.tab().findAll(StatusTag).map(textOf)).toEqual(["On", "Stopped"]);
});

test("where nothing is mapped the templates are proposed", async () => {
  const page = await openSettings("mappings", { "GET crm-writeback/mappings": listed() });
  await page.until(() => expect(page.find(EmptyState).props.title).toBe("Nothing is written to HubSpot yet"));
  expect(buttonNamed(page, "See the templates")).toBeTruthy();
});

test("a failure has a way out", async () => {
  const page = await openSettings("mappings", { "GET crm-writeback/mappings": 502 });
  await page.until(() => page.find(ErrorState));
  page.server.answer("GET crm-writeback/mappings", listed(mappingOf()));
  buttonNamed(page, "Try again").press();
  await page.until(() => expect(page.says()).toContain("to “Pandora deal score”"));
});

test("the switch pauses a mapping, once, however often it is pressed", async () => {
  const page = await openSettings("mappings", { [`PATCH ${place}`]: mappingOf({ status: "paused" }) });
  await page.until(() => page.find(Toggle));
  page.server.answer("GET crm-writeback/mappings", listed(mappingOf({ status: "paused" })));
  const toggle = page.find(Toggle);
  expect(toggle.props.label).toBe("Deal score: on or off");
  toggle.trigger("onChange", false as never);
  toggle.trigger("onChange", false as never);
  await page.until(() => expect(page.told()).toContain("“Deal score” is paused."));
  const sent = page.server.asked.filter(({ method }) => method === "PATCH");
  expect(sent).toHaveLength(1);
  expect(sent[0]!.body).toEqual({ status: "paused", request_id: expect.any(String) });
  await page.until(() => expect(page.tab().findAll(StatusTag).map(textOf)).toEqual(["Paused"]));
});

test("a refusal is told in the server's words, and the switch stays where it was", async () => {
  const page = await openSettings("mappings", { [`PATCH ${place}`]: problem(409, "mapping_broken") });
  await page.until(() => page.find(Toggle));
  page.find(Toggle).trigger("onChange", false as never);
  await page.until(() => expect(page.told().join()).toContain("Says mapping_broken."));
  expect(page.find(Toggle).props.checked).toBe(true);
});

const item = (page: Awaited<ReturnType<typeof openSettings>>, name: string) =>
  page.findAll(Dropdown.ButtonItem).find((each) => textOf(each) === name)!;

test("deleting is asked about; the mapping goes once, under one request id even after a lost answer", async () => {
  const page = await openSettings("mappings", { [`DELETE ${place}`]: 502 });
  await page.until(() => page.find(Dropdown));
  const question = () => item(page, "Delete").props.overlay!;
  expect(question().find(Modal).props).toMatchObject({ title: "Delete this mapping?", variant: "danger" });
  question().find(LoadingButton).trigger("onClick");
  await page.until(() => expect(textOf(question())).toContain("can't be reached"));
  page.server.answer(`DELETE ${place}`, { deleted: true });
  page.server.answer("GET crm-writeback/mappings", listed());
  question().find(LoadingButton).trigger("onClick");
  await page.until(() => page.find(EmptyState));
  const ids = page.server.asked.filter(({ method }) => method === "DELETE").map(({ query }) => query.get("request_id"));
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
  expect(page.mocks.actions.closeOverlay.calls).toEqual([[`delete-mapping-${idOf(10)}`]]);
});

test("taking over existing values is offered where they are kept, and opens the run", async () => {
  const page = await openSettings("mappings", {
    [`POST ${place}/adopt`]: runOf({ status: "running" }),
    [`GET crm-writeback/runs/${idOf(20)}`]: runOf(),
  });
  await page.until(() => page.find(Dropdown));
  item(page, "Take over existing values").props.overlay!.find(LoadingButton).trigger("onClick");
  await page.until(() => expect(page.server.times(`GET crm-writeback/runs/${idOf(20)}`)).toBeGreaterThan(0));
});

test("a mapping that replaces everything has nothing to take over", async () => {
  const page = await openSettings("mappings", {
    "GET crm-writeback/mappings": listed(mappingOf({ keep_human_edits: false })),
  });
  await page.until(() => page.find(Dropdown));
  expect(item(page, "Take over existing values")).toBeUndefined();
});

test("who is no admin sees the mappings, and nothing to press", async () => {
  const page = await openSettings("mappings", { "GET session": repSession() });
  await page.until(() => expect(page.says()).toContain("to “Pandora deal score”"));
  expect(page.findAll(Toggle)).toHaveLength(0);
  expect(page.findAll(Dropdown)).toHaveLength(0);
  expect(() => buttonNamed(page, "Add a mapping")).toThrow();
  expect(textOf(page.getRootNode())).toContain("You can look, but not change");
  expect(page.server.times("GET members")).toBe(0);
});

test("the value's own name leads the row; an unknown one is called by its property", async () => {
  const page = await openSettings("mappings", {
    "GET crm-writeback/fields": listed(fieldOf({ name: "other", label: "Other" })),
  });
  await page.until(() => expect(page.says()).toContain("Pandora deal score"));
});
