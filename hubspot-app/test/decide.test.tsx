/** A call dismissed, restored and linked on the card. */
import { Alert, LoadingButton, Modal, Panel, SearchInput, Select, TextArea } from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { openCard } from "./support/open-card.tsx";
import { cardOf, gapId, gapOf } from "./support/samples.ts";
import { fakeServer, problem } from "./support/server.ts";
import { textOf } from "./support/tree.ts";

const place = `conversations/without-deals/${gapId}`;
const empty = cardOf({ gaps: { pending: 0, worst: null, items: [] } });

test("a call is dismissed with a reason, and comes back by one press", async () => {
  const server = fakeServer({
    "GET records/deal/501": cardOf(),
    [`POST ${place}/dismiss`]: gapOf({ status: "dismissed" }),
    [`POST ${place}/restore`]: gapOf(),
  });
  const card = await openCard();
  const modal = () => card.overlay("dismiss");
  const dismiss = () => card.loadingButton(modal() as never, "Dismiss").trigger("onClick");
  expect(modal().find(Modal).props.title).toBe("Dismiss this call?");
  dismiss();
  await card.waitFor(() => expect(modal().find(Select).props.validationMessage).toBe("Choose a reason."));
  expect(server.asked).toHaveLength(1);
  expect(modal().find(Select).props.options).toContainEqual({ value: "not_a_prospect", label: "Not a prospect" });

  modal()
    .find(Select)
    .trigger("onChange", "not_a_prospect" as never);
  modal()
    .find(TextArea)
    .trigger("onInput", " A vendor. " as never);
  server.answer("GET records/deal/501", empty);
  dismiss();
  await card.waitFor(() => expect(card.says()).toContain("“Pricing call” was dismissed."));
  expect(server.asked.find(({ path }) => path.endsWith("/dismiss"))!.body).toEqual({
    ...{ reason: "not_a_prospect", note: "A vendor.", request_id: expect.any(String) },
  });
  expect(card.mocks.actions.closeOverlay.calls).toEqual([[`dismiss-${gapId}`]]);
  await card.waitFor(() => expect(card.says()).toContain("Every call with this record is accounted for."));

  server.answer("GET records/deal/501", cardOf());
  card.find(Alert).find(LoadingButton).trigger("onClick");
  await card.waitFor(() => expect(card.says()).toContain("“Pricing call” is back on the list."));
  await card.waitFor(() => expect(card.says()).toContain("1 call without a deal"));
});

test("a note that is too long is refused at the field, and nothing typed is lost by a failure", async () => {
  const server = fakeServer({ "GET records/deal/501": cardOf(), [`POST ${place}/dismiss`]: 502 });
  const card = await openCard();
  const modal = () => card.overlay("dismiss");
  modal()
    .find(Select)
    .trigger("onChange", "other" as never);
  modal()
    .find(TextArea)
    .trigger("onInput", "x".repeat(501) as never);
  card.loadingButton(modal() as never, "Dismiss").trigger("onClick");
  await card.waitFor(() => expect(modal().find(TextArea).props.validationMessage).toBe("At most 500 characters."));
  expect(server.asked).toHaveLength(1);
  modal()
    .find(TextArea)
    .trigger("onInput", "Short." as never);
  card.loadingButton(modal() as never, "Dismiss").trigger("onClick");
  await card.waitFor(() => expect(textOf(modal())).toContain("can't be reached"));
  expect(modal().find(TextArea).props.value).toBe("Short.");
  expect(card.mocks.actions.closeOverlay.callCount).toBe(0);
  card.loadingButton(modal() as never, "Dismiss").trigger("onClick");
  await card.waitFor(() => expect(server.times(`POST ${place}/dismiss`)).toBe(2));
  const [first, second] = server.asked.filter(({ method }) => method === "POST");
  expect(second!.body).toEqual(first!.body);
});

test("somebody was faster: the server's sentence says so", async () => {
  fakeServer({ "GET records/deal/501": cardOf(), [`POST ${place}/dismiss`]: problem(409, "already_has_deal") });
  const card = await openCard();
  card
    .overlay("dismiss")
    .find(Select)
    .trigger("onChange", "other" as never);
  card.loadingButton(card.overlay("dismiss") as never, "Dismiss").trigger("onClick");
  await card.waitFor(() => expect(textOf(card.overlay("dismiss"))).toContain("Says already_has_deal."));
});

test("the likely deals are offered first, any other is found by search", async () => {
  const likely = {
    crm: "hubspot",
    crm_id: "700",
    name: "Acme 2026",
    url: null,
    stage: "Scheduled",
    amount: null,
    currency: null,
    reason: "Same company.",
  };
  const found = {
    crm: "hubspot",
    object_type: "deal",
    crm_id: "800",
    name: "Beta",
    detail: "Beta Inc · Won",
    is_open: false,
    url: null,
  };
  const server = fakeServer({
    "GET records/deal/501": cardOf(),
    [`GET ${place}`]: gapOf({ open_deals: [likely], open_deals_hidden: 1 } as never),
    "GET crm-search": { items: [found] },
    [`POST ${place}/link-deal`]: gapOf({ status: "linked" }),
  });
  const card = await openCard();
  const panel = () => card.overlay("link");
  expect(server.asked).toHaveLength(1);
  panel().find(Panel).trigger("onOpen");
  await card.waitFor(() => expect(textOf(panel())).toContain("Acme 2026 Scheduled · Same company."));
  expect(textOf(panel())).toContain("1 further deal there is not yours to see.");
  panel()
    .find(SearchInput)
    .trigger("onInput", "be" as never);
  await card.waitFor(() => expect(textOf(panel())).toContain("Beta Beta Inc · Won · closed"));
  server.answer("GET records/deal/501", empty);
  panel().findAll(LoadingButton).at(-1)!.trigger("onClick");
  await card.waitFor(() => expect(card.says()).toContain("Linked to “Beta”."));
  expect(server.asked.find(({ path }) => path.endsWith("/link-deal"))!.body).toMatchObject({ deal_crm_id: "800" });
  expect(card.mocks.actions.refreshObjectProperties.callCount).toBe(1);
});

test("a search that finds nothing says so; an empty one asks nothing", async () => {
  const server = fakeServer({
    "GET records/deal/501": cardOf(),
    [`GET ${place}`]: gapOf(),
    "GET crm-search": { items: [] },
  });
  const card = await openCard();
  card.overlay("link").find(Panel).trigger("onOpen");
  await card.waitFor(() => expect(textOf(card.overlay("link"))).toContain("No open deal is known"));
  card
    .overlay("link")
    .find(SearchInput)
    .trigger("onInput", "   " as never);
  card
    .overlay("link")
    .find(SearchInput)
    .trigger("onInput", "zz" as never);
  await card.waitFor(() => expect(textOf(card.overlay("link"))).toContain("No deal begins with “zz”."));
  expect(server.times("GET crm-search")).toBe(1);
});
