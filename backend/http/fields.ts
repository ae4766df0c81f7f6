import { listOf } from "../contract/common.ts";
import { fieldsQuery, pandoraField } from "../contract/fields.ts";
import { listFields } from "../skills/fields.ts";
import { needs, newDoors, query, says } from "./door.ts";

/** `crm-writeback/fields` */
export function fieldDoors() {
  return newDoors().get(
    "/",
    says("Mappings", "Pandora's fields: what can be written", { 200: listOf(pandoraField) }),
    needs("read"),
    query(fieldsQuery),
    (c) => c.json({ items: listFields(c.req.valid("query").objectType), next_cursor: null }),
  );
}
