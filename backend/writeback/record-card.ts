/**
 * Everything a record card shows, in one query: scores with their factors and trend, texts, findings, what was written
 * last and why not, freshness, gaps. Lives here because it joins what the skills found with what was written back.
 */
import type { House } from "../connections/house.ts";
import { recordLink } from "../connections/record-link.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import { whichCrm } from "../connections/which-crm.ts";
import { reasonText } from "../contract/reasons.ts";
import type { RecordCard } from "../contract/records.ts";
import { abilitiesOf, type Role } from "../contract/session.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { notFound } from "../errors.ts";
import { recordGaps } from "../gaps/record-gaps.ts";
import { findField } from "../skills/fields.ts";
import { mirrorTable } from "./values.ts";

export type CardPlace = { crm: CrmType | undefined; objectType: ObjectType; id: string };

/**
 * @throws AppError not_found (404): not mirrored, deleted, or not the caller's to see | not_connected (409) |
 *   which_crm (422)
 */
export async function recordCard(
  house: Pick<House, "db">,
  workspaceId: string,
  asked: CardPlace,
  caller: { role: Role; user: { email: string | null } },
): Promise<RecordCard> {
  const crm = await whichCrm(house, workspaceId, asked.crm);
  const place = { workspaceId, crm, objectType: asked.objectType, id: asked.id };
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, caller);
    const [row] = await cardQuery(tx, place, sight);
    if (!row) throw notFound("record");
    return { ...toCard(place, row), abilities: [...abilitiesOf[caller.role]] };
  });
}

type Place = { workspaceId: string; crm: CrmType; objectType: ObjectType; id: string };

/** The one query; exported for the bench, which looks at its plan. */
export function cardQuery(tx: Tx, place: Place, sight: Sight) {
  const { workspaceId, crm, objectType, id } = place;
  const owners = sight.owners.filter((owner) => owner.crm === crm).map((owner) => owner.id);
  return tx<Row[]>`
    select r.name, r.synced_at, w.time_zone, o.name as owner_name, o.email as owner_email, n.ui_url, n.status,
      (select coalesce(jsonb_agg(jsonb_build_object('field', v.field, 'value', v.value, 'factors', v.factors,
          'history', v.history, 'computed_at', v.computed_at) order by v.field), '[]')
        from record_values v where v.workspace_id = r.workspace_id and v.crm = r.crm and v.object_type = ${objectType}
          and v.crm_record_id = r.crm_id) as values,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'severity', f.severity, 'sentence', f.sentence,
          'found_at', f.found_at) order by array_position(array['high', 'medium', 'low'], f.severity), f.kind), '[]')
        from findings f where f.workspace_id = r.workspace_id and f.crm = r.crm and f.object_type = ${objectType}
          and f.crm_record_id = r.crm_id) as findings,
      (select coalesce(jsonb_agg(jsonb_build_object('mapping_id', m.id, 'field', m.pandora_field,
          'name', m.crm_property_name, 'label', m.crm_property_label, 'condition', m.write_condition,
          'memory', s.memory - 'entries') order by m.created_at, m.id), '[]')
        from crm_property_mappings m
        left join crm_write_state s on s.workspace_id = m.workspace_id and s.crm = m.crm_type
          and s.object_type = m.crm_object_type and s.crm_record_id = r.crm_id and s.property = m.crm_property_name
        where m.workspace_id = r.workspace_id and m.crm_type = r.crm and m.crm_object_type = ${objectType}
          and m.deleted_at is null) as written,
      ${recordGaps(tx, place, sight)} as gaps
    from ${tx(mirrorTable(objectType))} r
    join workspaces w on w.workspace_id = r.workspace_id
    join crm_connections n on n.workspace_id = r.workspace_id and n.crm = r.crm
    left join crm_owners o on o.workspace_id = r.workspace_id and o.crm = r.crm and o.owner_id = r.owner_id
    where r.workspace_id = ${workspaceId} and r.crm = ${crm} and r.crm_id = ${id} and r.deleted_at is null
      -- a record without an owner is everybody's
      ${sight.all ? tx`` : tx`and (r.owner_id is null or r.owner_id in (select jsonb_array_elements_text(${tx.json(owners)})))`}`;
}

