import type { House } from "../connections/house.ts";
import { changeSettings, readSettings, type SettingsMoves } from "../connections/settings.ts";
import { settings, settingsPatch } from "../contract/settings.ts";
import { sweepSoon } from "../gaps/touch.ts";
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
        const moves: SettingsMoves = {
          zone: (tx) => rescheduleMappings(tx, house, workspaceId),
          gaps: (tx) => sweepSoon(tx, house, workspaceId),
        };
        return c.json(await changeSettings(house, workspaceId, c.req.valid("json"), actor, moves));
      },
    );
}
