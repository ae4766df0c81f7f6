/** The findings as a list people open: by kind and record, in a stable order. */
import type { House } from "../connections/house.ts";
import { recordLink } from "../connections/record-link.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { ListOf } from "../contract/common.ts";
import type { Finding, FindingsQuery } from "../contract/findings.ts";
import type { Role } from "../contract/session.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";

/** @throws AppError bad_cursor (400) */
export async function listFindings(
  house: Pick<House, "db">,
  workspaceId: string,
  query: FindingsQuery,
  caller: { role: Role; user: { email: string | null } },
): Promise<ListOf<Finding>> {
  const after = readPlace(query.cursor);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const rows = await findingRows(tx, workspaceId, query, after, await sightOf(tx, workspaceId, caller));
    const items = rows.slice(0, query.limit);
    return { items: items.map(toFinding), next_cursor: rows.length > query.limit ? cursorOf(items.at(-1)!) : null };
  });
}

type Place = { crm: string; kind: string; object_type: string; crm_record_id: string };
type Row = Omit<Finding, "record_url" | "found_at"> & {
  found_at: Date;
  ui_url: string | null;
  crm: CrmType;
  object_type: ObjectType;
};

/** In the order of the index on kind; names come from whichever mirror table holds the record. */
function findingRows(tx: Tx, workspaceId: string, query: FindingsQuery, after: Place | null, sight: Sight) {
  const owners = sight.owners.map((owner) => `${owner.crm}:${owner.id}`);
  return tx<Row[]>`
    select f.crm, f.object_type, f.crm_record_id, f.kind, f.severity, f.sentence, f.skill, f.found_at, n.ui_url,
      coalesce(d.name, c.name, k.name) as record_name
    from findings f
    left join crm_connections n on n.workspace_id = f.workspace_id and n.crm = f.crm
    left join deals d on f.object_type = 'deal' and d.workspace_id = f.workspace_id and d.crm = f.crm and d.crm_id = f.crm_record_id
    left join companies c on f.object_type = 'company' and c.workspace_id = f.workspace_id and c.crm = f.crm and c.crm_id = f.crm_record_id
    left join contacts k on f.object_type = 'contact' and k.workspace_id = f.workspace_id and k.crm = f.crm and k.crm_id = f.crm_record_id
    where f.workspace_id = ${workspaceId}
      ${query.kind ? tx`and f.kind = ${query.kind}` : tx``}
      ${query.severity ? tx`and f.severity = ${query.severity}` : tx``}
      ${query.object_type ? tx`and f.object_type = ${query.object_type}` : tx``}
      ${after ? tx`and (f.crm, f.kind, f.object_type, f.crm_record_id) > (${after.crm}, ${after.kind}, ${after.object_type}, ${after.crm_record_id})` : tx``}
      ${
        sight.all
          ? tx``
          : tx`and (coalesce(d.owner_id, c.owner_id, k.owner_id) is null
              or f.crm || ':' || coalesce(d.owner_id, c.owner_id, k.owner_id) in (select jsonb_array_elements_text(${tx.json(owners)})))`
      }
    order by f.crm, f.kind, f.object_type, f.crm_record_id limit ${query.limit + 1}`;
}

function toFinding({ ui_url, found_at, ...row }: Row): Finding {
  return {
    ...row,
    record_url: recordLink(ui_url, row.crm, row.object_type, row.crm_record_id),
    found_at: found_at.toISOString(),
  };
}

function cursorOf({ crm, kind, object_type, crm_record_id }: Row): string {
  return Buffer.from([crm, kind, object_type, crm_record_id].join("|")).toString("base64url");
}

function readPlace(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const parts = Buffer.from(cursor, "base64url").toString("utf8").split("|");
  const [crm, kind, object_type, crm_record_id] = parts;
  if (parts.length !== 4 || !parts.every((part) => /^[A-Za-z0-9_-]{1,64}$/.test(part))) {
    throw new AppError("bad_cursor", {
      public: "This cursor is not one of ours. Start again without a cursor.",
      errors: [{ field: "cursor", code: "bad_cursor", message: "must be the next_cursor of an earlier answer" }],
    });
  }
  return { crm: crm!, kind: kind!, object_type: object_type!, crm_record_id: crm_record_id! };
}
