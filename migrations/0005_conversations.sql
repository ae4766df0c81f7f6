-- Why: where conversations come from, who was in them, and what accounts for them.
-- Locks: none on existing tables. Safe beside the running version: new tables and functions only.

-- Where conversations come from.
create table sources (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('generic', 'gong', 'fireflies', 'zoom', 'hubspot', 'salesforce')),
  name text not null,
  status text not null default 'connected' check (status in ('connected', 'paused', 'failing')),
  -- 128-bit id in the address the vendor calls; null where nobody calls us
  hook_id text,
  -- the vendor's key and the hook's secret as JSON, sealed (connections/vault.ts)
  secrets_sealed text,
  settings jsonb not null default '{}',
  -- pulled sources: where to go on, and the moment from which the next pull asks
  cursor text,
  since timestamptz,
  last_seen_at timestamptz,
  last_pulled_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  -- pulls that failed in a row, and when the next one may try
  failures int not null default 0,
  retry_at timestamptz,
  received int not null default 0,
  refused int not null default 0,
  created_by text not null default '',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index sources_hook on sources (workspace_id, hook_id) where hook_id is not null;
call protect_tenant_table('sources');

-- Deliveries that could not be read, with the reason; never their content.
create table source_refusals (
  workspace_id uuid not null references workspaces on delete cascade,
  source_id uuid not null,
  external_id text not null,
  reason text not null,
  refused_at timestamptz not null,
  primary key (workspace_id, source_id, external_id),
  foreign key (workspace_id, source_id) references sources on delete cascade
);
call protect_tenant_table('source_refusals');

create table conversations (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  title text not null default '',
  -- kind of the source that tells most about it
  source text not null,
  url text,
  started_at timestamptz not null,
  -- null: the source does not say
  duration_minutes double precision,
  -- calendar or conference id shared by all sources of one meeting
  meeting_key text,
  host_email text,
  call_type text,
  -- what the source itself says
  scope_hint text not null default 'unknown' check (scope_hint in ('internal', 'external', 'unknown')),
  -- CRM records the source names: [{crm|null, object_type, id}]
  named_records jsonb not null default '[]',
  summary text,
  -- of summary and transcript, by rules (conversations/signals.ts): {sentiment, next_step, …}; null = nothing was said
  signals jsonb,
  facts_hash text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- facts about it changed since it was judged
  dirty boolean not null default true,

  -- from here on: what the linker and the judge found (gaps/store.ts)
  audience text check (audience in ('internal', 'external', 'unknown')),
  audience_reason text,
  external_people int not null default 0,
  people int not null default 0,
  rep_owner_crm text,
  rep_owner_id text,
  rep_email text,
  rep_name text,
  -- the primary company, or what stands for it: the registrable domain, for free mail the address
  company_crm text,
  company_id text,
  company_key text,
  deal_crm text,
  deal_id text,
  link_method text,
  link_confidence double precision,
  linked_by text,
  linked_at timestamptz,
  -- deals a person took off: [{crm, id}]; the linker never puts them back
  refused_deals jsonb not null default '[]',
  -- deals that may account for it, the likeliest first: [{crm, id, reason}]
  offered_deals jsonb not null default '[]',
  -- null: not a gap (internal, unknown, linked by the linker, too old)
  gap_status text check (gap_status in ('pending', 'dismissed', 'created', 'linked')),
  -- 3 high, 2 medium, 1 low
  severity smallint,
  severity_reason text,
  likely_cause text,
  -- conversations of the same company key in the window, 2 for "two or more"
  siblings smallint not null default 0,
  -- from then on time alone may change the verdict; null: never
  judge_at timestamptz,
  judged_at timestamptz,
  -- rises when a created deal was deleted or undone: the gap is open again under a new key
  generation int not null default 0,
  primary key (workspace_id, id)
);
create index conversations_started on conversations (workspace_id, started_at desc, id);
create index conversations_dirty on conversations (workspace_id, id) where dirty;
create index conversations_judge_at on conversations (workspace_id, judge_at) where judge_at is not null;
create index conversations_deal on conversations (workspace_id, deal_crm, deal_id) where deal_id is not null;
create index conversations_company_key on conversations (workspace_id, company_key, started_at desc)
  where company_key is not null;
call protect_tenant_table('conversations');

