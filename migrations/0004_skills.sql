-- Why: skills grow from one to five: findings that can be opened, texts kept by the facts behind them, and runs that say
-- what they met. Locks: skill_runs and record_values for an instant (columns with constant defaults); writes to record_values
-- wait while its index is built (about 1 s per million values). Safe beside the running version: it names its columns.

alter table skill_runs
  -- what the run has to say: counts by field, why the rules' text stands, the sections of an audit
  add column report jsonb not null default '{}',
  add column initiated_by text not null default 'pandora',
  -- what it changed is written back: null = nothing to write, or not yet finished
  add column writeback text check (writeback in ('waiting', 'done')),
  add column writeback_run_ids uuid[] not null default '{}';
create index skill_runs_writeback on skill_runs (workspace_id) where writeback = 'waiting';

-- A number's last twelve values with their moments, oldest first: the trend a card shows.
alter table record_values add column history jsonb not null default '[]';
-- What a skill run changed is looked up by the sync it sets off; a scan took 0.2 s for 600,000 values each time.
create index record_values_run on record_values (workspace_id, run_id, crm_record_id) where run_id is not null;

-- One row per record and kind; a run replaces the rows of its skill over its scope.
create table findings (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  object_type text not null,
  crm_record_id text not null,
  kind text not null,
  skill text not null,
  severity text not null check (severity in ('high', 'medium', 'low')),
  sentence text not null,
  detail jsonb not null default '{}',
  run_id uuid not null,
  -- when it was first found; stays while it is found again
  found_at timestamptz not null,
  primary key (workspace_id, crm, object_type, crm_record_id, kind)
);
create index findings_kind on findings (workspace_id, crm, kind, object_type, crm_record_id);
call protect_tenant_table('findings');

-- A model's text, kept by what it was written from: the same facts are paid for once.
create table narrations (
  workspace_id uuid not null references workspaces on delete cascade,
  -- hash of task, prompt version, model and facts
  facts_hash text not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (workspace_id, facts_hash)
);
call protect_tenant_table('narrations');
