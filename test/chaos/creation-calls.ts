/** Calls without a deal in the database of a chaos world, each with a company in the CRM and two people to be made. */
import { randomUUID } from "node:crypto";
import { systemClock } from "../../backend/clock.ts";
import { createHubSpotCrm } from "../../backend/crm/hubspot/crm.ts";
import type { Crm } from "../../backend/crm/port.ts";
import { createSalesforceCrm } from "../../backend/crm/salesforce/crm.ts";
import type { ChaosWorld } from "./world.ts";

export type ChaosCall = { id: string; title: string; people: string[]; company: string | null; domain: string };

/** The simulator past our own server. */
export function openBeside(world: ChaosWorld): Crm {
  const { url, token } = world.simulator;
  const pace = Object.assign(async () => {}, { reserve: async () => {} });
  const options = { pace, clock: systemClock, accessToken: async () => token, onTokenRefused: async () => token };
  return world.crm === "hubspot"
    ? createHubSpotCrm({ ...options, apiUrl: url })
    : createSalesforceCrm({ ...options, instanceUrl: url });
}

/** @param newCompanies every so-manieth call's company is not there yet; 0: all are */
export async function plantCalls(
  world: ChaosWorld,
  crm: Crm,
  count: number,
  newCompanies: number,
): Promise<ChaosCall[]> {
  const calls: ChaosCall[] = [];
  for (let n = 0; n < count; n++) {
    const id = randomUUID();
    const domain = `firm-${id.slice(0, 8)}.example`;
    const isNew = newCompanies > 0 && n % newCompanies === 0;
    const company = isNew ? null : (await crm.deals.createCompany({ name: domain, domain, ownerId: null })).id;
    calls.push({ id, title: `Intro ${id.slice(0, 8)}`, people: [`a@${domain}`, `b@${domain}`], company, domain });
  }
  await world.db.withWorkspace(world.workspaceId, async (tx) => {
    const { workspaceId } = world;
    const rows = tx`jsonb_to_recordset(${tx.json(calls)}) as r(id uuid, title text, people jsonb, company text, domain text)`;
    await tx`
      insert into companies (workspace_id, crm, crm_id, name, domain, synced_at)
      select ${workspaceId}, ${world.crm}, r.company, r.domain, r.domain, now() from ${rows} where r.company is not null
      on conflict do nothing`;
    await tx`
      insert into conversations (workspace_id, id, title, source, started_at, duration_minutes, facts_hash, created_at,
        updated_at, dirty, gap_status, severity, audience, company_crm, company_id, company_key, judged_at)
      select ${workspaceId}, r.id, r.title, 'gong', now() - interval '8 days', 30, '', now(), now(), false, 'pending', 3,
        'external', case when r.company is not null then ${world.crm} end, r.company,
        coalesce(${`company:${world.crm}:`}::text || r.company, 'domain:' || r.domain), now()
      from ${rows}`;
    await tx`
      insert into conversation_participants (workspace_id, conversation_id, ordinal, name, email, side, domain)
      select ${workspaceId}, r.id, p.n, 'Nia New' || p.n, p.email, 'external', r.domain
      from ${rows} cross join lateral jsonb_array_elements_text(r.people) with ordinality as p (email, n)`;
    await tx`
      insert into conversation_companies (workspace_id, conversation_id, crm, company_id, participants, method, confidence,
        is_primary)
      select ${workspaceId}, r.id, ${world.crm}, r.company, 1, 'host', 0.9, true from ${rows} where r.company is not null`;
  });
  return calls;
}
