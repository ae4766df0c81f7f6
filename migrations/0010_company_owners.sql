-- Why: a gap without a rep is its company's owner's. Which companies those are is read from an index of owners alone, instead
-- of looking up the company of every gap without a rep (14 of 22 ms for a team's page among a million conversations).
-- Locks: writes to companies wait while it is built (about 1 s per million rows). Safe beside the running version: an index only.
create index companies_owner on companies (workspace_id, crm, owner_id) include (crm_id) where owner_id is not null;
