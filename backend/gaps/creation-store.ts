/** SQL: the claim on a gap's deal, the lease on working it off, and what became of each step. */
import { createHash, randomUUID } from "node:crypto";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";
import type { Asked, CreationRow, CreationState } from "./creation-row.ts";

/** Ours as long as it lasts; whoever lost it stores nothing any more. */
export type Lease = { workspaceId: string; id: string; owner: string };

/** The time of the database, or the stepped one of tests. */
type SqlNow = Date | null;

/** The key the deal carries in the CRM: the same for the same call, until a deal of it was deleted or undone. */
export function dealKey(workspaceId: string, conversationId: string, generation: number): string {
  const hash = createHash("sha256").update(`${workspaceId} ${conversationId} ${generation}`).digest("hex");
  return `pandora-${hash.slice(0, 24)}`;
}

export type NewClaim = {
  workspaceId: string;
  conversationId: string;
  generation: number;
  crm: CrmType;
  request: Asked;
  origin: "person" | "rule";
  by: string;
  leaseMs: number;
};

/** Stores the claim, leased to the caller. The conversation is held, so that the unique index never has to refuse. */
export async function putClaim(tx: Tx, claim: NewClaim, now: Date, sqlNow: SqlNow): Promise<Lease> {
  const { workspaceId, conversationId, generation, request } = claim;
  const lease = { workspaceId, id: timeOrderedId(now), owner: randomUUID() };
  await tx`
    insert into deal_creations (workspace_id, id, conversation_id, generation, crm, state, deal_key, request, warnings,
      origin, requested_by, lease_owner, lease_until, attempts, created_at)
    values (${workspaceId}, ${lease.id}, ${conversationId}, ${generation}, ${claim.crm}, 'claimed',
      ${dealKey(workspaceId, conversationId, generation)}, ${tx.json(request)}, ${tx.json(request.warnings)},
      ${claim.origin}, ${claim.by}, ${lease.owner}, ${until(tx, sqlNow, claim.leaseMs)}, 1, ${now})`;
  return lease;
}

/** Of this conversation and generation, a failed one left out: there is one at most. */
export async function findClaim(
  tx: Tx,
  workspaceId: string,
  conversationId: string,
  generation: number,
): Promise<CreationRow | null> {
  const [row] = await tx<CreationRow[]>`
    select ${columns(tx)} from deal_creations
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and generation = ${generation}
      and state <> 'failed'`;
  return row ?? null;
}

export async function readCreation(tx: Tx, workspaceId: string, id: string): Promise<CreationRow | null> {
  const [row] = await tx<CreationRow[]>`
    select ${columns(tx)} from deal_creations where workspace_id = ${workspaceId} and id = ${id}`;
  return row ?? null;
}

/** Takes over what nobody works at; null: somebody does, or it has ended. */
export async function takeLease(
  tx: Tx,
  workspaceId: string,
  id: string,
  leaseMs: number,
  sqlNow: SqlNow,
): Promise<{ lease: Lease; row: CreationRow } | null> {
  const owner = randomUUID();
  const [row] = await tx<CreationRow[]>`
    update deal_creations set lease_owner = ${owner}, lease_until = ${until(tx, sqlNow, leaseMs)}, attempts = attempts + 1
    where workspace_id = ${workspaceId} and id = ${id} and ${isOpen(tx)}
      and lease_until <= ${at(tx, sqlNow)}
    returning ${columns(tx)}`;
  return row ? { lease: { workspaceId, id, owner }, row } : null;
}

export type Change = Partial<
  Pick<CreationRow, "steps" | "warnings" | "error" | "deal_id" | "key_is_unique"> & { state: CreationState }
>;

/** Stores what a step did, and keeps the lease. @returns false when the lease is somebody else's by now */
export async function keepStep(
  tx: Tx,
  lease: Lease,
  change: Change,
  leaseMs: number,
  sqlNow: SqlNow,
): Promise<boolean> {
  return store(tx, lease, change, tx`lease_until = ${until(tx, sqlNow, leaseMs)}`);
}

