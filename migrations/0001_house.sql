-- Why: the house — who may enter (workspaces, members, keys), which CRM accounts are connected, and what was asked.
-- Locks: none on existing tables (first migration). Safe beside a running older version: there is none.

-- The workspace a transaction works for; null (no rows) when nobody said.
create function current_workspace() returns uuid language sql stable as
$$ select nullif(current_setting('app.workspace_id', true), '')::uuid $$;

-- Forces row-level security on a tenant table: a row is seen only inside withWorkspace(its workspace).
create procedure protect_tenant_table(tenant_table text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', tenant_table);
  execute format('alter table %I force row level security', tenant_table);
  execute format('create policy tenant on %I using (workspace_id = current_workspace()) with check (workspace_id = current_workspace())', tenant_table);
end $$;

create table workspaces (
  workspace_id uuid primary key default gen_random_uuid(),
  name text not null,
  time_zone text not null default 'UTC',
  -- 'default' until an account is connected; 'chosen' once an admin set it, then a connection leaves it alone
  time_zone_source text not null default 'default' check (time_zone_source in ('default', 'crm', 'chosen')),
  currency text not null default 'USD',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);
call protect_tenant_table('workspaces');

create table members (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  email text not null,
  name text not null default '',
  role text not null check (role in ('admin', 'rep', 'viewer')),
  -- who set the role: 'install', 'crm' (owner sync) or a member id; a role an admin chose is never changed by the sync
  role_source text not null default 'crm',
  hubspot_user_id text,
  salesforce_user_id text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index members_email on members (workspace_id, lower(email));
call protect_tenant_table('members');

create table api_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  name text not null,
  role text not null check (role in ('admin', 'rep', 'viewer')),
  member_id uuid,
  -- first characters, so that a person can tell keys apart; the key itself is stored hashed in the directory only
  prefix text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id)
);
call protect_tenant_table('api_keys');

create table crm_connections (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null check (crm in ('hubspot', 'salesforce')),
  account_id text not null,
  account_name text not null default '',
  status text not null check (status in ('connected', 'needs_reconnect', 'disconnected')),
  status_reason text,
  instance_url text not null,
  ui_url text not null default '',
  time_zone text not null default 'UTC',
  currency text not null default 'USD',
  multi_currency boolean not null default false,
  user_id text not null default '',
  scopes text[] not null default '{}',
  missing_scopes text[] not null default '{}',
  -- sealed with AES-256-GCM (connections/vault.ts); null once disconnected
  access_token_sealed text,
  refresh_token_sealed text,
  access_expires_at timestamptz,
  token_version int not null default 0,
  -- one refresh at a time across processes: whoever holds the claim may call the CRM's token endpoint
  refresh_claim_by text,
  refresh_claim_until timestamptz,
  -- background work stops until then (daily allowance used up)
  quiet_until timestamptz,
  connected_by text not null default '',
  connected_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, crm)
);
call protect_tenant_table('crm_connections');

create table crm_properties (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  object_type text not null,
  properties jsonb not null,
  fetched_at timestamptz not null,
  primary key (workspace_id, crm, object_type)
);
call protect_tenant_table('crm_properties');

create table request_results (
  workspace_id uuid not null references workspaces on delete cascade,
  caller text not null,
  request_id text not null,
  body_hash text not null,
  state text not null check (state in ('running', 'done')),
  status int,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, caller, request_id)
);
call protect_tenant_table('request_results');

create table alerts (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  kind text not null,
  subject text not null,
  message text not null,
  detail jsonb not null default '{}',
  opened_at timestamptz not null default now(),
  resolved_at timestamptz,
  primary key (workspace_id, id)
);
-- one open alert per matter: raising it again changes nothing
create unique index alerts_open on alerts (workspace_id, kind, subject) where resolved_at is null;
call protect_tenant_table('alerts');

-- Who changed what an admin can change (mappings, settings, members, keys, connections); the write log is apart.
create table audit_events (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  primary key (workspace_id, id)
);
create index audit_events_at on audit_events (workspace_id, at desc, id);
call protect_tenant_table('audit_events');

-- Pace: when the next call of a bucket may go. Unlogged: after a crash the budget simply starts anew.
create unlogged table rate_budgets (
  workspace_id uuid not null,
  bucket text not null,
  next_at timestamptz not null,
  primary key (workspace_id, bucket)
);
call protect_tenant_table('rate_budgets');

-- The directory: what must be found before a workspace is known. Rows are visible only inside the functions below,
-- which switch the setting on for their own run.
create table directory_api_keys (
  key_hash text primary key,
  workspace_id uuid not null,
  key_id uuid not null
);
create table directory_crm_accounts (
  crm text not null,
  account_id text not null,
  workspace_id uuid not null,
  primary key (crm, account_id)
);
create table directory_workspaces (
  workspace_id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);
