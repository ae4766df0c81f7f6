/** Answers of the server as the tests need them. */
import type { Creation, DealOptions, Gap, RecordCard } from "@pandora/hs-shared";

export const gapId = "0190f3c2-0000-7000-8000-000000000001";

export function cardOf(change: Partial<RecordCard> = {}): RecordCard {
  return {
    ...{ crm: "hubspot", object_type: "deal", crm_record_id: "501", name: "Acme renewal", url: null, owner: null },
    scores: [
      {
        ...{ field: "deal_score", label: "Deal score", value: 61, computed_at: "2026-11-12T08:00:00.000Z" },
        factors: [
          { key: "stage", label: "Stage", points: 20, max: 20, sentence: "The stage is late." },
          { key: "activity", label: "Activity", points: 5, max: 30, sentence: "Nothing for 20 days." },
          { key: "won", label: "Outcome", points: 0, max: 0, sentence: "Does not count here." },
        ],
        trend: [
          { at: "2026-11-01T08:00:00.000Z", value: 70 },
          { at: "2026-11-12T08:00:00.000Z", value: 61 },
        ],
      },
    ],
    texts: [
      { field: "deal_risk_summary", label: "Risk", value: "No champion.", computed_at: "2026-11-12T08:00:00.000Z" },
      {
        field: "next_step_recommendation",
        label: "Next step",
        value: "Call Jo.",
        computed_at: "2026-11-12T08:00:00.000Z",
      },
    ],
    values: [],
    findings: [
      {
        kind: "amount_missing",
        severity: "medium",
        sentence: "The amount is missing.",
        found_at: "2026-11-12T08:00:00.000Z",
      },
    ],
    written: [
      {
        ...{ mapping_id: gapId, pandora_field: "deal_score", crm_property_name: "pandora_deal_score" },
        ...{ crm_property_label: "Pandora deal score", value: "61", written_at: "2026-11-12T08:00:00.000Z" },
        ...{ last_decision: "changed_in_crm", last_decision_text: "Kept: someone changed it in the CRM" },
      },
    ],
    freshness: {
      analysed_at: "2026-11-12T08:00:00.000Z",
      mirrored_at: "2026-11-12T08:05:00.000Z",
      connection: "connected",
    },
    gaps: {
      ...{ pending: 1, worst: "high" },
      items: [
        {
          ...{ conversation_id: gapId, title: "Pricing call", started_at: "2026-11-10T09:00:00.000Z" },
          ...{ duration_minutes: 45, severity: "high", severity_reason: "A long call.", rep_name: "Ann" },
          likely_cause: "deal_not_created",
        },
      ],
    },
    abilities: ["read", "act_on_gaps"],
    ...change,
  } as RecordCard;
}

export function gapOf(change: Partial<Gap> = {}): Gap {
  return {
    ...{ conversation_id: gapId, title: "Pricing call", source: "generic", url: null, days_since: 2, call_type: null },
    ...{ started_at: "2026-11-10T09:00:00.000Z", duration_minutes: 45, status: "pending", severity: "high" },
    ...{
      severity_reason: "A long call.",
      likely_cause: "deal_not_created",
      rep: { name: "Ann", email: "ann@us.test" },
    },
    company: { crm: "hubspot", crm_id: "c1", name: "Acme", domain: "acme.test", url: null, is_primary: true },
    ...{ company_domain: null, companies: [], participants_count: 1, open_deals: [], open_deals_hidden: 0 },
    participants: [
      {
        ...{ name: "Jo", email: "jo@acme.test", is_internal: false, contact_crm: "hubspot", contact_crm_id: "k1" },
        ...{ contact_url: null, is_lead: false },
      },
    ],
    ...{ closed_deals: 0, contacts: 1, last_won_at: null, deal: null, decision: null, being_created_by: null },
    prefill: null,
    ...change,
  };
}

export function optionsOf(change: Partial<DealOptions> = {}): DealOptions {
  return {
    crm: "hubspot",
    pipelines: [
      {
        ...{ id: "default", label: "Sales" },
        stages: [
          { id: "s1", label: "Scheduled", is_closed: false, is_won: false },
          { id: "s2", label: "Won", is_closed: true, is_won: true },
        ],
      },
      { id: "p2", label: "Renewals", stages: [{ id: "r1", label: "Open", is_closed: false, is_won: false }] },
    ],
    owners: [{ email: "ann@us.test", name: "Ann" }],
    currencies: ["EUR", "USD"],
    contact_roles: [],
    required: [],
    prefill: {
      ...{ crm: "hubspot", deal_name: "Acme – Pricing call", amount: null, currency: "EUR", pipeline_id: "default" },
      ...{ stage: "s1", close_date: "2026-12-12", owner_email: "ann@us.test", company_to_create: null },
      contacts_to_associate: ["k1"],
      contacts_to_create: [{ name: "Mo", email: "mo@acme.test", title: null, is_lead: false }],
      notes: "From the call.",
    },
    ...change,
  };
}

export function creationOf(change: Partial<Creation> = {}): Creation {
  return {
    ...{
      creation_id: "0190f3c2-0000-7000-8000-0000000000c1",
      conversation_id: gapId,
      crm: "hubspot",
      status: "created",
    },
    ...{ existing: false, deal_name: "Acme – Pricing call", deal_crm_id: "900", deal_url: "https://crm.test/0-3/900" },
    ...{ company: null, contacts_created: [], warnings: [], error: null, by: "Ann", origin: "person" },
    contacts_associated: [{ crm_id: "k1", email: "jo@acme.test", url: null }],
    ...{ created_at: "2026-11-12T08:00:00.000Z", finished_at: null, next_try_at: null, kept: [] },
    ...change,
  };
}
