/** What all verdicts of a workspace rest on: its own people and its settings. SQL, and a hash that tells when it changed. */
import { createHash } from "node:crypto";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { type GapSettings, gapSettingsOf } from "./gap-settings.ts";
import { type OwnPeople, ownPeople } from "./internal.ts";
import type { KnownOwner } from "./known.ts";

export type SweepContext = {
  settings: GapSettings;
  own: OwnPeople;
  owners: KnownOwner[];
  crms: CrmType[];
  hash: string;
};

/** One statement. @returns null when the workspace is gone */
export async function readContext(tx: Tx, workspaceId: string): Promise<SweepContext | null> {
  const [row] = await tx<ContextRow[]>`
    select w.settings,
      coalesce((select jsonb_agg(jsonb_build_object('crm', o.crm, 'id', o.owner_id, 'email', lower(o.email),
          'name', o.name, 'active', o.active) order by o.crm, o.owner_id)
        from crm_owners o where o.workspace_id = w.workspace_id and o.email is not null), '[]') as owners,
      coalesce((select jsonb_agg(jsonb_build_object('crm', c.crm, 'account', c.account_id) order by c.crm)
        from crm_connections c where c.workspace_id = w.workspace_id and c.status <> 'disconnected'), '[]') as connections,
      coalesce((select jsonb_agg(distinct lower(m.email)) from members m join crm_connections c
          on c.workspace_id = m.workspace_id and c.user_id <> ''
          and c.user_id = case c.crm when 'hubspot' then m.hubspot_user_id else m.salesforce_user_id end
        where m.workspace_id = w.workspace_id), '[]') as "connectedBy",
      coalesce((select jsonb_agg(distinct lower(alias)) from sources s cross join lateral jsonb_array_elements_text(
          case jsonb_typeof(s.settings -> 'own_addresses') when 'array' then s.settings -> 'own_addresses' else '[]' end) as alias
        where s.workspace_id = w.workspace_id), '[]') as aliases
    from workspaces w where w.workspace_id = ${workspaceId}`;
  if (!row) return null;
  const settings = gapSettingsOf(row.settings);
  const { owners, connections, connectedBy, aliases } = row;
  // People leave, and their mailboxes stay ours; but only who is active tells what our domains are.
  const active = owners.filter((owner) => owner.active);
  const telling = (active.length > 0 ? active : owners).map((owner) => owner.email);
  const known = ownPeople(settings.internal_domains, { owners: telling, connectedBy, aliases });
  const own = { ...known, addresses: new Set([...known.addresses, ...owners.map((owner) => owner.email)]) };
  const rests = JSON.stringify([settings, owners, connections, connectedBy, aliases]);
  return {
    ...{ settings, own, owners },
    crms: connections.map((each) => each.crm),
    hash: createHash("sha256").update(rests).digest("base64url").slice(0, 22),
  };
}

type ContextRow = {
  settings: { gaps?: unknown };
  owners: KnownOwner[];
  connections: { crm: CrmType; account: string }[];
  connectedBy: string[];
  aliases: string[];
};
