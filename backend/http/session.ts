import { z } from "zod";
import type { House } from "../connections/house.ts";
import { sessionOf } from "../connections/session.ts";
import { session } from "../contract/session.ts";
import { newDoors, query, says } from "./door.ts";

/** `/api/session` */
export function sessionDoors(house: House) {
  return newDoors().get(
    "/",
    says("Session", "Who calls, and what they may do", { 200: session }),
    query(z.strictObject({})),
    async (c) => c.json(await sessionOf(house, c.get("caller"))),
  );
}
