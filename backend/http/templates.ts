import type { House } from "../connections/house.ts";
import { listOf } from "../contract/common.ts";
import { template, templateApplied, templateApply, templatesQuery } from "../contract/templates.ts";
import { applyTemplate, listTemplates } from "../writeback/templates.ts";
import { body, needs, newDoors, query, says } from "./door.ts";

/** `crm-writeback/templates` */
export function templateDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Mappings", "Tested sets of mappings", { 200: listOf(template) }),
      needs("read"),
      query(templatesQuery),
      async (c) => c.json(await listTemplates(house, c.get("caller").workspaceId, c.req.valid("query").crm)),
    )
    .post(
      "/:key/apply",
      says("Mappings", "Apply a template, creating what the CRM lacks", { 201: templateApplied }),
      needs("manage_mappings"),
      body(templateApply),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { crm } = c.req.valid("json");
        return c.json(await applyTemplate(house, workspaceId, { key: c.req.param("key"), crm, by: actor }), 201);
      },
    );
}
