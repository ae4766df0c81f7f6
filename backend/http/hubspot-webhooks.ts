/**
 * `/webhooks/hubspot`: HubSpot tells of deletions, merges, changes and privacy deletions. No caller of the API: proven by
 * the same signature as the app's calls. Answered at once (HubSpot waits five seconds); the work is a job.
 */
import { bodyLimit } from "hono/body-limit";
import type { House } from "../connections/house.ts";
import { verifyHubSpotSignature } from "../connections/hubspot-signature.ts";
import { AppError } from "../errors.ts";
import { eventsOf, hubSpotEvents } from "../mirror/hubspot-events.ts";
import { takeHubSpotEvents } from "../mirror/take-events.ts";
import { targetOf } from "./caller-crm.ts";
import { newDoors } from "./door.ts";

export function hubSpotWebhookDoors(house: House) {
  const limited = bodyLimit({
    maxSize: 1_048_576,
    onError: () => {
      throw new AppError("body_too_large", { status: 413, public: "The body is larger than 1 MB." });
    },
  });
  return newDoors().post("/", limited, async (c) => {
    const body = await c.req.text();
    const secret = house.config.hubspot?.clientSecret;
    const request = {
      ...{ method: "POST", uri: house.config.publicUrl + targetOf(c), body },
      timestamp: c.req.header("x-hubspot-request-timestamp"),
      signature: c.req.header("x-hubspot-signature-v3"),
    };
    const verdict = secret ? verifyHubSpotSignature(secret, request, house.clock.now()) : null;
    if (!verdict?.ok) {
      house.log.warn("webhooks.hubspot_refused", { reason: verdict ? verdict.reason : "not_configured" });
      throw new AppError("unauthorized", {
        status: 401,
        public: "HubSpot's signature does not hold for this delivery.",
      });
    }
    const events = hubSpotEvents.safeParse(parsed(body));
    if (!events.success) {
      throw new AppError("malformed_events", {
        public: "A delivery is a list of at most 200 events, each with its portal.",
      });
    }
    await takeHubSpotEvents(house, eventsOf(events.data));
    return c.json({ ok: true });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