-- Work that falls due by the clock: mapping schedules, mirror rounds, recovery.
create table directory_schedule (
  workspace_id uuid not null,
  kind text not null,
  key text not null,
  cron text not null,
  time_zone text not null,
  next_at timestamptz not null,
  primary key (workspace_id, kind, key)
);
create index directory_schedule_next on directory_schedule (next_at);

create procedure protect_directory_table(directory_table text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', directory_table);
  execute format('alter table %I force row level security', directory_table);
  execute format('create policy directory on %I using (current_setting(''app.directory'', true) = ''on'') with check (current_setting(''app.directory'', true) = ''on'')', directory_table);
end $$;
call protect_directory_table('directory_api_keys');
call protect_directory_table('directory_crm_accounts');
call protect_directory_table('directory_workspaces');
call protect_directory_table('directory_schedule');

-- The parameter can't be part of a function's definition without superuser, so each function switches it on and off.
create function directory_open() returns void language sql as $$ select set_config('app.directory', 'on', true) $$;
create function directory_close() returns void language sql as $$ select set_config('app.directory', '', true) $$;

create function directory_find_api_key(hash text) returns table (workspace_id uuid, key_id uuid) language plpgsql as $$
begin
  perform directory_open();
  return query select k.workspace_id, k.key_id from directory_api_keys k where k.key_hash = hash;
  perform directory_close();
end $$;

create function directory_add_api_key(hash text, workspace uuid, key uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  insert into directory_api_keys values (hash, workspace, key);
  perform directory_close();
end $$;

create function directory_remove_api_key(workspace uuid, key uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_api_keys k where k.workspace_id = workspace and k.key_id = key;
  perform directory_close();
end $$;

create function directory_find_account(of_crm text, account text) returns uuid language plpgsql as $$
declare found_id uuid;
begin
  perform directory_open();
  select a.workspace_id into found_id from directory_crm_accounts a where a.crm = of_crm and a.account_id = account;
  perform directory_close();
  return found_id;
end $$;

-- Binds a portal or org to a workspace, once; answers the workspace it is bound to (which may be another one).
create function directory_bind_account(of_crm text, account text, workspace uuid) returns uuid language plpgsql as $$
declare bound uuid;
begin
  perform directory_open();
  insert into directory_crm_accounts as a values (of_crm, account, workspace)
    on conflict (crm, account_id) do update set workspace_id = a.workspace_id returning a.workspace_id into bound;
  perform directory_close();
  return bound;
end $$;

create function directory_unbind_account(of_crm text, workspace uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_crm_accounts a where a.crm = of_crm and a.workspace_id = workspace;
  perform directory_close();
end $$;

create function directory_add_workspace(workspace uuid, workspace_name text) returns void language plpgsql as $$
begin
  perform directory_open();
  insert into directory_workspaces (workspace_id, name) values (workspace, workspace_name)
    on conflict on constraint directory_workspaces_pkey do update set name = excluded.name;
  perform directory_close();
end $$;

create function directory_list_workspaces() returns table (workspace_id uuid, name text, created_at timestamptz)
  language plpgsql as $$
begin
  perform directory_open();
  return query select w.workspace_id, w.name, w.created_at from directory_workspaces w order by w.created_at;
  perform directory_close();
end $$;

create function directory_remove_workspace(workspace uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_api_keys d where d.workspace_id = workspace;
  delete from directory_crm_accounts d where d.workspace_id = workspace;
  delete from directory_schedule d where d.workspace_id = workspace;
  delete from directory_workspaces d where d.workspace_id = workspace;
  perform directory_close();
end $$;

create function directory_put_schedule(workspace uuid, of_kind text, of_key text, of_cron text, zone text, at timestamptz)
  returns void language plpgsql as $$
begin
  perform directory_open();
  insert into directory_schedule values (workspace, of_kind, of_key, of_cron, zone, at)
    on conflict on constraint directory_schedule_pkey do update
    set cron = excluded.cron, time_zone = excluded.time_zone, next_at = excluded.next_at;
  perform directory_close();
end $$;

create function directory_drop_schedule(workspace uuid, of_kind text, of_key text) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_schedule d where d.workspace_id = workspace and d.kind = of_kind and d.key = of_key;
  perform directory_close();
end $$;

-- Due rows, locked for the caller's transaction; another process skips them.
create function directory_due(at timestamptz, most int)
  returns table (workspace_id uuid, kind text, key text, cron text, time_zone text, next_at timestamptz)
  language plpgsql as $$
begin
  perform directory_open();
  return query select s.workspace_id, s.kind, s.key, s.cron, s.time_zone, s.next_at from directory_schedule s
    where s.next_at <= at order by s.next_at limit most for update skip locked;
  perform directory_close();
end $$;
