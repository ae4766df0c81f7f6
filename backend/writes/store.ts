/** SQL of the write state and the write log: sets in, sets out, one statement per step of a batch. */
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { timeOf } from "../ids.ts";
import type { Entry, PendingWrite, RawValue, WriteState } from "./planned.ts";
import { freshState } from "./planned.ts";

export type Scope = { workspaceId: string; crm: CrmType; objectType: ObjectType };
export type Key = { id: string; property: string };

export type Leased = Key & { fence: number; state: WriteState; pendingLogId: string | null };

/** The key of a property of a record in maps. */
export function keyOf(key: Key): string {
  return `${key.id}\u0000${key.property}`;
}

/**
 * Leases what nobody else holds, in one statement; rows that are held are simply not in the answer.
 * @param now null = the database's clock
 */
export async function lease(
  tx: Tx,
  scope: Scope,
  keys: Key[],
  by: { owner: string; leaseMs: number; now: Date | null },
): Promise<Leased[]> {
  // The same order in every process, so that two batches with common rows wait for each other and never deadlock.
  const sorted = keys.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rows = await tx<LeaseRow[]>`
    insert into crm_write_state as s
      (workspace_id, crm, object_type, crm_record_id, property, lease_owner, lease_until, fence)
    select ${scope.workspaceId}, ${scope.crm}, ${scope.objectType}, k.id, k.property, ${by.owner},
      coalesce(${by.now}::timestamptz, now()) + make_interval(secs => ${by.leaseMs / 1000}), 1
    from jsonb_to_recordset(${tx.json(sorted)}) as k(id text, property text)
    on conflict (workspace_id, crm, object_type, crm_record_id, property) do update
      set lease_owner = excluded.lease_owner, lease_until = excluded.lease_until, fence = s.fence + 1
      where s.lease_owner is null or s.lease_until <= coalesce(${by.now}::timestamptz, now())
    returning crm_record_id as id, property, fence::text as fence, memory, pending_log_id`;
  return rows.map((row) => ({
    id: row.id,
    property: row.property,
    fence: Number(row.fence),
    state: stateOf(row.memory),
    pendingLogId: row.pending_log_id,
  }));
}

/** States without leasing, for dry runs and previews. */
export async function readStates(tx: Tx, scope: Scope, ids: string[]): Promise<Map<string, WriteState>> {
  const rows = await tx<{ id: string; property: string; memory: Partial<WriteState> }[]>`
    select crm_record_id as id, property, memory from crm_write_state
    where workspace_id = ${scope.workspaceId} and crm = ${scope.crm} and object_type = ${scope.objectType}
      and crm_record_id in ${tx(ids)}`;
  return new Map(rows.map((row) => [keyOf(row), stateOf(row.memory)]));
}

export type PendingRow = Key & { pending: PendingWrite; attempts: number };

/** The writes behind pending intents. */
export async function readPending(tx: Tx, scope: Scope, logIds: string[]): Promise<PendingRow[]> {
  const times = logIds.map((id) => timeOf(id).getTime());
  const rows = await tx<PendingLogRow[]>`
    select id as log_id, crm_record_id as id, crm_property_name as property, sent_at, value_written, previous_value,
      previous_known, entry, separator, value, value_version::text as value_version, attempts
    from crm_write_log
    where workspace_id = ${scope.workspaceId} and id in ${tx(logIds)}
      and created_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}`;
  return rows.map((row) => ({
    id: row.id,
    property: row.property,
    attempts: row.attempts,
    pending: {
      logId: row.log_id,
      sentAt: row.sent_at,
      send: row.value_written,
      previous: row.previous_value,
      previousKnown: row.previous_known,
      entry:
        row.entry === null ? null : { text: row.entry, value: row.value ?? "", version: Number(row.value_version) },
      separator: row.separator ?? "",
    },
  }));
}

/**
 * Closes pending intents and keeps the lease: `done` rows take over what their write leaves behind.
 * @returns the memory each row has now, for the rows that are still ours
 */
export async function closePending(
  tx: Tx,
  scope: Scope & { owner: string },
  rows: (Key & { fence: number; done: boolean })[],
): Promise<Map<string, WriteState>> {
  if (rows.length === 0) return new Map();
  const given = rows.map(({ id, property, fence, done }) => ({ id, property, fence, done }));
  const closed = await tx<{ id: string; property: string; memory: Partial<WriteState> }[]>`
    update crm_write_state s set pending_log_id = null, pending_memory = null,
      memory = case when r.done then coalesce(s.pending_memory, s.memory) else s.memory end
    from jsonb_to_recordset(${tx.json(given)}) as r(id text, property text, fence bigint, done boolean)
    where s.workspace_id = ${scope.workspaceId} and s.crm = ${scope.crm} and s.object_type = ${scope.objectType}
      and s.crm_record_id = r.id and s.property = r.property and s.lease_owner = ${scope.owner} and s.fence = r.fence
    returning s.crm_record_id as id, s.property, s.memory`;
  return new Map(closed.map((row) => [keyOf(row), stateOf(row.memory)]));
}

