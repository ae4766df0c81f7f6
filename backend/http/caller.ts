/**
 * Who calls: the only place that decides. Each way of proving it is a function of the list below; the first one that
 * recognises its own kind of proof answers: HubSpot's signature, Salesforce's assertion, an API key.
 */
import type { Context, MiddlewareHandler } from "hono";
import { findApiKey } from "../connections/api-keys.ts";
import type { House } from "../connections/house.ts";
import { abilitiesOf } from "../contract/session.ts";
import { AppError } from "../errors.ts";
import type { Caller } from "./caller-crm.ts";
import { byHubSpotSignature } from "./caller-hubspot.ts";
import { bySalesforceAssertion } from "./caller-salesforce.ts";
import type { Env } from "./door.ts";

export type { Caller } from "./caller-crm.ts";

/** A way of proving who calls: null = this request uses another way; a throw = this way, but it does not hold. */
export type Way = (c: Context<Env>, house: House) => Promise<Caller | null>;

const ways: Way[] = [byHubSpotSignature, bySalesforceAssertion, byApiKey];

/**
 * Finds the caller and holds them to their own workspace: `me` in the path, or its id; any other id is 404.
 * @throws AppError unauthorized (401) | not_found (404)
 */
export function findCaller(house: House): MiddlewareHandler<Env> {
  return async (c, next) => {
    const caller = await recognise(c, house);
    if (!caller) {
      throw new AppError("unauthorized", {
        status: 401,
        public: "Say who calls: send an API key as `Authorization: Bearer …`.",
      });
    }
    const asked = c.req.param("workspaceId");
    if (asked !== undefined && asked !== "me" && asked.toLowerCase() !== caller.workspaceId) {
      throw new AppError("not_found", { status: 404, public: "There is no such workspace." });
    }
    c.set("caller", caller);
    await next();
  };
}

async function recognise(c: Context<Env>, house: House): Promise<Caller | null> {
  for (const way of ways) {
    const caller = await way(c, house);
    if (caller) return caller;
  }
  return null;
}

async function byApiKey(c: Context<Env>, house: House): Promise<Caller | null> {
  const header = c.req.header("authorization");
  if (!header) return null;
  const key = /^Bearer +([\x21-\x7e]{1,200}) *$/i.exec(header)?.[1];
  const holder = key ? await findApiKey(house, key) : null;
  if (!holder) {
    throw new AppError("unauthorized", { status: 401, public: "This API key is unknown or was revoked." });
  }
  const { member } = holder;
  return {
    workspaceId: holder.workspaceId,
    role: holder.role,
    abilities: abilitiesOf[holder.role],
    via: "api_key",
    user: member
      ? { id: member.id, name: member.name, email: member.email }
      : { id: holder.keyId, name: holder.keyName, email: null },
    actor: member ? `member:${member.id}` : `api_key:${holder.keyId}`,
  };
}
