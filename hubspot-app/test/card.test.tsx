/** The record card: its states, one request to content, and who is offered what. */
import {
  Accordion,
  Alert,
  Button,
  ErrorState,
  LineChart,
  LoadingSpinner,
  ScoreCircle,
  TableRow,
} from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { expect, test } from "vitest";
import { RecordCard } from "../src/app/cards/components/RecordCard.tsx";
import { cardOf, gapId, gapOf } from "./support/samples.ts";
import { fakeServer, problem } from "./support/server.ts";
import { textOf } from "./support/tree.ts";

function open(objectTypeId = "0-3") {
  const shown = createRenderer("crm.record.tab");
  const context = { ...shown.mocks.context, crm: { objectId: 501, objectTypeId } };
  shown.render(<RecordCard context={context} actions={shown.mocks.actions as never} />);
  return { ...shown, says: () => textOf(shown.getRootNode()) };
}

test("a spinner, then everything, in one request", async () => {
  const server = fakeServer({ "GET records/deal/501": cardOf() });
  const card = open();
  expect(card.find(LoadingSpinner).props.label).toMatch(/Loading/);
  await card.waitFor(() => card.find(ScoreCircle));
  expect(card.find(ScoreCircle).props.score).toBe(61);
  const says = card.says();
  for (const words of [
    ...["Deal score", "Fair", "Down 9 since the last change", "Call Jo.", "No champion.", "The amount is missing."],
    ...["1 call without a deal", "Pricing call", "Nov 10, 2026", "45 min", "Rep: Ann", "A long call.", "Analysed"],
  ]) {
    expect(says).toContain(words);
  }
  // What to do comes before what could go wrong.
  expect(says.indexOf("Call Jo.")).toBeLessThan(says.indexOf("No champion."));
  expect(server.asked).toHaveLength(1);
  expect(server.asked[0]!.query.get("crm")).toBe("hubspot");
});

test("why a score is what it is: what cost the most first, what does not count left out, and how it changed", async () => {
  fakeServer({ "GET records/deal/501": cardOf() });
  const card = open();
  await card.waitFor(() => card.find(ScoreCircle));
  const why = card.findAll(Accordion).find(({ props }) => props.title === "Why this deal score")!;
  const rows = why.findAll(TableRow).map(textOf);
  expect(rows).toEqual([
    "Factor Why Points",
    "Activity Nothing for 20 days. 5 of 30",
    "Stage The stage is late. 20 of 20",
  ]);
  expect(why.find(LineChart).props.data).toEqual([
    { when: "Nov 1, 2026", score: 70 },
    { when: "Nov 12, 2026", score: 61 },
  ]);
  const written = card.findAll(Accordion).find(({ props }) => props.title === "Written to this record")!;
  expect(textOf(written)).toContain("Pandora deal score 61 Kept: someone changed it in the CRM");
});

test.each([
  ["0-1", "contact"],
  ["0-2", "company"],
  ["0-3", "deal"],
])("a record of type %s is asked for as a %s", async (typeId, objectType) => {
  const server = fakeServer({});
  const card = open(typeId);
  await card.waitFor(() => card.find(ErrorState));
  expect(server.asked[0]!.path).toBe(`records/${objectType}/501`);
});

test("a viewer sees the calls and no button that changes one", async () => {
  fakeServer({ "GET records/deal/501": cardOf({ abilities: ["read"] }) });
  const card = open();
  await card.waitFor(() => card.find(ScoreCircle));
  expect(card.says()).toContain("Pricing call");
  expect(card.says()).toContain("ask an admin of Pandora for the role of a rep");
  expect(card.findAll(Button).map(textOf)).toEqual(["Show dismissed calls", "Refresh"]);
});

test("a record that was not analysed yet, and one without calls, say so", async () => {
  const bare = { scores: [], texts: [], values: [], findings: [], written: [] };
  fakeServer({ "GET records/deal/501": cardOf({ ...bare, gaps: { pending: 0, worst: null, items: [] } }) });
  const card = open();
  await card.waitFor(() => expect(card.says()).toContain("Not analysed yet"));
  expect(card.says()).toContain("Every call with this record is accounted for.");
});

