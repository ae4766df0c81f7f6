/** Owners, stages, and the members they make. Read whole each time: they are few, and neither CRM tells what changed. */

import { putMembers } from "../connections/workspaces.ts";
import type { Crm, CrmType, Owner, Stage } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { Place } from "./store.ts";

export type Organisation = { owners: Owner[]; stages: Stage[] };

/** The calls, outside of any transaction. */
export async function readOrganisation(crm: Crm): Promise<Organisation> {
  return { stages: await crm.stages(), owners: await crm.owners() };
}

/**
 * Stores both, brings deals in line with their stages, and makes active owners members with the role rep.
 * @returns ids of deals that a change of their stage opened or closed
 */
export async function putOrganisation(tx: Tx, place: Place, { owners, stages }: Organisation): Promise<string[]> {
  await putOwners(tx, place, owners);
  const changedDeals = await putStages(tx, place, stages);
  const people = owners.filter((owner) => owner.active && owner.email);
  await putMembers(
    tx,
    place.workspaceId,
    "crm",
    people.map((owner) => ({ email: owner.email!, name: owner.name, role: "rep", ...userIds(place.crm, owner) })),
  );
  return changedDeals;
}

async function putOwners(tx: Tx, { workspaceId, crm, now }: Place, owners: Owner[]): Promise<void> {
  // One row per id: an owner can be listed both as active and as archived; the last one stands.
  const rows = [...new Map(owners.map((owner) => [owner.id, owner])).values()];
  await tx`
    insert into crm_owners (workspace_id, crm, owner_id, email, name, active, user_id, team_ids, synced_at)
    select ${workspaceId}, ${crm}, r.id, r.email, r.name, r.active, r."userId",
      array(select jsonb_array_elements_text(r."teamIds")), ${now}
    from jsonb_to_recordset(${tx.json(rows as never)})
      as r(id text, email text, name text, active boolean, "userId" text, "teamIds" jsonb)
    on conflict (workspace_id, crm, owner_id) do update set email = excluded.email, name = excluded.name,
      active = excluded.active, user_id = excluded.user_id, team_ids = excluded.team_ids, synced_at = excluded.synced_at`;
  // Someone the CRM no longer lists still owns records: kept, and no longer active.
  await tx`
    update crm_owners set active = false
    where workspace_id = ${workspaceId} and crm = ${crm} and active and synced_at <> ${now}`;
}

async function putStages(tx: Tx, { workspaceId, crm, now }: Place, stages: Stage[]): Promise<string[]> {
  await tx`
    insert into crm_stages (workspace_id, crm, pipeline_id, stage_id, pipeline_label, stage_label, sort_order, is_closed,
      is_won, probability, synced_at)
    select ${workspaceId}, ${crm}, r."pipelineId", r."stageId", r."pipelineLabel", r."stageLabel", r."sortOrder",
      r."isClosed", r."isWon", r.probability, ${now}
    from jsonb_to_recordset(${tx.json(stages as never)}) as r("pipelineId" text, "stageId" text, "pipelineLabel" text,
      "stageLabel" text, "sortOrder" int, "isClosed" boolean, "isWon" boolean, probability double precision)
    on conflict (workspace_id, crm, pipeline_id, stage_id) do update set pipeline_label = excluded.pipeline_label,
      stage_label = excluded.stage_label, sort_order = excluded.sort_order, is_closed = excluded.is_closed,
      is_won = excluded.is_won, probability = excluded.probability, synced_at = excluded.synced_at`;
  await tx`delete from crm_stages where workspace_id = ${workspaceId} and crm = ${crm} and synced_at <> ${now}`;
  // An admin can turn an open stage into a closed one without touching a deal.
  const changed = await tx<{ crm_id: string }[]>`
    update deals d set is_closed = s.is_closed, is_won = s.is_won
    from crm_stages s
    where d.workspace_id = ${workspaceId} and d.crm = ${crm} and s.workspace_id = d.workspace_id and s.crm = d.crm
      and s.pipeline_id = d.pipeline_id and s.stage_id = d.stage_id
      and (d.is_closed is distinct from s.is_closed or d.is_won is distinct from s.is_won)
    returning d.crm_id`;
  return changed.map((row) => row.crm_id);
}

function userIds(crm: CrmType, owner: Owner) {
  return crm === "hubspot" ? { hubspotUserId: owner.userId } : { salesforceUserId: owner.userId };
}
