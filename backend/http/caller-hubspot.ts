/** Callers inside HubSpot: the app's own fetch, signed by HubSpot, which says which portal and which user it is. */
import type { Context } from "hono";
import { memberOfCrmUser } from "../connections/crm-callers.ts";
import type { House } from "../connections/house.ts";
import { type Identity, verifyHubSpotSignature, withoutIdentity } from "../connections/hubspot-signature.ts";
import { workspaceOfAccount } from "../connections/which-workspace.ts";
import { AppError } from "../errors.ts";
import { appNotConnected, type Caller, callerOf, notAMember, targetOf } from "./caller-crm.ts";
import type { Env } from "./door.ts";

/** @throws AppError unauthorized (401) | app_not_connected, not_a_member (403) */
export async function byHubSpotSignature(c: Context<Env>, house: House): Promise<Caller | null> {
  const signature = c.req.header("x-hubspot-signature-v3");
  if (signature === undefined) return null;
  const identity = await proven(c, house, signature);
  const { portalId, userId, userEmail } = identity;
  if (!portalId || !userId) throw unauthorized();
  const workspaceId = await workspaceOfAccount(house, "hubspot", portalId);
  if (!workspaceId) throw appNotConnected(house, "hubspot");
  const person = { crm: "hubspot" as const, userId, email: userEmail || null };
  const member = await house.db.withWorkspace(workspaceId, (tx) => memberOfCrmUser(tx, workspaceId, person));
  if (!member) throw notAMember();
  leaveIdentityOut(c);
  return callerOf(workspaceId, "hubspot", member);
}

async function proven(c: Context<Env>, house: House, signature: string): Promise<Identity> {
  const { config, clock, log } = house;
  if (!config.hubspot) throw unauthorized();
  const verdict = verifyHubSpotSignature(
    config.hubspot.clientSecret,
    {
      method: c.req.method,
      uri: config.publicUrl + targetOf(c),
      body: c.req.method === "GET" ? "" : await c.req.text(),
      timestamp: c.req.header("x-hubspot-request-timestamp"),
      signature,
    },
    clock.now(),
  );
  if (!verdict.ok) {
    // The reason is the operator's to know, not the caller's: a wrong PUBLIC_URL shows here as a mismatch.
    log.warn("callers.hubspot_refused", { reason: verdict.reason });
    throw unauthorized();
  }
  if (verdict.reading !== "hubspot") log.debug("callers.hubspot_reading", { reading: verdict.reading });
  return verdict.identity;
}

/** The doors check their queries strictly, and these parameters are HubSpot's. The body was read already, and stays read. */
function leaveIdentityOut(c: Context<Env>): void {
  const { method, headers } = c.req.raw;
  c.req.raw = new Request(withoutIdentity(c.req.url), { method, headers });
}

function unauthorized(): AppError {
  return new AppError("unauthorized", {
    status: 401,
    public: "HubSpot's signature does not hold for this request. Reload the page and try again.",
  });
}
