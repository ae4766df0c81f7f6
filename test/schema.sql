-- The schema that the migrations make, read from the catalog by test/house/schema.test.ts. Not run by anything.

table alerts (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  kind text not null,
  subject text not null,
  message text not null,
  detail jsonb not null default '{}'::jsonb,
  opened_at timestamp with time zone not null default now(),
  resolved_at timestamp with time zone,
  alerts_pkey PRIMARY KEY (workspace_id, id),
  alerts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE UNIQUE INDEX alerts_open ON alerts USING btree (workspace_id, kind, subject) WHERE (resolved_at IS NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table api_keys (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  name text not null,
  role text not null,
  member_id uuid,
  prefix text not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  api_keys_pkey PRIMARY KEY (workspace_id, id),
  api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  api_keys_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'rep'::text, 'viewer'::text])))
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table audit_events (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  at timestamp with time zone not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'::jsonb,
  audit_events_pkey PRIMARY KEY (workspace_id, id),
  audit_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX audit_events_at ON audit_events USING btree (workspace_id, at DESC, id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table companies (
  workspace_id uuid not null,
  crm text not null,
  crm_id text not null,
  name text not null default ''::text,
  domain text,
  industry text,
  employees integer,
  company_type text,
  owner_id text,
  parent_id text,
  last_activity_at timestamp with time zone,
  crm_created_at timestamp with time zone,
  crm_updated_at timestamp with time zone,
  deleted_at timestamp with time zone,
  merged_into text,
  synced_at timestamp with time zone not null,
  was_domain text,
  name_key text default lower((name COLLATE "und-x-icu")),
  companies_pkey PRIMARY KEY (workspace_id, crm, crm_id),
  companies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX companies_domain ON companies USING btree (workspace_id, crm, domain) WHERE (deleted_at IS NULL)
CREATE INDEX companies_domain_begins ON companies USING btree (workspace_id, domain COLLATE "C") WHERE (deleted_at IS NULL)
CREATE INDEX companies_merged ON companies USING btree (workspace_id, crm, merged_into) WHERE (merged_into IS NOT NULL)
CREATE INDEX companies_name_key ON companies USING btree (workspace_id, name_key) WHERE (deleted_at IS NULL)
CREATE INDEX companies_owner ON companies USING btree (workspace_id, crm, owner_id) INCLUDE (crm_id) WHERE (owner_id IS NOT NULL)
CREATE INDEX companies_parent ON companies USING btree (workspace_id, crm, parent_id) WHERE (parent_id IS NOT NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
CREATE TRIGGER remember_domain BEFORE UPDATE ON public.companies FOR EACH ROW WHEN ((old.domain IS DISTINCT FROM new.domain)) EXECUTE FUNCTION remember_company_domain()
row level security forced

table contacts (
  workspace_id uuid not null,
  crm text not null,
  crm_id text not null,
  email text,
  other_emails text[] not null default '{}'::text[],
  name text not null default ''::text,
  job_title text,
  phone text,
  company_id text,
  owner_id text,
  last_activity_at timestamp with time zone,
  crm_created_at timestamp with time zone,
  crm_updated_at timestamp with time zone,
  deleted_at timestamp with time zone,
  merged_into text,
  synced_at timestamp with time zone not null,
  was_emails text[],
  name_key text default lower((name COLLATE "und-x-icu")),
  contacts_pkey PRIMARY KEY (workspace_id, crm, crm_id),
  contacts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX contacts_company ON contacts USING btree (workspace_id, crm, company_id) WHERE (deleted_at IS NULL)
CREATE INDEX contacts_email ON contacts USING btree (workspace_id, crm, email) WHERE (deleted_at IS NULL)
CREATE INDEX contacts_email_begins ON contacts USING btree (workspace_id, email COLLATE "C") WHERE (deleted_at IS NULL)
CREATE INDEX contacts_name_key ON contacts USING btree (workspace_id, name_key) WHERE (deleted_at IS NULL)
CREATE INDEX contacts_other_emails ON contacts USING btree (workspace_id, crm, crm_id) WHERE ((deleted_at IS NULL) AND (other_emails <> '{}'::text[]))
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
CREATE TRIGGER remember_emails BEFORE UPDATE ON public.contacts FOR EACH ROW WHEN (((old.email IS DISTINCT FROM new.email) OR (old.other_emails IS DISTINCT FROM new.other_emails))) EXECUTE FUNCTION remember_contact_emails()
row level security forced

table conversation_companies (
  workspace_id uuid not null,
  conversation_id uuid not null,
  crm text not null,
  company_id text not null,
  participants integer not null,
  method text not null,
  confidence double precision not null,
  is_primary boolean not null,
  conversation_companies_pkey PRIMARY KEY (workspace_id, conversation_id, crm, company_id),
  conversation_companies_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  conversation_companies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX conversation_companies_company ON conversation_companies USING btree (workspace_id, crm, company_id, conversation_id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table conversation_named_records (
  workspace_id uuid not null,
  object_type text not null,
  record_id text not null,
  conversation_id uuid not null,
  conversation_named_records_pkey PRIMARY KEY (workspace_id, object_type, record_id, conversation_id),
  conversation_named_records_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  conversation_named_records_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX conversation_named_records_of ON conversation_named_records USING btree (workspace_id, conversation_id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table conversation_participants (
  workspace_id uuid not null,
  conversation_id uuid not null,
  ordinal integer not null,
  name text,
  email text,
  phone text,
  affiliation text not null default 'unknown'::text,
  side text,
  domain text,
  contact_crm text,
  contact_id text,
  lead_crm text,
  lead_id text,
  conversation_participants_pkey PRIMARY KEY (workspace_id, conversation_id, ordinal),
  conversation_participants_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  conversation_participants_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  conversation_participants_affiliation_check CHECK ((affiliation = ANY (ARRAY['internal'::text, 'external'::text, 'unknown'::text]))),
  conversation_participants_side_check CHECK ((side = ANY (ARRAY['internal'::text, 'external'::text, 'unknown'::text, 'nobody'::text])))
)

CREATE INDEX conversation_participants_contact ON conversation_participants USING btree (workspace_id, contact_crm, contact_id) WHERE (contact_id IS NOT NULL)
CREATE INDEX conversation_participants_domain ON conversation_participants USING btree (workspace_id, domain) WHERE (domain IS NOT NULL)
CREATE INDEX conversation_participants_email ON conversation_participants USING btree (workspace_id, email) WHERE (email IS NOT NULL)
CREATE INDEX conversation_participants_lead ON conversation_participants USING btree (workspace_id, lead_crm, lead_id) WHERE (lead_id IS NOT NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table conversation_tellings (
  workspace_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  conversation_id uuid,
  payload_hash text not null,
  told_at timestamp with time zone not null,
  meeting_key text,
  host_email text,
  started_at timestamp with time zone,
  telling jsonb,
  texts jsonb not null default '{}'::jsonb,
  seen_at timestamp with time zone not null,
  conversation_tellings_pkey PRIMARY KEY (workspace_id, source_id, external_id),
  conversation_tellings_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  conversation_tellings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX conversation_tellings_host ON conversation_tellings USING btree (workspace_id, host_email, started_at) WHERE (host_email IS NOT NULL)
CREATE INDEX conversation_tellings_key ON conversation_tellings USING btree (workspace_id, meeting_key, started_at) WHERE (meeting_key IS NOT NULL)
CREATE INDEX conversation_tellings_of ON conversation_tellings USING btree (workspace_id, conversation_id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table conversation_transcripts (
  workspace_id uuid not null,
  conversation_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  text_sealed text not null,
  delete_after timestamp with time zone not null,
  conversation_transcripts_pkey PRIMARY KEY (workspace_id, source_id, external_id),
  conversation_transcripts_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  conversation_transcripts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX conversation_transcripts_due ON conversation_transcripts USING btree (workspace_id, delete_after)
CREATE INDEX conversation_transcripts_of ON conversation_transcripts USING btree (workspace_id, conversation_id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table conversations (
  workspace_id uuid not null,
  id uuid not null,
  title text not null default ''::text,
  source text not null,
  url text,
  started_at timestamp with time zone not null,
  duration_minutes double precision,
  meeting_key text,
  host_email text,
  call_type text,
  scope_hint text not null default 'unknown'::text,
  named_records jsonb not null default '[]'::jsonb,
  summary text,
  signals jsonb,
  facts_hash text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  dirty boolean not null default true,
  audience text,
  audience_reason text,
  external_people integer not null default 0,
  people integer not null default 0,
  rep_owner_crm text,
  rep_owner_id text,
  rep_email text,
  rep_name text,
  company_crm text,
  company_id text,
  company_key text,
  deal_crm text,
  deal_id text,
  link_method text,
  link_confidence double precision,
  linked_by text,
  linked_at timestamp with time zone,
  refused_deals jsonb not null default '[]'::jsonb,
  offered_deals jsonb not null default '[]'::jsonb,
  gap_status text,
  severity smallint,
  severity_reason text,
  likely_cause text,
  siblings smallint not null default 0,
  judge_at timestamp with time zone,
  judged_at timestamp with time zone,
  generation integer not null default 0,
  severity_rank smallint not null default COALESCE(severity, (0)::smallint),
  minutes_rank double precision not null default COALESCE(duration_minutes, ('-1'::integer)::double precision),
  conversations_pkey PRIMARY KEY (workspace_id, id),
  conversations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  conversations_audience_check CHECK ((audience = ANY (ARRAY['internal'::text, 'external'::text, 'unknown'::text]))),
  conversations_gap_status_check CHECK ((gap_status = ANY (ARRAY['pending'::text, 'dismissed'::text, 'created'::text, 'linked'::text]))),
  conversations_scope_hint_check CHECK ((scope_hint = ANY (ARRAY['internal'::text, 'external'::text, 'unknown'::text])))
)

CREATE INDEX conversations_company_key ON conversations USING btree (workspace_id, company_key, started_at DESC) WHERE (company_key IS NOT NULL)
CREATE INDEX conversations_deal ON conversations USING btree (workspace_id, deal_crm, deal_id) WHERE (deal_id IS NOT NULL)
CREATE INDEX conversations_dirty ON conversations USING btree (workspace_id, id) WHERE dirty
CREATE INDEX conversations_gaps ON conversations USING btree (workspace_id, gap_status, severity_rank DESC, started_at DESC, id DESC) INCLUDE (rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause, minutes_rank) WHERE (gap_status IS NOT NULL)
CREATE INDEX conversations_gaps_by_id ON conversations USING btree (workspace_id, id) INCLUDE (gap_status, severity_rank, started_at, minutes_rank, rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause) WHERE (gap_status IS NOT NULL)
CREATE INDEX conversations_gaps_by_length ON conversations USING btree (workspace_id, gap_status, minutes_rank DESC, started_at DESC, id DESC) INCLUDE (severity_rank, rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause) WHERE (gap_status IS NOT NULL)
CREATE INDEX conversations_gaps_by_owner ON conversations USING btree (workspace_id, gap_status, rep_owner_crm, rep_owner_id) INCLUDE (severity_rank, started_at, id, rep_email, company_crm, company_id, likely_cause, minutes_rank) WHERE ((gap_status IS NOT NULL) AND (rep_owner_id IS NOT NULL))
CREATE INDEX conversations_gaps_by_rep ON conversations USING btree (workspace_id, gap_status, rep_email, severity_rank DESC, started_at DESC, id DESC) INCLUDE (rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause, minutes_rank) WHERE (gap_status IS NOT NULL)
CREATE INDEX conversations_gaps_by_time ON conversations USING btree (workspace_id, gap_status, started_at DESC, id DESC) INCLUDE (severity_rank, rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause, minutes_rank) WHERE (gap_status IS NOT NULL)
CREATE INDEX conversations_gaps_counted ON conversations USING btree (workspace_id, gap_status, rep_email, severity_rank, likely_cause) WHERE (gap_status IS NOT NULL)
CREATE INDEX conversations_judge_at ON conversations USING btree (workspace_id, judge_at) WHERE (judge_at IS NOT NULL)
CREATE INDEX conversations_started ON conversations USING btree (workspace_id, started_at DESC, id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
CREATE TRIGGER refresh_words AFTER UPDATE ON public.conversations REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_words_of_judged()
row level security forced

table crm_connections (
  workspace_id uuid not null,
  crm text not null,
  account_id text not null,
  account_name text not null default ''::text,
  status text not null,
  status_reason text,
  instance_url text not null,
  ui_url text not null default ''::text,
  time_zone text not null default 'UTC'::text,
  currency text not null default 'USD'::text,
  multi_currency boolean not null default false,
  user_id text not null default ''::text,
  scopes text[] not null default '{}'::text[],
  missing_scopes text[] not null default '{}'::text[],
  access_token_sealed text,
  refresh_token_sealed text,
  access_expires_at timestamp with time zone,
  token_version integer not null default 0,
  refresh_claim_by text,
  refresh_claim_until timestamp with time zone,
  quiet_until timestamp with time zone,
  connected_by text not null default ''::text,
  connected_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  crm_connections_pkey PRIMARY KEY (workspace_id, crm),
  crm_connections_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  crm_connections_crm_check CHECK ((crm = ANY (ARRAY['hubspot'::text, 'salesforce'::text]))),
  crm_connections_status_check CHECK ((status = ANY (ARRAY['connected'::text, 'needs_reconnect'::text, 'disconnected'::text])))
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table crm_owners (
  workspace_id uuid not null,
  crm text not null,
  owner_id text not null,
  email text,
  name text not null,
  active boolean not null,
  user_id text,
  team_ids text[] not null default '{}'::text[],
  synced_at timestamp with time zone not null,
  crm_owners_pkey PRIMARY KEY (workspace_id, crm, owner_id),
  crm_owners_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table crm_properties (
  workspace_id uuid not null,
  crm text not null,
  object_type text not null,
  properties jsonb not null,
  fetched_at timestamp with time zone not null,
  crm_properties_pkey PRIMARY KEY (workspace_id, crm, object_type),
  crm_properties_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table crm_property_mappings (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  crm_type text not null,
  pandora_field text not null,
  crm_object_type text not null,
  crm_property_name text not null,
  crm_property_label text not null,
  crm_field_type text not null,
  sync_trigger text not null,
  schedule text,
  write_mode text not null,
  append_separator text not null default '
---
'::text,
  append_timestamp_format text not null default 'prefix'::text,
  append_max_entries integer,
  write_condition text,
  value_transform text not null default 'raw'::text,
  keep_human_edits boolean not null default false,
  skip_read boolean not null default false,
  when_empty text not null default 'keep'::text,
  record_filter jsonb not null default '{}'::jsonb,
  status text not null default 'active'::text,
  status_reason text,
  is_active boolean not null default true,
  deleted_at timestamp with time zone,
  revision integer not null default 1,
  last_synced_at timestamp with time zone,
  last_sync_status text,
  last_sync_error text,
  created_by text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  crm_property_mappings_pkey PRIMARY KEY (workspace_id, id),
  crm_property_mappings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  crm_property_mappings_append_timestamp_format_check CHECK ((append_timestamp_format = ANY (ARRAY['prefix'::text, 'suffix'::text, 'none'::text]))),
  crm_property_mappings_crm_object_type_check CHECK ((crm_object_type = ANY (ARRAY['deal'::text, 'company'::text, 'contact'::text]))),
  crm_property_mappings_crm_type_check CHECK ((crm_type = ANY (ARRAY['hubspot'::text, 'salesforce'::text]))),
  crm_property_mappings_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'broken'::text]))),
  crm_property_mappings_sync_trigger_check CHECK ((sync_trigger = ANY (ARRAY['after_skill_run'::text, 'scheduled'::text, 'manual'::text]))),
  crm_property_mappings_when_empty_check CHECK ((when_empty = ANY (ARRAY['keep'::text, 'clear'::text]))),
  crm_property_mappings_write_mode_check CHECK ((write_mode = ANY (ARRAY['overwrite'::text, 'never_overwrite'::text, 'append'::text, 'append_if_changed'::text])))
)

CREATE UNIQUE INDEX crm_property_mappings_writer ON crm_property_mappings USING btree (workspace_id, crm_type, crm_object_type, crm_property_name) WHERE (deleted_at IS NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table crm_stages (
  workspace_id uuid not null,
  crm text not null,
  pipeline_id text not null,
  stage_id text not null,
  pipeline_label text not null,
  stage_label text not null,
  sort_order integer not null,
  is_closed boolean not null,
  is_won boolean not null,
  probability double precision,
  synced_at timestamp with time zone not null,
  crm_stages_pkey PRIMARY KEY (workspace_id, crm, pipeline_id, stage_id),
  crm_stages_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table crm_write_log partitioned by range (created_at) (
  id uuid not null,
  workspace_id uuid not null,
  mapping_id uuid,
  run_id uuid,
  crm_type text not null,
  crm_object_type text not null,
  crm_record_id text not null,
  crm_property_name text not null,
  raw_value jsonb,
  value text,
  value_written text,
  previous_value text,
  previous_known boolean not null default true,
  expected_value text,
  entry text,
  separator text,
  value_version bigint,
  sent_at timestamp with time zone,
  status text not null,
  skip_reason text,
  error_code text,
  error_message text,
  http_status_code integer,
  trigger_source text not null,
  trigger_skill_run_id uuid,
  initiated_by text not null,
  attempts integer not null default 0,
  undone_by uuid,
  undoes uuid,
  created_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  crm_write_log_pkey PRIMARY KEY (workspace_id, created_at, id),
  crm_write_log_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'success'::text, 'skipped'::text, 'error'::text, 'cancelled'::text])))
)

CREATE INDEX crm_write_log_mapping ON crm_write_log USING btree (workspace_id, mapping_id, created_at)
CREATE INDEX crm_write_log_record ON crm_write_log USING btree (workspace_id, crm_record_id, created_at)
CREATE INDEX crm_write_log_run ON crm_write_log USING btree (workspace_id, run_id, created_at, id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table crm_write_state (
  workspace_id uuid not null,
  crm text not null,
  object_type text not null,
  crm_record_id text not null,
  property text not null,
  lease_owner text,
  lease_until timestamp with time zone,
  fence bigint not null default 0,
  pending_log_id uuid,
  memory jsonb not null default '{}'::jsonb,
  pending_memory jsonb,
  crm_write_state_pkey PRIMARY KEY (workspace_id, crm, object_type, crm_record_id, property),
  crm_write_state_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX crm_write_state_pending ON crm_write_state USING btree (workspace_id, lease_until) WHERE (pending_log_id IS NOT NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table deal_contacts (
  workspace_id uuid not null,
  crm text not null,
  deal_id text not null,
  contact_id text not null,
  role text,
  is_primary boolean not null default false,
  deal_contacts_pkey PRIMARY KEY (workspace_id, crm, deal_id, contact_id),
  deal_contacts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX deal_contacts_contact ON deal_contacts USING btree (workspace_id, crm, contact_id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table deal_creations (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  generation integer not null,
  crm text not null,
  state text not null,
  deal_key text not null,
  key_is_unique boolean not null default true,
  request jsonb not null,
  steps jsonb not null default '{}'::jsonb,
  warnings jsonb not null default '[]'::jsonb,
  error jsonb,
  deal_id text,
  origin text not null default 'person'::text,
  requested_by text not null,
  lease_owner text,
  lease_until timestamp with time zone,
  sent_at timestamp with time zone,
  attempts integer not null default 0,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  deal_creations_pkey PRIMARY KEY (workspace_id, id),
  deal_creations_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  deal_creations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  deal_creations_origin_check CHECK ((origin = ANY (ARRAY['person'::text, 'rule'::text]))),
  deal_creations_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'sent'::text, 'done'::text, 'failed'::text, 'outcome_unknown'::text, 'undone'::text])))
)

CREATE INDEX deal_creations_at ON deal_creations USING btree (workspace_id, created_at)
CREATE INDEX deal_creations_deal ON deal_creations USING btree (workspace_id, crm, deal_id) WHERE (deal_id IS NOT NULL)
CREATE INDEX deal_creations_open ON deal_creations USING btree (workspace_id, lease_until) WHERE (lease_until IS NOT NULL)
CREATE UNIQUE INDEX deal_creations_claim ON deal_creations USING btree (workspace_id, conversation_id, generation) WHERE (state <> 'failed'::text)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table deals (
  workspace_id uuid not null,
  crm text not null,
  crm_id text not null,
  name text not null default ''::text,
  amount numeric,
  currency text,
  pipeline_id text,
  stage_id text,
  is_closed boolean,
  is_won boolean,
  probability double precision,
  close_date date,
  owner_id text,
  company_id text,
  last_activity_at timestamp with time zone,
  stage_entered_at timestamp with time zone,
  close_date_pushes integer not null default 0,
  amount_drops integer not null default 0,
  crm_created_at timestamp with time zone,
  crm_updated_at timestamp with time zone,
  closed_at timestamp with time zone,
  deleted_at timestamp with time zone,
  merged_into text,
  synced_at timestamp with time zone not null,
  was_company_id text,
  name_key text default lower((name COLLATE "und-x-icu")),
  deals_pkey PRIMARY KEY (workspace_id, crm, crm_id),
  deals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX deals_company ON deals USING btree (workspace_id, crm, company_id) WHERE (deleted_at IS NULL)
CREATE INDEX deals_created ON deals USING btree (workspace_id, crm_created_at DESC) INCLUDE (amount, currency) WHERE ((deleted_at IS NULL) AND (amount IS NOT NULL))
CREATE INDEX deals_name_key ON deals USING btree (workspace_id, name_key) WHERE (deleted_at IS NULL)
CREATE INDEX deals_open ON deals USING btree (workspace_id, crm, crm_id) WHERE ((deleted_at IS NULL) AND (is_closed IS NOT TRUE))
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
CREATE TRIGGER remember_company BEFORE UPDATE ON public.deals FOR EACH ROW WHEN ((old.company_id IS DISTINCT FROM new.company_id)) EXECUTE FUNCTION remember_deal_company()
row level security forced

table directory_api_keys (
  key_hash text not null,
  workspace_id uuid not null,
  key_id uuid not null,
  directory_api_keys_pkey PRIMARY KEY (key_hash)
)

policy directory using (current_setting('app.directory'::text, true) = 'on'::text) with check (current_setting('app.directory'::text, true) = 'on'::text)
row level security forced

table directory_crm_accounts (
  crm text not null,
  account_id text not null,
  workspace_id uuid not null,
  directory_crm_accounts_pkey PRIMARY KEY (crm, account_id)
)

policy directory using (current_setting('app.directory'::text, true) = 'on'::text) with check (current_setting('app.directory'::text, true) = 'on'::text)
row level security forced

table directory_hooks (
  hook_id text not null,
  workspace_id uuid not null,
  source_id uuid not null,
  directory_hooks_pkey PRIMARY KEY (hook_id)
)

policy directory using (current_setting('app.directory'::text, true) = 'on'::text) with check (current_setting('app.directory'::text, true) = 'on'::text)
row level security forced

table directory_schedule (
  workspace_id uuid not null,
  kind text not null,
  key text not null,
  cron text not null,
  time_zone text not null,
  next_at timestamp with time zone not null,
  directory_schedule_pkey PRIMARY KEY (workspace_id, kind, key)
)

CREATE INDEX directory_schedule_next ON directory_schedule USING btree (next_at)
policy directory using (current_setting('app.directory'::text, true) = 'on'::text) with check (current_setting('app.directory'::text, true) = 'on'::text)
row level security forced

table directory_unsubscribes (
  token_hash text not null,
  workspace_id uuid not null,
  member_id uuid not null,
  directory_unsubscribes_pkey PRIMARY KEY (token_hash)
)

policy directory using (current_setting('app.directory'::text, true) = 'on'::text) with check (current_setting('app.directory'::text, true) = 'on'::text)
row level security forced

table directory_workspaces (
  workspace_id uuid not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  directory_workspaces_pkey PRIMARY KEY (workspace_id)
)

policy directory using (current_setting('app.directory'::text, true) = 'on'::text) with check (current_setting('app.directory'::text, true) = 'on'::text)
row level security forced

table findings (
  workspace_id uuid not null,
  crm text not null,
  object_type text not null,
  crm_record_id text not null,
  kind text not null,
  skill text not null,
  severity text not null,
  sentence text not null,
  detail jsonb not null default '{}'::jsonb,
  run_id uuid not null,
  found_at timestamp with time zone not null,
  findings_pkey PRIMARY KEY (workspace_id, crm, object_type, crm_record_id, kind),
  findings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  findings_severity_check CHECK ((severity = ANY (ARRAY['high'::text, 'medium'::text, 'low'::text])))
)

CREATE INDEX findings_kind ON findings USING btree (workspace_id, crm, kind, object_type, crm_record_id)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table gap_decisions (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  decision text not null,
  reason text,
  note text,
  crm text,
  deal_id text,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  gap_decisions_pkey PRIMARY KEY (workspace_id, id),
  gap_decisions_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  gap_decisions_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  gap_decisions_decision_check CHECK ((decision = ANY (ARRAY['dismissed'::text, 'restored'::text, 'linked'::text, 'unlinked'::text, 'created'::text, 'reopened'::text])))
)

CREATE INDEX gap_decisions_at ON gap_decisions USING btree (workspace_id, decision, decided_at)
CREATE INDEX gap_decisions_of ON gap_decisions USING btree (workspace_id, conversation_id, decided_at)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table gap_sweeps (
  workspace_id uuid not null,
  context_hash text not null,
  swept_at timestamp with time zone not null,
  gap_sweeps_pkey PRIMARY KEY (workspace_id),
  gap_sweeps_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table gap_words (
  workspace_id uuid not null,
  word text not null,
  conversation_id uuid not null,
  gap_words_pkey PRIMARY KEY (workspace_id, word, conversation_id),
  gap_words_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  gap_words_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX gap_words_of_gap ON gap_words USING btree (workspace_id, conversation_id, word)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table leads (
  workspace_id uuid not null,
  crm text not null,
  crm_id text not null,
  email text,
  name text not null default ''::text,
  company text,
  status text,
  owner_id text,
  is_converted boolean not null default false,
  crm_updated_at timestamp with time zone,
  deleted_at timestamp with time zone,
  synced_at timestamp with time zone not null,
  leads_pkey PRIMARY KEY (workspace_id, crm, crm_id),
  leads_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX leads_email ON leads USING btree (workspace_id, crm, email) WHERE ((deleted_at IS NULL) AND (NOT is_converted))
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table members (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  email text not null,
  name text not null default ''::text,
  role text not null,
  role_source text not null default 'crm'::text,
  hubspot_user_id text,
  salesforce_user_id text,
  created_at timestamp with time zone not null default now(),
  members_pkey PRIMARY KEY (workspace_id, id),
  members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  members_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'rep'::text, 'viewer'::text])))
)

CREATE INDEX members_hubspot_user ON members USING btree (workspace_id, hubspot_user_id) WHERE (hubspot_user_id IS NOT NULL)
CREATE INDEX members_salesforce_user ON members USING btree (workspace_id, salesforce_user_id) WHERE (salesforce_user_id IS NOT NULL)
CREATE UNIQUE INDEX members_email ON members USING btree (workspace_id, lower(email))
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table mirror_progress (
  workspace_id uuid not null,
  crm text not null,
  object_type text not null,
  phase text not null,
  status text not null,
  cursor text,
  since timestamp with time zone,
  done integer not null default 0,
  error text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  mirror_progress_pkey PRIMARY KEY (workspace_id, crm, object_type),
  mirror_progress_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  mirror_progress_phase_check CHECK ((phase = ANY (ARRAY['import'::text, 'incremental'::text]))),
  mirror_progress_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table narrations (
  workspace_id uuid not null,
  facts_hash text not null,
  answer jsonb not null,
  created_at timestamp with time zone not null,
  narrations_pkey PRIMARY KEY (workspace_id, facts_hash),
  narrations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table notice_events (
  workspace_id uuid not null,
  event_key text not null,
  told_at timestamp with time zone not null,
  notice_events_pkey PRIMARY KEY (workspace_id, event_key),
  notice_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX notice_events_told ON notice_events USING btree (workspace_id, told_at)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table notices (
  workspace_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  kind text not null,
  dedupe_key text not null,
  title text not null,
  detail jsonb not null default '{}'::jsonb,
  status text not null default 'queued'::text,
  status_reason text,
  attempts integer not null default 0,
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  notices_pkey PRIMARY KEY (workspace_id, id),
  notices_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  notices_workspace_id_member_id_fkey FOREIGN KEY (workspace_id, member_id) REFERENCES members(workspace_id, id) ON DELETE CASCADE,
  notices_kind_check CHECK ((kind = ANY (ARRAY['alert'::text, 'gaps_high'::text, 'digest'::text, 'sync_report'::text, 'deal_created'::text]))),
  notices_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text, 'suppressed'::text, 'in_app'::text])))
)

CREATE INDEX notices_created ON notices USING btree (workspace_id, created_at DESC, id DESC)
CREATE INDEX notices_of ON notices USING btree (workspace_id, member_id, created_at DESC, id DESC)
CREATE UNIQUE INDEX notices_once ON notices USING btree (workspace_id, member_id, dedupe_key)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table notification_preferences (
  workspace_id uuid not null,
  member_id uuid not null,
  weekly_digest boolean not null default true,
  gap_alerts boolean not null default true,
  sync_reports boolean not null default true,
  problem_alerts boolean not null default true,
  created_deals boolean not null default true,
  unsubscribed_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  notification_preferences_pkey PRIMARY KEY (workspace_id, member_id),
  notification_preferences_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  notification_preferences_workspace_id_member_id_fkey FOREIGN KEY (workspace_id, member_id) REFERENCES members(workspace_id, id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table rate_budgets (
  workspace_id uuid not null,
  bucket text not null,
  next_at timestamp with time zone not null,
  rate_budgets_pkey PRIMARY KEY (workspace_id, bucket)
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table record_values (
  workspace_id uuid not null,
  crm text not null,
  object_type text not null,
  crm_record_id text not null,
  field text not null,
  value jsonb,
  value_version bigint not null default 1,
  facts_hash text not null,
  factors jsonb not null default '[]'::jsonb,
  computed_at timestamp with time zone not null,
  run_id uuid,
  history jsonb not null default '[]'::jsonb,
  record_values_pkey PRIMARY KEY (workspace_id, crm, object_type, crm_record_id, field),
  record_values_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX record_values_run ON record_values USING btree (workspace_id, run_id, crm_record_id) WHERE (run_id IS NOT NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table request_results (
  workspace_id uuid not null,
  caller text not null,
  request_id text not null,
  body_hash text not null,
  state text not null,
  status integer,
  response jsonb,
  created_at timestamp with time zone not null default now(),
  request_results_pkey PRIMARY KEY (workspace_id, caller, request_id),
  request_results_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  request_results_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text])))
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table run_changes (
  workspace_id uuid not null,
  run_id uuid not null,
  id uuid not null,
  mapping_id uuid not null,
  crm_type text not null,
  crm_object_type text not null,
  crm_record_id text not null,
  crm_property_name text not null,
  decision text not null,
  reason text,
  before text,
  after text,
  run_changes_pkey PRIMARY KEY (workspace_id, run_id, id),
  run_changes_workspace_id_run_id_fkey FOREIGN KEY (workspace_id, run_id) REFERENCES sync_runs(workspace_id, id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table salesforce_assertions (
  workspace_id uuid not null,
  jti uuid not null,
  expires_at timestamp with time zone not null,
  salesforce_assertions_pkey PRIMARY KEY (workspace_id, jti)
)

CREATE INDEX salesforce_assertions_expiry ON salesforce_assertions USING btree (workspace_id, expires_at)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table salesforce_keys (
  workspace_id uuid not null,
  key_id text not null,
  org_id text not null,
  key_sealed text not null,
  created_at timestamp with time zone not null,
  handed_over_at timestamp with time zone,
  fault text,
  good_until timestamp with time zone,
  salesforce_keys_pkey PRIMARY KEY (workspace_id, key_id),
  salesforce_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table schema_migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  schema_migrations_pkey PRIMARY KEY (name)
)

table skill_runs (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  skill text not null,
  trigger text not null,
  scope jsonb not null default '{}'::jsonb,
  status text not null,
  error text,
  records integer not null default 0,
  changed integer not null default 0,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  report jsonb not null default '{}'::jsonb,
  initiated_by text not null default 'pandora'::text,
  writeback text,
  writeback_run_ids uuid[] not null default '{}'::uuid[],
  skill_runs_pkey PRIMARY KEY (workspace_id, id),
  skill_runs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  skill_runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text]))),
  skill_runs_writeback_check CHECK ((writeback = ANY (ARRAY['waiting'::text, 'done'::text])))
)

CREATE INDEX skill_runs_created ON skill_runs USING btree (workspace_id, created_at DESC, id)
CREATE INDEX skill_runs_writeback ON skill_runs USING btree (workspace_id) WHERE (writeback = 'waiting'::text)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table source_refusals (
  workspace_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  reason text not null,
  refused_at timestamp with time zone not null,
  source_refusals_pkey PRIMARY KEY (workspace_id, source_id, external_id),
  source_refusals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  source_refusals_workspace_id_source_id_fkey FOREIGN KEY (workspace_id, source_id) REFERENCES sources(workspace_id, id) ON DELETE CASCADE
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table sources (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  kind text not null,
  name text not null,
  status text not null default 'connected'::text,
  hook_id text,
  secrets_sealed text,
  settings jsonb not null default '{}'::jsonb,
  cursor text,
  since timestamp with time zone,
  last_seen_at timestamp with time zone,
  last_pulled_at timestamp with time zone,
  last_error text,
  last_error_at timestamp with time zone,
  failures integer not null default 0,
  retry_at timestamp with time zone,
  received integer not null default 0,
  refused integer not null default 0,
  created_by text not null default ''::text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  sources_pkey PRIMARY KEY (workspace_id, id),
  sources_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  sources_kind_check CHECK ((kind = ANY (ARRAY['generic'::text, 'gong'::text, 'fireflies'::text, 'zoom'::text, 'hubspot'::text, 'salesforce'::text]))),
  sources_status_check CHECK ((status = ANY (ARRAY['connected'::text, 'paused'::text, 'failing'::text])))
)

CREATE UNIQUE INDEX sources_hook ON sources USING btree (workspace_id, hook_id) WHERE (hook_id IS NOT NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table sync_runs (
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  kind text not null,
  trigger text not null,
  trigger_skill_run_id uuid,
  status text not null,
  status_reason text,
  pause_kind text,
  spec jsonb not null,
  open_units integer not null default 0,
  enumerated boolean not null default false,
  enumerate_cursor text,
  confirmed boolean not null default false,
  records integer not null default 0,
  totals jsonb not null default '{}'::jsonb,
  by_mapping jsonb not null default '{}'::jsonb,
  crm_calls integer not null default 0,
  initiated_by text not null,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  sync_runs_pkey PRIMARY KEY (workspace_id, id),
  sync_runs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE,
  sync_runs_kind_check CHECK ((kind = ANY (ARRAY['sync'::text, 'dry_run'::text, 'undo'::text, 'retry'::text]))),
  sync_runs_pause_kind_check CHECK ((pause_kind = ANY (ARRAY['guard'::text, 'connection'::text, 'quota'::text]))),
  sync_runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'paused'::text, 'cancelling'::text, 'cancelled'::text, 'completed'::text, 'completed_with_errors'::text, 'failed'::text])))
)

CREATE INDEX sync_runs_created ON sync_runs USING btree (workspace_id, created_at DESC, id)
CREATE INDEX sync_runs_live ON sync_runs USING btree (workspace_id) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text, 'paused'::text, 'cancelling'::text]))
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table sync_units (
  workspace_id uuid not null,
  run_id uuid not null,
  unit_key text not null,
  status text not null,
  spec jsonb not null,
  attempt integer not null default 0,
  not_before timestamp with time zone,
  sync_units_pkey PRIMARY KEY (workspace_id, run_id, unit_key),
  sync_units_workspace_id_run_id_fkey FOREIGN KEY (workspace_id, run_id) REFERENCES sync_runs(workspace_id, id) ON DELETE CASCADE,
  sync_units_status_check CHECK ((status = ANY (ARRAY['open'::text, 'done'::text])))
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table told_gaps (
  workspace_id uuid not null,
  conversation_id uuid not null,
  told_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  told_gaps_pkey PRIMARY KEY (workspace_id, conversation_id),
  told_gaps_workspace_id_conversation_id_fkey FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations(workspace_id, id) ON DELETE CASCADE,
  told_gaps_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(workspace_id) ON DELETE CASCADE
)

CREATE INDEX told_gaps_gone ON told_gaps USING btree (workspace_id, gone_at) WHERE (gone_at IS NOT NULL)
policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

table workspaces (
  workspace_id uuid not null default gen_random_uuid(),
  name text not null,
  time_zone text not null default 'UTC'::text,
  time_zone_source text not null default 'default'::text,
  currency text not null default 'USD'::text,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  workspaces_pkey PRIMARY KEY (workspace_id),
  workspaces_time_zone_source_check CHECK ((time_zone_source = ANY (ARRAY['default'::text, 'crm'::text, 'chosen'::text])))
)

policy tenant using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())
row level security forced

CREATE OR REPLACE FUNCTION public.add_counts(one jsonb, two jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when one is null then two
    when two is null then one
    when jsonb_typeof(one) = 'number' then to_jsonb(one::text::numeric + two::text::numeric)
    else (select coalesce(jsonb_object_agg(k, add_counts(one -> k, two -> k)), '{}')
          from (select jsonb_object_keys(one) k union select jsonb_object_keys(two)) keys)
  end
$function$

CREATE OR REPLACE FUNCTION public.current_workspace()
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('app.workspace_id', true), '')::uuid $function$

CREATE OR REPLACE FUNCTION public.directory_add_api_key(hash text, workspace uuid, key uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  insert into directory_api_keys values (hash, workspace, key);
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_add_hook(hook text, workspace uuid, source uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  insert into directory_hooks values (hook, workspace, source);
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_add_unsubscribe(hash text, workspace uuid, member uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  insert into directory_unsubscribes values (hash, workspace, member) on conflict do nothing;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_add_workspace(workspace uuid, workspace_name text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  insert into directory_workspaces (workspace_id, name) values (workspace, workspace_name)
    on conflict on constraint directory_workspaces_pkey do update set name = excluded.name;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_bind_account(of_crm text, account text, workspace uuid)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
declare bound uuid;
begin
  perform directory_open();
  insert into directory_crm_accounts as a values (of_crm, account, workspace)
    on conflict (crm, account_id) do update set workspace_id = a.workspace_id returning a.workspace_id into bound;
  perform directory_close();
  return bound;
end $function$

CREATE OR REPLACE FUNCTION public.directory_close()
 RETURNS void
 LANGUAGE sql
AS $function$ select set_config('app.directory', '', true) $function$

CREATE OR REPLACE FUNCTION public.directory_drop_schedule(workspace uuid, of_kind text, of_key text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  delete from directory_schedule d where d.workspace_id = workspace and d.kind = of_kind and d.key = of_key;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_due(at timestamp with time zone, most integer)
 RETURNS TABLE(workspace_id uuid, kind text, key text, cron text, time_zone text, next_at timestamp with time zone)
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  return query select s.workspace_id, s.kind, s.key, s.cron, s.time_zone, s.next_at from directory_schedule s
    where s.next_at <= at order by s.next_at limit most for update skip locked;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_find_account(of_crm text, account text)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
declare found_id uuid;
begin
  perform directory_open();
  select a.workspace_id into found_id from directory_crm_accounts a where a.crm = of_crm and a.account_id = account;
  perform directory_close();
  return found_id;
end $function$

CREATE OR REPLACE FUNCTION public.directory_find_api_key(hash text)
 RETURNS TABLE(workspace_id uuid, key_id uuid)
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  return query select k.workspace_id, k.key_id from directory_api_keys k where k.key_hash = hash;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_find_hook(hook text)
 RETURNS TABLE(workspace_id uuid, source_id uuid)
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  return query select h.workspace_id, h.source_id from directory_hooks h where h.hook_id = hook;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_find_unsubscribe(hash text)
 RETURNS TABLE(workspace_id uuid, member_id uuid)
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  return query select u.workspace_id, u.member_id from directory_unsubscribes u where u.token_hash = hash;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_list_workspaces()
 RETURNS TABLE(workspace_id uuid, name text, created_at timestamp with time zone)
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  return query select w.workspace_id, w.name, w.created_at from directory_workspaces w order by w.created_at;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_open()
 RETURNS void
 LANGUAGE sql
AS $function$ select set_config('app.directory', 'on', true) $function$

CREATE OR REPLACE FUNCTION public.directory_put_schedule(workspace uuid, of_kind text, of_key text, of_cron text, zone text, at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  insert into directory_schedule values (workspace, of_kind, of_key, of_cron, zone, at)
    on conflict on constraint directory_schedule_pkey do update
    set cron = excluded.cron, time_zone = excluded.time_zone, next_at = excluded.next_at;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_remove_api_key(workspace uuid, key uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  delete from directory_api_keys k where k.workspace_id = workspace and k.key_id = key;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_remove_hook(workspace uuid, source uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  delete from directory_hooks h where h.workspace_id = workspace and h.source_id = source;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_remove_workspace(workspace uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  delete from directory_api_keys d where d.workspace_id = workspace;
  delete from directory_crm_accounts d where d.workspace_id = workspace;
  delete from directory_schedule d where d.workspace_id = workspace;
  delete from directory_hooks d where d.workspace_id = workspace;
  delete from directory_unsubscribes d where d.workspace_id = workspace;
  delete from directory_workspaces d where d.workspace_id = workspace;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.directory_unbind_account(of_crm text, workspace uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform directory_open();
  delete from directory_crm_accounts a where a.crm = of_crm and a.workspace_id = workspace;
  perform directory_close();
end $function$

CREATE OR REPLACE FUNCTION public.ensure_log_partitions(from_month timestamp with time zone, months integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  first_day date := date_trunc('month', from_month at time zone 'UTC')::date;
  part text;
begin
  perform pg_advisory_xact_lock(hashtextextended('pandora.log_partitions', 0));
  for n in 0 .. months - 1 loop
    part := 'crm_write_log_' || to_char(first_day + make_interval(months => n), 'YYYY_MM');
    if to_regclass(part) is null then
      execute format('create table %I partition of crm_write_log for values from (%L) to (%L)', part,
        (first_day + make_interval(months => n))::date::text || ' 00:00:00+00',
        (first_day + make_interval(months => n + 1))::date::text || ' 00:00:00+00');
      call protect_tenant_table(part);
    end if;
  end loop;
end $function$

CREATE OR REPLACE PROCEDURE public.protect_directory_table(IN directory_table text)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %I enable row level security', directory_table);
  execute format('alter table %I force row level security', directory_table);
  execute format('create policy directory on %I using (current_setting(''app.directory'', true) = ''on'') with check (current_setting(''app.directory'', true) = ''on'')', directory_table);
end $procedure$

CREATE OR REPLACE PROCEDURE public.protect_tenant_table(IN tenant_table text)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %I enable row level security', tenant_table);
  execute format('alter table %I force row level security', tenant_table);
  execute format('create policy tenant on %I using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', tenant_table);
end $procedure$

CREATE OR REPLACE FUNCTION public.refresh_gap_words(of_conversations uuid[])
 RETURNS void
 LANGUAGE sql
AS $function$
  with told as materialized (
    select c.id, case when c.gap_status is null then '{}' else words_of(concat_ws(' ', c.title, c.company_key, (
      select string_agg(concat_ws(' ', p.name, p.email), ' ') from (
        select name, email from conversation_participants
        where workspace_id = c.workspace_id and conversation_id = c.id order by ordinal limit 100) p
    ), (
      select string_agg(concat_ws(' ', co.name, co.domain), ' ')
      from conversation_companies cc join companies co using (workspace_id, crm)
      where cc.workspace_id = c.workspace_id and cc.conversation_id = c.id and co.crm_id = cc.company_id
    ))) end as words
    from conversations c where c.workspace_id = current_workspace() and c.id = any (of_conversations)
  ), gone as (
    delete from gap_words g using told t
    where g.workspace_id = current_workspace() and g.conversation_id = t.id and g.word <> all (t.words)
  )
  insert into gap_words (workspace_id, word, conversation_id)
  select current_workspace(), w.word, t.id from told t cross join unnest(t.words) as w (word)
  on conflict do nothing
$function$

CREATE OR REPLACE FUNCTION public.refresh_words_of_judged()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  judged uuid[];
begin
  select array_agg(n.id) into judged from now_rows n join was_rows w using (workspace_id, id)
  where (n.gap_status is not null or w.gap_status is not null)
    and (n.judged_at, n.gap_status, n.title) is distinct from (w.judged_at, w.gap_status, w.title);
  if judged is not null then perform refresh_gap_words(judged); end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.remember_company_domain()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin new.was_domain := old.domain; return new; end $function$

CREATE OR REPLACE FUNCTION public.remember_contact_emails()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin new.was_emails := old.email || old.other_emails; return new; end $function$

CREATE OR REPLACE FUNCTION public.remember_deal_company()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin new.was_company_id := old.company_id; return new; end $function$

CREATE OR REPLACE FUNCTION public.words_of(told text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(distinct left(w.word, 60)), '{}')
  from regexp_split_to_table(lower(told collate "und-x-icu"), '[^[:alnum:]]+' collate "und-x-icu") as w (word)
  where w.word <> ''
$function$
