/** Whether a deal that a person names is there: in the mirror, or, made a moment ago, in the CRM itself. */
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { CrmError } from "../crm/errors.ts";
import type { CrmType, RecordRead } from "../crm/port.ts";
import { AppError } from "../errors.ts";
import type { DealRef } from "./decide-rules.ts";
import { seesRecord, type Viewer } from "./gap-sight.ts";

/**
 * @throws AppError no_such_deal (404), also for one that is not in sight | deal_deleted (409) | needs_reconnect (409)
 * @throws CrmError when the CRM has to be asked and does not answer
 */
export async function dealToLink(
  house: Pick<House, "db" | "openCrm">,
  viewer: Viewer,
  deal: DealRef,
): Promise<{ isMirrored: boolean }> {
  const { sight, row } = await house.db.withWorkspace(viewer.workspaceId, async (tx) => {
    const seen = await sightOf(tx, viewer.workspaceId, viewer);
    const [found] = await tx<{ deleted: boolean; seen: boolean }[]>`
      select d.deleted_at is not null as deleted, coalesce(${seesRecord(tx, seen, "d")}, false) as seen from deals d
      where d.workspace_id = ${viewer.workspaceId} and d.crm = ${deal.crm} and d.crm_id = ${deal.id}`;
    return { sight: seen, row: found };
  });
  if (row && !row.seen) throw noSuchDeal();
  if (row?.deleted) {
    const says = "This deal was deleted in the CRM, or merged into another one. Choose the one that is there now.";
    throw new AppError("deal_deleted", { status: 409, public: says });
  }
  if (row) return { isMirrored: true };
  const crm = await house.openCrm(viewer.workspaceId, deal.crm, "waiting");
  const [read] = await crm.readBatch("deal", [deal.id], [ownerProperty[deal.crm]]);
  if (!read?.ok) throw refusal(read?.error);
  if (!isSeen(read.value, deal.crm, sight)) throw noSuchDeal();
  return { isMirrored: false };
}

const ownerProperty: Record<CrmType, string> = { hubspot: "hubspot_owner_id", salesforce: "OwnerId" };

function isSeen(read: RecordRead, crm: CrmType, sight: Sight): boolean {
  const owner = read.properties[ownerProperty[crm]] ?? null;
  return sight.all || owner === null || sight.owners.some((each) => each.crm === crm && each.id === owner);
}

/** An id the CRM can't read is no deal's; what says nothing about the deal stays the CRM's own error. */
function refusal(error: CrmError | undefined): Error {
  if (error && !["record_gone", "value_refused"].includes(error.kind)) return error;
  return noSuchDeal();
}

function noSuchDeal(): AppError {
  return new AppError("no_such_deal", {
    status: 404,
    public: "There is no such deal among those you may see in the CRM. Search for it by its name.",
  });
}
