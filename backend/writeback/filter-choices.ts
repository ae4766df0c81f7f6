/** Pipelines and owners that a mapping's record filter can name, as they were last read from the CRM. */
import type { House } from "../connections/house.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { CrmType } from "../contract/common.ts";
import type { FilterChoices } from "../contract/filter-choices.ts";

/** @throws AppError not_connected (409) | which_crm (422) */
export async function readFilterChoices(
  house: Pick<House, "db">,
  workspaceId: string,
  asked: CrmType | undefined,
): Promise<FilterChoices> {
  const crm = await whichCrm(house, workspaceId, asked);
  return house.db.withWorkspace(workspaceId, async (tx) => {
    // Stages carry their pipeline along; its place is that of its first stage.
    const pipelines = await tx<{ id: string; label: string }[]>`
      select pipeline_id as id, min(pipeline_label) as label from crm_stages
      where workspace_id = ${workspaceId} and crm = ${crm}
      group by pipeline_id order by min(sort_order), min(pipeline_label)`;
    const owners = await tx<{ id: string; label: string }[]>`
      select owner_id as id, coalesce(nullif(name, ''), email, owner_id) as label from crm_owners
      where workspace_id = ${workspaceId} and crm = ${crm} and active
      order by label, owner_id limit 1000`;
    return { crm, pipelines: [...pipelines], owners: [...owners] };
  });
}
