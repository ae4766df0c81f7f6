/**
 * Job gaps.sweep: joins and judges the conversations whose facts changed, and those whose verdict time has overtaken.
 * What it stores follows from what stands in the database alone: in whichever order things happened, the verdicts are
 * those of a full look.
 */
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { classify, type GapFacts } from "./classify.ts";
import { readContext, type SweepContext } from "./context.ts";
import { type Asked, readKnown } from "./facts.ts";
import { isOwnAddress } from "./internal.ts";
import {
  type CompanyDeals,
  countDeals,
  countSiblings,
  putVerdicts,
  recordReopened,
  type Siblings,
  touchSiblings,
} from "./judge-store.ts";
import { type Known, keyOf, survivorOf } from "./known.ts";
import { linkConversation } from "./link.ts";
import { type LinkedConversation, putLinks, type TakenConversation, takePage } from "./link-store.ts";
import { lockForSweep, markAllDirty, sweepSoon } from "./touch.ts";

/** Told in the transaction that joined and judged them, so that the records they concern are analysed. */
export type ConversationsJudged = (tx: Tx, workspaceId: string, conversationIds: string[]) => Promise<void>;

const pageSize = 500;
/** Then it makes room for others. */
const pagesMax = 20;

export async function onSweep(
  house: House,
  { workspace_id: workspaceId }: JobPayload<"gaps.sweep">,
  signal: AbortSignal,
  conversationsJudged: ConversationsJudged = async () => {},
): Promise<void> {
  const { db } = house;
  const context = await db.withWorkspace(workspaceId, (tx) => openSweep(tx, house, workspaceId));
  if (context === null) return;
  let judged = 0;
  for (let page = 0; page < pagesMax; page += 1) {
    signal.throwIfAborted();
    const count = await db.withWorkspace(workspaceId, (tx) =>
      sweepPage(tx, house, workspaceId, context, conversationsJudged),
    );
    judged += count;
    if (count === 0) {
      if (judged > 0) house.log.info("gaps.swept", { workspaceId, judged });
      return;
    }
  }
  await db.withWorkspace(workspaceId, (tx) => sweepSoon(tx, house, workspaceId));
  house.log.info("gaps.swept", { workspaceId, judged, more: true });
}

/** What all verdicts rest on, read once; where it changed since the last sweep, everything is judged anew. */
async function openSweep(tx: Tx, house: Pick<House, "clock">, workspaceId: string): Promise<SweepContext | null> {
  const now = house.clock.now();
  await lockForSweep(tx, workspaceId);
  const context = await readContext(tx, workspaceId);
  if (context === null) return null;
  const [changed] = await tx`
    insert into gap_sweeps as s (workspace_id, context_hash, swept_at) values (${workspaceId}, ${context.hash}, ${now})
    on conflict (workspace_id) do update set context_hash = excluded.context_hash, swept_at = excluded.swept_at
    where s.context_hash <> excluded.context_hash
    returning 1`;
  if (changed) await markAllDirty(tx, workspaceId, windowStart(context, now));
  // As after an import: what came in bulk is read next, and the planner's figures are of the time before it. Without
  // this a first page of 500 took 4 s to find its companies' other calls, with it 20 ms.
  const [many] = await tx`
    select 1 from conversations where workspace_id = ${workspaceId} and dirty offset ${pageSize} limit 1`;
  if (many) await tx`analyze conversations, conversation_participants`;
  return context;
}