test.each([
  ["a server that fails", 502, /can't be reached/, "Try again"],
  ["a server that is late", 504, /No answer yet/, "Try again"],
  ["HubSpot's own limit", 429, /too fast/, "Try again"],
  ["too many calls", problem(429, "rate_limited", { retry_after_s: 7 }), /in about 7 seconds/, "Try again"],
  ["a busy CRM", problem(503, "crm_busy", { retry_after_s: 10 }), /HubSpot is busy.*10 seconds/, "Try again"],
  ["an account that is not connected", problem(403, "app_not_connected"), /not connected yet/, "Try again"],
  ["a connection that was withdrawn", problem(409, "needs_reconnect"), /has to be renewed/, "Try again"],
  ["somebody Pandora does not know", problem(403, "not_a_member"), /don't have access/, "Try again"],
  ["an old page", problem(401, "unauthorized"), /out of date/, "Reload the page"],
  ["a record made a moment ago", problem(404, "not_seen_yet"), /does not know this record yet/, "Try again"],
  ["somebody else's record", problem(404, "not_found"), /Nothing to show for this record/, "Try again"],
])("%s has a state of its own with a way on", async (_what, answer, words, button) => {
  const server = fakeServer({ "GET records/deal/501": answer });
  const card = open();
  await card.waitFor(() => card.find(ErrorState));
  expect(card.says()).toMatch(words);
  expect(textOf(card.find(Button))).toBe(button);
  if (button !== "Try again") return;
  server.answer("GET records/deal/501", cardOf());
  card.find(Button).trigger("onClick");
  await card.waitFor(() => card.find(ScoreCircle));
});

test("a fetch that throws is a server that can't be reached", async () => {
  fakeServer({
    "GET records/deal/501": () => {
      throw new Error("refused");
    },
  });
  const card = open();
  await card.waitFor(() => card.find(ErrorState));
  expect(card.says()).toMatch(/can't be reached/);
});

test("a refresh that fails keeps what is shown, and says that it may be old", async () => {
  const server = fakeServer({ "GET records/deal/501": cardOf() });
  const card = open();
  await card.waitFor(() => card.find(ScoreCircle));
  server.answer("GET records/deal/501", 502);
  card
    .findAll(Button)
    .find((button) => textOf(button) === "Refresh")!
    .trigger("onClick");
  await card.waitFor(() => expect(card.find(Alert).props.title).toMatch(/may be a little old/));
  expect(card.find(ScoreCircle).props.score).toBe(61);
});

test("while the connection is withdrawn nothing can be changed, and the card says why", async () => {
  const { freshness } = cardOf();
  fakeServer({ "GET records/deal/501": cardOf({ freshness: { ...freshness, connection: "needs_reconnect" } }) });
  const card = open();
  await card.waitFor(() => card.find(ScoreCircle));
  expect(card.says()).toContain("until an admin renews it");
  expect(card.findAll(Button).map(textOf)).not.toContain("Create deal");
});

test("more calls than three, and the dismissed ones, are read when asked for", async () => {
  const more = [gapOf(), gapOf({ conversation_id: `${gapId.slice(0, -1)}2`, title: "Second call" })];
  const decision = {
    decision: "dismissed",
    reason: "not_a_prospect",
    note: "A vendor.",
    by: "Bob",
    at: "2026-11-11T08:00:00.000Z",
  };
  const server = fakeServer({
    "GET records/deal/501": cardOf({ gaps: { ...cardOf().gaps, pending: 2 } }),
    "GET conversations/without-deals": ({ query }: { query: URLSearchParams }) =>
      query.get("status") === "dismissed"
        ? { items: [gapOf({ status: "dismissed", title: "Old call", decision } as never)], next_cursor: null }
        : { items: more, next_cursor: null },
  });
  const card = open();
  await card.waitFor(() => card.find(ScoreCircle));
  const press = (name: string) =>
    card
      .findAll(Button)
      .find((button) => textOf(button) === name)!
      .trigger("onClick");
  press("Show all 2");
  await card.waitFor(() => expect(card.says()).toContain("Second call"));
  const { query } = server.asked.at(-1)!;
  expect([query.get("object_type"), query.get("crm_record_id"), query.get("status")]).toEqual([
    "deal",
    "501",
    "pending",
  ]);
  press("Show dismissed calls");
  await card.waitFor(() => expect(card.says()).toContain("Old call"));
  expect(card.says()).toMatch(/Dismissed by Bob .* · Not a prospect · A vendor\./);
});
