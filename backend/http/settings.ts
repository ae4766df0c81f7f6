import type { House } from "../connections/house.ts";
import { changeSettings, readSettings, type SettingsMoves } from "../connections/settings.ts";
import { settings, settingsPatch } from "../contract/settings.ts";
import { mailKind, registrableDomain } from "../conversations/domains.ts";
import { AppError } from "../errors.ts";
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
        refuseFreeMail(c.req.valid("json").gaps?.internal_domains ?? []);
        const moves: SettingsMoves = {
          zone: (tx) => rescheduleMappings(tx, house, workspaceId),
          gaps: (tx) => sweepSoon(tx, house, workspaceId),
        };
        return c.json(await changeSettings(house, workspaceId, c.req.valid("json"), actor, moves));
      },
    );
}

/** Everybody's mail is nobody's: taken for ours, half of all customers would be colleagues. */
function refuseFreeMail(domains: readonly string[]): void {
  const errors = domains.flatMap((domain, n) => {
    const kind = mailKind(registrableDomain(domain) ?? domain);
    if (kind !== "free" && kind !== "common") return [];
    const message = `${domain} is a free mail provider, so anybody may have an address there`;
    return [{ field: `gaps.internal_domains.${n}`, code: "free_mail", message }];
  });
  if (errors.length === 0) return;
  throw new AppError("invalid_request", {
    status: 422,
    public: "A free mail provider can't be your own domain. People of yours who use one are known by their address.",
    errors,
  });
}
