/** A workspace with a mirror and conversations, written in short: one case in a few lines, through the real sweep. */
import { randomUUID } from "node:crypto";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import type { House } from "../../backend/connections/house.ts";
import type { Db, Tx } from "../../backend/db.ts";
import { onSweep } from "../../backend/gaps/on-sweep.ts";
import { recordsTouched, type Touched } from "../../backend/gaps/touch.ts";
import { createLogger } from "../../backend/logger.ts";

type Crm = "hubspot" | "salesforce";
/** Days before now; negative: ahead. */
type DaysAgo = number;

export type CompanyIn = {
  domain?: string;
  type?: string;
  parent?: string;
  active?: DaysAgo;
  crm?: Crm;
  gone?: boolean;
};
export type ContactIn = {
  email?: string;
  others?: string[];
  company?: string;
  name?: string;
  active?: DaysAgo;
  crm?: Crm;
  gone?: boolean;
};
export type DealIn = {
  company?: string | null;
  opened?: DaysAgo;
  /** Absent: open. */
  closed?: DaysAgo;
  closes?: DaysAgo;
  stageUnknown?: boolean;
  owner?: string;
  contacts?: string[];
  active?: DaysAgo;
  crm?: Crm;
  gone?: boolean;
};
export type CallIn = {
  ago?: DaysAgo;
  title?: string;
  minutes?: number | null;
  /** "Jo <jo@acme.com>", "jo@acme.com", or "Jo" without an address; "+" in front: external, "-": internal by the source. */
  people?: string[];
  host?: string | null;
  scope?: "internal" | "external" | "unknown";
  names?: { crm?: Crm | null; type: "deal" | "company" | "contact"; id: string }[];
};

export type Seen = {
  status: string | null;
  severity: "high" | "medium" | "low" | null;
  severityReason: string | null;
  cause: string | null;
  audience: string | null;
  audienceReason: string | null;
  deal: string | null;
  method: string | null;
  confidence: number | null;
  offered: string[];
  reasons: string[];
  /** The primary one first. */
  companies: string[];
  methods: string[];
  key: string | null;
  rep: string | null;
  repOwner: string | null;
  people: number;
  external: number;
  sides: (string | null)[];
  contacts: (string | null)[];
  leads: (string | null)[];
  siblings: number;
  generation: number;
  judgeAt: Date | null;
  dirty: boolean;
};

export type World = Awaited<ReturnType<typeof newWorld>>;

