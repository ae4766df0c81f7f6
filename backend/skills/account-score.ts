/**
 * How promising an account is, 0–100, from what the CRM and its conversations tell; and the same with fit to the customers
 * won so far. Where an input is missing, its weight goes to the others. Pure: days are given, no clock.
 */
import type { FitFacts } from "./account-fit.ts";
import { noConversationsKnown } from "./enhanced-deal-score.ts";
import { falling, type Part, rising, type Score, scoreOf } from "./score.ts";
import { type ScoringSettings, scoringDefaults, type Thresholds, type WeightKey } from "./weights.ts";
import { scoring } from "./weights-table.ts";
import { ago, counted, days, whole } from "./wording.ts";

export type AccountFacts = {
  contacts: number;
  /** Directors or above, by their job titles. */
  seniorContacts: number;
  /** Contacts active in the last 90 days. */
  engagedContacts: number;
  /** Contacts added in the last 30 days. */
  newContacts30: number;
  openDeals: number;
  wonDeals: number;
  lostDeals: number;
  /** Whole days; null: not known, or none was won. */
  lastWonDays: number | null;
  /** Whole days since anything happened; null: not known. */
  daysIdle: number | null;
  /** null: Pandora has no conversations at all, so that silence says nothing. */
  conversations90: number | null;
  daysSinceConversation: number | null;
  /** Conversations that no deal accounts for, still to be decided. */
  pendingGaps: number;
  hasOwner: boolean;
  industry: string | null;
  employees: number | null;
};

export type AccountFactorKey = WeightKey<"account_score">;
export type EnhancedAccountFactorKey = WeightKey<"enhanced_account_score">;
type AccountPart = Part<AccountFactorKey>;
type FitPart = Part<"fit_industry" | "fit_size">;
type Limits = Thresholds<"account_score">;

/** @returns score = sum of the factors' points, a whole number of 0–100 */
export function accountScore(
  facts: AccountFacts,
  settings: ScoringSettings = scoringDefaults,
): Score<AccountFactorKey> {
  const { weights, thresholds } = settings.account_score;
  return scoreOf(accountParts(facts, thresholds), weights, { redistribute: true });
}

/** @param fit  null: no customers to compare with */
export function enhancedAccountScore(
  facts: AccountFacts,
  fit: FitFacts | null,
  settings: ScoringSettings = scoringDefaults,
): Score<EnhancedAccountFactorKey> {
  const parts = [...accountParts(facts, settings.account_score.thresholds), fitByIndustry(fit), fitBySize(fit)];
  return scoreOf<EnhancedAccountFactorKey>(parts, settings.enhanced_account_score.weights, { redistribute: true });
}

function accountParts(facts: AccountFacts, limits: Limits): AccountPart[] {
  return [
    conversations(facts, limits),
    engagedContacts(facts, limits),
    openDeals(facts, limits),
    wonDeals(facts, limits),
    seniority(facts, limits),
    idle(facts, limits),
  ];
}

/** Half for how many, half for how recent. */
function conversations({ conversations90, daysSinceConversation: since }: AccountFacts, limits: Limits): AccountPart {
  if (conversations90 === null) return part("conversations", null, noConversationsKnown);
  const talks = whole(conversations90);
  const recent =
    since === null ? 0 : falling(whole(since), limits.conversation_full_days, limits.conversation_none_days);
  const amount = talks === 0 ? "No conversation" : counted(talks, "conversation");
  const last = since === null ? "" : `; the last one was ${ago(since)}`;
  const share = (rising(talks, limits.conversations_full) + recent) / 2;
  return part("conversations", share, `${amount} in the last 90 days${last}.`);
}

function engagedContacts(facts: AccountFacts, limits: Limits): AccountPart {
  const active = whole(facts.engagedContacts);
  const sentence =
    active === 0
      ? "No contact was active in the last 90 days."
      : `${counted(active, "contact was", "contacts were")} active in the last 90 days.`;
  return part("engaged_contacts", rising(active, limits.engaged_full), sentence);
}

function openDeals(facts: AccountFacts, limits: Limits): AccountPart {
  const open = whole(facts.openDeals);
  const sentence = open === 0 ? "No deal is open." : `${counted(open, "deal is", "deals are")} open.`;
  return part("open_deals", rising(open, limits.open_deals_full), sentence);
}

