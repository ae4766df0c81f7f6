/** Answers of the server as the tests of the settings page need them. */
import type {
  Connection,
  CrmProperty,
  LogEntry,
  Mapping,
  PandoraField,
  Run,
  Session,
  Settings,
  Source,
  Template,
  TryResult,
} from "@pandora/hs-shared";

const at = "2026-11-12T08:00:00.000Z";
export const idOf = (n: number) => `0190f3c2-0000-7000-8000-${String(n).padStart(12, "0")}`;

export function sessionOf(change: Partial<Session> = {}): Session {
  return {
    workspace: { id: idOf(1), name: "Acme", time_zone: "Europe/Berlin", currency: "EUR" },
    user: { id: idOf(2), name: "Ada", email: "ada@acme.test" },
    role: "admin",
    via: "hubspot",
    connections: [{ crm: "hubspot", status: "connected", account_id: "42", missing_scopes: [], setup_needed: [] }],
    abilities: [
      ...["read", "manage_mappings", "run_sync", "undo_writes", "manage_connections", "manage_settings"],
      ...["manage_members", "manage_api_keys", "act_on_gaps", "ingest"],
    ] as Session["abilities"],
    ...change,
  };
}

export const repSession = () => sessionOf({ role: "rep", abilities: ["read", "act_on_gaps"] });

export function connectionOf(change: Partial<Connection> = {}): Connection {
  return {
    ...{ crm: "hubspot", status: "connected", status_reason: null, account_id: "42", account_name: "Acme" },
    ...{ time_zone: "Europe/Berlin", currency: "EUR", multi_currency: false, scopes: [], missing_scopes: [] },
    ...{ quiet_until: null, connected_by: `member:${idOf(2)}`, connected_at: at, updated_at: at },
    ...change,
  };
}

export function fieldOf(change: Partial<PandoraField> = {}): PandoraField {
  return {
    ...{ name: "deal_score", label: "Deal score", description: "How healthy the deal is", example: "61" },
    ...{ object_types: ["deal"], value_type: "number", source_skill: "deal-score" },
    compatible_types: ["number", "currency", "text", "textarea", "rich_text", "enum"],
    ...change,
  };
}

export function propertyOf(change: Partial<CrmProperty> = {}): CrmProperty {
  return {
    ...{ name: "pandora_deal_score", label: "Pandora deal score", type: "number", crm_field_type: "number" },
    ...{ description: "", group: null, custom: true, unique: false, length_max: null, scale: null, options: [] },
    mapped_by: null,
    ...change,
  };
}

export function mappingOf(change: Partial<Mapping> = {}): Mapping {
  return {
    ...{ id: idOf(10), workspace_id: idOf(1), crm_type: "hubspot", pandora_field: "deal_score" },
    ...{ crm_object_type: "deal", crm_property_name: "pandora_deal_score", crm_property_label: "Pandora deal score" },
    ...{ crm_field_type: "number", sync_trigger: "after_skill_run", schedule: null, write_mode: "overwrite" },
    ...{ append_separator: "\n---\n", append_timestamp_format: "prefix", append_max_entries: null },
    ...{ write_condition: null, value_transform: "round:0", keep_human_edits: true, skip_read: false },
    ...{ when_empty: "keep", record_filter: { open_deals: true }, status: "active", status_reason: null },
    ...{ is_active: true, deleted_at: null, last_synced_at: at, last_sync_status: "completed", last_sync_error: null },
    ...{ created_at: at, updated_at: at, recent_writes: [] },
    ...change,
  } as Mapping;
}

export function triedOf(change: Partial<TryResult> = {}): TryResult {
  return {
    ...{ crm_record_id: null, record_name: null, record_url: null, raw_value: 61, value: "61", decision: "write" },
    ...{ reason: null, reason_text: null, before: null, after: "61", written: false, log_id: null },
    ...change,
  } as TryResult;
}

export function templateOf(change: Partial<Template> = {}): Template {
  return {
    ...{ key: "deal-health", crm_type: "hubspot", object_type: "deal", label: "Deal health", description: "Scores." },
    mappings: [
      {
        ...{ pandora_field: "deal_score", crm_property_name: "pandora_deal_score" },
        ...{ crm_property_label: "Pandora deal score", creates_property: true, already_mapped: false },
      },
    ],
    ...change,
  } as Template;
}

export function runOf(change: Partial<Run> = {}): Run {
  return {
    ...{ id: idOf(20), kind: "sync", trigger: "manual", status: "completed", status_reason: null },
    totals: { records: 10, done: 10, written: 6, already_current: 2, skipped: { no_value: 2 }, errors: {} },
    ...{ by_mapping: [], rate_per_s: 5, eta_s: null, crm_calls: 3, initiated_by: `member:${idOf(2)}` },
    ...{ created_at: at, started_at: at, finished_at: at },
    ...change,
  } as Run;
}

export function entryOf(change: Partial<LogEntry> = {}): LogEntry {
  return {
    ...{ id: idOf(30), workspace_id: idOf(1), mapping_id: idOf(10), run_id: idOf(20), crm_type: "hubspot" },
    ...{ crm_object_type: "deal", crm_record_id: "501", crm_property_name: "pandora_deal_score" },
    ...{ pandora_field: "deal_score", record_name: "Acme renewal", raw_value: 61, value: "61", value_written: "61" },
    ...{ previous_value: "50", expected_value: "61", value_version: 1, sent_at: at, status: "success" },
    ...{ skip_reason: null, error_code: null, error_message: null, http_status_code: 200, trigger_source: "manual" },
    ...{ trigger_skill_run_id: null, initiated_by: `member:${idOf(2)}`, attempts: 1, undone_by: null, undoes: null },
    ...{ created_at: at, settled_at: at, reason_text: null, can_undo: true, record_url: "https://hs.test/deal/501" },
    ...change,
  } as LogEntry;
}

export function settingsOf(change: Partial<Settings> = {}): Settings {
  return {
    ...{ name: "Acme", time_zone: "Europe/Berlin", time_zone_source: "crm", currency: "EUR", reps_see: "team" },
    transcript_days: 90,
    gaps: {
      ...{ days_back: 90, aging_days: 7, stale_days: 30, short_minutes: 5, long_minutes: 20, group_minutes: 10 },
      ...{ group_people: 2, few_people: 2, deal_opened_within_days: 30, deal_closed_before_days: 14 },
      ...{ intro_words: ["intro", "demo"], internal_words: ["standup"], internal_domains: [], ignored_domains: [] },
      ignored_company_types: ["partner"],
    },
    ...change,
  } as Settings;
}

export function sourceOf(change: Partial<Source> = {}): Source {
  return {
    ...{ id: idOf(40), kind: "gong", name: "Gong", status: "connected", hook_url: "https://p.test/hook" },
    ...{ secrets_set: ["access_key"], settings: {}, notes: [], last_seen_at: at, last_pulled_at: null },
    ...{ last_error: null, last_error_at: null, retry_at: null, received: 7, refused: 0, recent_refusals: [] },
    ...{ created_by: "member", created_at: at, updated_at: at },
    ...change,
  } as Source;
}

export const listed = <T>(...items: T[]) => ({ items, next_cursor: null });
