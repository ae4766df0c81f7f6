/** Letters about calls without a deal: those that turned high, and the weekly digest. Pure. */
import type { Gap } from "../contract/gaps.ts";
import type { DigestFacts, DigestPart } from "./digest-facts.ts";
import type { Block, Item, Letter } from "./letter.ts";
import { count, dayOf, figure, momentOf, oneLine } from "./words.ts";

/** A rep's mail names so many; the rest is a number. */
const namedMax = 5;

/** @param n how many turned high; some of them may be settled by now and are not among `gaps` */
export function renderHighGaps(gaps: readonly Gap[], n: number, timeZone: string): Letter {
  const named = gaps.slice(0, namedMax);
  // Beyond the named ones nobody looked whether they are settled by now.
  const open = gaps.length < namedMax ? gaps.length : Math.max(gaps.length, n);
  const one = open === 1;
  const more = open - named.length;
  return {
    subject: `${count(open, "call")} without a deal ${one ? "needs" : "need"} you now`,
    heading: `${count(open, "call")} without a deal ${one ? "has" : "have"} become pressing`,
    blocks: [
      {
        kind: "text",
        text: `No deal in the CRM accounts for ${one ? "it" : "them"}. Create the deal, link one that is there, or dismiss the call: the Pandora card on the company does all three.`,
      },
      { kind: "items", items: named.map((gap) => itemOf(gap, timeZone, false)) },
      ...(more > 0
        ? [{ kind: "text" as const, soft: true, text: `And ${count(more, "more call", "more calls")}.` }]
        : []),
    ],
  };
}

/** @param gaps those named in the facts which the reader may see, by id */
export function renderDigest(facts: DigestFacts, gaps: ReadonlyMap<string, Gap>, timeZone: string): Letter {
  const { own, team } = facts;
  const week = `${dayOf(new Date(facts.since), timeZone)} – ${dayOf(new Date(Date.parse(facts.until) - 1), timeZone)}`;
  const main = own && own.pending > 0 ? own : (team ?? own);
  const pending = main?.pending ?? 0;
  const whose = main === own ? "of yours" : "of the team";
  return {
    subject:
      pending > 0
        ? `Your week: ${count(pending, "call")} ${whose} without a deal`
        : "Your week: no call without a deal",
    heading: pending > 0 ? `${count(pending, "call")} ${whose} without a deal` : "Every call has its deal",
    blocks: [
      ...(own && team ? [{ kind: "heading" as const, text: "Yours" }] : []),
      ...(own ? part(own, gaps, timeZone, week) : []),
      ...(own && team ? [{ kind: "heading" as const, text: "The whole team" }] : []),
      ...(team ? part(team, gaps, timeZone, week) : []),
      ...(team && team.by_rep.length > 0 ? repBlocks(team) : []),
    ],
  };
}

function part(told: DigestPart, gaps: ReadonlyMap<string, Gap>, timeZone: string, week: string): Block[] {
  const { high, medium, low } = told.by_severity;
  const items = told.top.flatMap((id) => {
    const gap = gaps.get(id);
    return gap ? [itemOf(gap, timeZone, told.by_rep.length > 0)] : [];
  });
  const became = [
    `${count(told.created, "deal")} created`,
    `${count(told.linked, "call")} linked to a deal`,
    `${figure(told.dismissed)} dismissed`,
  ];
  const figures = [
    { figure: figure(high), label: "high" },
    { figure: figure(medium), label: "medium" },
    { figure: figure(low), label: "low" },
  ];
  return [
    ...(told.pending > 0 ? [{ kind: "figures" as const, items: figures }] : []),
    ...(items.length > 0 ? [{ kind: "items" as const, items }] : []),
    { kind: "text", text: `Last week (${week}): ${became.join(", ")}.` },
    ...(told.pending > 0 ? [{ kind: "text" as const, text: told.estimate, soft: true }] : []),
  ];
}

function repBlocks(team: DigestPart): Block[] {
  const rows = team.by_rep.map(({ rep, pending, high }): [string, string] => [
    oneLine(rep ?? "No rep known", 60),
    high > 0 ? `${figure(pending)} (${figure(high)} high)` : figure(pending),
  ]);
  return [
    { kind: "heading", text: "By rep" },
    { kind: "rows", rows },
  ];
}

function itemOf(gap: Gap, timeZone: string, withRep: boolean): Item {
  const company = gap.company?.name ?? gap.company_domain ?? "No company in the CRM";
  const facts = [
    momentOf(new Date(gap.started_at), timeZone),
    ...(gap.duration_minutes === null ? [] : [count(Math.round(gap.duration_minutes), "minute")]),
    gap.days_since === 0 ? "today" : `${count(gap.days_since, "day")} ago`,
    ...(withRep && gap.rep ? [oneLine(gap.rep.name ?? gap.rep.email ?? "", 60)] : []),
  ];
  return {
    title: `${oneLine(company, 60)}: ${oneLine(gap.title, 80)}`,
    detail: facts.join(", "),
    note: gap.severity_reason,
    url: gap.company?.url ?? gap.url,
    mark: gap.severity,
  };
}
