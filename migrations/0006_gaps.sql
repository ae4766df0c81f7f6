-- Why: what people decided about conversations that no deal accounts for, deals being made for them, and what changed
-- records used to be, so that exactly the conversations they concern are judged again.
-- Locks: deals, contacts and companies for an instant (empty columns, triggers) and while small partial indexes are built.
-- Safe beside the running version: it names its columns, and the triggers fill the new ones only.

-- What people decided, newest last; the state that follows from it stands on the conversation.
create table gap_decisions (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  conversation_id uuid not null,
  decision text not null check (decision in ('dismissed', 'restored', 'linked', 'unlinked', 'created', 'reopened')),
  reason text,
  note text,
  crm text,
  deal_id text,
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index gap_decisions_of on gap_decisions (workspace_id, conversation_id, decided_at);
create index gap_decisions_at on gap_decisions (workspace_id, decision, decided_at);
call protect_tenant_table('gap_decisions');

-- A deal being made: the claim, then each step's result, so that no step is done twice (gaps/on-create-deal.ts).
create table deal_creations (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  conversation_id uuid not null,
  generation int not null,
  crm text not null,
  state text not null check (state in ('claimed', 'sent', 'done', 'failed', 'outcome_unknown', 'undone')),
  -- the key the deal carries in the CRM
  deal_key text not null,
  -- false: the CRM could not be given a unique property, so nothing is sent twice
  key_is_unique boolean not null default true,
  request jsonb not null,
  -- results of the steps that are done: {company, contacts, deal, associations, note}
  steps jsonb not null default '{}',
  warnings jsonb not null default '[]',
  error jsonb,
  deal_id text,
  origin text not null default 'person' check (origin in ('person', 'rule')),
  requested_by text not null,
  lease_owner text,
  lease_until timestamptz,
  sent_at timestamptz,
  attempts int not null default 0,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
-- one claim per conversation and generation, whoever clicks
create unique index deal_creations_claim on deal_creations (workspace_id, conversation_id, generation)
  where state <> 'failed';
-- what is under way, or waits to go on
create index deal_creations_open on deal_creations (workspace_id, lease_until) where lease_until is not null;
create index deal_creations_deal on deal_creations (workspace_id, crm, deal_id) where deal_id is not null;
create index deal_creations_at on deal_creations (workspace_id, created_at);
call protect_tenant_table('deal_creations');

-- Salesforce leads: people who are no contacts yet.
create table leads (
  workspace_id uuid not null references workspaces on delete cascade,
  crm text not null,
  crm_id text not null,
  email text,
  name text not null default '',
  company text,
  status text,
  owner_id text,
  is_converted boolean not null default false,
  crm_updated_at timestamptz,
  deleted_at timestamptz,
  synced_at timestamptz not null,
  primary key (workspace_id, crm, crm_id)
);
create index leads_email on leads (workspace_id, crm, email) where deleted_at is null and not is_converted;
call protect_tenant_table('leads');

-- What stood in a record before it last changed: the conversations it used to account for are looked at again as well.
alter table deals add column was_company_id text;
alter table contacts add column was_emails text[];
alter table companies add column was_domain text;

create function remember_deal_company() returns trigger language plpgsql as $$
begin new.was_company_id := old.company_id; return new; end $$;
create trigger remember_company before update on deals for each row
  when (old.company_id is distinct from new.company_id) execute function remember_deal_company();

create function remember_contact_emails() returns trigger language plpgsql as $$
begin new.was_emails := old.email || old.other_emails; return new; end $$;
create trigger remember_emails before update on contacts for each row
  when (old.email is distinct from new.email or old.other_emails is distinct from new.other_emails)
  execute function remember_contact_emails();

create function remember_company_domain() returns trigger language plpgsql as $$
begin new.was_domain := old.domain; return new; end $$;
create trigger remember_domain before update on companies for each row
  when (old.domain is distinct from new.domain) execute function remember_company_domain();

-- Few contacts have more than one address; the whole table is never read for them.
create index contacts_other_emails on contacts (workspace_id, crm, crm_id)
  where deleted_at is null and other_emails <> '{}';
create index companies_parent on companies (workspace_id, crm, parent_id) where parent_id is not null;
create index companies_merged on companies (workspace_id, crm, merged_into) where merged_into is not null;

-- What all verdicts rest on: own people, settings. When it changes, everything in the window is judged anew.
create table gap_sweeps (
  workspace_id uuid not null primary key references workspaces on delete cascade,
  context_hash text not null,
  swept_at timestamptz not null
);
call protect_tenant_table('gap_sweeps');
