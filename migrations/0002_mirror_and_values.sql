-- Why: the mirror of the CRM (what skills and the gap finder read) and the values skills compute.
-- Locks: none on existing tables. Safe beside the running version: new tables only.

create table crm_owners (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  owner_id text not null,
  email text,
  name text not null,
  active boolean not null,
  user_id text,
  team_ids text[] not null default '{}',
  synced_at timestamptz not null,
  primary key (workspace_id, crm, owner_id)
);
call protect_tenant_table('crm_owners');

create table crm_stages (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  pipeline_id text not null,
  stage_id text not null,
  pipeline_label text not null,
  stage_label text not null,
  sort_order int not null,
  is_closed boolean not null,
  is_won boolean not null,
  probability double precision,
  synced_at timestamptz not null,
  primary key (workspace_id, crm, pipeline_id, stage_id)
);
call protect_tenant_table('crm_stages');

create table companies (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  crm_id text not null,
  name text not null default '',
  domain text,
  industry text,
  employees int,
  company_type text,
  owner_id text,
  parent_id text,
  last_activity_at timestamptz,
  crm_created_at timestamptz,
  crm_updated_at timestamptz,
  deleted_at timestamptz,
  merged_into text,
  synced_at timestamptz not null,
  primary key (workspace_id, crm, crm_id)
);
create index companies_domain on companies (workspace_id, crm, domain) where deleted_at is null;
call protect_tenant_table('companies');

create table contacts (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  crm_id text not null,
  email text,
  other_emails text[] not null default '{}',
  name text not null default '',
  job_title text,
  phone text,
  company_id text,
  owner_id text,
  last_activity_at timestamptz,
  crm_created_at timestamptz,
  crm_updated_at timestamptz,
  deleted_at timestamptz,
  merged_into text,
  synced_at timestamptz not null,
  primary key (workspace_id, crm, crm_id)
);
create index contacts_email on contacts (workspace_id, crm, email) where deleted_at is null;
create index contacts_company on contacts (workspace_id, crm, company_id) where deleted_at is null;
call protect_tenant_table('contacts');

create table deals (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  crm_id text not null,
  name text not null default '',
  amount numeric,
  currency text,
  pipeline_id text,
  stage_id text,
  -- null while the stage is unknown: an unknown stage is neither open nor closed for sure, and counts as open
  is_closed boolean,
  is_won boolean,
  probability double precision,
  close_date date,
  owner_id text,
  company_id text,
  last_activity_at timestamptz,
  stage_entered_at timestamptz,
  -- counted while mirroring: how often the close date moved later and the amount moved
  close_date_pushes int not null default 0,
  amount_drops int not null default 0,
  crm_created_at timestamptz,
  crm_updated_at timestamptz,
  closed_at timestamptz,
  deleted_at timestamptz,
  merged_into text,
  synced_at timestamptz not null,
  primary key (workspace_id, crm, crm_id)
);
create index deals_company on deals (workspace_id, crm, company_id) where deleted_at is null;
create index deals_open on deals (workspace_id, crm, crm_id) where deleted_at is null and is_closed is not true;
call protect_tenant_table('deals');

create table deal_contacts (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  deal_id text not null,
  contact_id text not null,
  role text,
  is_primary boolean not null default false,
  primary key (workspace_id, crm, deal_id, contact_id)
);
create index deal_contacts_contact on deal_contacts (workspace_id, crm, contact_id);
call protect_tenant_table('deal_contacts');

create table mirror_progress (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  object_type text not null,
  phase text not null check (phase in ('import', 'incremental')),
  status text not null check (status in ('waiting', 'running', 'done', 'failed')),
  -- where to go on after a crash; opaque, the CRM adapter's own
  cursor text,
  -- incremental: changes at or after this moment are asked for
  since timestamptz,
  done int not null default 0,
  error text,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, crm, object_type)
);
call protect_tenant_table('mirror_progress');

create table skill_runs (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  skill text not null,
  trigger text not null,
  scope jsonb not null default '{}',
  status text not null check (status in ('queued', 'running', 'completed', 'failed')),
  error text,
  records int not null default 0,
  changed int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index skill_runs_created on skill_runs (workspace_id, created_at desc, id);
call protect_tenant_table('skill_runs');

create table record_values (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  object_type text not null,
  crm_record_id text not null,
  field text not null,
  -- JSON number, string or null
  value jsonb,
  -- rises when the record was analysed with changed facts, even if the value came out equal
  value_version bigint not null default 1,
  facts_hash text not null,
  factors jsonb not null default '[]',
  computed_at timestamptz not null,
  run_id uuid,
  primary key (workspace_id, crm, object_type, crm_record_id, field)
);
call protect_tenant_table('record_values');
