-- Why: callers from inside the CRMs — the key that a Salesforce org signs its calls with, the assertions it has used, and
-- webhook events that HubSpot has told already.
-- Locks: none on existing tables beyond adding an index to members (short: it holds people, not records).
-- Safe beside the running version: it knows nothing of these tables.

create index members_hubspot_user on members (workspace_id, hubspot_user_id) where hubspot_user_id is not null;
create index members_salesforce_user on members (workspace_id, salesforce_user_id) where salesforce_user_id is not null;

-- Keys of an org's package, sealed. The newest one that was handed over signs; the one before it still opens until `good_until`.
create table salesforce_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  key_id text not null,
  org_id text not null,
  key_sealed text not null,
  created_at timestamptz not null,
  -- null: the org has not confirmed it yet
  handed_over_at timestamptz,
  -- why the org did not take it: 'package_missing', 'permission_missing'
  fault text,
  -- null: no newer one has taken its place
  good_until timestamptz,
  primary key (workspace_id, key_id)
);
call protect_tenant_table('salesforce_keys');

-- Each assertion is taken once, by any of the replicas.
create table salesforce_assertions (
  workspace_id uuid not null,
  jti uuid not null,
  expires_at timestamptz not null,
  primary key (workspace_id, jti)
);
create index salesforce_assertions_expiry on salesforce_assertions (workspace_id, expires_at);
call protect_tenant_table('salesforce_assertions');
