/** Callers inside Salesforce: the package's Apex signs each call with its org's key. */
import type { Context } from "hono";
import { memberOfCrmUser } from "../connections/crm-callers.ts";
import type { House } from "../connections/house.ts";
import {
  type AssertionClaims,
  assertionHeader,
  readAssertion,
  rememberUntil,
  verifyAssertion,
} from "../connections/salesforce-assertion.ts";
import { readKey, takeAssertion } from "../connections/salesforce-keys.ts";
import { workspaceOfAccount } from "../connections/which-workspace.ts";
import { AppError } from "../errors.ts";
import { type Caller, callerOf, notAMember, targetOf } from "./caller-crm.ts";
import type { Env } from "./door.ts";

/** @throws AppError unauthorized (401) | not_a_member (403) */
export async function bySalesforceAssertion(c: Context<Env>, house: House): Promise<Caller | null> {
  const token = c.req.header(assertionHeader);
  if (token === undefined) return null;
  const named = readAssertion(token);
  if (!named) throw refused(house, "malformed");
  const workspaceId = await workspaceOfAccount(house, "salesforce", named.orgId);
  // Whether an org is connected is told to nobody who has not proven to be that org: forgers learn nothing.
  const key = workspaceId ? await readKey(house, workspaceId, named) : null;
  if (!workspaceId || !key) throw refused(house, "unknown_key");
  const claims = await proven(c, house, token, key);
  if (!(await takeAssertion(house, workspaceId, claims.jti, rememberUntil(claims)))) throw refused(house, "replayed");
  const person = { crm: "salesforce" as const, userId: claims.sub, email: null };
  const member = await house.db.withWorkspace(workspaceId, (tx) => memberOfCrmUser(tx, workspaceId, person));
  if (!member) throw notAMember();
  return callerOf(workspaceId, "salesforce", member);
}

async function proven(c: Context<Env>, house: House, token: string, key: Buffer): Promise<AssertionClaims> {
  const body = c.req.method === "GET" ? "" : await c.req.text();
  const request = { method: c.req.method, target: targetOf(c), body };
  const verdict = verifyAssertion(token, key, request, house.clock.now());
  if (!verdict.ok) throw refused(house, verdict.reason);
  return verdict.claims;
}

/** One face for all of them; the reason stands in the operator's log. */
function refused(house: House, reason: string): AppError {
  house.log.warn("callers.salesforce_refused", { reason });
  return new AppError("unauthorized", {
    status: 401,
    public:
      "Salesforce's proof does not hold for this request. Reload the page; if it stays so, connect Pandora again.",
  });
}