type Row = {
  name: string;
  synced_at: Date;
  time_zone: string;
  owner_name: string | null;
  owner_email: string | null;
  ui_url: string;
  status: RecordCard["freshness"]["connection"];
  values: {
    field: string;
    value: number | string | null;
    factors: RecordCard["scores"][number]["factors"];
    history: RecordCard["scores"][number]["trend"];
    computed_at: string;
  }[];
  findings: (Omit<RecordCard["findings"][number], "found_at"> & { found_at: string })[];
  written: {
    mapping_id: string;
    field: string;
    name: string;
    label: string;
    condition: string | null;
    memory: { lastWritten?: string | null; lastWrittenAt?: string | null; lastDecision?: string } | null;
  }[];
  gaps: RecordCard["gaps"];
};

const stamp = "pandora_last_analyzed_at";

/** Pure. */
function toCard({ crm, objectType, id }: Place, row: Row): Omit<RecordCard, "abilities"> {
  const known = row.values.flatMap((value) => {
    const field = findField(value.field);
    return field ? [{ ...value, label: field.label, type: field.value_type }] : [];
  });
  const isScore = (field: string) => field.endsWith("_score");
  return {
    ...{ crm, object_type: objectType, crm_record_id: id, name: row.name },
    url: recordLink(row.ui_url, crm, objectType, id),
    owner: row.owner_name === null ? null : { name: row.owner_name, email: row.owner_email },
    scores: known.flatMap(({ field, label, value, factors, history, computed_at }) =>
      isScore(field) && typeof value === "number"
        ? [
            {
              ...{ field, label, value, factors, computed_at: instant(computed_at) },
              trend: history.map((point) => ({ at: instant(point.at), value: point.value })),
            },
          ]
        : [],
    ),
    texts: known.flatMap(({ field, label, type, value, computed_at }) =>
      type === "long_text" && typeof value === "string"
        ? [{ field, label, value, computed_at: instant(computed_at) }]
        : [],
    ),
    values: known.flatMap(({ field, label, type, value }) =>
      !isScore(field) && type !== "long_text" && field !== stamp ? [{ field, label, value }] : [],
    ),
    findings: row.findings.map((finding) => ({ ...finding, found_at: instant(finding.found_at) })),
    written: row.written.map((entry) => writtenOf(entry, row.time_zone)),
    freshness: {
      analysed_at: analysedAt(row),
      mirrored_at: row.synced_at.toISOString(),
      connection: row.status,
    },
    gaps: { ...row.gaps, items: row.gaps.items.map((gap) => ({ ...gap, started_at: instant(gap.started_at) })) },
  };
}

function analysedAt(row: Row): string | null {
  const value = row.values.find(({ field }) => field === stamp)?.value;
  return typeof value === "string" ? value : null;
}

type Written = RecordCard["written"][number];

function writtenOf(entry: Row["written"][number], timeZone: string): Written {
  const { lastWritten = null, lastWrittenAt = null, lastDecision = null } = entry.memory ?? {};
  const code = /^(?:skip|error):(.+)$/.exec(lastDecision ?? "")?.[1] ?? null;
  const facts = {
    timeZone,
    ...(lastWrittenAt ? { lastWrittenAt } : {}),
    ...(entry.condition ? { condition: entry.condition } : {}),
  };
  return {
    mapping_id: entry.mapping_id,
    pandora_field: entry.field,
    crm_property_name: entry.name,
    crm_property_label: entry.label,
    value: lastWritten,
    written_at: lastWrittenAt ? instant(lastWrittenAt) : null,
    last_decision: (code ?? (lastDecision === "write" ? "written" : null)) as Written["last_decision"],
    last_decision_text: code ? reasonText(code, facts) : null,
  };
}

/** JSON made by the database spells moments with an offset. */
function instant(text: string): string {
  return new Date(text).toISOString();
}
