/**
 * HubSpot's webhook events, read. Pure. Both spellings of subscriptions are known: by object ("deal.deletion") and generic
 * ("object.deletion" with the object's type id). They come out of order and more than once, so an event is a hint that
 * something happened to a record, never a value to store; no value of a property is kept from one.
 * Source: "Webhooks API", developers.hubspot.com/docs/api-reference/webhooks, read 2026-11-22.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ObjectType } from "../crm/port.ts";

/** HubSpot sends at most this many at once; twice as many are still read. */
export const eventsMax = 200;

const id = z.union([z.string(), z.number()]).transform(String);
const event = z.looseObject({
  eventId: id.optional(),
  subscriptionId: id.optional(),
  subscriptionType: z.string().max(100),
  portalId: id,
  occurredAt: z.union([z.string(), z.number()]).transform(String).optional(),
  objectId: id.optional(),
  objectTypeId: z.string().optional(),
  primaryObjectId: id.optional(),
  newObjectId: id.optional(),
  mergedObjectIds: z.array(id).optional(),
});
export const hubSpotEvents = z.array(event).max(eventsMax);
type Event = z.infer<typeof event>;

export type Told =
  | { kind: "changed" | "deleted" | "restored" | "forgotten"; objectType: ObjectType; id: string }
  | { kind: "merged"; objectType: ObjectType; id: string; losers: string[] };

/** @param key the same event delivered again has the same one */
export type PortalEvent = { portalId: string; key: string; told: Told };

/** What concerns us, in the order given; anything else is left out. */
export function eventsOf(events: Event[]): PortalEvent[] {
  return events.flatMap((one) => {
    const told = toldBy(one);
    return told ? [{ portalId: one.portalId, key: keyOf(one), told }] : [];
  });
}

function toldBy(one: Event): Told | null {
  const [object = "", what = ""] = one.subscriptionType.split(".");
  const objectType = objectTypes[object === "object" ? (one.objectTypeId ?? "") : object];
  if (!objectType) return null;
  if (what === "merge") {
    // HubSpot may give the survivor an id of its own.
    const winner = one.newObjectId ?? one.primaryObjectId ?? one.objectId;
    const losers = [...(one.mergedObjectIds ?? []), ...(one.primaryObjectId ? [one.primaryObjectId] : [])];
    return winner
      ? { kind: "merged", objectType, id: winner, losers: losers.filter((loser) => loser !== winner) }
      : null;
  }
  const kind = kinds[what];
  if (!kind || !one.objectId) return null;
  return kind === "forgotten" && objectType !== "contact" ? null : { kind, objectType, id: one.objectId };
}

const kinds: Record<string, Exclude<Told["kind"], "merged">> = {
  creation: "changed",
  propertyChange: "changed",
  associationChange: "changed",
  deletion: "deleted",
  restore: "restored",
  privacyDeletion: "forgotten",
};

const objectTypes: Record<string, ObjectType> = {
  ...{ deal: "deal", company: "company", contact: "contact" },
  ...{ "0-3": "deal", "0-2": "company", "0-1": "contact" },
};

/** HubSpot's event ids alone are not promised to be unique. */
function keyOf(one: Event): string {
  const { subscriptionType, objectId, primaryObjectId, occurredAt } = one;
  const parts = [one.eventId, one.subscriptionId, subscriptionType, objectId ?? primaryObjectId, occurredAt];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
