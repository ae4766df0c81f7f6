/**
 * `/webhooks/conversations/:source/:hookId`: vendors tell us of conversations. They are no callers of the API: the hook's
 * id says whose source it is, the vendor's own signature that it is the vendor. Answered at once; the work is a job.
 */
import { bodyLimit } from "hono/body-limit";
import type { House } from "../connections/house.ts";
import { hookSource, noteBadProof, takeDelivery } from "../conversations/hooks.ts";
import { whatIsWrong, zoomHandshake } from "../conversations/verify.ts";
import { AppError } from "../errors.ts";
import { newDoors } from "./door.ts";

const bytesMax = 1_048_576;

export function conversationHookDoors(house: House) {
  const limited = bodyLimit({
    maxSize: bytesMax,
    onError: () => {
      throw new AppError("body_too_large", { status: 413, public: "The body is larger than 1 MB." });
    },
  });
  return newDoors().post("/:source/:hookId", limited, async (c) => {
    const raw = Buffer.from(await c.req.arrayBuffer());
    const { source: kind, hookId } = c.req.param();
    const hook = await hookSource(house, kind, hookId);
    // An address nobody has and a proof that does not hold answer the same: whoever tries learns nothing.
    if (!hook) throw nothingHere();
    const body = parsed(raw);
    const delivery = {
      raw,
      header: (name: string) => c.req.header(name),
      url: `${house.config.publicUrl}/webhooks/conversations/${kind}/${hookId}`,
    };
    const handshake = hook.kind === "zoom" ? zoomHandshake(hook.secrets, body) : null;
    // Zoom checks an address before the first event; unsigned it proves nothing to us, and we tell it nothing of use.
    if (handshake && c.req.header("x-zm-signature") === undefined) return c.json(handshake);
    const wrong = whatIsWrong(hook.kind, hook.secrets, delivery, house.clock.now());
    if (wrong !== null) {
      await noteBadProof(house, hook, wrong);
      throw nothingHere();
    }
    if (handshake) return c.json(handshake);
    if (body === undefined) throw new AppError("malformed_json", { public: "The body is not valid JSON." });
    await takeDelivery(house, hook, body);
    return c.json({ ok: true });
  });
}

function nothingHere(): AppError {
  return new AppError("not_found", { status: 404, public: "There is no such hook, or the signature does not fit." });
}

/** undefined: no JSON object */
function parsed(raw: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(raw.toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
