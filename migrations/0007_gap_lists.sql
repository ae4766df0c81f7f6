-- Why: a page of gaps walks one index whatever it is sorted and filtered by, gaps are found by the words in them, and
-- records by the beginning of their name.
-- Locks: deals, companies and contacts are rewritten once for the new column (some 5 s per million rows), reads and
-- writes of them wait that long. Safe beside the running version: it names its columns.

-- What pages are sorted by, without nulls, so that "after this row" is one comparison.
alter table conversations
  add column severity_rank smallint not null generated always as (coalesce(severity, 0::smallint)) stored,
  add column minutes_rank double precision not null generated always as (coalesce(duration_minutes, -1)) stored;

-- Each carries all that a page may be filtered by: a rare filter reads the index alone and no row that it drops.
create index conversations_gaps on conversations
  (workspace_id, gap_status, severity_rank desc, started_at desc, id desc)
  include (rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause, minutes_rank)
  where gap_status is not null;
create index conversations_gaps_by_time on conversations (workspace_id, gap_status, started_at desc, id desc)
  include (severity_rank, rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause, minutes_rank)
  where gap_status is not null;
create index conversations_gaps_by_length on conversations
  (workspace_id, gap_status, minutes_rank desc, started_at desc, id desc)
  include (severity_rank, rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause)
  where gap_status is not null;
-- Of somebody who sees some reps' only.
create index conversations_gaps_by_rep on conversations
  (workspace_id, gap_status, rep_email, severity_rank desc, started_at desc, id desc)
  include (rep_owner_crm, rep_owner_id, company_crm, company_id, likely_cause, minutes_rank)
  where gap_status is not null;
create index conversations_gaps_by_owner on conversations (workspace_id, gap_status, rep_owner_crm, rep_owner_id)
  include (severity_rank, started_at, id, rep_email, company_crm, company_id, likely_cause, minutes_rank)
  where gap_status is not null and rep_owner_id is not null;

-- Of a company's or a record's conversations, those that are gaps, without reading the others.
create index conversations_gaps_by_id on conversations (workspace_id, id)
  include (gap_status, severity_rank, started_at, minutes_rank, rep_email, rep_owner_crm, rep_owner_id, company_crm, company_id,
    likely_cause)
  where gap_status is not null;

-- The figures: counted in groups as they stand, thousands of equal entries to a page.
create index conversations_gaps_counted on conversations (workspace_id, gap_status, rep_email, severity_rank, likely_cause)
  where gap_status is not null;

-- The words of each gap. A text-search or trigram index can't serve: its operators are not leakproof, so that under
-- row-level security the whole table would be read; comparing text is.
create table gap_words (
  workspace_id uuid not null references workspaces on delete cascade,
  word text collate "C" not null,
  conversation_id uuid not null,
  primary key (workspace_id, word, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations on delete cascade
);
create index gap_words_of_gap on gap_words (workspace_id, conversation_id, word);
call protect_tenant_table('gap_words');

-- Letters and digits, lower case, each word once. The ICU collation knows the letters of all scripts; the database's
-- own may know ASCII only.
create function words_of(told text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct left(w.word, 60)), '{}')
  from regexp_split_to_table(lower(told collate "und-x-icu"), '[^[:alnum:]]+' collate "und-x-icu") as w (word)
  where w.word <> ''
$$;

-- Makes the words of these conversations anew; one that is no gap has none. An array for each: the words of many
-- conversations are never compared with each other.
create function refresh_gap_words(of_conversations uuid[]) returns void language sql as $$
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
$$;

-- Whoever judges a conversation, or decides about it, leaves its words right.
create function refresh_words_of_judged() returns trigger language plpgsql as $$
declare
  judged uuid[];
begin
  select array_agg(n.id) into judged from now_rows n join was_rows w using (workspace_id, id)
  where (n.gap_status is not null or w.gap_status is not null)
    and (n.judged_at, n.gap_status, n.title) is distinct from (w.judged_at, w.gap_status, w.title);
  if judged is not null then perform refresh_gap_words(judged); end if;
  return null;
end $$;
create trigger refresh_words after update on conversations
  referencing old table as was_rows new table as now_rows for each statement execute function refresh_words_of_judged();

-- Records by the beginning of their name, letter case aside. A column, because under row-level security an index on
-- lower(name) is not used.
alter table deals add column name_key text collate "C" generated always as (lower(name collate "und-x-icu")) stored;
alter table companies add column name_key text collate "C" generated always as (lower(name collate "und-x-icu")) stored;
alter table contacts add column name_key text collate "C" generated always as (lower(name collate "und-x-icu")) stored;
create index deals_name_key on deals (workspace_id, name_key) where deleted_at is null;
create index companies_name_key on companies (workspace_id, name_key) where deleted_at is null;
create index contacts_name_key on contacts (workspace_id, name_key) where deleted_at is null;
create index companies_domain_begins on companies (workspace_id, domain collate "C") where deleted_at is null;
create index contacts_email_begins on contacts (workspace_id, email collate "C") where deleted_at is null;

-- The usual amount of a new deal.
create index deals_created on deals (workspace_id, crm_created_at desc) include (amount, currency)
  where deleted_at is null and amount is not null;
