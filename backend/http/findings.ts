import type { House } from "../connections/house.ts";
import { findingList, findingsQuery } from "../contract/findings.ts";
import { listFindings } from "../skills/findings.ts";
import { needs, newDoors, query, says } from "./door.ts";

/** `findings` */
export function findingDoors(house: House) {
  return newDoors().get(
    "/",
    says("Skills", "What the audits found, each with its record", { 200: findingList }),
    needs("read"),
    query(findingsQuery),
    async (c) => {
      const caller = c.get("caller");
      return c.json(await listFindings(house, caller.workspaceId, c.req.valid("query"), caller));
    },
  );
}
