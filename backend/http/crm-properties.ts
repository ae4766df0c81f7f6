import type { House } from "../connections/house.ts";
import { createCrmProperty, listCrmProperties } from "../connections/properties.ts";
import { crmPropertiesQuery, crmProperty, crmPropertyDraft, crmPropertyList } from "../contract/crm-properties.ts";
import { body, needs, newDoors, query, says } from "./door.ts";

/** `crm-writeback/crm-properties` */
export function crmPropertyDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Mappings", "The CRM's properties that can be written, custom ones first", { 200: crmPropertyList }),
      needs("read"),
      query(crmPropertiesQuery),
      async (c) => c.json(await listCrmProperties(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .post(
      "/",
      says("Mappings", "Create a property in the CRM", { 201: crmProperty }),
      needs("manage_mappings"),
      body(crmPropertyDraft),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await createCrmProperty(house, workspaceId, c.req.valid("json"), actor), 201);
      },
    );
}
