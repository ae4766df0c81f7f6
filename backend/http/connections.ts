import { z } from "zod";
import type { House } from "../connections/house.ts";
import { type CrmType, crmTypes, deleted } from "../contract/common.ts";
import {
  connection,
  connectionList,
  connectStart,
  connectStarted,
  disconnectQuery,
  importProgress,
} from "../contract/connections.ts";
import { notFound } from "../errors.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";
import { limit } from "./limit.ts";
import type { Services } from "./services.ts";

const oneCrm = z.object({ crm: z.enum(crmTypes) });

/** `connections` */
export function connectionDoors(house: House, services: Services) {
  const connectionOf = async (workspaceId: string, crm: CrmType) => {
    const found = (await services.listConnections(house, workspaceId)).find((one) => one.crm === crm);
    if (!found) throw notFound("connection");
    return found;
  };
  return newDoors()
    .get("/", says("Connections", "Connected CRMs", { 200: connectionList }), needs("read"), async (c) =>
      c.json({ items: await services.listConnections(house, c.get("caller").workspaceId), next_cursor: null }),
    )
    .get(
      "/:crm",
      says("Connections", "One connection", { 200: connection }),
      needs("read"),
      path(oneCrm, "connection"),
      async (c) => c.json(await connectionOf(c.get("caller").workspaceId, c.req.valid("param").crm)),
    )
    .post(
      "/:crm/start",
      says("Connections", "Begin to connect: answers the address to open", { 200: connectStarted }),
      needs("manage_connections"),
      path(oneCrm, "connection"),
      body(connectStart),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { my_domain, sandbox } = c.req.valid("json");
        const { crm } = c.req.valid("param");
        const loginHost = my_domain ?? (sandbox ? "test.salesforce.com" : null);
        return c.json(services.startConnect(house, workspaceId, crm, actor, { loginHost }));
      },
    )
    .get(
      "/:crm/import",
      says("Connections", "How far the mirror has come", { 200: importProgress }),
      needs("read"),
      path(oneCrm, "connection"),
      async (c) => {
        const { workspaceId } = c.get("caller");
        const { crm } = c.req.valid("param");
        // Without a connection nothing will ever come: "waiting" would keep a caller asking for good.
        await connectionOf(workspaceId, crm);
        return c.json(await services.importProgress(house, workspaceId, crm));
      },
    )
    .delete(
      "/:crm",
      says("Connections", "Disconnect: forgets the tokens and, when asked, all data", { 200: deleted }),
      needs("manage_connections"),
      limit(house, "api_heavy"),
      path(oneCrm, "connection"),
      query(disconnectQuery),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { delete_data } = c.req.valid("query");
        const deleteData = delete_data === "1" || delete_data === "true";
        await services.disconnect(house, workspaceId, c.req.valid("param").crm, { deleteData, by: actor });
        return c.json({ deleted: true as const });
      },
    );
}
