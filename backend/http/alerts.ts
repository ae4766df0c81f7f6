import { listAlerts } from "../connections/alerts.ts";
import type { House } from "../connections/house.ts";
import { alertList, alertsQuery } from "../contract/alerts.ts";
import { needs, newDoors, query, says } from "./door.ts";

/** `alerts` */
export function alertDoors(house: House) {
  return newDoors().get(
    "/",
    says("Alerts", "Matters a person should look at, newest first", { 200: alertList }),
    needs("read"),
    query(alertsQuery),
    async (c) => c.json(await listAlerts(house, c.get("caller").workspaceId, c.req.valid("query"))),
  );
}
