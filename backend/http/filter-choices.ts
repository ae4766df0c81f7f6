import type { House } from "../connections/house.ts";
import { filterChoices, filterChoicesQuery } from "../contract/filter-choices.ts";
import { readFilterChoices } from "../writeback/filter-choices.ts";
import { needs, newDoors, query, says } from "./door.ts";

/** `crm-writeback/filter-choices` */
export function filterChoiceDoors(house: House) {
  return newDoors().get(
    "/",
    says("Mappings", "Pipelines and owners that a mapping can be limited to", { 200: filterChoices }),
    needs("manage_mappings"),
    query(filterChoicesQuery),
    async (c) => c.json(await readFilterChoices(house, c.get("caller").workspaceId, c.req.valid("query").crm)),
  );
}
