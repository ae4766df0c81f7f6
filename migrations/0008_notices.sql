-- Why: people are told, by e-mail and in the app: who wants what, what happened that is worth telling, and an outbox
-- from which each notice is sent once.
-- Locks: none on existing tables. Safe beside the running version: new tables, and a function that deletes more.

-- A row exists once somebody changed something; without one, everything is on.
create table notification_preferences (
  workspace_id uuid not null references workspaces on delete cascade,
  member_id uuid not null,
  weekly_digest boolean not null default true,
  gap_alerts boolean not null default true,
  sync_reports boolean not null default true,
  problem_alerts boolean not null default true,
  created_deals boolean not null default true,
  -- by the link in a mail: nothing is sent until they subscribe again
  unsubscribed_at timestamptz,
  updated_at timestamptz not null,
  primary key (workspace_id, member_id),
  foreign key (workspace_id, member_id) references members on delete cascade
);
call protect_tenant_table('notification_preferences');

-- What was told, whoever wanted to hear it: an event is claimed once, by one process, and then told to those who want it.
create table notice_events (
  workspace_id uuid not null references workspaces on delete cascade,
  -- alert:<id>:open, alert:<id>:over, digest:<Monday>, sync_report:<day>, …
  event_key text not null,
  told_at timestamptz not null,
  primary key (workspace_id, event_key)
);
create index notice_events_told on notice_events (workspace_id, told_at);
call protect_tenant_table('notice_events');

-- Gaps that were told as high; one that is high again after a day is told again.
create table told_gaps (
  workspace_id uuid not null references workspaces on delete cascade,
  conversation_id uuid not null,
  told_at timestamptz not null,
  -- since when it is no longer a pending high gap
  gone_at timestamptz,
  primary key (workspace_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index told_gaps_gone on told_gaps (workspace_id, gone_at) where gone_at is not null;
call protect_tenant_table('told_gaps');

-- The outbox. No text is kept: a notice names what it tells of, and is put into words when it is sent or read.
create table notices (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  member_id uuid not null,
  kind text not null check (kind in ('alert', 'gaps_high', 'digest', 'sync_report', 'deal_created')),
  -- the event it tells of: told to a member once
  dedupe_key text not null,
  -- what it is about, as a list shows it; no name of a person or company
  title text not null,
  -- ids, counts and moments
  detail jsonb not null default '{}',
  -- in_app: mail is not set up; suppressed: not wanted any more, or nothing left to say
  status text not null default 'queued' check (status in ('queued', 'sent', 'failed', 'suppressed', 'in_app')),
  -- why it failed, waits or was left, in words
  status_reason text,
  attempts int not null default 0,
  -- one process at a time speaks to the mail server for it
  lease_until timestamptz,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, member_id) references members on delete cascade
);
create unique index notices_once on notices (workspace_id, member_id, dedupe_key);
create index notices_created on notices (workspace_id, created_at desc, id desc);
create index notices_of on notices (workspace_id, member_id, created_at desc, id desc);
call protect_tenant_table('notices');

-- The directory: whoever opens the link in a mail has no login. Tokens are stored hashed.
create table directory_unsubscribes (
  token_hash text primary key,
  workspace_id uuid not null,
  member_id uuid not null
);
call protect_directory_table('directory_unsubscribes');

create function directory_find_unsubscribe(hash text) returns table (workspace_id uuid, member_id uuid)
  language plpgsql as $$
begin
  perform directory_open();
  return query select u.workspace_id, u.member_id from directory_unsubscribes u where u.token_hash = hash;
  perform directory_close();
end $$;

create function directory_add_unsubscribe(hash text, workspace uuid, member uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  insert into directory_unsubscribes values (hash, workspace, member) on conflict do nothing;
  perform directory_close();
end $$;

create or replace function directory_remove_workspace(workspace uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_api_keys d where d.workspace_id = workspace;
  delete from directory_crm_accounts d where d.workspace_id = workspace;
  delete from directory_schedule d where d.workspace_id = workspace;
  delete from directory_hooks d where d.workspace_id = workspace;
  delete from directory_unsubscribes d where d.workspace_id = workspace;
  delete from directory_workspaces d where d.workspace_id = workspace;
  perform directory_close();
end $$;
