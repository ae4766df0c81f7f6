import type { House } from "../connections/house.ts";
import { recordCard, recordPath, recordQuery } from "../contract/records.ts";
import { AppError } from "../errors.ts";
import { recordCard as readCard } from "../writeback/record-card.ts";
import { whyNotFound } from "../writeback/unseen-record.ts";
import { needs, newDoors, path, query, says } from "./door.ts";

/** `records` */
export function recordDoors(house: House) {
  return newDoors().get(
    "/:objectType/:crmRecordId",
    says("Records", "Everything a record card shows, in one read", { 200: recordCard }),
    needs("read"),
    path(recordPath, "record"),
    query(recordQuery),
    async (c) => {
      const caller = c.get("caller");
      const { objectType, crmRecordId: id } = c.req.valid("param");
      const { crm } = c.req.valid("query");
      try {
        return c.json(await readCard(house, caller.workspaceId, { crm, objectType, id }, caller));
      } catch (error) {
        // At a record's own page it is there: somebody made it a moment ago.
        if (caller.via === "api_key" || !(error instanceof AppError) || error.code !== "not_found") throw error;
        throw await whyNotFound(house, caller.workspaceId, { crm, objectType, id });
      }
    },
  );
}
