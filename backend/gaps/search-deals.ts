/** Records for pickers, from the mirror: found by the beginning of their name, of an address or of a domain. */
import type { House } from "../connections/house.ts";
import { recordLink } from "../connections/record-link.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { CrmType, ObjectType } from "../contract/common.ts";
import type { CrmSearchResult } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import { type Sql, seesRecord, type Viewer } from "./gap-sight.ts";

const shownMax = 20;
/** Of each way to find a record so many are looked at: enough to sort the best to the front. */
const foundMax = 200;

/** At most 20: open deals first, then names that begin so before other matches, then by name. */
export async function searchRecords(
  house: Pick<House, "db">,
  viewer: Viewer,
  asked: { objectType: ObjectType; q: string; crm?: CrmType | undefined },
): Promise<CrmSearchResult> {
  const { workspaceId } = viewer;
  const rows = await house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    return tx<Row[]>`
      with asked as materialized (select lower(${asked.q} collate "und-x-icu") collate "C" as q),
      here as materialized (select crm, ui_url from crm_connections where workspace_id = ${workspaceId}
        ${asked.crm ? tx`and crm = ${asked.crm}` : tx``})
      select f.crm, f.crm_id, f.name, f.detail, f.is_open, here.ui_url
      from (${searches[asked.objectType](tx, workspaceId, sight)}) f join here using (crm)
      order by f.is_open desc nulls last, ${isBegun(tx, tx`f.name_key`)} desc, f.name_key, f.crm_id
      limit ${shownMax}`;
  });
  return {
    items: rows.map(({ ui_url, ...row }) => ({
      ...row,
      object_type: asked.objectType,
      name: row.name || row.detail || "Without a name",
      url: recordLink(ui_url, row.crm, asked.objectType, row.crm_id),
    })),
  };
}

type Row = {
  crm: CrmType;
  crm_id: string;
  name: string;
  detail: string | null;
  is_open: boolean | null;
  ui_url: string;
};

const searches: Record<ObjectType, (tx: Tx, workspaceId: string, sight: Sight) => Sql> = {
  deal: (tx, workspaceId, sight) => tx`
    with companies_found as materialized (${found(tx, workspaceId, "companies", tx`true`)}),
    hits as (
      (select d.crm, d.crm_id from deals d
        where ${alive(tx, workspaceId)} and ${isBegun(tx, tx`d.name_key`)} and ${seesRecord(tx, sight, "d")}
        order by d.is_closed is true, d.name_key limit ${foundMax})
      union
      (select d.crm, d.crm_id from companies_found c
        join deals d on d.workspace_id = ${workspaceId} and d.crm = c.crm and d.company_id = c.crm_id
        where d.deleted_at is null and ${seesRecord(tx, sight, "d")}
        order by d.is_closed is true, d.name_key limit ${foundMax})
    )
    select d.crm, d.crm_id, d.name, d.name_key, d.is_closed is not true as is_open,
      nullif(concat_ws(', ', nullif(co.name, ''), s.stage_label), '') as detail
    from hits h join deals d on d.workspace_id = ${workspaceId} and d.crm = h.crm and d.crm_id = h.crm_id
    left join companies co on co.workspace_id = ${workspaceId} and co.crm = d.crm and co.crm_id = d.company_id
    left join crm_stages s on s.workspace_id = ${workspaceId} and s.crm = d.crm and s.pipeline_id = d.pipeline_id
      and s.stage_id = d.stage_id`,
  company: (tx, workspaceId, sight) => tx`
    select r.crm, r.crm_id, r.name, r.name_key, null::boolean as is_open, r.domain as detail
    from (${found(tx, workspaceId, "companies", seesRecord(tx, sight, "r"))}) h
    join companies r on r.workspace_id = ${workspaceId} and r.crm = h.crm and r.crm_id = h.crm_id`,
  contact: (tx, workspaceId, sight) => tx`
    select r.crm, r.crm_id, r.name, r.name_key, null::boolean as is_open, r.email as detail
    from (${found(tx, workspaceId, "contacts", seesRecord(tx, sight, "r"))}) h
    join contacts r on r.workspace_id = ${workspaceId} and r.crm = h.crm and r.crm_id = h.crm_id`,
};

/** By name, or by domain or e-mail address. */
function found(tx: Tx, workspaceId: string, table: "companies" | "contacts", seen: Sql): Sql {
  const address = tx(table === "companies" ? "r.domain" : "r.email");
  const here = tx`r.workspace_id = ${workspaceId} and r.deleted_at is null and ${seen}`;
  return tx`
    (select r.crm, r.crm_id from ${tx(table)} r where ${here} and ${isBegun(tx, tx`r.name_key`)}
      order by r.name_key limit ${foundMax})
    union
    (select r.crm, r.crm_id from ${tx(table)} r where ${here} and ${isBegun(tx, tx`${address} collate "C"`)}
      order by ${address} collate "C" limit ${foundMax})`;
}

function alive(tx: Tx, workspaceId: string): Sql {
  return tx`d.workspace_id = ${workspaceId} and d.deleted_at is null`;
}

/** A range, because under row-level security `like` would not use an index. */
function isBegun(tx: Tx, column: Sql): Sql {
  return tx`(${column} >= (select q from asked) and ${column} < (select q || chr(1114111) from asked))`;
}
