import type { House } from "../connections/house.ts";
import { changeSettings, readSettings } from "../connections/settings.ts";
import { settings, settingsPatch } from "../contract/settings.ts";
import { rescheduleMappings } from "../writeback/mapping-schedules.ts";
import { body, needs, newDoors, says } from "./door.ts";

/** `settings` */
export function settingsDoors(house: House) {
  return newDoors()
    .get("/", says("Settings", "The workspace's settings", { 200: settings }), needs("read"), async (c) =>
      c.json(await readSettings(house, c.get("caller").workspaceId)),
    )
    .patch(
      "/",
      says("Settings", "Change settings", { 200: settings }),
      needs("manage_settings"),
      body(settingsPatch),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const reschedule = (tx: Parameters<typeof rescheduleMappings>[0]) => rescheduleMappings(tx, house, workspaceId);
        return c.json(await changeSettings(house, workspaceId, c.req.valid("json"), actor, reschedule));
      },
    );
}