-- Each source's own id of it: a delivery is taken once, and one meeting told by several sources is one conversation.
create table conversation_tellings (
  workspace_id uuid not null references workspaces on delete cascade,
  source_id uuid not null,
  external_id text not null,
  -- null: the source took it back
  conversation_id uuid,
  -- of what was told: the same again changes nothing
  payload_hash text not null,
  -- the source's own time of it, else when it came; an older delivery changes nothing that a newer one told
  told_at timestamptz not null,
  -- what a meeting is known by, to find the other tellings of it (conversations/same-meeting.ts)
  meeting_key text,
  host_email text,
  started_at timestamptz,
  -- the neutral shape without summary and transcript, so that tellings can be joined anew; null: taken back
  telling jsonb,
  -- {summary: {told_at, text, tally}, transcript: {told_at, chars, hash, tally}, gone_at}: each may be told apart from
  -- the rest; the transcript's own words are in conversation_transcripts
  texts jsonb not null default '{}',
  seen_at timestamptz not null,
  primary key (workspace_id, source_id, external_id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index conversation_tellings_of on conversation_tellings (workspace_id, conversation_id);
create index conversation_tellings_key on conversation_tellings (workspace_id, meeting_key, started_at)
  where meeting_key is not null;
create index conversation_tellings_host on conversation_tellings (workspace_id, host_email, started_at)
  where host_email is not null;
call protect_tenant_table('conversation_tellings');

create table conversation_participants (
  workspace_id uuid not null references workspaces on delete cascade,
  conversation_id uuid not null,
  ordinal int not null,
  name text,
  email text,
  phone text,
  -- what the source says
  affiliation text not null default 'unknown' check (affiliation in ('internal', 'external', 'unknown')),
  -- what we found: 'nobody' is a room, a resource or a bot
  side text check (side in ('internal', 'external', 'unknown', 'nobody')),
  -- registrable domain of the address
  domain text,
  contact_crm text,
  contact_id text,
  lead_crm text,
  lead_id text,
  primary key (workspace_id, conversation_id, ordinal),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index conversation_participants_email on conversation_participants (workspace_id, email) where email is not null;
create index conversation_participants_domain on conversation_participants (workspace_id, domain) where domain is not null;
create index conversation_participants_contact on conversation_participants (workspace_id, contact_crm, contact_id)
  where contact_id is not null;
create index conversation_participants_lead on conversation_participants (workspace_id, lead_crm, lead_id)
  where lead_id is not null;
call protect_tenant_table('conversation_participants');

create table conversation_companies (
  workspace_id uuid not null references workspaces on delete cascade,
  conversation_id uuid not null,
  crm text not null,
  company_id text not null,
  participants int not null,
  -- contact, host, registrable_domain, named, person
  method text not null,
  confidence double precision not null,
  is_primary boolean not null,
  primary key (workspace_id, conversation_id, crm, company_id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index conversation_companies_company on conversation_companies (workspace_id, crm, company_id, conversation_id);
call protect_tenant_table('conversation_companies');

-- The CRM records a conversation's source names, so that one that turns up later is found (a copy of named_records).
create table conversation_named_records (
  workspace_id uuid not null references workspaces on delete cascade,
  object_type text not null,
  record_id text not null,
  conversation_id uuid not null,
  primary key (workspace_id, object_type, record_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index conversation_named_records_of on conversation_named_records (workspace_id, conversation_id);
call protect_tenant_table('conversation_named_records');

create table conversation_transcripts (
  workspace_id uuid not null references workspaces on delete cascade,
  conversation_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  text_sealed text not null,
  delete_after timestamptz not null,
  primary key (workspace_id, source_id, external_id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index conversation_transcripts_of on conversation_transcripts (workspace_id, conversation_id);
create index conversation_transcripts_due on conversation_transcripts (workspace_id, delete_after);
call protect_tenant_table('conversation_transcripts');

-- The directory: a vendor's call is known by its hook id alone.
create table directory_hooks (
  hook_id text primary key,
  workspace_id uuid not null,
  source_id uuid not null
);
call protect_directory_table('directory_hooks');

create function directory_find_hook(hook text) returns table (workspace_id uuid, source_id uuid) language plpgsql as $$
begin
  perform directory_open();
  return query select h.workspace_id, h.source_id from directory_hooks h where h.hook_id = hook;
  perform directory_close();
end $$;

create function directory_add_hook(hook text, workspace uuid, source uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  insert into directory_hooks values (hook, workspace, source);
  perform directory_close();
end $$;

create function directory_remove_hook(workspace uuid, source uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_hooks h where h.workspace_id = workspace and h.source_id = source;
  perform directory_close();
end $$;

create or replace function directory_remove_workspace(workspace uuid) returns void language plpgsql as $$
begin
  perform directory_open();
  delete from directory_api_keys d where d.workspace_id = workspace;
  delete from directory_crm_accounts d where d.workspace_id = workspace;
  delete from directory_schedule d where d.workspace_id = workspace;
  delete from directory_hooks d where d.workspace_id = workspace;
  delete from directory_workspaces d where d.workspace_id = workspace;
  perform directory_close();
end $$;
