/** A workspace over a simulated CRM, with a call that has no deal: one of its people is a contact, two are new. */
import { randomUUID } from "node:crypto";
import { readConfig } from "../../backend/config.ts";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import type { House } from "../../backend/connections/house.ts";
import { addMember } from "../../backend/connections/members.ts";
import type { Creation } from "../../backend/contract/creations.ts";
import type { Role } from "../../backend/contract/session.ts";
import type { Crm, CrmType } from "../../backend/crm/port.ts";
import type { Tx } from "../../backend/db.ts";
import type { DealTold } from "../../backend/gaps/creation-work.ts";
import { onCreateDeal } from "../../backend/gaps/on-create-deal.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";
import { mulberry32 } from "../../backend/simulator/faults.ts";
import { type DealSetup, dealsOnHubSpot, dealsOnSalesforce } from "../crm/deals-setup.ts";
import { type Answer, read } from "../http/support.ts";
import { afterwards } from "../support/afterwards.ts";
import { newDatabase } from "../support/database.ts";

export type Call = {
  id: string;
  company: string | null;
  known: string;
  knownEmail: string;
  domain: string;
  fresh: string[];
  title: string;
};

export type CallIn = {
  title?: string;
  /** null: the CRM knows no company of this domain. */
  company?: string | null;
  domain?: string;
  /** How many of its people are new. */
  fresh?: number;
  status?: string;
  rep?: string | null;
};

export type Person = (method: string, path: string, body?: object) => Promise<Answer>;

/** What nobody hears of here: deals by the rule have tests of their own. */
export const told: DealTold = async () => {};

export type CreationWorld = Awaited<ReturnType<typeof creationWorld>>;

