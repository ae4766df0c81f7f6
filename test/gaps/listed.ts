/** A workspace with people, a mirror and judged conversations, planted as the judge leaves them, behind the real API. */
import { randomUUID } from "node:crypto";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import { addMember } from "../../backend/connections/members.ts";
import type { SeverityName } from "../../backend/contract/gaps.ts";
import type { Role } from "../../backend/contract/session.ts";
import type { Tx } from "../../backend/db.ts";
import { type Answer, read, type TestApp } from "../http/support.ts";

export type GapIn = {
  title?: string;
  status?: "pending" | "dismissed" | "created" | "linked" | null;
  severity?: SeverityName;
  cause?: string;
  /** Of the rep, an owner in the CRM or not; null: none is known. */
  rep?: string | null;
  /** The first one is the main one. */
  companies?: string[];
  people?: { name?: string; email?: string; side?: string; contact?: string; lead?: string }[];
  minutes?: number | null;
  /** Hours before now. */
  ago?: number;
  deal?: string;
  method?: string;
  key?: string;
  offered?: { id: string; reason: string }[];
};

export type Caller = (method: string, path: string, body?: unknown) => Promise<Answer>;

export async function gapWorld({ house, clock, app, newWorkspace }: TestApp) {
  const workspace = await newWorkspace();
  const { id } = workspace;
  await workspace.connect("hubspot");
  const within = <T>(work: (tx: Tx) => Promise<T>) => house.db.withWorkspace(id, work);
  const owners = new Map<string, string>();

  /** A member with a key of their own; with a team, an owner in the CRM too. */
  async function person(email: string, role: Role = "rep", team?: string): Promise<Caller> {
    const name = email.split("@")[0]!;
    const member = await addMember(house, id, { email, name, role }, "test");
    const { key } = await createApiKey(house, id, { name, role, member_id: member.id }, "test");
    if (team !== undefined) await owner(email, team);
    return async (method, path, body) => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return read(await app.request(`/api/workspaces/me/${path}`, { method, headers, ...sent }));
    };
  }

  async function owner(email: string, team: string): Promise<string> {
    const ownerId = `o-${owners.size + 1}`;
    owners.set(email, ownerId);
    await within(
      (tx) => tx`
        insert into crm_owners (workspace_id, crm, owner_id, email, name, active, team_ids, synced_at)
        values (${id}, 'hubspot', ${ownerId}, ${email}, ${email.split("@")[0]!}, true, array[${team}], ${clock.now()})`,
    );
    return ownerId;
  }

  async function company(crmId: string, more: { name?: string; domain?: string; owner?: string } = {}) {
    await within(
      (tx) => tx`
        insert into companies (workspace_id, crm, crm_id, name, domain, owner_id, synced_at)
        values (${id}, 'hubspot', ${crmId}, ${more.name ?? crmId}, ${more.domain ?? null},
          ${more.owner ? (owners.get(more.owner) ?? more.owner) : null}, ${clock.now()})`,
    );
  }

  async function deal(crmId: string, more: DealIn = {}) {
    const created = new Date(clock.now().getTime() - (more.createdDaysAgo ?? 30) * 86_400_000);
    await within(
      (tx) => tx`
        insert into deals (workspace_id, crm, crm_id, name, company_id, owner_id, is_closed, is_won, closed_at, amount,
          currency, crm_created_at, deleted_at, synced_at)
        values (${id}, 'hubspot', ${crmId}, ${more.name ?? crmId}, ${more.company ?? null},
          ${more.owner ? (owners.get(more.owner) ?? more.owner) : null}, ${more.closed ?? false}, ${more.won ?? false},
          ${more.won ? created : null}, ${more.amount ?? null}, ${more.currency ?? null}, ${created},
          ${more.deleted ? clock.now() : null}, ${clock.now()})`,
    );
  }

  async function contact(
    crmId: string,
    more: { name?: string; email?: string; company?: string; owner?: string } = {},
  ) {
    await within(
      (tx) => tx`
        insert into contacts (workspace_id, crm, crm_id, name, email, company_id, owner_id, synced_at)
        values (${id}, 'hubspot', ${crmId}, ${more.name ?? crmId}, ${more.email ?? null}, ${more.company ?? null},
          ${more.owner ? (owners.get(more.owner) ?? more.owner) : null}, ${clock.now()})`,
    );
  }

  async function gap(given: GapIn = {}): Promise<string> {
    const conversation = randomUUID();
    const { status = "pending", severity = "medium", companies = [], people = [], rep = null, ago = 24 } = given;
    const at = new Date(clock.now().getTime() - ago * 3_600_000);
    const ownerId = rep === null ? null : (owners.get(rep) ?? null);
    await within(async (tx) => {
      await tx`
        insert into conversations (workspace_id, id, title, source, started_at, duration_minutes, facts_hash, created_at,
          updated_at, dirty)
        values (${id}, ${conversation}, ${given.title ?? "A call"}, 'gong', ${at}, ${given.minutes === undefined ? 30 : given.minutes},
          '', ${at}, ${at}, false)`;
      for (const [n, one] of people.entries()) {
        await tx`
          insert into conversation_participants (workspace_id, conversation_id, ordinal, name, email, side, contact_crm,
            contact_id, lead_crm, lead_id)
          values (${id}, ${conversation}, ${n}, ${one.name ?? null}, ${one.email ?? null}, ${one.side ?? "external"},
            ${one.contact ? "hubspot" : null}, ${one.contact ?? null}, ${one.lead ? "salesforce" : null}, ${one.lead ?? null})`;
      }
      for (const [n, one] of companies.entries()) {
        await tx`
          insert into conversation_companies (workspace_id, conversation_id, crm, company_id, participants, method,
            confidence, is_primary)
          values (${id}, ${conversation}, 'hubspot', ${one}, 1, 'contact', 0.9, ${n === 0})`;
      }
      await tx`
        update conversations set gap_status = ${status}, severity = ${{ high: 3, medium: 2, low: 1 }[severity]},
          severity_reason = 'Said by the judge.', likely_cause = ${given.cause ?? "deal_not_created"}, audience = 'external',
          rep_email = ${rep}, rep_name = ${rep?.split("@")[0] ?? null}, rep_owner_crm = ${ownerId ? "hubspot" : null},
          rep_owner_id = ${ownerId}, company_crm = ${companies[0] ? "hubspot" : null}, company_id = ${companies[0] ?? null},
          company_key = ${given.key ?? (companies[0] ? `company:hubspot:${companies[0]}` : null)},
          deal_crm = ${given.deal ? "hubspot" : null}, deal_id = ${given.deal ?? null},
          link_method = ${given.deal ? (given.method ?? "person") : null},
          offered_deals = ${tx.json((given.offered ?? []).map((each) => ({ ...each, crm: "hubspot" })))},
          judged_at = ${clock.now()}
        where workspace_id = ${id} and id = ${conversation}`;
    });
    return conversation;
  }

  const repsSee = (sees: "own" | "team" | "all") =>
    within(
      (tx) =>
        tx`update workspaces set settings = settings || ${tx.json({ reps_see: sees })} where workspace_id = ${id}`,
    );

  const admin: Caller = (method, path, body) => workspace.call("admin", method, path, body);
  return { ...{ id, house, clock, admin, workspace, within, person, owner, company, deal, contact, gap, repsSee } };
}

export type DealIn = {
  name?: string;
  company?: string;
  owner?: string;
  closed?: boolean;
  won?: boolean;
  amount?: number;
  currency?: string;
  createdDaysAgo?: number;
  deleted?: boolean;
};

/** All ids of a list, page by page. */
export async function allIds(
  call: Caller,
  query: string,
  between?: (page: number) => Promise<void>,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let page = 1; page < 100; page += 1) {
    const { status, body }: Answer = await call("GET", `${list}?${query}${cursor ? `&cursor=${cursor}` : ""}`);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    ids.push(...body.items.map((each: { conversation_id: string }) => each.conversation_id));
    cursor = body.next_cursor;
    if (cursor === null) return ids;
    await between?.(page);
  }
  throw new Error("the list does not end");
}

export const list = "conversations/without-deals";

export async function titles(call: Caller, query = ""): Promise<string[]> {
  const { status, body } = await call("GET", `${list}?${query}`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.items.map((each: { title: string }) => each.title);
}