export type Intent = Key & {
  fence: number;
  logId: string;
  mappingId: string | null;
  raw: RawValue;
  value: string | null;
  send: string | null;
  previous: string | null;
  previousKnown: boolean;
  entry: Entry | null;
  separator: string | null;
  version: number | null;
  undoes: string | null;
  /** What is remembered when the write turns out to be done. */
  after: WriteState;
};

export type IntentContext = Scope & {
  owner: string;
  runId: string | null;
  trigger: string;
  skillRunId: string | null;
  initiatedBy: string;
  attempt: number;
  now: Date | null;
  /** The lease is made to last until the request can't be answered any more. */
  leaseMs: number;
};

/**
 * What many intents have in common is sent once, nulls are left out, and a text that stands in a row several times
 * (Pandora's value, its transform, what is sent, what is remembered) travels once: a batch has hundreds of rows.
 */
function foldIntents(intents: Intent[]) {
  const kinds: { k: number; mappingId: string | null; separator: string | null; previousKnown: boolean }[] = [];
  const known = new Map<string, number>();
  const rows = intents.map((intent) => {
    const { mappingId, separator, previousKnown, raw, value, send, after } = intent;
    const kind = `${mappingId} ${previousKnown} ${separator}`;
    const k = known.get(kind) ?? kinds.push({ k: kinds.length, mappingId, separator, previousKnown }) - 1;
    known.set(kind, k);
    const plain = after.written && after.lastRaw === raw && after.lastWritten === send;
    return {
      k,
      id: intent.id,
      property: intent.property,
      fence: intent.fence,
      logId: intent.logId,
      rawIs: raw !== null && raw === value ? true : undefined,
      raw: raw === null || raw === value ? undefined : raw,
      value: value === null || value === send ? undefined : value,
      send: send ?? undefined,
      previous: intent.previous ?? undefined,
      entry: intent.entry?.text,
      version: intent.version ?? undefined,
      undoes: intent.undoes ?? undefined,
      plain: plain ? true : undefined,
      after: memoryOf(plain ? { ...after, lastRaw: null, lastWritten: null } : after),
    };
  });
  return { kinds, rows };
}

/**
 * Stores what is about to be sent: a pending log row and the mark on the state, in one statement.
 * @param intents log ids of one moment (they share `created_at`)
 * @returns the log ids that may be sent: rows still leased by us, and only while the run is running
 */
export async function storeIntents(tx: Tx, context: IntentContext, intents: Intent[]): Promise<Set<string>> {
  const { kinds, rows } = foldIntents(intents);
  const createdAt = timeOf(intents[0]!.logId);
  const stored = await tx<{ id: string }[]>`
    with rows as materialized (
      select r.id, r.property, r.fence, r."logId", r.send, r.previous, r.entry, r.version, r.undoes, k."mappingId",
        k.separator, k."previousKnown", coalesce(r.value, r.send) as value,
        case when r."rawIs" then to_jsonb(coalesce(r.value, r.send)) else r.raw end as raw,
        case when r.plain then r.after || jsonb_build_object('lastWritten', r.send, 'lastRaw',
          case when r."rawIs" then to_jsonb(coalesce(r.value, r.send)) else r.raw end) else r.after end as after
      from jsonb_to_recordset(${tx.json(rows as never)}) as r(id text, property text, fence bigint, "logId" uuid, k int,
        "rawIs" boolean, raw jsonb, value text, send text, previous text, entry text, version bigint, undoes uuid,
        plain boolean, after jsonb)
      join jsonb_to_recordset(${tx.json(kinds)}) as k(k int, "mappingId" uuid, separator text, "previousKnown" boolean)
        on k.k = r.k
    ), claimed as (
      update crm_write_state s set pending_log_id = r."logId", pending_memory = r.after,
        lease_until = coalesce(${context.now}::timestamptz, now()) + make_interval(secs => ${context.leaseMs / 1000})
      from rows r
      where s.workspace_id = ${context.workspaceId} and s.crm = ${context.crm} and s.object_type = ${context.objectType}
        and s.crm_record_id = r.id and s.property = r.property and s.lease_owner = ${context.owner} and s.fence = r.fence
        -- a process that stalled past its lease has read too long ago to write now, even if nobody took its place
        and s.lease_until > coalesce(${context.now}::timestamptz, now())
        and (${context.runId}::uuid is null or exists (
          select 1 from sync_runs where workspace_id = ${context.workspaceId} and id = ${context.runId} and status = 'running'))
      returning r."logId" as log_id
    )
    insert into crm_write_log (id, workspace_id, mapping_id, run_id, crm_type, crm_object_type, crm_record_id,
      crm_property_name, raw_value, value, value_written, previous_value, previous_known, expected_value, entry, separator,
      value_version, sent_at, status, trigger_source, trigger_skill_run_id, initiated_by, attempts, undoes, created_at)
    select r."logId", ${context.workspaceId}, r."mappingId", ${context.runId}, ${context.crm}, ${context.objectType}, r.id,
      r.property, r.raw, r.value, r.send, r.previous, r."previousKnown", r.send, r.entry, r.separator,
      r.version, coalesce(${context.now}::timestamptz, now()), 'pending', ${context.trigger}, ${context.skillRunId},
      ${context.initiatedBy}, ${context.attempt}, r.undoes, ${createdAt}
    from rows r join claimed c on c.log_id = r."logId"
    returning id`;
  return new Set(stored.map((row) => row.id));
}

