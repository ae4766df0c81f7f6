import { stream } from "hono/streaming";
import { z } from "zod";
import { makeDownloadTicket } from "../connections/download-ticket.ts";
import type { House } from "../connections/house.ts";
import { emptyMutation } from "../contract/common.ts";
import { exportLink, exportLinkRequest, logExportQuery, logList, logQuery, undoResult } from "../contract/log.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";
import { limit } from "./limit.ts";
import type { Services } from "./services.ts";

const oneEntry = z.object({ logId: z.uuid() });

/** `crm-writeback/log` */
export function logDoors(house: House, services: Services) {
  return newDoors()
    .get(
      "/",
      says("Log", "Every write and every changed decision, newest first", { 200: logList }),
      needs("read"),
      query(logQuery),
      async (c) => c.json(await services.listLog(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .get(
      "/export",
      says("Log", "The log as CSV, safe to open in a spreadsheet", { 200: z.string() }, { media: "text/csv" }),
      needs("read"),
      limit(house, "api_heavy"),
      query(logExportQuery),
      async (c) => {
        const { envelope: _envelope, ...filters } = c.req.valid("query");
        const lines = services.exportLog(house, c.get("caller").workspaceId, filters)[Symbol.asyncIterator]();
        // The first line is asked for before the answer begins: a refusal still becomes a problem document.
        const first = await lines.next();
        c.header("content-type", "text/csv; charset=utf-8");
        c.header("content-disposition", 'attachment; filename="pandora-write-log.csv"');
        return stream(c, async (out) => {
          out.onAbort(() => void lines.return?.(undefined));
          for (let line = first; !line.done && !out.aborted; line = await lines.next()) await out.write(line.value);
        });
      },
    )
    .post(
      "/export-link",
      says("Log", "A link that downloads the CSV: for one use, within ten minutes", { 200: exportLink }),
      needs("read"),
      limit(house, "api_heavy"),
      body(exportLinkRequest),
      async (c) => {
        const { request_id: _id, ...filters } = c.req.valid("json");
        const { ticket, expiresAt } = makeDownloadTicket(house, c.get("caller").workspaceId, filters);
        const url = `${house.config.publicUrl}/downloads/log?ticket=${ticket}`;
        return c.json({ url, expires_at: expiresAt.toISOString() });
      },
    )
    .post(
      "/:logId/undo",
      says("Log", "Take one write back, where it still stands", { 200: undoResult }),
      needs("undo_writes"),
      path(oneEntry, "log entry"),
      body(emptyMutation),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await services.undoWrite(house, workspaceId, c.req.valid("param").logId, actor));
      },
    );
}
