/** Workspaces with people, gaps and alerts, a stepped clock, and a real mail server. */
import { raiseAlert, resolveAlert } from "../../backend/connections/alerts.ts";
import type { House } from "../../backend/connections/house.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { gapWorld } from "../gaps/listed.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { startMailServer } from "./mail-server.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** @param options.mail false: no mail server is set up */
export async function newNotifyHouse(options: { mail?: false; login?: string } = {}) {
  const testApp = await newTestApp(await newDatabase());
  const { clock } = testApp;
  // Far in the future, so that the job engine's own clock finds nothing due that the stepped one does not. A Wednesday.
  clock.set(new Date("2031-03-19T09:00:00Z"));
  const mail = await startMailServer(options.login ? { login: options.login } : {});
  const smtp = options.mail === false ? null : { url: mail.url, from: "pandora@mail.test" };
  const house: House = { ...testApp.house, config: { ...testApp.house.config, smtp } };
  const app = createApp(house, realServices);
  const handlers = createHandlers(house);
  /** Works everything off that is due now; a job that failed is the test's failure. */
  const drain = async () => {
    if ((await house.queue.pending())["notify.send"]) await house.queue.drain(handlers, clock);
  };

  async function newWorld() {
    const world = await gapWorld({ ...testApp, house, app });
    const { id, within } = world;
    await within((tx) => tx`update workspaces set created_at = ${new Date(clock.now().getTime() - 365 * day)}`);
    return {
      ...world,
      /** Looks, and sends what there is to send. */
      async look() {
        await handlers["notify.look"].run({ workspace_id: id }, new AbortController().signal);
        await drain();
      },
      /** Time passes as it does: a look every ten minutes. */
      async pass(ms: number) {
        for (const end = clock.now().getTime() + ms; clock.now().getTime() < end; ) {
          clock.advance(10 * minute);
          await this.look();
        }
      },
      raise: (
        kind = "source_failing",
        subject = "s-1",
        message = "Gong brings no conversations: it refuses the key.",
      ) => within((tx) => raiseAlert(tx, id, clock.now(), { kind, subject, message })),
      resolve: (kind = "source_failing", subject = "s-1") =>
        within((tx) => resolveAlert(tx, id, clock.now(), { kind, subject })),
      setSeverity: (conversation: string, severity: 1 | 2 | 3) =>
        within((tx) => tx`update conversations set severity = ${severity} where id = ${conversation}`),
      zone: (zone: string) => within((tx) => tx`update workspaces set time_zone = ${zone}`),
    };
  }
  return { house, app, handlers, mail, clock, drain, newWorld };
}

export type NotifyWorld = Awaited<ReturnType<Awaited<ReturnType<typeof newNotifyHouse>>["newWorld"]>>;
