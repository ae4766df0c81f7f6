/** The table of open deals, read from the CRM's side. */
import { get, given } from "./api.js";
import { crmNames, h, money, number, say, shortMoney, show, tabs } from "./dom.js";

const state = { crm: "hubspot", q: "", label: "", sort: "score", dir: "asc", offset: 0 };
const perPage = 8;

/** @returns a function that shows the table anew */
export function createDeals() {
  const place = document.getElementById("deals");
  const spreadPlace = document.getElementById("deals-spread");
  const refresh = () =>
    show(place, async () => {
      const asked = new URLSearchParams({ ...state, limit: perPage });
      const page = await get(`/demo/deals?${asked}`);
      spreadPlace.replaceChildren(spread(page, change));
      if (page.items.length === 0) return say("No open deal matches.");
      return [table(page, change), pager(page, change)];
    });
  const change = (to) => {
    Object.assign(state, { offset: 0 }, to);
    return refresh();
  };
  const choices = given.crms.map(({ crm }) => [crm, crmNames[crm]]);
  tabs(document.getElementById("deals-crm"), choices, state.crm, (crm) => change({ crm }));
  let waiting;
  document.getElementById("deals-q").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => change({ q: event.target.value }), 180);
  });
  return refresh;
}

/** How all open deals spread over the labels; each part filters the table. */
function spread({ spread: parts, open, currency }, change) {
  return h(
    "div",
    { class: "spread", role: "group", "aria-label": "Open deals by label" },
    parts
      .filter((each) => each.deals > 0)
      .map(({ label, deals, amount }) =>
        h(
          "button",
          {
            type: "button",
            class: label.replace(" ", ""),
            style: { "--share": String(Math.max(0.09, deals / Math.max(1, open))) },
            "aria-pressed": String(state.label === label),
            onclick: () => change({ label: state.label === label ? "" : label }),
          },
          h("b", {}, `${label} ${number(deals)}`),
          h("span", {}, shortMoney(amount, currency)),
        ),
      ),
  );
}

function table({ items, currency }, change) {
  const head = (label, sort, more = {}) => {
    if (!sort) return h("th", { scope: "col", ...more }, label);
    const current = state.sort === sort;
    const dir = current && state.dir === "asc" ? "desc" : "asc";
    return h(
      "th",
      { scope: "col", "aria-sort": current ? (state.dir === "asc" ? "ascending" : "descending") : "none", ...more },
      h(
        "button",
        { type: "button", onclick: () => change({ sort, dir }) },
        label,
        current ? (state.dir === "asc" ? " ↑" : " ↓") : "",
      ),
    );
  };
  return h(
    "table",
    { class: "table" },
    h("caption", { class: "hidden" }, "Open deals with the values that Pandora wrote"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head("Deal", "name"),
        head("Score", "score"),
        head("Next step"),
        head("Risk"),
        head("Amount", "amount", { class: "number" }),
      ),
    ),
    h(
      "tbody",
      {},
      items.map((deal) => row(deal, currency)),
    ),
  );
}

function row(deal, currency) {
  const label = (deal.label ?? "").replace(" ", "");
  return h(
    "tr",
    {},
    h(
      "td",
      { class: "quarter" },
      deal.url ? h("a", { href: deal.url }, deal.name) : deal.name,
      h("div", { class: "soft" }, [deal.stage, deal.owner].filter(Boolean).join(" · ")),
    ),
    h("td", {}, h("span", { class: `score ${label}` }, h("b", {}, deal.score ?? "–"), deal.label ?? "no score")),
    h("td", { class: "quarter" }, h("div", { class: "clamp" }, deal.next_step ?? "")),
    h("td", { class: "third" }, h("div", { class: "clamp soft" }, deal.risk ?? "")),
    h("td", { class: "number" }, money(deal.amount, deal.currency || currency)),
  );
}

function pager({ total }, change) {
  const { offset } = state;
  const step = (by, label, off) =>
    h(
      "button",
      { type: "button", class: "small", disabled: off, onclick: () => change({ offset: offset + by }) },
      label,
    );
  return h(
    "div",
    { class: "more" },
    h("span", {}, `${number(offset + 1)}–${number(Math.min(offset + perPage, total))} of ${number(total)}`),
    h(
      "span",
      { class: "actions" },
      step(-perPage, "Back", offset === 0),
      step(perPage, "Next", offset + perPage >= total),
    ),
  );
}
