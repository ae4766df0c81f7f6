/** SQL of what skills find: record values, one row per record and field, and findings, one row per record and kind. */
import { createHash } from "node:crypto";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { Factor } from "./score.ts";

export type NewValue = {
  crm_record_id: string;
  field: string;
  value: number | string | null;
  factors: Factor[];
  /** Of the facts behind it: the same hash again leaves the row as it is. */
  facts_hash: string;
};

export type ValuePlace = { workspaceId: string; crm: CrmType; objectType: ObjectType; runId: string; now: Date };

/** Set with every other value: when the record was last analysed with changed facts. */
const stamp = "pandora_last_analyzed_at";

/**
 * Stores values whose facts changed: their version rises even where the value came out equal. `run_id` names the run that
 * last *changed* the value, so `run_id = run` finds what that run has to write; the time stamp alone is no such change.
 * @returns how many records have changed values
 */
export async function putValues(tx: Tx, place: ValuePlace, values: NewValue[]): Promise<number> {
  if (values.length === 0) return 0;
  const { workspaceId, crm, objectType, runId, now } = place;
  const [row] = await tx<{ records: number }[]>`
    with given as materialized (
      select g.*, v.field is null as is_new, v.value is distinct from g.value as differs
      from jsonb_to_recordset(${tx.json(values as never)})
        as g(crm_record_id text, field text, value jsonb, factors jsonb, facts_hash text)
      -- One by one through the key: joined as a whole, each page of a large run reads all that the pages before it stored.
      left join lateral (
        select field, value, facts_hash from record_values
        where workspace_id = ${workspaceId} and crm = ${crm} and object_type = ${objectType}
          and crm_record_id = g.crm_record_id and field = g.field limit 1) v on true
      where v.facts_hash is distinct from g.facts_hash
    ), written as (
      insert into record_values as v (workspace_id, crm, object_type, crm_record_id, field, value, facts_hash, factors,
        computed_at, run_id, history)
      select ${workspaceId}, ${crm}, ${objectType}, g.crm_record_id, g.field, g.value, g.facts_hash, g.factors, ${now},
        case when g.is_new or g.differs then ${runId}::uuid end,
        case when jsonb_typeof(g.value) = 'number' then jsonb_build_array(jsonb_build_object('at', ${now.toISOString()}::text, 'value', g.value))
          else '[]' end
      from given g
      on conflict (workspace_id, crm, object_type, crm_record_id, field) do update set value = excluded.value,
        value_version = v.value_version + 1, facts_hash = excluded.facts_hash, factors = excluded.factors,
        computed_at = excluded.computed_at, run_id = coalesce(excluded.run_id, v.run_id),
        -- the last twelve; an equal value is no news
        history = case when v.value is not distinct from excluded.value then v.history
          when jsonb_array_length(v.history) >= 12 then (v.history - 0) || excluded.history
          else v.history || excluded.history end
      returning v.crm_record_id, v.run_id
    ), analysed as (
      select crm_record_id, bool_or(run_id = ${runId}::uuid) as changed from written group by crm_record_id
    ), stamped as (
      insert into record_values as v (workspace_id, crm, object_type, crm_record_id, field, value, facts_hash, computed_at,
        run_id)
      select ${workspaceId}, ${crm}, ${objectType}, a.crm_record_id, ${stamp}, ${tx.json(now.toISOString())}::jsonb,
        ${now.toISOString()}, ${now}, case when a.changed then ${runId}::uuid end
      from analysed a
      on conflict (workspace_id, crm, object_type, crm_record_id, field) do update set value = excluded.value,
        value_version = v.value_version + 1, facts_hash = excluded.facts_hash, computed_at = excluded.computed_at,
        run_id = coalesce(excluded.run_id, v.run_id)
    )
    select count(*) filter (where changed)::int as records from analysed`;
  return row?.records ?? 0;
}

export type NewFinding = {
  object_type: ObjectType;
  crm_record_id: string;
  kind: string;
  severity: "high" | "medium" | "low";
  /** What is so, in words a rep understands. */
  sentence: string;
  detail: Record<string, unknown>;
};

export type FindingPlace = { workspaceId: string; crm: CrmType; skill: string; runId: string; now: Date };

/**
 * Stores a page of findings; those found again keep the day they were first found.
 * @returns ids of deals of which something new is said: their values rest on it
 */
export async function putFindings(tx: Tx, place: FindingPlace, findings: NewFinding[]): Promise<string[]> {
  if (findings.length === 0) return [];
  const { workspaceId, crm, skill, runId, now } = place;
  const rows = await tx<{ id: string }[]>`
    with given as materialized (
      select g.*, (f.severity, f.sentence) is distinct from (g.severity, g.sentence) as is_news
      from jsonb_to_recordset(${tx.json(findings as never)})
        as g(object_type text, crm_record_id text, kind text, severity text, sentence text, detail jsonb)
      left join findings f on f.workspace_id = ${workspaceId} and f.crm = ${crm} and f.object_type = g.object_type
        and f.crm_record_id = g.crm_record_id and f.kind = g.kind
    ), put as (
      insert into findings (workspace_id, crm, object_type, crm_record_id, kind, skill, severity, sentence, detail,
        run_id, found_at)
      select ${workspaceId}, ${crm}, g.object_type, g.crm_record_id, g.kind, ${skill}, g.severity, g.sentence, g.detail,
        ${runId}, ${now}
      from given g
      on conflict (workspace_id, crm, object_type, crm_record_id, kind) do update set severity = excluded.severity,
        sentence = excluded.sentence, detail = excluded.detail, run_id = excluded.run_id, skill = excluded.skill
    )
    select distinct crm_record_id as id from given where is_news and object_type = 'deal'`;
  return rows.map((row) => row.id);
}

/** What this run of the skill did not find again is mended. @returns ids of deals of which less is said now */
export async function dropOldFindings(tx: Tx, { workspaceId, crm, skill, runId }: FindingPlace): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    with gone as (
      delete from findings
      where workspace_id = ${workspaceId} and crm = ${crm} and skill = ${skill} and run_id <> ${runId}
      returning object_type, crm_record_id
    )
    select distinct crm_record_id as id from gone where object_type = 'deal'`;
  return rows.map((row) => row.id);
}

/** The same facts give the same hash, in any process and whatever the order of their members. */
export function factsHash(...facts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(facts, inOrder)).digest("base64url").slice(0, 22);
}

function inOrder(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
