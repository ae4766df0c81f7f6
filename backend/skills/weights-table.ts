/** The table of all scores: each factor's standard weight and each limit, with the words for a settings page. Pure. */

export type ThresholdUnit = "days" | "count" | "times_usual";

export type Weight = { label: string; explanation: string; default: number };
export type Threshold = { label: string; unit: ThresholdUnit; default: number; min: number; max: number };

const recencyOfTalks = weight(0, "Last conversation", "How long ago the last conversation was");
const countOfTalks = weight(0, "Conversations", "How many conversations there were in the last 90 days");

/** The seven factors of a deal, as the CRM alone tells them. */
const dealWeights = {
  activity: weight(25, "Recent activity", "How long ago the last recorded activity was"),
  probability: weight(20, "Stage probability", "The probability that the CRM gives its stage"),
  time_in_stage: weight(20, "Time in stage", "How long it has been in its stage, against what is usual there"),
  close_date: weight(15, "Close date", "Whether the close date is set, near and not passed"),
  contacts: weight(10, "Contacts involved", "How many people on the customer's side are involved"),
  date_pushes: weight(6, "Close date pushes", "How often the close date was moved later"),
  amount_drops: weight(4, "Amount cuts", "How often the amount was lowered"),
};

const accountWeights = {
  conversations: weighs(countOfTalks, 20, "How many conversations there were in the last 90 days, and how recent"),
  engaged_contacts: weight(15, "Active contacts", "How many contacts were active in the last 90 days"),
  open_deals: weight(20, "Open deals", "How many deals are open"),
  won_deals: weight(20, "Won deals", "How many deals were won and lost, and how recent the last win is"),
  seniority: weight(15, "Contacts by seniority", "How many contacts are known, and how many are directors or above"),
  idle: weight(10, "Idle time", "How long ago anything happened"),
};

