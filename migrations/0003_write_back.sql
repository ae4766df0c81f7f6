-- Why: job A — mappings, runs, the write state (who is writing what, what we wrote last) and the write log.
-- Locks: none on existing tables. Safe beside the running version: new tables only.

create table crm_property_mappings (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  crm_type text not null check (crm_type in ('hubspot', 'salesforce')),
  pandora_field text not null,
  crm_object_type text not null check (crm_object_type in ('deal', 'company', 'contact')),
  crm_property_name text not null,
  crm_property_label text not null,
  crm_field_type text not null,
  sync_trigger text not null check (sync_trigger in ('after_skill_run', 'scheduled', 'manual')),
  schedule text,
  write_mode text not null check (write_mode in ('overwrite', 'never_overwrite', 'append', 'append_if_changed')),
  append_separator text not null default E'\n---\n',
  append_timestamp_format text not null default 'prefix' check (append_timestamp_format in ('prefix', 'suffix', 'none')),
  append_max_entries int,
  write_condition text,
  value_transform text not null default 'raw',
  keep_human_edits boolean not null default false,
  skip_read boolean not null default false,
  when_empty text not null default 'keep' check (when_empty in ('keep', 'clear')),
  record_filter jsonb not null default '{}',
  status text not null default 'active' check (status in ('active', 'paused', 'broken')),
  status_reason text,
  is_active boolean not null default true,
  deleted_at timestamptz,
  -- rises with each change of its rules; a refused value is tried again under new rules
  revision int not null default 1,
  last_synced_at timestamptz,
  last_sync_status text,
  last_sync_error text,
  created_by text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- one writer per property: another live mapping of the same property is refused
create unique index crm_property_mappings_writer
  on crm_property_mappings (workspace_id, crm_type, crm_object_type, crm_property_name) where deleted_at is null;
call protect_tenant_table('crm_property_mappings');

create table sync_runs (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('sync', 'dry_run', 'undo', 'retry')),
  -- how each write of the run names its trigger: skill_run:<skill>, schedule, manual, test, retry, undo
  trigger text not null,
  trigger_skill_run_id uuid,
  status text not null check (status in
    ('queued', 'running', 'paused', 'cancelling', 'cancelled', 'completed', 'completed_with_errors', 'failed')),
  status_reason text,
  -- why it is paused, for whoever may resume it: guard (asks an admin), connection (resumes on reconnect), quota
  pause_kind text check (pause_kind in ('guard', 'connection', 'quota')),
  -- what to do: mapping ids, object types, record ids, adopt, source run or log ids; fixed at the start
  spec jsonb not null,
  -- units not finished yet; the run ends when it reaches 0 after enumeration
  open_units int not null default 0,
  enumerated boolean not null default false,
  -- where enumeration goes on after a pause or a crash
  enumerate_cursor text,
  -- an admin has seen the warning and said: go on
  confirmed boolean not null default false,
  records int not null default 0,
  totals jsonb not null default '{}',
  by_mapping jsonb not null default '{}',
  crm_calls int not null default 0,
  initiated_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, id)
);
create index sync_runs_created on sync_runs (workspace_id, created_at desc, id);
create index sync_runs_live on sync_runs (workspace_id) where status in ('queued', 'running', 'paused', 'cancelling');
call protect_tenant_table('sync_runs');

-- A unit of a run: up to 200 records of one object. Done once, counted once, however often its job is delivered.
create table sync_units (
  workspace_id uuid not null,
  run_id uuid not null,
  unit_key text not null,
  status text not null check (status in ('open', 'done')),
  spec jsonb not null,
  attempt int not null default 0,
  not_before timestamptz,
  primary key (workspace_id, run_id, unit_key),
  foreign key (workspace_id, run_id) references sync_runs on delete cascade
);
call protect_tenant_table('sync_units');

-- What a dry run would do, to page through.
create table run_changes (
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
  primary key (workspace_id, run_id, id),
  foreign key (workspace_id, run_id) references sync_runs on delete cascade
);
call protect_tenant_table('run_changes');

-- One row per connection, object, record and property: the truth about writing. The log is history only.
create table crm_write_state (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  object_type text not null,
  crm_record_id text not null,
  property text not null,
  -- lease: whoever holds it may write; the fence rises with each lease, so that a late settle is seen
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  -- set from the stored intent to the settlement: sent, answer not known yet
  pending_log_id uuid,
  -- what we know and left there (writes/planned.ts WriteState): last raw value, last value written, entries appended,
  -- last decision, undo hold, refused value
  memory jsonb not null default '{}',
  -- becomes the memory when the pending write turns out to be done
  pending_memory jsonb,
  primary key (workspace_id, crm, object_type, crm_record_id, property)
) with (fillfactor = 70);
-- recovery asks for leases that ran out with an intent pending; few rows at any time
create index crm_write_state_pending on crm_write_state (workspace_id, lease_until) where pending_log_id is not null;
call protect_tenant_table('crm_write_state');

create table crm_write_log (
  id uuid not null,
  workspace_id uuid not null,
  mapping_id uuid,
  run_id uuid,
  crm_type text not null,
  crm_object_type text not null,
  crm_record_id text not null,
  crm_property_name text not null,
  raw_value jsonb,
  -- transformed, before append; null on an undo that clears
  value text,
  -- the text sent; null clears
  value_written text,
  previous_value text,
  -- false when the value was not read before (skip_read): its undo is refused
  previous_known boolean not null default true,
  -- canonical form of what the CRM should hold afterwards
  expected_value text,
  -- the entry as it stands in the property, and what it is separated by
  entry text,
  separator text,
  value_version bigint,
  sent_at timestamptz,
  status text not null check (status in ('pending', 'success', 'skipped', 'error', 'cancelled')),
  skip_reason text,
  error_code text,
  error_message text,
  http_status_code int,
  trigger_source text not null,
  trigger_skill_run_id uuid,
  initiated_by text not null,
  attempts int not null default 0,
  -- the log row that took this one back
  undone_by uuid,
  -- the log row this one takes back
  undoes uuid,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (workspace_id, created_at, id)
) partition by range (created_at);
create index crm_write_log_run on crm_write_log (workspace_id, run_id, created_at, id);
create index crm_write_log_record on crm_write_log (workspace_id, crm_record_id, created_at);
create index crm_write_log_mapping on crm_write_log (workspace_id, mapping_id, created_at);
call protect_tenant_table('crm_write_log');

-- Makes the partitions of a month and the ones after it. Called at start and daily; races are harmless.
create function ensure_log_partitions(from_month timestamptz, months int) returns void language plpgsql as $$
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
end $$;
-- rows outside every month (a clock far off) are kept, not refused
create table crm_write_log_other partition of crm_write_log default;
call protect_tenant_table('crm_write_log_other');

-- Adds two JSON trees of numbers: {"a":1,"b":{"c":2}} + {"b":{"c":3}} = {"a":1,"b":{"c":5}}. Used for run totals.
create function add_counts(one jsonb, two jsonb) returns jsonb language sql immutable as $$
  select case
    when one is null then two
    when two is null then one
    when jsonb_typeof(one) = 'number' then to_jsonb(one::text::numeric + two::text::numeric)
    else (select coalesce(jsonb_object_agg(k, add_counts(one -> k, two -> k)), '{}')
          from (select jsonb_object_keys(one) k union select jsonb_object_keys(two)) keys)
  end
$$;
