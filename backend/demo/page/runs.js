/** The latest runs in numbers and reasons; a running one with its progress; a dry run's report. */
import { get, given, post } from "./api.js";
import { h, number, say, show, spelledOut, sum, time } from "./dom.js";

export const isLive = (run) => ["queued", "running", "cancelling"].includes(run.status);

const kindNames = { sync: "Sync", dry_run: "Dry run", undo: "Undo", retry: "Retry" };
const stateClass = { failed: "state bad", paused: "state mixed", completed_with_errors: "state mixed" };
const statusNames = { completed: "Completed", completed_with_errors: "Some failed" };

/**
 * Shows one run and a list to choose others from.
 * @param chosen id of the run to show; absent: the newest
 */
export function showRun(place, { undo, openReport }, chosen) {
  return show(place, async () => {
    const { items } = await get("crm-writeback/runs?limit=20");
    const run = items.find((each) => each.id === chosen) ?? items[0];
    if (!run) return say("Nothing has run yet.");
    const { totals } = run;
    const seconds = run.finished_at ? (new Date(run.finished_at) - new Date(run.started_at)) / 1000 : null;
    const facts = [
      `${number(totals.done)} values`,
      seconds === null ? null : `${seconds.toFixed(1)} s`,
      `${number(run.crm_calls)} API calls`,
    ];
    return [
      h(
        "div",
        { class: "run-head" },
        h(
          "div",
          {},
          h("h2", { id: "run-title" }, `${kindNames[run.kind]} of ${time(run.created_at)}`),
          h("p", { class: "soft" }, facts.filter(Boolean).join(" · ")),
        ),
        h("span", { class: stateClass[run.status] ?? "state" }, statusNames[run.status] ?? spelledOut(run.status)),
      ),
      h("ul", { class: "reasons" }, reasons(run)),
      h(
        "div",
        { class: "runs" },
        h(
          "select",
          {
            "aria-label": "Choose a run",
            onchange: (event) => showRun(place, { undo, openReport }, event.target.value),
          },
          items.map((each) =>
            h(
              "option",
              { value: each.id, selected: each.id === run.id },
              `${time(each.created_at)} ${kindNames[each.kind]}: ${number(each.totals.written)} ${each.kind === "dry_run" ? "would change" : "written"}`,
            ),
          ),
        ),
        run.kind === "dry_run"
          ? h("button", { type: "button", class: "small", onclick: () => openReport(run) }, "Report")
          : h(
              "button",
              {
                type: "button",
                class: "small",
                disabled: isLive(run) || totals.written === 0 || run.kind === "undo",
                onclick: () => undo(run),
              },
              "Undo run",
            ),
      ),
    ];
  });
}

function reasons(run) {
  const { totals } = run;
  const lines = [
    [
      run.kind === "dry_run"
        ? "Would be written"
        : run.kind === "undo"
          ? "Taken back"
          : "Written and confirmed by the CRM",
      totals.written,
      "var(--accent)",
    ],
    ["Nothing to do: the CRM holds the value already", totals.already_current, "var(--good)"],
    ...Object.entries(totals.skipped).map(([code, n]) => [given.words[code] ?? spelledOut(code), n, "var(--fair)"]),
    ...Object.entries(totals.errors).map(([code, n]) => [given.words[code] ?? spelledOut(code), n, "var(--risk)"]),
  ].filter(([, n]) => n > 0);
  if (lines.length === 0) return h("li", { class: "soft" }, "Nothing to write.");
  return lines.map(([words, n, colour]) =>
    h(
      "li",
      { style: { "--share": `${(100 * n) / Math.max(1, totals.done)}%`, "--colour": colour } },
      h("span", {}, words),
      h("b", {}, number(n)),
      h("i", {}),
    ),
  );
}

