/** What is going on at an account, and around a deal, in two to four plain sentences, the most telling first. Pure. */
import type { FitFacts } from "./account-fit.ts";
import type { AccountFacts } from "./account-score.ts";
import type { DealFacts } from "./deal-score.ts";
import { type ConversationFacts, clearSentiment, gravestFirst, type OpenFinding } from "./enhanced-deal-score.ts";
import type { Score } from "./score.ts";
import { ago, counted, days, whole } from "./wording.ts";

export type AccountView = { facts: AccountFacts; score: Score; fit: FitFacts | null };

export type DealView = {
  deal: DealFacts;
  /** null: Pandora has no conversations at all. */
  conversations: ConversationFacts | null;
  findings: OpenFinding[];
  /** null: the deal hangs on no company. */
  account: AccountView | null;
};

const sentencesMax = 4;

/** @param score  of the account: a signal whose factor is decided, either way, tells more */
export function accountSignals(facts: AccountFacts, score: Score, fit: FitFacts | null): string {
  return written(accountSigns({ facts, score, fit }));
}

/** The same for a deal: what its conversations and issues say, and what is going on at its account. */
export function dealSignals(view: DealView): string {
  const account = view.account
    ? accountSigns(view.account)
    : [sign("company", 55, "No company is linked to this deal.")];
  return written([...dealSigns(view), ...account]);
}

/** One thing that can be said. */
type Sign = {
  /** Only the most telling sign of a topic is said. */
  topic: string;
  /** How much it tells a rep who opens the record; 0–120 */
  telling: number;
  sentence: string;
};

function accountSigns({ facts, score, fit }: AccountView): Sign[] {
  const signs = [
    ...gaps(facts),
    ...newContacts(facts),
    people(facts),
    idle(facts),
    lastWon(facts),
    openDeals(facts),
    ...talks(facts),
    ...owner(facts),
    ...fitting(fit),
  ];
  return signs.map((each) => ({ ...each, telling: each.telling + decided(score, factorOf[each.topic]) }));
}

/** The factor of the account score that a topic is about. */
const factorOf: Record<string, string> = {
  people: "seniority",
  idle: "idle",
  won: "won_deals",
  open_deals: "open_deals",
  talks: "conversations",
};

/** 0 for a factor in the middle, 10 for one that gives all or nothing. */
function decided(score: Score, key: string | undefined): number {
  const factor = score.factors.find((each) => each.key === key);
  return factor && factor.max > 0 ? (10 * Math.abs(2 * factor.points - factor.max)) / factor.max : 0;
}

function gaps({ pendingGaps }: AccountFacts): Sign[] {
  const open = whole(pendingGaps);
  return open === 0 ? [] : [sign("gaps", 95, `${counted(open, "call has", "calls have")} no deal.`)];
}

function newContacts({ newContacts30 }: AccountFacts): Sign[] {
  const fresh = whole(newContacts30);
  if (fresh === 0) return [];
  return [sign("new_contacts", 90, `${counted(fresh, "new contact")} at the account in the last 30 days.`)];
}

function people(facts: AccountFacts): Sign {
  const contacts = whole(facts.contacts);
  const senior = Math.min(contacts, whole(facts.seniorContacts));
  if (contacts === 0) return sign("people", 75, "No contact is known at the account.");
  if (senior === 0) {
    const nobody =
      contacts === 1 ? "The only contact at the account is no" : `None of the account's ${contacts} contacts is a`;
    return sign("people", 50, `${nobody} director or above.`);
  }
  if (contacts === 1) return sign("people", 60, "The only contact at the account is a director or above.");
  const are = senior === 1 ? "is a director" : "are directors";
  return sign("people", 65, `${senior} of the account's ${contacts} contacts ${are} or above.`);
}

function idle({ daysIdle }: AccountFacts): Sign {
  if (daysIdle === null) return sign("idle", 30, "No activity is recorded at the account.");
  const quiet = whole(daysIdle);
  // A month of silence is worth saying first; a busy account is no news.
  return quiet >= 30
    ? sign("idle", 80, `Nothing has happened at the account for ${days(quiet)}.`)
    : sign("idle", 25, `The last activity at the account was ${ago(quiet)}.`);
}

