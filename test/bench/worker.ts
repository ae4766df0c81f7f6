/** The worker that is measured: nothing but the job engine and the handlers, as a server of role `worker` has them. */
import { systemClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import type { Crm, CrmType } from "../../backend/crm/port.ts";
import { openDb } from "../../backend/db.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";
import { openAdapter } from "./adapter.ts";

export type Bare = { workspaceId: string; ids: string[]; properties: Record<string, string> };
export type Usage = { cpuS: number; rssMaxMb: number; statements: number };

const [url = "", crm = "hubspot", crmUrl = "", token = ""] = process.argv.slice(2);
const log = createLogger("error");
const db = openDb(url);
const queue = await openQueue({ url, log });
const config = readConfig({ PANDORA_KEYS: `bench:${Buffer.alloc(32, 1).toString("base64")}` });
const opened = new Map<string, Promise<Crm>>();
const house: House = {
  ...{ db, queue, clock: systemClock, log, config },
  openCrm: (workspaceId, _crm, lane) => {
    const found = opened.get(lane) ?? openAdapter({ url: crmUrl, token }, crm as CrmType, { db, workspaceId, lane });
    opened.set(lane, found);
    return found;
  },
};
queue.work(createHandlers(house));
let rssMax = 0;
// Often enough to see the peak, seldom enough not to be what is measured.
setInterval(() => {
  rssMax = Math.max(rssMax, process.memoryUsage().rss);
}, 100);
process.on("message", async (asked) => {
  if (asked === "reset") rssMax = 0;
  if (typeof asked === "object") await bareCalls(asked as Bare);
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuS: (user + system) / 1e6, rssMaxMb: rssMax / 1024 / 1024, statements: db.statements() };
  process.send!(usage);
});
process.send!("ready");

/**
 * The same records read and written by the adapter alone: no leases, no plan, no log. What the calls themselves cost on
 * this machine in this run, to see the engine's own share.
 */
async function bareCalls({ workspaceId, ids, properties }: Bare): Promise<void> {
  const adapter = await house.openCrm(workspaceId, crm as CrmType, "background");
  const size = adapter.shape.writeBatchMax;
  const chunks = Array.from({ length: Math.ceil(ids.length / size) }, (_, n) => ids.slice(n * size, (n + 1) * size));
  const one = async (): Promise<void> => {
    for (let chunk = chunks.pop(); chunk; chunk = chunks.pop()) {
      await adapter.readBatch("deal", chunk, Object.keys(properties));
      await adapter.writeBatch(
        "deal",
        chunk.map((id) => ({ id, properties })),
      );
    }
  };
  await Promise.all(crm === "hubspot" ? [one(), one(), one(), one()] : [one()]);
}