/** Half for history, where lost deals count against it, half for how recent the last win is. */
function wonDeals(facts: AccountFacts, limits: Limits): AccountPart {
  const won = whole(facts.wonDeals);
  const lost = whole(facts.lostDeals);
  if (won === 0) {
    const sentence =
      lost === 0
        ? "No deal has been won here yet."
        : `No deal has been won here; ${counted(lost, "was", "were")} lost.`;
    return part("won_deals", 0, sentence);
  }
  // Losing every time but one halves the worth of that one win, no more: it did buy.
  const history = rising(won, limits.won_full) * (0.5 + (0.5 * won) / (won + lost));
  const since = facts.lastWonDays;
  const recent = since === null ? history : falling(whole(since), limits.won_full_days, limits.won_none_days);
  const losses = lost === 0 ? "" : ` and ${lost} lost`;
  const last = since === null ? "" : `; the last win was ${ago(since)}`;
  const sentence = `${counted(won, "deal was", "deals were")} won${losses}${last}.`;
  return part("won_deals", (history + recent) / 2, sentence);
}

function seniority(facts: AccountFacts, limits: Limits): AccountPart {
  const known = whole(facts.contacts);
  const senior = whole(facts.seniorContacts);
  const share = 0.4 * rising(known, limits.contacts_full) + 0.6 * rising(senior, limits.senior_full);
  if (known === 0) return part("seniority", share, "No contact is known.");
  const people = counted(known, "contact is known", "contacts are known");
  const above =
    senior === 0
      ? "no director or above"
      : senior >= known
        ? known === 1
          ? "a director or above"
          : "all of them directors or above"
        : counted(senior, "of them a director or above", "of them directors or above");
  return part("seniority", share, `${people}, ${above}.`);
}

function idle({ daysIdle }: AccountFacts, limits: Limits): AccountPart {
  if (daysIdle === null) return part("idle", null, "It is not known when anything last happened here.");
  const quiet = whole(daysIdle);
  const sentence = quiet === 0 ? "There was activity today." : `Nothing has happened for ${days(quiet)}.`;
  return part("idle", falling(quiet, limits.idle_full_days, limits.idle_none_days), sentence);
}

function fitByIndustry(fit: FitFacts | null): FitPart {
  if (fit && fit.industry === null) return fitPart("fit_industry", null, "Its industry is not known.");
  if (!fit || fit.industryCustomers === null) return fitPart("fit_industry", null, tooFewCustomers);
  const sentence = `${amongCustomers(fit.industryCustomers, fit.customers)} in its industry, ${fit.industry}.`;
  return fitPart("fit_industry", rising(fit.industryCustomers, Math.max(1, fit.industryCommonest)), sentence);
}

function fitBySize(fit: FitFacts | null): FitPart {
  if (fit && fit.sizeBand === null) return fitPart("fit_size", null, "Its number of employees is not known.");
  if (!fit || fit.sizeCustomers === null) return fitPart("fit_size", null, tooFewCustomers);
  const band = fit.sizeBand?.replace("-", " to ").replace("+", " or more");
  const sentence = `${amongCustomers(fit.sizeCustomers, fit.customers)} of its size, ${band} people.`;
  return fitPart("fit_size", rising(fit.sizeCustomers, Math.max(1, fit.sizeCommonest)), sentence);
}

const tooFewCustomers = "Not known: there are too few won customers to compare with.";

function amongCustomers(count: number, customers: number): string {
  const some = whole(count);
  const all = Math.max(some, whole(customers));
  const who = some === 0 ? "None" : some === all ? "All" : `${some}`;
  return `${who} of ${counted(all, "won customer")} ${some === 0 || some === 1 ? "is" : "are"}`;
}

function part(key: AccountFactorKey, share: number | null, sentence: string): AccountPart {
  return { key, label: scoring.account_score.weights[key].label, share, sentence };
}

function fitPart(key: FitPart["key"], share: number | null, sentence: string): FitPart {
  return { key, label: scoring.enhanced_account_score.weights[key].label, share, sentence };
}