/** Ann and Bob sell for us.test. */
export async function newWorld(db: Db, options: { owners?: Record<string, string>; crms?: Crm[] } = {}) {
  const workspaceId = randomUUID();
  const clock: SteppedClock = steppedClock(new Date("2031-03-03T09:00:00Z"));
  const enqueued: string[] = [];
  const queue = {
    enqueue: async (_tx: Tx, jobs: { kind: string } | { kind: string }[]) => {
      enqueued.push(...[jobs].flat().map((job) => job.kind));
    },
  };
  const house = { db, clock, queue, log: createLogger("silent") } as unknown as House;
  const inside = <T>(work: (tx: Tx) => Promise<T>) => db.withWorkspace(workspaceId, work);
  const at = (ago: DaysAgo) => new Date(clock.now().getTime() - ago * 86_400_000);
  const maybe = (ago: DaysAgo | undefined) => (ago === undefined ? null : at(ago));
  const touch = (tx: Tx, crm: Crm, touched: Touched) => recordsTouched(tx, house, workspaceId, crm, touched);
  await inside(async (tx) => {
    await tx`insert into workspaces (workspace_id, name) values (${workspaceId}, 'Us')`;
    for (const crm of options.crms ?? ["hubspot"]) {
      await tx`insert into crm_connections (workspace_id, crm, account_id, status, instance_url, user_id)
        values (${workspaceId}, ${crm}, '42', 'connected', 'http://crm.test', 'u1')`;
    }
    const owners = options.owners ?? { o1: "ann@us.test", o2: "bob@us.test" };
    for (const [id, email] of Object.entries(owners)) {
      await tx`insert into crm_owners (workspace_id, crm, owner_id, email, name, active, synced_at)
        values (${workspaceId}, 'hubspot', ${id}, ${email}, ${`Owner ${id}`}, true, ${clock.now()})`;
    }
  });

  const world = {
    ...{ workspaceId, clock, house, inside, at, enqueued },
    company: (id: string, given: CompanyIn = {}) =>
      inside(async (tx) => {
        const crm = given.crm ?? "hubspot";
        await tx`
          insert into companies (workspace_id, crm, crm_id, name, domain, company_type, parent_id, last_activity_at, deleted_at,
            synced_at)
          values (${workspaceId}, ${crm}, ${id}, ${`Company ${id}`}, ${given.domain ?? null}, ${given.type ?? null},
            ${given.parent ?? null}, ${maybe(given.active)}, ${given.gone ? clock.now() : null}, ${clock.now()})
          on conflict (workspace_id, crm, crm_id) do update set domain = excluded.domain, parent_id = excluded.parent_id,
            company_type = excluded.company_type, last_activity_at = excluded.last_activity_at,
            deleted_at = excluded.deleted_at, merged_into = null`;
        await touch(tx, crm, { companies: [id] });
      }),
    /** As the mirror does it: what belongs to the loser moves to the winner. */
    mergeCompany: (loser: string, winner: string, moves = true) =>
      inside(async (tx) => {
        await tx`update companies set merged_into = ${winner}, deleted_at = ${clock.now()}
          where workspace_id = ${workspaceId} and crm_id = ${loser}`;
        if (moves) {
          await tx`update deals set company_id = ${winner} where workspace_id = ${workspaceId} and company_id = ${loser}`;
          await tx`update contacts set company_id = ${winner} where workspace_id = ${workspaceId} and company_id = ${loser}`;
        }
        await touch(tx, "hubspot", { companies: [loser, winner] });
      }),
    contact: (id: string, given: ContactIn) =>
      inside(async (tx) => {
        const crm = given.crm ?? "hubspot";
        await tx`
          insert into contacts (workspace_id, crm, crm_id, email, other_emails, name, company_id, last_activity_at,
            deleted_at, synced_at)
          values (${workspaceId}, ${crm}, ${id}, ${given.email ?? null},
            array(select jsonb_array_elements_text(${tx.json(given.others ?? [])})), ${given.name ?? ""},
            ${given.company ?? null}, ${maybe(given.active)}, ${given.gone ? clock.now() : null}, ${clock.now()})
          on conflict (workspace_id, crm, crm_id) do update set email = excluded.email,
            other_emails = excluded.other_emails, company_id = excluded.company_id, deleted_at = excluded.deleted_at`;
        await touch(tx, crm, { contacts: [id] });
      }),
    deal: (id: string, given: DealIn = {}) =>
      inside(async (tx) => {
        const crm = given.crm ?? "hubspot";
        const isClosed = given.stageUnknown ? null : given.closed !== undefined;
        await tx`
          insert into deals (workspace_id, crm, crm_id, name, company_id, is_closed, crm_created_at, closed_at, close_date,
            owner_id, last_activity_at, deleted_at, synced_at)
          values (${workspaceId}, ${crm}, ${id}, ${`Deal ${id}`}, ${given.company ?? null}, ${isClosed},
            ${at(given.opened ?? 400)}, ${maybe(given.closed)}, ${maybe(given.closes)}, ${given.owner ?? null},
            ${maybe(given.active)}, ${given.gone ? clock.now() : null}, ${clock.now()})
          on conflict (workspace_id, crm, crm_id) do update set company_id = excluded.company_id,
            is_closed = excluded.is_closed, crm_created_at = excluded.crm_created_at, closed_at = excluded.closed_at,
            deleted_at = excluded.deleted_at`;
        for (const contact of given.contacts ?? []) {
          await tx`insert into deal_contacts (workspace_id, crm, deal_id, contact_id)
            values (${workspaceId}, ${crm}, ${id}, ${contact}) on conflict do nothing`;
        }
        await touch(tx, crm, { deals: [id] });
      }),
    lead: (id: string, email: string, given: { converted?: boolean; gone?: boolean } = {}) =>
      inside(async (tx) => {
        await tx`
          insert into leads (workspace_id, crm, crm_id, email, is_converted, deleted_at, synced_at)
          values (${workspaceId}, 'salesforce', ${id}, ${email}, ${given.converted ?? false},
            ${given.gone ? clock.now() : null}, ${clock.now()})
          on conflict (workspace_id, crm, crm_id) do update set email = excluded.email,
            is_converted = excluded.is_converted, deleted_at = excluded.deleted_at`;
        await touch(tx, "salesforce", { leads: [id] });
      }),
    settings: (gaps: object) =>
      inside(
        (tx) => tx`update workspaces set settings = ${tx.json({ gaps } as never)} where workspace_id = ${workspaceId}`,
      ),
    /** Told, or told anew when the id is given. */
    call: (given: CallIn, id: string = randomUUID()) =>
      inside(async (tx) => {
        const minutes = given.minutes === undefined ? 30 : given.minutes;
        const names = (given.names ?? []).map((each) => ({
          crm: each.crm === undefined ? "hubspot" : each.crm,
          ...{ object_type: each.type, id: each.id },
        }));
        await tx`
          insert into conversations (workspace_id, id, title, source, started_at, duration_minutes, host_email, scope_hint,
            named_records, facts_hash, created_at, updated_at)
          values (${workspaceId}, ${id}, ${given.title ?? "Weekly"}, 'generic', ${at(given.ago ?? 10)}, ${minutes},
            ${given.host ?? null}, ${given.scope ?? "unknown"}, ${tx.json(names)}, '', ${clock.now()}, ${clock.now()})
          on conflict (workspace_id, id) do update set title = excluded.title, duration_minutes = excluded.duration_minutes,
            scope_hint = excluded.scope_hint, named_records = excluded.named_records, dirty = true`;
        await tx`delete from conversation_participants where workspace_id = ${workspaceId} and conversation_id = ${id}`;
        const people = (given.people ?? ["ann@us.test", "jo@acme.com"]).map((text, ordinal) => ({
          ...{ workspace_id: workspaceId, conversation_id: id, ordinal },
          ...personIn(text),
        }));
        if (people.length > 0) await tx`insert into conversation_participants ${tx(people)}`;
        return id;
      }),
    decide: (id: string, status: "dismissed" | "linked" | "created" | null, deal: string | null = null) =>
      inside(
        (tx) => tx`
          update conversations set gap_status = ${status}, dirty = true,
            deal_crm = ${deal === null ? null : "hubspot"}, deal_id = ${deal}, link_method = ${deal === null ? null : "person"},
            linked_by = ${deal === null ? null : "ann@us.test"}
          where workspace_id = ${workspaceId} and id = ${id}`,
      ),
    /** A person takes the deal off. */
    refuse: (id: string, deal: string) =>
      inside(
        (tx) => tx`
          update conversations set gap_status = null, dirty = true, deal_crm = null, deal_id = null, link_method = null,
            refused_deals = refused_deals || ${tx.json([{ crm: "hubspot", id: deal }])}
          where workspace_id = ${workspaceId} and id = ${id}`,
      ),
    sweep: () => onSweep(house, { workspace_id: workspaceId }, new AbortController().signal),
    /** Swept, then read. */
    seen: async (id: string): Promise<Seen> => {
      await world.sweep();
      return (await world.all()).get(id)!;
    },
    /** As it stands. */
    all: () => inside((tx) => readAll(tx, workspaceId)),
    decisions: () =>
      inside((tx) => tx`select decision, reason, deal_id from gap_decisions where workspace_id = ${workspaceId}`),
  };
  return world;
}