function lastWon({ wonDeals, lostDeals, lastWonDays }: AccountFacts): Sign {
  const won = whole(wonDeals);
  const lost = whole(lostDeals);
  if (won > 0) {
    const deals = counted(won, "deal has", "deals have");
    const when = lastWonDays === null ? "" : `, the last one ${ago(lastWonDays)}`;
    return sign(
      "won",
      lastWonDays !== null && lastWonDays <= 365 ? 70 : 45,
      `${deals} been won at the account${when}.`,
    );
  }
  return lost > 0
    ? sign("won", 48, `No deal has been won at the account, and ${counted(lost, "was", "were")} lost.`)
    : sign("won", 20, "No deal has been won at the account yet.");
}

function openDeals({ openDeals: count }: AccountFacts): Sign {
  const open = whole(count);
  return open === 0
    ? sign("open_deals", 35, "The account has no open deal.")
    : sign("open_deals", 40, `The account has ${counted(open, "open deal")}.`);
}

function talks({ conversations90, daysSinceConversation }: AccountFacts): Sign[] {
  if (conversations90 === null) return [];
  const count = whole(conversations90);
  if (count === 0) return [sign("talks", 38, "There was no conversation with the account in the last 90 days.")];
  const last = daysSinceConversation === null ? "" : `, the last one ${ago(daysSinceConversation)}`;
  const there = `There ${count === 1 ? "was" : "were"} ${counted(count, "conversation")}`;
  return [sign("talks", 58, `${there} with the account in the last 90 days${last}.`)];
}

function owner({ hasOwner }: AccountFacts): Sign[] {
  return hasOwner ? [] : [sign("owner", 60, "Nobody owns the account.")];
}

function fitting(fit: FitFacts | null): Sign[] {
  if (!fit || fit.industry === null || fit.industryCustomers === null) return [];
  const alike = whole(fit.industryCustomers);
  // Only what stands out is said: an industry that is common among the customers.
  if (alike === 0 || alike * 2 < fit.industryCommonest) return [];
  const are = alike === 1 ? "is" : "are";
  return [
    sign("fit", 52, `${alike} of ${counted(fit.customers, "won customer")} ${are} in its industry, ${fit.industry}.`),
  ];
}

function dealSigns({ deal, conversations, findings }: DealView): Sign[] {
  if (deal.isClosed) return [sign("outcome", 120, deal.isWon ? "This deal is won." : "This deal is lost.")];
  return [...issues(findings), ...dealTalks(conversations), dealActivity(deal)];
}

function issues(findings: OpenFinding[]): Sign[] {
  const [gravest] = gravestFirst(findings);
  const sentence = gravest?.sentence.trim().replace(/[\s.]+$/, "");
  if (!gravest || !sentence) return [];
  return [sign("issues", { high: 110, medium: 72, low: 42 }[gravest.severity], `${sentence}.`)];
}

function dealTalks(facts: ConversationFacts | null): Sign[] {
  if (!facts) return [];
  if (facts.daysSinceLast === null) return [sign("talks", 70, "There has been no conversation about this deal yet.")];
  const someone = whole(facts.people);
  const who = someone === 0 ? "" : `, with ${counted(someone, "person", "people")} of the customer so far`;
  const signs = [sign("talks", 70, `The last conversation about this deal was ${ago(facts.daysSinceLast)}${who}.`)];
  if (facts.nextStepAgreed === false)
    signs.push(sign("next_step", 85, "No next step was agreed in the last conversation."));
  if (facts.nextStepAgreed) signs.push(sign("next_step", 44, "A next step was agreed in the last conversation."));
  if (facts.sentiment !== null && facts.sentiment <= -clearSentiment) {
    signs.push(sign("tone", 88, "The tone of the conversations is negative."));
  }
  if (facts.sentiment !== null && facts.sentiment >= clearSentiment) {
    signs.push(sign("tone", 43, "The tone of the conversations is positive."));
  }
  return signs;
}

/** Always there, so that a deal without company and conversations still says something. */
function dealActivity({ hasActivity, daysIdle }: DealFacts): Sign {
  return hasActivity
    ? sign("deal_activity", 15, `The last activity on this deal was ${ago(daysIdle)}.`)
    : sign("deal_activity", 24, `No activity is recorded on this deal, which was made ${ago(daysIdle)}.`);
}

function sign(topic: string, telling: number, sentence: string): Sign {
  return { topic, telling, sentence };
}

function written(signs: Sign[]): string {
  const ordered = [...signs].sort((one, other) => other.telling - one.telling);
  const firstOfTopic = ordered.filter((each, n) => ordered.findIndex((other) => other.topic === each.topic) === n);
  // An open issue may say word for word what the account says.
  const sentences = [...new Set(firstOfTopic.map((each) => each.sentence))];
  return sentences.slice(0, sentencesMax).join(" ");
}
