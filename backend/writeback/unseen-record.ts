/** A record that was made a moment ago: in the CRM, and not yet known here. */
import type { House } from "../connections/house.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import { AppError, notFound } from "../errors.ts";
import { mirrorTable } from "./values.ts";

/**
 * Tells "made a moment ago" from "not there": asks the CRM, with the connection of the caller's own account, and sees to it
 * that the next look comes soon.
 * @returns what to throw: not_seen_yet (404) | not_found (404), also for a record that the caller may not see
 */
export async function whyNotFound(
  house: House,
  workspaceId: string,
  asked: { crm: CrmType | undefined; objectType: ObjectType; id: string },
): Promise<AppError> {
  const crm = await whichCrm(house, workspaceId, asked.crm);
  const { objectType, id } = asked;
  const known = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      select 1 from ${tx(mirrorTable(objectType))}
      where workspace_id = ${workspaceId} and crm = ${crm} and crm_id = ${id} and deleted_at is null`,
  );
  // Known and not shown: somebody else's.
  if (known.length > 0) return notFound("record");
  const opened = await house.openCrm(workspaceId, crm, "waiting");
  const [read] = await opened.readBatch(objectType, [id], []);
  if (!read?.ok) return notFound("record");
  await house.db.withWorkspace(workspaceId, (tx) =>
    house.queue.enqueue(tx, {
      ...{ kind: "mirror.round", payload: { workspace_id: workspaceId, crm }, key: `${workspaceId}:${crm}` },
    }),
  );
  return new AppError("not_seen_yet", {
    status: 404,
    public: "This record is new, and Pandora has not looked at it yet. Come back in a few minutes.",
    retryAfterS: 30,
  });
}
