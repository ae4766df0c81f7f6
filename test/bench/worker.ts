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
process.on("message", (asked) => {
  if (asked === "reset") rssMax = 0;
  const { user, system } = process.cpuUsage();
  const usage: Usage = { cpuS: (user + system) / 1e6, rssMaxMb: rssMax / 1024 / 1024, statements: db.statements() };
  process.send!(usage);
});
process.send!("ready");
