/** `/downloads/log`: the log as CSV for a browser that holds a link made a moment ago. */
import { stream } from "hono/streaming";
import { z } from "zod";
import { takeDownloadTicket } from "../connections/download-ticket.ts";
import type { House } from "../connections/house.ts";
import { logExportQuery } from "../contract/log.ts";
import { newDoors, query } from "./door.ts";
import type { Services } from "./services.ts";

export function downloadDoors(house: House, services: Services) {
  return newDoors().get("/log", query(z.strictObject({ ticket: z.string().max(4_000) })), async (c) => {
    const { workspaceId, asked } = await takeDownloadTicket(house, c.req.valid("query").ticket);
    const lines = services.exportLog(house, workspaceId, logExportQuery.parse(asked))[Symbol.asyncIterator]();
    const first = await lines.next();
    c.header("content-type", "text/csv; charset=utf-8");
    c.header("content-disposition", 'attachment; filename="pandora-write-log.csv"');
    c.header("cache-control", "no-store");
    c.header("x-robots-tag", "noindex");
    return stream(c, async (out) => {
      out.onAbort(() => void lines.return?.(undefined));
      for (let line = first; !line.done && !out.aborted; line = await lines.next()) await out.write(line.value);
    });
  });
}