function personIn(text: string) {
  const affiliation = text.startsWith("+") ? "external" : text.startsWith("-") ? "internal" : "unknown";
  const bare = text.replace(/^[+-]/, "");
  const parts = /^(.*?)\s*<(.+)>$/.exec(bare);
  const email = parts ? parts[2]! : bare.includes("@") ? bare : null;
  const name = parts ? parts[1]! : bare.includes("@") ? null : bare;
  return { name, email, affiliation };
}

async function readAll(tx: Tx, workspaceId: string): Promise<Map<string, Seen>> {
  const rows = await tx<Record<string, never>[]>`
    select c.*, coalesce((select jsonb_agg(jsonb_build_object('id', k.company_id, 'method', k.method)
        order by k.is_primary desc, length(k.company_id), k.company_id)
      from conversation_companies k where k.workspace_id = c.workspace_id and k.conversation_id = c.id), '[]') as linked,
      coalesce((select jsonb_agg(to_jsonb(p) order by p.ordinal) from conversation_participants p
        where p.workspace_id = c.workspace_id and p.conversation_id = c.id), '[]') as present
    from conversations c where c.workspace_id = ${workspaceId} order by c.id`;
  return new Map((rows as unknown as RawRow[]).map((row) => [row.id, toSeen(row)]));
}

// biome-ignore lint/suspicious/noExplicitAny: a row of all columns, read by name below
type RawRow = { id: string } & Record<string, any>;

function toSeen(row: RawRow): Seen {
  return {
    status: row.gap_status,
    severity: row.severity === null ? null : (["low", "medium", "high"] as const)[row.severity - 1]!,
    severityReason: row.severity_reason,
    cause: row.likely_cause,
    audience: row.audience,
    audienceReason: row.audience_reason,
    deal: row.deal_id,
    method: row.link_method,
    confidence: row.link_confidence,
    offered: row.offered_deals.map((each: { id: string }) => each.id),
    reasons: row.offered_deals.map((each: { reason: string }) => each.reason),
    companies: row.linked.map((each: { id: string }) => each.id),
    methods: row.linked.map((each: { method: string }) => each.method),
    key: row.company_key,
    rep: row.rep_email,
    repOwner: row.rep_owner_id,
    people: row.people,
    external: row.external_people,
    sides: row.present.map((each: { side: string }) => each.side),
    contacts: row.present.map((each: { contact_id: string }) => each.contact_id),
    leads: row.present.map((each: { lead_id: string }) => each.lead_id),
    siblings: row.siblings,
    generation: row.generation,
    judgeAt: row.judge_at,
    dirty: row.dirty,
  };
}
