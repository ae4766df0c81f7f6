/** Puts the page together: the headline, the two buttons, and what is shown anew after each of them. */
import { get, given, post } from "./api.js";
import { showConnections } from "./connections.js";
import { createDeals } from "./deals.js";
import { crmNames, h, number } from "./dom.js";
import { createLog } from "./log.js";
import { isLive, kept, openReport, showRun, watch, written } from "./runs.js";

const at = (id) => document.getElementById(id);
const showDeals = createDeals();
const showLog = createLog({ tell, changed: refresh });

at("sync").addEventListener("click", () => start("sync-all"));
at("dry").addEventListener("click", () => start("dry-run"));
at("stats").replaceChildren(
  "What the simulators counted: ",
  ...given.crms.flatMap(({ crm, stats }, n) => [n ? ", " : "", h("a", { href: stats }, crmNames[crm])]),
  ".",
);
await refresh();
await pickUp();

async function refresh(runId) {
  await Promise.all([
    headline(),
    showConnections(at("connections")),
    showRun(at("run"), { undo: undoRun, openReport }, typeof runId === "string" ? runId : undefined),
    showDeals(),
    showLog(),
  ]);
}

async function headline() {
  try {
    const [session, runs] = await Promise.all([get("/api/session"), get("crm-writeback/runs?limit=100")]);
    const names = session.connections.map(({ crm }) => crmNames[crm]).join(" and ");
    at("workspace").textContent = session.workspace.name;
    at("headline").textContent = `${number(written(runs.items))} values written into ${names}`;
    const own = kept(runs.items);
    at("lead").textContent =
      "Scores, risks and next steps stand on the deals themselves, where reps can filter, sort and report on them. " +
      (own > 0 ? `${number(own)} values that people typed were kept, ` : "What people typed is kept, ") +
      "each decision is logged with its reason, and every write can be taken back.";
  } catch (error) {
    at("headline").textContent = "The workspace can't be read";
    tell(error.message, true);
  }
}

async function start(kind) {
  await busy(async () => {
    const run = await watch(await post(`crm-writeback/${kind}`));
    await refresh(run.id);
    if (run.kind === "dry_run" && run.report) return openReport(run);
    tell(outcome(run), run.status === "failed");
  });
}

function undoRun(run) {
  if (!confirm(`Take back the ${number(run.totals.written)} values this run wrote, wherever they still stand?`)) return;
  return busy(async () => {
    const undone = await watch(await post(`crm-writeback/runs/${run.id}/undo`));
    await refresh(undone.id);
    tell(outcome(undone));
  });
}

/** A run that goes on while the page is opened is shown, too. */
async function pickUp() {
  const { items } = await get("crm-writeback/runs?limit=1").catch(() => ({ items: [] }));
  if (items[0] && isLive(items[0])) await busy(async () => refresh((await watch(items[0])).id));
}

async function busy(work) {
  const buttons = [at("sync"), at("dry")];
  for (const button of buttons) button.disabled = true;
  at("notice").hidden = true;
  try {
    await work();
  } catch (error) {
    tell(error.message, true);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function outcome(run) {
  const done = number(run.totals.written);
  if (run.status === "paused") return `The run waits for you: ${run.status_reason}`;
  if (run.status === "cancelled") return `Cancelled. ${done} values had been written by then.`;
  if (run.status === "failed") return `The run failed: ${run.status_reason}`;
  return run.kind === "undo"
    ? `Done: ${done} values taken back.`
    : `Done: ${done} values written. The reasons for the others stand beside.`;
}

function tell(words, bad = false) {
  const notice = at("notice");
  notice.textContent = words;
  notice.classList.toggle("bad", bad === true);
  notice.hidden = false;
}