/** Gives the lease back. @param afterMs nobody takes it up sooner; null: it has ended */
export async function endWork(
  tx: Tx,
  lease: Lease,
  change: Change,
  afterMs: number | null,
  sqlNow: SqlNow,
): Promise<boolean> {
  const ended = tx`lease_owner = null, lease_until = null, finished_at = coalesce(finished_at, ${at(tx, sqlNow)})`;
  const later = tx`lease_owner = null, lease_until = ${until(tx, sqlNow, afterMs ?? 0)}`;
  return store(tx, lease, change, afterMs === null ? ended : later);
}

/** The wish to take the deal back, leased to the caller. The conversation is held and has been checked. */
export async function putUndo(
  tx: Tx,
  workspaceId: string,
  { id, steps }: Pick<CreationRow, "id" | "steps">,
  undo: { by: string; at: string },
  leaseMs: number,
  sqlNow: SqlNow,
): Promise<Lease> {
  const lease = { workspaceId, id, owner: randomUUID() };
  await tx`
    update deal_creations set steps = ${tx.json({ ...steps, undo })}, lease_owner = ${lease.owner}, attempts = 1,
      lease_until = ${until(tx, sqlNow, leaseMs)}
    where workspace_id = ${workspaceId} and id = ${id}`;
  return lease;
}

/**
 * Whether another creation is making, or has just made, a company of this domain: HubSpot's search would not show it
 * yet. Two that ask at once are told one after the other.
 * @returns its id, "busy" while its maker is at it, null: nobody is
 */
export async function companyBeingMade(
  tx: Tx,
  lease: Lease,
  crm: CrmType,
  domain: string,
  since: Date,
): Promise<string | null> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`gaps.company:${lease.workspaceId}:${crm}:${domain}`}, 0))`;
  const [other] = await tx<{ id: string | null }[]>`
    select steps #>> '{company,id}' as id from deal_creations
    where workspace_id = ${lease.workspaceId} and created_at > ${since} and id <> ${lease.id} and crm = ${crm}
      and steps #>> '{company,domain}' = ${domain} and steps #> '{company}' ? 'sentAt'
      and (steps #> '{company}' ? 'id' or state in ('claimed', 'sent'))
    order by steps #> '{company}' ? 'id' desc, id limit 1`;
  return other ? (other.id ?? "busy") : null;
}

/** Nobody works at these, though somebody should: their job was lost, or the connection was away. */
export async function forgottenCreations(tx: Tx, workspaceId: string, sqlNow: SqlNow, graceMs: number) {
  const rows = await tx<{ id: string }[]>`
    select id from deal_creations
    where workspace_id = ${workspaceId} and ${isOpen(tx)} and lease_until <= ${until(tx, sqlNow, -graceMs)}
    order by lease_until limit 100`;
  return rows.map(({ id }) => id);
}

async function store(tx: Tx, lease: Lease, change: Change, more: ReturnType<typeof until>): Promise<boolean> {
  const { workspaceId, id, owner } = lease;
  const rows = await tx`
    update deal_creations set ${more},
      state = coalesce(${change.state ?? null}::text, state),
      steps = coalesce(${json(tx, change.steps)}::jsonb, steps),
      warnings = coalesce(${json(tx, change.warnings)}::jsonb, warnings),
      error = case when ${change.error !== undefined} then ${json(tx, change.error)}::jsonb else error end,
      deal_id = coalesce(${change.deal_id ?? null}::text, deal_id),
      key_is_unique = coalesce(${change.key_is_unique ?? null}::boolean, key_is_unique)
    where workspace_id = ${workspaceId} and id = ${id} and lease_owner = ${owner}
    returning true`;
  return rows.length > 0;
}

function json(tx: Tx, value: unknown) {
  return value === undefined || value === null ? null : tx.json(value as never);
}

/** What has ended has no lease; an undo is work again. */
function isOpen(tx: Tx) {
  return tx`lease_until is not null`;
}

function at(tx: Tx, sqlNow: SqlNow) {
  return tx`coalesce(${sqlNow}::timestamptz, clock_timestamp())`;
}

function until(tx: Tx, sqlNow: SqlNow, ms: number) {
  return tx`${at(tx, sqlNow)} + make_interval(secs => ${ms / 1000})`;
}

function columns(tx: Tx) {
  return tx`id, conversation_id, generation, crm, state, deal_key, key_is_unique, request, steps, warnings, error,
    deal_id, origin, requested_by, lease_until, lease_owner is not null as held, attempts, created_at, finished_at`;
}
