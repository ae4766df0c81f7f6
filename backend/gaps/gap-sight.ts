/**
 * Which gaps and records somebody sees (connections/visibility.ts), as pieces of SQL. A gap is its rep's; one without a
 * rep is its company owner's, and without that the admins'.
 */
import type postgres from "postgres";
import type { Sight } from "../connections/visibility.ts";
import type { Role } from "../contract/session.ts";
import type { Tx } from "../db.ts";

/** Who asks: what the doors know of the caller. */
export type Viewer = {
  workspaceId: string;
  role: Role;
  user: { name: string; email: string | null };
  /** `member:<id>` or `api_key:<id>` */
  actor: string;
};

/** A piece of SQL, to be put into another. */
export type Sql = postgres.PendingQuery<postgres.Row[]>;

/** A condition on `conversations c`, for a few rows at a time; a whole list goes by `seenGaps` (gap-keys.ts). */
export function seesGap(tx: Tx, sight: Sight): Sql {
  if (sight.all) return tx`true`;
  return tx`(
    c.rep_email = any (${emailsIn(tx, sight)})
    or c.rep_owner_crm || ':' || c.rep_owner_id = any (${ownersIn(tx, sight)})
    or (c.rep_email is null and c.rep_owner_id is null and exists (
      select from companies sc
      where sc.workspace_id = c.workspace_id and sc.crm = c.company_crm and sc.crm_id = c.company_id
        and sc.crm || ':' || sc.owner_id = any (${ownersIn(tx, sight)}))))`;
}

/** A condition on a mirrored record: its owner is in sight. One without an owner is everybody's. */
export function seesRecord(tx: Tx, sight: Sight, alias: "d" | "r"): Sql {
  if (sight.all) return tx`true`;
  const owner = tx(`${alias}.owner_id`);
  return tx`(${owner} is null or ${tx(`${alias}.crm`)} || ':' || ${owner} = any (${ownersIn(tx, sight)}))`;
}

/** As an array made once per statement, so that an index can walk it. */
export function emailsIn(tx: Tx, sight: Sight): Sql {
  return tx`array(select jsonb_array_elements_text(${tx.json(sight.emails)}))`;
}

/** `crm:id` of each owner in sight, likewise. */
export function ownersIn(tx: Tx, sight: Sight): Sql {
  const keys = sight.owners.map(({ crm, id }) => `${crm}:${id}`);
  return tx`array(select jsonb_array_elements_text(${tx.json(keys)}))`;
}