export async function creationWorld(type: CrmType) {
  const { db, url } = await newDatabase();
  const crm: DealSetup = type === "hubspot" ? await dealsOnHubSpot() : await dealsOnSalesforce();
  const { clock } = crm;
  const log = createLogger("silent");
  const queue = await openQueue({ url, log, supervise: false });
  const config = readConfig({ PANDORA_KEYS: `test:${Buffer.alloc(32, 7).toString("base64")}` });
  const adapter: { crm: Crm; refusal: Error | null } = { crm: crm.crm, refusal: null };
  const house: House = {
    ...{ db, queue, clock, log, config, random: mulberry32(7) },
    openCrm: async () => {
      if (adapter.refusal) throw adapter.refusal;
      return adapter.crm;
    },
  };
  afterwards(async () => {
    await queue.stop(0);
    await crm.stop();
  });
  const workspaceId = randomUUID();
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.withWorkspace(workspaceId, work);
  const { owners } = await crm.deals.options();
  const rep = owners.find(({ email }) => email)!;
  await within(async (tx) => {
    await tx`insert into workspaces (workspace_id, name, time_zone) values (${workspaceId}, 'Acme', 'Europe/Berlin')`;
    await tx`
      insert into crm_connections (workspace_id, crm, account_id, status, instance_url, ui_url)
      values (${workspaceId}, ${type}, '42', 'connected', 'http://crm.test', 'http://crm.test/{objectType}/{id}')`;
    for (const owner of owners) {
      await tx`
        insert into crm_owners (workspace_id, crm, owner_id, email, name, active, user_id, synced_at)
        values (${workspaceId}, ${type}, ${owner.id}, ${owner.email}, ${owner.name}, true, ${owner.userId}, ${clock.now()})`;
    }
  });
  const app = createApp(house, realServices);

  async function person(email: string, role: Role = "rep"): Promise<Person> {
    const name = email.split("@")[0]!;
    const member = await addMember(house, workspaceId, { email, name, role }, "test");
    const { key } = await createApiKey(house, workspaceId, { name, role, member_id: member.id }, "test");
    return async (method, path, body) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return read(await app.request(`/api/workspaces/me/${path}`, { method, headers, ...sent }));
    };
  }

  async function mirrorCompany(id: string, name: string, domain: string | null) {
    await within(
      (tx) => tx`
        insert into companies (workspace_id, crm, crm_id, name, domain, synced_at)
        values (${workspaceId}, ${type}, ${id}, ${name}, ${domain}, ${clock.now()}) on conflict do nothing`,
    );
  }

  /** Judged as the sweep would: pending, with its people told apart. */
  async function call(given: CallIn = {}): Promise<Call> {
    const id = randomUUID();
    const n = id.slice(0, 6);
    const domain = given.domain ?? `firm-${n}.example`;
    const title = given.title ?? `Intro ${n}`;
    const company = given.company === undefined ? crm.addCompany(`Firm-${n}`) : given.company;
    const known = crm.addContact(`known-${n}@${domain}`, company ?? undefined);
    const fresh = Array.from({ length: given.fresh ?? 2 }, (_, at) => `new${at}-${n}@${domain}`);
    if (company !== null) await mirrorCompany(company, `Firm-${n}`, domain);
    const at = new Date(clock.now().getTime() - 8 * 86_400_000);
    const email = given.rep === undefined ? rep.email : given.rep;
    await within(async (tx) => {
      await tx`
        insert into contacts (workspace_id, crm, crm_id, name, email, company_id, synced_at)
        values (${workspaceId}, ${type}, ${known}, 'Kim Known', ${`known-${n}@${domain}`}, ${company}, ${clock.now()})`;
      await tx`
        insert into conversations (workspace_id, id, title, source, url, started_at, duration_minutes, summary, facts_hash,
          created_at, updated_at, dirty)
        values (${workspaceId}, ${id}, ${title}, 'gong', ${`https://gong.example/${n}`}, ${at}, 30, 'They want a pilot.', '',
          ${at}, ${at}, false)`;
      const people = [
        { name: rep.name, email, side: "internal", contact: null },
        { name: "Kim Known", email: `known-${n}@${domain}`, side: "external", contact: known },
        ...fresh.map((each, ordinal) => ({ name: `Nia New${ordinal}`, email: each, side: "external", contact: null })),
      ];
      for (const [ordinal, each] of people.entries()) {
        await tx`
          insert into conversation_participants (workspace_id, conversation_id, ordinal, name, email, side, domain, contact_crm,
            contact_id)
          values (${workspaceId}, ${id}, ${ordinal}, ${each.name}, ${each.email}, ${each.side}, ${domain},
            ${each.contact ? type : null}, ${each.contact})`;
      }
      if (company !== null) {
        await tx`
          insert into conversation_companies (workspace_id, conversation_id, crm, company_id, participants, method, confidence,
            is_primary)
          values (${workspaceId}, ${id}, ${type}, ${company}, 1, 'contact', 0.9, true)`;
      }
      await tx`
        update conversations set gap_status = ${given.status ?? "pending"}, severity = 3, severity_reason = 'Said by the judge.',
          likely_cause = 'deal_not_created', audience = 'external', external_people = 3, people = 4, rep_email = ${email},
          rep_name = ${rep.name}, rep_owner_crm = ${email ? type : null}, rep_owner_id = ${email ? rep.id : null},
          company_crm = ${company ? type : null}, company_id = ${company},
          company_key = ${company ? `company:${type}:${company}` : `domain:${domain}`}, judged_at = ${clock.now()}
        where workspace_id = ${workspaceId} and id = ${id}`;
    });
    return { id, company, known, knownEmail: `known-${n}@${domain}`, domain, fresh, title };
  }

  const create = (who: Person, { id, title }: Pick<Call, "id" | "title">, more: object = {}) =>
    who("POST", `conversations/without-deals/${id}/create-deal`, { deal_name: `Deal of ${title}`, ...more });

  /** Goes on with a creation as its job does, until it has ended or `tries` were not enough. */
  async function goOn(creationId: string, who: Person, tries = 12): Promise<Creation> {
    for (let attempt = 0; ; attempt++) {
      const { body } = await who("GET", `creations/${creationId}`);
      const shown = body as Creation;
      if (shown.status !== "in_progress" || attempt >= tries) return shown;
      clock.set(new Date(Math.max(clock.now().getTime(), Date.parse(shown.next_try_at!)) + 1));
      await onCreateDeal(house, { workspace_id: workspaceId, creation_id: creationId }, told);
    }
  }

  const rows = (of?: { id: string }) =>
    within(
      (tx) => tx<
        { id: string; state: string; deal_id: string | null; deal_key: string; error: { code: string } | null }[]
      >`
        select id, state, deal_id, deal_key, error from deal_creations
        where ${of ? tx`conversation_id = ${of.id}` : tx`true`} order by created_at, id`,
    );
  const conversation = async (id: string) => {
    const [row] = await within(
      (tx) => tx<{ gap_status: string; deal_id: string | null; generation: number; dirty: boolean }[]>`
        select gap_status, deal_id, generation, dirty from conversations where id = ${id}`,
    );
    return row!;
  };
  const admin = await person("admin@acme.example", "admin");
  const rita = await person(rep.email!, "rep");
  await crm.crm.account();
  crm.calls();
  return {
    ...{ type, house, crm, clock, workspaceId, within, adapter, rep, owners, app, url },
    ...{ person, call, mirrorCompany, create, goOn, rows, conversation, admin, rita },
    drain: () => queue.drain(createHandlers(house), clock),
  };
}

/** Deals that carry this call's name: what must be one. */
export function dealsNamed(world: CreationWorld, title: string): string[] {
  const { name } = world.crm.deals.fields;
  return world.crm.dealIds().filter((id) => world.crm.dealAt(id)?.properties[name] === `Deal of ${title}`);
}
