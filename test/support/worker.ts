/** A worker process for tests: the real job engine and handlers on the test's database and simulator. */
import { systemClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import type { House } from "../../backend/connections/house.ts";
import { createHubSpotCrm } from "../../backend/crm/hubspot/crm.ts";
import { createPace } from "../../backend/crm/pace.ts";
import { openDb } from "../../backend/db.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";

const { TEST_DATABASE_URL: url, TEST_CRM_URL: crmUrl, TEST_CRM_TOKEN: token } = process.env;
const log = createLogger("error");
const db = openDb(url!);
const queue = await openQueue({ url: url!, log, pollMs: 100 });
const config = readConfig({ PANDORA_KEYS: `test:${Buffer.alloc(32, 7).toString("base64")}` });
const house: House = {
  ...{ db, queue, clock: systemClock, log, config },
  openCrm: async (workspaceId, crm, lane) =>
    createHubSpotCrm({
      apiUrl: crmUrl!,
      clock: systemClock,
      pace: createPace({ db, clock: systemClock, workspaceId, crm, lane }),
      accessToken: async () => token!,
      onTokenRefused: async () => token!,
    }),
};
queue.work(createHandlers(house));
process.on("SIGTERM", async () => {
  await queue.stop(5_000);
  await db.close();
  process.exit(0);
});