/** Before a part of a batch is sent again (bisecting, recovery): the lease and the sending time move on. */
export async function extendIntents(
  tx: Tx,
  context: Pick<IntentContext, "workspaceId" | "crm" | "objectType" | "owner" | "now" | "leaseMs">,
  rows: (Key & { fence: number; logId: string })[],
): Promise<Set<string>> {
  const dated = rows.map((row) => ({ ...row, createdAt: timeOf(row.logId).toISOString() }));
  const kept = await tx<{ id: string }[]>`
    with rows as materialized (
      select * from jsonb_to_recordset(${tx.json(dated)}) as r(id text, property text, fence bigint, "logId" uuid, "createdAt" timestamptz)
    ), claimed as (
      update crm_write_state s
      set lease_until = coalesce(${context.now}::timestamptz, now()) + make_interval(secs => ${context.leaseMs / 1000})
      from rows r
      where s.workspace_id = ${context.workspaceId} and s.crm = ${context.crm} and s.object_type = ${context.objectType}
        and s.crm_record_id = r.id and s.property = r.property and s.lease_owner = ${context.owner} and s.fence = r.fence
      returning r."logId" as log_id, r."createdAt" as created_at
    )
    update crm_write_log l set sent_at = coalesce(${context.now}::timestamptz, now()), attempts = l.attempts + 1
    from claimed c
    where l.workspace_id = ${context.workspaceId} and l.created_at = c.created_at and l.id = c.log_id and l.status = 'pending'
    returning l.id`;
  return new Set(kept.map((row) => row.id));
}

/** How a leased row ends: */
export type Ending = Key & {
  fence: number;
  /** `done`: the pending memory becomes the memory; `free`: lease and intent go; `keep_intent`: the lease goes, the
   *  intent stays for recovery; `hold`: everything stays until the lease runs out, the request may still be under way. */
  how: "done" | "free" | "keep_intent" | "hold";
  /** Replaces the memory (with `free`). */
  memory: WriteState | null;
};

/** Releases the rows we still hold; a row taken over by somebody else is left alone (its fence has risen). */
export async function endLeases(tx: Tx, scope: Scope & { owner: string }, endings: Ending[]): Promise<void> {
  const rows = endings.flatMap(({ memory, ...ending }) => {
    if (ending.how === "hold") return [];
    return [{ ...ending, memory: memory === null ? undefined : memoryOf(memory) }];
  });
  if (rows.length === 0) return;
  await tx`
    update crm_write_state s set lease_owner = null, lease_until = null,
      pending_log_id = case when r.how = 'keep_intent' then s.pending_log_id end,
      pending_memory = case when r.how = 'keep_intent' then s.pending_memory end,
      memory = case when r.how = 'done' then coalesce(s.pending_memory, s.memory) else coalesce(r.memory, s.memory) end
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(id text, property text, fence bigint, how text, memory jsonb)
    where s.workspace_id = ${scope.workspaceId} and s.crm = ${scope.crm} and s.object_type = ${scope.objectType}
      and s.crm_record_id = r.id and s.property = r.property and s.lease_owner = ${scope.owner} and s.fence = r.fence`;
}

type LeaseRow = {
  id: string;
  property: string;
  fence: string;
  memory: Partial<WriteState>;
  pending_log_id: string | null;
};
type PendingLogRow = {
  log_id: string;
  id: string;
  property: string;
  sent_at: Date;
  value_written: string | null;
  previous_value: string | null;
  previous_known: boolean;
  entry: string | null;
  separator: string | null;
  value: string | null;
  value_version: string | null;
  attempts: number;
};

/** What differs from a fresh state; the rest need not be stored. */
function memoryOf(state: WriteState): Partial<WriteState> {
  return {
    written: state.written || undefined,
    lastRaw: state.lastRaw ?? undefined,
    lastWritten: state.lastWritten ?? undefined,
    lastWrittenAt: state.lastWrittenAt ?? undefined,
    entries: state.entries.length > 0 ? state.entries : undefined,
    lastVersion: state.lastVersion ?? undefined,
    hold: state.hold ?? undefined,
    parked: state.parked ?? undefined,
    lastDecision: state.lastDecision ?? undefined,
  };
}

function stateOf(memory: Partial<WriteState>): WriteState {
  const state = { ...freshState, ...memory };
  return { ...state, lastWrittenAt: state.lastWrittenAt === null ? null : new Date(state.lastWrittenAt) };
}