export const scoring = {
  deal_score: {
    label: "Deal score",
    weights: dealWeights,
    thresholds: {
      activity_full_days: threshold(3, 0, 90, "days", "Activity this recent gives all points"),
      activity_none_days: threshold(30, 1, 365, "days", "Without activity for so long, no points"),
      stage_fallback_days: threshold(21, 1, 365, "days", "Usual time in a stage with fewer than five open deals"),
      stage_full_times: threshold(1, 0, 10, "times_usual", "Up to this multiple of the usual time, all points"),
      stage_none_times: threshold(3, 0.5, 20, "times_usual", "From this multiple of the usual time on, no points"),
      close_far_days: threshold(180, 1, 1095, "days", "A close date further away than this costs a third"),
      overdue_none_days: threshold(30, 1, 365, "days", "A close date passed for so long gives no points"),
      contacts_full: threshold(3, 1, 20, "count", "So many contacts give all points"),
      pushes_none: threshold(3, 1, 20, "count", "So many moves of the close date leave no points"),
      drops_none: threshold(2, 1, 20, "count", "So many cuts of the amount leave no points"),
    },
  },
  enhanced_deal_score: {
    label: "Deal score with conversations",
    // What counts as idle, late or alone is set once, at the deal score.
    weights: {
      activity: weighs(dealWeights.activity, 15),
      probability: weighs(dealWeights.probability, 12),
      time_in_stage: weighs(dealWeights.time_in_stage, 12),
      close_date: weighs(dealWeights.close_date, 10),
      contacts: weighs(dealWeights.contacts, 7),
      date_pushes: weighs(dealWeights.date_pushes, 4),
      amount_drops: weighs(dealWeights.amount_drops, 3),
      conversation_recency: weighs(recencyOfTalks, 11),
      conversation_count: weighs(countOfTalks, 7),
      sentiment: weight(6, "Tone of the calls", "Whether the customer's words sound positive or negative"),
      next_step: weight(7, "Next step agreed", "Whether the last conversation ended with a next step"),
      findings: weight(6, "Open issues", "What Pandora has found and nobody has solved yet"),
    },
    thresholds: {
      conversation_full_days: threshold(7, 0, 90, "days", "A conversation this recent gives all points"),
      conversation_none_days: threshold(60, 1, 365, "days", "Without a conversation for so long, no points"),
      conversations_full: threshold(4, 1, 50, "count", "So many conversations in 90 days give all points"),
      issues_none: threshold(6, 1, 50, "count", "Issues that leave no points; a high one counts 3, a medium one 2"),
    },
  },
  account_score: {
    label: "Account score",
    weights: accountWeights,
    thresholds: {
      conversations_full: threshold(4, 1, 50, "count", "So many conversations in 90 days give all their points"),
      conversation_full_days: threshold(14, 0, 180, "days", "A conversation this recent gives all its points"),
      conversation_none_days: threshold(90, 1, 730, "days", "A conversation so long ago gives no points"),
      engaged_full: threshold(3, 1, 50, "count", "So many active contacts give all points"),
      open_deals_full: threshold(2, 1, 50, "count", "So many open deals give all points"),
      won_full: threshold(3, 1, 50, "count", "So many won deals give all points for history"),
      won_full_days: threshold(180, 0, 1825, "days", "A win this recent gives all its points"),
      won_none_days: threshold(730, 1, 3650, "days", "A win so long ago gives no points for being recent"),
      contacts_full: threshold(4, 1, 100, "count", "So many contacts give all points for their number"),
      senior_full: threshold(2, 1, 50, "count", "So many directors or above give all points for seniority"),
      idle_full_days: threshold(14, 0, 365, "days", "Up to so long without activity, all points"),
      idle_none_days: threshold(120, 1, 1825, "days", "Without activity for so long, no points"),
    },
  },
  enhanced_account_score: {
    label: "Account score with fit",
    weights: {
      conversations: weighs(accountWeights.conversations, 17),
      engaged_contacts: weighs(accountWeights.engaged_contacts, 12),
      open_deals: weighs(accountWeights.open_deals, 16),
      won_deals: weighs(accountWeights.won_deals, 16),
      seniority: weighs(accountWeights.seniority, 13),
      idle: weighs(accountWeights.idle, 8),
      fit_industry: weight(10, "Fit by industry", "How common its industry is among the customers won so far"),
      fit_size: weight(8, "Fit by size", "How common its number of employees is among the customers won so far"),
    },
    thresholds: {
      customers_min: threshold(5, 1, 100, "count", "With fewer won customers than this, fit is not judged"),
    },
  },
  contact_engagement_score: {
    label: "Contact engagement",
    weights: {
      conversation_recency: weighs(recencyOfTalks, 35),
      conversations_recent: weighs(countOfTalks, 35, undefined, "Recent conversations"),
      conversations_all: weight(15, "Conversations so far", "How many conversations there were in all"),
      open_deals: weight(15, "Open deals", "Whether the contact is part of an open deal"),
    },
    thresholds: {
      conversation_full_days: threshold(7, 0, 90, "days", "A conversation this recent gives all points"),
      conversation_none_days: threshold(90, 1, 730, "days", "A conversation so long ago gives no points"),
      conversations_recent_full: threshold(4, 1, 50, "count", "So many conversations in 90 days give all points"),
      conversations_all_full: threshold(10, 1, 200, "count", "So many conversations in all give all points"),
      open_deals_full: threshold(1, 1, 20, "count", "So many open deals give all points"),
    },
  },
  contact_enrichment_score: {
    label: "Contact completeness",
    weights: {
      name: weight(10, "Name", "Whether the name is known"),
      role: weight(20, "Role", "Whether there is a job title"),
      seniority: weight(15, "Seniority", "Whether the job title tells how senior the contact is"),
      reachability: weight(30, "Reachability", "A work e-mail address and a phone number"),
      company: weight(15, "Company", "Whether the contact belongs to a company"),
      recency: weight(10, "Up to date", "How long ago anything happened with the contact"),
    },
    thresholds: {
      recency_full_days: threshold(30, 0, 365, "days", "Activity this recent gives all points"),
      recency_none_days: threshold(365, 1, 1825, "days", "Without activity for so long, no points"),
    },
  },
} satisfies Record<string, { label: string; weights: Record<string, Weight>; thresholds: Record<string, Threshold> }>;

function weight(points: number, label: string, explanation: string): Weight {
  return { label, explanation, default: points };
}

/** The same factor in another score. */
function weighs(like: Weight, points: number, explanation = like.explanation, label = like.label): Weight {
  return { label, explanation, default: points };
}

function threshold(standard: number, min: number, max: number, unit: ThresholdUnit, label: string): Threshold {
  return { label, unit, default: standard, min, max };
}
