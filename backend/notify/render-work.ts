/** Letters about Pandora's own work: alerts, scheduled syncs, a deal it made, a test. Pure. */
import { reasonText } from "../contract/reasons.ts";
import type { Block, Letter } from "./letter.ts";
import type { SyncReport } from "./look-syncs.ts";
import { count, figure, momentOf, oneLine } from "./words.ts";

/** @param until null while it lasts */
export function renderAlert(
  told: { title: string; state: "open" | "over"; message: string; since: Date; until: Date | null },
  timeZone: string,
): Letter {
  const { title, state, message, since, until } = told;
  const moments: [string, string][] = [["Since", momentOf(since, timeZone)]];
  if (until) moments.push(["Until", momentOf(until, timeZone)]);
  const over: Block[] = [
    { kind: "text", text: "You need not do anything. This is what had been wrong:" },
    { kind: "text", text: message, soft: true },
  ];
  return {
    subject: state === "over" ? `Solved: ${title}` : title,
    heading: title,
    blocks: [
      ...(state === "over" ? over : [{ kind: "text" as const, text: message }]),
      { kind: "rows", rows: moments },
    ],
  };
}

export function renderSyncReport(report: SyncReport, title: string, timeZone: string): Letter {
  const skipped = sorted(report.skipped);
  const errors = sorted(report.errors);
  const stopped = [
    ...(report.failed > 0 ? [`${count(report.failed, "sync")} failed`] : []),
    ...(report.cancelled > 0 ? [`${count(report.cancelled, "sync")} cancelled`] : []),
  ];
  return {
    subject: title,
    heading: title,
    blocks: [
      {
        kind: "text",
        text: `${count(report.runs, "scheduled sync")} up to ${momentOf(new Date(report.to), timeZone)}${stopped.length > 0 ? `; ${stopped.join(", ")}` : ""}.`,
      },
      {
        kind: "figures",
        items: [
          { figure: figure(report.written), label: "written" },
          { figure: figure(report.already_current), label: "right already" },
          { figure: figure(sum(report.skipped)), label: "skipped" },
          { figure: figure(sum(report.errors)), label: "failed" },
        ],
      },
      ...reasons("What failed", errors),
      ...reasons("What was skipped, and why", skipped),
      {
        kind: "text",
        soft: true,
        text: "Each write stands in the log, with what was there before. What failed can be tried again from its run.",
      },
    ],
  };
}

export function renderDealCreated(told: {
  dealName: string | null;
  dealUrl: string | null;
  call: { title: string; startedAt: Date } | null;
  timeZone: string;
}): Letter {
  const { dealName, dealUrl, call, timeZone } = told;
  const of = call
    ? `your call "${oneLine(call.title, 80)}" of ${momentOf(call.startedAt, timeZone)}`
    : "a call of yours";
  const name = dealName ? `"${oneLine(dealName, 100)}"` : "a deal";
  return {
    subject: "Pandora created a deal for a call of yours",
    heading: "A deal was created for you",
    blocks: [
      { kind: "text", text: `No deal accounted for ${of}, so Pandora created ${name} by the rule your admin set.` },
      {
        kind: "text",
        text: "Look it over: name, amount, stage and contacts are yours to change. If it should not be there, undo it in Pandora while nobody has worked on it.",
      },
      ...(dealUrl ? [{ kind: "link" as const, label: "Open the deal", url: dealUrl }] : []),
    ],
  };
}

export function renderTest(workspaceName: string, at: Date, timeZone: string): Letter {
  return {
    subject: "A test from Pandora",
    heading: "E-mails from Pandora reach you",
    blocks: [
      {
        kind: "text",
        text: `Somebody, probably you, asked for this test in ${oneLine(workspaceName)} on ${momentOf(at, timeZone)}.`,
      },
    ],
  };
}

function reasons(heading: string, counts: [string, number][]): Block[] {
  if (counts.length === 0) return [];
  const rows = counts.map(([code, n]): [string, string] => [reasonText(code), figure(n)]);
  return [
    { kind: "heading", text: heading },
    { kind: "rows", rows },
  ];
}

function sorted(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts)
    .filter(([, n]) => n > 0)
    .sort(([a, one], [b, two]) => two - one || (a < b ? -1 : 1));
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((all, n) => all + n, 0);
}