/** @returns how many conversations it judged */
async function sweepPage(
  tx: Tx,
  house: Pick<House, "clock">,
  workspaceId: string,
  context: SweepContext,
  conversationsJudged: ConversationsJudged,
): Promise<number> {
  const now = house.clock.now();
  await lockForSweep(tx, workspaceId);
  const page = await takePage(tx, workspaceId, now, pageSize);
  if (page.length === 0) return 0;
  const known = await readKnown(tx, workspaceId, whatToAsk(page, context));
  const linked = page.map((taken) => ({ taken, links: linkConversation(taken.question, { ...context, known }) }));
  await putLinks(tx, workspaceId, now, linked);
  await recordReopened(tx, workspaceId, now, reopenedOf(linked));
  const window = { after: windowStart(context, now), now };
  const deals = await countDeals(tx, workspaceId, countedCompanies(linked, known));
  const keys = linked.flatMap(({ links }) => links.companyKey ?? []);
  const siblings = await countSiblings(tx, workspaceId, keys, window);
  const judged = linked.map((each) => {
    const facts = gapFacts(each, deals, siblings);
    const verdict = classify(facts, context.settings, now);
    return { id: each.taken.id, verdict, siblings: verdict.gap ? facts.siblings : 0, judgeAt: verdict.validUntil };
  });
  await putVerdicts(tx, workspaceId, now, judged);
  const left = page.flatMap((taken) => taken.companyKey ?? []);
  await touchSiblings(tx, workspaceId, [...keys, ...left], window);
  await conversationsJudged(
    tx,
    workspaceId,
    judged.map(({ id }) => id),
  );
  return page.length;
}

function whatToAsk(page: TakenConversation[], { own, owners, crms, settings }: SweepContext): Asked {
  const questions = page.map((taken) => taken.question);
  const emails = questions.flatMap(({ participants }) => participants.flatMap(({ email }) => email ?? []));
  const named = (objectType: string) =>
    questions.flatMap(({ namedRecords }) =>
      namedRecords
        .filter((each) => each.object_type === objectType)
        .flatMap(({ crm, id }) => (crm ? [{ crm, id }] : crms.map((each) => ({ crm: each, id })))),
    );
  const kept = questions.flatMap(({ deal }) => (deal ? { crm: deal.crm, id: deal.id } : []));
  const first = Math.min(...questions.map(({ startedAt }) => startedAt.getTime()));
  return {
    emails: [...new Set(emails)].filter((email) => !isOwnAddress(email, own)),
    contacts: named("contact"),
    companies: [...named("company"), ...questions.flatMap(({ chosenCompanies }) => chosenCompanies)],
    deals: [...named("deal"), ...kept],
    closedSince: new Date(first - settings.deal_closed_before_days * dayMs),
    owners,
  };
}

const dayMs = 86_400_000;

function windowStart({ settings }: SweepContext, now: Date): Date {
  return new Date(now.getTime() - settings.days_back * dayMs);
}

/** The companies of the page, with all ids that deals may know them by. */
function countedCompanies(linked: LinkedConversation[], known: Known) {
  const wanted = new Set(linked.flatMap(({ links }) => links.companies.map(({ company }) => company)));
  return [...known.companies.values()].flatMap(({ crm, id }) => {
    const company = survivorOf(known.companies, crm, id);
    return company && wanted.has(company) ? [{ crm, id, counts_as: keyOf(company.crm, company.id) }] : [];
  });
}

function gapFacts(
  { taken, links }: LinkedConversation,
  deals: ReadonlyMap<string, CompanyDeals>,
  siblings: ReadonlyMap<string, Siblings>,
): GapFacts {
  const there = links.companies.map(({ company }) => deals.get(keyOf(company.crm, company.id)));
  const sum = (count: (of: CompanyDeals) => number) => there.reduce((all, each) => all + (each ? count(each) : 0), 0);
  const same = siblings.get(links.companyKey ?? "");
  return {
    ...{ audience: links.audience, onlyIgnored: links.onlyIgnored, onlyLeads: links.onlyLeads },
    ...{ linked: links.deal !== null, externalPeople: links.externalPeople, people: links.people },
    ...{ title: taken.question.title, startedAt: taken.question.startedAt },
    ...{ callType: taken.callType, durationMinutes: taken.durationMinutes },
    ...{ openDeals: sum(({ open }) => open), deals: sum(({ all }) => all), openDealsNearby: links.openDealsNearby },
    // Where nothing tells with whom it was, it stands for itself.
    ...{ siblings: same?.count ?? 1, secondNewestAt: same?.secondNewestAt ?? null },
  };
}

function reopenedOf(linked: LinkedConversation[]) {
  return linked.flatMap(({ taken, links }) => {
    const { deal } = taken.question;
    return links.reopened && deal ? [{ conversation_id: taken.id, crm: deal.crm, deal_id: deal.id }] : [];
  });
}
