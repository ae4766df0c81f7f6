/** The log, with before and after, the reason in words, and an undo that really undoes. */
import { get, post } from "./api.js";
import { crmNames, h, say, show, spelledOut, tabs, time } from "./dom.js";

const kinds = [
  ["", "All"],
  ["success", "Written"],
  ["skipped", "Kept"],
  ["error", "Failed"],
];
const perPage = 10;

/**
 * @param tell shows a sentence to the person; @param changed runs after an undo
 * @returns a function that shows the log anew
 */
export function createLog({ tell, changed }) {
  const place = document.getElementById("log");
  let status = "";
  const page = (cursor) => {
    const asked = new URLSearchParams({ limit: perPage, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) });
    return get(`crm-writeback/log?${asked}`);
  };
  const refresh = () =>
    show(place, async () => {
      const first = await page();
      if (first.items.length === 0) return say("Nothing of this kind so far.");
      const body = h("tbody", {}, first.items.map(row));
      const more = h("div", { class: "more" });
      const offer = (cursor) =>
        more.replaceChildren(
          h("span", {}, h("a", { href: "#log-title", onclick: exportCsv }, "Export as CSV")),
          cursor
            ? h("button", { type: "button", class: "small", onclick: () => older(cursor) }, "Show older")
            : h("span", {}, "That is all."),
        );
      const older = async (cursor) => {
        const next = await page(cursor);
        body.append(...next.items.map(row));
        offer(next.next_cursor);
      };
      offer(first.next_cursor);
      return [table(body), more];
    });
  tabs(document.getElementById("log-status"), kinds, status, (chosen) => {
    status = chosen;
    return refresh();
  });

  async function undo(entry, button) {
    button.disabled = true;
    try {
      const result = await post(`crm-writeback/log/${entry.id}/undo`);
      const name = entry.record_name ?? "the record";
      tell(
        result.status === "success"
          ? `Taken back: ${propertyName(entry)} of ${name}.`
          : `Left alone: ${result.reason_text}.`,
      );
      await changed();
    } catch (error) {
      tell(error.message, true);
      button.disabled = false;
    }
  }

  function row(entry) {
    return h(
      "tr",
      {},
      h(
        "td",
        { class: "quarter" },
        entry.record_url
          ? h("a", { href: entry.record_url }, entry.record_name ?? entry.crm_record_id)
          : entry.record_name,
        h("div", { class: "soft" }, `${crmNames[entry.crm_type]} · ${time(entry.created_at)}`),
      ),
      h(
        "td",
        {},
        propertyName(entry),
        h(
          "div",
          { class: "soft" },
          triggers[entry.trigger_source] ?? spelledOut(entry.trigger_source.replace("skill_run:", "after ")),
        ),
      ),
      h("td", { class: "large" }, values(entry)),
      h("td", { class: "sixth" }, decision(entry)),
      h(
        "td",
        { class: "number" },
        entry.can_undo
          ? h(
              "button",
              {
                type: "button",
                class: "small",
                onclick: (event) => undo(entry, event.currentTarget),
                "aria-label": `Undo ${propertyName(entry)} of ${entry.record_name}`,
              },
              "Undo",
            )
          : "",
      ),
    );
  }
  return refresh;
}

/** A moment is easier to read in words; everything else stands as the CRM holds it. */
const readable = (text) => (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? new Date(text).toLocaleString("en-GB") : text);

const triggers = { manual: "Sync now", undo: "Undo", retry: "Retry", schedule: "Schedule", test: "Test" };

function table(body) {
  const head = ["Record", "Property", "Change", "Decision", ""].map((label) =>
    h("th", { scope: "col" }, label || h("span", { class: "hidden" }, "Undo")),
  );
  return h(
    "table",
    { class: "table" },
    h("caption", { class: "hidden" }, "Log entries, newest first"),
    h("thead", {}, h("tr", {}, head)),
    body,
  );
}

function values(entry) {
  const shown = (text) => (text === null || text === "" ? h("i", { class: "soft" }, "blank") : readable(text));
  if (entry.status === "skipped" || entry.status === "error") {
    return h("div", { class: "clamp stands" }, shown(entry.previous_value));
  }
  return [
    h("div", { class: "clamp before" }, shown(entry.previous_value)),
    h("div", { class: "clamp after" }, shown(entry.value_written)),
  ];
}

function decision(entry) {
  if (entry.status === "success") {
    if (entry.undoes) return h("span", { class: "tag Fair" }, "Taken back");
    return h(
      "span",
      { class: entry.undone_by ? "tag" : "tag good" },
      entry.undone_by ? "Written, then undone" : "Written",
    );
  }
  const tag =
    entry.status === "error" ? ["AtRisk", "Failed"] : ["", entry.status === "pending" ? "In flight" : "Skipped"];
  const words = entry.reason_text ?? "";
  const [first, ...rest] = words.split(": ");
  if (rest.length === 0) return h("span", { class: `tag ${tag[0]}` }, words || tag[1]);
  return [h("span", { class: `tag ${tag[0]}` }, first), h("div", { class: "soft" }, rest.join(": "))];
}

function propertyName(entry) {
  const name = entry.crm_property_name.replace(/^pandora_/i, "").replace(/__c$/, "");
  return spelledOut(name.toLowerCase());
}

async function exportCsv(event) {
  event.preventDefault();
  const { given } = await import("./api.js");
  const answer = await fetch("/api/workspaces/me/crm-writeback/log/export", {
    headers: { authorization: `Bearer ${given.key}` },
  });
  const link = h("a", { href: URL.createObjectURL(await answer.blob()), download: "pandora-write-log.csv" });
  link.click();
  URL.revokeObjectURL(link.href);
}
