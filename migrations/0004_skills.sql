-- Why: skills grow from one to five: findings that can be opened, texts kept by the facts behind them, and runs that say
-- what they met. Locks: skill_runs for an instant (columns with constant defaults). Safe beside the running version: it
-- names its columns.

alter table skill_runs
  -- what the run has to say: counts by field, why the rules' text stands, the sections of an audit
  add column report jsonb not null default '{}',
  add column initiated_by text not null default 'pandora';

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