/** Watches a run to its end, showing its progress. @returns the finished run */
export async function watch(started) {
  const box = document.getElementById("progress");
  const bar = box.querySelector(".bar");
  const cancel = document.getElementById("cancel");
  let run = started;
  cancel.onclick = () => post(`crm-writeback/runs/${run.id}/cancel`).catch(() => {});
  box.hidden = false;
  try {
    while (isLive(run)) {
      draw(run, bar, box.querySelector("p"));
      await new Promise((resolve) => setTimeout(resolve, 300));
      run = await get(`crm-writeback/runs/${run.id}`);
    }
    return run;
  } finally {
    box.hidden = true;
    cancel.onclick = null;
  }
}

function draw(run, bar, words) {
  const { done, records } = run.totals;
  const left = run.eta_s === null || run.rate_per_s === null ? null : run.eta_s * run.rate_per_s;
  const percent = left === null ? null : Math.round((100 * done) / Math.max(1, done + left));
  bar.classList.toggle("unknown", percent === null);
  bar.firstElementChild.style.width = percent === null ? "" : `${percent}%`;
  if (percent === null) bar.removeAttribute("aria-valuenow");
  else bar.setAttribute("aria-valuenow", String(percent));
  const parts = [kindNames[run.kind], `${number(done)} values done`];
  if (records) parts.push(`${number(records)} records in scope`);
  if (run.rate_per_s) parts.push(`${number(Math.round(run.rate_per_s))} a second`);
  if (run.eta_s) parts.push(`${number(run.eta_s)} s left`);
  words.textContent = parts.join(" · ");
}

/** What a dry run found: totals, then examples to page through. */
export async function openReport(run) {
  const dialog = document.getElementById("report");
  const { report } = run;
  const figures = [
    ["Values", report.total],
    ["Would change", report.would_change],
    ["Unchanged", report.unchanged],
    ["Skipped", report.skipped],
    ["Invalid", report.invalid],
  ];
  const samples = h("div", {});
  dialog.replaceChildren(
    h(
      "div",
      { class: "card-head" },
      h(
        "div",
        {},
        h("h2", { id: "report-title" }, "Dry run: nothing was written"),
        h("p", { class: "soft" }, "Planned against the live CRM, by the same code as a sync."),
      ),
      h("button", { type: "button", class: "small", autofocus: true, onclick: () => dialog.close() }, "Close"),
    ),
    h(
      "dl",
      { class: "figures" },
      figures.map(([label, n]) => h("div", {}, h("dt", {}, label), h("dd", {}, number(n)))),
    ),
    samples,
  );
  dialog.showModal();
  await show(samples, async () => {
    const decision = report.would_change > 0 ? "write" : "skip";
    const { items } = await get(`crm-writeback/runs/${run.id}/changes?decision=${decision}&limit=20`);
    if (items.length === 0) return say("Everything in the CRM is as it should be.");
    const head = ["Record", "Property", "Before", decision === "write" ? "Would be" : "Why not"].map((label) =>
      h("th", { scope: "col" }, label),
    );
    const rows = items.map((each) =>
      h(
        "tr",
        {},
        h("td", {}, h("a", { href: each.record_url }, each.record_name ?? each.crm_record_id)),
        h("td", {}, spelledOut(each.crm_property_name.replace(/__c$/, "").toLowerCase())),
        h("td", { class: "soft" }, h("div", { class: "clamp" }, each.before || "blank")),
        h("td", {}, h("div", { class: "clamp" }, decision === "write" ? each.after || "blank" : each.reason_text)),
      ),
    );
    return h("table", { class: "table" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
  });
}

export function written(runs) {
  return runs.filter((run) => run.kind !== "dry_run").reduce((all, run) => all + run.totals.written, 0);
}

export function kept(runs) {
  const last = runs.find((run) => run.kind === "sync");
  return last ? (last.totals.skipped.changed_in_crm ?? 0) + (last.totals.skipped.value_predates_pandora ?? 0) : 0;
}

export { sum };
