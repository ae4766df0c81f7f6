import type { House } from "../connections/house.ts";
import { dealOptions, dealOptionsQuery } from "../contract/deal-options.ts";
import { getDealOptions } from "../gaps/deal-options.ts";
import { needs, newDoors, query, says } from "./door.ts";

/** `deal-options` */
export function dealOptionsDoors(house: House) {
  return newDoors().get(
    "/",
    says("Gaps", "What the form of a new deal offers and demands, and what the call fills in", { 200: dealOptions }),
    needs("act_on_gaps"),
    query(dealOptionsQuery),
    async (c) => {
      const { conversation_id, crm } = c.req.valid("query");
      return c.json(await getDealOptions(house, c.get("caller"), { conversation_id, crm }));
    },
  );
}
