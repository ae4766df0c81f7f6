/** One card per connected CRM: is it connected, what was mirrored, what is mapped, how many calls it took. */
import { get } from "./api.js";
import { crmNames, h, number, show } from "./dom.js";

export function showConnections(place) {
  return show(place, async () => {
    const [{ items }, mappings, stats] = await Promise.all([
      get("connections"),
      get("crm-writeback/mappings"),
      get("/demo/stats"),
    ]);
    const imports = await Promise.all(items.map(({ crm }) => get(`connections/${crm}/import`)));
    return items.map((each, n) =>
      card(
        each,
        imports[n],
        mappings.items.filter((one) => one.crm_type === each.crm),
        stats[each.crm],
      ),
    );
  });
}

function card(connection, mirrored, mappings, stats) {
  const { crm, status, account_name, account_id } = connection;
  const connected = status === "connected";
  const count = (type) => mirrored.objects.find((each) => each.object_type === type)?.done ?? 0;
  const calls = Object.values(stats.calls).reduce((all, n) => all + n, 0);
  return h(
    "article",
    { class: "card connection", "aria-label": crmNames[crm] },
    h(
      "div",
      { class: "connection-head" },
      h("span", { class: `crm-mark ${crm}`, "aria-hidden": "true" }, crmNames[crm][0]),
      h("div", {}, h("h2", {}, crmNames[crm]), h("p", { class: "soft" }, account_name || account_id)),
      h("span", { class: connected ? "state" : "state bad" }, connected ? "Connected" : "Reconnect"),
    ),
    h(
      "dl",
      { class: "figures" },
      figure("Deals", count("deal")),
      figure("Companies", count("company")),
      figure("Contacts", count("contact")),
    ),
    h("ul", { class: "mapped", "aria-label": "Mapped fields" }, mappings.map(mapped)),
    h(
      "footer",
      {},
      `${mappings.length} mapped fields, `,
      h("a", { href: `${stats.url}/__stats` }, `${number(calls)} API calls`),
      " so far",
    ),
  );
}

function mapped(mapping) {
  const how = { overwrite: "replaced", never_overwrite: "only if blank", append: "added", append_if_changed: "added" };
  const label = mapping.crm_property_label.replace(/^Pandora /, "");
  return h(
    "li",
    {},
    h("span", {}, label.charAt(0).toUpperCase() + label.slice(1)),
    h("span", { class: "soft" }, how[mapping.write_mode] + (mapping.keep_human_edits ? ", edits kept" : "")),
  );
}

function figure(label, n) {
  return h("div", {}, h("dt", {}, label), h("dd", {}, number(n)));
}
